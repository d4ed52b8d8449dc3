// Issue 4.9 and contract 2 (`notify`): notices and the heartbeat, before receivers that speak the documented forms.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { cut } from "../support/doh.mjs";
import { edgeError, send } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { aged, fromTheFuture } from "../support/record.mjs";
import { CHAIN, GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const LAST = Object.keys(CHAIN)[3];
const MOVED = { ...CHAIN, [LAST]: { a: ["40.71.32.66"], ttl: 120 } };
const MINUTE_MS = 60_000;
const STATE = "notices/state";

const ROUTING_KEY = "hush4duty0123456789abcdef0123456";
const SECRETS = {
  GUARD_ADMIN_TOKEN: TOKEN,
  HOOK_URL: "https://hook.test/in?sig=hush-hook",
  HOOK_KEY: "hush-signing-key",
  SLACK_URL: "https://slack.test/services/T0/B0/hush-slack",
  TEAMS_URL: "https://teams.test:443/workflows/1/triggers/manual/paths/invoke?sp=%2Ftriggers&sig=hush-teams",
  DUTY_KEY: `https://duty.test/v2/enqueue?routing_key=${ROUTING_KEY}`,
  BEAT_URL: "https://beat.test/hush-beat",
};
const RECEIVERS = ["hook.test", "slack.test", "teams.test", "duty.test"];
const NOTIFYING = {
  ...GUARD,
  origins: [{ hostname: GATEWAY, serves: [HOST] }],
  notify: {
    heartbeat_url_secret: "BEAT_URL",
    targets: [
      { kind: "webhook", url_secret: "HOOK_URL", signing_secret: "HOOK_KEY", min_severity: "info" },
      { kind: "slack", url_secret: "SLACK_URL" },
      { kind: "teams", url_secret: "TEAMS_URL" },
      { kind: "pagerduty", url_secret: "DUTY_KEY", min_severity: "error" },
    ],
  },
};

let stage;
before(async () => {
  stage = await startStage({ guard: NOTIFYING, secrets: SECRETS });
});
after(() => stage?.stop());
beforeEach(async () => {
  Object.assign(stage.kv, { mode: "ok" }).entries.clear();
  stage.zone(CHAIN);
  mend();
  receive();
  await stage.start({ guard: NOTIFYING, secrets: SECRETS, kv: true });
  await run();
  stage.clear();
});

/** Each receiver takes what it is documented to take, and nothing else. */
const FORMS = {
  "hook.test": (body) => body.version === 1 && body.key && body.phase && 204,
  "slack.test": (body) => body.text && body.blocks?.every((block) => slackBlock(block)) && 200,
  "teams.test": (body) => body.type === "message" && body.attachments?.every(teamsCard) && 202,
  "duty.test": (body) => pagerdutyEvent(body) && 202,
};
const slackText = ({ type, text }) => type === "mrkdwn" && text.length > 0 && text.length <= 3000;
const slackBlock = (block) =>
  (block.type === "section" && slackText(block.text)) || (block.type === "context" && block.elements.length <= 10 && block.elements.every(slackText));
const teamsCard = ({ contentType, content }) =>
  contentType === "application/vnd.microsoft.card.adaptive" &&
  content.type === "AdaptiveCard" &&
  content.body.every(({ type }) => ["TextBlock", "FactSet"].includes(type)) &&
  content.actions.every(({ type, url }) => type === "Action.OpenUrl" && url.startsWith("https://"));
const pagerdutyEvent = ({ routing_key, event_action, dedup_key, payload }) =>
  routing_key?.length === 32 &&
  dedup_key?.length <= 255 &&
  (event_action === "resolve" ||
    (event_action === "trigger" &&
      payload.summary.length <= 1024 &&
      payload.source.length > 0 &&
      ["critical", "error", "warning", "info"].includes(payload.severity)));

function receive() {
  for (const host of RECEIVERS)
    stage.edge.on(host, async (exchange, response) => {
      const body = JSON.parse(await exchange.body());
      const json = exchange.method === "POST" && exchange.headers["content-type"] === "application/json";
      send(response, { status: (json && FORMS[host](body)) || 400 });
    });
  stage.edge.answers("beat.test", { body: "OK" });
}
function mend() {
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, { body: "well" });
}
async function run() {
  assert.equal((await stage.scheduled()).outcome, "ok");
}
const writes = () => stage.kv.operations.filter(({ kind, key }) => kind === "put" && key === STATE).length;
/** A request fails; resolves once every receiver was asked, and what they said is stored. */
async function fail(receivers = RECEIVERS, isStored = true) {
  stage.edge.answers(GATEWAY, edgeError(522));
  const [counts, before] = [receivers.map((host) => stage.edge.to(host).length), writes()];
  const answer = await stage.get("/");
  await until(() => receivers.every((host, index) => stage.edge.to(host).length > counts[index]));
  if (isStored) await until(() => writes() > before);
  return assertProblem(answer, "origin_connection_timeout");
}
/** Another isolate, and all that is stored is so much older. */
async function later(ms = 0) {
  for (const [key, text] of stage.kv.entries) stage.kv.entries.set(key, aged(text, ms));
  await stage.start({});
}
async function until(holds) {
  for (let i = 0; i < 200; i += 1) {
    if (holds()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  assert.fail("what was waited for did not come");
}
async function told(host) {
  const bodies = await Promise.all(stage.edge.to(host).map((exchange) => exchange.body()));
  return bodies.map((body) => JSON.parse(body));
}
const hooked = async () => (await told("hook.test")).map(({ phase, code }) => `${phase} ${code}`);
const status = async () => (await stage.admin("/status")).json.guard.notices;
const test_notices = (query = "") => stage.admin(`/notices/test${query}`, { method: "POST" });

test("a failure is told at once, to every kind of target, in the form it takes", async () => {
  const { incident } = await fail();
  const [hook] = await told("hook.test");
  assert.equal(hook.key, `incident/${incident}`);
  assert.deepEqual([hook.phase, hook.code, hook.severity, hook.origin], ["opened", "origin_connection_timeout", "error", "zebra-gw"]);
  assert.equal(hook.link, `https://${HOST}/__guard/incidents/${incident}`);
  for (const target of (await status()).targets) {
    assert.ok(target.last_ok_at, JSON.stringify(target));
    assert.equal(target.failing_since, null);
  }
});

test("the link of a notice leads to its incident", async () => {
  await fail();
  const { link } = (await told("hook.test"))[0];
  const answer = await stage.get(new URL(link).pathname, { headers: [["Authorization", `Bearer ${TOKEN}`]] });
  assert.equal(answer.status, 200);
});

test("a webhook's signature is the HMAC-SHA-256 of its time and body", async () => {
  await fail();
  const [exchange] = stage.edge.to("hook.test");
  const timestamp = exchange.headers["x-origin-guard-timestamp"];
  const mac = createHmac("sha256", SECRETS.HOOK_KEY).update(`${timestamp}.`).update(await exchange.body());
  assert.equal(exchange.headers["x-origin-guard-signature"], `v1=${mac.digest("hex")}`);
  assert.ok(Math.abs(Date.now() / 1000 - Number(timestamp)) < 60);
  const snippet = /```js\n(.*?)```/s.exec(await readFile(join(ROOT, "docs/notices.md"), "utf8"))[1];
  const { isGenuine } = await import(`data:text/javascript,${encodeURIComponent(snippet)}`);
  assert.ok(isGenuine(SECRETS.HOOK_KEY, exchange.headers, await exchange.body()), "as docs/notices.md shows");
  assert.ok(!isGenuine(SECRETS.HOOK_KEY, exchange.headers, Buffer.from("another body")));
  for (const host of RECEIVERS.slice(1))
    assert.equal(stage.edge.to(host)[0].headers["x-origin-guard-signature"], undefined, host);
});

test("PagerDuty gets trigger and resolve with one dedup key", async () => {
  const { incident } = await fail();
  mend();
  await run();
  const events = await told("duty.test");
  assert.deepEqual(
    events.map(({ event_action, dedup_key, routing_key }) => [event_action, dedup_key, routing_key]),
    [
      ["trigger", `incident/${incident}`, ROUTING_KEY],
      ["resolve", `incident/${incident}`, ROUTING_KEY],
    ],
  );
});

test("each is told once: failures, runs and isolates that follow tell nothing again", async () => {
  await fail();
  await later();
  assertProblem(await stage.get("/"), "origin_connection_timeout");
  await run();
  await later(2 * MINUTE_MS);
  await run();
  assert.deepEqual(await hooked(), ["opened origin_connection_timeout"]);
  mend();
  await run();
  await later(10 * MINUTE_MS);
  await run();
  assert.deepEqual(await hooked(), ["opened origin_connection_timeout", "resolved origin_connection_timeout"]);
});

test("a change of addresses is told by the run that sees it, with both values", async () => {
  await later(120 * MINUTE_MS);
  stage.zone(MOVED);
  await run();
  await run();
  const [drift, ...more] = await told("hook.test");
  assert.deepEqual(more, []);
  assert.deepEqual([drift.phase, drift.code, drift.severity], ["happened", "drift", "warning"]);
  assert.deepEqual([drift.before, drift.after], [["172.199.17.73"], ["40.71.32.66"]]);
  assert.deepEqual(await told("duty.test"), [], "min_severity is error there");
});

const FAILURES = [
  ["503", (_, response) => send(response, { status: 503 })],
  ["429", (_, response) => send(response, { status: 429, headers: [["Retry-After", "30"]] })],
  ["a redirect", (_, response) => send(response, { status: 307, headers: [["Location", "https://elsewhere.test/"]] })],
  ["a lost connection", (_, response) => response.socket.destroy()],
];
for (const [what, handler] of FAILURES) {
  test(`a target that answers with ${what} is asked again by a later run of another isolate`, async () => {
    stage.edge.on("hook.test", handler);
    await fail();
      const [target] = (await status()).targets;
    assert.ok(target.failing_since && target.last_error, JSON.stringify(target));
    assert.equal(target.last_ok_at, null);
    receive();
    await run();
    assert.equal(stage.edge.to("hook.test").length, 1, "not before the pause is over");
    await later(2 * MINUTE_MS);
    await run();
    assert.equal(stage.edge.to("hook.test").length, 2);
    assert.equal((await status()).targets[0].failing_since, null);
    assert.deepEqual(stage.edge.to("elsewhere.test"), [], "no redirect is followed");
    assert.equal(stage.edge.to("slack.test").length, 1, "the others have it");
  });
}

test("a receiver that is silent delays no answer", async () => {
  const asked = new Promise((resolve) => stage.edge.on("hook.test", resolve));
  stage.edge.answers(GATEWAY, edgeError(522));
  assertProblem(await stage.get("/"), "origin_connection_timeout");
  await asked;
});

test("a request that succeeds tells nobody and reads nothing", async () => {
  await stage.get("/");
  assert.deepEqual(RECEIVERS.flatMap((host) => stage.edge.to(host)), []);
  assert.deepEqual(stage.kv.operations, []);
});

test("the heartbeat is fetched after a good run, and only then", async () => {
  await run();
  assert.deepEqual(stage.edge.to("beat.test").map(({ method, path }) => [method, path]), [["GET", "/hush-beat"]]);
  await later(120 * MINUTE_MS);
  stage.clear();
  stage.fault(cut);
  await run();
  assert.deepEqual(stage.edge.to("beat.test"), [], "no resolver answered");
  stage.zone(CHAIN);
  stage.kv.mode = "down";
  await run();
  assert.deepEqual(stage.edge.to("beat.test"), [], "KV is down");
});

test("status shows each target and no URL", async () => {
  const { targets, state } = await status();
  assert.equal(state, "ok");
  assert.deepEqual(
    targets.map(({ kind, min_severity, secret }) => [kind, min_severity, secret]),
    [
      ["webhook", "info", "set"],
      ["slack", "warning", "set"],
      ["teams", "warning", "set"],
      ["pagerduty", "error", "set"],
    ],
  );
});

test("a secret that is missing or holds no URL is said, and nothing is sent", async () => {
  await stage.start({ secrets: { GUARD_ADMIN_TOKEN: TOKEN, HOOK_URL: SECRETS.HOOK_URL, SLACK_URL: "hush, no URL" } });
  stage.edge.answers(GATEWAY, edgeError(522));
  await stage.get("/");
  const { targets } = await status();
  assert.deepEqual(targets.map(({ secret }) => secret), ["missing", "set", "missing", "missing"]);
  assert.match(targets[0].last_error, /signing_secret/);
  assert.match(targets[1].last_error, /no URL/);
  const outcomes = (await test_notices()).json.targets;
  assert.ok(outcomes.every(({ ok, error }) => !ok && error));
  assert.deepEqual(RECEIVERS.flatMap((host) => stage.edge.to(host)), []);
});

test("POST /notices/test tells every target, and says how it went", async () => {
  stage.edge.answers("teams.test", { status: 500 });
  const { json } = await test_notices();
  assert.deepEqual(
    json.targets.map(({ index, kind, ok, error }) => [index, kind, ok, error]),
    [
      [0, "webhook", true, null],
      [1, "slack", true, null],
      [2, "teams", false, "answered HTTP status 500"],
      [3, "pagerduty", true, null],
    ],
  );
  assert.deepEqual((await told("duty.test")).map(({ event_action }) => event_action), ["trigger", "resolve"]);
  stage.clear();
  assert.deepEqual((await test_notices("?target=slack")).json.targets.map(({ index }) => index), [1]);
  assert.deepEqual((await test_notices("?target=0")).json.targets.map(({ kind }) => kind), ["webhook"]);
  assertProblem(await test_notices("?target=pigeon"), "admin_bad_request");
  assert.equal((await stage.get("/__guard/notices/test", { method: "POST" })).status, 401);
});

for (const bytes of ["not json", "{}", "newer"]) {
  test(`a state that cannot be read (${bytes}) is kept, status says so, and only PagerDuty is told`, async () => {
    const kept = bytes === "newer" ? fromTheFuture(stage.kv.entries.get(STATE)) : bytes;
    stage.kv.entries.set(STATE, kept);
    await stage.start({});
    await fail(["duty.test"], false);
    await run();
    assert.equal(stage.kv.entries.get(STATE), kept);
    assert.equal((await status()).state, "unreadable");
    assert.deepEqual(await told("hook.test"), []);
    assert.deepEqual(stage.edge.to("beat.test"), [], "a guard that cannot tell is not well");
  });
}

test("no URL, key or token is in an answer, a log line or the store", async () => {
  for (const host of RECEIVERS) stage.edge.on(host, (_, response) => response.socket.destroy());
  await fail();
  await run();
  const answers = [await stage.admin("/status"), await stage.admin("/config"), await test_notices(), await stage.get("/")];
  const texts = [...answers.map(({ everything }) => everything), ...stage.kv.entries.values(), stage.logs.join("\n")];
  assert.match(texts.at(-1), /"notice_failed"/);
  for (const secret of ["hush", "hook.test", "slack.test", "teams.test", "duty.test", "beat.test", TOKEN])
    for (const text of texts) assert.ok(!text.includes(secret), `${secret} in ${text}`);
});
