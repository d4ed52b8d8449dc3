// Entra's token endpoint and Azure Resource Manager behind the test's own edge, by their documented wire forms: a token for
// the right form, documents by path for the right token, and every fault that the real ones have.

import { send } from "./edge.mjs";

export const LOGIN_HOST = "login.test";
export const ARM_HOST = "arm.test";
export const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
export const CLIENT = "6731de76-14a6-49ae-97bc-6eba6914391e";
export const SUBSCRIPTION = "a200340d-6b82-494d-9dbf-687ba6e33f9e";
/** The client secret. Its words occur in no text of the guard's own, so that a leak shows. */
export const SECRET = "walrus~secret/of+the=application";
/** What every token begins with. */
export const TOKEN_WORD = "walrus-token";

/** `azure` of the configuration. */
export const AZURE = {
  tenant_id: TENANT,
  client_id: CLIENT,
  login_url: `https://${LOGIN_HOST}`,
  management_url: `https://${ARM_HOST}`,
};

/** `origins[].azure`. */
export const RESOURCE = { subscription_id: SUBSCRIPTION, resource_group: "rg1", service_name: "zebra-gw" };
export const SERVICE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg1/providers/Microsoft.ApiManagement/service/zebra-gw`;

/** A classic instance in one location, as ARM writes it; `properties` replace its own. */
export function instance(addresses, properties = {}) {
  return {
    id: SERVICE,
    name: "zebra-gw",
    type: "Microsoft.ApiManagement/service",
    location: "West Europe",
    etag: "AAAAAAAWN/4=",
    sku: { name: "Developer", capacity: 1 },
    zones: null,
    systemData: { lastModifiedAt: "2026-01-01T00:00:00.1234567Z" },
    properties: {
      provisioningState: "Succeeded",
      targetProvisioningState: "",
      createdAtUtc: "2024-06-16T09:40:00.9453556Z",
      gatewayUrl: "https://zebra-gw.azure-api.net",
      gatewayRegionalUrl: "https://zebra-gw-westeurope-01.regional.azure-api.net",
      hostnameConfigurations: [{ type: "Proxy", hostName: "zebra-gw.azure-api.net", certificateSource: "BuiltIn" }],
      publicIPAddresses: addresses,
      additionalLocations: null,
      virtualNetworkType: "None",
      disableGateway: false,
      natGatewayState: "Disabled",
      publicNetworkAccess: "Enabled",
      platformVersion: "stv2",
      ...properties,
    },
  };
}

/** ARM's error body. */
export const error = (status, code, headers = []) => ({
  status,
  headers: [["Content-Type", "application/json; charset=utf-8"], ["x-ms-request-id", "req-1"], ...headers],
  body: JSON.stringify({ error: { code, message: "The words of Azure." } }),
});

/** Entra's error body. */
export const refusal = (number, oauth = "invalid_client") => ({
  status: oauth === "invalid_client" ? 401 : 400,
  headers: [["Content-Type", "application/json; charset=utf-8"]],
  body: JSON.stringify({
    error: oauth,
    error_description: `AADSTS${number}: It is refused. You sent ${SECRET}.\r\nTrace ID: 1`,
    error_codes: [number],
  }),
});

export class Arm {
  /** Stands at `edge` from now on. */
  constructor(edge) {
    this.edge = edge;
    this.reset();
    edge.on(LOGIN_HOST, (exchange, response) => this.#login(exchange, response));
    edge.on(ARM_HOST, (exchange, response) => this.#arm(exchange, response));
  }

  /** Nothing is known, nothing fails, nothing was asked. */
  reset() {
    /** @type {Map<string, object>} by path in lower case */
    this.documents = new Map();
    /** @type {(object | Function)[]} the next answers of ARM: `{ status, headers, body }`, or a handler of the edge */
    this.next = [];
    /** The answer to every call while there is one. */
    this.always = null;
    /** Entra's answer while there is one. */
    this.login = null;
    /** @type {Map<string, Function>} a handler `(call, response)` for each method that is not `GET` */
    this.methods = new Map();
    this.calls = [];
    this.logins = [];
    this.tokens ??= 0;
  }

  /** `document` is at `path`. */
  put(path, document) {
    this.documents.set(path.toLowerCase(), document);
  }

  remove(path) {
    this.documents.delete(path.toLowerCase());
  }

  async #login(exchange, response) {
    const form = new URLSearchParams((await exchange.body()).toString());
    this.logins.push({ path: exchange.path, form });
    if (this.login) return typeof this.login === "function" ? this.login(exchange, response) : send(response, this.login);
    const right =
      exchange.method === "POST" &&
      exchange.path === `/${TENANT}/oauth2/v2.0/token` &&
      form.get("grant_type") === "client_credentials" &&
      form.get("client_id") === CLIENT &&
      form.get("scope") === `https://${ARM_HOST}/.default`;
    if (!right) return send(response, refusal(900144, "invalid_request"));
    if (form.get("client_secret") !== SECRET) return send(response, refusal(7000215));
    this.tokens += 1;
    const token = { token_type: "Bearer", expires_in: 3599, access_token: `${TOKEN_WORD}-${this.tokens}` };
    send(response, { status: 200, headers: [["Content-Type", "application/json"]], body: JSON.stringify(token) });
  }

  async #arm(exchange, response) {
    const url = new URL(exchange.url);
    const call = {
      method: exchange.method,
      path: decodeURIComponent(url.pathname),
      version: url.searchParams.get("api-version"),
      headers: exchange.headers,
      body: (await exchange.body()).toString(),
    };
    this.calls.push(call);
    if (call.headers.authorization !== `Bearer ${TOKEN_WORD}-${this.tokens}`)
      return send(response, error(401, "InvalidAuthenticationToken"));
    const fault = this.next.shift() ?? this.always;
    if (typeof fault === "function") return fault(exchange, response);
    if (fault) return send(response, fault);
    const write = this.methods.get(call.method);
    if (write) return write(call, response);
    const found = this.documents.get(call.path.toLowerCase());
    send(response, found ? ok(found) : error(404, "ResourceNotFound"));
  }
}

/** A good answer with `document`. */
export const ok = (document, status = 200, headers = []) => ({
  status,
  headers: [["Content-Type", "application/json; charset=utf-8"], ...headers],
  body: JSON.stringify(document),
});
