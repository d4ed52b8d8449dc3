// Contract 5: what the resolvers say decides the code when the edge says DNS. Every outcome meets every answer of the edge
// in its own origin, so that nothing of one case helps another.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { ORIGIN_STATUS } from "../support/codes.mjs";
import { cut, never, rcode } from "../support/doh.mjs";
import { edgeError, send } from "../support/edge.mjs";
import { assertNoLeak, assertOperatorPart, assertProblem, assertStrangersPart } from "../support/problem.mjs";
import { GUARD, TOKEN, startStage } from "../support/stage.mjs";

const ADDRESS = "172.199.17.73";

/** The names of the chain of gateway `label` on platform stv2, and its zone with `end` as the last entry. */
const namesOf = (label) => [
  `${label}.azure-api.net`,
  `apimgmttm${label}.trafficmanager.net`,
  `${label}-westeurope-01.regional.azure-api.net`,
  `${label}-ip.westeurope.cloudapp.azure.com`,
];
function chainOf(label, end = { a: [ADDRESS] }) {
  const names = namesOf(label);
  return Object.fromEntries(names.map((name, hop) => [name, hop < 3 ? { cname: names[hop + 1] } : end]));
}
function gone(label, hop) {
  const zone = chainOf(label);
  delete zone[namesOf(label)[hop]];
  return zone;
}
/** `count` CNAME hops to an address. */
function hops(label, count) {
  const name = (hop) => (hop === 0 ? `${label}.azure-api.net` : `h${hop}.${label}.example`);
  const links = Array.from({ length: count }, (_, hop) => [name(hop), { cname: name(hop + 1) }]);
  return Object.fromEntries([...links, [name(count), { a: [ADDRESS] }]]);
}
const both = (zone, fault) => ({ a: { zone, fault }, b: { zone, fault } });
const failing = (fault) => (label) => both(chainOf(label), fault);
const private_ =
  (a, aaaa = []) =>
  (label) =>
    both(chainOf(label, { a, aaaa }));

/** What the resolvers do -> the code while the edge says DNS. */
const OUTCOMES = [
  ["the gateway name is gone", (label) => both(gone(label, 0)), "origin_name_not_found", 0],
  ["the Traffic Manager name is gone", (label) => both(gone(label, 1)), "origin_name_not_found", 1],
  ["the regional name is gone", (label) => both(gone(label, 2)), "origin_name_not_found", 2],
  ["the compute name is gone", (label) => both(gone(label, 3)), "origin_name_not_found", 3],
  ["the compute name has no address", (label) => both(chainOf(label, {})), "origin_name_has_no_address", 3],
  [
    "the gateway name has no record of use",
    (label) => both({ [namesOf(label)[0]]: {} }),
    "origin_name_has_no_address",
    0,
  ],
  ["SERVFAIL", failing(rcode("SERVFAIL")), "origin_dns_server_failure"],
  ["REFUSED", failing(rcode("REFUSED")), "origin_dns_server_failure"],
  ["SERVFAIL, no reachable authority", failing(rcode("SERVFAIL", 22)), "origin_dns_server_failure"],
  ...[6, 7, 8, 9, 10, 11, 12].map((code) => [
    `SERVFAIL, extended error ${code}`,
    failing(rcode("SERVFAIL", code)),
    "origin_dnssec_invalid",
  ]),
  ["a loop", (label) => both(chainOf(label, { cname: namesOf(label)[1] })), "origin_chain_invalid"],
  [
    "a name that points to itself",
    (label) => both({ [namesOf(label)[0]]: { cname: namesOf(label)[0] } }),
    "origin_chain_invalid",
  ],
  ["17 hops", (label) => both(hops(label, 17)), "origin_chain_invalid"],
  ["16 hops", (label) => both(hops(label, 16)), "origin_dns_disagreement"],
  ["10/8", private_(["10.1.2.3"]), "origin_address_not_public"],
  ["172.16/12", private_(["172.31.255.254"]), "origin_address_not_public"],
  ["192.168/16", private_(["192.168.0.1"]), "origin_address_not_public"],
  ["shared address space", private_(["100.64.0.1"]), "origin_address_not_public"],
  ["loopback", private_(["127.0.0.1"], ["::1"]), "origin_address_not_public"],
  ["link-local", private_(["169.254.7.7"], ["fe80::1"]), "origin_address_not_public"],
  ["unique local IPv6", private_([], ["fd00::17"]), "origin_address_not_public"],
  [
    "documentation and benchmark ranges",
    private_(["192.0.2.1", "198.18.0.1"], ["2001:db8::1"]),
    "origin_address_not_public",
  ],
  ["a private and a public address", private_(["10.1.2.3", ADDRESS]), "origin_dns_disagreement"],
  ["IPv4 good", private_([ADDRESS]), "origin_dns_disagreement"],
  ["IPv6 only, good", private_([], ["2603:1020:206::17"]), "origin_dns_disagreement"],
  [
    "the resolvers contradict one another",
    (label) => ({ a: { zone: chainOf(label) }, b: { zone: gone(label, 0) } }),
    "origin_dns_disagreement",
  ],
  [
    "the resolvers know different regions",
    (label) => ({ a: { zone: chainOf(label) }, b: { zone: chainOf(label, { a: ["40.86.168.240"] }) } }),
    "origin_dns_disagreement",
  ],
  [
    "one resolver knows, the other is silent",
    (label) => ({ a: { zone: chainOf(label), fault: never }, b: { zone: chainOf(label) } }),
    "origin_dns_disagreement",
  ],
  ["no resolver can be reached", failing(cut), "origin_dns_unconfirmed"],
  ["no resolver answers in time", failing(never), "origin_dns_unconfirmed"],
];

