// Contract 6: who may use the admin interface, and how it says no.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CODES } from "../support/codes.mjs";
import { assertProblem } from "../support/problem.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.answers(GATEWAY, { body: "origin" });
});
after(() => stage?.stop());

const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN };
const CLOSED = [
  ["GET", "/status"],
  ["POST", "/refresh"],
  ["GET", "/diagnose"],
  ["GET", "/config"],
  ["POST", "/notices/test"],
];
const from = (address) => ({ headers: [["CF-Connecting-IP", address]] });

test("healthz is open, says which version, and touches nothing", async () => {
  stage.clear();
  const answer = await stage.get("/__guard/healthz");
  assert.equal(answer.status, 200);
  assert.equal(answer.json.status, "ok");
  assert.match(answer.json.version, /^\d+\.\d+\.\d+/);
  assert.deepEqual([stage.edge.seen, stage.kv.operations], [[], []]);
});

const FORMS = [
  ["application/json", /^application\/json\b/],
  ["text/html", /^text\/html\b/],
  ["text/markdown", /^text\/markdown\b/],
  ["text/plain", /^text\/plain\b/],
];
for (const code of CODES) {
  test(`problems/${code} explains the code in every form, open to all`, async () => {
    for (const [accept, type] of FORMS) {
      const page = await stage.get(`/__guard/problems/${code}`, { headers: [["Accept", accept]] });
      assert.equal(page.status, 200);
      assert.match(page.headers["content-type"], type);
      assert.match(page.headers.vary ?? "", /accept/i);
      assert.ok(page.text.includes(code));
      if (type.test("application/json")) assert.equal(typeof page.json, "object");
    }
  });
}

test("a code that does not exist has no page", async () => {
  for (const code of ["origin_eaten_by_zebra", "origin_name", "ORIGIN_NAME_NOT_FOUND", "..%2Fstatus"]) {
    assertProblem(await stage.get(`/__guard/problems/${code}`), "admin_not_found");
  }
});

for (const [method, path] of CLOSED) {
  test(`${method} ${path} without a token or with a wrong one is 401`, async () => {
    const wrong = [
      [],
      [["Authorization", "Bearer wrong"]],
      [["Authorization", `Bearer ${TOKEN}x`]],
      [["Authorization", `Basic ${TOKEN}`]],
      [["Authorization", TOKEN]],
      [["X-Origin-Guard-Token", TOKEN]],
      [["Authorization", "Bearer "]],
      [["Cf-Access-Jwt-Assertion", "a.b.c"]],
    ];
    for (const headers of wrong) {
      const answer = await stage.get(`/__guard${path}`, { method, headers });
      assertProblem(answer, "admin_unauthenticated");
      assert.match(answer.headers["www-authenticate"] ?? "none", /^Bearer\b/i);
    }
  });

  test(`${method} ${path} with the token is answered`, async () => {
    assert.equal((await stage.admin(path, { method })).status, 200);
  });
}

test("the word Bearer is told by its letters, not by their case (RFC 9110 11.1)", async () => {
  assert.equal((await stage.get("/__guard/status", { headers: [["Authorization", `bearer ${TOKEN}`]] })).status, 200);
});

test("paths that do not exist are 404 admin_not_found, in the negotiated form", async () => {
  for (const path of ["/nothing", "/status/more", "/healthz/x", "/Status", "/origins/1"])
    assertProblem(await stage.admin(path), "admin_not_found");
  const html = await stage.admin("/nothing", { headers: [["Accept", "text/html"]] });
  assert.equal(html.status, 404);
  assert.match(html.headers["content-type"], /^text\/html/);
});

const METHODS = [
  ["POST", "/healthz", "GET"],
  ["PUT", "/problems/origin_unreachable", "GET"],
  ["DELETE", "/status", "GET"],
  ["GET", "/refresh", "POST"],
  ["POST", "/diagnose", "GET"],
  ["PATCH", "/config", "GET"],
  ["GET", "/notices/test", "POST"],
];
for (const [method, path, allowed] of METHODS) {
  test(`${method} ${path} is 405 and says ${allowed}`, async () => {
    const answer = await stage.admin(path, { method });
    assertProblem(answer, "admin_method_not_allowed");
    assert.ok(answer.headers.allow.split(/,\s*/).includes(allowed), answer.headers.allow);
  });
}

test("HEAD works where GET does", async () => {
  const answer = await stage.admin("/status", { method: "HEAD" });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, 0);
});

test("admin answers are never stored", async () => {
  for (const [method, path] of CLOSED)
    assert.match((await stage.admin(path, { method })).headers["cache-control"] ?? "", /no-store/);
});

