// The demonstration's origin: an HTTPS server that answers as an API Management gateway does (paths, error bodies,
// server-sent events, WebSocket), and that can be broken at the level of TCP, TLS and HTTP.
import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import { createSecureContext } from "node:tls";

import { WebSocketServer } from "ws";

import { CURRENT_ADDRESS, GATEWAY } from "./zone.mjs";

/** What `break` takes, and what it does. */
export const FAULTS = {
  origin: "nothing listens: the connection is refused",
  certificate: "its certificate has expired",
  "certificate-name": "its certificate is for another name",
  tls: "it ends every TLS handshake",
  answer: "it answers something that is not HTTP",
  silence: "it never answers",
};

/** Starts it on a free loopback port. @param {import("./certificates.mjs").Authority} authority */
export async function startGateway(authority) {
  const gateway = new Gateway({
    valid: await authority.issue(GATEWAY),
    certificate: await authority.issue(GATEWAY, -2),
    "certificate-name": await authority.issue("fabrikam.azure-api.net"),
  });
  await gateway.listen(0);
  return gateway;
}

class Gateway {
  #server;
  #fault;
  #contexts;
  #events = new Set();

  /** Its public address; the demonstration's edge leads it to `port`. */
  address = CURRENT_ADDRESS;

  constructor(certificates) {
    this.#contexts = Object.fromEntries(Object.entries(certificates).map(([kind, pem]) => [kind, createSecureContext(pem)]));
    this.#server = createServer({ ...certificates.valid, SNICallback: (_, done) => this.#present(done) });
    this.#server.on("request", (request, response) => this.#serve(request, response));
    this.#server.on("tlsClientError", () => {});
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on("connection", echoMessages);
    this.#server.on("upgrade", (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client)),
    );
  }

  /** Breaks it in one way of `FAULTS` and heals every other; `undefined` heals all. */
  async break(fault) {
    this.#fault = fault;
    if (fault === "origin") await this.stop();
    else if (!this.#server.listening) await this.listen(this.port);
  }

  async listen(port) {
    await new Promise((listening) => this.#server.listen(port, "127.0.0.1", listening));
    this.port = this.#server.address().port;
  }

  async stop() {
    for (const timer of this.#events) clearInterval(timer);
    if (!this.#server.listening) return;
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    await closed;
  }

  #present(done) {
    if (this.#fault === "tls") done(new Error("the demonstration broke TLS"));
    else done(null, this.#contexts[this.#fault] ?? this.#contexts.valid);
  }

  #serve(request, response) {
    if (this.#fault === "silence") return;
    if (this.#fault === "answer") return request.socket.end("this is no HTTP\r\n");
    const path = request.url.split("?")[0];
    if (path === "/events") return this.#sendEvents(response);
    return (ROUTES[path] ?? notFound)(request, response);
  }

  #sendEvents(response) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    let count = 0;
    const timer = setInterval(() => response.write(`data: ${(count += 1)}\n\n`), 1000);
    this.#events.add(timer);
    response.on("close", () => {
      clearInterval(timer);
      this.#events.delete(timer);
    });
  }
}

// Bodies as documented for API Management, with its one space after the brace.
const ROUTES = {
  "/status-0123456789abcdef": (_, response) => response.writeHead(200).end(),
  "/echo": echo,
  "/orders": orders,
  "/backend-refuses": (_, response) => json(response, 403, { error: "IP Forbidden" }),
  "/backend-fails": (_, response) =>
    json(response, 500, { statusCode: 500, message: "Internal server error", activityId: randomUUID() }),
};

function orders(request, response) {
  const key = request.headers["ocp-apim-subscription-key"];
  if (key === "demo") return json(response, 200, [{ id: 1, item: "umbrella" }]);
  const reason = key
    ? "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
    : "Access denied due to missing subscription key. Make sure to include subscription key when making requests to this API.";
  return json(response, 401, { statusCode: 401, message: reason });
}

async function echo(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers } = request;
  json(response, 200, { method, url, headers, body: Buffer.concat(chunks).toString() });
}

function notFound(_, response) {
  json(response, 404, { statusCode: 404, message: "Resource not found" });
}

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body).replace(/^\{/, "{ ").replace(/\}$/, " }"));
}

function echoMessages(client) {
  client.on("error", () => {});
  client.on("message", (data, isBinary) => client.send(data, { binary: isBinary }));
}
