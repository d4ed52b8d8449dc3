// Contract 7: what the readers of declarative files make of them: Terraform's own parser, the schemas of Kubernetes and
// Traefik, the AWS client's model, and schemas written from the vendors' specifications where there is no such reader.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { parse as parseHcl } from "@cdktf/hcl2json";
import { Middleware } from "@kubernetes-models/traefik/traefik.io/v1alpha1/Middleware";
import Ajv from "ajv";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1/Ingress";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { parseDocument } from "yaml";

import { SECRETS, WITH_AZURE, declare } from "../support/declared.mjs";
import { SCHEMAS } from "../support/schemas.mjs";
import { missing, needed } from "../support/skip.mjs";
import { startStage } from "../support/stage.mjs";
import { Folder, accepts, refuses, run } from "../support/tool.mjs";

const V4 = ["20.1.2.3/32", "20.8.0.0/31", "52.224.186.0/24"];
const V6 = ["2603:1020:201::7/128", "2603:1030:40c::/48"];
const SETS = {
  mixed: [...V4, ...V6],
  "IPv4 only": V4,
  "IPv6 only": V6,
  "of 90": Array.from({ length: 90 }, (_, n) => (n % 3 ? `20.1.${n}.0/30` : `2603:1020:${n + 1}::/64`)),
};
const CAVEAT = { code: "malformed_address", detail: 'Azure said "20.1.\n${bad} */ }\': é' };

const folder = new Folder();
let stage;
before(async () => {
  stage = await startStage({ guard: WITH_AZURE, secrets: SECRETS });
});
after(async () => {
  folder.remove();
  await stage?.stop();
});

async function exported(format, networks, query = "") {
  declare(stage, networks, [CAVEAT]);
  const answer = await stage.admin(`/allowlist?format=${format}${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
}

const yaml = (text) => {
  const document = parseDocument(text, { strict: true, version: "1.2" });
  assert.deepEqual([document.errors, document.warnings], [[], []]);
  return document.toJS();
};
const sorted = (list) => [...list].sort();

test("terraform: Terraform's parser takes every set and finds the ranges in it", async () => {
  for (const networks of Object.values(SETS)) {
    const { locals } = await parseHcl("apim.tf", await exported("terraform", networks));
    const { apim_origin_guard_ipv4: v4, apim_origin_guard_ipv6: v6, apim_origin_guard: all } = locals[0];
    assert.deepEqual(sorted([...v4, ...v6]), sorted(networks));
    assert.ok(v6.every((range) => range.includes(":")) && !v4.some((range) => range.includes(":")));
    assert.equal(all, "${concat(local.apim_origin_guard_ipv4, local.apim_origin_guard_ipv6)}");
  }
  await assert.rejects(parseHcl("apim.tf", 'locals {\n  a = ["20.1.2.3/32"\n'));
});

test("network-policy: the schema of Kubernetes takes every set", async () => {
  for (const networks of Object.values(SETS)) {
    const policy = yaml(await exported("network-policy", networks));
    new NetworkPolicy(policy).validate();
    assert.deepEqual(sorted(policy.spec.ingress[0].from.map((peer) => peer.ipBlock.cidr)), sorted(networks));
    assert.deepEqual(policy.spec.policyTypes, ["Ingress"]);
    assert.notDeepEqual(policy.spec.podSelector, {}, "an empty selector would cut off every pod of the namespace");
    policy.spec.ingress[0].from[0] = { ipBlock: {} };
    assert.throws(() => new NetworkPolicy(policy).validate(), /cidr/);
  }
});

test("ingress-nginx: an Ingress with the patch is valid, and the annotation has every range", async () => {
  const spec = { defaultBackend: { service: { name: "api", port: { number: 80 } } } };
  for (const networks of Object.values(SETS)) {
    const patch = yaml(await exported("ingress-nginx", networks));
    new Ingress({ metadata: { name: "api", ...patch.metadata }, spec }).validate();
    const value = patch.metadata.annotations["nginx.ingress.kubernetes.io/whitelist-source-range"];
    assert.deepEqual(sorted(value.split(",")), sorted(networks));
    assert.deepEqual([Object.keys(patch), Object.keys(patch.metadata)], [["metadata"], ["annotations"]]);
  }
});

test("traefik: the middleware fits Traefik's schema", async () => {
  for (const networks of Object.values(SETS)) {
    const file = yaml(await exported("traefik", networks));
    const { "apim-origin-guard": middleware, ...others } = file.http.middlewares;
    assert.deepEqual(others, {});
    // The file provider and the custom resource share the middleware's members; the schema of the latter is published.
    new Middleware({ metadata: { name: "apim-origin-guard" }, spec: middleware }).validate();
    assert.deepEqual(sorted(middleware.ipAllowList.sourceRange), sorted(networks));
    assert.deepEqual([Object.keys(middleware), Object.keys(middleware.ipAllowList)], [["ipAllowList"], ["sourceRange"]]);
    middleware.ipAllowList.sourceRange = [7];
    assert.throws(() => new Middleware({ metadata: { name: "x" }, spec: middleware }).validate(), /must be string/);
  }
});

const ajv = new Ajv({ allErrors: true });

for (const [format, schema] of Object.entries(SCHEMAS)) {
  test(`${format}: every set fits the schema of the vendor's specification`, async () => {
    const validate = ajv.compile(schema);
    for (const [name, networks] of Object.entries(SETS)) {
      declare(stage, networks);
      const answer = await stage.admin(`/allowlist?format=${format}`);
      const nothing = name === "IPv6 only" && answer.status === 409;
      assert.ok(answer.status === 200 || nothing, answer.text);
      if (!nothing) assert.ok(validate(answer.json), `${name}: ${JSON.stringify(validate.errors)}\n${answer.text}`);
    }
    declare(stage, V4);
    const damaged = (await stage.admin(`/allowlist?format=${format}`)).text.replaceAll("52.224.186.0", "52.224.186.0.1");
    assert.ok(!validate(JSON.parse(damaged)), "a damaged file is refused");
  });
}

