// An edge that does for real what Cloudflare's does: resolves the origin's name by DNS, connects to its address by TLS,
// checks the certificate, and answers with Cloudflare's number where a step fails.
//
// Public addresses cannot be had on loopback, so `reach` says which of them lead to which loopback port: the network.

import { Resolver } from "node:dns/promises";
import { request as httpsRequest } from "node:https";

import { edgeError, send } from "./edge.mjs";

/**
 * A handler for `edge.otherwise`.
 *
 * @param {object} world
 * @param {number} world.dnsPort the authoritative server
 * @param {string} world.ca PEM of the trusted authority
 * @param {Record<string, number>} world.reach address -> loopback port; an address that is missing drops every packet
 * @param {Record<string, string[]>} world.remembered host -> addresses that the edge still has in its DNS cache
 */
export function resolvingEdge(world) {
  return async (exchange, response) => {
    const fail = (number) => send(response, edgeError(number));
    const addresses = world.remembered[exchange.host] ?? (await addressesOf(world.dnsPort, exchange.host));
    if (addresses.length === 0) return fail(1016);
    const port = addresses.map((address) => world.reach[address]).find(Boolean);
    if (port === undefined) return fail(522);
    return relay(exchange, response, { port, ca: world.ca }).catch((error) => fail(numberOf(error)));
  };
}

async function addressesOf(dnsPort, host) {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${dnsPort}`]);
  return resolver.resolve4(host).catch(() => []);
}

function relay(exchange, response, { port, ca }) {
  return new Promise((resolve, reject) => {
    const headers = { ...exchange.headers, host: exchange.authority };
    const { method, path, host } = exchange;
    const onward = httpsRequest(
      { port, host: "127.0.0.1", servername: host, ca, method, path, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(response);
        resolve();
      },
    );
    onward.on("error", reject);
    exchange.body().then((body) => onward.end(body));
  });
}

function numberOf(error) {
  if (error.code === "ECONNREFUSED") return 521;
  if (/CERT|VERIFY|ISSUER/.test(error.code)) return 526;
  if (error.code === "EPROTO" || /SSL|TLS/.test(error.code)) return 525;
  return 520;
}
