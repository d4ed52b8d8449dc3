// Contract 6: what status, refresh and diagnose say, while all is well and while it is not.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { cut, rcode } from "../support/doh.mjs";
import { edgeError } from "../support/edge.mjs";
import { assertCheck, assertProblem, assertRemedy } from "../support/problem.mjs";
import { BOTH, CHAIN, GATEWAY, GUARD, OTHER, ZONE, brokenAt, startStage } from "../support/stage.mjs";

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

let stage;
before(async () => {
  stage = await startStage({ guard: BOTH });
});
after(() => stage?.stop());
beforeEach(async () => {
  stage.bothAreWell();
  await stage.start({ guard: BOTH });
});

const json = async (path, method = "GET") => {
  const answer = await stage.admin(path, { method });
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers["content-type"], /^application\/json\b/);
  return answer.json;
};
const originOf = (body, name = "zebra-gw") => body.origins.find((origin) => origin.name === name);

test("status before any look-up knows nothing and claims nothing", async () => {
  const body = await json("/status");
  assert.match(body.guard.version, /^\d+\.\d+\.\d+/);
  assert.deepEqual(body.guard.config, { valid: true, errors: [] });
  assert.equal(body.guard.kv, "ok");
  assert.deepEqual(
    body.origins.map(({ name, hostname }) => [name, hostname]),
    [
      ["zebra-gw", GATEWAY],
      ["okapi", OTHER],
    ],
  );
  const origin = originOf(body);
  assert.equal(origin.state, "unknown");
  assert.deepEqual(origin.addresses, []);
  for (const member of ["observed_at", "fresh_until", "last_good", "declared", "incident"])
    assert.equal(origin[member] ?? null, null, member);
});

test("status after a look-up shows the chain hop by hop with each TTL, the addresses and the times", async () => {
  await json("/refresh", "POST");
  const origin = originOf(await json("/status"));
  assert.equal(origin.state, "healthy");
  const names = Object.keys(CHAIN);
  const cnames = origin.chain.filter((link) => link.type === "CNAME");
  assert.deepEqual(
    cnames.map(({ name, target }) => [name, target]),
    [
      [names[0], names[1]],
      [names[1], names[2]],
      [names[2], names[3]],
    ],
  );
  assert.deepEqual(
    cnames.map(({ ttl_s }) => ttl_s),
    [300, 300, 900],
  );
  assert.deepEqual(origin.addresses, ["172.199.17.73"]);
  for (const time of [origin.observed_at, origin.fresh_until, origin.last_good.at]) assert.match(time, TIME);
  assert.deepEqual(origin.last_good.addresses, ["172.199.17.73"]);
  assert.equal(origin.declared, null);
  assert.deepEqual(origin.findings, []);
});

test("fresh for as long as the shortest TTL of the chain says", async () => {
  await json("/refresh", "POST");
  const { observed_at, fresh_until } = originOf(await json("/status"));
  assert.equal(Math.round((Date.parse(fresh_until) - Date.parse(observed_at)) / 1000), 120);
});

for (const [ttl, bounds, fresh] of [
  [1, {}, 30],
  [1, { min_ttl_s: 60 }, 60],
  [86_400, {}, 3600],
  [86_400, { max_ttl_s: 600 }, 600],
]) {
  test(`a TTL of ${ttl} s with ${JSON.stringify(bounds)} is fresh for ${fresh} s`, async () => {
    stage.zone(Object.fromEntries(Object.entries(ZONE).map(([name, entry]) => [name, { ...entry, ttl }])));
    await stage.start({ guard: { ...BOTH, dns: { ...BOTH.dns, ...bounds } } });
    await json("/refresh", "POST");
    const { observed_at, fresh_until } = originOf(await json("/status"));
    assert.equal(Math.round((Date.parse(fresh_until) - Date.parse(observed_at)) / 1000), fresh);
  });
}

test("refresh says what each resolver said", async () => {
  const report = originOf(await json("/refresh", "POST"));
  assert.equal(report.outcome, "known");
  assert.deepEqual(report.addresses, ["172.199.17.73"]);
  assert.deepEqual(
    report.resolvers.map(({ url }) => url),
    GUARD.dns.resolvers,
  );
  for (const resolver of report.resolvers) {
    assert.equal(resolver.outcome, "known");
    assert.equal(resolver.rcode, "NOERROR");
    assert.deepEqual(resolver.addresses, ["172.199.17.73"]);
    assert.equal(typeof resolver.took_ms, "number");
  }
  assert.equal(report.drift, null);
  assert.ok("changed" in report && "stored" in report);
});

test("refresh of one origin asks for that one only", async () => {
  stage.clear();
  const body = await json("/refresh?origin=okapi", "POST");
  assert.deepEqual(
    body.origins.map(({ name }) => name),
    ["okapi"],
  );
  assert.deepEqual(new Set(stage.questions.map(({ name }) => name)), new Set([OTHER]));
});

