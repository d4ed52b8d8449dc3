// Issue 8, contract 3: a fault of the guard's own code is logged, costs no client an answer that the origin could give, and
// is over with the next request. The module under test is built with the feature `panic-probe`: a request with the header
// X-Panic-Probe makes it panic. The deployed build has no such thing.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { whole } from "../support/client.mjs";
import { edgeError } from "../support/edge.mjs";
import { slow } from "../support/doh.mjs";
import { until } from "../support/process.mjs";
import { assertProblem } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD, HOST, TOKEN, brokenAt, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const PROBE = [["X-Panic-Probe", "1"]];
const WORDS = /panic on purpose/;

let stage;
before(async () => {
  stage = await startStage({ build: process.env.GUARD_PANIC_BUILD ?? join(ROOT, "build-panic-probe") });
});
after(() => stage?.stop());
beforeEach(async () => {
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, { body: "well" });
  await stage.start({ guard: GUARD });
  stage.clear();
});

const logged = () => stage.logs.filter((line) => WORDS.test(line));
const panic = (path = "/", options = {}) =>
  stage.get(path, { ...options, headers: [...PROBE, ...(options.headers ?? [])] });

test("the panicking request is answered by the origin, as through a plain proxy", async () => {
  const answer = await panic("/a%2Fb?c=", {
    method: "POST",
    body: "{}",
    headers: [
      ["X-Origin-Guard-Token", TOKEN],
      ["X-Forwarded-Host", "evil.example"],
    ],
  });
  assert.deepEqual([answer.status, answer.text], [200, "well"]);
  const [exchange] = stage.edge.to(GATEWAY);
  assert.equal(exchange.url, `https://${GATEWAY}/a%2Fb?c=`);
  assert.equal((await exchange.body()).toString(), "{}");
  assert.equal(exchange.headers["x-forwarded-host"], HOST);
  assert.ok(!("x-origin-guard-token" in exchange.headers), "the token stays here also now");
});

test("the panic is logged with its words and its place", async () => {
  await panic();
  await until("the panic is logged", () => logged().length > 0, 3000);
  assert.match(stage.logs.join("\n"), /src\/platform\/panic\.rs:\d+/);
});

test("the next requests find a guard that can do everything", async () => {
  await panic();
  assert.equal((await stage.get("/")).text, "well");
  stage.zone(brokenAt(3));
  stage.edge.answers(GATEWAY, edgeError(1016));
  assertProblem(await stage.get("/"), "origin_name_not_found");
  assert.equal((await stage.admin("/status")).status, 200);
  assert.equal((await stage.admin("/refresh", { method: "POST" })).json.origins[0].outcome, "absent");
  assert.equal((await stage.scheduled()).outcome, "ok");
});

test("twenty panics one after the other are twenty answers of the origin's and twenty lines", async () => {
  for (let i = 0; i < 20; i += 1) assert.equal((await panic()).text, "well");
  await until("all are logged", () => logged().length >= 20, 3000);
});

test("fifty at once, every second one panicking, are all answered", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => (i % 2 ? panic() : stage.get("/"))));
  assert.deepEqual(new Set(answers.map(({ text }) => text)), new Set(["well"]));
});

test("an answer that is on its way when another request panics arrives whole", async () => {
  let finish;
  stage.edge.on(GATEWAY, (exchange, response) => {
    if (exchange.path !== "/slow") return response.end("well");
    response.writeHead(200);
    response.write("first,");
    finish = () => response.end("last");
  });
  const response = await stage.open("/slow").head;
  assert.equal((await panic()).text, "well");
  finish();
  assert.equal((await whole(response)).toString(), "first,last");
});

test("a request whose head is awaited when another one panics is answered", async () => {
  let finish;
  stage.edge.on(GATEWAY, (exchange, response) => {
    if (exchange.path !== "/slow") return response.end("well");
    finish = () => response.end("late");
  });
  const { head } = stage.open("/slow");
  await until("the origin is asked", () => finish);
  assert.equal((await panic()).text, "well");
  finish();
  assert.equal((await whole(await head)).toString(), "late");
});

test("a diagnosis that is running when another request panics ends in an answer, not in silence", async () => {
  stage.edge.on(GATEWAY, (exchange, response) => {
    if (exchange.path !== "/failing") return response.end("well");
    const { status, headers, body } = edgeError(1016);
    response.writeHead(status, headers.flat());
    return response.end(body);
  });
  stage.fault(slow(500));
  const failing = stage.get("/failing");
  await until("the resolvers are asked", () => stage.edge.to("doh-a.test").length > 0);
  assert.equal((await panic()).text, "well");
  assert.ok((await failing).status >= 500);
});

test("a panic in the admin interface is the guard's own error, not the origin's answer", async () => {
  const answer = await panic("/__guard/status", { headers: [["Authorization", `Bearer ${TOKEN}`]] });
  assert.equal(answer.status, 500);
  assert.equal(answer.headers["x-origin-guard"], "guard_internal_error");
  assert.equal(answer.json.code, "guard_internal_error");
  assert.doesNotMatch(answer.everything, /panic|\.rs:/i);
  assert.deepEqual(stage.edge.to(GATEWAY), []);
});

test("without an origin to forward to, a panic is guard_internal_error", async () => {
  await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, serves: ["other.example.com"] }] } });
  const answer = await panic();
  assert.equal(answer.status, 500);
  assert.equal(answer.headers["x-origin-guard"], "guard_internal_error");
});

test("the build that is deployed has no such probe", async () => {
  await stage.stop();
  stage = await startStage();
  stage.edge.answers(GATEWAY, { body: "well" });
  assert.equal((await panic()).text, "well");
  assert.deepEqual(stage.logs, []);
  assert.equal(stage.edge.to(GATEWAY)[0].headers["x-panic-probe"], "1");
});
