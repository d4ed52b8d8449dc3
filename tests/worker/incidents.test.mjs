// Issue 3.6, 3.7, 3.10 and contract 6: incidents across isolates, their list, link, bundle and replay, the history, the log.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { edgeError } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { aged } from "../support/record.mjs";
import { CHAIN, GATEWAY, GUARD, TOKEN, brokenAt, startStage } from "../support/stage.mjs";

const SETTLE_MS = 300; // background work of a request is done by then
const QUIET_MS = 10_500; // an origin that has not failed for 10 s has recovered
const HOUR_MS = 3_600_000;
const LAST = Object.keys(CHAIN)[3];
// Some resolvers carry an account's id in their path.
const RESOLVERS = ["https://doh-a.test/secret-account-17/dns-query?key=secretkey", "https://doh-b.test/dns-query"];

let stage;
before(async () => {
  stage = await startStage({ guard: { ...GUARD, dns: { ...GUARD.dns, resolvers: RESOLVERS } } });
});
after(() => stage?.stop());
beforeEach(async () => {
  Object.assign(stage.kv, { mode: "ok" }).entries.clear();
  stage.zone(CHAIN);
  await stage.start({ kv: true });
  stage.clear();
});

async function fail(number = 1016, options = {}) {
  stage.zone(number === 1016 ? brokenAt(3) : CHAIN);
  stage.edge.answers(GATEWAY, edgeError(number));
  const { incident } = assertProblem(await stage.get("/", options), number === 1016 ? "origin_name_not_found" : "origin_connection_timeout");
  await pause(SETTLE_MS);
  return incident;
}
function mend() {
  stage.zone(CHAIN);
  stage.edge.answers(GATEWAY, { body: "well" });
}
/** Another isolate, and all that is stored is so much older. */
async function later(ms = 0) {
  for (const [key, text] of stage.kv.entries) stage.kv.entries.set(key, aged(text, ms));
  await stage.start({});
  stage.clear();
}
const get = async (path) => {
  const answer = await stage.admin(path);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const incidents = async (query = "") => (await get(`/incidents${query}`)).incidents;
const kinds = async () => (await get("/history")).events.map(({ kind }) => kind);
const events = (logs = stage.logs) =>
  logs.flatMap((line) => (line.includes('"event"') ? [JSON.parse(line.slice(line.indexOf("{")))] : []));

test("a failure opens an incident: in the document, in the list, in status and in the store", async () => {
  const id = await fail();
  const [incident, ...more] = await incidents();
  assert.deepEqual(more, []);
  assert.equal(incident.id, id);
  assert.equal(incident.instance, `urn:origin-guard:incident:${id}`);
  assert.equal(incident.state, "open");
  assert.equal(incident.code, "origin_name_not_found");
  assert.equal(incident.hop, LAST);
  assert.equal(incident.count, 1);
  assert.equal(incident.since, incident.last_at);
  assert.equal(incident.ended, null);
  assert.equal((await get("/status")).origins[0].incident.id, id);
  assert.deepEqual([...stage.kv.entries.keys()].sort(), [`incident/${id}`, "origin/zebra-gw"]);
});

test("another isolate joins it", async () => {
  const id = await fail();
  await later();
  assert.equal(await fail(), id);
  assert.equal((await incidents()).length, 1);
});

test("failures that another isolate met are counted, once it is time to write", async () => {
  await fail();
  await later(HOUR_MS);
  await fail();
  const [incident] = await incidents();
  assert.equal(incident.count, 2);
  assert.ok(Date.parse(incident.last_at) - Date.parse(incident.since) >= HOUR_MS, "first and last time");
});

test("a changed cause is noted in the same incident", async () => {
  const id = await fail(1016);
  await later(60_000);
  assert.equal(await fail(522), id);
  const [incident] = await incidents();
  assert.equal(incident.code, "origin_connection_timeout");
  assert.equal(incident.hop, null);
  assert.deepEqual(
    incident.changes.map(({ from, to }) => [from, to]),
    [["origin_name_not_found", "origin_connection_timeout"]],
  );
  assert.deepEqual(await kinds(), ["incident_changed", "incident_opened"]);
});

test("an answer to a client ends it, in this isolate and in the store", async () => {
  const id = await fail();
  mend();
  await pause(QUIET_MS);
  assert.equal((await stage.get("/")).text, "well");
  await pause(SETTLE_MS);
  const [incident] = await incidents();
  assert.equal(incident.id, id);
  assert.equal(incident.state, "ended");
  assert.equal(incident.ended.by, "client_answered");
  assert.equal((await get("/status")).origins[0].incident, null);
  assert.deepEqual(await kinds(), ["incident_ended", "incident_opened"]);
  assert.equal(events().filter(({ event }) => event === "incident_ended").length, 1);
});

test("the scheduled run ends it where the health path answers, in any isolate", async () => {
  await fail();
  await later(HOUR_MS);
  mend();
  await stage.scheduled();
  const [incident] = await incidents();
  assert.equal(incident.ended.by, "health_answered");
  assert.equal(events().filter(({ event }) => event === "incident_ended").length, 1);
  const [run] = events().filter(({ event }) => event === "scheduled_run");
  assert.equal(run.origins[0].recovered, true);
});

test("the scheduled run leaves it open where the edge still fails", async () => {
  await fail();
  await later(HOUR_MS);
  await stage.scheduled();
  assert.equal((await incidents())[0].state, "open");
});

test("a failure after the end opens another one", async () => {
  const first = await fail();
  await later(HOUR_MS);
  mend();
  await stage.scheduled();
  await later();
  const second = await fail();
  assert.notEqual(second, first);
  assert.deepEqual((await incidents()).map(({ id, state }) => [id, state]), [[second, "open"], [first, "ended"]]);
});

test("its link shows verdict, checks, evidence and remedies", async () => {
  const id = await fail();
  const { diagnosis, ...incident } = await get(`/incidents/${id}`);
  assert.equal(incident.id, id);
  assert.equal(diagnosis.verdict.code, "origin_name_not_found");
  assert.equal(diagnosis.verdict.failed_hop.name, LAST);
  for (const part of ["checks", "remedies"]) assert.ok(diagnosis[part].length > 0, part);
  assert.equal(diagnosis.evidence.origin, GATEWAY);
});

test("its link outlives the record", async () => {
  const id = await fail();
  stage.kv.entries.delete("origin/zebra-gw");
  await later();
  assert.equal((await get(`/incidents/${id}`)).diagnosis.verdict.code, "origin_name_not_found");
});

test("replay of a bundle gives the same verdict, in another isolate and without any store", async () => {
  const id = await fail();
  const { text } = await stage.admin(`/incidents/${id}/bundle`);
  await stage.start({ kv: false });
  stage.clear();
  const answer = await stage.admin("/replay", { method: "POST", body: text });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.same, true);
  assert.equal(answer.json.verdict.code, "origin_name_not_found");
  assert.equal(answer.json.verdict.failed_hop.name, LAST);
  assert.equal(answer.json.incident.id, id);
  assert.deepEqual(stage.questions, [], "nothing is asked");
});

