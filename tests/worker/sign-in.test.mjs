// Contract 6: a browser signs in with the admin token, and how often one may be wrong.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { inSeconds } from "../support/access.mjs";
import { assertHead, assertProblem } from "../support/problem.mjs";
import { SESSION, cookie, sessionUntil } from "../support/session.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";
import { BUILD, compatibility } from "../support/workerd.mjs";

let stage;
before(async () => {
  stage = await startStage();
  stage.edge.answers(GATEWAY, { body: "origin" });
});
after(() => stage?.stop());

const OWN = ["Origin", `https://${HOST}`];
const HTML = ["Accept", "text/html,application/xhtml+xml,*/*;q=0.8"];
const FORM = ["Content-Type", "application/x-www-form-urlencoded"];

const signIn = (fields, headers = [OWN, HTML]) =>
  stage.get("/__guard/login", {
    method: "POST",
    headers: [FORM, ...headers],
    body: new URLSearchParams(fields).toString(),
  });
const status = (...headers) => stage.get("/__guard/status", { headers });

test("a page without a credential is the form to sign in, with 401", async () => {
  const page = await stage.get("/__guard/status?origin=zebra-gw", { headers: [HTML] });
  assertHead(page, "admin_unauthenticated");
  assert.match(page.headers["content-type"], /^text\/html/);
  assert.match(page.text, /<form method="post" action="\/__guard\/login">/);
  assert.match(page.text, /<label for="token">/);
  assert.match(page.text, /<input id="token" name="token" type="password" autocomplete="current-password" required/);
  assert.match(page.text, /name="next" value="\/__guard\/status\?origin=zebra-gw"/);
  assert.doesNotMatch(page.text, /<script|role="alert"/);
  assertProblem(await status(), "admin_unauthenticated");
});

test("every page has a nonce of its own, which its style needs", async () => {
  const nonces = new Set();
  for (let i = 0; i < 5; i += 1) {
    const page = await stage.get("/__guard/login", { headers: [HTML] });
    assert.equal(page.status, 200);
    const nonce = /style-src 'nonce-([\w-]{22})'/.exec(page.headers["content-security-policy"])[1];
    assert.ok(page.text.includes(`<style nonce="${nonce}">`));
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 5);
});

test("the right token begins a session, and its cookie is for this host and the browser alone", async () => {
  const answer = await signIn({ token: TOKEN, next: "/__guard/status" });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/__guard/status");
  const [set] = answer.headers["set-cookie"];
  const [pair, ...attributes] = set.split("; ");
  assert.deepEqual(attributes.sort(), ["HttpOnly", "Max-Age=28800", "Path=/", "SameSite=Strict", "Secure"]);
  assert.ok(!set.includes(TOKEN) && pair.startsWith(`${SESSION}=`));
  assert.equal((await status(["Cookie", pair])).status, 200);
});

test("two sessions have two cookies", async () => {
  const [one, two] = [await signIn({ token: TOKEN }), await signIn({ token: TOKEN })];
  assert.notEqual(one.headers["set-cookie"][0], two.headers["set-cookie"][0]);
});

test("a session that another implementation made is good, until its end", async () => {
  assert.equal((await status(cookie(sessionUntil(inSeconds(60), TOKEN)))).status, 200);
  const ended = assertProblem(await status(cookie(sessionUntil(inSeconds(-1), TOKEN))), "admin_unauthenticated");
  assert.match(ended.detail, /session has ended/);
});

