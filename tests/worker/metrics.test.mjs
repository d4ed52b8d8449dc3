// Contract 6: metrics in OpenMetrics text, and that dashboard, alert rules and documentation name none that is not there.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { family, parse, value } from "../support/openmetrics.mjs";
import { CODES } from "../support/codes.mjs";
import { BOTH, GATEWAY, GUARD, OTHER, TOKEN, ZONE, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

let stage;
before(async () => {
  stage = await startStage({ guard: BOTH });
});
after(() => stage?.stop());
beforeEach(async () => {
  stage.bothAreWell();
  await stage.start({ guard: BOTH, secrets: { GUARD_ADMIN_TOKEN: TOKEN }, kv: true });
});

async function scrape(accept = "*/*") {
  const answer = await stage.admin("/metrics", { headers: [["Accept", accept]] });
  assert.equal(answer.status, 200, answer.text);
  return answer;
}
const metrics = async () => parse((await scrape()).text);
const refresh = () => stage.admin("/refresh", { method: "POST" });
const of = (origin, more = {}) => ({ origin, ...more });

for (const [accept, type] of [
  ["*/*", /^application\/openmetrics-text; version=1\.0\.0; charset=utf-8$/],
  [
    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    /^application\/openmetrics-text; version=1\.0\.0/,
  ],
  ["text/plain;version=0.0.4", /^text\/plain; version=0\.0\.4; charset=utf-8$/],
]) {
  test(`Accept: ${accept} gets ${type.source}`, async () => {
    const answer = await scrape(accept);
    assert.match(answer.headers["content-type"], type);
    assert.equal(answer.headers["cache-control"], "no-store");
    parse(answer.text);
  });
}

test("metrics are for operators, and HEAD and other methods are as everywhere", async () => {
  assert.equal((await stage.get("/__guard/metrics")).status, 401);
  assert.equal((await stage.admin("/metrics", { method: "HEAD" })).text, "");
  const wrong = await stage.admin("/metrics", { method: "POST" });
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, "GET, HEAD, OPTIONS"]);
});

test("before any look-up nothing is claimed: unknown is not 0", async () => {
  const seen = await metrics();
  assert.equal(value(seen, "origin_guard_origin_state", of("zebra-gw", { state: "unknown" })), 1);
  for (const name of ["addresses", "drift_events", "last_good_lookup_age_seconds", "incident_open", "kv_writes_left"])
    assert.deepEqual(family(seen, `origin_guard_${name}`).samples, [], name);
});

test("metrics tell what status tells, for each origin", async () => {
  await refresh();
  const seen = await metrics();
  for (const origin of ["zebra-gw", "okapi"]) {
    assert.equal(value(seen, "origin_guard_origin_state", of(origin, { state: "healthy" })), 1);
    assert.equal(value(seen, "origin_guard_addresses", of(origin)), 1);
    assert.ok(value(seen, "origin_guard_last_good_lookup_age_seconds", of(origin)) < 30);
    assert.equal(value(seen, "origin_guard_lookup_outcome", of(origin, { outcome: "known" })), 1);
    assert.equal(value(seen, "origin_guard_incident_open", of(origin)), 0);
    assert.equal(value(seen, "origin_guard_kv_writes_today", of(origin, { key: "origin" })), 1);
    const { writes_left } = (await stage.admin("/status")).json.origins.find(({ name }) => name === origin);
    assert.equal(value(seen, "origin_guard_kv_writes_left", of(origin, { key: "origin" })), writes_left);
  }
  assert.equal(value(seen, "origin_guard_origin_info", of("okapi", { hostname: OTHER })), 1);
  assert.equal(value(seen, "origin_guard_config_faults", {}), 0);
  assert.equal(value(seen, "origin_guard_kv_writes_day_limit", {}), 80);
});

test("the answers of each resolver by outcome are told also by an isolate that has asked none", async () => {
  stage.doh.b.fault = () => ({ status: 500 });
  await refresh();
  await stage.start({});
  const seen = await metrics();
  const answers = (resolver, outcome) =>
    value(seen, "origin_guard_dns_answers", of("zebra-gw", { resolver, outcome }));
  assert.deepEqual([answers("doh-a.test", "known"), answers("doh-a.test", "unknown")], [1, 0]);
  assert.deepEqual([answers("doh-b.test", "known"), answers("doh-b.test", "unknown")], [0, 1]);
});

test("two resolvers of one host are counted together, and the path is not shown", async () => {
  const resolvers = ["https://doh-a.test/account-1/dns-query", "https://doh-a.test/account-2/dns-query"];
  await stage.start({ guard: { ...BOTH, dns: { ...GUARD.dns, resolvers } } });
  await refresh();
  const { text } = await scrape();
  const counted = of("okapi", { resolver: "doh-a.test", outcome: "known" });
  assert.equal(value(parse(text), "origin_guard_dns_answers", counted), 2);
  assert.doesNotMatch(text, /account/);
});

