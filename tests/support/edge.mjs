// The test's own edge: the HTTP proxy that every `fetch` of the Worker goes through, as a full URL. What stands behind a
// host name is a handler of the test; a host without one does not resolve, as at Cloudflare (530, error code: 1016).

import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";

import { edgeError } from "./edge-error.mjs";
import { listen } from "./process.mjs";

export { SHAPES, edgeError, statusOf } from "./edge-error.mjs";

/** One `fetch` of the Worker. `arrived` emits `chunk` for each piece of its body. */
export class Exchange {
  constructor(request) {
    const url = request.url.includes("://") ? request.url : `http://${request.headers.host ?? ""}${request.url}`;
    const [, scheme, authority, rest] = /^(\w+):\/\/([^/?#]*)(.*)$/s.exec(url);
    Object.assign(this, {
      method: request.method,
      url,
      scheme,
      authority,
      path: rest || "/",
      headers: request.headers,
    });
    this.host = authority.replace(/:\d+$/, "");
    this.rawHeaders = request.rawHeaders;
    this.arrived = new EventEmitter();
    this.chunks = [];
    this.ended = new Promise((resolve) => {
      request.once("end", () => resolve(true));
      request.once("close", () => resolve(false));
    });
  }

  /** All of its body; waits for the end. */
  async body() {
    await this.ended;
    return Buffer.concat(this.chunks);
  }

  /** Waits until at least `count` bytes of the body have come. */
  async bytes(count) {
    while (Buffer.concat(this.chunks).length < count) await once(this.arrived, "chunk");
  }

  keep(request) {
    request.on("data", (chunk) => {
      this.chunks.push(chunk);
      this.arrived.emit("chunk", chunk);
    });
    request.on("error", () => {});
  }
}

/** @typedef {(exchange: Exchange, response: import("node:http").ServerResponse) => unknown} Handler */

/** Starts the edge. */
export async function startEdge() {
  const server = createServer({ requireHostHeader: false, keepAliveTimeout: 0, maxHeaderSize: 65_536 });
  const edge = new Edge(server);
  server.on("request", (request, response) => edge.serve(request, response));
  server.on("upgrade", (request, socket, head) => edge.upgrade(request, socket, head));
  server.on("connect", (request, socket) => edge.connect(request, socket));
  edge.port = await listen(server);
  return edge;
}

class Edge {
  #routes = new Map();
  #upgrades = new Map();
  #tunnels = new Set();
  #server;

  constructor(server) {
    this.#server = server;
    /** @type {Exchange[]} every fetch of the Worker, in order */
    this.seen = [];
    /** @type {Record<string, "opens" | "silent">} how a TCP connection to a peer goes; one that is not here does not open */
    this.lines = {};
    /** @type {{ peer: string, closed: Promise<unknown> }[]} every TCP connection of the Worker, in order */
    this.dialled = [];
    /** @type {Handler} answers for every host without a handler of its own */
    this.otherwise = (_, response) => send(response, edgeError(1016));
  }

  /** @param {string} host @param {Handler} handler answers every fetch to `host` from now on */
  on(host, handler) {
    this.#routes.set(host, handler);
  }

  /** `host` answers with `answer` = `{ status, headers, body }` from now on. */
  answers(host, answer) {
    this.on(host, (_, response) => send(response, answer));
  }

  /** `host` does not resolve any more. */
  forget(host) {
    this.#routes.delete(host);
  }

  /** WebSocket upgrades to `host` go to `handler(exchange, socket, head)`. */
  onUpgrade(host, handler) {
    this.#upgrades.set(host, handler);
  }

  /** What was fetched from `host`, in order. */
  to(host) {
    return this.seen.filter((exchange) => exchange.host === host);
  }

  /** Forgets what was seen; the routes stay. */
  clear() {
    this.seen.length = 0;
    this.dialled.length = 0;
  }

  async serve(request, response) {
    const exchange = new Exchange(request);
    this.seen.push(exchange);
    exchange.keep(request);
    response.on("error", () => {});
    const handler = this.#routes.get(exchange.host) ?? this.otherwise;
    try {
      await handler(exchange, response);
    } catch (error) {
      console.error(`the edge's handler of ${exchange.host} threw`, error);
      response.destroy();
    }
  }

  upgrade(request, socket, head) {
    const exchange = new Exchange(request);
    this.seen.push(exchange);
    const handler = this.#upgrades.get(exchange.host);
    if (handler) handler(exchange, socket, head);
    else socket.destroy();
  }

  connect(request, socket) {
    const peer = request.url;
    this.#tunnels.add(socket.once("close", () => this.#tunnels.delete(socket)));
    this.dialled.push({ peer, closed: once(socket, "close") });
    socket.on("error", () => {});
    if (this.lines[peer] === undefined) socket.destroy();
    if (this.lines[peer] === "opens") socket.on("end", () => socket.end()).resume().write("HTTP/1.1 200 OK\r\n\r\n");
  }

  async stop() {
    this.#tunnels.forEach((socket) => socket.destroy());
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

/** Sends a whole answer `{ status, headers, body }`. */
export function send(response, { status = 200, headers = [], body = "" }) {
  response.sendDate = false;
  response.writeHead(status, headers.flat());
  response.end(body);
}

/** Handlers that fail below HTTP. */
export const cutConnection = (_, response) => response.socket.destroy();
export const neverAnswers = () => {};
