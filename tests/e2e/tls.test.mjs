// Certificates and connections of a real TLS origin, behind an edge that checks them.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { freePorts } from "../support/process.mjs";
import { assertProblem } from "../support/problem.mjs";
import { MISSING, startRealStage } from "../support/real-stage.mjs";
import { CHAINS, zoneOf } from "./chains.mjs";

const CHAIN = CHAINS["Microsoft's own"];
const [GATEWAY, ADDRESS] = [CHAIN[0], CHAIN.at(-1)];

let stage;
before(async () => {
  if (MISSING) return;
  stage = await startRealStage({ origins: [{ hostname: GATEWAY }], names: [GATEWAY], addresses: [ADDRESS] });
  await stage.serve(zoneOf(CHAIN));
});
after(() => stage?.stopAll());
beforeEach(() => {
  stage?.origin.present("valid");
});

const skip = MISSING;
const well = async () => assert.equal((await stage.get("/")).text, `origin ${GATEWAY}/`);

for (const kind of ["expired", "wrong_name", "untrusted"]) {
  test(`certificate ${kind}: origin_certificate_invalid, until it is mended`, { skip }, async () => {
    await well();
    stage.origin.present(kind);
    const document = assertProblem(await stage.get("/"), "origin_certificate_invalid");
    assert.equal(document.error_code, 526);
    assert.equal(document.category, "tls");
    stage.origin.present("valid");
    await well();
  });
}

test("nothing listens: origin_connection_refused, until something does", { skip }, async () => {
  [stage.reach[ADDRESS]] = await freePorts(1);
  assertProblem(await stage.get("/"), "origin_connection_refused");
  stage.reach[ADDRESS] = stage.origin.port;
  await well();
});

test("packets are dropped: origin_connection_timeout, until they are not", { skip }, async () => {
  delete stage.reach[ADDRESS];
  assertProblem(await stage.get("/"), "origin_connection_timeout");
  stage.reach[ADDRESS] = stage.origin.port;
  await well();
});
