// Issue 5, contract 1 and 2: what is kept in KV, when it is written, and that unknown never removes anything.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { cut, rcode } from "../support/doh.mjs";
import { edgeError } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { fromTheFuture } from "../support/record.mjs";
import { CHAIN, GATEWAY, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const SETTLE_MS = 300; // background work of a request is done by then
const LAST = Object.keys(CHAIN)[3];
const OLD = "172.199.17.73";
const NEW = "40.71.32.66";
const MOVED = { ...CHAIN, [LAST]: { a: [NEW], ttl: 120 } };

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());
beforeEach(async () => {
  stage.kv.mode = "ok";
  stage.kv.entries.clear();
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, { body: "well" });
  await stage.start({ kv: true });
  stage.clear();
});

const refresh = async () => (await stage.admin("/refresh", { method: "POST" })).json.origins[0];
const status = async () => (await stage.admin("/status")).json;
const stored = () => [...stage.kv.entries.values()].join("\n");
const fail = (number = 1016) => {
  stage.edge.answers(GATEWAY, edgeError(number));
  return stage.get("/");
};

test("the first look-up is stored: chain, addresses and times in one record", async () => {
  const report = await refresh();
  assert.equal(report.outcome, "known");
  assert.equal(stage.kv.count("put"), 1);
  assert.equal(stage.kv.entries.size, 1);
  for (const word of [OLD, ...Object.keys(CHAIN)]) assert.ok(stored().includes(word), `${word} in ${stored()}`);
});

test("the key names the origin by its short name", async () => {
  await refresh();
  assert.ok([...stage.kv.entries.keys()][0].includes("zebra-gw"));
});

test("a look-up that changes nothing is not written again", async () => {
  await refresh();
  stage.clear();
  const again = await refresh();
  assert.equal(again.changed, false);
  assert.equal(stage.kv.count("put"), 0);
});

test("nor after a new isolate has read it", async () => {
  await refresh();
  await stage.start({});
  stage.clear();
  assert.equal((await refresh()).changed, false);
  assert.equal(stage.kv.count("put"), 0);
});

test("the order in which a resolver names the addresses is no change", async () => {
  stage.zone({ ...CHAIN, [LAST]: { a: [OLD, NEW] } });
  await refresh();
  stage.clear();
  stage.zone({ ...CHAIN, [LAST]: { a: [NEW, OLD] } });
  assert.equal((await refresh()).changed, false);
  assert.equal(stage.kv.count("put"), 0);
});

test("a changed address is told and written once", async () => {
  await refresh();
  stage.clear();
  stage.zone(MOVED);
  const report = await refresh();
  assert.equal(report.changed, true);
  assert.ok(report.drift, "the drift");
  assert.deepEqual(report.addresses, [NEW]);
  assert.equal(stage.kv.count("put"), 1);
  assert.ok(stored().includes(NEW));
});

test("a fresh isolate knows what the one before stored", async () => {
  await refresh();
  await stage.start({});
  const [origin] = (await status()).origins;
  assert.deepEqual(origin.addresses, [OLD]);
  assert.deepEqual(origin.last_good.addresses, [OLD]);
});

const UNKNOWN = [
  ["the resolvers cannot be reached", () => stage.fault(cut)],
  ["the resolvers fail", () => stage.fault(rcode("SERVFAIL"))],
  ["the resolvers contradict one another", () => (stage.doh.b.zone = brokenAt(0))],
  [
    "one resolver says NXDOMAIN and the other is silent",
    () => {
      stage.zone(brokenAt(0));
      stage.doh.b.fault = cut;
    },
  ],
];
for (const [what, arrange] of UNKNOWN) {
  test(`${what}: unknown, and nothing is removed`, async () => {
    await refresh();
    stage.clear();
    arrange();
    const report = await refresh();
    assert.equal(report.outcome, "unknown");
    assert.equal(report.drift, null);
    assert.ok(stored().includes(OLD), stored());
    const [origin] = (await status()).origins;
    assert.deepEqual(origin.last_good.addresses, [OLD]);
    await stage.start({});
    assert.deepEqual((await status()).origins[0].last_good.addresses, [OLD]);
  });
}

