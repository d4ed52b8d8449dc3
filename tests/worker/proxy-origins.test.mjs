// Contract 2 and 3: which origin answers a request, and over which route.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertProblem } from "../support/problem.mjs";
import { GUARD, startStage } from "../support/stage.mjs";

const ORIGINS = [
  { hostname: "orders.azure-api.net", serves: ["orders.example.com", "sales.example.com"] },
  { hostname: "tenants.azure-api.net", serves: ["*.tenants.example.com"] },
  { hostname: "special.azure-api.net", serves: ["special.tenants.example.com"] },
  { hostname: "zoned.azure-api.net", serves: ["zoned.example.com"], route: "zone" },
  { hostname: "ported.azure-api.net:8443", serves: ["ported.example.com"] },
  { hostname: "plain.localhost", serves: ["plain.example.com"], scheme: "http" },
  { hostname: "default.azure-api.net" },
];
const HOSTS = [...ORIGINS.map((origin) => origin.hostname.replace(/:.*/, "")), "zoned.example.com"];

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, origins: ORIGINS } });
  for (const host of HOSTS) stage.edge.answers(host, { body: host });
});
after(() => stage?.stop());

const ROUTES = [
  ["orders.example.com", "https://orders.azure-api.net/x?y"],
  ["sales.example.com", "https://orders.azure-api.net/x?y"],
  ["ORDERS.example.com", "https://orders.azure-api.net/x?y"],
  ["a.tenants.example.com", "https://tenants.azure-api.net/x?y"],
  ["special.tenants.example.com", "https://special.azure-api.net/x?y"],
  ["tenants.example.com", "https://default.azure-api.net/x?y"],
  ["nottenants.example.com", "https://default.azure-api.net/x?y"],
  ["elsewhere.example.org", "https://default.azure-api.net/x?y"],
  ["ported.example.com", "https://ported.azure-api.net:8443/x?y"],
  ["plain.example.com", "http://plain.localhost/x?y"],
];
for (const [host, url] of ROUTES) {
  test(`${host} is answered by ${url}`, async () => {
    stage.clear();
    assert.equal((await stage.get("/x?y", { host })).status, 200);
    assert.deepEqual(
      stage.edge.seen.map((exchange) => exchange.url),
      [url],
    );
  });
}

test("a host with its port is the same host", async () => {
  stage.clear();
  await stage.get("/", { host: "orders.example.com:8443" });
  assert.equal(stage.edge.seen[0].host, "orders.azure-api.net");
});

test("route = zone fetches the request as it came, without the operator's token", async () => {
  stage.clear();
  const headers = [
    ["X-Origin-Guard-Token", "something"],
    ["X-Own", "1"],
  ];
  const answer = await stage.get("/x?y=%2F", { host: "zoned.example.com", method: "POST", body: "body", headers });
  assert.equal(answer.text, "zoned.example.com");
  const [exchange] = stage.edge.seen;
  assert.equal(exchange.url, "https://zoned.example.com/x?y=%2F");
  assert.equal(exchange.method, "POST");
  assert.equal((await exchange.body()).toString(), "body");
  assert.equal(exchange.headers["x-own"], "1");
  assert.ok(!("x-origin-guard-token" in exchange.headers));
});

test("where no origin can be made out the answer is 500 guard_config_invalid, and nothing is fetched", async () => {
  await stage.start({ guard: { ...GUARD, origins: ORIGINS.slice(0, 1) } });
  stage.clear();
  assertProblem(await stage.get("/", { host: "unknown.example.com" }), "guard_config_invalid");
  assert.deepEqual(stage.edge.seen, []);
});
