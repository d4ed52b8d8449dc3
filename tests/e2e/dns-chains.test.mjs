// Every hop of the real chains breaks on a real DNS server: the guard names it, and recovers by itself.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { assertNoLeak, assertProblem } from "../support/problem.mjs";
import { MISSING, startRealStage } from "../support/real-stage.mjs";
import { TOKEN } from "../support/stage.mjs";
import { CHAINS, zoneOf } from "./chains.mjs";

const chains = Object.entries(CHAINS).map(([what, chain], i) => ({
  what,
  chain,
  host: `g${i}.example.com`,
  names: chain.slice(0, -1),
  address: chain.at(-1),
}));
const ALL = chains.flatMap(({ chain }) => zoneOf(chain));

let stage;
before(async () => {
  if (MISSING) return;
  stage = await startRealStage({
    origins: chains.map(({ names, host }, i) => ({ hostname: names[0], name: `g${i}`, serves: [host] })),
    names: chains.map(({ names }) => names[0]),
    addresses: chains.map(({ address }) => address),
  });
});
after(() => stage?.stopAll());
beforeEach(async () => {
  if (MISSING) return;
  await stage.serve(ALL);
  await stage.start({});
});

const skip = MISSING;
for (const { what, host, names, address } of chains) {
  const well = async () => {
    const answer = await stage.get("/orders?x=1", { host });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.text, `origin ${names[0]}/orders?x=1`);
  };

  test(`${what}: answered by the origin over TLS`, { skip }, well);

  test(`${what}: refresh sees the chain hop by hop`, { skip }, async () => {
    const i = chains.findIndex((chain) => chain.host === host);
    const [report] = (await stage.admin(`/refresh?origin=g${i}`, { method: "POST" })).json.origins;
    assert.equal(report.outcome, "known");
    assert.deepEqual(report.addresses, [address]);
    const origin = (await stage.admin("/status")).json.origins[i];
    assert.deepEqual(
      origin.chain.filter(({ type }) => type === "CNAME").map(({ name, target }) => `${name} ${target}`),
      names.slice(0, -1).map((name, hop) => `${name} ${names[hop + 1]}`),
    );
    for (const { ttl_s } of origin.chain) assert.equal(ttl_s, 300);
  });

  names.forEach((name, hop) => {
    test(`${what}: hop ${hop}, ${name}, is gone and comes back`, { skip }, async () => {
      await well();
      await stage.drop(name);
      const answer = await stage.get("/", { host });
      const document = assertProblem(answer, "origin_name_not_found");
      assert.equal(document.error_code, 1016);
      assertNoLeak(answer, [...names, address]);
      const operator = await stage.get("/", { host, headers: [["X-Origin-Guard-Token", TOKEN]] });
      assert.ok(JSON.stringify(operator.json.evidence.failed_hop).includes(name), operator.text);
      await stage.serve(ALL);
      await well();
    });
  });

  test(`${what}: the last name loses its address`, { skip }, async () => {
    await stage.serve([
      ...ALL.filter((record) => !record.startsWith(`${names.at(-1)}. `)),
      `${names.at(-1)}. 300 IN TXT "no address"`,
    ]);
    assertProblem(await stage.get("/", { host }), "origin_name_has_no_address");
    await stage.serve(ALL);
    await well();
  });
}
