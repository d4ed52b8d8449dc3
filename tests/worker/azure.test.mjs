// Azure Resource Manager through the built module: what it declares, its faults, and that no credential is seen anywhere.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { AZURE, Arm, RESOURCE, SECRET, SERVICE, SUBSCRIPTION, TOKEN_WORD, error, instance, refusal } from "../support/arm.mjs";
import { cutConnection, edgeError, send } from "../support/edge.mjs";
import { aged } from "../support/record.mjs";
import { CHAIN, GATEWAY, GUARD, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const VIP = "172.199.17.73";
const OTHER = "172.199.17.99";
const WITH_AZURE = { ...GUARD, origins: [{ hostname: GATEWAY, azure: RESOURCE }], azure: AZURE };
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: SECRET };

let stage, arm;
/** Everything that the guard has answered. */
const answers = [];
before(async () => {
  stage = await startStage({ guard: WITH_AZURE, secrets: SECRETS });
  arm = new Arm(stage.edge);
});
after(() => stage?.stop());
beforeEach(async () => {
  arm.reset();
  arm.put(SERVICE, instance([VIP]));
  arm.put(`/subscriptions/${SUBSCRIPTION}`, { state: "Enabled" });
  stage.kv.entries.clear();
  stage.kv.mode = "ok";
  stage.zone(CHAIN);
  stage.edge.forget(GATEWAY);
  await stage.start({ guard: WITH_AZURE, secrets: SECRETS });
  stage.clear();
});

async function admin(path, options) {
  const answer = await stage.admin(path, options);
  answers.push(answer.text);
  return answer.json;
}
const refresh = async () => (await admin("/refresh", { method: "POST" })).origins[0];
const status = async () => (await admin("/status")).origins[0];
/** Memory is gone, and everything that is stored is older. */
async function later(ms) {
  for (const [key, text] of stage.kv.entries) stage.kv.entries.set(key, aged(text, ms));
  await stage.start({});
}
const finding = (origin, code) => origin.findings.find((one) => one.code === code);

test("status has what ARM declares, with direction, location and time", async () => {
  const { azure } = await refresh();
  assert.deepEqual([azure.outcome, azure.declared, azure.stored], ["present", [`${VIP}/32`], true]);
  const { declared, azure: known, comparison } = await status();
  assert.deepEqual(declared.inbound, [`${VIP}/32`]);
  assert.deepEqual(declared.outbound, [`${VIP}/32`]);
  assert.deepEqual(declared.locations, ["westeurope"]);
  assert.ok(Math.abs(Date.parse(declared.at) - Date.now()) < 60_000);
  const [address] = declared.addresses;
  assert.deepEqual(
    [address.cidr, address.direction, address.location, address.gone_since],
    [`${VIP}/32`, "both", "westeurope", null],
  );
  assert.deepEqual([known.existence, known.provisioning_state, known.subscription_state], ["present", "Succeeded", "Enabled"]);
  assert.deepEqual(comparison, { seen_not_declared: [], declared_not_seen: [], applied: [], vendor_range: null, breaks: [] });
  assert.equal(arm.calls[0].version, "2024-05-01");
});

test("without a look declared is null", async () => {
  const { declared, azure, comparison } = await status();
  assert.deepEqual([declared, azure, comparison], [null, null, null]);
});

test("without azure in the configuration nobody is asked", async () => {
  await stage.start({ guard: GUARD });
  assert.equal((await refresh()).azure, null);
  assert.deepEqual([arm.logins.length, arm.calls.length], [0, 0]);
});

test("the scheduled run asks, stores once, and asks for a token once", async () => {
  await stage.scheduled();
  assert.ok(stage.kv.entries.has("azure/zebra-gw"));
  assert.equal(arm.logins.length, 1);
  const line = stage.logs.map((text) => text.match(/{.*"scheduled_run".*}/)?.[0]).find(Boolean);
  assert.equal(JSON.parse(line).origins[0].azure, "present");
});

