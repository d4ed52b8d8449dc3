// What every problem document owes its reader (contract section 4), whatever happened.

import assert from "node:assert/strict";

import { ADMIN_STATUS, ORIGIN_STATUS } from "./codes.mjs";

const CATEGORIES = ["dns", "connection", "tls", "response", "azure", "config", "guard"];
const ACTORS = ["client", "api_owner", "azure_admin", "cloudflare_admin", "network_admin", "nobody"];
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const OPERATORS_ONLY = ["evidence", "checks", "remedies"];

/** The names of members that only operators get. */
export { OPERATORS_ONLY };

/**
 * Asserts that `answer` is a JSON problem document with `code` (one of several, where the contract leaves it open)
 * that keeps every promise; returns the document.
 */
export function assertProblem(answer, ...codes) {
  assert.match(answer.headers["content-type"] ?? "none", /^application\/problem\+json\b/, answer.everything);
  const document = answer.json;
  assert.ok(codes.includes(document.code), `${document.code} instead of ${codes.join(" or ")}: ${answer.text}`);
  assertMembers(document, answer);
  assertHead(answer, document.code);
  return document;
}

/** The promises that hold in every form. */
export function assertHead(answer, code) {
  const status = { ...ORIGIN_STATUS, ...ADMIN_STATUS }[code];
  assert.equal(answer.status, status, `${code} is sent with ${status}`);
  assert.equal(answer.headers["x-origin-guard"], code);
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers["x-content-type-options"], "nosniff");
  assert.match(answer.headers.vary ?? "", /\baccept\b/i);
  if (status === 503 && code.startsWith("origin_"))
    assert.match(answer.headers["retry-after"] ?? "none", /^[1-9]\d*$/, "503 comes with Retry-After");
}

function assertMembers(document, answer) {
  assert.ok(document.type.endsWith(document.code), `type ${document.type} resolves to the code's page`);
  assert.ok(document.title.length > 0 && document.detail.length > 0);
  assert.equal(document.status, answer.status);
  assert.ok(CATEGORIES.includes(document.category), document.category);
  assert.ok(ACTORS.includes(document.who_acts), document.who_acts);
  assert.equal(typeof document.owner_action_required, "boolean");
  assert.equal(typeof document.retryable, "boolean");
  assert.equal(document.retryable, "retry-after" in answer.headers, "Retry-After where retryable");
  if (document.retryable) assert.equal(String(document.retry_after), answer.headers["retry-after"]);
  else assert.ok(document.retry_after === undefined || document.retry_after === null);
  assert.match(document.timestamp, RFC_3339);
  if (!(document.code in ADMIN_STATUS)) assertIncident(document);
  assert.ok(!("cloudflare_error" in document), "cloudflare_error is never sent");
}

/** A failed request belongs to an incident; a call that the admin interface refuses does not. */
function assertIncident(document) {
  assert.ok(document.incident?.length > 0, "incident");
  assert.equal(document.instance, `urn:origin-guard:incident:${document.incident}`);
  assert.match(document.since, RFC_3339);
  assert.ok(Date.parse(document.since) <= Date.parse(document.timestamp), "an incident begins before it is reported");
}

/** Asserts the operators' part and returns it. */
export function assertOperatorPart(document) {
  assert.equal(typeof document.evidence, "object");
  assert.ok(Array.isArray(document.checks) && document.checks.length > 0, "checks");
  for (const check of document.checks) assertCheck(check);
  assert.ok(Array.isArray(document.remedies) && document.remedies.length > 0, "remedies");
  for (const remedy of document.remedies) assertRemedy(remedy);
  return document;
}

/** One check: `{ name, result, detail, took_ms }`, a skipped one with its reason. */
export function assertCheck(check) {
  assert.ok(check.name, JSON.stringify(check));
  assert.ok(["pass", "fail", "skip"].includes(check.result), JSON.stringify(check));
  assert.equal(typeof check.took_ms, "number");
  assert.ok(check.detail, `${check.name}: ${check.result} says why`);
}

/** One remedy: `{ who, action, command?, verify: { action, command? } }`. */
export function assertRemedy(remedy) {
  assert.ok(ACTORS.includes(remedy.who), JSON.stringify(remedy));
  assert.ok(remedy.action && remedy.verify.action, JSON.stringify(remedy));
}

/** Asserts that nothing for operators is in `document`. */
export function assertStrangersPart(document) {
  for (const member of OPERATORS_ONLY) assert.ok(!(member in document), `${member} is for operators only`);
}

/** Asserts that none of `secrets` occurs anywhere in the answer, in whatever case. */
export function assertNoLeak(answer, secrets) {
  const everything = answer.everything.toLowerCase();
  for (const secret of secrets)
    assert.ok(!everything.includes(secret.toLowerCase()), `${secret} leaks in ${answer.everything}`);
}
