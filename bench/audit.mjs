// What the network check costs: the published list of service tags with 400 routes and 1,000 rules, and what more routes
// add. CPU is the process's own, of requests one after the other.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { cpuMs, get, startWorker } from "./lib.mjs";
import { guardBindings, guardModules, median } from "./overhead.mjs";

const TAG_FILE = "shared/service-tags/ServiceTags_Public_subset.json";
const TOKEN = "bench-token-0123456789-0123456789-0123";
const [ROUTES, RULES] = [400, 1000];
const STEPS = [0, 100, 400, 1000, 2000, 4000];
const [WARM_UP, ROUNDS, PER_ROUND] = [40, 10, 5];
const LIMIT_MS = 50;

/** Prints CPU per check, beside its limit and against the number of routes. */
export async function audit() {
  const tags = publishedTags();
  if (!tags) return console.log(`Network check: skipped, ${TAG_FILE} is not beside the project`);
  const secret = `(name = "GUARD_ADMIN_TOKEN", text = "${TOKEN}")`;
  const worker = await startWorker("audit", guardModules(), `${guardBindings(9)}, ${secret}`);
  const cost = await costOf(worker, documents(tags, ROUTES, RULES));
  console.log(`Network check of ${(tags.length / 1024).toFixed(0)} KiB of service tags, ${ROUTES} routes, ${RULES} rules: ${spread(cost)} ms CPU, limit ${LIMIT_MS} ms`);
  for (const routes of STEPS) {
    const samples = await costOf(worker, documents(tags, routes, RULES));
    console.log(`  ${String(routes).padStart(6)} routes ${spread(samples)} ms CPU`);
  }
  worker.stop();
}

function publishedTags() {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const file = ["..", "../.."].map((above) => path.join(root, above, TAG_FILE)).find((it) => existsSync(it));
  return file && readFileSync(file, "utf8");
}

async function costOf(worker, body) {
  await posts(worker, body, WARM_UP);
  const samples = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuMs(worker.pid);
    await posts(worker, body, PER_ROUND);
    samples.push((cpuMs(worker.pid) - before) / PER_ROUND);
  }
  return samples;
}

async function posts(worker, body, count) {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-length": Buffer.byteLength(body) };
  for (let i = 0; i < count; i++) {
    const answer = await get(worker.port, "/__guard/audit", { method: "POST", headers, body });
    if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.body}`);
  }
}

const spread = (samples) => `${median(samples).toFixed(1)} [${Math.min(...samples).toFixed(1)} .. ${Math.max(...samples).toFixed(1)}]`;

/** An instance in external mode behind a firewall, with all that the check asks of such a one. */
function documents(tags, routes, rules) {
  const group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers";
  const network = `${group}/Microsoft.Network`;
  const subnet = `${network}/virtualNetworks/vnet/subnets/apim`;
  const all = [
    {
      id: `${group}/Microsoft.ApiManagement/service/bench`, name: "bench", type: "Microsoft.ApiManagement/service", location: "West Europe",
      sku: { name: "Premium", capacity: 2 },
      properties: {
        gatewayUrl: "https://bench.azure-api.net", virtualNetworkType: "External", platformVersion: "stv2",
        virtualNetworkConfiguration: { subnetResourceId: subnet }, publicIPAddresses: ["20.50.1.1"],
      },
    },
    { id: `${network}/virtualNetworks/vnet`, properties: { addressSpace: { addressPrefixes: ["10.0.0.0/16"] }, subnets: [] } },
    { id: subnet, properties: { addressPrefix: "10.0.1.0/26", networkSecurityGroup: { id: `${network}/networkSecurityGroups/nsg` }, routeTable: { id: `${network}/routeTables/rt` } } },
    { id: `${network}/routeTables/rt`, type: "Microsoft.Network/routeTables", properties: { routes: routeList(network, routes) } },
    { id: `${network}/networkSecurityGroups/nsg`, type: "Microsoft.Network/networkSecurityGroups", properties: { securityRules: ruleList(network, rules) } },
  ];
  return `[${tags},${all.map((it) => JSON.stringify(it)).join(",")}]`;
}

const octets = (index) => `${20 + ((index >> 13) & 31)}.${(index >> 5) & 255}.${(index & 31) << 3}.0`;

/** A default route, every tenth a tag of a region, the rest prefixes, as the REST API prints them. */
function routeList(network, count) {
  const regions = ["WestEurope", "NorthEurope", "EastUS", "UKSouth", "WestUS2", "SoutheastAsia", "JapanEast", "BrazilSouth"];
  const services = ["ApiManagement", "Storage", "Sql", "AzureMonitor", "AzureKeyVault"];
  const tag = (index) => `${services[Math.floor(index / 80) % 5]}.${regions[Math.floor(index / 10) % 8]}`;
  return Array.from({ length: count }, (_, index) => ({
    name: `route-${index}`, id: `${network}/routeTables/rt/routes/route-${index}`, etag: 'W/"00000000-0000-0000-0000-000000000000"',
    type: "Microsoft.Network/routeTables/routes",
    properties: {
      provisioningState: "Succeeded",
      addressPrefix: index === 0 ? "0.0.0.0/0" : index % 10 === 0 ? tag(index) : `${octets(index)}/21`,
      nextHopType: index % 3 === 0 ? "VirtualAppliance" : "Internet", nextHopIpAddress: index % 3 === 0 ? "10.0.9.4" : "",
    },
  }));
}

/** Rules by prefix and by tag, none of which decides before the last ones. */
function ruleList(network, count) {
  return Array.from({ length: count }, (_, index) => {
    const inbound = index % 2 === 0;
    const remote = index % 7 === 0 ? "AzureCloud.westeurope" : `${octets(index)}/21`;
    return {
      name: `rule-${index}`, id: `${network}/networkSecurityGroups/nsg/securityRules/rule-${index}`, etag: 'W/"00000000-0000-0000-0000-000000000000"',
      type: "Microsoft.Network/networkSecurityGroups/securityRules",
      properties: {
        provisioningState: "Succeeded", protocol: index % 3 === 0 ? "Tcp" : "*", sourcePortRange: "*",
        destinationPortRanges: ["443", "3443", "1433", "1886", "6390", "80"], destinationPortRange: "",
        sourceAddressPrefix: inbound ? remote : "VirtualNetwork", destinationAddressPrefix: inbound ? "VirtualNetwork" : remote,
        access: index % 11 === 0 ? "Deny" : "Allow", priority: 100 + index, direction: inbound ? "Inbound" : "Outbound",
        sourceAddressPrefixes: [], destinationAddressPrefixes: [], sourcePortRanges: [],
      },
    };
  });
}
