// The SARIF form of the network check against the schema of SARIF 2.1.0.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import Ajv from "ajv";
import addFormats from "ajv-formats";

import { missingPackage } from "../support/skip.mjs";
import { startStage } from "../support/stage.mjs";

const SCHEMA = "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
const skip = missingPackage(SCHEMA);

let stage, valid;
before(async () => {
  stage = await startStage();
  if (!skip) valid = validator();
});
after(() => stage?.stop());

/** The schema is of draft 4; what it uses of that means the same in draft 7, but for the name of its id. */
function validator() {
  const { $schema, id, ...schema } = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(SCHEMA), "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

async function sarif(documents) {
  const headers = [["Accept", "application/sarif+json"]];
  const answer = await stage.admin("/audit", { method: "POST", headers, body: JSON.stringify(documents) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

const service = (properties) => ({
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso",
  type: "Microsoft.ApiManagement/service",
  location: "West Europe",
  sku: { name: "Premium", capacity: 1 },
  properties,
});

for (const [what, documents] of [
  ["findings of every severity", service({ platformVersion: "stv1", publicNetworkAccess: "Disabled", disableGateway: true })],
  ["nothing found", service({})],
  ["something that could not be read", [service({}), { type: "Microsoft.Web/sites" }, null]],
  ["a strange name", { ...service({ platformVersion: "stv1" }), id: "/subscriptions/ä b/%/\u202e\"" }],
]) {
  test(`${what}: valid SARIF 2.1.0`, { skip }, async () => {
    const log = await sarif(documents);
    assert.ok(valid(log), JSON.stringify(valid.errors?.slice(0, 3)));
  });
}

test("the schema refuses what is no SARIF", { skip }, async () => {
  const log = await sarif(service({ platformVersion: "stv1" }));
  for (const spoil of [
    (run) => delete run.tool,
    (run) => (run.results[0].level = "fatal"),
    (run) => delete run.results[0].message,
    (run) => (run.unknown = 1),
  ]) {
    const spoiled = structuredClone(log);
    spoil(spoiled.runs[0]);
    assert.equal(valid(spoiled), false);
  }
});
