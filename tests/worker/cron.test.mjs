// Contract 2: one cron trigger; every run refreshes every origin whose record is due.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { cut } from "../support/doh.mjs";
import { aged } from "../support/record.mjs";
import { BOTH, GATEWAY, OTHER, ZONE, startStage } from "../support/stage.mjs";

const HOUR_MS = 3_600_000;
const OLD = "172.199.17.73";

let stage;
before(async () => {
  stage = await startStage({ guard: BOTH });
});
after(() => stage?.stop());
beforeEach(async () => {
  Object.assign(stage.kv, { mode: "ok" }).entries.clear();
  stage.zone(ZONE);
  await stage.start({ guard: BOTH, kv: true });
  stage.clear();
});

const asked = () => new Set(stage.questions.map(({ name }) => name).filter((name) => [GATEWAY, OTHER].includes(name)));
const stored = () => [...stage.kv.entries.values()].join("\n");
async function run() {
  const result = await stage.scheduled();
  assert.equal(result.outcome, "ok");
}
/** All stored records become older, and memory is gone. */
async function later(ms) {
  for (const [key, text] of stage.kv.entries) stage.kv.entries.set(key, aged(text, ms));
  await stage.start({});
  stage.clear();
}

test("the first run looks up and stores every origin, without any request", async () => {
  await run();
  assert.deepEqual(asked(), new Set([GATEWAY, OTHER]));
  assert.equal(stage.kv.entries.size, 2);
  assert.ok(stored().includes(OLD) && stored().includes("40.86.168.240"));
  assert.deepEqual(stage.edge.to(GATEWAY), []);
});

test("what is fresh is not looked up again", async () => {
  await run();
  stage.clear();
  await run();
  assert.deepEqual(stage.questions, []);
  assert.equal(stage.kv.count("put"), 0);
});

test("nor in another isolate", async () => {
  await run();
  await later(0);
  await run();
  assert.deepEqual(stage.questions, []);
});

test("what is due is looked up again", async () => {
  await run();
  await later(2 * HOUR_MS);
  await run();
  assert.deepEqual(asked(), new Set([GATEWAY, OTHER]));
});

test("a change is stored by the run that sees it", async () => {
  await run();
  await later(2 * HOUR_MS);
  stage.zone({ ...ZONE, [OTHER]: { a: ["52.255.185.19"], ttl: 300 } });
  await run();
  assert.ok(stored().includes("52.255.185.19"));
});

test("a run that finds everything unchanged leaves the record's knowledge as it was", async () => {
  await run();
  const before = stored();
  await later(2 * HOUR_MS);
  await run();
  assert.ok(stage.kv.count("put") <= 2);
  for (const word of [OLD, "40.86.168.240"]) assert.ok(before.includes(word) && stored().includes(word));
});

test("a run without resolvers removes nothing and does not fail", async () => {
  await run();
  await later(2 * HOUR_MS);
  stage.fault(cut);
  await run();
  assert.ok(stored().includes(OLD) && stored().includes("40.86.168.240"));
});

test("one origin's trouble is not the other's", async () => {
  stage.doh.a.fault = stage.doh.b.fault = (name) => (name === OTHER ? cut : null);
  await run();
  assert.ok(stored().includes(OLD));
});

for (const mode of ["down", "error", "write_lost", "answer_lost"]) {
  test(`KV ${mode}: the run ends well, and the next one stores`, async () => {
    stage.kv.mode = mode;
    await run();
    stage.kv.mode = "ok";
    await later(2 * HOUR_MS);
    await run();
    assert.ok(stored().includes(OLD));
  });
}

test("without KV the run ends well", async () => {
  await stage.start({ kv: false });
  await run();
});

test("without any configuration the run ends well", async () => {
  await stage.start({ guard: null });
  await run();
});
