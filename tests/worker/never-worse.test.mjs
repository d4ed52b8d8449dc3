// Contract 3: a broken guard is never worse than no guard. Whatever of it is broken, what the origin can answer is answered.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { cut, never } from "../support/doh.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

const ANSWERS = [
  [
    "200",
    {
      headers: [
        ["Content-Type", "application/json"],
        ["Set-Cookie", "a=1"],
        ["Set-Cookie", "b=2"],
      ],
      body: '{"well":true}',
    },
  ],
  [
    "APIM's 401",
    { status: 401, headers: [["WWW-Authenticate", "AzureApiManagementKey"]], body: '{ "statusCode": 401 }' },
  ],
  ["its own 503", { status: 503, headers: [["Content-Type", "text/html"]], body: "<h1>Service Unavailable</h1>" }],
  ["its own 530", { status: 530, headers: [["Content-Type", "application/json"]], body: '{"statusCode":530}' }],
];

const KV = [
  ["KV well", true, "ok"],
  ["KV missing", false, "ok"],
  ["KV down", true, "down"],
  ["KV silent", true, "silent"],
];
const RESOLVERS = [
  ["resolvers well", null],
  ["resolvers dead", cut],
  ["resolvers silent", never],
];
const clear = { hostname: GATEWAY, serves: [HOST] };
const CONFIGURATIONS = [
  ["configuration well", GUARD],
  ["a second origin broken", { ...GUARD, origins: [clear, { hostname: "1.2.3.4" }, 7] }],
  [
    "other sections broken",
    {
      ...GUARD,
      dns: { resolvers: "no" },
      admin: 5,
      diagnostics: [],
      allowlist: "x",
      notify: { targets: 7 },
      azure: true,
      cloudflare: [],
    },
  ],
  ["unknown keys", { ...GUARD, zebra: 1, origins: [{ ...clear, colour: "striped" }] }],
  [
    "values out of range",
    {
      ...GUARD,
      origins: [{ ...clear, timeout_ms: -5, health_path: 9, expect_suffixes: "x", azure: { subscription_id: 1 } }],
      dns: { timeout_ms: 0, min_ttl_s: -1 },
    },
  ],
];

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

for (const [configuration, guard] of CONFIGURATIONS) {
  for (const [kvWords, kv, mode] of KV) {
    test(`${configuration}, ${kvWords}: the origin's answers are the client's`, async () => {
      stage.kv.mode = mode;
      await stage.start({ guard, kv, secrets: { GUARD_ADMIN_TOKEN: TOKEN } });
      for (const [resolvers, fault] of RESOLVERS) {
        stage.fault(fault);
        for (const [what, answer] of ANSWERS) {
          stage.edge.answers(GATEWAY, answer);
          const got = await stage.get("/x", { method: "POST", body: "{}" });
          assert.equal(got.status, answer.status ?? 200, `${what} with ${resolvers}`);
          assert.equal(got.text, answer.body);
          assert.deepEqual(
            got.fields.sort(),
            answer.headers.map(([name, value]) => [name.toLowerCase(), value]).sort(),
          );
        }
      }
    });
  }
}

const SECRETS = [
  ["no secrets", {}],
  ["an empty token", { GUARD_ADMIN_TOKEN: "" }],
  ["odd secrets", { GUARD_ADMIN_TOKEN: "\t\ud83e\udd93", AZURE_CLIENT_SECRET: "" }],
];
for (const [what, secrets] of SECRETS) {
  test(`${what}: the origin's answers are the client's`, async () => {
    await stage.start({ guard: GUARD, kv: true, secrets });
    stage.edge.answers(GATEWAY, { body: "well" });
    for (const headers of [
      [],
      [["X-Origin-Guard-Token", "x"]],
      [["Authorization", "Bearer x"]],
      [["CF-Connecting-IP", "no address"]],
      [["Accept", '"\u00ff;;']],
    ]) {
      assert.equal((await stage.get("/", { headers })).text, "well");
    }
  });
}

test("the guard serves on after everything failed at once, and recovers with the origin", async () => {
  stage.kv.mode = "silent";
  stage.fault(never);
  await stage.start({ guard: GUARD, kv: true, secrets: { GUARD_ADMIN_TOKEN: TOKEN } });
  stage.edge.forget(GATEWAY);
  const failed = await Promise.all(Array.from({ length: 20 }, (_, i) => stage.get(`/${i}`)));
  assert.deepEqual(new Set(failed.map(({ status }) => status)), new Set([503]));
  stage.edge.answers(GATEWAY, { body: "well" });
  assert.equal((await stage.get("/")).text, "well");
});
