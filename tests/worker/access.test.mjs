// Contract 6: Cloudflare Access tokens, signed with real keys, against the built module.

import assert from "node:assert/strict";
import { createHmac, createSign } from "node:crypto";
import { after, before, test } from "node:test";

import {
  ACCESS,
  AUDIENCE,
  TEAM_HOST,
  encoded,
  inSeconds,
  person,
  publish,
  service,
  signingKey,
  token,
} from "../support/access.mjs";
import { assertNoLeak, assertProblem } from "../support/problem.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

const CURRENT = signingKey("1a1c3986a44ce6390be42ec772b031df8f433fdc71716db821dc0c39af3bce49");
const FORMER = signingKey("6c3bffef71bb0a90c9cbef3b7c0d4a1c7b4b8b76b80292a623afd9dac45d1c65");
const STRANGER = signingKey(CURRENT.kid);

const WITH_ACCESS = { ...GUARD, admin: { access: ACCESS } };
let stage;
before(async () => {
  stage = await startStage({ guard: WITH_ACCESS, secrets: {} });
  stage.edge.answers(GATEWAY, { body: "origin" });
  publish(stage.edge, [CURRENT, FORMER]);
});
after(() => stage?.stop());

const call = (jwt, path = "/status", { headers = [], ...options } = {}) =>
  stage.get(`/__guard${path}`, { headers: [["Cf-Access-Jwt-Assertion", jwt], ...headers], ...options });
const fetches = () => stage.edge.to(TEAM_HOST).length;

test("a person comes in, by header and by cookie, with either key of the team", async () => {
  assert.equal((await call(token(CURRENT, person()))).status, 200);
  assert.equal((await call(token(FORMER, person()))).status, 200);
  const cookie = ["Cookie", `a=b; CF_Authorization=${token(CURRENT, person())}`];
  assert.equal((await stage.get("/__guard/status", { headers: [cookie] })).status, 200);
  assert.equal(fetches(), 1, "the keys are kept");
});

test("a service token comes in", async () => {
  assert.equal((await call(token(CURRENT, service()))).status, 200);
});

const RESIGNED = (header, claims, key = CURRENT) => token(key, claims, header);
const HS256 = () => {
  const signed = `${encoded({ alg: "HS256", kid: CURRENT.kid })}.${encoded(person())}`;
  const pem = CURRENT.publicKey.export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", pem).update(signed).digest("base64url")}`;
};
const SHA1 = () => {
  const signed = `${encoded({ alg: "RS256", kid: CURRENT.kid })}.${encoded(person())}`;
  return `${signed}.${createSign("sha1").update(signed).sign(CURRENT.privateKey).toString("base64url")}`;
};
const WITHOUT = (name) => {
  const claims = person();
  delete claims[name];
  return token(CURRENT, claims);
};
const FORGED = [
  ["signed with another key under the same kid", () => token(STRANGER, person()), /signature/],
  ["signed with SHA-1", SHA1, /signature/],
  [
    "with claims that were changed afterwards",
    () => swapped(1, encoded(person({ email: "evil@example.com" }))),
    /signature/,
  ],
  ["with a signature of zeros", () => swapped(2, Buffer.alloc(256).toString("base64url")), /signature/],
  ["with a short signature", () => swapped(2, "AAAA"), /signature/],
  ["of a key that the team does not have", () => RESIGNED({ kid: "unknown" }, person()), /signing key/],
  ["with alg none and no signature", () => `${encoded({ alg: "none", kid: CURRENT.kid })}.${encoded(person())}.`, /./],
  ["with alg none and a signature", () => RESIGNED({ alg: "none" }, person()), /RS256/],
  ["with HS256 and the public key as secret", HS256, /RS256/],
  ["with PS256", () => RESIGNED({ alg: "PS256" }, person()), /RS256/],
  ["with crit", () => RESIGNED({ crit: ["b64"], b64: false }, person()), /RS256/],
  [
    "with a key of its own in the header",
    () => token(STRANGER, person(), { jwk: STRANGER.publicKey.export({ format: "jwk" }) }),
    /signature/,
  ],
  ["with a jku of its own", () => token(STRANGER, person(), { jku: "https://evil.example/jwks" }), /signature/],
  ["that has expired", () => token(CURRENT, person({ exp: inSeconds(-1) })), /expired/],
  ["that is not valid yet", () => token(CURRENT, person({ nbf: inSeconds(60) })), /not valid yet/],
  ["for another application", () => token(CURRENT, person({ aud: ["f".repeat(64)] })), /another application/],
  ["for a part of the audience", () => token(CURRENT, person({ aud: AUDIENCE.slice(0, -1) })), /another application/],
  ["of another team", () => token(CURRENT, person({ iss: "https://evil.cloudflareaccess.com" })), /another team/],
  ["of the team by http", () => token(CURRENT, person({ iss: `http://${TEAM_HOST}` })), /another team/],
  [
    "that is the team's session and none for an application",
    () => token(CURRENT, person({ type: "org" })),
    /application/,
  ],
  ["without exp", () => WITHOUT("exp"), /cannot be read/],
  ["without aud", () => WITHOUT("aud"), /cannot be read/],
  ["without iss", () => WITHOUT("iss"), /cannot be read/],
  ["without type", () => WITHOUT("type"), /cannot be read/],
  ["of 9 kB", () => token(CURRENT, person({ padding: "x".repeat(9000) })), /cannot be read/],
  ["that is none", () => "eyJ.x.y", /cannot be read/],
  ["with a fourth part", () => `${token(CURRENT, person())}.e30`, /cannot be read/],
];
function swapped(place, part) {
  const parts = token(CURRENT, person()).split(".");
  parts[place] = part;
  return parts.join(".");
}
for (const [what, make, words] of FORGED) {
  test(`a token ${what} opens nothing, and the answer says why`, async () => {
    const forged = make();
    const answer = await call(forged);
    const document = assertProblem(answer, "admin_unauthenticated");
    assert.match(document.detail, words);
    assertNoLeak(
      answer,
      forged.split(".").filter((part) => part.length > 8),
    );
    const cookie = ["Cookie", `CF_Authorization=${forged}`];
    assertProblem(await stage.get("/__guard/status", { headers: [cookie] }), "admin_unauthenticated");
  });
}

