// The demonstration's edge: the HTTP proxy that every `fetch` of the Worker goes through. It does what Cloudflare's edge
// does for a subrequest (resolves the name, connects, checks the certificate, waits for an answer) and, where a step
// fails, answers with Cloudflare's number in its short form. The waiting times are shorter than Cloudflare's.
import { createServer, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";

const ANSWER_TIMEOUT_MS = 3000; // Cloudflare: 120 s
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

/** Hosts of the demonstration's resolvers, which stand at the edge as public resolvers do. */
export const RESOLVERS = ["resolver-a.demo.test", "resolver-b.demo.test"];

/**
 * Starts it on a free loopback port.
 *
 * @param {object} world
 * @param {import("./zone.mjs").Zone} world.zone what the edge resolves names by
 * @param {{ address: string, port: number }} world.gateway the port that its public address leads to
 * @param {{ port: number }} world.resolver what the names in `RESOLVERS` lead to
 * @param {string} world.ca PEM of the only authority it trusts
 */
export async function startEdge(world) {
  const edge = new Edge(world);
  await edge.listen();
  return edge;
}

class Edge {
  #world;
  #server = createServer({ requireHostHeader: false });
  #held = new Map();

  constructor(world) {
    this.#world = world;
    this.#server.on("request", (request, response) => this.pass(new URL(request.url), request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(new URL(request.url), request, socket, head));
    this.#server.on("connect", (request, socket) => this.#tunnel(request.url, socket));
  }

  async listen() {
    await new Promise((listening) => this.#server.listen(0, "127.0.0.1", listening));
    this.port = this.#server.address().port;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Keeps using the addresses that `host` has now, whatever DNS says: a copy that is out of date. */
  hold(host) {
    this.#held.set(host, this.#world.zone.addresses(host));
  }

  /** Resolves every name anew. */
  release() {
    this.#held.clear();
  }

  /** Passes a request on to `url`, or answers with the number of what failed. */
  pass(url, request, response) {
    const { onward, number } = this.#dial(url, request);
    if (number) return fail(response, number);
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode, answer.statusMessage, withoutHopFields(answer.rawHeaders));
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    onward.on("timeout", () => onward.destroy(Object.assign(new Error(), { number: 524 })));
    onward.on("error", (error) => (response.headersSent ? response.destroy() : fail(response, numberOf(error, onward))));
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(url, request, socket, head) {
    const { onward, number } = this.#dial(url, request, { connection: "Upgrade", upgrade: "websocket" });
    if (number) return socket.end(`HTTP/1.1 ${statusOf(number)} \r\nConnection: close\r\n\r\nerror code: ${number}`);
    onward.on("upgrade", (answer, upstream, first) => {
      const fields = answer.rawHeaders.map((text, at) => (at % 2 ? `${text}\r\n` : `${text}: `)).join("");
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`);
      socket.write(first);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    onward.on("response", () => socket.destroy());
    onward.on("error", () => socket.destroy());
    onward.end();
  }

  // A TCP connection to an address, which the Worker opens to see whether one can be opened.
  #tunnel(authority, socket) {
    const { address, port } = this.#world.gateway;
    if (authority !== `${address}:443`) return socket.end("HTTP/1.1 504 \r\n\r\n");
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 \r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.end("HTTP/1.1 502 \r\n\r\n"));
    socket.on("error", () => upstream.destroy());
  }

  #dial(url, { method, headers }, upgrade = {}) {
    const path = url.pathname + url.search;
    const onwardHeaders = { ...withoutHops(headers), ...upgrade, host: url.host };
    const common = { host: "127.0.0.1", method, path, headers: onwardHeaders, agent: false };
    if (RESOLVERS.includes(url.hostname)) {
      return { onward: httpRequest({ ...common, port: this.#world.resolver.port }) };
    }
    const { gateway, zone, ca } = this.#world;
    const [address] = this.#held.get(url.hostname) ?? zone.addresses(url.hostname);
    if (!address) return { number: 1016 };
    if (address !== gateway.address) return { number: 522 };
    return { onward: httpsRequest({ ...common, port: gateway.port, servername: url.hostname, ca, timeout: ANSWER_TIMEOUT_MS }) };
  }
}

function numberOf(error, onward) {
  if (error.number) return error.number;
  if (error.code === "ECONNREFUSED") return 521;
  if (/CERT|VERIFY|ISSUER/.test(error.code)) return 526;
  return onward.socket?.authorized ? 520 : 525;
}

function statusOf(number) {
  return number === 1016 ? 530 : number;
}

function fail(response, number) {
  const ray = Math.random().toString(16).slice(2).padEnd(16, "0").slice(0, 16);
  response.writeHead(statusOf(number), {
    "Content-Type": "text/plain; charset=UTF-8",
    "Cache-Control": "private, max-age=0, no-store, no-cache, must-revalidate, post-check=0, pre-check=0",
    Server: "cloudflare",
    "CF-RAY": `${ray}-AMS`,
  });
  response.end(`error code: ${number}`);
}

function withoutHops(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

function withoutHopFields(rawHeaders) {
  const fields = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!HOP_BY_HOP.has(rawHeaders[at].toLowerCase())) fields.push(rawHeaders[at], rawHeaders[at + 1]);
  }
  return fields;
}
