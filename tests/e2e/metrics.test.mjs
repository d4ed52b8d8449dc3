// The metrics read by Prometheus's own tools: promtool, and the parser of its Python library.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";

import { edgeError } from "../support/edge.mjs";
import { PYTHON, missing, missingPython } from "../support/skip.mjs";
import { BOTH, CHAIN, GATEWAY, OTHER, startStage } from "../support/stage.mjs";
import { ROOT } from "../support/workerd.mjs";

const NO_PROMTOOL = missing({ promtool: "prometheus" });
const NO_PYTHON = missingPython("python");

let stage;
/** Texts of an isolate that knows nothing, of one with an incident, and of one with a broken configuration. */
const texts = {};
before(async () => {
  stage = await startStage({ guard: BOTH });
  const scrape = async (accept) => (await stage.admin("/metrics", { headers: [["Accept", accept]] })).text;
  texts.empty = await scrape("*/*");
  stage.zone({ ...CHAIN, [OTHER]: { a: ["10.0.0.4"], ttl: 300 } });
  await stage.admin("/refresh", { method: "POST" });
  stage.edge.answers(GATEWAY, edgeError(522));
  await stage.get("/");
  texts.incident = await scrape("*/*");
  texts.older = await scrape("text/plain; version=0.0.4");
  await stage.start({ guard: { origins: [{ hostname: "192.0.2.1" }] }, kv: false });
  texts.broken = await scrape("*/*");
});
after(() => stage?.stop());

const NAMES = ["empty", "incident", "older", "broken"];

for (const name of NAMES)
  test(`promtool check metrics has nothing to say of the text (${name})`, { skip: NO_PROMTOOL }, () => {
    const said = execFileSync("promtool", ["check", "metrics"], { input: texts[name], encoding: "utf8" });
    assert.equal(said, "");
  });

test("promtool check metrics finds what is wrong", { skip: NO_PROMTOOL }, () => {
  const wrong = texts.incident.replace(/^# HELP origin_guard_addresses .*\n/m, "");
  assert.throws(() => execFileSync("promtool", ["check", "metrics"], { input: wrong, stdio: "pipe" }), /no help text/);
});

test("promtool check rules and promtool test rules accept the alert rules", { skip: NO_PROMTOOL }, () => {
  const promtool = (...words) => execFileSync("promtool", words, { cwd: ROOT, encoding: "utf8", stdio: "pipe" });
  assert.match(promtool("check", "rules", "--lint-fatal", "docs/prometheus-rules.yml"), /SUCCESS: 12 rules found/);
  assert.match(promtool("test", "rules", "tests/e2e/prometheus-rules.test.yml"), /SUCCESS/);
});

const READ = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as new
from prometheus_client.parser import text_string_to_metric_families as old
text = sys.stdin.read()
for read in (new, old):
    families = list(read(text))
    assert len(families) > 20, families
    print(sum(len(family.samples) for family in families))
`;
for (const name of NAMES)
  test(`the parsers of Prometheus's Python library read the text in both formats (${name})`, { skip: NO_PYTHON }, () => {
    const counts = execFileSync(`${PYTHON}python`, ["-c", READ], { input: texts[name], encoding: "utf8" });
    const samples = texts[name].split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
    assert.deepEqual(counts.trim().split("\n").map(Number), [samples, samples]);
  });
