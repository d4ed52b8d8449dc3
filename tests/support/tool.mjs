// Real tools that read a file: in a folder of their own, with what they print.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when the tests are over. */
export class Folder {
  constructor() {
    this.path = mkdtempSync(join(tmpdir(), "guard-allowlist-"));
  }

  /** Writes a file; returns its path. */
  write(name, text) {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs a program to its end. */
export function run(program, args, options = {}) {
  const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: 60_000,
    ...options,
    env: { ...process.env, PATH, ...options.env },
  });
  if (error) throw error;
  return { status, text: `${stdout}${stderr}`, stdout };
}

/** The program takes it; returns what it printed. */
export function accepts(program, args, options) {
  const result = run(program, args, options);
  assert.equal(result.status, 0, `${program} ${args.join(" ")}: ${result.text}`);
  return result;
}

/** The program refuses it: a check that cannot fail checks nothing. */
export function refuses(program, args, options) {
  assert.notEqual(run(program, args, options).status, 0, `${program} ${args.join(" ")}`);
}