/** How the edge says that it cannot resolve the origin. */
const EDGE_SAYS_DNS = [
  ["1016", edgeError(1016)],
  ["1016 as JSON", edgeError(1016, "json")],
  ["1001", edgeError(1001)],
  ["1018", edgeError(1018)],
  ["1023", edgeError(1023)],
  ["530 without a number", edgeError(null, "empty")],
];

const cases = OUTCOMES.flatMap(([outcome, arrange, code, hop], row) =>
  EDGE_SAYS_DNS.map(([said, answer], column) => ({
    label: `zebra${row}x${column}`,
    outcome,
    said,
    arrange,
    answer,
    code,
    hop,
  })),
);

let stage;
before(async () => {
  const origins = cases.map(({ label }) => ({ hostname: `${label}.azure-api.net`, serves: [`${label}.example.com`] }));
  stage = await startStage({ guard: { ...GUARD, origins } });
  const views = { a: { zone: {}, faults: {} }, b: { zone: {}, faults: {} } };
  for (const { label, arrange, answer } of cases) {
    stage.edge.on(`${label}.azure-api.net`, (_, response) => send(response, answer));
    for (const [resolver, { zone, fault }] of Object.entries(arrange(label))) {
      Object.assign(views[resolver].zone, zone);
      views[resolver].faults[label] = fault;
    }
  }
  for (const [resolver, { zone, faults }] of Object.entries(views)) {
    Object.assign(stage.doh[resolver], { zone, fault: (name) => faults[/zebra\d+x\d+/.exec(name)?.[0]] });
  }
});
after(() => stage?.stop());

describe("every outcome of the look-up under every answer of the edge", { concurrency: 10 }, () => {
  for (const { label, outcome, said, code, hop } of cases) {
    test(`the edge says ${said}, ${outcome}: ${code}`, async () => {
      const host = `${label}.example.com`;
      const answer = await stage.get("/", { host });
      assertStrangersPart(assertProblem(answer, code));
      assert.equal(answer.status, ORIGIN_STATUS[code]);
      assertNoLeak(answer, [`${label}.azure`, `${label}-`, `tm${label}`, ADDRESS, "10.1.2.3", "2603:"]);
      const operator = await stage.get("/", { host, headers: [["X-Origin-Guard-Token", TOKEN]] });
      const { evidence } = assertOperatorPart(assertProblem(operator, code));
      if (hop !== undefined)
        assert.ok(
          JSON.stringify(evidence.failed_hop).includes(namesOf(label)[hop]),
          `the failed hop in ${operator.text}`,
        );
    });
  }
});
