// The scenario table for the built module: what DNS has, what the edge answers, what was stored before; and what the contract
// says of each combination, in its words.

import { cut, garbage, html, httpStatus, never, rcode, truncated } from "./doh.mjs";
import { SHAPES, cutConnection, edgeError, neverAnswers, send } from "./edge.mjs";

export const OLD = "172.199.17.73";
export const NEW = "20.9.9.9";
export const EASTERN = "20.8.8.8";
const WEST = "westeurope";
const EAST = "eastus";

/** The names of the chain of gateway `label`, from its own to the compute name. */
export const namesOf = (label, region = WEST) => [
  `${label}.azure-api.net`,
  `apimgmttm${label}.trafficmanager.net`,
  `${label}-${region}-01.regional.azure-api.net`,
  `${label}-ip.${region}.cloudapp.azure.com`,
];

function chain(label, end, region) {
  const names = namesOf(label, region);
  return Object.fromEntries(names.map((name, hop) => [name, hop < 3 ? { cname: names[hop + 1] } : end]));
}

function without(label, hop) {
  const zone = chain(label, { a: [OLD] });
  delete zone[namesOf(label)[hop]];
  return zone;
}

function long(label, hops) {
  const name = (hop) => (hop === 0 ? `${label}.azure-api.net` : `h${hop}.${label}.example`);
  const links = Array.from({ length: hops }, (_, hop) => [name(hop), { cname: name(hop + 1) }]);
  return Object.fromEntries([...links, [name(hops), { a: [OLD] }]]);
}

const zone = (what, make, says) => ({ what, zone: make, says });
const fault = (what, how, says = { kind: "nothing" }) => ({ what, zone: () => ({}), fault: how, says });
const at = (region, address, isPublic = true) => ({ kind: "addresses", region, address, isPublic });
const absent = (code, hop) => ({ kind: "absent", code, hop });
const failed = (code, rank) => ({ kind: "failed", code, rank });

export const KNOWN = zone("known", (label) => chain(label, { a: [OLD] }), at(WEST, OLD));
export const MOVED = zone("moved", (label) => chain(label, { a: [NEW] }), at(WEST, NEW));
const ELSEWHERE = zone("another region", (label) => chain(label, { a: [EASTERN] }, EAST), at(EAST, EASTERN));
const GONE = zone("NXDOMAIN at the gateway's name", (label) => without(label, 0), absent("origin_name_not_found", 0));

/** What DNS has, and what a resolver says then. The lower the rank, the more telling a failure. */
export const DNS = [
  KNOWN,
  ELSEWHERE,
  MOVED,
  GONE,
  zone("NXDOMAIN at Traffic Manager", (label) => without(label, 1), absent("origin_name_not_found", 1)),
  zone("NXDOMAIN at the regional name", (label) => without(label, 2), absent("origin_name_not_found", 2)),
  zone("NXDOMAIN at the compute name", (label) => without(label, 3), absent("origin_name_not_found", 3)),
  zone("NODATA", (label) => chain(label, {}), absent("origin_name_has_no_address", 3)),
  fault("SERVFAIL", rcode("SERVFAIL"), failed("origin_dns_server_failure", 3)),
  fault("SERVFAIL with words", rcode("SERVFAIL", 22, "zebra authority"), failed("origin_dns_server_failure", 3)),
  fault("REFUSED", rcode("REFUSED"), failed("origin_dns_server_failure", 3)),
  fault("DNSSEC bogus", rcode("SERVFAIL", 6), failed("origin_dnssec_invalid", 1)),
  fault("DNSSEC without a key", rcode("SERVFAIL", 9), failed("origin_dnssec_invalid", 1)),
  zone("a loop", (label) => chain(label, { cname: namesOf(label)[1] }), failed("origin_chain_invalid", 2)),
  zone("17 hops", (label) => long(label, 17), failed("origin_chain_invalid", 2)),
  zone("a private address", (label) => chain(label, { a: ["10.1.2.3"] }), at(WEST, "10.1.2.3", false)),
  fault("truncated", truncated),
  fault("time-outs", never),
  fault("garbage", garbage),
  fault("a login page", html),
  fault("HTTP 503", httpStatus(503)),
];

const SILENT = fault("silent", never);
const UNREACHABLE = fault("cut", cut);

/** What each of the two resolvers sees, where the one in question sees `dns`. */
export const OTHERS = [
  ["both", (dns) => [dns, dns]],
  ["the second is silent", (dns) => [dns, SILENT]],
  ["the first is silent", (dns) => [SILENT, dns]],
  ["the second contradicts", (dns) => [dns, dns.says.kind === "addresses" ? GONE : KNOWN]],
  ["the second cannot be reached", (dns) => [dns, UNREACHABLE]],
];

const number = (cloudflares, code, says = "set-up") => ({
  what: String(cloudflares),
  code,
  says,
  number: cloudflares,
  serve: (_, response, place) => send(response, edgeError(cloudflares, SHAPES[place % SHAPES.length])),
});
const below = (what, code, says, serve) => ({ what, code, says, serve });

