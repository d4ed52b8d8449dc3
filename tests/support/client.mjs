// An HTTP client that sends what it is told, byte for byte, and shows what came back, byte for byte.

import { request as httpRequest } from "node:http";
import { once } from "node:events";

const LIMIT_MS = 30_000;

/**
 * Opens an exchange: `request` is open for writing unless `body` is given, `head` resolves with the response.
 *
 * @param {number} port
 * @param {object} [options]
 * @param {string} [options.method]
 * @param {string} [options.path] sent as it is
 * @param {string} [options.host]
 * @param {"http" | "https"} [options.scheme] what the client used, as the edge would tell
 * @param {[string, string][]} [options.headers]
 * @param {string | Buffer} [options.body]
 * @param {boolean} [options.open] leave the request open for `request.write`
 */
export function open(
  port,
  {
    method = "GET",
    path = "/",
    host = "api.example.com",
    scheme = "https",
    headers = [],
    body,
    open: left = false,
  } = {},
) {
  const fields = [["Host", host], ["X-Test-Proto", scheme], ...headers];
  if (body !== undefined) fields.push(["Content-Length", String(Buffer.byteLength(body))]);
  const request = httpRequest({
    port,
    host: "127.0.0.1",
    method,
    path,
    headers: fields.flat(),
    agent: false,
    setHost: false,
  });
  request.setTimeout(LIMIT_MS, () => request.destroy(new Error(`no sign from the guard for ${LIMIT_MS} ms`)));
  const head = once(request, "response").then(([response]) => response);
  head.catch(() => {});
  request.on("error", () => {}); // an upload that is cut after the answer's head is no failure of the test
  if (!left) request.end(body);
  return { request, head };
}

/** One whole exchange. */
export async function exchange(port, options) {
  const response = await open(port, options).head;
  return new Answer(response, await whole(response));
}

/** All of a response's body. */
export async function whole(response) {
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A whole response. */
export class Answer {
  constructor(response, body) {
    this.status = response.statusCode;
    this.headers = response.headers;
    this.rawHeaders = response.rawHeaders;
    this.body = body;
  }

  get text() {
    return this.body.toString();
  }

  get json() {
    return JSON.parse(this.text);
  }

  /** Fields as `[name, value]`, names in lower case, without the connection's own. */
  get fields() {
    const pairs = [];
    for (let i = 0; i < this.rawHeaders.length; i += 2)
      pairs.push([this.rawHeaders[i].toLowerCase(), this.rawHeaders[i + 1]]);
    return pairs.filter(([name]) => !HOP_BY_HOP.has(name));
  }

  /** Head and body as one text, for leak checks. */
  get everything() {
    return [this.status, ...this.fields.map((field) => field.join(": ")), "", this.text].join("\n");
  }
}

/** Fields of one connection (RFC 9110 7.6.1): each hop has its own. */
export const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "upgrade",
  "te",
  "trailer",
]);
