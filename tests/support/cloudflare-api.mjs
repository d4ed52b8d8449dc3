// The Cloudflare API behind the test's own edge, by its documented wire forms: the envelope, lists of IP addresses with
// asynchronous operations of which an account has one at a time, DNS records in numbered pages, the SSL setting.

import { send } from "./edge.mjs";

export const API_HOST = "cf-api.test";
export const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
export const LIST = "2c0fc9fa937b11eaa1b71c4d701ab86e";
export const ZONE = "9a7806061c88ada191ed06f989cc3dac";
/** The API token. Its words occur in no text of the guard's own, so that a leak shows. */
export const API_TOKEN = "walrus-cloudflare-token";

/** `cloudflare` of the configuration. */
export const CLOUDFLARE = { account_id: ACCOUNT, zone_ids: [ZONE], api_url: `https://${API_HOST}/client/v4` };

const answer = (status, body, headers = []) => ({
  status,
  headers: [["Content-Type", "application/json"], ...headers],
  body: JSON.stringify(body),
});
const good = (result, result_info) => answer(200, { success: true, errors: [], messages: [], result, result_info });

/** A refusal in the API's form. */
export const refused = (status, code, message, headers) =>
  answer(status, { success: false, errors: [{ code, message }], messages: [], result: null }, headers);

export class CloudflareApi {
  /** Stands at `edge` from now on. */
  constructor(edge) {
    this.reset();
    edge.on(API_HOST, (exchange, response) => this.#serve(exchange, response));
  }

  /** An empty list and zone; nothing fails, nothing was asked. */
  reset() {
    /** @type {{ id: string, ip: string, comment?: string }[]} items of the list */
    this.items = [];
    /** @type {object[]} records of the zone */
    this.records = [];
    /** The zone's SSL mode; `null`: the token may not read it. */
    this.ssl = "full";
    /** How often an operation is seen running before it is completed. */
    this.slowBy = 1;
    /** @type {(object | Function)[]} the next answers; a function gets the call, and `done()` that does the work */
    this.next = [];
    this.operations = new Map();
    this.calls = [];
    this.ids = 0;
    this.pageSize = 2;
  }

  id() {
    return (this.ids += 1).toString(16).padStart(32, "0");
  }

  async #serve(exchange, response) {
    const url = new URL(exchange.url);
    const body = (await exchange.body()).toString();
    const call = { method: exchange.method, path: url.pathname.replace("/client/v4", ""), query: url.searchParams, body };
    this.calls.push(`${call.method} ${call.path}`);
    if (exchange.headers.authorization !== `Bearer ${API_TOKEN}`)
      return send(response, refused(403, 9109, "Invalid access token"));
    const fault = this.next.shift();
    if (typeof fault === "function") return fault({ call, response, work: () => this.#answer(call) });
    send(response, fault ?? this.#answer(call));
  }

  #answer({ method, path, query, body }) {
    const lists = `/accounts/${ACCOUNT}/rules/lists`;
    const operation = path.match(/\/bulk_operations\/(\w+)$/)?.[1];
    if (operation) return this.#operation(operation);
    if (path === `${lists}/${LIST}/items`) return this.#list(method, query, body);
    if (path === `/zones/${ZONE}/dns_records` && method === "GET") return this.#records(query);
    if (path === `/zones/${ZONE}/settings/ssl` && method === "GET")
      return this.ssl === null ? refused(403, 10000, "Authentication error") : good({ id: "ssl", value: this.ssl });
    return refused(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`);
  }

  #list(method, query, body) {
    if (method === "GET") {
      const from = Number(query.get("cursor") ?? 0);
      const next = from + this.pageSize;
      const cursors = next < this.items.length ? { after: String(next) } : {};
      return good(this.items.slice(from, next), { cursors });
    }
    if ([...this.operations.values()].some((left) => left > 0))
      return refused(429, 10033, "another operation is in progress");
    if (method === "POST") for (const item of JSON.parse(body)) this.items.push({ id: this.id(), ...item });
    if (method === "DELETE") {
      const ids = JSON.parse(body).items.map(({ id }) => id);
      this.items = this.items.filter(({ id }) => !ids.includes(id));
    }
    const id = this.id();
    this.operations.set(id, this.slowBy);
    return good({ operation_id: id });
  }

  #operation(id) {
    const left = this.operations.get(id);
    if (left === undefined) return refused(404, 10003, "no such operation");
    this.operations.set(id, Math.max(0, left - 1));
    return good({ id, status: left > 1 ? "running" : "completed" });
  }

  #records(query) {
    const page = Number(query.get("page") ?? 1);
    const total_pages = Math.max(1, Math.ceil(this.records.length / this.pageSize));
    const result = this.records.slice((page - 1) * this.pageSize, page * this.pageSize);
    return good(result, { page, per_page: this.pageSize, count: result.length, total_count: this.records.length, total_pages });
  }
}
