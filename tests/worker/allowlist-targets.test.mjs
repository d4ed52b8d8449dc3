// Allowlist targets through the built module: plans, writes, lost answers, and that no credential is seen anywhere.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";

import { takesWrites } from "../support/arm-writes.mjs";
import { AZURE, Arm, RESOURCE, SECRET, SERVICE, SUBSCRIPTION, TOKEN_WORD, instance } from "../support/arm.mjs";
import { API_TOKEN, CLOUDFLARE, CloudflareApi, LIST, refused } from "../support/cloudflare-api.mjs";
import { cutConnection } from "../support/edge.mjs";
import { GATEWAY, GUARD, TOKEN, startStage } from "../support/stage.mjs";

const VIP = "20.1.2.3/32";
const NEW = "20.1.2.4/32";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg1/providers`;
const KINDS = {
  list: { kind: "cloudflare-list", list_id: LIST },
  nsg: { kind: "nsg", resource_id: `${GROUP}/Microsoft.Network/networkSecurityGroups/nsg`, rule: "allow-apim" },
  app: { kind: "app-service", resource_id: `${GROUP}/Microsoft.Web/sites/app` },
  storage: { kind: "storage", resource_id: `${GROUP}/Microsoft.Storage/storageAccounts/st` },
  vault: { kind: "key-vault", resource_id: `${GROUP}/Microsoft.KeyVault/vaults/kv` },
  sql: { kind: "sql", resource_id: `${GROUP}/Microsoft.Sql/servers/db` },
  hook: { kind: "webhook", url_secret: "HOOK_URL", signing_secret: "HOOK_KEY" },
};
const HOOK = "https://hook.test/walrus-path";
const KEY = "walrus-signing-key";
const SECRETS = {
  GUARD_ADMIN_TOKEN: TOKEN,
  AZURE_CLIENT_SECRET: SECRET,
  CLOUDFLARE_API_TOKEN: API_TOKEN,
  HOOK_URL: HOOK,
  HOOK_KEY: KEY,
};
const guard = (names, settings = { apply: true }) => ({
  ...GUARD,
  origins: [{ hostname: GATEWAY, name: "zebra", azure: RESOURCE }],
  azure: AZURE,
  cloudflare: { ...CLOUDFLARE, zone_ids: [] },
  allowlist: { hold_removals_s: 3600, targets: names.map((name) => ({ ...KINDS[name], name, ...settings })) },
});

let stage, arm, api, received;
/** What the guard stores of an instance. */
let known;
const answers = [];
before(async () => {
  stage = await startStage({ guard: guard(["list"]), secrets: SECRETS });
  arm = new Arm(stage.edge);
  api = new CloudflareApi(stage.edge);
  arm.put(SERVICE, instance(["20.1.2.3"]));
  await admin("/refresh", { method: "POST" });
  known = JSON.parse(stage.kv.entries.get("azure/zebra"));
  assert.equal(known.declared.addresses[0].network, VIP);
});
after(() => stage?.stop());
beforeEach(() => {
  arm.reset();
  takesWrites(arm);
  api.reset();
  received = [];
  stage.kv.entries.clear();
  stage.kv.mode = "ok";
  stage.edge.on("hook.test", async (exchange, response) => {
    received.push({ path: exchange.path, headers: exchange.headers, body: (await exchange.body()).toString() });
    response.writeHead(200).end();
  });
});

/** A new isolate with these targets. */
async function with_(names, settings) {
  await stage.start({ guard: guard(names, settings), secrets: SECRETS });
  stage.clear();
}

/** ARM declares these addresses; those in `gone` since so many seconds no more. */
function declare(addresses, gone = {}) {
  const entry = (network, gone_since = null) => ({
    network,
    direction: "both",
    location: "westeurope",
    first_seen_at: "2026-01-01T00:00:00.000Z",
    gone_since,
  });
  const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  const all = [...addresses.map((it) => entry(it)), ...Object.entries(gone).map(([it, s]) => entry(it, ago(s)))];
  const declared = { at: new Date().toISOString(), addresses: all, locations: ["westeurope"], caveats: [] };
  const now = new Date().toISOString();
  arm.put(SERVICE, instance(addresses));
  stage.kv.entries.set("azure/zebra", JSON.stringify({ ...known, declared, asked_at: now, read_at: now, details_at: now }));
}

async function admin(path, options) {
  const answer = await stage.admin(path, options);
  answers.push(answer.text);
  return answer;
}
const plan = async (query = "") => (await admin(`/allowlist/plan${query}`)).json.targets;
const apply = async (query = "") => (await admin(`/allowlist/apply${query}`, { method: "POST" })).json.targets;
const ips = () => api.items.map(({ ip }) => ip);

test("status says what a target lacks, and nothing where none was looked at", async () => {
  await with_(["list"]);
  declare([VIP]);
  const compared = async () => (await admin("/status")).json.origins[0].comparison;
  const unknown = { target: "list", dry_run: false, at: null, missing: null, extra: null };
  assert.deepEqual((await compared()).applied, [unknown]);
  await apply();
  const [applied] = (await compared()).applied;
  assert.ok(Math.abs(Date.parse(applied.at) - Date.now()) < 60_000);
  assert.deepEqual([applied.missing, applied.extra], [[], []]);
  await with_(["list"], { apply: false });
  declare([VIP, NEW]);
  const { applied: [behind], breaks } = await compared();
  assert.deepEqual([behind.dry_run, behind.missing, behind.extra], [true, [NEW], []]);
  const broken = breaks.find(({ who }) => who === "backends behind an allowlist target");
  assert.equal(broken.direction, "outbound");
  assert.match(broken.why, /20\.1\.2\.4\/32.*the target list does not let in; its plan waits/);
});

test("a plan is shown with its reasons, and nothing is written", async () => {
  await with_(["list"]);
  declare([VIP]);
  api.items = [{ id: "f".repeat(32), ip: "198.51.100.7", comment: "the office" }];
  const [report] = await plan();
  assert.equal(report.outcome, "waits_for_approval");
  assert.deepEqual(report.plan.add.map(({ network }) => network), [VIP]);
  assert.match(report.plan.add[0].reason, /declared by Azure for westeurope/);
  assert.deepEqual(report.plan.foreign, ["198.51.100.7"]);
  assert.ok(api.calls.every((call) => call.startsWith("GET ")));
});

test("a dry run is the default, also in the scheduled run", async () => {
  await with_(["list", "nsg"], {});
  declare([VIP]);
  assert.equal((await stage.scheduled()).outcome, "ok");
  assert.ok(api.calls.length > 0 && api.calls.every((call) => call.startsWith("GET ")));
  assert.ok(arm.calls.every(({ method }) => method === "GET"));
  assert.equal((await apply())[0].outcome, "waits_for_approval");
});

test("the scheduled run adds to a Cloudflare list, waits for the operation, and then leaves it alone", async () => {
  await with_(["list"]);
  declare([VIP, "2603:1000::5/128"]);
  await stage.scheduled();
  assert.deepEqual(ips(), ["20.1.2.3", "2603:1000::/64"]);
  assert.ok(api.items.every(({ comment }) => comment === "origin-guard:zebra"));
  assert.ok(stage.logs.some((line) => line.includes('"event":"allowlist_target"') && line.includes('"outcome":"applied"')));
  api.calls.length = 0;
  await stage.scheduled();
  await stage.scheduled();
  assert.deepEqual(api.calls, [`GET /accounts/${CLOUDFLARE.account_id}/rules/lists/${LIST}/items`], "one read, then not due");
});

test("what is gone is held, then removed, and what is foreign stays", async () => {
  await with_(["list"]);
  declare([VIP, NEW]);
  api.items = [{ id: "f".repeat(32), ip: "198.51.100.7" }];
  await apply();
  declare([NEW], { [VIP]: 60 });
  const [held] = await apply();
  assert.deepEqual([held.outcome, held.plan.held.map(({ network }) => network)], ["in_place", [VIP]]);
  declare([NEW], { [VIP]: 3601 });
  // The time has passed for what is remembered too.
  const state = JSON.parse(stage.kv.entries.get("allowlist/list"));
  state.gone[0].since = new Date(Date.now() - 3_700_000).toISOString();
  stage.kv.entries.set("allowlist/list", JSON.stringify(state));
  const [removed] = await apply();
  assert.deepEqual([removed.outcome, removed.removed], ["applied", [VIP]]);
  assert.deepEqual(ips(), ["198.51.100.7", "20.1.2.4"]);
});

test("an answer that is lost after the work was done: could not confirm, and the next run finds out", async () => {
  await with_(["list"]);
  declare([VIP]);
  api.next = [null, ({ response, work }) => (work(), response.socket.destroy())];
  const [report] = await apply();
  assert.deepEqual([report.outcome, report.code], ["unconfirmed", "cloudflare_connection_lost"]);
  assert.match(report.detail, /^Could not confirm: /);
  const [next] = await apply();
  assert.equal(next.outcome, "in_place");
  assert.deepEqual(ips(), ["20.1.2.3"]);
});

test("429 with Retry-After is remembered", async () => {
  await with_(["list"]);
  declare([VIP]);
  api.next = [refused(429, 971, "Please wait and consider throttling your request speed", [["Retry-After", "300"]])];
  const [report] = await apply();
  assert.deepEqual([report.outcome, report.code], ["try_again", "cloudflare_throttled"]);
  const before = api.calls.length;
  assert.equal((await apply())[0].outcome, "try_again");
  assert.equal(api.calls.length, before);
});

test("each kind in Azure changes its own entries and nothing else", async () => {
  await with_(["nsg", "app", "storage", "vault", "sql"]);
  declare([VIP]);
  const rule = { description: "origin-guard", access: "Allow", direction: "Inbound", priority: 200, protocol: "*" };
  arm.put(`${KINDS.nsg.resource_id}/securityRules/allow-apim`, {
    etag: 'W/"0"',
    properties: { ...rule, sourceAddressPrefix: "20.1.2.9/32", destinationAddressPrefix: "*" },
  });
  const office = { ipAddress: "192.0.2.7/32", action: "Allow", priority: 100, name: "office", extra: 1 };
  arm.put(`${KINDS.app.resource_id}/config/web`, {
    properties: { ipSecurityRestrictionsDefaultAction: "Deny", ipSecurityRestrictions: [office], alwaysOn: true },
  });
  const acls = { bypass: "AzureServices", defaultAction: "Deny", virtualNetworkRules: [{ id: "v" }] };
  arm.put(KINDS.storage.resource_id, {
    location: "westeurope",
    properties: { networkAcls: { ...acls, ipRules: [{ value: "192.0.2.7", action: "Allow" }] } },
  });
  arm.put(KINDS.vault.resource_id, { properties: { networkAcls: { ...acls, ipRules: [{ value: "192.0.2.7/32" }] } } });
  arm.put(`${KINDS.sql.resource_id}/firewallRules/office`, {
    name: "office",
    properties: { startIpAddress: "192.0.2.7", endIpAddress: "192.0.2.8" },
  });
  const reports = await apply();
  assert.deepEqual(reports.map(({ outcome, added }) => [outcome, added]), Array(5).fill(["applied", [VIP]]));
  const at = (path) => arm.documents.get(path.toLowerCase()).properties;
  const now = at(`${KINDS.nsg.resource_id}/securityRules/allow-apim`);
  assert.deepEqual(now, { ...rule, sourceAddressPrefixes: ["20.1.2.9/32", VIP], destinationAddressPrefix: "*" });
  const app = at(`${KINDS.app.resource_id}/config/web`);
  assert.deepEqual([app.ipSecurityRestrictions[0], app.alwaysOn], [office, true]);
  assert.equal(app.ipSecurityRestrictions[1].description, "origin-guard:zebra");
  const storage = at(KINDS.storage.resource_id).networkAcls;
  assert.deepEqual(storage, { ...acls, ipRules: [{ value: "192.0.2.7", action: "Allow" }, { value: "20.1.2.3", action: "Allow" }] });
  assert.deepEqual(at(KINDS.vault.resource_id).networkAcls, { ...acls, ipRules: [{ value: "192.0.2.7/32" }, { value: VIP }] });
  assert.deepEqual(at(`${KINDS.sql.resource_id}/firewallRules/origin-guard-zebra-20-1-2-3-32`), {
    startIpAddress: "20.1.2.3",
    endIpAddress: "20.1.2.3",
  });
  const sameRegion = reports[2].plan.notes.some((note) => note.includes("no effect on callers in the account's own region"));
  assert.ok(sameRegion, "a storage account in the gateway's region is told");
  for (const report of await apply()) assert.equal(report.outcome, "in_place");
});

test("somebody else's change in between is not written over", async () => {
  await with_(["nsg"]);
  declare([VIP]);
  const path = `${KINDS.nsg.resource_id}/securityRules/allow-apim`;
  const properties = { description: "origin-guard", access: "Allow", direction: "Inbound", sourceAddressPrefixes: [NEW] };
  arm.put(path, { etag: 'W/"0"', properties });
  const read = arm.methods.get("GET");
  arm.methods.set("GET", (call, response) => {
    read(call, response);
    arm.put(path, { etag: 'W/"other"', properties: { ...properties, priority: 4000 } });
  });
  const [report] = await apply();
  assert.deepEqual([report.outcome, report.code], ["try_again", "azure_changed_meanwhile"]);
  assert.equal(arm.documents.get(path.toLowerCase()).properties.priority, 4000);
});

test("a receiver gets the whole list, signed", async () => {
  await with_(["hook"]);
  declare([VIP, NEW]);
  const [report] = await apply();
  assert.equal(report.outcome, "applied");
  const [{ headers, body }] = received;
  const mac = createHmac("sha256", KEY).update(`${headers["x-origin-guard-timestamp"]}.${body}`).digest("hex");
  assert.equal(headers["x-origin-guard-signature"], `v1=${mac}`);
  assert.ok(Math.abs(headers["x-origin-guard-timestamp"] * 1000 - Date.now()) < 60_000);
  assert.deepEqual(JSON.parse(body).entries, [VIP, NEW]);
  await stage.start({});
  assert.equal((await apply())[0].outcome, "in_place");
  assert.equal(received.length, 1);
});

test("one target that fails holds up none of the others", async () => {
  await with_(["nsg", "hook", "list"]);
  declare([VIP]);
  stage.edge.on("hook.test", cutConnection);
  const outcomes = (await apply()).map(({ outcome, code }) => [outcome, code]);
  assert.deepEqual(outcomes, [
    ["failed", "azure_resource_not_found"],
    ["unconfirmed", "receiver_unreachable"],
    ["applied", undefined],
  ]);
});

test("without anything declared, and with a KV that does not answer, no list is changed", async () => {
  await with_(["list", "storage"]);
  for (const report of await apply()) assert.equal(report.outcome, "blocked");
  declare([VIP]);
  stage.kv.mode = "error";
  for (const report of await apply()) assert.equal(report.outcome, "try_again");
  assert.deepEqual([api.calls, arm.calls], [[], []]);
});

test("?target= chooses one, and an unknown one is told", async () => {
  await with_(["list", "hook"]);
  declare([VIP]);
  assert.deepEqual((await apply("?target=hook")).map(({ target }) => target), ["hook"]);
  assert.deepEqual(api.calls, []);
  const wrong = await admin("/allowlist/plan?target=nowhere");
  assert.deepEqual([wrong.status, wrong.json.code], [400, "admin_bad_request"]);
  assert.match(wrong.json.detail, /list, hook/);
  assert.equal((await admin("/allowlist/apply")).status, 405);
});

test("no credential is in any answer, log line or value of the store", async () => {
  await with_(["list", "hook", "nsg"]);
  declare([VIP]);
  await apply();
  await stage.scheduled();
  const seen = [...answers, ...stage.logs, ...[...stage.kv.entries].flat()].join("\n");
  for (const secret of [API_TOKEN, SECRET, TOKEN_WORD, HOOK, "walrus-path", KEY]) assert.ok(!seen.includes(secret), secret);
});
