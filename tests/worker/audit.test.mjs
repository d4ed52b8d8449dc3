// Contract 8: the network check of posted documents, in every form, of whatever is sent.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";

import { AZURE, Arm, RESOURCE, SECRET, SERVICE as INSTANCE, error, instance } from "../support/arm.mjs";
import { assertProblem, assertRemedy } from "../support/problem.mjs";
import { GATEWAY, GUARD, TOKEN, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const MIB = 1024 * 1024;
const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";
const NETWORK = `${GROUP}/Microsoft.Network`;
const SUBNET = `${NETWORK}/virtualNetworks/vnet/subnets/apim`;
const TABLE = `${NETWORK}/routeTables/rt`;

const SERVICE = {
  id: `${GROUP}/Microsoft.ApiManagement/service/contoso`,
  name: "contoso",
  type: "Microsoft.ApiManagement/service",
  location: "West Europe",
  sku: { name: "Premium", capacity: 1 },
  properties: {
    gatewayUrl: "https://contoso.azure-api.net",
    virtualNetworkType: "Internal",
    platformVersion: "stv2",
    virtualNetworkConfiguration: { subnetResourceId: SUBNET },
  },
};
const SUBNET_DOCUMENT = { id: SUBNET, properties: { addressPrefix: "10.0.1.0/26", routeTable: { id: TABLE } } };
const routeTable = (routes) => ({ id: TABLE, type: "Microsoft.Network/routeTables", properties: { routes } });
const route = (addressPrefix, nextHopType) => ({ name: "r", properties: { addressPrefix, nextHopType } });
const FORCED = routeTable([route("0.0.0.0/0", "VirtualAppliance")]);
const tagList = (changeNumber, prefixes = ["13.64.39.16/32", "20.37.52.67/32", "2603:1010::/47"]) => ({
  changeNumber,
  cloud: "Public",
  values: [
    { name: "ApiManagement", id: "ApiManagement", properties: { changeNumber, addressPrefixes: prefixes } },
    { name: "AzureFrontDoor.Backend", id: "x", properties: { changeNumber: 1, addressPrefixes: ["13.73.248.16/29"] } },
  ],
});
const DOCUMENTS = [SERVICE, SUBNET_DOCUMENT, FORCED];

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());
beforeEach(() => {
  stage.kv.entries.clear();
  stage.kv.mode = "ok";
  stage.clear();
});

const post = (body, { accept, query = "", ...options } = {}) =>
  stage.admin(`/audit${query}`, {
    method: "POST",
    body: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    headers: accept ? [["Accept", accept]] : [],
    ...options,
  });
const checked = async (body, options) => {
  const answer = await post(body, options);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const codes = (report) => report.findings.map(({ code }) => code);

for (const [form, body] of [
  ["an array", DOCUMENTS],
  ["an object with documents", { documents: DOCUMENTS }],
  ["a value list", { value: DOCUMENTS }],
]) {
  test(`${form} is checked, and every code is accounted for`, async () => {
    const report = await checked(body);
    assert.deepEqual(codes(report).sort(), ["control_plane_route_missing", "egress_is_firewall", "internal_network", "nsg_missing"]);
    assert.equal(report.checked.length + report.not_checked.length, 31);
    assert.equal(report.summary.errors, 3);
    for (const finding of report.findings) finding.remedies.forEach(assertRemedy);
    for (const { check, reason } of report.not_checked) assert.ok(check && reason);
  });
}

test("one document alone is checked, and what is missing is named with its command", async () => {
  const report = await checked(SERVICE);
  assert.deepEqual(codes(report), ["internal_network"]);
  const gap = report.not_checked.find(({ check }) => check === "nsg_missing");
  assert.match(gap.reason, /not given: the subnet of contoso in West Europe/);
  assert.ok(gap.fetch[0].startsWith("az network vnet subnet show --ids '/subscriptions/"));
});

for (const [accept, type, mark] of [
  [undefined, /^application\/json/, '"not_checked"'],
  ["application/json", /^application\/json/, '"not_checked"'],
  ["*/*", /^application\/json/, '"not_checked"'],
  ["application/*", /^application\/json/, '"not_checked"'],
  ["application/sarif+json", /^application\/sarif\+json/, '"2.1.0"'],
  ["application/json;q=0.5, application/sarif+json", /^application\/sarif\+json/, '"2.1.0"'],
  ["application/sarif+json;q=0.5, application/json", /^application\/json/, '"not_checked"'],
  ["text/markdown", /^text\/markdown/, "```sh"],
  ["text/html", /^text\/html/, "<h1>"],
  ["text/plain", /^text\/plain/, "az network"],
  ["image/png", /^application\/json/, '"not_checked"'],
]) {
  test(`Accept: ${accept} is answered in ${type.source}`, async () => {
    const answer = await post(DOCUMENTS, { accept });
    assert.equal(answer.status, 200);
    assert.match(answer.headers["content-type"], type);
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["x-content-type-options"], "nosniff");
    assert.ok(answer.text.includes(mark) && answer.text.includes("control_plane_route_missing"), answer.text);
  });
}