test("a change of the declared addresses is a declared_drift with both sets and ranked causes", async () => {
  await refresh();
  await later(600_000);
  arm.put(SERVICE, instance([OTHER], { createdAtUtc: "2026-04-27T10:00:00Z" }));
  const { azure } = await refresh();
  assert.deepEqual([azure.drift.before, azure.drift.after], [[`${VIP}/32`], [`${OTHER}/32`]]);
  const { events } = await admin("/history");
  const drift = events.find((event) => event.kind === "declared_drift");
  assert.deepEqual([drift.before, drift.after, drift.location], [[`${VIP}/32`], [`${OTHER}/32`], "westeurope"]);
  assert.match(drift.causes[0], /^the service was deleted and created again: created_at was 2024/);
  const { declared, comparison } = await status();
  assert.deepEqual(declared.inbound, [`${OTHER}/32`]);
  assert.ok(declared.addresses.find((one) => one.cidr === `${VIP}/32`).gone_since, "held");
  assert.deepEqual(comparison.breaks.map((one) => one.direction), ["outbound", "inbound"]);
  assert.ok(comparison.breaks[0].why.includes(OTHER));
});

test("an address in DNS that ARM does not declare is a finding", async () => {
  arm.put(SERVICE, instance([OTHER]));
  await refresh();
  const origin = await status();
  assert.ok(finding(origin, "address_not_declared").evidence.includes(VIP));
  assert.deepEqual(origin.comparison.seen_not_declared, [VIP]);
});

test("the range that Azure publishes for the location is compared once a list is kept", async () => {
  await refresh();
  const tag = (name, addressPrefixes) => ({ name, id: name, properties: { changeNumber, addressPrefixes } });
  let changeNumber = 40;
  const keep = async (prefixes) => {
    changeNumber += 1;
    const values = [tag("ApiManagement", [`${VIP}/32`]), tag("AzureCloud.westeurope", prefixes), tag("AzureCloud.eastus", ["20.0.0.0/8"])];
    const body = JSON.stringify({ changeNumber, cloud: "Public", values });
    await admin("/audit?store=true", { method: "POST", body, headers: [["Content-Type", "application/json"]] });
    return (await status()).comparison;
  };
  const inside = await keep(["172.199.0.0/16"]);
  assert.deepEqual(inside.vendor_range, [{ tag: "AzureCloud.westeurope", change_number: 41, outside: [] }]);
  assert.ok(!stage.kv.entries.get("service-tags").includes("eastus"), "other regions are not kept");
  const outside = await keep(["172.200.0.0/16"]);
  assert.deepEqual(outside.vendor_range[0].outside, [`${VIP}/32`]);
  assert.deepEqual(outside.breaks.map((one) => one.direction), ["outbound", "inbound"]);
});

test("several locations: a DNS answer is fine when it is in the union", async () => {
  const elsewhere = { location: "East US 2", sku: { name: "Premium" }, publicIPAddresses: [VIP], disableGateway: false };
  arm.put(SERVICE, { ...instance([OTHER], { additionalLocations: [elsewhere] }), sku: { name: "Premium" } });
  await refresh();
  const origin = await status();
  assert.equal(finding(origin, "address_not_declared"), undefined);
  assert.deepEqual(origin.declared.locations, ["westeurope", "eastus2"]);
  assert.deepEqual(origin.comparison.declared_not_seen, [`${OTHER}/32`]);
});

for (const [what, spoil, code, command] of [
  ["the secret has expired", () => (arm.login = refusal(7000222)), "azure_secret_expired", /az ad app credential reset/],
  ["the secret is wrong", () => (arm.login = refusal(7000215)), "azure_secret_wrong", /az ad app credential reset/],
  ["the application is unknown", () => (arm.login = refusal(700016, "unauthorized_client")), "azure_application_unknown", /az ad sp/],
  ["the tenant is unknown", () => (arm.login = refusal(90002, "invalid_request")), "azure_tenant_unknown", /az account show/],
  ["the token endpoint is cut off", () => (arm.login = cutConnection), "azure_login_unreachable", null],
  ["the role is missing", () => (arm.always = error(403, "AuthorizationFailed")), "azure_role_missing", /az role assignment create .*API Management Service Reader Role/],
  ["the subscription is not found", () => (arm.always = error(404, "SubscriptionNotFound")), "azure_subscription_not_found", /az account list/],
  ["the group is not found", () => (arm.always = error(404, "ResourceGroupNotFound")), "azure_resource_group_not_found", /az resource list/],
  ["the api-version is refused", () => (arm.always = error(400, "NoRegisteredProviderFound")), "azure_api_version_refused", /az provider show/],
  ["ARM throttles", () => (arm.always = error(429, "TooManyRequests", [["Retry-After", "60"]])), "azure_throttled", null],
  ["ARM fails", () => (arm.always = error(500, "InternalServerError")), "azure_server_error", null],
  ["the connection is cut", () => (arm.always = cutConnection), "azure_connection_lost", null],
  ["another answers", () => (arm.always = { status: 200, body: "<html>sign in</html>" }), "azure_answer_not_understood", null],
]) {
  test(`${what}: ${code}, and what was declared stays`, async () => {
    await refresh();
    await later(600_000);
    spoil();
    assert.equal((await refresh()).azure.outcome, code);
    const origin = await status();
    assert.ok(finding(origin, code), JSON.stringify(origin.findings));
    const { fault } = origin.azure;
    assert.equal(fault.code, code);
    if (command) assert.match(fault.command, command);
    else assert.equal(fault.command, null);
    assert.deepEqual(origin.declared.inbound, [`${VIP}/32`]);
  });
}

