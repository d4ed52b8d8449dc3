// Contract 6: the steps that restore service, each with its live state, while all is well and while it is not.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { assertProblem } from "../support/problem.mjs";
import { BOTH, GATEWAY, OTHER, ZONE, brokenAt, startStage } from "../support/stage.mjs";

let stage;
before(async () => {
  stage = await startStage({ guard: BOTH });
});
after(() => stage?.stop());
beforeEach(async () => {
  stage.bothAreWell();
  await stage.start({ guard: BOTH });
});

async function checklist(query = "?origin=zebra-gw") {
  const answer = await stage.admin(`/checklist${query}`);
  assert.equal(answer.status, 200, answer.text);
  const { steps } = answer.json;
  for (const step of steps) {
    assert.match(step.id, /^[a-z_]+$/);
    assert.match(step.state, /^(done|to_do|unknown)$/);
    for (const member of ["title", "why", "who", "action"]) assert.ok(step[member].length > 0, `${step.id} ${member}`);
    assert.ok(Array.isArray(step.commands) && step.verify.action.length > 0, step.id);
  }
  return answer.json;
}
const state = ({ steps }, id) => steps.find((step) => step.id === id).state;

test("each step of a well gateway is done, or says why that cannot be seen", async () => {
  const list = await checklist();
  assert.deepEqual([list.origin, list.hostname, list.next], ["zebra-gw", GATEWAY, null]);
  for (const id of ["service_runs", "name_resolves", "record_follows_gateway", "gateway_answers", "incident_ended"])
    assert.equal(state(list, id), "done", id);
  assert.equal(state(list, "allowlists_updated"), "unknown");
});

test("a name that is gone is the next step, with the incident that it made, until it is back", async () => {
  stage.zone({ ...brokenAt(3), [OTHER]: ZONE[OTHER] });
  stage.edge.answers(GATEWAY, edgeError(1016));
  await stage.get("/");
  const list = await checklist();
  assert.equal(list.next, "name_resolves");
  for (const id of ["name_resolves", "gateway_answers", "incident_ended"]) assert.equal(state(list, id), "to_do", id);
  assert.equal((await checklist("?origin=okapi")).next, null);
  stage.zone(ZONE);
  stage.edge.answers(GATEWAY, { body: "well" });
  assert.equal((await checklist()).next, "incident_ended");
  await stage.admin("/refresh", { method: "POST" });
  assert.equal((await checklist()).next, null);
});

test("a certificate that is not valid is the next step", async () => {
  stage.edge.answers(GATEWAY, edgeError(526));
  assert.equal((await checklist()).next, "certificate_valid");
});

test("commands have the guard's own address and the origin's names", async () => {
  const text = JSON.stringify(await checklist("?origin=okapi"));
  assert.match(text, /'https:\/\/api\.example\.com\/__guard\/refresh'/);
  assert.match(text, /openssl s_client -connect 'okapi-gw\.azure-api\.net:443'/);
  assert.match(text, /<api-host>|okapi\.example\.com/);
  assert.doesNotMatch(text, /zebra|<hostname>|<guard-url>/);
});

test("several origins ask for one of them, and one that does not exist is told", async () => {
  assertProblem(await stage.admin("/checklist"), "admin_bad_request");
  assertProblem(await stage.admin("/checklist?origin=nobody"), "admin_bad_request");
});

test("a checklist is for operators", async () => {
  assert.equal((await stage.get("/__guard/checklist")).status, 401);
  assert.equal((await stage.admin("/checklist", { method: "POST" })).headers.allow, "GET, HEAD, OPTIONS");
});
