// Issue and contract 1, 5: resolvers that fail, lie or attack. Unknown is never taken for absent, and no one decides alone.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import * as faults from "../support/doh.mjs";
import { edgeError } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD as ORDINARY, HOST, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const GUARD = { ...ORDINARY, dns: { ...ORDINARY.dns, timeout_ms: 700 } };

let stage;
before(async () => {
  stage = await startStage({ guard: GUARD });
  stage.edge.answers(GATEWAY, edgeError(1016));
});
after(() => stage?.stop());
afterEach(() => stage.start({ guard: GUARD }));

const FAULTS = [
  ["is silent", faults.never],
  ["cuts the connection", faults.cut],
  ["answers 500", faults.httpStatus(500)],
  ["answers 429", faults.httpStatus(429)],
  ["answers 302", faults.httpStatus(302)],
  ["answers a login page", faults.html],
  ["answers bytes that are no DNS message", faults.garbage],
  ["answers a name that points to itself", faults.compressionLoop],
  ["answers another question", faults.otherQuestion],
  ["answers TC", faults.truncated],
  ["answers 200 kB", faults.oversized],
  ["never ends its answer", faults.endless],
  ["answers after the time-out", faults.slow(2000)],
];

for (const [what, fault] of FAULTS) {
  test(`every resolver ${what}: nothing could be confirmed`, async () => {
    stage.zone(CHAIN);
    stage.fault(fault);
    assertProblem(await stage.get("/"), "origin_dns_unconfirmed");
  });

  test(`one resolver ${what}, the other knows addresses: the edge stands alone with its view`, async () => {
    stage.zone(CHAIN);
    stage.doh.a.fault = fault;
    assertProblem(await stage.get("/"), "origin_dns_disagreement");
  });

  test(`one resolver ${what}, the other says NXDOMAIN: named or left open, never contradicted`, async () => {
    stage.zone(brokenAt(0));
    stage.doh.b.fault = fault;
    assertProblem(await stage.get("/"), "origin_name_not_found", "origin_dns_unconfirmed");
  });

  test(`a well origin is answered while every resolver ${what}`, async () => {
    stage.fault(fault);
    stage.edge.answers(GATEWAY, { body: "well" });
    assert.equal((await stage.get("/")).text, "well");
    stage.edge.answers(GATEWAY, edgeError(1016));
  });
}

test("a single configured resolver is believed", async () => {
  stage.zone(brokenAt(0));
  await stage.start({ guard: { ...GUARD, dns: { ...GUARD.dns, resolvers: GUARD.dns.resolvers.slice(0, 1) } } });
  stage.clear();
  assertProblem(await stage.get("/"), "origin_name_not_found");
  assert.equal(stage.doh.b.questions.length, 0);
});

test("questions go by RFC 8484 to the configured endpoints, for A and for AAAA", async () => {
  stage.zone(CHAIN);
  stage.clear();
  await stage.get("/");
  for (const resolver of [stage.doh.a, stage.doh.b]) {
    const asked = new Set(resolver.questions.map(({ name, type }) => `${name} ${type}`));
    assert.deepEqual(asked, new Set([`${GATEWAY} A`, `${GATEWAY} AAAA`]));
  }
  for (const exchange of [...stage.edge.to("doh-a.test"), ...stage.edge.to("doh-b.test")]) {
    assert.match(exchange.headers.accept, /application\/dns-message/);
    assert.equal(new URL(exchange.url).pathname, "/dns-query");
    if (exchange.method === "POST") assert.equal(exchange.headers["content-type"], "application/dns-message");
    else assert.equal(exchange.method, "GET");
  }
});

test("resolvers learn nothing of the client's request", async () => {
  stage.zone(CHAIN);
  stage.clear();
  const secret = "client-secret-7f3a";
  await stage.get(`/${secret}?${secret}`, {
    headers: [
      ["Authorization", secret],
      ["Cookie", secret],
      ["X-Origin-Guard-Token", TOKEN],
      ["User-Agent", secret],
    ],
  });
  for (const exchange of [...stage.edge.to("doh-a.test"), ...stage.edge.to("doh-b.test")]) {
    const seen = [exchange.url, JSON.stringify(exchange.rawHeaders), (await exchange.body()).toString("latin1")].join();
    for (const word of [secret, TOKEN, HOST]) assert.ok(!seen.includes(word), `${word} in ${seen}`);
  }
});

test("a gateway name of 253 octets can be asked for", async () => {
  const hostname = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(47)}.azure-api.net`;
  assert.equal(hostname.length, 253);
  stage.zone({ [hostname]: {} });
  await stage.start({ guard: { ...GUARD, origins: [{ hostname, name: "long" }] } });
  assertProblem(await stage.get("/"), "origin_name_has_no_address");
});

test("an endpoint with a path, a port and a query of its own is asked as configured", async () => {
  stage.zone(brokenAt(0));
  await stage.start({
    guard: { ...GUARD, dns: { ...GUARD.dns, resolvers: ["https://doh-a.test:8443/tenant/7/dns-query"] } },
  });
  stage.clear();
  assertProblem(await stage.get("/"), "origin_name_not_found");
  for (const exchange of stage.edge.to("doh-a.test"))
    assert.match(exchange.url, /^https:\/\/doh-a\.test:8443\/tenant\/7\/dns-query(\?dns=.*)?$/);
});
