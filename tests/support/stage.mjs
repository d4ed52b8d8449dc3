// A whole stage for one test file: edge, store, two resolvers, and the guard between them.

import { exchange, open } from "./client.mjs";
import { Resolver } from "./doh.mjs";
import { startEdge } from "./edge.mjs";
import { startKv } from "./kv.mjs";
import { startWorkerd } from "./workerd.mjs";

/** The admin token of the tests: 32 characters or more. */
export const TOKEN = "correct-horse-battery-staple-0123456789";

/** The gateway of most tests. Its labels occur in no text of the guard's own, so that a leak shows. */
export const GATEWAY = "zebra-gw.azure-api.net";

/** The request host of most tests. */
export const HOST = "api.example.com";

/** The configuration of most tests: one gateway, two scripted resolvers. */
export const GUARD = {
  origins: [{ hostname: GATEWAY }],
  dns: { resolvers: ["https://doh-a.test/dns-query", "https://doh-b.test/dns-query"], timeout_ms: 1500 },
};

/** The real chain of a gateway on platform stv2, 2026; the labels that tell whose it is are changed. */
export const CHAIN = {
  [GATEWAY]: { cname: "apimgmttmzebra40imxehisceiicnxlfng4yxih.trafficmanager.net", ttl: 300 },
  "apimgmttmzebra40imxehisceiicnxlfng4yxih.trafficmanager.net": {
    cname: "zebra-gw-westeurope-01.regional.azure-api.net",
    ttl: 300,
  },
  "zebra-gw-westeurope-01.regional.azure-api.net": { cname: "zebra-ip.westeurope.cloudapp.azure.com", ttl: 900 },
  "zebra-ip.westeurope.cloudapp.azure.com": { a: ["172.199.17.73"], ttl: 120 },
};

/** A second gateway, what DNS has of both, and the configuration of both. */
export const OTHER = "okapi-gw.azure-api.net";
export const ZONE = { ...CHAIN, [OTHER]: { a: ["40.86.168.240"], ttl: 300 } };
export const BOTH = {
  ...GUARD,
  origins: [{ hostname: GATEWAY }, { hostname: OTHER, name: "okapi", serves: ["okapi.example.com"] }],
};

/** The chain with everything after `hop` taken away: the name at `hop` does not exist. */
export function brokenAt(hop, chain = CHAIN) {
  const rest = { ...chain };
  delete rest[Object.keys(chain)[hop]];
  return rest;
}

/**
 * Starts everything.
 *
 * @param {object} [options]
 * @param {object | null} [options.guard] the `GUARD` variable; `null`: no such binding
 * @param {Record<string, string>} [options.secrets]
 * @param {boolean} [options.kv] `false`: no `GUARD_KV` binding
 * @param {string} [options.build] folder of the module
 */
export async function startStage({ guard = GUARD, secrets = { GUARD_ADMIN_TOKEN: TOKEN }, kv = true, build } = {}) {
  const stage = new Stage();
  stage.edge = await startEdge();
  stage.kv = await startKv();
  stage.doh = { a: new Resolver(CHAIN), b: new Resolver(CHAIN) };
  stage.edge.on("doh-a.test", stage.doh.a.handler);
  stage.edge.on("doh-b.test", stage.doh.b.handler);
  await stage.start({ guard, secrets, kv, build });
  return stage;
}

class Stage {
  /** Starts the guard; stops the one before. Everything it kept in memory is gone, what is in the store stays. */
  async start(options) {
    this.options = { ...this.options, ...options };
    await this.workerd?.stop();
    const { guard, secrets, kv, build } = this.options;
    this.workerd = await startWorkerd({
      build,
      guard: guard ?? undefined,
      secrets,
      edgePort: this.edge.port,
      kvPort: kv ? this.kv.port : undefined,
      baselineBase: `https://${GATEWAY}`,
    });
  }

  get logs() {
    return this.workerd.logs;
  }

  /** One exchange with the guard. */
  get(path, options) {
    return exchange(this.workerd.ports.guard, { path, ...options });
  }

  /** The same exchange with the plain passthrough. */
  baseline(path, options) {
    return exchange(this.workerd.ports.baseline, { path, ...options });
  }

  /** An open exchange with the guard. */
  open(path, options) {
    return open(this.workerd.ports.guard, { path, ...options });
  }

  /** A call of the admin interface with the token. */
  admin(path, { token = TOKEN, headers = [], ...options } = {}) {
    return this.get(`/__guard${path}`, { headers: [["Authorization", `Bearer ${token}`], ...headers], ...options });
  }

  /** Runs the cron trigger. */
  async scheduled(at = Date.now()) {
    const answer = await exchange(this.workerd.ports.driver, {
      method: "POST",
      body: JSON.stringify({ at, cron: "*/5 * * * *" }),
    });
    if (answer.status !== 200) throw new Error(`the driver answered ${answer.status}: ${answer.text}`);
    return answer.json;
  }

  /** Both resolvers see `zone` from now on, and answer in time. */
  zone(zone) {
    for (const resolver of [this.doh.a, this.doh.b]) Object.assign(resolver, { zone, fault: null });
  }

  /** Both resolvers fail in this way from now on. */
  fault(fault) {
    for (const resolver of [this.doh.a, this.doh.b]) resolver.fault = fault;
  }

  /** DNS questions so far. */
  get questions() {
    return [...this.doh.a.questions, ...this.doh.b.questions];
  }

  /** Nothing is stored, both gateways have their names and answer. */
  bothAreWell() {
    this.kv.entries.clear();
    this.zone(ZONE);
    for (const gateway of [GATEWAY, OTHER]) this.edge.answers(gateway, { body: "well" });
  }

  /** Forgets what was counted. */
  clear() {
    this.edge.clear();
    this.kv.clear();
    this.doh.a.questions.length = 0;
    this.doh.b.questions.length = 0;
  }

  async stop() {
    await this.workerd?.stop();
    await this.edge.stop();
    await this.kv.stop();
  }
}