test("a forged session opens nothing", async () => {
  const good = sessionUntil(inSeconds(60), TOKEN);
  const [end, nonce, mac] = good.split(".");
  const underived = createHmac("sha256", TOKEN).update(`${end}.${nonce}`).digest("base64url");
  const forged = [
    sessionUntil(inSeconds(60), `${TOKEN}x`),
    `${end}.${nonce}.${underived}`,
    `${Number(end) + 1}.${nonce}.${mac}`,
    `${end}.x${nonce}.${mac}`,
    `${end}.${nonce}.${mac.slice(0, -1)}`,
    `${end}.${nonce}.${mac}=`,
    `${end}.${nonce}.`,
    `${end}.${nonce}`,
    `.${nonce}.${mac}`,
    `${end}.${nonce}.${"A".repeat(43)}`,
    `"${good}"`,
    "",
    "..",
    "9".repeat(5000),
  ];
  for (const value of forged) assertProblem(await status(cookie(value)), "admin_unauthenticated");
  for (const name of ["origin-guard", "__host-origin-guard", "__Secure-origin-guard", `x${SESSION}`])
    assertProblem(await status(["Cookie", `${name}=${good}`]), "admin_unauthenticated");
  assert.equal((await status(["Cookie", `a=b; ${SESSION}=forged; ${SESSION}=${good}; c`])).status, 200);
});

test("a new admin token ends all sessions", async () => {
  const session = cookie(sessionUntil(inSeconds(60), TOKEN));
  await stage.start({ secrets: { GUARD_ADMIN_TOKEN: "another-horse-battery-staple-0123456789" } });
  assertProblem(await status(session), "admin_unauthenticated");
  await stage.start({ secrets: { GUARD_ADMIN_TOKEN: TOKEN } });
});

test("a wrong token shows the form again with the reason, and repeats nothing", async () => {
  const answer = await signIn({ token: "<b>zq7</b>", next: "/__guard/history" });
  assertHead(answer, "admin_unauthenticated");
  assert.match(answer.text, /role="alert"/);
  assert.match(answer.text, /name="next" value="\/__guard\/history"/);
  assert.ok(!answer.everything.includes("zq7") && !("set-cookie" in answer.headers));
  assertProblem(await signIn({ token: "wrong" }, [OWN]), "admin_unauthenticated");
});

test("a form without a token is 400, one over 4 KiB too", async () => {
  assertProblem(await signIn({}, [OWN]), "admin_bad_request");
  assertProblem(await signIn({ padding: "x".repeat(5000), token: TOKEN }, [OWN]), "admin_bad_request");
});

test("signing in leads nowhere else", async () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/elsewhere",
    "/__guardian",
    "/__guard/../x",
    "/__guard/%2e%2e/x",
    "/__guard//evil.example",
    "/__guard/\r\nSet-Cookie: a=b",
    "javascript:alert(1)",
  ];
  for (const next of elsewhere) {
    const answer = await signIn({ token: TOKEN, next });
    assert.deepEqual([answer.status, answer.headers.location], [303, "/__guard/"], next);
    const page = await stage.get(`/__guard/login?next=${encodeURIComponent(next)}`, { headers: [HTML] });
    assert.match(page.text, /name="next" value="\/__guard\/"/, next);
  }
});

const PROOFS = [
  ["its own Origin", [OWN], true],
  ["Sec-Fetch-Site: same-origin", [["Sec-Fetch-Site", "same-origin"]], true],
  [
    "Origin: null and Sec-Fetch-Site: same-origin",
    [
      ["Origin", "null"],
      ["Sec-Fetch-Site", "same-origin"],
    ],
    true,
  ],
  ["nothing", [], false],
  ["another Origin", [["Origin", "https://evil.example"]], false],
  ["another port", [["Origin", `https://${HOST}:8443`]], false],
  ["another scheme", [["Origin", `http://${HOST}`]], false],
  ["Origin: null", [["Origin", "null"]], false],
  ["Sec-Fetch-Site: same-site", [["Sec-Fetch-Site", "same-site"]], false],
  ["Sec-Fetch-Site: cross-site", [["Sec-Fetch-Site", "cross-site"]], false],
  ["its own Origin and Sec-Fetch-Site: cross-site", [OWN, ["Sec-Fetch-Site", "cross-site"]], false],
  ["Referer alone", [["Referer", `https://${HOST}/__guard/`]], false],
  [
    "X-Forwarded-Host",
    [
      ["Origin", "https://evil.example"],
      ["X-Forwarded-Host", "evil.example"],
    ],
    false,
  ],
];
for (const [what, headers, proven] of PROOFS) {
  test(`with ${what} a session ${proven ? "changes" : "changes nothing"}`, async () => {
    const session = cookie(sessionUntil(inSeconds(60), TOKEN));
    stage.clear();
    const refresh = await stage.get("/__guard/refresh", { method: "POST", headers: [session, ...headers] });
    if (proven) assert.equal(refresh.status, 200);
    else assertProblem(refresh, "admin_forbidden");
    assert.equal(stage.questions.length > 0, proven, "whether it looked up");
    assert.equal(
      (await stage.get("/__guard/status", { headers: [session, ...headers] })).status,
      200,
      "reading is free",
    );
    const login = await signIn({ token: TOKEN }, headers);
    assert.equal(login.status, proven ? 303 : 403);
    assert.equal("set-cookie" in login.headers, proven);
    const logout = await stage.get("/__guard/logout", { method: "POST", headers: [session, ...headers] });
    assert.equal(logout.status, proven ? 303 : 403);
  });
}

