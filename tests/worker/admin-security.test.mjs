// Contract 6, from outside: tricks with paths, methods and header fields, and 10,000 random requests.

import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";

import { ACCESS, TEAM_HOST, inSeconds, person, publish, signingKey, token } from "../support/access.mjs";
import { Answer, whole } from "../support/client.mjs";
import { assertNoLeak, assertProblem } from "../support/problem.mjs";
import { choices, seeded } from "../support/random.mjs";
import { SESSION, cookie, sessionUntil } from "../support/session.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

const KEY = signingKey("kid-of-the-team");
const HOOK = "https://hooks.example.com/services/T0/B0/hush-hush-webhook";
const ARM_SECRET = "arm-client-secret-value-0123456789";
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, SLACK_URL: HOOK, AZURE_CLIENT_SECRET: ARM_SECRET };
const CONFIGURED = {
  ...GUARD,
  admin: { access: ACCESS },
  azure: { tenant_id: "11111111-1111-1111-1111-111111111111", client_id: "22222222-2222-2222-2222-222222222222" },
  notify: { targets: [{ kind: "slack", url_secret: "SLACK_URL" }] },
};

let stage;
before(async () => {
  stage = await startStage({ guard: CONFIGURED, secrets: SECRETS });
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
    const [a, b] = [await stage.get("/__guard/status", { headers: [[name, one], [name, two], ...rest], ...options }),
      await stage.get("/__guard/status", { headers: [[name, two], [name, one], ...rest], ...options })];
    return [a.status, b.status];
  };
  assert.deepEqual(await twice("Authorization", `Bearer ${TOKEN}`, "Bearer wrong"), [401, 401]);
  assert.deepEqual(await twice("Cf-Access-Jwt-Assertion", token(KEY, person()), "a.b.c"), [401, 401]);
  const session = cookie(sessionUntil(inSeconds(60), TOKEN));
  for (const headers of [
    [["Origin", `https://${HOST}`], ["Origin", "https://evil.example"]],
    [["Origin", "https://evil.example"], ["Origin", `https://${HOST}`]],
    [["Sec-Fetch-Site", "cross-site"], ["Sec-Fetch-Site", "same-origin"]],
  ])
    assertProblem(await stage.get("/__guard/refresh", { method: "POST", headers: [session, ...headers] }), "admin_forbidden");
});