test("no forged token made the guard fetch from anywhere but the team", () => {
  assert.deepEqual(
    [...new Set(stage.edge.seen.map((exchange) => exchange.url))],
    [`https://${TEAM_HOST}/cdn-cgi/access/certs`],
  );
});

test("a storm of unknown keys costs one fetch a minute", async () => {
  await stage.start({});
  stage.clear();
  const storm = Array.from({ length: 60 }, (_, i) => call(RESIGNED({ kid: `k${i}` }, person(), STRANGER)));
  for (const answer of await Promise.all(storm)) assertProblem(answer, "admin_unauthenticated");
  assert.equal(fetches(), 1);
  assert.equal((await call(token(CURRENT, person()))).status, 200, "who has a good one is not concerned");
  assert.equal(fetches(), 1);
});

test("without the keys nothing can be told: nobody gets in, and the answer says so", async () => {
  for (const broken of [{ status: 500 }, { body: "<html>" }, { body: '{"keys":[]}' }, { body: "x".repeat(100_000) }]) {
    await stage.start({});
    stage.clear();
    stage.edge.answers(TEAM_HOST, broken);
    for (let i = 0; i < 2; i += 1) {
      const answer = await call(token(CURRENT, person()));
      assert.deepEqual([answer.status, answer.json.code], [503, "guard_internal_error"]);
      assert.match(answer.json.detail, /cannot be told/);
    }
    assert.equal(fetches(), 1, "and it is not asked again at once");
    assertNoLeak(await call(token(CURRENT, person())), ["zebra"]);
  }
  publish(stage.edge, [CURRENT]);
});

test("Access changes things from the guard's own page only", async () => {
  await stage.start({});
  const post = (headers) => call(token(CURRENT, person()), "/refresh", { method: "POST", headers });
  assert.equal((await post([["Origin", `https://${HOST}`]])).status, 200);
  assert.equal((await post([["Sec-Fetch-Site", "same-origin"]])).status, 200);
  for (const headers of [[], [["Origin", "https://evil.example"]], [["Sec-Fetch-Site", "cross-site"]]])
    assertProblem(await post(headers), "admin_forbidden");
});

test("with Access alone there is no token to sign in with, and the refusal says where to come from", async () => {
  const html = [["Accept", "text/html"]];
  const page = await stage.get("/__guard/status", { headers: html });
  assert.equal(page.status, 401);
  assert.match(page.text, /Cloudflare Access/);
  assert.doesNotMatch(page.text, /<form/);
  assertProblem(await stage.get("/__guard/login"), "admin_forbidden");
  assertProblem(await stage.admin("/status"), "admin_unauthenticated");
});

test("allow_networks and admin.hostname hold for Access too", async () => {
  const admin = { access: ACCESS, allow_networks: ["203.0.113.0/24"], hostname: "guard.example.com" };
  await stage.start({ guard: { ...GUARD, admin } });
  const from = (address, host) =>
    call(token(CURRENT, person()), "/status", { host, headers: [["CF-Connecting-IP", address]] });
  assert.equal((await from("203.0.113.1", "guard.example.com")).status, 200);
  assertProblem(await from("198.51.100.1", "guard.example.com"), "admin_forbidden");
  assertProblem(await from("203.0.113.1", HOST), "admin_not_found");
});

test("token and Access together: each opens; a wrong bearer token is not saved by Access", async () => {
  await stage.start({ guard: WITH_ACCESS, secrets: { GUARD_ADMIN_TOKEN: TOKEN } });
  assert.equal((await stage.admin("/status")).status, 200);
  assert.equal((await call(token(CURRENT, person()))).status, 200);
  const wrong = [["Authorization", "Bearer wrong"]];
  assertProblem(await call(token(CURRENT, person()), "/status", { headers: wrong }), "admin_unauthenticated");
});

test("an Access token makes no operator of a proxied request", async () => {
  stage.edge.forget(GATEWAY);
  const headers = [["Cf-Access-Jwt-Assertion", token(CURRENT, person())]];
  assert.ok(!("evidence" in (await stage.get("/x", { headers })).json));
});
