// Failures that Azure Resource Manager explains, and names that were abandoned, through the built module.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { AZURE, Arm, RESOURCE, SECRET, SERVICE, SUBSCRIPTION, instance } from "../support/arm.mjs";
import { edgeError, send } from "../support/edge.mjs";
import { CHAIN, GATEWAY, GUARD, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const VIP = "172.199.17.73";
const GUARDED = { ...GUARD, origins: [{ hostname: GATEWAY, azure: RESOURCE }], azure: AZURE };
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: SECRET };
const DELETED = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.ApiManagement/locations/westeurope/deletedservices/zebra-gw`;

let stage, arm;
before(async () => {
  stage = await startStage({ guard: GUARDED, secrets: SECRETS });
  arm = new Arm(stage.edge);
});
after(() => stage?.stop());
beforeEach(async () => {
  arm.reset();
  arm.put(`/subscriptions/${SUBSCRIPTION}`, { state: "Enabled" });
  stage.kv.entries.clear();
  stage.zone(CHAIN);
  await stage.start({ guard: GUARDED, secrets: SECRETS });
  stage.clear();
});

const fails = (error) => stage.edge.on(GATEWAY, (_, response) => send(response, edgeError(error)));
const answers = () => stage.edge.answers(GATEWAY, { body: "an answer" });
/** A request, as an operator. */
const request = async () => {
  const answer = await stage.get("/orders", { headers: [["X-Origin-Guard-Token", TOKEN]] });
  return { ...answer, json: answer.status === 200 ? undefined : JSON.parse(answer.text) };
};
/** Status and code of a failing request. */
async function verdict() {
  const { status, json } = await request();
  return [status, json.code];
}

const STATES = [
  ["apim_stopped", () => arm.put(SERVICE, instance([VIP], { provisioningState: "Stopped" }))],
  ["apim_updating", () => arm.put(SERVICE, instance([VIP], { provisioningState: "Updating" }))],
  ["apim_public_access_disabled", () => arm.put(SERVICE, instance([VIP], { publicNetworkAccess: "Disabled" }))],
  ["apim_internal_network", () => arm.put(SERVICE, instance([], { virtualNetworkType: "Internal" }))],
  [
    "apim_subscription_disabled",
    () => {
      arm.put(SERVICE, instance([VIP]));
      arm.put(`/subscriptions/${SUBSCRIPTION}`, { state: "Disabled" });
    },
  ],
  ["apim_not_found", () => {}],
];

for (const [code, prepare] of STATES)
  for (const [error, status] of [[522, 503], [524, 504], [525, 502]])
    test(`${error} is ${code}, with the failure's own status`, async () => {
      prepare();
      fails(error);
      assert.deepEqual(await verdict(), [status, code]);
    });

test("a deleted instance that can be restored is apim_soft_deleted, also where its name is gone", async () => {
  arm.put(SERVICE, instance([VIP]));
  await stage.admin("/refresh", { method: "POST" });
  arm.remove(SERVICE);
  const purge = new Date(Date.now() + 36 * 3600_000).toISOString();
  arm.put(DELETED, {
    name: "zebra-gw",
    location: "West Europe",
    properties: { serviceId: SERVICE, scheduledPurgeDate: purge, deletionDate: new Date().toISOString() },
  });
  await stage.start({});
  stage.zone(brokenAt(0));
  fails(1016);
  const { status, json } = await request();
  assert.deepEqual([status, json.code], [503, "apim_soft_deleted"]);
  assert.match(json.evidence.because, /can be restored until/);
});

test("a name that is gone with its instance is origin_name_dangling", async () => {
  stage.zone(brokenAt(0));
  fails(1016);
  const { status, json } = await request();
  assert.deepEqual([status, json.code], [503, "origin_name_dangling"]);
  assert.equal(json.evidence.azure.instance, "gone");
  assert.equal(json.checks.find(({ name }) => name === "azure").result, "fail");
});

test("where ARM does not answer, DNS alone is told", async () => {
  arm.always = { status: 503, headers: [], body: "" };
  stage.zone(brokenAt(0));
  fails(1016);
  assert.deepEqual(await verdict(), [503, "origin_name_not_found"]);
});

test("ARM's word is for operators only", async () => {
  arm.put(SERVICE, instance([VIP], { provisioningState: "Stopped" }));
  fails(522);
  const { text } = await stage.get("/orders");
  for (const word of [VIP, "zebra", SUBSCRIPTION, "rg1", "Stopped"]) assert.ok(!text.includes(word), word);
});

/** The instance was known, then name and instance went. */
async function abandoned() {
  arm.put(SERVICE, instance([VIP]));
  await stage.admin("/refresh", { method: "POST" });
  arm.remove(SERVICE);
  await stage.start({});
  stage.zone(brokenAt(0));
  fails(1016);
  assert.deepEqual(await verdict(), [503, "origin_name_dangling"]);
  stage.zone(CHAIN);
  answers();
}

test("a name that comes back is trusted again only when ARM has the instance", async () => {
  await abandoned();
  assert.deepEqual(await verdict(), [503, "origin_name_reclaimed"]);
  assert.equal((await stage.get("/orders")).status, 503);
  arm.put(SERVICE, instance([VIP]));
  const deadline = Date.now() + 70_000;
  while ((await request()).status !== 200) {
    assert.ok(Date.now() < deadline, "ARM is asked again within a minute");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
});

test("an instance that ARM never had here makes no outage of a name that works", async () => {
  stage.zone(brokenAt(0));
  fails(1016);
  assert.deepEqual(await verdict(), [503, "origin_name_dangling"]);
  stage.zone(CHAIN);
  answers();
  assert.equal((await request()).status, 200);
});
