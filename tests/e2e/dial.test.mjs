// The stages of `diagnose` over real sockets: the local runtime dials a listening, a refusing and a silent loopback port.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { exchange } from "../support/client.mjs";
import { Resolver } from "../support/doh.mjs";
import { startEdge } from "../support/edge.mjs";
import { freePorts } from "../support/process.mjs";
import { silentPort } from "../support/silent-port.mjs";
import { TOKEN } from "../support/stage.mjs";
import { TLS_MISSING, startTlsOrigin } from "../support/tls-origin.mjs";
import { startWorkerd } from "../support/workerd.mjs";

const BUDGET_MS = 1500;
const skip = TLS_MISSING;

let dns;
let origin;
let silent;
let workerd;
before(async () => {
  if (skip) return;
  dns = await startEdge();
  dns.on("localhost", new Resolver({ localhost: { a: ["127.0.0.1"] } }).handler);
  origin = await startTlsOrigin(["localhost"], (_, response) => {
    response.writeHead(404, { "Content-Type": "application/json" });
    response.end('{ "statusCode": 404, "message": "Resource not found" }');
  });
  silent = await silentPort();
  const [nobody] = await freePorts(1);
  const at = (name, port) => ({ name, hostname: `localhost:${port}`, serves: [`${name}.example.com`] });
  workerd = await startWorkerd({
    guard: {
      origins: [at("listening", origin.port), at("refusing", nobody), at("silent", silent?.port ?? nobody)],
      dns: { resolvers: [`http://localhost:${dns.port}/dns-query`] },
      diagnostics: { budget_ms: BUDGET_MS },
    },
    secrets: { GUARD_ADMIN_TOKEN: TOKEN },
    trustedCa: origin.ca,
  });
});
after(() => Promise.all([workerd?.stop(), origin?.stop(), silent?.stop(), dns?.stop()]));

async function stages(name) {
  const path = `/__guard/diagnose?origin=${name}`;
  const answer = await exchange(workerd.ports.guard, { path, headers: [["Authorization", `Bearer ${TOKEN}`]] });
  assert.equal(answer.status, 200, answer.text);
  return Object.fromEntries(answer.json.checks.map((check) => [check.name, check]));
}

test("a port that listens opens, and a 404 of API Management proves the gateway", { skip }, async () => {
  const { tcp, https, gateway_answer } = await stages("listening");
  assert.deepEqual([tcp.result, tcp.detail], ["pass", `127.0.0.1:${origin.port} opens`]);
  assert.equal(https.result, "pass", https.detail);
  assert.equal(gateway_answer.result, "pass");
  assert.match(gateway_answer.detail, /the gateway works/);
});

test("a port that refuses does not open, in the runtime's words", { skip }, async () => {
  const { tcp, https, gateway_answer } = await stages("refusing");
  assert.equal(tcp.result, "fail");
  assert.match(tcp.detail, /could not be opened from here \(proxy request failed, cannot connect/);
  assert.equal(https.result, "fail");
  assert.equal(gateway_answer.result, "skip");
});

test("a port that stays silent is given up within the budget", { skip }, async (t) => {
  if (!silent) return t.skip("this system queues connections without end");
  const { tcp, https } = await stages("silent");
  assert.equal(tcp.result, "fail");
  assert.match(tcp.detail, /could not be opened from here \(no connection in time\)/);
  assert.ok(tcp.took_ms < BUDGET_MS, `${tcp.took_ms} ms`);
  assert.equal(https.result, "fail");
});