test("a bundle whose evidence says something else is told from the same", async () => {
  const id = await fail();
  const bundle = (await stage.admin(`/incidents/${id}/bundle`)).json;
  bundle.evidence.failure.edge = { status: 525, number: 525 };
  const answer = await stage.admin("/replay", { method: "POST", body: JSON.stringify(bundle) });
  assert.equal(answer.json.same, false);
  assert.equal(answer.json.verdict.code, "origin_tls_failed");
});

const REFUSED = [
  ["no body", undefined, /send/i],
  ["an empty body", "", /send/i],
  ["damage", '{"bundle":1,"evid', /no bundle/],
  ["other JSON", '{"hello":"world"}', /no bundle/],
  ["a bundle without evidence", '{"bundle":1}', /no bundle/],
  ["a newer form", '{"bundle":99}', /form 99, newer/],
  ["too much", " ".repeat(70_000), /64 KiB/],
  ["no UTF-8", Buffer.from([0xff, 0xfe, 0x00]), /bundle/],
];
for (const [what, body, says] of REFUSED) {
  test(`replay of ${what} is a clear 400`, async () => {
    const answer = await stage.admin("/replay", { method: "POST", body });
    assert.match(assertProblem(answer, "admin_bad_request").detail, says);
  });
}

test("an incident that is not kept is 404, its bundle too", async () => {
  for (const path of ["/incidents/0000000000000000x", "/incidents/0000000000000000x/bundle", "/incidents/x/y"])
    assertProblem(await stage.admin(path), "admin_not_found");
});

test("an unknown origin and a wrong limit are refused with what is right", async () => {
  for (const call of ["/incidents", "/history"]) {
    assertProblem(await stage.admin(`${call}?origin=nobody`), "admin_bad_request");
    for (const limit of ["0", "-1", "201", "x", ""])
      assert.match(assertProblem(await stage.admin(`${call}?limit=${limit}`), "admin_bad_request").detail, /1 to 200/);
  }
});

test("history tells drifts with the addresses, the hop and what may have caused them, newest first", async () => {
  await stage.admin("/refresh", { method: "POST" });
  await later(HOUR_MS);
  stage.zone({ ...CHAIN, [LAST]: { a: ["40.71.32.66"], ttl: 120 } });
  await stage.admin("/refresh", { method: "POST" });
  const { events: told, next, unknown } = await get("/history");
  assert.deepEqual([next, unknown], [null, []]);
  const [drift] = told;
  assert.equal(drift.kind, "drift");
  assert.equal(drift.origin, "zebra-gw");
  assert.deepEqual([drift.before, drift.after], [["172.199.17.73"], ["40.71.32.66"]]);
  assert.ok(drift.causes.length > 0 && drift.id && drift.at);
});

