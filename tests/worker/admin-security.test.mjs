// Contract 6, from outside: tricks with paths, methods and header fields.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { ACCESS, inSeconds, person, publish, signingKey, token } from "../support/access.mjs";
import { assertNoLeak, assertProblem } from "../support/problem.mjs";
import { SESSION, cookie, sessionUntil } from "../support/session.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

const KEY = signingKey("kid-of-the-team");
const CONFIGURED = { ...GUARD, admin: { access: ACCESS } };

let stage;
before(async () => {
  stage = await startStage({ guard: CONFIGURED });
  stage.edge.answers(GATEWAY, { body: "origin" });
  publish(stage.edge, [KEY]);
});
after(() => stage?.stop());

const isAdmin = (path) => /^\/__guard(?:[/?#]|$)/.test(path);

const PATHS = [
  "/__guard",
  "/__guard/",
  "/__guard/status/",
  "/__guard//status",
  "//__guard/status",
  "/__guard/./status",
  "/__guard/x/../status",
  "/x/../__guard/status",
  "/__guard/../__guard/status",
  "/__guard/../status",
  "/__guard/..",
  "/__guard/%2e%2e/orders",
  "/__guard/%2E%2E%2Forders",
  "/x/%2e%2e/__guard/status",
  "/__guard/healthz/../status",
  "/__guard/healthz/%2e%2e/status",
  "/__guard/healthz%2f..%2fstatus",
  "/__guard/problems/../status",
  "/__guard/problems/..%2fstatus",
  "/__guard/problems/%2e%2e%2fstatus",
  "/__guard%2fstatus",
  "/__guard%2Fstatus",
  "/__guard%5cstatus",
  "/__guard\\status",
  "/%5f%5fguard/status",
  "/%5F%5Fguard/status",
  "/__GUARD/status",
  "/__Guard/Status",
  "/__guard/STATUS",
  "/__guard;/status",
  "/__guard;x=1/status",
  "/__guard/status;x=1",
  "/__guard/;/status",
  "/__guard/status%00",
  "/__guard/status%20",
  "/__guard/status%0d%0aX-Injected:%201",
  "/__guard/status.json",
  "/__guard/status?x=/../healthz",
  "/__guard?/healthz",
  "/__guard/status#/healthz",
  "/__guard/healthz?",
  "/__guard.",
  "/__guard..;/status",
  "/.//__guard/status",
  "/__guard/status/..%252fhealthz",
  "/__guard/incidents/../../x",
  "/__guard/incidents/%2e%2e/status",
  "/__guard/ｓｔａｔｕｓ".replace(/[^\x20-\x7e]/g, encodeURIComponent),
];
for (const path of PATHS) {
  test(`${path} without a credential tells nothing and opens nothing`, async () => {
    for (const method of ["GET", "POST"]) {
      stage.clear();
      const answer = await stage.get(path, { method });
      const toOrigin = stage.edge.to(GATEWAY);
      if (toOrigin.length > 0) {
        assert.equal(answer.text, "origin");
        assert.ok(!isAdmin(toOrigin[0].path), `${toOrigin[0].path} is no path of the admin interface`);
      } else {
        assert.ok([200, 401, 404, 405].includes(answer.status), answer.everything);
        if (answer.status === 200) assert.equal(answer.json.status, "ok", "healthz alone is open");
        assertNoLeak(answer, ["zebra", TOKEN]);
        assert.ok(!("x-injected" in answer.headers));
      }
      assert.equal(stage.kv.operations.length, 0);
      assert.equal(stage.questions.length, 0);
    }
  });
}

test("paths are told by every letter: a slash at the end, a doubled one and another case lead nowhere", async () => {
  for (const path of ["/status/", "//status", "/Status", "/status%2f", "/status;x", "/history/", "/healthz/"])
    assertProblem(await stage.admin(path), "admin_not_found");
});

const READ = [
  "/healthz",
  "/problems/",
  "/problems/origin_unreachable",
  "/login",
  "/status",
  "/history",
  "/incidents",
  "/config",
  "/nothing",
];
const ACT = ["/refresh", "/replay", "/config/check", "/logout"];
test("HEAD is what GET is, without the body; OPTIONS lists the methods; others are 405 with Allow", async () => {
  for (const path of READ) {
    const [get, head] = [await stage.admin(path), await stage.admin(path, { method: "HEAD" })];
    assert.equal(head.status, get.status, path);
    assert.equal(head.headers["content-type"], get.headers["content-type"]);
    assert.equal(head.body.length, 0);
  }
  for (const path of [...READ.slice(0, -1), ...ACT]) {
    const options = await stage.admin(path, { method: "OPTIONS" });
    assert.deepEqual([options.status, options.body.length], [204, 0], path);
    const allowed = options.headers.allow.split(", ");
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"].filter((one) => !allowed.includes(one))) {
      const wrong = await stage.admin(path, { method });
      assertProblem(wrong, "admin_method_not_allowed");
      assert.equal(wrong.headers.allow, options.headers.allow, `${method} ${path}`);
    }
  }
});

test("OPTIONS tells a stranger nothing, and no other origin is allowed anything", async () => {
  const preflight = [
    ["Origin", "https://evil.example"],
    ["Access-Control-Request-Method", "POST"],
    ["Access-Control-Request-Headers", "authorization"],
  ];
  assertProblem(
    await stage.get("/__guard/refresh", { method: "OPTIONS", headers: preflight }),
    "admin_unauthenticated",
  );
  const { headers } = await stage.admin("/refresh", { method: "OPTIONS", headers: preflight });
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith("access-control")),
    [],
  );
});