/** What the edge or the runtime does with the request, and the code unless DNS or the address explains it. */
export const EDGE = [
  ...[1001, 1016, 1018, 1023].map((it) => number(it, "origin_dns_unconfirmed", "dns")),
  below("530 without a number", "origin_dns_unconfirmed", "dns", (_, response) => send(response, edgeError(null, "empty"))),
  number(520, "origin_response_invalid"),
  number(521, "origin_connection_refused", "connection"),
  number(522, "origin_connection_timeout", "connection"),
  number(523, "origin_unreachable", "connection"),
  number(524, "origin_response_timeout"),
  number(525, "origin_tls_failed", "connection"),
  number(526, "origin_certificate_invalid", "connection"),
  number(1000, "cloudflare_prohibited_address"),
  number(1002, "cloudflare_prohibited_address"),
  number(1003, "cloudflare_direct_ip"),
  number(1014, "cloudflare_cname_cross_account"),
  number(1019, "cloudflare_worker_loop"),
  number(1033, "cloudflare_tunnel_down"),
  number(1042, "cloudflare_same_zone_worker"),
  number(1020, "cloudflare_error_unrecognised"),
  below("no head in time", "origin_response_timeout", "time-out", neverAnswers),
  below("a lost connection", "origin_unreachable", "lost", cutConnection),
];

const record = (region, address) => (label) => {
  const names = namesOf(label, region);
  const links = names.slice(0, 3).map((name, hop) => ({ name, ttl_s: 300, target: names[hop + 1] }));
  const seen = new Date(Date.now() - 600_000).toISOString();
  const places = [{ regional: names[2], addresses: [address], at: seen }];
  return JSON.stringify({
    schema: 2,
    hostname: names[0],
    last_good: { chain: links, addresses: [{ address, ttl_s: 120 }], at: seen, places },
    fresh_until: seen,
    outcome: "known",
    observed_at: seen,
    incident: null,
    past: [],
    drifts: [],
    writes: { full_at: seen },
    written_at: seen,
  });
};

/** What was stored before, as docs/kv-schema.md has it. */
export const BEFORE = [
  { what: "nothing" },
  { what: "the old address", region: WEST, address: OLD, value: record(WEST, OLD) },
  { what: "a newer schema", value: () => '{"schema":99,"last_good":"of the future"}', kept: true },
  { what: "another region", region: EAST, address: EASTERN, value: record(EAST, EASTERN) },
  { what: "the new address", region: WEST, address: NEW, value: record(WEST, NEW) },
  { what: "damage", value: () => "damage", kept: true },
];

/** The store, and whether it can be read and how many writes of a new incident reach it. */
export const STORES = [
  { what: "ok", mode: "ok", tells: true, writes: 2 },
  { what: "down", mode: "down", tells: false, writes: 0 },
  { what: "silent", mode: "silent", tells: false, writes: 0 },
  { what: "missing", mode: "ok", missing: true, tells: false, writes: 0 },
  { what: "loses writes", mode: "write_lost", tells: true, writes: 1 },
  { what: "loses answers", mode: "answer_lost", tells: true, writes: 1 },
];

/** Contract 5 and 1: `{ code, hop?, writes }` of a cell. */
export function expected({ dns, others, edge, before, store }) {
  const said = others[1](dns).map(({ says }) => says);
  const told = sum(said);
  return { ...explained(edge, told, before, store), writes: before.kept ? 0 : store.writes };
}

function explained(edge, told, before, store) {
  if (edge.says === "dns") return told.cause ?? privateOnly(told) ?? (told.addresses.length ? { code: "origin_dns_disagreement" } : edge);
  // One witness alone never settles that there is nothing.
  if (edge.says === "lost" && told.outcome === "absent") return told.cause;
  if (edge.says !== "connection" && edge.says !== "lost") return edge;
  if (told.outcome !== "known") return edge;
  return privateOnly(told) ?? (isStale(told, before, store) ? { code: "origin_address_stale" } : edge);
}

/** What the resolvers say together: the outcome, and why there is no address. */
function sum(said) {
  const addresses = said.filter(({ kind }) => kind === "addresses");
  const absences = said.filter(({ kind }) => kind === "absent");
  const failures = said.filter(({ kind }) => kind === "failed").sort((one, other) => one.rank - other.rank);
  if (addresses.length && absences.length)
    return { addresses, outcome: "unknown", cause: { code: "origin_dns_disagreement" } };
  if (addresses.length) return { addresses, outcome: "known" };
  return { addresses, outcome: absences.length > 1 ? "absent" : "unknown", cause: absences[0] ?? failures[0] };
}

const privateOnly = ({ addresses }) =>
  addresses.length > 0 && addresses.every(({ isPublic }) => !isPublic) ? { code: "origin_address_not_public" } : undefined;

/** A previous observation of a place that is seen again, with none of the addresses of now. Another region is no change. */
function isStale({ addresses }, before, store) {
  if (!store.tells || !before.address) return false;
  return addresses.some(({ region }) => region === before.region) && addresses.every(({ address }) => address !== before.address);
}
