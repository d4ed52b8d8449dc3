// All parts of the demonstration, and the switches that break and mend them.
import { createServer } from "node:http";

import { Authority } from "./certificates.mjs";
import { startEdge } from "./edge.mjs";
import { FAULTS, startGateway } from "./gateway.mjs";
import { startResolver } from "./resolver.mjs";
import { CURRENT_ADDRESS, GATEWAY, MOVED_ADDRESS, Zone } from "./zone.mjs";

// Longer than any answer of the demonstration's DNS lives.
const EDGE_REMEMBERS_MS = 1500;

/** What `break` takes, and what is then wrong. */
export const BREAKS = {
  name: "the last name of the gateway's DNS chain is gone; Cloudflare answers 530, error code: 1016",
  address: "the gateway moved, DNS says so, the edge still uses the old address; Cloudflare answers 522",
  ...FAULTS,
};

/** Starts all parts on loopback ports. */
export async function startWorld() {
  const authority = await Authority.create();
  const zone = new Zone();
  const gateway = await startGateway(authority);
  const resolver = await startResolver(zone);
  const edge = await startEdge({ zone, gateway, resolver, ca: authority.pem });
  return new World(zone, gateway, resolver, edge);
}

class World {
  #zone;
  #gateway;
  #resolver;
  #afterMending = () => {};

  constructor(zone, gateway, resolver, edge) {
    this.#zone = zone;
    this.#gateway = gateway;
    this.#resolver = resolver;
    this.edge = edge;
  }

  /** Breaks one thing of `BREAKS`, and only that. */
  async break(what) {
    await this.#restore();
    if (what === "name") this.#zone.removeCompute();
    else if (what === "address") this.#moveGateway();
    else await this.#gateway.break(what);
  }

  /** All is well again. */
  async mend() {
    await this.#restore();
    setTimeout(this.#afterMending, EDGE_REMEMBERS_MS);
  }

  async #restore() {
    this.#zone.mend();
    this.edge.release();
    this.#gateway.address = CURRENT_ADDRESS;
    await this.#gateway.break(undefined);
  }

  /** Runs `work` each time after all is well again, once the edge sees it too. */
  whenMended(work) {
    this.#afterMending = work;
  }

  async stop() {
    this.edge.stop();
    this.#resolver.stop();
    await this.#gateway.stop();
  }

  #moveGateway() {
    this.edge.hold(GATEWAY);
    this.#zone.move();
    this.#gateway.address = MOVED_ADDRESS;
  }
}

/** The switches over HTTP: `POST /break/<what>`, `POST /mend`; `/unguarded/…` is what a client gets without the guard. */
export async function startControl(world, port) {
  const server = createServer((request, response) => {
    if (request.url.startsWith("/unguarded/")) {
      return world.edge.pass(new URL(`https://${GATEWAY}${request.url.slice("/unguarded".length)}`), request, response);
    }
    return turn(world, request).then(
      ([status, words]) => response.writeHead(status, { "Content-Type": "text/plain" }).end(`${words}\n`),
    );
  });
  await new Promise((listening, failed) => server.once("error", failed).listen(port, "127.0.0.1", listening));
  return { stop: () => (server.close(), server.closeAllConnections()) };
}

async function turn(world, { method, url }) {
  const [, verb, what] = url.split("/");
  if (method === "POST" && verb === "mend") {
    await world.mend();
    return [200, "mended: all is well again"];
  }
  if (method === "POST" && verb === "break" && Object.hasOwn(BREAKS, what)) {
    await world.break(what);
    return [200, `broken: ${BREAKS[what]}`];
  }
  const list = Object.entries(BREAKS).map(([name, words]) => `  ${name}: ${words}`);
  return [404, ["POST /mend, POST /break/<what>, where <what> is", ...list].join("\n")];
}