test("gcp-cloud-armor: everyone else is denied by the default rule", async () => {
  const { rules } = JSON.parse(await exported("gcp-cloud-armor", SETS["of 90"]));
  const last = rules.at(-1);
  assert.deepEqual([last.action, last.priority, last.match.config.srcIpRanges], ["deny(403)", 2_147_483_647, ["*"]]);
  assert.deepEqual(sorted(rules.slice(0, -1).flatMap((rule) => rule.match.config.srcIpRanges)), sorted(SETS["of 90"]));
  assert.equal(new Set(rules.map((rule) => rule.priority)).size, rules.length);
});

test("cloudflare-list: a single IPv6 address is its /64", async () => {
  const items = JSON.parse(await exported("cloudflare-list", V6));
  assert.deepEqual(items.map((item) => item.ip), ["2603:1020:201::/64", "2603:1030:40c::/48"]);
});

// The AWS client's own model of CreateManagedPrefixList, as `aws ec2 … --cli-input-json` checks it.
const BOTO = `import json, sys
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
model = ServiceModel(Loader().load_service_model("ec2", "service-2"))
shape = model.operation_model("CreateManagedPrefixList").input_shape
problems = ParamValidator().validate(json.load(open(sys.argv[1])), shape)
sys.exit(problems.generate_report() or None)`;
const PYTHON = "/usr/bin/python3";
const hasBoto = () => run("sh", ["-c", `${PYTHON} -c 'import botocore'`]).status === 0;
const skip = missing({ [PYTHON]: "python3" }) || needed("botocore", "python3-botocore", hasBoto);

test("aws-prefix-list: the AWS client's model takes it, one family at a time", { skip }, async () => {
  for (const [family, networks] of [["ipv4", V4], ["ipv6", V6]]) {
    const text = await exported("aws-prefix-list", SETS.mixed, `&family=${family}`);
    accepts(PYTHON, ["-c", BOTO, folder.write("list.json", text)]);
    const list = JSON.parse(text);
    assert.equal(list.AddressFamily, family.replace("ip", "IP"));
    assert.deepEqual(sorted(list.Entries.map((entry) => entry.Cidr)), sorted(networks));
    assert.ok(list.MaxEntries >= list.Entries.length && list.Entries.every((entry) => entry.Description.length <= 255));
  }
  refuses(PYTHON, ["-c", BOTO, folder.write("list.json", '{"PrefixListName": "x", "MaxEntries": "10"}')]);
});