test("no call is made before Retry-After has passed", async () => {
  arm.next.push(error(429, "TooManyRequests", [["Retry-After", "600"]]));
  await refresh();
  const calls = arm.calls.length;
  await refresh();
  assert.equal(arm.calls.length, calls);
});

test("a redirect is not followed, so the token goes nowhere else", async () => {
  stage.edge.on("elsewhere.test", (_, response) => send(response, { status: 200, body: "{}" }));
  arm.always = { status: 302, headers: [["Location", "https://elsewhere.test/"]], body: "" };
  assert.equal((await refresh()).azure.outcome, "azure_answer_not_understood");
  assert.deepEqual(stage.edge.to("elsewhere.test"), []);
  stage.edge.forget("elsewhere.test");
});

test("without the secret status says what is disabled, and nobody is asked", async () => {
  await stage.start({ secrets: { GUARD_ADMIN_TOKEN: TOKEN } });
  assert.equal((await refresh()).azure.outcome, "azure_secret_missing");
  const { guard } = await admin("/status");
  assert.ok(guard.disabled.some((one) => one.missing === "AZURE_CLIENT_SECRET"));
  assert.deepEqual(arm.logins, []);
});

test("bytes that cannot be read are kept and reported", async () => {
  const newer = JSON.stringify({ schema: 99 });
  stage.kv.entries.set("azure/zebra-gw", newer);
  assert.equal((await refresh()).azure.stored, false);
  assert.equal(stage.kv.entries.get("azure/zebra-gw"), newer);
  await stage.start({});
  assert.match(finding(await status(), "record_unreadable").evidence, /newer version \(schema 99\)/);
});

test("a failed request is explained by what ARM says now, within the budget", async () => {
  stage.edge.on(GATEWAY, (_, response) => send(response, edgeError(1016)));
  stage.zone(brokenAt(3));
  arm.put(`/subscriptions/${SUBSCRIPTION}`, { state: "Disabled" });
  const answer = await stage.get("/", { headers: [["X-Origin-Guard-Token", TOKEN]] });
  assert.deepEqual([answer.status, answer.json.code], [503, "apim_subscription_disabled"]);
  arm.always = () => {};
  await stage.start({});
  const began = Date.now();
  const without = await stage.get("/", { headers: [["X-Origin-Guard-Token", TOKEN]] });
  assert.equal(without.json.code, "origin_name_not_found");
  assert.ok(Date.now() - began < 6000);
});

test("neither token nor secret is in any answer, log line or stored value", async () => {
  await refresh();
  await stage.scheduled();
  arm.login = refusal(7000215);
  await later(600_000);
  await refresh();
  for (const path of ["/status", "/config", "/history", "/diagnose"]) await admin(path);
  const seen = [...answers, ...stage.logs, ...stage.kv.entries.values()].join("\n");
  assert.ok(seen.includes("[secret]"), "Entra's words are there");
  for (const word of [SECRET, encodeURIComponent(SECRET), TOKEN_WORD]) assert.ok(!seen.includes(word), word);
  const elsewhere = stage.edge.seen.filter(({ host }) => !["login.test", "arm.test"].includes(host));
  for (const { headers } of elsewhere) assert.ok(!JSON.stringify(headers).includes(TOKEN_WORD));
});
