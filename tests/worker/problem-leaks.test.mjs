// Contract 4: a stranger learns neither the origin's name, nor an address, nor a hop, in whatever form they ask.

import { after, before, test } from "node:test";

import { DNS_NUMBERS, CODE_OF_NUMBER } from "../support/codes.mjs";
import { rcode } from "../support/doh.mjs";
import { cutConnection, edgeError, neverAnswers } from "../support/edge.mjs";
import { assertNoLeak } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const OWN = ["zebra", "172.199.17.73", "40.71.32.66", "10.11.12.13", "doh-a.test", "doh-b.test", TOKEN];
const SECRETS = [...OWN, "trafficmanager.net", "cloudapp.azure.com", "regional.azure-api.net"];
const FORMS = [undefined, "application/json", "text/html", "text/markdown", "text/plain"];

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, timeout_ms: 1000 }] } });
});
after(() => stage?.stop());

async function strangersLearnNothing() {
  for (const accept of FORMS) {
    for (const method of ["GET", "HEAD", "POST"]) {
      const headers = accept ? [["Accept", accept]] : [];
      assertNoLeak(await stage.get("/x", { method, headers, ...(method === "POST" && { body: "{}" }) }), SECRETS);
    }
  }
}

const last = Object.keys(CHAIN)[3];
const WORLDS = [
  ["a name that is gone", () => stage.zone(brokenAt(0))],
  ["a Traffic Manager name that is gone", () => stage.zone(brokenAt(1))],
  ["a compute name that is gone", () => stage.zone(brokenAt(3))],
  ["a name without addresses", () => stage.zone({ ...CHAIN, [last]: {} })],
  ["a private address", () => stage.zone({ ...CHAIN, [last]: { a: ["10.11.12.13"] } })],
  ["a loop", () => stage.zone({ ...CHAIN, [last]: { cname: GATEWAY } })],
  ["SERVFAIL with words", () => stage.fault(rcode("SERVFAIL", 22, `no reachable authority for ${last}`))],
  ["DNSSEC failure with words", () => stage.fault(rcode("SERVFAIL", 6, `bogus: ${GATEWAY}`))],
  ["good DNS", () => stage.zone(CHAIN)],
];
for (const [what, arrange] of WORLDS) {
  test(`1016 and ${what}: strangers learn nothing`, async () => {
    arrange();
    stage.edge.answers(GATEWAY, edgeError(1016, "json"));
    await strangersLearnNothing();
    stage.zone(CHAIN);
  });
}

for (const number of [...Object.keys(CODE_OF_NUMBER).map(Number), ...DNS_NUMBERS, 1020]) {
  test(`${number}: strangers learn nothing, though Cloudflare's own body names the zone`, async () => {
    stage.edge.answers(GATEWAY, edgeError(number, "problem"));
    await strangersLearnNothing();
  });
}

test("a lost connection: strangers learn nothing", async () => {
  stage.edge.on(GATEWAY, cutConnection);
  await strangersLearnNothing();
});

test("a time-out: a stranger learns nothing", async () => {
  stage.edge.on(GATEWAY, neverAnswers);
  assertNoLeak(await stage.get("/x"), SECRETS);
});

test("a changed address: strangers learn neither the old nor the new one", async () => {
  stage.zone({ ...CHAIN, [last]: { a: ["40.71.32.66"] } });
  await stage.admin("/refresh", { method: "POST" });
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, edgeError(522));
  await strangersLearnNothing();
});

test("the open admin pages name no origin", async () => {
  for (const path of [
    "/__guard/healthz",
    "/__guard/problems/origin_name_not_found",
    "/__guard/status",
    "/__guard/nothing",
  ]) {
    for (const accept of FORMS)
      assertNoLeak(await stage.get(path, { headers: accept ? [["Accept", accept]] : [] }), OWN);
  }
});

test("a configuration without an origin tells strangers nothing of the rest of it", async () => {
  await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, serves: ["other.example.com"] }] } });
  await strangersLearnNothing();
});
