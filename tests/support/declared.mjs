// What the guard keeps of Azure's word, as it stands in KV.

import { GATEWAY, GUARD, TOKEN } from "./stage.mjs";

const ID = "11111111-2222-3333-4444-555555555555";

/** The configuration of most tests, with Azure to ask. */
export const WITH_AZURE = {
  ...GUARD,
  origins: [{ hostname: GATEWAY, azure: { subscription_id: ID, resource_group: "rg", service_name: "zebra-gw" } }],
  azure: { tenant_id: ID, client_id: ID },
};

/** Its secrets. */
export const SECRETS = { GUARD_ADMIN_TOKEN: TOKEN, AZURE_CLIENT_SECRET: "a-secret-of-no-application" };

/** The service's resource id. */
export const RESOURCE = `/subscriptions/${ID}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/zebra-gw`;

/** The formats of the contract beside `json`. */
export const FORMATS = [
  ...["txt", "csv", "nginx", "apache", "caddy", "haproxy", "traefik", "ingress-nginx", "network-policy", "terraform"],
  ...["nsg", "ip-group", "app-service", "storage", "key-vault", "cosmos-db", "sql", "front-door-waf"],
  ...["aws-prefix-list", "gcp-cloud-armor", "cloudflare-list", "nftables"],
];

/**
 * Stores these networks as declared by Azure.
 *
 * @param {object} stage
 * @param {(string | object)[]} networks CIDRs, or parts of a declared address with `network`
 */
export function declare(stage, networks, caveats = []) {
  const at = "2026-04-20T08:00:00.000Z";
  const address = (given) => ({
    direction: "both",
    location: "westeurope",
    first_seen_at: at,
    gone_since: null,
    ...(typeof given === "string" ? { network: given } : given),
  });
  const declared = { at: new Date().toISOString(), addresses: networks.map(address), locations: ["westeurope"], caveats };
  stage.kv.entries.set("azure/zebra-gw", JSON.stringify({ ...known(declared.at), declared }));
}

/** Everything else of the stored form (`docs/kv-schema.md`): an instance that is there, read now. */
const known = (at) => ({
  schema: 1,
  resource: RESOURCE,
  presence: { existence: "present", since: at, restorable_until: null, rounds: 0, counted_at: at },
  service: null,
  read_at: at,
  subscription: null,
  egress: [],
  details_at: at,
  undeclared: [],
  missing: [],
  fault: null,
  recovered: null,
  changes: [],
  drifts: [],
  abandoned_since: null,
  asked_at: at,
  writes: { full_at: at, day: 0, written: 0 },
  written_at: at,
});
