// `diagnose` connects by TCP to each address, asks by HTTPS, and says what the answer proves. The runtime's network is the
// test's edge: it lets a connection through, refuses it or stays silent, as the proxy before a Worker's sockets does.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { assertCheck } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD, startStage } from "../support/stage.mjs";

const PEER = "172.199.17.73:443";
const RESOLVER = "doh-b.test:443";
const END = Object.keys(CHAIN).at(-1);
const BUDGET_MS = 1200;

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, diagnostics: { budget_ms: BUDGET_MS } } });
});
after(() => stage?.stop());
beforeEach(() => {
  stage.clear();
  stage.zone(CHAIN);
  stage.edge.lines = {};
  stage.edge.answers(GATEWAY, { body: "well" });
});

const diagnose = async () => {
  const answer = await stage.admin("/diagnose");
  assert.equal(answer.status, 200, answer.text);
  answer.json.checks.forEach(assertCheck);
  return answer.json;
};
const checksOf = async (name) => (await diagnose()).checks.filter((check) => check.name === name);
const apim = (status, message) => ({
  status,
  headers: [["Content-Type", "application/json"]],
  body: `{ "statusCode": ${status}, "message": "${message}" }`,
});

test("diagnose shows every stage in order with its time, also when all is well", async () => {
  stage.edge.lines[PEER] = "opens";
  const { checks, verdict } = await diagnose();
  assert.equal(verdict, null);
  assert.deepEqual(
    checks.map(({ name }) => name),
    ["name", "resolvers", "chain", "address_class", "known_before", "edge_address", "azure", "tcp", "https", "gateway_answer"],
  );
  const [tcp, https, answer] = checks.slice(-3);
  assert.deepEqual([tcp.result, tcp.detail], ["pass", `${PEER} opens`]);
  assert.match(https.detail, /answered 200: name, connection and TLS work$/);
  assert.match(answer.detail, /^200: on the health path/);
});

test("a connection that opened is closed again, and nothing else is dialled", async () => {
  stage.edge.lines[PEER] = "opens";
  await diagnose();
  assert.deepEqual(
    stage.edge.dialled.map(({ peer }) => peer),
    [PEER],
  );
  await stage.edge.dialled[0].closed;
});

test("where the runtime has no sockets, tcp is skipped with its reason and never a failure", async () => {
  for (const answer of [{ body: "well" }, edgeError(522)]) {
    stage.edge.answers(GATEWAY, answer);
    const [tcp, ...more] = await checksOf("tcp");
    assert.deepEqual([tcp.result, more], ["skip", []]);
    assert.match(tcp.detail, /could not be opened from here \(proxy request failed, cannot connect.*no sockets here/);
  }
});

test("a connection that does not open while HTTPS answers proves nothing", async () => {
  stage.edge.lines[RESOLVER] = "opens";
  const [tcp] = await checksOf("tcp");
  assert.equal(tcp.result, "skip");
  assert.match(tcp.detail, /but HTTPS is answered/);
});

test("a connection that does not open from where others do is a failure, and HTTPS gives the verdict", async () => {
  stage.edge.lines[RESOLVER] = "opens";
  stage.edge.answers(GATEWAY, edgeError(521));
  const { checks, verdict } = await diagnose();
  assert.equal(verdict.code, "origin_connection_refused");
  const tcp = checks.find(({ name }) => name === "tcp");
  assert.equal(tcp.result, "fail");
  assert.match(tcp.detail, new RegExp(`^${PEER} could not be opened from here`));
});

test("addresses that stay silent are given up within the budget", async () => {
  const addresses = Array.from({ length: 10 }, (_, place) => `20.1.1.${place}`);
  stage.zone({ ...CHAIN, [END]: { a: addresses } });
  for (const address of addresses) stage.edge.lines[`${address}:443`] = "silent";
  stage.edge.lines[RESOLVER] = "opens";
  stage.edge.answers(GATEWAY, edgeError(522));
  const tcp = await checksOf("tcp");
  assert.deepEqual(
    tcp.map(({ result }) => result),
    [...Array(8).fill("fail"), "skip"],
  );
  assert.match(tcp[0].detail, /no connection in time/);
  assert.match(tcp[8].detail, /^2 more address/);
  const waves = [tcp[0], tcp[4]].map(({ took_ms }) => took_ms);
  assert.ok(waves[0] + waves[1] < BUDGET_MS, `${waves} ms`);
});

test("one address of two that does not open is shown", async () => {
  stage.zone({ ...CHAIN, [END]: { a: ["20.1.1.1", "20.1.1.2"] } });
  stage.edge.lines["20.1.1.1:443"] = "opens";
  const results = Object.fromEntries((await checksOf("tcp")).map(({ detail, result }) => [detail.split(" ")[0], result]));
  assert.deepEqual(results, { "20.1.1.1:443": "pass", "20.1.1.2:443": "fail" });
});

for (const [what, answer, result, words] of [
  ["a 401 for a missing key", apim(401, "Access denied due to missing subscription key."), "pass", /gateway works/],
  ["a 401 for a wrong key", apim(401, "Access denied due to invalid subscription key."), "pass", /gateway works/],
  ["a 404 of API Management", apim(404, "Resource not found"), "pass", /gateway works/],
  ["a 500 of API Management", apim(500, "Internal server error"), "fail", /gateway runs/],
  ["another 404", { status: 404, body: "<html>no such page</html>" }, "skip", /not proved/],
  ["a near miss", apim(404, "Order 7 not found"), "skip", /not proved/],
]) {
  test(`${what} proves what it proves`, async () => {
    stage.edge.answers(GATEWAY, answer);
    const [check] = await checksOf("gateway_answer");
    assert.equal(check.result, result, check.detail);
    assert.match(check.detail, words);
  });
}