test("unknown and repeated parameters do no harm, the first one counts", async () => {
  for (const query of ["?x", "?x=1&x=2", "?&&&", "?=", "?%", "?origin=zebra-gw&origin=other", "?limit=5&limit=x"])
    assert.equal((await stage.admin(`/history${query}`)).status, 200, query);
});

const AS_IF = [
  ["X-Original-URL", "/__guard/healthz"],
  ["X-Rewrite-URL", "/__guard/healthz"],
  ["X-HTTP-Method-Override", "OPTIONS"],
  ["X-Forwarded-Host", "localhost"],
  ["X-Forwarded-For", "127.0.0.1"],
  ["X-Forwarded-User", "admin"],
  ["Forwarded", "for=127.0.0.1;host=localhost"],
  ["CF-Worker", "example.com"],
  ["Cf-Access-Authenticated-User-Email", "user@example.com"],
  ["Cf-Access-Client-Id", "e367826f93b8d71185e03fe518aff3b4.access"],
  ["Cf-Access-Client-Secret", "x"],
  ["X-Origin-Guard-Token", TOKEN],
  ["Proxy-Authorization", `Bearer ${TOKEN}`],
  ["Cookie", `GUARD_ADMIN_TOKEN=${TOKEN}`],
  ["Cookie", `${SESSION}=${TOKEN}`],
];
for (const field of AS_IF) {
  test(`${field.join(": ")} is no credential`, async () => {
    assertProblem(await stage.get("/__guard/status", { headers: [field] }), "admin_unauthenticated");
  });
}

test("a field that is sent twice is not read in the attacker's favour", async () => {
  const twice = async (name, one, two, rest = [], options = {}) => {
    const [a, b] = [
      await stage.get("/__guard/status", { headers: [[name, one], [name, two], ...rest], ...options }),
      await stage.get("/__guard/status", { headers: [[name, two], [name, one], ...rest], ...options }),
    ];
    return [a.status, b.status];
  };
  assert.deepEqual(await twice("Authorization", `Bearer ${TOKEN}`, "Bearer wrong"), [401, 401]);
  assert.deepEqual(await twice("Cf-Access-Jwt-Assertion", token(KEY, person()), "a.b.c"), [401, 401]);
  const session = cookie(sessionUntil(inSeconds(60), TOKEN));
  for (const headers of [
    [
      ["Origin", `https://${HOST}`],
      ["Origin", "https://evil.example"],
    ],
    [
      ["Origin", "https://evil.example"],
      ["Origin", `https://${HOST}`],
    ],
    [
      ["Sec-Fetch-Site", "cross-site"],
      ["Sec-Fetch-Site", "same-origin"],
    ],
  ])
    assertProblem(
      await stage.get("/__guard/refresh", { method: "POST", headers: [session, ...headers] }),
      "admin_forbidden",
    );
});

test("whoever names another host to admin.hostname is not let in", async () => {
  await stage.start({ guard: { ...CONFIGURED, admin: { hostname: "guard.example.com" } } });
  assert.equal((await stage.admin("/status", { host: "GUARD.example.com:8443" })).status, 200);
  for (const host of [
    HOST,
    "guard.example.com.evil.example",
    "evil-guard.example.com",
    "guard.example.com@evil.example",
  ])
    assert.notEqual((await stage.admin("/status", { host })).status, 200, host);
  await stage.start({ guard: CONFIGURED });
});

test("a long credential is refused, not choked on", async () => {
  for (const field of [
    ["Authorization", `Bearer ${"x".repeat(15_000)}`],
    ["Cf-Access-Jwt-Assertion", `${"x".repeat(15_000)}.y.z`],
    ["Cookie", `${SESSION}=${"1".repeat(15_000)}`],
    ["Cookie", `${SESSION}=x; `.repeat(700)],
  ])
    assertProblem(await stage.get("/__guard/status", { headers: [field] }), "admin_unauthenticated");
});

test("every admin answer has the fields that keep it where it is", async () => {
  const html = [["Accept", "text/html"]];
  const answers = [
    await stage.get("/__guard/healthz"),
    await stage.get("/__guard/problems/", { headers: html }),
    await stage.get("/__guard/problems/origin_unreachable", { headers: html }),
    await stage.get("/__guard/status"),
    await stage.get("/__guard/status", { headers: html }),
    await stage.get("/__guard/login", { headers: html }),
    await stage.admin("/status"),
    await stage.admin("/nothing", { headers: html }),
    await stage.admin("/status", { method: "DELETE" }),
    await stage.admin("/status", { method: "OPTIONS" }),
  ];
  for (const { headers, everything } of answers) {
    assert.match(headers["content-security-policy"], /^default-src 'none'/, everything);
    assert.match(headers["content-security-policy"], /frame-ancestors 'none'/);
    assert.doesNotMatch(headers["content-security-policy"], /unsafe|\*/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["x-frame-options"], "DENY");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.ok(!("access-control-allow-origin" in headers), "no other origin may read it");
  }
});
