// The stage with real parts: two authoritative DNS servers with DoH fronts, a TLS origin, and an edge that resolves and
// connects for itself. Only the distance is not real: public addresses lead to loopback ports.

import { request } from "node:http";

import { DNS_MISSING, startDns } from "./dns-server.mjs";
import { resolvingEdge } from "./resolving-edge.mjs";
import { GUARD, startStage } from "./stage.mjs";
import { TLS_MISSING, startTlsOrigin } from "./tls-origin.mjs";

/** For `test(name, { skip: MISSING }, …)`. */
export const MISSING = DNS_MISSING || TLS_MISSING;

/**
 * Starts everything for these gateways.
 *
 * @param {object} options
 * @param {object[]} options.origins `origins` of the configuration
 * @param {string[]} options.names host names of the origin's certificate
 * @param {string[]} options.addresses public addresses that lead to the origin
 */
export async function startRealStage({ origins, names, addresses }) {
  const [a, b] = await Promise.all([startDns(), startDns()]);
  const origin = await startTlsOrigin(names, (asked, response) =>
    response.end(`origin ${asked.headers.host}${asked.url}`),
  );
  const stage = await startStage({ guard: { ...GUARD, origins, dns: { ...GUARD.dns, timeout_ms: 2000 } } });
  const reach = Object.fromEntries(addresses.map((address) => [address, origin.port]));
  const remembered = {};
  stage.edge.on("doh-a.test", relayTo(a.dohPort));
  stage.edge.on("doh-b.test", relayTo(b.dohPort));
  stage.edge.otherwise = resolvingEdge({ dnsPort: a.dnsPort, ca: origin.ca, reach, remembered });
  return Object.assign(stage, {
    dns: { a, b },
    origin,
    reach,
    remembered,
    ...together(a, b),
    stopAll: () => Promise.all([stage.stop(), origin.stop(), a.stop(), b.stop()]),
  });
}

/** The same change on both servers. */
function together(a, b) {
  const both = (change) => Promise.all([a, b].map(change));
  return {
    serve: (records) => both((dns) => dns.serve(records)),
    drop: (name) => both((dns) => dns.drop(name)),
    pause: () => both((dns) => dns.pause()),
    resume: () => both((dns) => dns.resume()),
  };
}

/** Hands a request on to a loopback port, as it is. */
const relayTo = (port) => async (exchange, response) => {
  const { host, ...headers } = exchange.headers;
  const onward = request(
    { port, host: "127.0.0.1", method: exchange.method, path: exchange.path, headers, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.destroy());
  onward.end(await exchange.body());
};
