// Contract 7: `GET /allowlist` through the built module.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";

import { FORMATS, RESOURCE, SECRETS, WITH_AZURE, declare } from "../support/declared.mjs";
import { assertProblem } from "../support/problem.mjs";
import { startStage } from "../support/stage.mjs";

const NETWORKS = ["20.1.2.3/32", { network: "20.8.0.0/31", direction: "outbound" }, "2603:1020:201::7/128"];

let stage;
before(async () => {
  stage = await startStage({ guard: WITH_AZURE, secrets: SECRETS });
});
after(() => stage?.stop());
beforeEach(() => {
  stage.kv.mode = "ok";
  stage.kv.entries.clear();
  declare(stage, NETWORKS);
});

/** A new isolate, and nothing stored. */
const forget = () => {
  stage.kv.entries.clear();
  return stage.start();
};

const get = (query = "", options) => stage.admin(`/allowlist${query}`, options);

test("allowlist: JSON has every member of the contract", async () => {
  const answer = await get();
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.from, `ARM, service ${RESOURCE}`);
  assert.equal(answer.json.made_at, "2026-04-20T08:00:00.000Z");
  assert.deepEqual(
    answer.json.entries.map((entry) => [entry.cidr, entry.evidence, entry.direction, entry.location]),
    [
      ["20.1.2.3/32", "declared", "both", "westeurope"],
      ["20.8.0.0/31", "declared", "outbound", "westeurope"],
      ["2603:1020:201::7/128", "declared", "both", "westeurope"],
    ],
  );
  for (const entry of answer.json.entries) assert.deepEqual([entry.first_seen_at, entry.gone_since], ["2026-04-20T08:00:00.000Z", null]);
});

for (const format of FORMATS) {
  test(`allowlist: ${format} is a file with a tag; who has it gets 304`, async () => {
    const answer = await get(`?format=${format}`);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.headers["content-disposition"], /^inline; filename="apim-origin-guard\.[a-z.-]+"$/);
    assert.equal(answer.headers["cache-control"], "private, no-cache");
    assert.equal(answer.headers.etag, `"${createHash("sha256").update(answer.body).digest("hex")}"`);
    for (const tag of [answer.headers.etag, `W/${answer.headers.etag}`, `"other", ${answer.headers.etag}`, "*"]) {
      const again = await get(`?format=${format}`, { headers: [["If-None-Match", tag]] });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", answer.headers.etag]);
    }
    assert.equal((await get(`?format=${format}`, { headers: [["If-None-Match", '"other"']] })).status, 200);
  });
}

test("allowlist: HEAD has the header fields of GET and no body", async () => {
  const [whole, head] = [await get("?format=nginx"), await get("?format=nginx", { method: "HEAD" })];
  assert.deepEqual([head.status, head.text, head.headers.etag], [200, "", whole.headers.etag]);
});

test("allowlist: a set that changed has another tag", async () => {
  const before = await get("?format=txt");
  declare(stage, [...NETWORKS, "20.9.9.9/32"]);
  const after = await get("?format=txt", { headers: [["If-None-Match", before.headers.etag]] });
  assert.equal(after.status, 200);
  assert.match(after.text, /^20\.9\.9\.9\/32$/m);
});

