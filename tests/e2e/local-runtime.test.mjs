// No edge at all: the local runtime resolves, connects and checks certificates itself, and fails by exceptions. The guard
// still answers with a problem document, claims no more than it knows, and recovers. This is what `make dev` runs.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { exchange } from "../support/client.mjs";
import { DNS_MISSING, startDns } from "../support/dns-server.mjs";
import { CODES } from "../support/codes.mjs";
import { assertProblem } from "../support/problem.mjs";
import { TLS_MISSING, startTlsOrigin } from "../support/tls-origin.mjs";
import { startWorkerd } from "../support/workerd.mjs";

const ORIGIN_CODES = CODES.filter((code) => code.startsWith("origin_"));
const NO_SUCH_NAME = "zebra-gw.test"; // RFC 6761: never resolves
const skip = DNS_MISSING || TLS_MISSING;

let dns;
let origin;
let workerd;
before(async () => {
  if (skip) return;
  dns = await startDns(["localhost. 300 IN A 127.0.0.1"]);
  origin = await startTlsOrigin(["localhost"], (asked, response) =>
    response.end(`origin ${asked.headers.host}${asked.url}`),
  );
  workerd = await startWorkerd({
    guard: {
      origins: [
        { hostname: `localhost:${origin.port}` },
        { hostname: NO_SUCH_NAME, name: "nobody", serves: ["nobody.example.com"] },
      ],
      dns: { resolvers: [`http://localhost:${dns.dohPort}/dns-query`] },
    },
    trustedCa: origin.ca,
  });
});
after(() => Promise.all([workerd?.stop(), origin?.stop(), dns?.stop()]));
afterEach(() => origin?.present("valid"));

const get = (options) => exchange(workerd.ports.guard, { path: "/x?y=1", ...options });
const well = async () => assert.equal((await get()).text, `origin localhost:${origin.port}/x?y=1`);

test("a well origin is answered over real TLS", { skip }, well);

for (const kind of ["expired", "wrong_name", "untrusted"]) {
  test(`certificate ${kind}: a problem document, no crash, and recovery`, { skip }, async () => {
    origin.present(kind);
    const answer = await get();
    assertProblem(answer, ...ORIGIN_CODES);
    assert.ok(!answer.everything.includes(String(origin.port)));
    origin.present("valid");
    await well();
  });
}

test(
  "a name that the runtime cannot resolve and the real resolver does not know: origin_name_not_found",
  { skip },
  async () => {
    assertProblem(await get({ host: "nobody.example.com" }), "origin_name_not_found");
  },
);

test("nothing listens: a problem document", { skip }, async () => {
  await origin.stop();
  assertProblem(await get(), ...ORIGIN_CODES);
});
