// The table in tests/README.md names tests that exist.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../support/workerd.mjs";

const NAMED = /`((?:worker|e2e|pages)\/[\w-]+\.test\.mjs)`: ([^;|]+)/g;
const README = await readFile(join(ROOT, "tests/README.md"), "utf8");
const named = [...README.matchAll(NAMED)].map(([, file, words]) => ({ file, words: words.trim() }));

for (const { file, words } of named) {
  test(`${file} has a test "${words}"`, async () => {
    const source = await readFile(join(ROOT, "tests", file), "utf8");
    const names = [...source.matchAll(/^\s*test\(\s*(["`])(.*?)\1,\s/gm)].map(([, , name]) => name.replaceAll("\\`", "`"));
    assert.ok(
      names.some((name) => name.includes(words)),
      names.join("\n"),
    );
  });
}

test("every file of tests proves a promise", async () => {
  for (const folder of ["worker", "e2e", "pages"]) {
    const files = (await readdir(join(ROOT, "tests", folder))).filter(
      (file) => file.endsWith(".test.mjs") && file !== "readme.test.mjs",
    );
    for (const file of files)
      assert.ok(
        named.some((one) => one.file === `${folder}/${file}`),
        `${folder}/${file} is in no row`,
      );
  }
});