test("limit and cursor walk through all of it, each event once", async () => {
  for (let round = 0; round < 3; round += 1) {
    await fail();
    await later(HOUR_MS);
    mend();
    await stage.scheduled();
    await later(60_000);
  }
  const whole = (await get("/history")).events;
  assert.equal(whole.length, 6);
  const walked = [];
  let cursor = "";
  for (let page = 0; cursor !== null; page += 1) {
    assert.ok(page < 10, "it ends");
    const { events: some, next } = await get(`/history?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    assert.ok(some.length <= 2);
    walked.push(...some);
    cursor = next;
  }
  assert.deepEqual(walked, whole);
  const times = whole.map(({ at }) => Date.parse(at));
  assert.deepEqual(times, times.toSorted((one, other) => other - one), "newest first");
  assert.equal((await incidents("?limit=1")).length, 1);
});

for (const mode of ["down", "error", "silent"]) {
  test(`KV ${mode}: what is not known is told as unknown, and not as empty`, async () => {
    stage.kv.mode = mode;
    for (const [call, list] of [["/incidents", "incidents"], ["/history", "events"]]) {
      const answer = await get(call);
      assert.deepEqual(answer[list], []);
      assert.equal(answer.unknown[0].origin, "zebra-gw");
      assert.ok(answer.unknown[0].reason.length > 0);
    }
    const one = await stage.admin("/incidents/0000000000000000x");
    assert.equal(one.status, 503, "not 404: it may be there");
  });
}

test("KV down: this isolate's own open incident is still shown", async () => {
  stage.kv.mode = "down";
  const id = await fail();
  assert.deepEqual((await incidents()).map((incident) => incident.id), [id]);
});

test("a record of a newer version is unknown, and not empty", async () => {
  stage.kv.entries.set("origin/zebra-gw", '{"schema":99}');
  const { unknown } = await get("/incidents");
  assert.match(unknown[0].reason, /newer version \(schema 99\)/);
});

test("the calls are for operators only", async () => {
  for (const [path, method] of [["/incidents", "GET"], ["/incidents/x", "GET"], ["/incidents/x/bundle", "GET"], ["/history", "GET"], ["/replay", "POST"]])
    assertProblem(await stage.get(`/__guard${path}`, { method, ...(method === "POST" && { body: "{}" }) }), "admin_unauthenticated");
});

test("one log line for each change of an incident, and none for a failure that changes nothing", async () => {
  for (let failure = 0; failure < 5; failure += 1) await fail(1016);
  const [opened, ...more] = events();
  assert.deepEqual(more, []);
  assert.equal(opened.event, "incident_opened");
  assert.deepEqual(Object.keys(opened).sort(), ["code", "count", "ended", "event", "hop", "incident", "origin", "since"]);
  assert.equal(opened.origin, "zebra-gw");
  assert.equal(opened.code, "origin_name_not_found");
  await pause(5_100); // failures share a look-up for so long
  await fail(522);
  await fail(522);
  assert.deepEqual(events().map(({ event }) => event), ["incident_opened", "incident_changed"]);
});

test("no log line for a healthy request", async () => {
  mend();
  for (let request = 0; request < 20; request += 1) await stage.get(`/${request}`);
  await pause(SETTLE_MS);
  assert.deepEqual(events(), []);
});

test("one log line for a scheduled run", async () => {
  await stage.scheduled();
  await pause(SETTLE_MS);
  const [run, ...more] = events();
  assert.deepEqual(more, []);
  assert.equal(run.event, "scheduled_run");
  assert.deepEqual(run.origins.map(({ origin, due, outcome, stored }) => [origin, due, outcome, stored]), [["zebra-gw", true, "known", true]]);
});

test("a bundle holds nothing of the request and of secrets", async () => {
  const secrets = ["customer-9", "secretvalue", "secretbody", "Bearer", "secretcookie", "secret-account-17", "secretkey", TOKEN, "198.51.100.23", "dns-query"];
  const options = {
    method: "POST",
    body: "secretbody",
    headers: [
      ["Authorization", "Bearer secretvalue"],
      ["Cookie", "session=secretcookie"],
      ["Ocp-Apim-Subscription-Key", "secretvalue"],
      ["CF-Connecting-IP", "198.51.100.23"],
      ["X-Origin-Guard-Token", TOKEN],
    ],
  };
  stage.zone(brokenAt(3));
  stage.edge.answers(GATEWAY, edgeError(1016, "problem"));
  const { incident } = (await stage.get("/customers/customer-9?key=secretvalue", options)).json;
  await pause(SETTLE_MS);
  const { text, json } = await stage.admin(`/incidents/${incident}/bundle`);
  assert.deepEqual(json.evidence.lookup.observations.map(({ resolver }) => resolver), ["https://doh-a.test", "https://doh-b.test"]);
  const stored = stage.kv.entries.get(`incident/${incident}`);
  for (const secret of secrets)
    for (const copy of [text, stored]) assert.ok(!copy.toLowerCase().includes(secret.toLowerCase()), `${secret} in ${copy}`);
});

test("the proof of an incident is kept for 30 days", async () => {
  const id = await fail();
  const [put] = stage.kv.operations.filter(({ key, kind }) => kind === "put" && key === `incident/${id}`);
  assert.equal(put.expiresInS, 30 * 24 * 3600);
});
