// Contract 2: all mistakes at once, each with path, value, rule and example; what is right still works.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { assertProblem } from "../support/problem.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.answers(GATEWAY, { body: "well" });
});
after(() => stage?.stop());

const errors = async () => {
  const answer = await stage.admin("/status");
  assert.equal(answer.status, 200, answer.text);
  return answer.json.guard.config;
};
const at = (list, path) => list.find((error) => JSON.stringify(error).includes(`"${path}"`));

const MISTAKES = {
  orgins: [],
  origins: [
    { hostname: "https://contoso.azure-api.net/" },
    { hostname: "20.61.99.1" },
    { hostname: GATEWAY, serves: [HOST], timeout_ms: "soon", helth_path: "/x" },
    { hostname: "other.azure-api.net", serves: ["other.example.com"], scheme: "gopher", route: "teleport" },
    { name: "Not A Name", hostname: "named.azure-api.net", serves: ["named.example.com"] },
  ],
  dns: { resolvers: ["8.8.8.8"], timeout_ms: -1, min_ttl: 5 },
  diagnostics: { detail: "everything", budget_ms: 1.5 },
  notify: { targets: [{ kind: "pigeon", url_secret: "PIGEON_URL" }] },
};
const EXPECTED = [
  ["orgins", null, /origins/],
  ["origins[0].hostname", "https://contoso.azure-api.net/"],
  ["origins[1].hostname", "20.61.99.1", /origin_is_ip_literal/],
  ["origins[2].timeout_ms", "soon"],
  ["origins[2].helth_path", null, /health_path/],
  ["origins[3].scheme", "gopher"],
  ["origins[3].route", "teleport"],
  ["origins[4].name", "Not A Name"],
  ["dns.resolvers[0]", "8.8.8.8"],
  ["dns.timeout_ms", "-1"],
  ["dns.min_ttl", null, /min_ttl_s/],
  ["diagnostics.detail", "everything"],
  ["diagnostics.budget_ms", "1.5"],
  ["notify.targets[0].kind", "pigeon"],
];

test("every mistake is in status, each with path, value, rule and example", async () => {
  await stage.start({ guard: MISTAKES });
  const { valid, errors: list } = await errors();
  assert.equal(valid, false);
  for (const [path, value, words] of EXPECTED) {
    const error = at(list, path);
    assert.ok(error, `${path} in ${JSON.stringify(list, null, 1)}`);
    const text = JSON.stringify(error);
    if (value !== null) assert.ok(text.includes(value), `${value} in ${text}`);
    if (words) assert.match(text, words);
    assert.ok(Object.keys(error).length >= 4, `path, value, rule and example in ${text}`);
  }
});

test("a half-wrong configuration with a clear origin still proxies", async () => {
  assert.equal((await stage.get("/")).text, "well");
  assert.equal(stage.edge.to(GATEWAY).length > 0, true);
});

test("and its broken origins answer 500 guard_config_invalid or nothing of theirs", async () => {
  assertProblem(await stage.get("/", { host: "nobody.example.com" }), "guard_config_invalid");
});

test("a valid configuration has no errors", async () => {
  await stage.start({ guard: GUARD });
  const { valid, errors: list } = await errors();
  assert.deepEqual([valid, list], [true, []]);
});

const REFUSED = [
  ["no GUARD at all", null, "GUARD"],
  ["an empty table", {}, "origins"],
  ["no origins", { origins: [] }, "origins"],
  ["a text", "contoso.azure-api.net", "GUARD"],
  ["a list", [GUARD], "GUARD"],
  ["origins that are a table", { origins: { hostname: GATEWAY } }, "origins"],
  ["an origin without a host name", { origins: [{ name: "x" }] }, "origins[0].hostname"],
  ["an origin that is a number", { origins: [7] }, "origins[0]"],
  ["a wildcard as origin", { origins: [{ hostname: "*.azure-api.net" }] }, "origins[0].hostname"],
  ["an IPv6 literal as origin", { origins: [{ hostname: "[2603:1020::1]" }] }, "origins[0].hostname"],
];
for (const [what, guard, path] of REFUSED) {
  test(`${what}: 500 guard_config_invalid, told at ${path}, and the admin interface is there`, async () => {
    await stage.start({ guard });
    assertProblem(await stage.get("/"), "guard_config_invalid");
    assert.equal((await stage.get("/__guard/healthz")).status, 200);
    const { valid, errors: list } = await errors();
    assert.equal(valid, false);
    assert.ok(
      list.some((error) => JSON.stringify(error).includes(`"${path}`)),
      `${path} in ${JSON.stringify(list)}`,
    );
  });
}

