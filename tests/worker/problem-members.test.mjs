// Contract 4: the members of a problem document, for strangers and for operators.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { assertOperatorPart, assertProblem, assertStrangersPart } from "../support/problem.mjs";
import { CHAIN, GATEWAY, GUARD, HOST, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage();
  fails();
});
after(() => stage?.stop());

/** The compute name is gone, and the edge says so. */
function fails() {
  stage.zone(brokenAt(3));
  stage.edge.answers(GATEWAY, edgeError(1016));
}

const CODE = "origin_name_not_found";
const operator = (options = {}) =>
  stage.get("/", { ...options, headers: [["X-Origin-Guard-Token", TOKEN], ...(options.headers ?? [])] });

test("`type` leads to the page that explains the code", async () => {
  const { type } = assertProblem(await stage.get("/"), CODE);
  const url = new URL(type, `https://${HOST}/`);
  const page = await stage.get(url.pathname, { host: url.host });
  assert.equal(page.status, 200);
  assert.ok(page.text.includes(CODE));
});

test("DNS failures: dns, retryable, with the number and who acts", async () => {
  const document = assertProblem(await stage.get("/"), CODE);
  assert.equal(document.category, "dns");
  assert.equal(document.error_code, 1016);
  assert.equal(document.retryable, true);
});

const CATEGORY = [
  [521, "connection"],
  [522, "connection"],
  [523, "connection"],
  [524, "response"],
  [520, "response"],
  [525, "tls"],
  [526, "tls"],
];
for (const [number, category] of CATEGORY) {
  test(`${number} is of category ${category}`, async () => {
    stage.zone(CHAIN);
    stage.edge.answers(GATEWAY, edgeError(number));
    assert.equal((await stage.get("/")).json.category, category);
    fails();
    await stage.start({});
  });
}

test("ray_id is the one of the client's request", async () => {
  const document = (await stage.get("/", { headers: [["CF-RAY", "9a1b2c3d4e5f6071-VIE"]] })).json;
  assert.match(document.ray_id, /^9a1b2c3d4e5f6071/);
});

test("failures with one cause share one incident and its beginning", async () => {
  const first = (await stage.get("/one")).json;
  const second = (await stage.get("/two", { method: "POST", body: "{}" })).json;
  assert.equal(second.incident, first.incident);
  assert.equal(second.since, first.since);
});

test("strangers get nothing that is for operators", async () => {
  assertStrangersPart((await stage.get("/")).json);
});

const NO_TOKENS = ["", "wrong", TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase(), `Bearer ${TOKEN}`];
for (const token of NO_TOKENS) {
  test(`"${token.slice(0, 12)}…" of ${token.length} characters makes no operator`, async () => {
    assertStrangersPart(assertProblem(await stage.get("/", { headers: [["X-Origin-Guard-Token", token]] }), CODE));
  });
}

test("operators get evidence, checks and remedies", async () => {
  const document = assertOperatorPart(assertProblem(await operator(), CODE));
  const evidence = JSON.stringify(document.evidence);
  for (const hop of Object.keys(CHAIN)) assert.ok(evidence.includes(hop), `${hop} in ${evidence}`);
  for (const resolver of GUARD.dns.resolvers) assert.ok(evidence.includes(resolver), `${resolver} in ${evidence}`);
  assert.ok(JSON.stringify(document.evidence.failed_hop).includes(Object.keys(CHAIN)[3]));
});

test("a skipped check says why", async () => {
  const { checks } = (await operator()).json;
  for (const check of checks.filter((one) => one.result === "skip"))
    assert.ok(check.detail.length > 3, JSON.stringify(check));
  assert.ok(
    checks.some((check) => check.result === "fail"),
    "a failure has a check that failed",
  );
});

test("operators get the same in HTML, Markdown and text", async () => {
  for (const accept of ["text/html", "text/markdown", "text/plain"]) {
    const { text } = await operator({ headers: [["Accept", accept]] });
    assert.ok(text.includes(Object.keys(CHAIN)[3]), `the failed hop in ${accept}`);
  }
});

test("operators see the last good addresses and their time", async () => {
  await stage.start({});
  stage.zone(CHAIN);
  await stage.admin("/refresh", { method: "POST" });
  fails();
  const evidence = JSON.stringify((await operator()).json.evidence);
  assert.ok(evidence.includes("172.199.17.73"), evidence);
});

test("with detail = operator everyone is one", async () => {
  await stage.start({ guard: { ...GUARD, diagnostics: { detail: "operator" } } });
  assertOperatorPart(assertProblem(await stage.get("/"), CODE));
});

test("without an admin token nobody is one, whatever they send", async () => {
  await stage.start({ guard: GUARD, secrets: {} });
  for (const token of ["", "undefined", "null"])
    assertStrangersPart((await stage.get("/", { headers: [["X-Origin-Guard-Token", token]] })).json);
});

test("diagnostics.docs_url is the base of `type`", async () => {
  await stage.start({
    guard: { ...GUARD, diagnostics: { docs_url: "https://docs.example.com/problems/" } },
    secrets: { GUARD_ADMIN_TOKEN: TOKEN },
  });
  assert.equal((await stage.get("/")).json.type, `https://docs.example.com/problems/${CODE}`);
});
