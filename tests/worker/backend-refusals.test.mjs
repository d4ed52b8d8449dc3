// Answers of the origin's own that tell of a backend which refuses the gateway: they go through untouched, and status,
// diagnose and the log say what they are a sign of.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { after, before, beforeEach, test } from "node:test";

import { until } from "../support/process.mjs";
import { GATEWAY, startStage } from "../support/stage.mjs";

const JSON_TYPE = ["Content-Type", "application/json"];
const own = (status, message, ...headers) => ({
  status,
  headers: [JSON_TYPE, ...headers],
  body: `{ "statusCode": ${status}, "message": "${message}", "activityId": "0a1b2c3d-0000-4000-8000-000000000001" }`,
});
const page = (status, body, ...headers) => ({ status, headers: [["Content-Type", "text/html"], ...headers], body });

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());
// A new instance and an empty store: what one test counted is not the next one's.
beforeEach(async () => {
  await stage.start();
  stage.kv.entries.clear();
});

const origin = async () => (await stage.admin("/status")).json.origins[0];
const findingIn = ({ findings }) => findings.find(({ code }) => code === "backend_rejects_gateway");
const seen = () =>
  until("a sign is counted", async () => {
    const shown = await origin();
    return shown.backend_refusals && shown;
  });
const logged = () => stage.logs.filter((line) => line.includes('"backend_rejects_gateway"'));

/** As a plain passthrough hands it on. */
async function assertUntouched(path = "/orders") {
  const [guarded, plain] = [await stage.get(path), await stage.baseline(path)];
  assert.equal(guarded.status, plain.status);
  assert.deepEqual(guarded.fields, plain.fields);
  assert.ok(guarded.body.equals(plain.body));
}

const SIGNS = [
  [
    "the header ErrorReason",
    own(502, "The backend is not there", ["ErrorSource", "forward-request"], ["ErrorReason", "BackendConnectionFailure"]),
    "backend_connection_failure",
    /one that is down another/,
  ],
  ["API Management's own 500", own(500, "Internal server error"), "internal_server_error", /look the same/],
  [
    "App Service's 403",
    page(403, "<html>403</html>", ["x-ms-forbidden-ip", "20.1.2.3"]),
    "ip_forbidden",
    /20\.1\.2\.3/,
  ],
  ["a 403 that says IP Forbidden", page(403, "<h1>403 - IP Forbidden</h1>"), "ip_forbidden", /came through/],
];
for (const [what, answer, sign, words] of SIGNS) {
  test(`${what} is a sign of a backend that refuses the gateway, and goes through untouched`, async () => {
    stage.edge.answers(GATEWAY, answer);
    await assertUntouched();
    const shown = await seen();
    const { count, first_at, last_at } = shown.backend_refusals;
    assert.deepEqual(shown.backend_refusals, { count: 1, first_at, last_at, sign });
    for (const time of [first_at, last_at]) assert.match(time, /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
    const finding = findingIn(shown);
    assert.equal(finding.severity, "warning");
    assert.match(finding.evidence, words);
    assert.deepEqual(findingIn((await stage.admin("/diagnose")).json), finding);
  });
}

for (const [what, answer] of [
  ["a 403 of the API", own(403, "You may not cancel this order")],
  ["a 403 page of the API", page(403, "<h1>403 Forbidden</h1>")],
  ["a 403 of the gateway's ip-filter", own(403, "Caller IP address 20.1.2.3 is not allowed. Access denied.")],
  ["a 404 of API Management", own(404, "Resource not found")],
  ["a 401 of API Management", own(401, "Access denied due to missing subscription key.")],
  ["a 500 of the API", own(500, "Orders are closed")],
  ["an error with another reason", own(429, "Slow down", ["ErrorReason", "RateLimitExceeded"])],
  ["a 500 of 5 kB", own(500, `Internal server error${" ".repeat(5000)}`)],
  ["a good answer with the header", { headers: [["ErrorReason", "BackendConnectionFailure"]], body: "well" }],
]) {
  test(`${what} is no sign`, async () => {
    stage.edge.answers(GATEWAY, answer);
    await assertUntouched();
    // What is looked at after the answer would be counted before this one, which is.
    stage.edge.answers(GATEWAY, SIGNS[0][1]);
    await stage.get("/");
    assert.deepEqual((await seen()).backend_refusals.count, 1);
    assert.equal((await origin()).backend_refusals.sign, "backend_connection_failure");
  });
}

test("bodies are looked at seldom, heads always, and the log has one line", async () => {
  stage.edge.answers(GATEWAY, own(500, "Internal server error"));
  for (let i = 0; i < 5; i += 1) await stage.get("/");
  assert.equal((await seen()).backend_refusals.count, 1, "a sample");
  stage.edge.answers(GATEWAY, SIGNS[0][1]);
  for (let i = 0; i < 5; i += 1) await stage.get("/");
  assert.equal((await origin()).backend_refusals.count, 6);
  const [line, ...more] = logged();
  assert.deepEqual(more, []);
  assert.deepEqual(JSON.parse(line), {
    event: "backend_rejects_gateway",
    origin: "zebra-gw",
    sign: "internal_server_error",
  });
});

test("a compressed body goes through byte for byte", async () => {
  const { body, ...head } = own(500, "Internal server error");
  stage.edge.answers(GATEWAY, {
    ...head,
    headers: [JSON_TYPE, ["Content-Encoding", "gzip"]],
    body: gzipSync(body),
  });
  await assertUntouched();
  assert.equal((await seen()).backend_refusals.sign, "internal_server_error");
});

test("a long body is not held up by the look", async () => {
  const length = 16_000_000;
  stage.edge.on(GATEWAY, (_, response) => {
    response.writeHead(403, ["Content-Type", "text/plain"]);
    response.end(Buffer.alloc(length, "x"));
  });
  assert.equal((await stage.get("/")).body.length, length);
  assert.equal((await origin()).backend_refusals, null);
});

test("the first sign is stored once, the next ones cost nothing, and no DNS question is asked", async () => {
  stage.edge.answers(GATEWAY, own(502, "The backend is not there", ["ErrorReason", "BackendConnectionFailure"]));
  stage.clear();
  for (let i = 0; i < 20; i += 1) await stage.get("/");
  await until("the first is stored", () => stage.kv.count("put") > 0);
  await stage.get("/");
  assert.deepEqual([stage.kv.count("put"), stage.questions.length, stage.edge.seen.length], [1, 0, 21]);
});

test("what was counted outlives the isolate, and the history tells of it", async () => {
  stage.edge.answers(GATEWAY, page(403, "<html>403</html>", ["x-ms-forbidden-ip", "20.1.2.3"]));
  await stage.get("/orders");
  await until("the record has it", () => [...stage.kv.entries.values()].some((text) => text.includes("ip_forbidden")));
  await stage.start();
  const shown = await origin();
  assert.deepEqual([shown.backend_refusals.count, shown.backend_refusals.sign], [1, "ip_forbidden"]);
  assert.match(findingIn(shown).evidence, /20\.1\.2\.3/);
  const { events } = (await stage.admin("/history")).json;
  const [event] = events.filter(({ kind }) => kind === "backend_rejects_gateway");
  assert.deepEqual([event.origin, event.causes, event.after.count], [shown.name, ["ip_forbidden"], 1]);
});