test("the bearer token changes things from anywhere", async () => {
  for (const headers of [[], [["Origin", "https://evil.example"]], [["Sec-Fetch-Site", "cross-site"]]])
    assert.equal((await stage.admin("/refresh", { method: "POST", headers })).status, 200);
});

test("signing out clears the cookie and shows the form", async () => {
  const answer = await stage.get("/__guard/logout", { method: "POST", headers: [OWN] });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/__guard/login");
  assert.match(
    answer.headers["set-cookie"][0],
    /^__Host-origin-guard=; Path=\/; Max-Age=0; Secure; HttpOnly; SameSite=Strict$/,
  );
  const inside = await stage.get("/__guard/login", { headers: [HTML, cookie(sessionUntil(inSeconds(60), TOKEN))] });
  assert.match(inside.text, /<form method="post" action="\/__guard\/logout">/);
});

test("login and logout have their methods", async () => {
  for (const [method, path, allow] of [
    ["DELETE", "/login", "GET, HEAD, POST, OPTIONS"],
    ["GET", "/logout", "POST, OPTIONS"],
  ]) {
    const answer = await stage.get(`/__guard${path}`, { method });
    assertProblem(answer, "admin_method_not_allowed");
    assert.equal(answer.headers.allow, allow);
    const options = await stage.get(`/__guard${path}`, { method: "OPTIONS" });
    assert.deepEqual([options.status, options.headers.allow], [204, allow]);
  }
  const head = await stage.get("/__guard/login", { method: "HEAD", headers: [HTML] });
  assert.deepEqual([head.status, head.body.length], [200, 0]);
});

/** The `Cookie` field that the origin got, `undefined`: none. */
async function reached(value) {
  stage.clear();
  assert.equal((await stage.get("/orders", { headers: [["Cookie", value]] })).text, "origin");
  return stage.edge.seen.at(-1).headers.cookie;
}

for (const route of ["direct", "zone"]) {
  test(`route = ${route}: the session never reaches the origin, the other cookies do`, async () => {
    await stage.start({ guard: { ...GUARD, origins: [{ hostname: GATEWAY, route }] } });
    stage.edge.answers(HOST, { body: "origin" });
    const session = `${SESSION}=${sessionUntil(inSeconds(60), TOKEN)}`;
    assert.equal(await reached(`a=1; ${session}; b="2"`), 'a=1; b="2"');
    assert.equal(await reached(`${session}; a=1`), "a=1");
    assert.equal(await reached(`a=1;${session}`), "a=1");
    assert.equal(await reached(session), undefined);
    assert.equal(await reached(`${session}; ${session}`), undefined);
    assert.equal(await reached(`a=1, ${session}`), "a=1", "two fields in one");
    assert.equal(await reached(`${session}, a=1; b=2`), "a=1; b=2", "two fields in one");
    for (const other of [`a=${SESSION}; b=1`, `x${SESSION}=1;  b=2`, "a=1;;b=2"])
      assert.equal(await reached(other), other);
    await stage.start({ guard: GUARD });
  });
}

const wrong = (address, token = "wrong") => status(["CF-Connecting-IP", address], ["Authorization", `Bearer ${token}`]);