test("SARIF has a result for each finding", async () => {
  const log = (await post(DOCUMENTS, { accept: "application/sarif+json" })).json;
  assert.equal(log.version, "2.1.0");
  assert.deepEqual(
    log.runs[0].results.map(({ ruleId }) => ruleId),
    codes(await checked(DOCUMENTS)),
  );
});

test("files of a form are documents, each with its name", async () => {
  const tags = JSON.stringify(tagList(63));
  const body = [
    ["service.json", JSON.stringify(SERVICE)],
    ["ServiceTags_Public_20260622.json", tags],
    ["subnet.json", JSON.stringify([SUBNET_DOCUMENT, FORCED])],
  ].map(([name, text]) => `--x\r\nContent-Disposition: form-data; name="documents"; filename="${name}"\r\n\r\n${text}\r\n`);
  const report = await checked(`${body.join("")}--x--\r\n`);
  assert.equal(report.summary.service_tags, "change number 63 (Public, 2026-06-22)");
  assert.deepEqual(new Set(report.summary.documents.map(({ source }) => source)), new Set(["service.json", "ServiceTags_Public_20260622.json", "subnet.json"]));
  assert.ok(codes(report).includes("control_plane_route_missing"));
});

test("what cannot be read is told beside what can", async () => {
  const report = await checked([SERVICE, { type: "Microsoft.Web/sites" }, 7]);
  assert.deepEqual(codes(report), ["internal_network"]);
  assert.deepEqual(
    report.summary.not_read.map(({ path }) => path),
    ["[1]", "[2]"],
  );
  for (const { problem, mend } of report.summary.not_read) assert.ok(problem && mend);
  const log = (await post([SERVICE, 7], { accept: "application/sarif+json" })).json;
  assert.equal(log.runs[0].invocations[0].executionSuccessful, false);
});

