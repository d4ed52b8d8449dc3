// Contract 6: 10,000 random requests to the admin interface and beside it. Whatever carries MARK comes from the client and must
// not come back as markup or as a header field; no secret comes back at all.

import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { after, before, test } from "node:test";

import { ACCESS, inSeconds, person, publish, signingKey, token } from "../support/access.mjs";
import { Answer, whole } from "../support/client.mjs";
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

const isAdmin = (path) => /^\/__guard(?:\/|$)/.test(path);

const MARK = `zq7<i>"'&`;
const SEED = Number(process.env.SEED ?? 20260427);
const COUNT = 10_000;
const SEGMENTS = [
  "status",
  "refresh",
  "diagnose",
  "history",
  "incidents",
  "config",
  "check",
  "replay",
  "bundle",
  "login",
  "logout",
  "healthz",
  "problems",
  "origin_unreachable",
  "problems/x",
  "allowlist",
  "audit",
  "metrics",
  "openapi.json",
  "checklist",
  "",
  ".",
  "..",
  "%2e%2e",
  "%00",
  "%ff",
  "%zz",
  "%",
  ";",
  "~",
  "*",
  encodeURIComponent(MARK),
  "0123456789abcdefg",
  "x".repeat(300),
];
const NAMES = ["origin", "limit", "cursor", "next", "format", "token", "evidence", "x", "", encodeURIComponent(MARK)];
const VALUES = [
  "",
  "zebra-gw",
  "1",
  "-1",
  "99999999999999999999",
  "null",
  "%",
  "%00",
  "%e2%82",
  "/__guard/status",
  "//evil.example",
  encodeURIComponent(MARK),
  encodeURIComponent("\r\nX-Injected: 1"),
  "a".repeat(500),
];
const FORMS = [
  "*/*",
  "text/html",
  "text/markdown",
  "text/plain",
  "application/json",
  "text/html;q=0.1,*/*;q=0.9",
  ";;,,q=",
  `text/html;x="${"y".repeat(99)}`,
];
const METHODS = ["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const BODIES = [
  "",
  "{}",
  "[]",
  "null",
  "{",
  '{"origins":[]}',
  '{"origins":[{"hostname":"a.azure-api.net"}]}',
  `token=${encodeURIComponent(MARK)}`,
  `token=${TOKEN}&next=/__guard/`,
  `next=${encodeURIComponent(MARK)}`,
  JSON.stringify({ [MARK]: MARK }),
  "[".repeat(5000),
  "x".repeat(70_000),
  "\u0000\u0001",
  "%".repeat(50),
];

