// The zone's own records through the built module: what status and `GET /zone` tell, and that the guard only reads.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { API_TOKEN, CLOUDFLARE, CloudflareApi, ZONE, refused } from "../support/cloudflare-api.mjs";
import { GATEWAY, GUARD, HOST, TOKEN, startStage } from "../support/stage.mjs";

const GUARDED = { ...GUARD, origins: [{ hostname: GATEWAY, serves: [HOST], route: "zone" }], cloudflare: CLOUDFLARE };
const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, CLOUDFLARE_API_TOKEN: API_TOKEN };
const record = (id, name, type, content, proxied = true) => ({
  id,
  name,
  type,
  content,
  proxied,
  proxiable: true,
  ttl: 1,
  settings: {},
  comment: null,
  tags: [],
});
/** More than one page. */
const OTHERS = ["a", "b", "c"].map((name) => record(`x${name}`, `${name}.example.com`, "A", "198.51.100.9"));

let stage, api;
before(async () => {
  stage = await startStage({ guard: GUARDED, secrets: SECRETS });
  api = new CloudflareApi(stage.edge);
});
after(() => stage?.stop());
beforeEach(async () => {
  api.reset();
  stage.kv.entries.clear();
  await stage.start({ guard: GUARDED, secrets: SECRETS });
  stage.clear();
});
const zone = async () => (await stage.admin("/zone")).json.origins[0];
const status = async () => (await stage.admin("/status")).json.origins[0];
const codes = ({ findings }) => findings.map(({ code }) => code);

test("a pinned address is found on any page, with its complete replacement and the way back", async () => {
  api.records = [...OTHERS, record("pin", HOST, "A", "20.1.2.3")];
  const [host] = (await zone()).hosts;
  assert.deepEqual([host.host, host.proxied, host.ssl], [HOST, true, "full"]);
  assert.deepEqual(codes(host), ["pinned_address_record"]);
  const { command, way_back } = host.replacement;
  const body = (text) => JSON.parse(text.match(/--data '(.*)'$/)[1]);
  assert.ok(command.startsWith(`curl -sS -X POST 'https://cf-api.test/client/v4/zones/${ZONE}/dns_records/batch'`));
  assert.deepEqual(body(command).deletes, [{ id: "pin" }]);
  assert.deepEqual([body(command).posts[0].type, body(command).posts[0].content], ["CNAME", GATEWAY]);
  assert.equal(body(way_back).posts[0].content, "20.1.2.3");
  assert.ok(api.calls.every((call) => call.startsWith("GET ")), "the guard never writes DNS");
});

test("the scheduled run reads the zone once an hour, and status tells of it in every isolate", async () => {
  api.records = [record("pin", HOST, "A", "20.1.2.3")];
  assert.equal((await status()).zone, null);
  await stage.scheduled();
  const asked = api.calls.length;
  await stage.scheduled();
  assert.equal(api.calls.length, asked);
  await stage.start({});
  const known = await status();
  assert.ok(codes(known).includes("pinned_address_record"));
  assert.equal(known.zone[0].replacement.old_records[0].content, "20.1.2.3");
  assert.equal(api.calls.length, asked, "status asks nobody but KV");
});

test("what has not changed is not written again", async () => {
  api.records = [record("right", HOST, "CNAME", GATEWAY)];
  await stage.scheduled();
  await stage.start({});
  stage.clear();
  await stage.scheduled();
  assert.deepEqual(stage.kv.operations.filter(({ kind, key }) => kind === "put" && key === "zones"), []);
});

test("a CNAME to the gateway is right; one to a former instance, or one that is not proxied, is told", async () => {
  api.records = [record("right", HOST, "CNAME", GATEWAY)];
  assert.deepEqual(codes((await zone()).hosts[0]), []);
  api.records = [record("old", HOST, "CNAME", "zebra-old.azure-api.net")];
  assert.deepEqual(codes((await zone()).hosts[0]), ["zone_record_leftover"]);
  api.records = [record("bare", HOST, "CNAME", GATEWAY, false)];
  assert.deepEqual(codes((await zone()).hosts[0]), ["zone_record_not_proxied"]);
});

test("an SSL mode without TLS is told; one that the token may not read is not known", async () => {
  api.records = [record("right", HOST, "CNAME", GATEWAY)];
  api.ssl = "flexible";
  assert.deepEqual(codes((await zone()).hosts[0]), ["ssl_mode_breaks_origin"]);
  api.ssl = null;
  const [host] = (await zone()).hosts;
  assert.deepEqual([host.ssl, codes(host)], [null, []]);
});

test("a token that may not read the records is told with what it needs, and nothing is claimed", async () => {
  api.next = [refused(403, 10000, "Authentication error")];
  const { hosts, unreadable } = await zone();
  assert.deepEqual([hosts, unreadable.map(({ code }) => code)], [[], ["zone_unreadable"]]);
  assert.match(unreadable[0].evidence, /Give it the permission/);
  const seen = JSON.stringify(unreadable) + stage.logs.join("\n") + [...stage.kv.entries].flat().join("\n");
  assert.ok(!seen.includes(API_TOKEN));
});