test("allowlist: an address that is gone is held, and then it is not", async () => {
  const ago = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();
  declare(stage, ["20.1.2.3/32", { network: "20.1.2.9/32", gone_since: ago(23) }]);
  const held = await get("?format=nginx");
  assert.match(held.text, /^allow 20\.1\.2\.9\/32;$/m);
  assert.match(held.text, /^# Held: 20\.1\.2\.9\/32, gone since /m);
  assert.match(held.headers["x-origin-guard-held"], /^20\.1\.2\.9\/32, gone since /);
  declare(stage, ["20.1.2.3/32", { network: "20.1.2.9/32", gone_since: ago(25) }]);
  assert.doesNotMatch((await get("?format=nginx")).text, /20\.1\.2\.9/);
});

test("allowlist: direction=outbound is what a backend sees", async () => {
  declare(stage, [{ network: "20.1.2.3/32", direction: "inbound" }, "20.8.0.0/31"]);
  assert.match((await get("?format=nginx")).text, /^# A backend sees outbound addresses only/m);
  const outbound = await get("?format=nginx&direction=outbound");
  assert.doesNotMatch(outbound.text, /20\.1\.2\.3|A backend sees/);
});

test("allowlist: a caveat is in the comments, in the JSON and in a header field", async () => {
  const detail = 'the subnet has a NAT gateway: "nat-1"\n; allow all;';
  declare(stage, NETWORKS, [{ code: "egress_is_nat_gateway", detail }]);
  const nginx = await get("?format=nginx");
  const line = 'egress_is_nat_gateway: the subnet has a NAT gateway: "nat-1" ; allow all;';
  assert.ok(nginx.text.includes(`# Caveat ${line}\n`), nginx.text);
  assert.equal(nginx.headers["x-origin-guard-caveat"], line);
  assert.deepEqual((await get()).json.caveats, [{ code: "egress_is_nat_gateway", detail }]);
});

test("allowlist: what a target does not take is said and not dropped in silence", async () => {
  const storage = await get("?format=storage");
  assert.match(storage.headers["x-origin-guard-notice"], /Left out, since it takes IPv4 only: 2603:1020:201::7\/128\./);
  assert.match(storage.headers["x-origin-guard-notice"], /own region/);
  declare(stage, Array.from({ length: 401 }, (_, n) => `20.3.${n >> 7}.${(n & 127) * 2}/32`));
  const many = await get("?format=storage");
  assert.match(many.headers["x-origin-guard-notice"], /These are 401 IP rules of a storage account; 400 are taken at most/);
  assert.equal(many.json.properties.networkAcls.ipRules.length, 401);
});

test("allowlist: without declared addresses it is 409 and never an empty list", async () => {
  await forget();
  for (const query of ["", ...FORMATS.map((format) => `?format=${format}`)]) {
    const document = assertProblem(await get(query), "allowlist_unknown");
    assert.equal(document.status, 409);
    assert.match(document.detail, /zebra-gw: .*evidence=observed/s);
  }
});

test("allowlist: a set that has nothing of the direction or family is 409", async () => {
  declare(stage, [{ network: "20.1.2.3/32", direction: "inbound" }]);
  assertProblem(await get("?direction=outbound"), "allowlist_unknown");
  assertProblem(await get("?format=nginx&family=ipv6"), "allowlist_unknown");
  declare(stage, ["2603:1020:201::7/128"]);
  assertProblem(await get("?format=sql"), "allowlist_unknown");
});

test("allowlist: a record that cannot be read is not one in which nothing was seen", async () => {
  for (const damaged of ["{", '{"schema":999}']) {
    await forget();
    stage.kv.entries.set("origin/zebra-gw", damaged);
    const { detail } = assertProblem(await get("?evidence=observed"), "allowlist_unknown");
    assert.match(detail, /seen in DNS of zebra-gw is not known: (?:no record of this guard|written by a newer version)/);
  }
});

test("allowlist: evidence=observed gives what DNS shows, as inbound", async () => {
  await forget();
  await stage.admin("/refresh", { method: "POST" });
  assertProblem(await get(), "allowlist_unknown");
  const answer = await get("?evidence=observed");
  assert.deepEqual(
    answer.json.entries.map((entry) => [entry.cidr, entry.evidence, entry.direction, entry.location]),
    [["172.199.17.73/32", "observed", "inbound", null]],
  );
  assert.equal(answer.json.from, "DNS, zebra-gw.azure-api.net");
});

test("allowlist: a wrong parameter is 400 with the right values", async () => {
  for (const [query, words] of [
    ["?format=yaml", /json, txt, csv, nginx,.*nftables/],
    ["?evidence=guessed", /declared, observed/],
    ["?direction=up", /all, inbound, outbound/],
    ["?family=ipx", /all, ipv4, ipv6/],
    ["?origin=okapi", /zebra-gw/],
  ])
    assert.match(assertProblem(await get(query), "admin_bad_request").detail, words);
});

test("allowlist: KV that does not answer is 503, which takes nothing off a list; what the isolate knows, it gives", async () => {
  const known = await get("?format=nginx");
  stage.kv.mode = "error";
  assert.deepEqual((await get("?format=nginx")).text, known.text);
  await forget();
  const answer = await get("?format=nginx");
  assert.deepEqual([answer.status, answer.json.code], [503, "guard_internal_error"]);
  assert.match(answer.json.detail, /zebra-gw.*KV did not answer/);
});

test("allowlist: strangers learn nothing", async () => {
  for (const query of ["", "?format=nginx", "?format=yaml"]) {
    const answer = await get(query, { token: "x".repeat(40) });
    assertProblem(answer, "admin_unauthenticated");
    assert.doesNotMatch(answer.everything, /20\.1\.2\.3|zebra/);
  }
});
