// `openapi.json` asked by schemathesis: every documented call of the built module with right and wrong parameters, bodies, methods and
// credentials, each answer compared with what the document says.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { startFront } from "../support/front.mjs";
import { PYTHON, missingPython } from "../support/skip.mjs";
import { BOTH, CHAIN, GATEWAY, GUARD, OTHER, TOKEN, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const ONE = { ...GUARD, origins: [{ hostname: GATEWAY }] };
const MISSING = missingPython("schemathesis");

let stage;
let front;
let scratch;
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), "guard-api-"));
  stage = await startStage({ guard: ONE });
});
after(async () => {
  await front?.stop();
  await stage?.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function schemathesis(...words) {
  const child = spawn(
    `${PYTHON}schemathesis`,
    ["--config-file", join(ROOT, "tests/api/schemathesis.toml"), "run", `http://127.0.0.1:${front.port}/__guard/openapi.json`, "-H", `Authorization: Bearer ${TOKEN}`, ...words],
    { cwd: scratch, env: { ...process.env, NO_COLOR: "1", HYPOTHESIS_STORAGE_DIRECTORY: scratch }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += part));
  const [code] = await once(child, "exit");
  return { code, said };
}

test("the document is valid OpenAPI 3.1", { skip: missingPython("openapi-spec-validator") }, () => {
  const words = ["--schema", "3.1", join(ROOT, "docs/openapi.json")];
  assert.match(execFileSync(`${PYTHON}openapi-spec-validator`, words, { encoding: "utf8" }), /OK/);
});

for (const [what, guard] of [
  ["one origin", ONE],
  ["two origins", BOTH],
]) {
  test(`schemathesis finds no fault in the guard of ${what}`, { skip: MISSING, timeout: 180_000 }, async () => {
    await stage.start({ guard });
    stage.zone({ ...CHAIN, [OTHER]: { a: ["40.86.168.240"], ttl: 300 } });
    stage.edge.answers(GATEWAY, edgeError(522));
    stage.edge.answers(OTHER, { body: "well" });
    await stage.get("/"); // an incident, so that there is something to ask for
    front = await startFront(stage.workerd.ports.guard);
    const { code, said } = await schemathesis();
    await front.stop();
    assert.equal(code, 0, said);
    assert.ok(front.count > 300, `${front.count} requests`);
    for (const status of [200, 400, 401, 404, 405]) assert.ok(front.statuses[status] > 0, `${status}: ${said}`);
    assert.ok(!Object.keys(front.statuses).includes("500"), JSON.stringify(front.statuses));
  });
}
