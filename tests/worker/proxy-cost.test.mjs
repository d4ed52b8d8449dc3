// Contract 3: on the happy path one subrequest, no KV operation, no DNS question; and nothing in the log.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { GATEWAY, startStage } from "../support/stage.mjs";

const REQUESTS = 50;
const SETTLE_MS = 300; // background work of a request would show by then

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

const WELL = [
  ["a good answer", { body: "x" }],
  ["API Management's 401", { status: 401, body: '{ "statusCode": 401 }' }],
  ["the origin's own 404", { status: 404, headers: [["Content-Type", "text/html"]], body: "<h1>no</h1>" }],
  [
    "the origin's own 500",
    { status: 500, headers: [["Content-Type", "application/json"]], body: '{ "statusCode": 500 }' },
  ],
];
for (const [what, answer] of WELL) {
  test(`${what} costs one subrequest and nothing else`, async () => {
    stage.edge.answers(GATEWAY, answer);
    stage.clear();
    await Promise.all(Array.from({ length: REQUESTS }, () => stage.get("/x", { method: "POST", body: "{}" })));
    await pause(SETTLE_MS);
    assert.equal(stage.edge.seen.length, REQUESTS);
    assert.deepEqual(stage.kv.operations, []);
    assert.deepEqual(stage.questions, []);
    assert.deepEqual(stage.logs, []);
  });
}