test("an open incident has its code, its age and its failures; ended ones are counted by code", async () => {
  await refresh();
  stage.edge.answers(GATEWAY, edgeError(522));
  await stage.get("/");
  const open = await metrics();
  const code = "origin_connection_timeout";
  assert.equal(value(open, "origin_guard_origin_state", of("zebra-gw", { state: "failing" })), 1);
  assert.equal(value(open, "origin_guard_origin_state", of("okapi", { state: "failing" })), 0);
  assert.equal(value(open, "origin_guard_incident_open", of("zebra-gw")), 1);
  assert.equal(value(open, "origin_guard_incident_info", of("zebra-gw", { code })), 1);
  assert.equal(value(open, "origin_guard_incident_failures", of("zebra-gw")), 1);
  assert.ok(value(open, "origin_guard_incident_age_seconds", of("zebra-gw")) < 30);
  stage.edge.answers(GATEWAY, { body: "well" });
  await refresh();
  const ended = await metrics();
  assert.equal(value(ended, "origin_guard_incident_open", of("zebra-gw")), 0);
  assert.equal(value(ended, "origin_guard_incidents", of("zebra-gw", { code })), 1);
  assert.deepEqual(family(ended, "origin_guard_incident_info").samples, []);
});

test("a drift is counted, with its age", async () => {
  await refresh();
  stage.zone({ ...ZONE, [OTHER]: { a: ["40.86.168.241"], ttl: 300 } });
  await refresh();
  const seen = await metrics();
  assert.equal(value(seen, "origin_guard_drift_events", of("okapi", { source: "dns" })), 1);
  assert.ok(value(seen, "origin_guard_last_drift_age_seconds", of("okapi", { source: "dns" })) < 30);
  assert.equal(value(seen, "origin_guard_drift_events", of("zebra-gw", { source: "dns" })), 0);
});

test("findings, faults of the configuration, a missing secret and a missing store are told", async () => {
  stage.zone({ [GATEWAY]: { a: ["10.0.0.4"] } });
  await stage.start({
    kv: false,
    guard: { ...BOTH, azure: { tenant_id: "6f9619ff-8b86-d011-b42d-00c04fc964ff", client_id: "6f9619ff-8b86-d011-b42d-00c04fc964ff" }, nonsense: 1 },
  });
  await refresh();
  const seen = await metrics();
  const finding = of("zebra-gw", { code: "address_not_public", severity: "error" });
  assert.equal(value(seen, "origin_guard_findings", finding), 1);
  assert.equal(value(seen, "origin_guard_config_faults", {}), 1);
  assert.equal(value(seen, "origin_guard_binding_missing", { binding: "AZURE_CLIENT_SECRET" }), 1);
  assert.equal(value(seen, "origin_guard_kv_state", { state: "missing" }), 1);
});

test("a store that does not answer is told as such, and gives no zeros", async () => {
  await refresh();
  await stage.start({});
  stage.kv.mode = "down";
  const seen = await metrics();
  stage.kv.mode = "ok";
  assert.equal(value(seen, "origin_guard_kv_state", { state: "unavailable" }), 1);
  assert.deepEqual(family(seen, "origin_guard_drift_events").samples, []);
});

test("labels are bounded: origins, hosts of resolvers and closed lists", async () => {
  await refresh();
  const allowed = {
    origin: ["zebra-gw", "okapi"],
    hostname: [GATEWAY, OTHER],
    resolver: ["doh-a.test", "doh-b.test"],
    outcome: ["known", "absent", "unknown"],
    state: ["healthy", "degraded", "failing", "unknown", "ok", "unavailable", "missing"],
    code: CODES,
    status: ["declared", "held"],
    source: ["dns", "azure"],
    key: ["origin", "azure"],
  };
  for (const { samples } of Object.values(await metrics()))
    for (const { name, labels } of samples)
      for (const [label, text] of Object.entries(labels))
        if (label !== "version") assert.ok(allowed[label]?.includes(text), `${name} ${label} ${text}`);
});

test("dashboard, alert rules and documentation name metrics that are there, and the documentation names all", async () => {
  const seen = Object.keys(await metrics());
  const named = async (file) => (await readFile(`${ROOT}docs/${file}`, "utf8")).match(/\borigin_guard_[a-z_]+\b/g);
  for (const file of ["grafana-dashboard.json", "prometheus-rules.yml", "metrics.md"]) {
    const names = await named(file);
    assert.ok(names.length > 10, file);
    for (const name of names) assert.ok(seen.includes(name), `${file}: ${name}`);
  }
  const documented = new Set(await named("metrics.md"));
  assert.deepEqual(
    seen.filter((name) => !documented.has(name)),
    [],
  );
});

test("the dashboard asks the chosen data source, and every panel has its place", async () => {
  const board = JSON.parse(await readFile(`${ROOT}docs/grafana-dashboard.json`, "utf8"));
  assert.equal(board.templating.list[0].type, "datasource");
  const ids = board.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { title, datasource, targets, gridPos } of board.panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title);
    for (const asked of [datasource, ...targets.map((target) => target.datasource)])
      assert.equal(asked.uid, "${datasource}", title);
  }
});
