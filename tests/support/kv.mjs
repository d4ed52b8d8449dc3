// Workers KV as workerd sees it: an HTTP service with `GET`, `PUT` and `DELETE` on `/<key>?urlencoded=true`, and `GET /?prefix=`
// for a list. Every operation is counted, can be delayed, and can fail in the two ways a remote store fails:
// the write is lost, or the write is done and its answer is lost.

import { createServer } from "node:http";

import { listen } from "./process.mjs";

/** Starts an empty store. */
export async function startKv() {
  const server = createServer({ keepAliveTimeout: 0 });
  const kv = new Kv(server);
  server.on("request", (request, response) => kv.serve(request, response));
  kv.port = await listen(server);
  return kv;
}

class Kv {
  #server;

  constructor(server) {
    this.#server = server;
    /** @type {Map<string, string>} what is stored */
    this.entries = new Map();
    /** @type {{ kind: "get" | "put" | "delete" | "list", key: string, value?: string, expiresInS?: number }[]} every operation, in order */
    this.operations = [];
    /** @type {"ok" | "down" | "silent" | "error" | "write_lost" | "answer_lost"} */
    this.mode = "ok";
    this.latencyMs = 0;
  }

  /** How many operations of this kind there were. */
  count(kind) {
    return this.operations.filter((operation) => operation.kind === kind).length;
  }

  /** Forgets the operations; the entries stay. */
  clear() {
    this.operations.length = 0;
  }

  async serve(request, response) {
    const operation = await read(request);
    this.operations.push(operation);
    if (this.latencyMs) await new Promise((done) => setTimeout(done, this.latencyMs));
    switch (this.mode) {
      case "silent":
        return;
      case "down":
        return request.socket.destroy();
      case "error":
        return answer(response, 500, "internal error");
      case "write_lost":
        return operation.kind === "put" ? request.socket.destroy() : this.#do(operation, response);
      case "answer_lost":
        if (operation.kind !== "put") return this.#do(operation, response);
        this.entries.set(operation.key, operation.value);
        return request.socket.destroy();
      default:
        return this.#do(operation, response);
    }
  }

  #do({ kind, key, value }, response) {
    if (kind === "list") return answer(response, 200, JSON.stringify(this.#list(key)));
    if (kind === "put") this.entries.set(key, value);
    if (kind === "delete") this.entries.delete(key);
    if (kind !== "get") return answer(response, 200, "");
    return this.entries.has(key) ? answer(response, 200, this.entries.get(key)) : answer(response, 404, "");
  }

  #list(prefix) {
    const keys = [...this.entries.keys()].filter((name) => name.startsWith(prefix)).sort();
    return { keys: keys.map((name) => ({ name })), list_complete: true };
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url, "http://kv");
  const key = decodeURIComponent(url.pathname.slice(1));
  if (request.method === "GET" && key === "") return { kind: "list", key: url.searchParams.get("prefix") ?? "" };
  if (request.method === "PUT") {
    const ttl = url.searchParams.get("expiration_ttl");
    const expiresInS = ttl === null ? undefined : Number(ttl);
    return { kind: "put", key, value: Buffer.concat(chunks).toString(), ...(expiresInS !== undefined && { expiresInS }) };
  }
  return { kind: request.method === "DELETE" ? "delete" : "get", key };
}

function answer(response, status, body) {
  response.writeHead(status, { "content-length": Buffer.byteLength(body) });
  response.end(body);
}
