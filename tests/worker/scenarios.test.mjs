// Issue 3, quality bar: DNS x edge x record x resolvers x KV through the built module, each cell with its code, status,
// `Retry-After`, KV writes and what strangers learn. Every cell has an origin of its own, every state of KV an isolate.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { ORIGIN_STATUS } from "../support/codes.mjs";
import { assertNoLeak, assertOperatorPart, assertProblem, assertStrangersPart } from "../support/problem.mjs";
import {
  BEFORE, DNS, EASTERN, EDGE, KNOWN, MOVED, NEW, OLD, OTHERS, STORES, expected, namesOf,
} from "../support/scenarios.mjs";
import { GUARD, TOKEN, startStage } from "../support/stage.mjs";

const SETTLE_MS = 2500; // a silent store is waited for twice, a second each

/** Seconds of `Retry-After` by code; what is not named has none. */
const RETRY_AFTER = {
  origin_name_not_found: 60, origin_name_has_no_address: 60, origin_address_not_public: 60, origin_dnssec_invalid: 60,
  origin_chain_invalid: 60, origin_dns_server_failure: 30, origin_dns_unconfirmed: 30, origin_dns_disagreement: 30,
  origin_connection_refused: 120, origin_connection_timeout: 120, origin_unreachable: 120, origin_address_stale: 120,
  origin_response_timeout: 120, origin_response_invalid: 60, cloudflare_tunnel_down: 120, cloudflare_error_unrecognised: 60,
  cloudflare_direct_ip: 300, cloudflare_prohibited_address: 300, cloudflare_cname_cross_account: 300,
  cloudflare_worker_loop: 300, cloudflare_same_zone_worker: 300,
};

// The numbers of states of DNS and of answers of the edge have no common divisor: no two cells have the same of both.
const CELLS = STORES.flatMap((store, row) => [
  ...DNS.map((dns, column) => {
    const place = row * DNS.length + column;
    const others = OTHERS[place % OTHERS.length];
    return { store, dns, others, edge: EDGE[place % EDGE.length], before: BEFORE[(place + row) % BEFORE.length], place };
  }),
  { store, dns: MOVED, others: OTHERS[0], edge: EDGE[7], before: BEFORE[1], place: row },
  { store, dns: KNOWN, others: OTHERS[1], edge: EDGE[11], before: BEFORE[4], place: row },
]).map((cell, number) => ({ ...cell, label: `zebra${number}x` }));

assert.ok(CELLS.length >= 100, `${CELLS.length} cells`);

let stage;
before(async () => {
  stage = await startStage();
});
after(() => stage?.stop());

function arrange(cells) {
  const views = ["a", "b"].map((name) => Object.assign(stage.doh[name], { zone: {}, faults: {} }));
  stage.kv.entries.clear();
  for (const { label, dns, others, edge, before: stored, place } of cells) {
    stage.edge.on(namesOf(label)[0], (exchange, response) => edge.serve(exchange, response, place));
    if (stored.value) stage.kv.entries.set(`origin/${label}`, stored.value(label));
    others[1](dns).forEach((seen, resolver) => {
      Object.assign(views[resolver].zone, seen.zone(label));
      views[resolver].faults[label] = seen.fault;
    });
  }
  for (const view of views) view.fault = (name) => view.faults[/zebra\d+x/.exec(name)?.[0]];
}

const puts = (key) => stage.kv.operations.filter((it) => it.kind === "put" && it.key === key).length;

for (const store of STORES) {
  const cells = CELLS.filter((cell) => cell.store === store);
  const ids = new Map();
  describe(`KV ${store.what}`, { concurrency: 8 }, () => {
    before(async () => {
      arrange(cells);
      stage.kv.mode = store.mode;
      const origins = cells.map(({ label }) => ({
        hostname: namesOf(label)[0], serves: [`${label}.example.com`], timeout_ms: 1000,
      }));
      await stage.start({ guard: { ...GUARD, origins }, kv: !store.missing });
      stage.clear();
    });

    for (const cell of cells) {
      const { label, dns, others, edge, before: stored } = cell;
      const { code, hop } = expected(cell);
      test(`KV ${store.what}: ${edge.what}, DNS ${dns.what} (${others[0]}), stored ${stored.what}: ${code}`, async () => {
        const host = `${label}.example.com`;
        const answer = await stage.get("/orders?customer=secret", { host });
        const document = assertProblem(answer, code);
        ids.set(label, document.incident);
        assertStrangersPart(document);
        assert.equal(answer.status, ORIGIN_STATUS[code]);
        assert.equal(answer.headers["retry-after"], RETRY_AFTER[code]?.toString());
        assert.equal(document.error_code, edge.number);
        assertNoLeak(answer, [`${label}`, "trafficmanager", "cloudapp", OLD, NEW, EASTERN, "10.1.2.3", "doh-a", "customer"]);
        const operator = await stage.get("/", { host, headers: [["X-Origin-Guard-Token", TOKEN]] });
        const { evidence, incident } = assertOperatorPart(assertProblem(operator, code));
        assert.equal(incident, document.incident, "both belong to one incident");
        if (hop !== undefined) assert.equal(evidence.failed_hop.name, namesOf(label)[hop]);
      });
    }

    after(() => pause(SETTLE_MS));
  });

  test(`KV ${store.what}: each cell has its writes, and what was stored is kept`, () => {
    for (const cell of cells) {
      const { label, before: stored } = cell;
      const due = expected(cell).writes;
      assert.equal(puts(`origin/${label}`), Math.min(1, due), `${label}: the record`);
      assert.equal(puts(`incident/${ids.get(label)}`), Math.max(0, due - 1), `${label}: the proof`);
      const value = stage.kv.entries.get(`origin/${label}`) ?? "";
      if (stored.kept) assert.equal(value, stored.value(label));
      if (stored.address) assert.ok(value.includes(stored.address), value);
    }
  });
}
