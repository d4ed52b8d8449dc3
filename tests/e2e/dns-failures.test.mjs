// Failures of the DNS servers themselves, loops, and addresses that change, with real servers.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { assertProblem } from "../support/problem.mjs";
import { MISSING, startRealStage } from "../support/real-stage.mjs";
import { CHAINS, zoneOf } from "./chains.mjs";

const CHAIN = CHAINS["stv1 without a network"];
const [GATEWAY, OLD, NEW] = [CHAIN[0], CHAIN.at(-1), "52.255.185.19"];
const moved = [...CHAIN.slice(0, -1), NEW];

let stage;
before(async () => {
  if (MISSING) return;
  stage = await startRealStage({ origins: [{ hostname: GATEWAY, name: "gw" }], names: [GATEWAY], addresses: [OLD] });
});
after(() => stage?.stopAll());
beforeEach(async () => {
  if (MISSING) return;
  stage.kv.entries.clear();
  stage.reach[OLD] = stage.origin.port;
  delete stage.reach[NEW];
  await stage.serve(zoneOf(CHAIN));
  await stage.start({});
});

const skip = MISSING;
const well = async () => assert.equal((await stage.get("/")).text, `origin ${GATEWAY}/`);
const refresh = async () => (await stage.admin("/refresh?origin=gw", { method: "POST" })).json.origins[0];

test("the DNS servers stop: SERVFAIL, and recovery when they are back", { skip }, async () => {
  await refresh();
  await stage.pause();
  try {
    assertProblem(await stage.get("/"), "origin_dns_server_failure");
    const report = await refresh();
    assert.equal(report.outcome, "unknown");
    assert.deepEqual(
      report.resolvers.map(({ rcode }) => rcode),
      ["SERVFAIL", "SERVFAIL"],
    );
    const [origin] = (await stage.admin("/status")).json.origins;
    assert.deepEqual(origin.last_good.addresses, [OLD], "unknown removes nothing");
  } finally {
    await stage.resume();
  }
  await well();
});

test("only the server that the edge asks stops: the resolvers disagree with it", { skip }, async () => {
  await stage.dns.a.pause();
  try {
    assertProblem(await stage.get("/"), "origin_dns_disagreement");
  } finally {
    await stage.dns.a.resume();
  }
  await well();
});

test("a loop between two names", { skip }, async () => {
  await stage.serve([...zoneOf(CHAIN).slice(0, 3), `${CHAIN[3]}. 300 IN CNAME ${CHAIN[1]}.`]);
  assertProblem(await stage.get("/"), "origin_chain_invalid");
  await stage.serve(zoneOf(CHAIN));
  await well();
});

test("more than 16 hops", { skip }, async () => {
  const names = [GATEWAY, ...Array.from({ length: 17 }, (_, i) => `hop${i}.example.net`)];
  await stage.serve(zoneOf([...names, OLD]));
  const { outcome } = await refresh();
  assert.equal(outcome, "unknown");
});

test("the address changes: refresh tells the drift, and everything is known of the new one", { skip }, async () => {
  await refresh();
  await stage.serve(zoneOf(moved));
  stage.reach[NEW] = stage.origin.port;
  const report = await refresh();
  assert.equal(report.changed, true);
  assert.deepEqual(report.addresses, [NEW]);
  const drift = JSON.stringify(report.drift);
  assert.ok(drift.includes(OLD) && drift.includes(NEW), drift);
  assert.deepEqual((await stage.admin("/status")).json.origins[0].last_good.addresses, [NEW]);
  await well();
});

test("two regions: each resolver its own answer, no drift and no fault", { skip }, async () => {
  await refresh();
  await stage.dns.b.serve(
    zoneOf([
      ...CHAIN.slice(0, 2),
      "nnapi-default-westus-01.regional.azure-api.net",
      "apimgmthszebra9.cloudapp.net",
      "40.86.168.240",
    ]),
  );
  const report = await refresh();
  assert.equal(report.outcome, "known");
  assert.deepEqual([...report.addresses].sort(), [OLD, "40.86.168.240"].sort());
  await well();
});

test(
  "the edge still uses an address that the gateway has left: origin_address_stale, until it forgets it",
  { skip },
  async () => {
    await refresh();
    await stage.start({});
    await stage.serve(zoneOf(moved));
    stage.remembered[GATEWAY] = [OLD];
    delete stage.reach[OLD];
    stage.reach[NEW] = stage.origin.port;
    const document = assertProblem(await stage.get("/"), "origin_address_stale");
    assert.equal(document.error_code, 522);
    delete stage.remembered[GATEWAY];
    await well();
  },
);
