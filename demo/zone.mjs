// The demonstration's DNS: the chain of an API Management gateway in the form that such chains have in public DNS
// (gateway name, Traffic Manager, regional name, label of a public IP address), with short TTLs so that changes show.

export const GATEWAY = "contoso.azure-api.net";
const TRAFFIC_MANAGER = "apimgmttmq7w2e9r4t6y8u1i3o5p7a9s2d4f6g8h1j3k5l7z9.trafficmanager.net";
const REGIONAL = "contoso-westeurope-01.regional.azure-api.net";
const COMPUTE = "contoso-apim-ip.westeurope.cloudapp.azure.com";

// Where the gateway is, and where it was before: addresses of Azure's West Europe, never connected to. The demo's edge
// leads the first one to the demo gateway on loopback; behind the others nothing answers.
export const CURRENT_ADDRESS = "20.50.2.10";
export const MOVED_ADDRESS = "20.50.2.99";

// After the gateway moved, an older answer explains failures for so long.
const TTL_S = 15;
const NEGATIVE_TTL_S = 5;

/** Names and what they hold; `resolve` follows CNAMEs as a recursive resolver does. */
export class Zone {
  #address = CURRENT_ADDRESS;
  #missing = new Set();

  /** All names exist, the gateway is at its usual address. */
  mend() {
    this.#address = CURRENT_ADDRESS;
    this.#missing.clear();
  }

  /** The compute behind the gateway is gone: its name does not exist, the CNAMEs before it still do. */
  removeCompute() {
    this.#missing.add(COMPUTE);
  }

  /** The gateway got another address, as after a subscription was disabled and reinstated. */
  move() {
    this.#address = MOVED_ADDRESS;
  }

  /** @returns {{ rcode: "NOERROR" | "NXDOMAIN", answers: object[], authorities: object[] }} */
  resolve(name, type) {
    const answers = [];
    for (let owner = name.toLowerCase(); ; ) {
      const records = this.#at(owner);
      if (!records) return { rcode: "NXDOMAIN", answers, authorities: [soa(owner)] };
      const alias = records.find((record) => record.type === "CNAME");
      const wanted = records.filter((record) => record.type === type);
      answers.push(...(wanted.length > 0 ? wanted : alias ? [alias] : []));
      if (wanted.length > 0) return { rcode: "NOERROR", answers, authorities: [] };
      if (!alias) return { rcode: "NOERROR", answers, authorities: [soa(owner)] };
      owner = alias.data;
    }
  }

  /** The addresses of a name; empty where it does not resolve. */
  addresses(name) {
    return this.resolve(name, "A").answers.filter(({ type }) => type === "A").map(({ data }) => data);
  }

  #at(owner) {
    if (this.#missing.has(owner)) return undefined;
    const record = (type, data) => [{ name: owner, type, ttl: TTL_S, data }];
    switch (owner) {
      case GATEWAY: return record("CNAME", TRAFFIC_MANAGER);
      case TRAFFIC_MANAGER: return record("CNAME", REGIONAL);
      case REGIONAL: return record("CNAME", COMPUTE);
      case COMPUTE: return record("A", this.#address);
      default: return undefined;
    }
  }
}

function soa(owner) {
  const apex = owner.split(".").slice(-2).join(".");
  const data = { mname: `ns1.${apex}`, rname: `hostmaster.${apex}`, serial: 1, refresh: 3600, retry: 600, expire: 604800, minimum: NEGATIVE_TTL_S };
  return { name: apex, type: "SOA", ttl: NEGATIVE_TTL_S, data };
}