for (const [what, zone] of [
  ["NXDOMAIN", brokenAt(3)],
  ["NODATA", { ...CHAIN, [LAST]: {} }],
]) {
  test(`${what} from all: absent, and the last good addresses stay known`, async () => {
    await refresh();
    stage.zone(zone);
    const report = await refresh();
    assert.equal(report.outcome, "absent");
    assert.deepEqual(report.addresses, []);
    assert.deepEqual((await status()).origins[0].last_good.addresses, [OLD]);
    await stage.start({});
    assert.deepEqual((await status()).origins[0].last_good.addresses, [OLD]);
  });
}

test("failing requests with nothing new write nothing new", async () => {
  stage.zone(brokenAt(3));
  for (let i = 0; i < 5; i += 1) assertProblem(await fail(), "origin_name_not_found");
  await pause(SETTLE_MS);
  assert.ok(stage.kv.count("put") <= 2, `${stage.kv.count("put")} writes`);
});

const UNREADABLE = ["not json", "", "{}", "null", "[1,2", '{"schema":"one"}', "\u0000\u0001", "x".repeat(100_000)];
for (const bytes of UNREADABLE) {
  test(`bytes that cannot be read (${JSON.stringify(bytes.slice(0, 16))}) are kept and reported`, async () => {
    await refresh();
    const [key] = stage.kv.entries.keys();
    stage.kv.entries.set(key, bytes);
    await stage.start({});
    await keptAndReported(key, bytes);
  });
}

test("a record of a newer version is kept and reported", async () => {
  await refresh();
  const [key] = stage.kv.entries.keys();
  const newer = fromTheFuture(stored());
  stage.kv.entries.set(key, newer);
  await stage.start({});
  await keptAndReported(key, newer);
});

async function keptAndReported(key, bytes) {
  await stage.scheduled();
  await refresh();
  assertProblem(await fail(521), "origin_connection_refused");
  await pause(SETTLE_MS);
  assert.equal(stage.kv.entries.get(key), bytes, "never overwritten in silence");
  const { origins } = await status();
  assert.match(JSON.stringify(origins[0].findings), /record_unreadable/);
}

test("where KV is down, status says so and a refresh looks up all the same", async () => {
  stage.kv.mode = "down";
  const report = await refresh();
  assert.equal(report.outcome, "known");
  assert.deepEqual(report.addresses, [OLD]);
  assert.equal((await status()).guard.kv, "unavailable");
});

test("where KV is missing, status says so and a refresh looks up all the same", async () => {
  await stage.start({ kv: false });
  assert.equal((await refresh()).outcome, "known");
  assert.equal((await status()).guard.kv, "missing");
});

test("a write that was lost is written by the next look-up", async () => {
  stage.kv.mode = "write_lost";
  await refresh();
  stage.kv.mode = "ok";
  await refresh();
  assert.ok(stored().includes(OLD));
});

test("a write whose answer was lost harms nothing", async () => {
  stage.kv.mode = "answer_lost";
  assert.equal((await refresh()).outcome, "known");
  stage.kv.mode = "ok";
  assert.equal((await refresh()).outcome, "known");
  assert.ok(stored().includes(OLD));
});

const KV_TROUBLE = ["down", "silent", "error", "write_lost", "answer_lost"];
for (const mode of KV_TROUBLE) {
  test(`KV ${mode}: a failing request is told the same`, async () => {
    stage.kv.mode = mode;
    stage.zone(brokenAt(3));
    assertProblem(await fail(), "origin_name_not_found");
    assertProblem(await fail(522), "origin_connection_timeout");
  });
}

test("the token is in no record", async () => {
  await refresh();
  stage.edge.answers(GATEWAY, edgeError(1016));
  await stage.get("/secret-path?secret-query", {
    headers: [
      ["X-Origin-Guard-Token", TOKEN],
      ["Cookie", "secret-cookie"],
    ],
  });
  await pause(SETTLE_MS);
  for (const word of [TOKEN, "secret-"]) assert.ok(!stored().includes(word));
});
