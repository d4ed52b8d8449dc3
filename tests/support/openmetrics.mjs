// A reader of the OpenMetrics text format 1.0.0, as far as gauges go, that takes nothing which the specification does not allow.
// e2e tests read the same text with Prometheus's own parsers.

import assert from "node:assert/strict";

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const META = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.+)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9]+(?:\\.[0-9]+)?)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/y;

/** The families by name: `{ type, help, unit, samples: [ { name, labels, value } ] }`. */
export function parse(text) {
  assert.ok(text.endsWith("\n# EOF\n"), "ends with # EOF");
  const families = {};
  let current;
  for (const line of text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const meta = META.exec(line);
    if (meta) {
      const [, kind, name, words] = meta;
      current = families[name] ??= { name, samples: [] };
      const member = kind.toLowerCase();
      assert.equal(current[member], undefined, `${line}: twice`);
      assert.deepEqual(current.samples, [], `${line}: after samples`);
      current[member] = words;
      if (kind === "UNIT") assert.ok(name.endsWith(`_${words}`), line);
    } else {
      const [, name, labels, value] = SAMPLE.exec(line) ?? assert.fail(`no line of OpenMetrics: ${line}`);
      assert.equal(name, current?.name, `${line}: not beside its family`);
      const sample = { name, labels: read(labels ?? "", line), value: Number(value) };
      const twice = current.samples.some((other) => same(other.labels, sample.labels));
      assert.ok(!twice, `${line}: the same labels twice`);
      current.samples.push(sample);
    }
  }
  for (const { name, type, help } of Object.values(families)) {
    assert.equal(type, "gauge", name);
    assert.ok(help.length > 0, name);
  }
  return families;
}

function read(text, line) {
  const labels = {};
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const [, name, value] = LABEL.exec(text) ?? assert.fail(`labels: ${line}`);
    assert.ok(!(name in labels), `${line}: ${name} twice`);
    labels[name] = value.replace(/\\(.)/g, (_, c) => (c === "n" ? "\n" : c));
  }
  return labels;
}

const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

/** The family `name`. */
export const family = (families, name) => families[name] ?? assert.fail(`no ${name}`);

/** The value of the sample with exactly these labels. */
export function value(families, name, labels) {
  const found = family(families, name).samples.find((sample) => same(sample.labels, labels));
  return found?.value ?? assert.fail(`no ${name} ${JSON.stringify(labels)}`);
}
