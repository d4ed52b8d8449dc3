// The states of a guard that its pages are for.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

import { SECRETS as AZURE_SECRETS, WITH_AZURE, declare } from "./declared.mjs";
import { never } from "./doh.mjs";
import { edgeError } from "./edge.mjs";
import { CHAIN, GATEWAY, GUARD, TOKEN, brokenAt } from "./stage.mjs";

/** A document for the network check that has findings. */
export const SERVICE = {
  id: "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiManagement/service/zebra-gw",
  type: "Microsoft.ApiManagement/service",
  name: "zebra-gw",
  location: "West Europe",
  sku: { name: "Developer", capacity: 1 },
  properties: { virtualNetworkType: "Internal", platformVersion: "stv1", publicNetworkAccess: "Disabled" },
};

const SETTLE_MS = 300; // background work of a request is done by then
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN };
const ago = (ms) => new Date(Date.now() - ms).toISOString();

/** A past of 30 days as docs/kv-schema.md has it: ended incidents, moves, refusals. */
function withPast(record, count = 6) {
  const past = Array.from({ length: count }, (_, i) => ({
    id: `1m8arzh3bv8ww${String(i).padStart(4, "0").replace(/[ilou]/g, "0")}`,
    since: ago((i + 1) * (29 / (count + 1)) * DAY_MS),
    last_at: ago((i + 1) * (29 / (count + 1)) * DAY_MS - 2 * HOUR_MS),
    count: 40 + i,
    code: i % 2 ? "origin_connection_timeout" : "origin_name_not_found",
    hop: i % 2 ? null : Object.keys(CHAIN)[3],
    changes: [],
    ended: { at: ago((i + 1) * (29 / (count + 1)) * DAY_MS - 3 * HOUR_MS), by: i % 2 ? "client_answered" : "health_answered" },
  }));
  const drifts = [2, 11].map((days) => ({
    at: ago(days * DAY_MS), before: ["172.199.17.70"], after: ["172.199.17.73"], added: ["172.199.17.73"], not_seen: ["172.199.17.70"], hop: days === 2 ? Object.keys(CHAIN)[3] : null, ttl_s: 300,
  }));
  const refusals = [{ count: 12, first_at: ago(5 * DAY_MS), last_at: ago(5 * DAY_MS - HOUR_MS), sign: "ip_forbidden", refused_address: "172.199.17.73" }];
  return JSON.stringify({ ...JSON.parse(record), past, drifts, refusals });
}

/** Starts the guard anew, with nothing stored and everything well. */
async function fresh(stage, options = {}) {
  Object.assign(stage.kv, { mode: "ok" }).entries.clear();
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, { body: "well" });
  await stage.start({ guard: GUARD, secrets: SECRETS, kv: true, ...options });
}

async function look(stage) {
  assert.equal((await stage.admin("/refresh", { method: "POST" })).status, 200);
}

/** What was stored gets a past, and the guard forgets what it had in memory. */
async function remember(stage, count) {
  for (const [key, text] of stage.kv.entries) if (key.startsWith("origin/")) stage.kv.entries.set(key, withPast(text, count));
  await stage.start({});
}

/** One failed request; resolves to the incident's id. */
export async function fail(stage, number = 1016) {
  stage.zone(number === 1016 ? brokenAt(3) : CHAIN);
  stage.edge.answers(GATEWAY, edgeError(number));
  const { incident } = (await stage.get("/")).json;
  await pause(SETTLE_MS);
  return incident;
}

/** Brings `stage` into a state; resolves to the id of the open incident where there is one. */
export const STATES = {
  async healthy(stage) {
    await fresh(stage);
    await look(stage);
    await remember(stage);
  },
  async failing(stage) {
    await fresh(stage);
    await look(stage);
    await remember(stage);
    return fail(stage);
  },
  async "failing behind the name"(stage) {
    await fresh(stage);
    await look(stage);
    return fail(stage, 522);
  },
  /** An open incident, and no store that could have kept what it rests on. */
  async "failing without a store"(stage) {
    await fresh(stage, { kv: false });
    return fail(stage);
  },
  async degraded(stage) {
    await fresh(stage);
    stage.zone({ [GATEWAY]: { a: ["172.199.17.73"] } });
    await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, expect_suffixes: ["azure-api.cn"] }] } });
    await look(stage);
  },
  /** Nobody has looked yet, and nobody can. */
  async unknown(stage) {
    await fresh(stage, { guard: { ...GUARD, dns: { ...GUARD.dns, timeout_ms: 100 } } });
    stage.fault(never);
  },
  async "store down"(stage) {
    await fresh(stage);
    await look(stage);
    stage.kv.mode = "down";
    await stage.start({});
  },
  async "half-configured"(stage) {
    const origins = [{ hostname: GATEWAY, helth_path: "/x" }, { hostname: "20.61.99.1" }];
    const azure = { tenant_id: "11111111-2222-3333-4444-555555555555", client_id: "11111111-2222-3333-4444-555555555555" };
    await fresh(stage, { guard: { ...GUARD, origins, azure, orgins: [] }, kv: false });
  },
  /** What Azure declares is known: one address is not seen, one is held, one is seen and not declared. */
  async declared(stage) {
    await fresh(stage, { guard: WITH_AZURE, secrets: AZURE_SECRETS });
    stage.zone({ ...CHAIN, [Object.keys(CHAIN)[3]]: { a: ["172.199.17.73", "203.0.114.9"] } });
    await look(stage);
    const networks = ["172.199.17.73/32", { network: "2603:1030::1/128", direction: "outbound" }, { network: "172.199.17.70/32", gone_since: ago(HOUR_MS) }];
    declare(stage, networks, [{ code: "egress_may_be_firewall", detail: "The subnet has a route to a firewall." }]);
    await stage.start({});
  },
  /** One of two fails. */
  async "partly failing"(stage) {
    const origins = [{ hostname: "yak-gw.azure-api.net", serves: ["yak.example.com"] }, { hostname: GATEWAY }];
    await fresh(stage, { guard: { ...GUARD, origins } });
    stage.zone({ ...CHAIN, "yak-gw.azure-api.net": { a: ["20.9.9.9"] } });
    await look(stage);
    return fail(stage);
  },
  async empty(stage) {
    await fresh(stage, { guard: {} });
  },
};