test("nothing below admin.path ever reaches the origin, everything beside it does", async () => {
  stage.clear();
  for (const path of ["/__guard", "/__guard/", "/__guard/x", "/__guard/status?origin=zebra-gw", "/__guard?x"])
    await stage.admin(path.slice(8));
  assert.deepEqual(stage.edge.to(GATEWAY), []);
  for (const path of ["/__guardian", "/__guard.json", "/x/__guard/status", "/__GUARD/status"])
    assert.equal((await stage.get(path)).text, "origin");
});

test("without a token configured everything but healthz and problems/ is 403 and says what to configure", async () => {
  await stage.start({ secrets: {} });
  const signIn = ["GET", "POST", "DELETE", "OPTIONS"].flatMap((method) => [
    [method, "/login"],
    [method, "/logout"],
  ]);
  for (const [method, path] of [...CLOSED, ...signIn, ["GET", "/nothing"]]) {
    const document = assertProblem(await stage.admin(path, { method }), "admin_forbidden");
    assert.match(JSON.stringify(document), /GUARD_ADMIN_TOKEN/);
  }
  assert.equal((await stage.get("/__guard/healthz")).status, 200);
  assert.equal((await stage.get("/__guard/problems/origin_unreachable")).status, 200);
});

test("an empty or a short token opens nothing", async () => {
  for (const token of ["", "short", "x".repeat(31)]) {
    await stage.start({ secrets: { GUARD_ADMIN_TOKEN: token } });
    assert.notEqual((await stage.admin("/status", { token })).status, 200, `a token of ${token.length} characters`);
  }
});

test("allow_networks: only these client addresses, whatever the token", async () => {
  await stage.start({
    secrets: SECRETS,
    guard: { ...GUARD, admin: { allow_networks: ["203.0.113.0/24", "2001:db8:7::/48", "198.51.100.7"] } },
  });
  for (const address of ["203.0.113.9", "2001:db8:7::1", "198.51.100.7"])
    assert.equal((await stage.admin("/status", from(address))).status, 200, address);
  for (const address of ["203.0.114.9", "2001:db8:8::1", "198.51.100.8", "not an address", ""])
    assertProblem(await stage.admin("/status", from(address)), "admin_forbidden");
  assertProblem(await stage.admin("/status"), "admin_forbidden");
  assertProblem(
    await stage.admin("/status", {
      headers: [
        ["X-Forwarded-For", "203.0.113.9"],
        ["X-Real-IP", "203.0.113.9"],
      ],
    }),
    "admin_forbidden",
  );
});

test("allow_networks does not replace the token, and leaves healthz and problems/ open", async () => {
  assertProblem(await stage.get("/__guard/status", from("203.0.113.9")), "admin_unauthenticated");
  assert.equal((await stage.get("/__guard/healthz", from("192.0.2.1"))).status, 200);
  assert.equal((await stage.get("/__guard/problems/origin_unreachable", from("192.0.2.1"))).status, 200);
});

test("admin.hostname: the interface is on this host only, healthz and problems/ on every one", async () => {
  await stage.start({ guard: { ...GUARD, admin: { hostname: "guard.example.com" } } });
  assert.equal((await stage.admin("/status", { host: "guard.example.com" })).status, 200);
  for (const [method, path] of CLOSED) {
    stage.clear();
    const answer = await stage.admin(path, { method, host: HOST });
    assert.notEqual(answer.status, 200, path);
    assert.ok(
      !JSON.stringify(stage.edge.seen.map((exchange) => exchange.rawHeaders)).includes(TOKEN),
      "the token stays here",
    );
  }
  for (const host of [HOST, "guard.example.com", "elsewhere.example.org"]) {
    assert.equal((await stage.get("/__guard/healthz", { host })).status, 200);
    assert.equal((await stage.get("/__guard/problems/origin_unreachable", { host })).status, 200);
  }
});

test("admin.path moves all of it", async () => {
  await stage.start({ guard: { ...GUARD, admin: { path: "/ops/guard" } } });
  assert.equal((await stage.get("/ops/guard/healthz")).status, 200);
  assert.equal((await stage.get("/ops/guard/status", { headers: [["Authorization", `Bearer ${TOKEN}`]] })).status, 200);
  assert.equal((await stage.get("/__guard/healthz")).text, "origin");
  stage.edge.forget(GATEWAY);
  const { type } = (await stage.get("/")).json;
  assert.match(type, /\/ops\/guard\/problems\//);
});
