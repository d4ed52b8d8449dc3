// Contract 3: a request is sent again at most once, only without a body and with a safe method, and only where the first
// attempt cannot have reached the origin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { cutConnection, edgeError, send } from "../support/edge.mjs";
import { GATEWAY, GUARD, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, timeout_ms: 1000 }] } });
});
after(() => stage?.stop());

/** How often the origin was asked for one request that fails in this way. */
async function attempts(handler, options) {
  stage.edge.on(GATEWAY, handler);
  stage.clear();
  await stage.get("/", options);
  return stage.edge.to(GATEWAY).length;
}

const failing = (number) => (_, response) => send(response, edgeError(number));
const REACHED = [520, 524];
const NOT_REACHED = [1016, 521, 522, 523, 525, 526];

for (const number of [...NOT_REACHED, ...REACHED]) {
  test(`a POST is never sent again after ${number}`, async () => {
    assert.equal(await attempts(failing(number), { method: "POST", body: "{}" }), 1);
  });

  test(`a DELETE is never sent again after ${number}`, async () => {
    assert.equal(await attempts(failing(number), { method: "DELETE" }), 1);
  });
}

for (const number of REACHED) {
  test(`a GET is not sent again after ${number}: it may have reached the origin`, async () => {
    assert.equal(await attempts(failing(number)), 1);
  });
}

for (const number of NOT_REACHED) {
  test(`a GET is sent again once at most after ${number}`, async () => {
    assert.ok((await attempts(failing(number))) <= 2);
  });
}

test("a GET with a body is not sent again", async () => {
  assert.equal(await attempts(failing(1016), { body: "x", headers: [["X-Own", "1"]] }), 1);
});

test("a lost connection may have reached the origin: no POST and no GET is sent again", async () => {
  assert.equal(await attempts(cutConnection, { method: "POST", body: "{}" }), 1);
  assert.equal(await attempts(cutConnection), 1);
});

test("a request that timed out is not sent again", async () => {
  assert.equal(await attempts(() => {}), 1);
});

test("the origin's own 503 is not asked for twice", async () => {
  assert.equal(await attempts((_, response) => send(response, { status: 503, body: "busy" })), 1);
});