const HOSTILE = [
  ["nothing", "", /empty|Send documents/],
  ["blanks", " \n ", /empty|Send documents/],
  ["no JSON", "az: command not found", /not JSON/],
  ["a truncated document", JSON.stringify(DOCUMENTS).slice(0, -40), /ends in the middle/],
  ["a wrong kind", JSON.stringify({ type: "Microsoft.Compute/virtualMachines", name: "vm" }), /Microsoft\.Compute\/virtualMachines/],
  ["an error of Azure's", JSON.stringify({ error: { code: "AuthorizationFailed", message: "no" } }), /AuthorizationFailed/],
  ["a number", "1", /no document/],
  ["an empty array", "[]", /Send documents/],
  ["deep nesting", "[".repeat(100_000) + "]".repeat(100_000), /recursion limit|values/],
  ["deep nesting that never ends", "[".repeat(4 * MIB), /values|recursion limit/],
  ["four megabytes of empty objects", `[${"{},".repeat(MIB)}{}]`, /values/],
  ["four megabytes of numbers", `[${"0,".repeat(2 * MIB - 2)}0]`, /values|no document/],
  ["one octet too many", " ".repeat(4 * MIB + 1), /longer than 4 MiB/],
  ["UTF-16", Buffer.from("\ufeff{}", "utf16le"), /UTF-8/],
  ["no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/],
  ["a form without documents", '--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n{}\r\n--x--\r\n', /Send documents/],
];
for (const [what, body, words] of HOSTILE) {
  test(`${what}: refused with what is wrong, and nothing is stored`, async () => {
    const document = assertProblem(await post(body), "admin_bad_request");
    assert.match(document.detail, words);
    assert.equal(stage.kv.count("put"), 0);
  });
}

test("the guard answers as before after all of these", async () => {
  assert.deepEqual(codes(await checked(SERVICE)), ["internal_network"]);
});

test("four megabytes are taken", async () => {
  const report = await checked(`${JSON.stringify(DOCUMENTS)}${" ".repeat(4 * MIB - JSON.stringify(DOCUMENTS).length)}`);
  assert.equal(codes(report).length, 4);
});

test("a hundred thousand routes come to an answer", async () => {
  const flat = (index) => `{"addressPrefix":"${20 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0","nextHopType":"None"}`;
  const many = Array.from({ length: 70_000 }, (_, index) => flat(index)).join(",");
  const table = `{"id":"${TABLE}","routes":[${many}]}`;
  assert.ok(table.length < 4 * MIB);
  const report = await checked(`[${JSON.stringify(SERVICE)},${JSON.stringify(SUBNET_DOCUMENT)},${table}]`);
  assert.equal(report.checked.length + report.not_checked.length, 31);
  const short = Array.from({ length: 100_000 }, (_, index) => `{"addressPrefix":"20.${(index >> 8) & 255}.${index & 255}.0"}`);
  assertProblem(await post(`{"id":"${TABLE}","routes":[${short.join(",")},${"{},".repeat(300_000)}{}]}`), "admin_bad_request");
  const well = await checked(`{"id":"${TABLE}","routes":[${short.join(",")}]}`);
  assert.equal(well.checked.length + well.not_checked.length, 31);
});

test("HEAD and OPTIONS work, other methods are told which there are", async () => {
  const options = await stage.admin("/audit", { method: "OPTIONS" });
  assert.deepEqual([options.status, options.headers.allow], [204, "GET, HEAD, POST, OPTIONS"]);
  const put = await stage.admin("/audit", { method: "PUT", body: "{}" });
  assertProblem(put, "admin_method_not_allowed");
  assert.equal(put.headers.allow, "GET, HEAD, POST, OPTIONS");
  const head = await stage.admin("/audit", { method: "HEAD" });
  assert.equal(head.text, "");
});

test("without the token nothing is read", async () => {
  assertProblem(await post(DOCUMENTS, { token: `${TOKEN}x` }), "admin_unauthenticated");
});

test("nothing is stored unless asked", async () => {
  await checked([...DOCUMENTS, tagList(63)]);
  assert.equal(stage.kv.count("put"), 0);
});

test("a stored list of service tags serves later checks, with its change number and day", async () => {
  const stored = await checked(tagList(63), { query: "?store=true" });
  assert.match(stored.summary.notes[0], /was stored: change number 63 \(Public/);
  const kept = JSON.parse(stage.kv.entries.get("service-tags"));
  assert.deepEqual(
    kept.values.map(({ name, addressPrefixes }) => [name, addressPrefixes]),
    [["ApiManagement", ["13.64.39.16/32", "20.37.52.67/32"]]],
  );
  const report = await checked(DOCUMENTS);
  assert.match(report.summary.service_tags, /^change number 63 \(Public, given at 20/);
  const { evidence } = report.findings.find(({ code }) => code === "control_plane_route_missing");
  assert.match(evidence.found[0], /^2 of 2 IPv4 prefixes/);
});

test("a list of a lower change number never replaces one of a higher", async () => {
  await checked(tagList(63), { query: "?store=true" });
  const before = stage.kv.entries.get("service-tags");
  for (const older of [62, 63, 1]) {
    const answer = await checked(tagList(older, ["1.1.1.1/32"]), { query: "?store=true" });
    assert.match(answer.summary.notes[0], /was not stored.*change number 63/);
    assert.equal(stage.kv.entries.get("service-tags"), before);
  }
  await checked(tagList(64, ["13.64.39.16/32"]), { query: "?store=true" });
  assert.equal(JSON.parse(stage.kv.entries.get("service-tags")).changeNumber, 64);
});

test("a posted list counts before the stored one", async () => {
  await checked(tagList(63), { query: "?store=true" });
  const report = await checked([...DOCUMENTS, tagList(64, ["13.64.39.16/32"])]);
  assert.match(report.summary.service_tags, /^change number 64/);
});

for (const mode of ["down", "error", "silent"]) {
  test(`with a store that is ${mode} the check answers, and says that nothing was stored`, async () => {
    stage.kv.mode = mode;
    const report = await checked([...DOCUMENTS, tagList(63)], { query: "?store=true" });
    assert.match(report.summary.notes[0], /not stored/);
    assert.equal(codes(report).length, 4);
  });
}

const TAGS = ["../shared", "../../shared"].map((above) => `${ROOT}${above}/service-tags/ServiceTags_Public_subset.json`).find((file) => existsSync(file));
test("the published list is stored within its bound", { skip: TAGS ? false : "shared/service-tags is not beside the project" }, async () => {
  const report = await checked(readFileSync(TAGS, "utf8"), { query: "?store=true" });
  assert.match(report.summary.notes[0], /was stored/);
  const kept = stage.kv.entries.get("service-tags");
  assert.ok(kept.length < MIB, `${kept.length}`);
  const global = JSON.parse(kept).values.find(({ name }) => name === "ApiManagement");
  assert.equal(global.addressPrefixes.length, 256);
});

test("GET without Azure says what to configure, and the other way", async () => {
  const { detail } = assertProblem(await stage.admin("/audit"), "admin_bad_request");
  for (const word of ["azure", "AZURE_CLIENT_SECRET", "POST"]) assert.ok(detail.includes(word), detail);
});

test("the page has the findings and a form that works without script", async () => {
  const page = await post(DOCUMENTS, { accept: "text/html" });
  assert.match(page.headers["content-security-policy"], /default-src 'none'/);
  assert.match(page.text, /<form[^>]*method="post"[^>]*action="\/__guard\/audit"[^>]*enctype="multipart\/form-data"/);
  assert.ok(page.text.includes("az network route-table route create"));
});

test("four megabytes cost memory that a Worker has", async () => {
  const many = `[${Array.from({ length: 90_000 }, (_, i) => `{"addressPrefix":"20.${i >> 8}.${i & 255}.0"}`).join(",")}]`;
  for (let round = 0; round < 5; round++) await checked(`{"id":"${TABLE}","routes":${many}}`);
  const status = readFileSync(`/proc/${stage.workerd.pid}/status`, "utf8");
  const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
  // The runtime itself has some 60 MB of it.
  assert.ok(megabytes < 128 + 80, `${megabytes} MB`);
});

test("GET reads the documents from Azure, and names each missing permission", async () => {
  const guard = { ...GUARD, origins: [{ hostname: GATEWAY, azure: RESOURCE }], azure: AZURE };
  await stage.start({ guard, secrets: { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: SECRET } });
  const arm = new Arm(stage.edge);
  arm.put(
    INSTANCE,
    instance(["172.199.17.73"], { virtualNetworkType: "Internal", virtualNetworkConfiguration: { subnetResourceId: SUBNET } }),
  );
  arm.put(`${NETWORK}/virtualNetworks/vnet`, {
    id: `${NETWORK}/virtualNetworks/vnet`,
    properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [SUBNET_DOCUMENT] },
  });
  arm.put(TABLE, FORCED);
  const answer = await stage.admin("/audit");
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(codes(answer.json).sort(), ["control_plane_route_missing", "egress_is_firewall", "internal_network", "nsg_missing"]);
  assert.equal(stage.kv.count("put"), 0);
  arm.always = error(403, "AuthorizationFailed");
  const lacking = (await stage.admin("/audit")).json;
  assert.deepEqual(lacking.findings, []);
  const gap = lacking.not_checked.find(({ check }) => check === "internal_network");
  assert.match(gap.reason, /the permission Microsoft\.ApiManagement\/service\/read is missing/);
  assert.ok(gap.fetch.some((command) => command.startsWith("az role assignment create --assignee")), gap.fetch);
  assert.ok(![answer.text, JSON.stringify(lacking)].some((text) => text.includes(SECRET)));
});