test("after fifty wrong tokens of a client none is looked at, and sessions stay open", async () => {
  for (let i = 0; i < 50; i += 1) assertProblem(await wrong("203.0.113.1"), "admin_unauthenticated");
  const limited = await wrong("203.0.113.1", TOKEN);
  assertProblem(limited, "admin_rate_limited");
  assert.ok(Number(limited.headers["retry-after"]) >= 1 && Number(limited.headers["retry-after"]) <= 60);
  const page = await signIn({ token: TOKEN }, [OWN, HTML, ["CF-Connecting-IP", "203.0.113.1"]]);
  assertHead(page, "admin_rate_limited");
  assert.match(page.text, /role="alert"/);
  const session = cookie(sessionUntil(inSeconds(60), TOKEN));
  assert.equal((await status(["CF-Connecting-IP", "203.0.113.1"], session)).status, 200);
  assert.equal((await wrong("203.0.113.2", TOKEN)).status, 200, "another client is not concerned");
});

test("an IPv6 network of 64 bits is one client", async () => {
  for (let i = 0; i < 50; i += 1) assertProblem(await wrong(`2001:db8:1:2::${i}`), "admin_unauthenticated");
  assertProblem(await wrong("2001:db8:1:2:ffff::1", TOKEN), "admin_rate_limited");
  assert.equal((await wrong("2001:db8:1:3::1", TOKEN)).status, 200);
});

test("tokens that are tried at proxied requests count as well", async () => {
  const rehearse = (token) =>
    stage.get("/", {
      headers: [
        ["CF-Connecting-IP", "203.0.113.3"],
        ["X-Origin-Guard-Token", token],
        ["X-Origin-Guard-Rehearse", "origin_unreachable"],
      ],
    });
  assert.equal((await rehearse(TOKEN)).status, 503);
  for (let i = 0; i < 50; i += 1) assert.equal((await rehearse("wrong")).text, "origin");
  assert.equal((await rehearse(TOKEN)).text, "origin", "it is not looked at");
  assertProblem(await wrong("203.0.113.3", TOKEN), "admin_rate_limited");
});

test("where a rate limiter is bound, its count closes the door too", async () => {
  const { Miniflare } = await import("miniflare");
  const { date } = await compatibility();
  const guard = new Miniflare({
    modules: [
      { type: "ESModule", path: "index.js", contents: await readFile(join(BUILD, "index.js"), "utf8") },
      { type: "CompiledWasm", path: "index_bg.wasm", contents: await readFile(join(BUILD, "index_bg.wasm")) },
    ],
    compatibilityDate: date,
    bindings: { GUARD, GUARD_ADMIN_TOKEN: TOKEN },
    ratelimits: { GUARD_RATE_LIMIT: { namespace_id: "1001", simple: { limit: 2, period: 60 } } },
  });
  try {
    const ask = async (token, address) => {
      const headers = { authorization: `Bearer ${token}`, "cf-connecting-ip": address };
      const answer = await guard.dispatchFetch(`https://${HOST}/__guard/config`, { headers });
      await answer.arrayBuffer();
      return answer.status;
    };
    assert.deepEqual([await ask("wrong", "203.0.113.1"), await ask("wrong", "203.0.113.1")], [401, 401]);
    assert.equal(await ask("wrong", "203.0.113.1"), 429);
    assert.equal(await ask(TOKEN, "203.0.113.1"), 429);
    assert.equal(await ask(TOKEN, "203.0.113.2"), 200);
  } finally {
    await guard.dispose();
  }
});

test("neither token nor session stands in a log line or the store", async () => {
  const session = sessionUntil(inSeconds(60), TOKEN);
  await stage.get("/__guard/refresh", { method: "POST", headers: [OWN, cookie(session)] });
  const kept = [...stage.logs, ...stage.kv.entries.keys(), ...stage.kv.entries.values()].join("\n");
  assert.ok(stage.kv.entries.size > 0);
  for (const secret of [TOKEN, session, session.split(".")[2]]) assert.ok(!kept.includes(secret));
});