test("two origins without `serves`, or with one name, are a mistake", async () => {
  await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY }, { hostname: "second.azure-api.net" }] } });
  assert.equal((await errors()).valid, false);
  await stage.start({
    guard: {
      ...GUARD,
      origins: [
        { hostname: GATEWAY, name: "one" },
        { hostname: "second.azure-api.net", name: "one", serves: ["b.example.com"] },
      ],
    },
  });
  assert.equal((await errors()).valid, false);
});

test("plain http is for a local origin only", async () => {
  await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, scheme: "http" }] } });
  assert.ok(at((await errors()).errors, "origins[0].scheme"));
});

test("a mistake in who may use the admin interface lets nobody in", async () => {
  await stage.start({ guard: { ...GUARD, admin: { allow_networks: ["10.0.0.0/33"] } } });
  const answer = await stage.admin("/status", { headers: [["CF-Connecting-IP", "10.0.0.1"]] });
  assertProblem(answer, "admin_forbidden");
});

test("`POST /config/check` tells the mistakes of a configuration before it is deployed", async () => {
  await stage.start({ guard: GUARD });
  const wrong = await stage.admin("/config/check", {
    method: "POST",
    body: JSON.stringify(MISTAKES),
    headers: [["Content-Type", "application/json"]],
  });
  assert.equal(wrong.status, 200);
  for (const [path] of EXPECTED) assert.ok(wrong.text.includes(`"${path}"`), `${path} in ${wrong.text}`);
  const right = await stage.admin("/config/check", {
    method: "POST",
    body: JSON.stringify(GUARD),
    headers: [["Content-Type", "application/json"]],
  });
  assert.equal(right.status, 200);
  assert.equal(right.json.valid, true);
  const broken = await stage.admin("/config/check", { method: "POST", body: "{ not json" });
  if (broken.status === 200) assert.equal(broken.json.valid, false);
  else assertProblem(broken, "admin_bad_request");
});

test("`GET /config` shows every effective value, where it came from, and secrets only as set or missing", async () => {
  const secrets = { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: "azure-secret-value-5d1c" };
  const azure = {
    tenant_id: "11111111-2222-3333-4444-555555555555",
    client_id: "66666666-7777-8888-9999-000000000000",
  };
  const notify = { targets: [{ kind: "slack", url_secret: "SLACK_URL" }] };
  await stage.start({ guard: { ...GUARD, azure, notify, dns: { ...GUARD.dns, min_ttl_s: 45 } }, secrets });
  const { text, json } = await stage.admin("/config");
  for (const word of [
    GATEWAY,
    "45",
    "3600",
    "110000",
    "/status-0123456789abcdef",
    "GUARD_ADMIN_TOKEN",
    "AZURE_CLIENT_SECRET",
    "SLACK_URL",
  ]) {
    assert.ok(text.includes(word), `${word} in ${text}`);
  }
  assert.match(text, /"set"/);
  assert.match(text, /"missing"/);
  assert.match(text, /default/);
  for (const secret of Object.values(secrets)) assert.ok(!text.includes(secret));
  assert.equal(typeof json, "object");
});

test("no secret is shown anywhere", async () => {
  const secrets = {
    GUARD_ADMIN_TOKEN: TOKEN,
    AZURE_CLIENT_SECRET: "azure-secret-value-5d1c",
    CLOUDFLARE_API_TOKEN: "cf-secret-value-77aa",
    HOOK_URL: "https://hooks.example/secret-path",
  };
  const notify = { targets: [{ kind: "webhook", url_secret: "HOOK_URL" }] };
  await stage.start({ guard: { ...GUARD, notify }, secrets });
  for (const path of ["/status", "/config", "/diagnose"]) {
    const answer = await stage.admin(path);
    for (const secret of Object.values(secrets))
      assert.ok(!answer.everything.includes(secret), `${path}: ${answer.text}`);
  }
  assert.deepEqual(
    stage.logs.filter((line) => Object.values(secrets).some((secret) => line.includes(secret))),
    [],
  );
});
