// Issue 3.8: an operator sees what clients would see of a code. Nobody else can, and the origin is not touched.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { CODES } from "../support/codes.mjs";
import { assertNoLeak, assertStrangersPart } from "../support/problem.mjs";
import { GATEWAY, GUARD, TOKEN, startStage } from "../support/stage.mjs";

const REHEARSE = "X-Origin-Guard-Rehearse";

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());
beforeEach(() => {
  stage.edge.answers(GATEWAY, { body: "well" });
  stage.clear();
});

const rehearse = (code, { token = TOKEN, headers = [], ...options } = {}) =>
  stage.get("/orders", { headers: [[REHEARSE, code], ...(token ? [["X-Origin-Guard-Token", token]] : []), ...headers], ...options });

for (const code of CODES) {
  test(`an operator sees ${code} as clients would`, async () => {
    const answer = await rehearse(code);
    assert.equal(answer.json.code, code);
    assert.equal(answer.headers["x-origin-guard"], code);
    assert.equal(answer.status, answer.json.status);
    assert.equal(answer.json.retryable, "retry-after" in answer.headers);
    assertStrangersPart(answer.json);
    assertNoLeak(answer, ["zebra", "trafficmanager", "cloudapp", "172.199.17.73", TOKEN]);
    assert.deepEqual([stage.edge.to(GATEWAY), stage.questions, stage.kv.operations], [[], [], []]);
  });
}

test("in the form that the request accepts, for any method", async () => {
  const page = await rehearse("origin_unreachable", { headers: [["Accept", "text/html"]] });
  assert.match(page.headers["content-type"], /^text\/html/);
  const head = await rehearse("origin_unreachable", { method: "HEAD" });
  assert.deepEqual([head.status, head.text], [503, ""]);
  assert.equal((await rehearse("origin_unreachable", { method: "POST", body: "{}" })).status, 503);
  assert.deepEqual(stage.edge.to(GATEWAY), []);
});

test("nothing is noted: no incident, no record, no log line", async () => {
  const before = stage.logs.length;
  await rehearse("origin_unreachable");
  await pause(300);
  assert.deepEqual([stage.kv.operations, stage.logs.slice(before)], [[], []]);
  assert.deepEqual((await stage.admin("/incidents")).json.incidents, []);
});

for (const code of ["origin_unheard_of", "", "1016", "Origin_Unreachable x", "<script>"]) {
  test(`a code that does not exist (${JSON.stringify(code)}) is 400 and says where they are listed`, async () => {
    const answer = await rehearse(code);
    assert.equal(answer.status, 400);
    assert.equal(answer.json.code, "admin_bad_request");
    assert.match(answer.json.detail, /problems\//);
    assert.deepEqual(stage.edge.to(GATEWAY), []);
  });
}

for (const [who, token] of [["without a token", null], ["with a wrong token", `${TOKEN}x`], ["with an empty token", ""]]) {
  test(`a request ${who} goes to the origin as ever, without the header`, async () => {
    const answer = await rehearse("origin_unreachable", { token });
    assert.equal(answer.text, "well");
    const [seen] = stage.edge.to(GATEWAY);
    const names = Object.keys(seen.headers);
    assert.ok(!names.some((name) => name.startsWith("x-origin-guard")), names.join(" "));
  });
}

test("detail = operator opens no rehearsal to everyone", async () => {
  await stage.start({ guard: { ...GUARD, diagnostics: { detail: "operator" } } });
  assert.equal((await rehearse("origin_unreachable", { token: null })).text, "well");
  await stage.start({ guard: GUARD });
});

test("in zone route the header is taken away too", async () => {
  const host = "api.example.com";
  stage.edge.answers(host, { body: "well" });
  await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, route: "zone", serves: [host] }] } });
  assert.equal((await rehearse("origin_unreachable", { token: null })).text, "well");
  const [seen] = stage.edge.to(host);
  assert.ok(!Object.keys(seen.headers).some((name) => name.startsWith("x-origin-guard")));
  assert.equal((await rehearse("origin_unreachable")).json.code, "origin_unreachable");
  await stage.start({ guard: GUARD });
});

test("the next request without the header is answered by the origin", async () => {
  await rehearse("origin_unreachable");
  assert.equal((await stage.get("/orders")).text, "well");
});