test("an origin that does not exist is told", async () => {
  for (const [path, method] of [
    ["/refresh?origin=nobody", "POST"],
    ["/diagnose?origin=nobody", "GET"],
  ]) {
    const answer = await stage.admin(path, { method });
    assertProblem(answer, "admin_bad_request", "admin_not_found");
  }
});

test("refresh tells silence, failure and absence of each resolver apart", async () => {
  stage.doh.a.fault = rcode("SERVFAIL");
  stage.doh.b.fault = cut;
  const unknown = originOf(await json("/refresh", "POST"));
  assert.equal(unknown.outcome, "unknown");
  assert.deepEqual(
    unknown.resolvers.map(({ outcome, rcode: code }) => [outcome, code ?? null]),
    [
      ["unknown", "SERVFAIL"],
      ["unknown", null],
    ],
  );
  stage.zone(brokenAt(0));
  const absent = originOf(await json("/refresh", "POST"));
  assert.equal(absent.outcome, "absent");
  assert.deepEqual(
    absent.resolvers.map(({ outcome, rcode: code }) => [outcome, code]),
    [
      ["absent", "NXDOMAIN"],
      ["absent", "NXDOMAIN"],
    ],
  );
});

test("refresh tells different addresses of different resolvers, and joins them", async () => {
  stage.doh.b.zone = { ...ZONE, [Object.keys(CHAIN)[3]]: { a: ["40.86.168.241"] } };
  const report = originOf(await json("/refresh", "POST"));
  assert.equal(report.outcome, "known");
  assert.deepEqual([...report.addresses].sort(), ["172.199.17.73", "40.86.168.241"]);
  assert.deepEqual(
    report.resolvers.map(({ addresses }) => addresses),
    [["172.199.17.73"], ["40.86.168.241"]],
  );
});

test("status of a gateway whose name is gone is not healthy and keeps what was last good", async () => {
  await json("/refresh", "POST");
  stage.zone({ ...ZONE, [Object.keys(CHAIN)[3]]: {} });
  await json("/refresh", "POST");
  const body = await json("/status");
  assert.ok(["failing", "degraded"].includes(originOf(body).state), originOf(body).state);
  assert.deepEqual(originOf(body).last_good.addresses, ["172.199.17.73"]);
  assert.equal(originOf(body, "okapi").state, "healthy");
});

test("an address record where a CNAME should be is the finding pinned_address_record", async () => {
  stage.zone({
    [GATEWAY]: { cname: "gw.corp.example" },
    "gw.corp.example": { a: ["172.199.17.73"] },
    "pinned.example.com": { a: ["172.199.17.73"] },
  });
  await stage.start({ guard: { ...BOTH, origins: [{ hostname: "pinned.example.com" }] } });
  await json("/refresh", "POST");
  assert.match(JSON.stringify((await json("/status")).origins[0].findings), /pinned_address_record/);
  await stage.start({
    guard: { ...BOTH, origins: [{ hostname: "pinned.example.com", expect_suffixes: ["example.com"] }] },
  });
  await json("/refresh", "POST");
  assert.doesNotMatch(JSON.stringify((await json("/status")).origins[0].findings), /pinned_address_record/);
});

test("diagnose of a well gateway has no verdict and shows its checks", async () => {
  const body = await json("/diagnose?origin=zebra-gw");
  assert.equal(body.verdict, null);
  assert.ok(body.checks.length > 0);
  body.checks.forEach(assertCheck);
  assert.ok(
    body.checks.every((check) => check.result !== "fail"),
    JSON.stringify(body.checks),
  );
  assert.ok(Array.isArray(body.findings) && Array.isArray(body.remedies));
});

const ILL = [
  ["a name that is gone", () => stage.zone(brokenAt(3)), "origin_name_not_found"],
  [
    "a name without addresses",
    () => stage.zone({ ...ZONE, [Object.keys(CHAIN)[3]]: {} }),
    "origin_name_has_no_address",
  ],
  ["failing DNS servers", () => stage.fault(rcode("SERVFAIL", 22)), "origin_dns_server_failure"],
  ["failing DNSSEC", () => stage.fault(rcode("SERVFAIL", 6)), "origin_dnssec_invalid"],
];
for (const [what, arrange, code] of ILL) {
  test(`diagnose finds ${what}, live`, async () => {
    stage.edge.answers(GATEWAY, edgeError(1016));
    arrange();
    const body = await json("/diagnose?origin=zebra-gw");
    assert.equal(body.verdict.code, code);
    assert.ok(body.verdict.title.length > 0);
    body.checks.forEach(assertCheck);
    assert.ok(body.checks.some((check) => check.result === "fail"));
    assert.ok(body.remedies.length > 0);
    body.remedies.forEach(assertRemedy);
  });
}

test("durations and times are named by their units", async () => {
  await json("/refresh", "POST");
  const text = JSON.stringify([
    await json("/status"),
    await json("/refresh", "POST"),
    await json("/diagnose?origin=zebra-gw"),
  ]);
  for (const [, name] of text.matchAll(/"(ttl|took|timeout|duration|age)":/g)) assert.fail(`${name} lacks its unit`);
});