test("whoever names another host to admin.hostname is not let in", async () => {
  await stage.start({ guard: { ...CONFIGURED, admin: { hostname: "guard.example.com" } } });
  assert.equal((await stage.admin("/status", { host: "GUARD.example.com:8443" })).status, 200);
  for (const host of [HOST, "guard.example.com.evil.example", "evil-guard.example.com", "guard.example.com@evil.example"])
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

// Random requests. Whatever carries MARK comes from the client and must not come back as markup or as a header field.
const MARK = `zq7<i>"'&`;
const SEED = Number(process.env.SEED ?? 20260427);
const COUNT = 10_000;
const SEGMENTS = ["status", "refresh", "diagnose", "history", "incidents", "config", "check", "replay", "bundle", "login", "logout",
  "healthz", "problems", "origin_unreachable", "problems/x", "allowlist", "audit", "metrics", "openapi.json", "checklist", "", ".", "..",
  "%2e%2e", "%00", "%ff", "%zz", "%", ";", "~", "*", encodeURIComponent(MARK), "0123456789abcdefg", "x".repeat(300)];
const NAMES = ["origin", "limit", "cursor", "next", "format", "token", "evidence", "x", "", encodeURIComponent(MARK)];
const VALUES = ["", "zebra-gw", "1", "-1", "99999999999999999999", "null", "%", "%00", "%e2%82", "/__guard/status", "//evil.example",
  encodeURIComponent(MARK), encodeURIComponent("\r\nX-Injected: 1"), "a".repeat(500)];
const FORMS = ["*/*", "text/html", "text/markdown", "text/plain", "application/json", "text/html;q=0.1,*/*;q=0.9", ";;,,q=", `text/html;x="${"y".repeat(99)}`];
const METHODS = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const BODIES = ["", "{}", "[]", "null", "{", '{"origins":[]}', '{"origins":[{"hostname":"a.azure-api.net"}]}', `token=${encodeURIComponent(MARK)}`,
  `token=${TOKEN}&next=/__guard/`, `next=${encodeURIComponent(MARK)}`, JSON.stringify({ [MARK]: MARK }), "[".repeat(5000), "x".repeat(70_000), "\u0000\u0001", "%".repeat(50)];

function requestOf({ below, one, chance }) {
  const many = (list, most) => Array.from({ length: below(most + 1) }, () => one(list));
  const query = many(NAMES, 3).map((name) => `${name}${chance(0.8) ? `=${one(VALUES)}` : ""}`).join(one(["&", "&", "&&"]));
  const path = `${one(["/__guard", "/__guard", "/__guard", "/__GUARD", "//__guard"])}${many(SEGMENTS, 3).map((segment) => `${one(["/", "/", "/", "//"])}${segment}`).join("")}${query && `?${query}`}`;
  // What a client sends to the API as bearer token or form is the API's: there it is another one.
  const known = isAdmin(new URL(`https://${HOST}${path}`).pathname) ? TOKEN : "another";
  const credential = one([
    [], [], ["Authorization", `Bearer ${known}`], ["Authorization", `Bearer ${known}`], ["Authorization", `Bearer ${MARK}`], ["Authorization", MARK],
    cookie(sessionUntil(inSeconds(one([600, -600])), TOKEN)), cookie(MARK), ["Cf-Access-Jwt-Assertion", one(TOKENS)], ["Cookie", `CF_Authorization=${one(TOKENS)}`],
  ]);
  const fields = [
    ["Host", one([HOST, HOST, `${HOST}:8443`, "other.example.com"])],
    ["CF-Connecting-IP", one([`203.0.113.${below(256)}`, `2001:db8:${below(9999)}::1`, MARK, "::ffff:192.0.2.1"])],
    ...(credential.length ? [credential] : []),
    ...(chance(0.7) ? [["Accept", one(FORMS)]] : []),
    ...(chance(0.4) ? [["Origin", one([`https://${HOST}`, `http://${HOST}`, "null", "https://evil.example", MARK])]] : []),
    ...(chance(0.3) ? [["Sec-Fetch-Site", one(["same-origin", "cross-site", "none", MARK])]] : []),
    ...(chance(0.2) ? [["CF-Ray", one(["8f0a1b2c3d4e5f60-VIE", MARK])]] : []),
    ...(chance(0.1) ? [["X-Origin-Guard-Token", one([TOKEN, MARK])]] : []),
    ...(chance(0.1) ? [["X-Origin-Guard-Rehearse", one(["origin_unreachable", MARK])]] : []),
    ...(chance(0.1) ? [["If-None-Match", one(["*", `"${MARK.replaceAll('"', "")}"`])]] : []),
    ["X-Test-Proto", one(["https", "https", "http"])],
  ];
  const method = one(METHODS);
  const body = method === "GET" || method === "HEAD" ? undefined : one(BODIES).replace(TOKEN, known);
  return { method, path, fields, body };
}
const TOKENS = [token(KEY, person()), token(KEY, person({ exp: 1 })), token(signingKey(KEY.kid), person()), "a.b.c", "...", "x".repeat(3000), MARK];

/** Sends `asked`, again where the connection was cut: a body that nobody reads may still be on its way. */
async function send(agent, asked, tries = 5) {
  try {
    return await sendOnce(agent, asked);
  } catch (cut) {
    if (tries === 1 || cut.code !== "ECONNRESET") throw cut;
    return send(agent, asked, tries - 1);
  }
}

async function sendOnce(agent, { method, path, fields, body }) {
  const length = body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  const request = httpRequest({ port: stage.workerd.ports.guard, host: "127.0.0.1", method, path, headers: [...fields, ...length].flat(), agent, setHost: false });
  request.end(body);
  const response = await new Promise((resolve, reject) => request.once("response", resolve).once("error", reject));
  return new Answer(response, await whole(response));
}

function assertSound(answer, asked) {
  const what = `seed ${SEED}: ${JSON.stringify(asked).slice(0, 1500)}\n${answer.everything.slice(0, 3000)}`;
  const rehearsed = asked.fields.some(([name]) => name === "X-Origin-Guard-Rehearse") && answer.status === 503;
  assert.ok(answer.status < 500 || rehearsed, what);
  assert.ok(!("x-injected" in answer.headers) && !("x-test" in answer.headers), what);
  assert.ok(answer.fields.every(([, value]) => !value.includes("zq7")), what);
  const type = answer.headers["content-type"] ?? "";
  if (type.includes("html")) assert.ok(!answer.text.includes("<i>"), what);
  if (/\bjson\b/.test(type) && answer.body.length > 0) assert.doesNotThrow(() => answer.json, what);
  const sessions = answer.fields.filter(([name]) => name === "set-cookie");
  const rest = answer.fields.filter(([name]) => name !== "set-cookie").flat().join("\n") + answer.text;
  for (const secret of [TOKEN, HOOK, ARM_SECRET]) assert.ok(!answer.everything.includes(secret), what);
  for (const [, set] of sessions) {
    const value = set.slice(0, set.indexOf(";")).split("=", 2)[1];
    assert.ok(value === "" || !rest.includes(value), what);
  }
}

const kept = [];
test(`${COUNT} random requests: no answer of the guard's is a 500, none repeats what was sent as markup`, { timeout: 600_000 }, async () => {
  stage.edge.answers(TEAM_HOST, { status: 404 });
  publish(stage.edge, [KEY]);
  const random = choices(seeded(SEED));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const statuses = new Map();
  let left = COUNT;
  const worker = async () => {
    while (left-- > 0) {
      const asked = requestOf(random);
      const answer = await send(agent, asked);
      assertSound(answer, asked);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  agent.destroy();
  kept.push(...statuses.keys());
  for (const status of [200, 204, 303, 400, 401, 403, 404, 405]) assert.ok(statuses.has(status), `${status} among ${[...statuses]}`);
});

test("no secret went to the origin, into a log line or into the store", () => {
  assert.ok(kept.length > 0, "after the random requests");
  assert.ok(stage.kv.operations.length > 0 && stage.edge.to(GATEWAY).length > 0);
  const seen = stage.edge.seen.flatMap((exchange) => [exchange.url, ...exchange.rawHeaders, Buffer.concat(exchange.chunks).toString()]);
  const stored = stage.kv.operations.flatMap(({ key, value }) => [key, value ?? ""]);
  for (const [where, texts] of Object.entries({ seen, stored, logs: stage.logs })) {
    const text = texts.join("\n");
    for (const secret of [HOOK, ARM_SECRET]) assert.ok(!text.includes(secret), `${secret} in ${where}`);
    assert.ok(!text.includes(TOKEN), `the admin token in ${where}`);
    assert.ok(!text.includes(`${SESSION}=1`), `a session in ${where}`);
  }
  assert.ok(!stage.logs.some((line) => /panicked|Critical/.test(line)), stage.logs.join("\n").slice(0, 2000));
});