function requestOf({ below, one, chance }) {
  const many = (list, most) => Array.from({ length: below(most + 1) }, () => one(list));
  const query = many(NAMES, 3)
    .map((name) => `${name}${chance(0.8) ? `=${one(VALUES)}` : ""}`)
    .join(one(["&", "&", "&&"]));
  const path = `${one(["/__guard", "/__guard", "/__guard", "/__GUARD", "//__guard"])}${many(SEGMENTS, 3)
    .map((segment) => `${one(["/", "/", "/", "//"])}${segment}`)
    .join("")}${query && `?${query}`}`;
  // What a client sends to the API as bearer token or form is the API's: there it is another one.
  const known = isAdmin(new URL(`https://${HOST}${path}`).pathname) ? TOKEN : "another";
  const credential = one([
    [],
    [],
    ["Authorization", `Bearer ${known}`],
    ["Authorization", `Bearer ${known}`],
    ["Authorization", `Bearer ${MARK}`],
    ["Authorization", MARK],
    cookie(sessionUntil(inSeconds(one([600, -600])), TOKEN)),
    cookie(MARK),
    ["Cf-Access-Jwt-Assertion", one(TOKENS)],
    ["Cookie", `CF_Authorization=${one(TOKENS)}`],
  ]);
  const fields = [
    ["Host", one([HOST, HOST, `${HOST}:8443`, "other.example.com"])],
    ["CF-Connecting-IP", one([`203.0.113.${below(256)}`, `2001:db8:${below(9999)}::1`, MARK, "::ffff:192.0.2.1"])],
    ...(credential.length ? [credential] : []),
    ...(chance(0.7) ? [["Accept", one(FORMS)]] : []),
    ...(chance(0.4)
      ? [["Origin", one([`https://${HOST}`, `http://${HOST}`, "null", "https://evil.example", MARK])]]
      : []),
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
const TOKENS = [
  token(KEY, person()),
  token(KEY, person({ exp: 1 })),
  token(signingKey(KEY.kid), person()),
  "a.b.c",
  "...",
  "x".repeat(3000),
  MARK,
];

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
  const request = httpRequest({
    port: stage.workerd.ports.guard,
    host: "127.0.0.1",
    method,
    path,
    headers: [...fields, ...length].flat(),
    agent,
    setHost: false,
  });
  request.end(body);
  const response = await new Promise((resolve, reject) => request.once("response", resolve).once("error", reject));
  return new Answer(response, await whole(response));
}

function assertSound(answer, asked) {
  const what = `seed ${SEED}: ${JSON.stringify(asked).slice(0, 1500)}\n${answer.everything.slice(0, 3000)}`;
  const rehearsed = asked.fields.some(([name]) => name === "X-Origin-Guard-Rehearse") && answer.status === 503;
  assert.ok(answer.status < 500 || rehearsed, what);
  assert.ok(!("x-injected" in answer.headers) && !("x-test" in answer.headers), what);
  assert.ok(
    answer.fields.every(([, value]) => !value.includes("zq7")),
    what,
  );
  const type = answer.headers["content-type"] ?? "";
  if (type.includes("html")) assert.ok(!answer.text.includes("<i>"), what);
  if (/\bjson\b/.test(type) && answer.body.length > 0) assert.doesNotThrow(() => answer.json, what);
  const sessions = answer.fields.filter(([name]) => name === "set-cookie");
  const rest =
    answer.fields
      .filter(([name]) => name !== "set-cookie")
      .flat()
      .join("\n") + answer.text;
  for (const secret of [TOKEN, HOOK, ARM_SECRET]) assert.ok(!answer.everything.includes(secret), what);
  for (const [, set] of sessions) {
    const value = set.slice(0, set.indexOf(";")).split("=", 2)[1];
    assert.ok(value === "" || !rest.includes(value), what);
  }
}

const kept = [];
test(
  `${COUNT} random requests: no answer of the guard's is a 500, none repeats what was sent as markup`,
  { timeout: 600_000 },
  async () => {
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
    for (const status of [200, 204, 303, 400, 401, 403, 404, 405])
      assert.ok(statuses.has(status), `${status} among ${[...statuses]}`);
  },
);

test("no secret went to the origin, into a log line or into the store", () => {
  assert.ok(kept.length > 0, "after the random requests");
  assert.ok(stage.kv.operations.length > 0 && stage.edge.to(GATEWAY).length > 0);
  const seen = stage.edge.seen.flatMap((exchange) => [
    exchange.url,
    ...exchange.rawHeaders,
    Buffer.concat(exchange.chunks).toString(),
  ]);
  const stored = stage.kv.operations.flatMap(({ key, value }) => [key, value ?? ""]);
  for (const [where, texts] of Object.entries({ seen, stored, logs: stage.logs })) {
    const text = texts.join("\n");
    for (const secret of [HOOK, ARM_SECRET]) assert.ok(!text.includes(secret), `${secret} in ${where}`);
    assert.ok(!text.includes(TOKEN), `the admin token in ${where}`);
    assert.ok(!text.includes(`${SESSION}=1`), `a session in ${where}`);
  }
  assert.ok(!stage.logs.some((line) => /panicked|Critical/.test(line)), stage.logs.join("\n").slice(0, 2000));
});
