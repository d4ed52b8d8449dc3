// Issue, "Speed and size": many failures at once cost few DNS questions and KV writes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { cut, slow } from "../support/doh.mjs";
import { edgeError } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { CHAIN, GATEWAY, brokenAt, startStage } from "../support/stage.mjs";

const AT_ONCE = 100;
const MAX_QUESTIONS = 8;
const MAX_WRITES = 2;
const SETTLE_MS = 1000;

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const WORLDS = [
  ["a name that is gone", () => stage.zone(brokenAt(0)), 1016, ["origin_name_not_found"]],
  ["a compute name that is gone", () => stage.zone(brokenAt(3)), 1016, ["origin_name_not_found"]],
  ["good DNS, slow to answer", () => (stage.zone(CHAIN), stage.fault(slow(100))), 1016, ["origin_dns_disagreement"]],
  ["dead resolvers", () => stage.fault(cut), 1016, ["origin_dns_unconfirmed"]],
  ["an origin that refuses", () => stage.zone(CHAIN), 521, ["origin_connection_refused"]],
];
for (const [what, arrange, number, codes] of WORLDS) {
  test(`${AT_ONCE} requests that fail at once with ${what}: at most ${MAX_QUESTIONS} DNS questions and ${MAX_WRITES} KV writes`, async () => {
    stage.kv.entries.clear();
    await stage.start({});
    arrange();
    stage.edge.answers(GATEWAY, edgeError(number));
    stage.clear();
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => stage.get(`/${i}`)));
    const documents = answers.map((answer) => assertProblem(answer, ...codes));
    await pause(SETTLE_MS);
    assert.ok(stage.questions.length <= MAX_QUESTIONS, `${stage.questions.length} DNS questions`);
    assert.ok(stage.kv.count("put") <= MAX_WRITES, `${stage.kv.count("put")} KV writes`);
    assert.equal(new Set(documents.map(({ incident }) => incident)).size, 1, "one incident");
  });
}
