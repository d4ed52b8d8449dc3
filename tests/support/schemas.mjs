// JSON Schemas of what Azure, Google Cloud and Cloudflare take, written from their own specifications; those have no program
// that checks a file without an account. Nothing beyond what is named here may be in a file.
//
// Azure: github.com/Azure/azure-rest-api-specs (Microsoft.Network networkSecurityGroup.json, ipGroups.json 2024-05-01,
// webapplicationfirewall.json 2022-05-01; Microsoft.Web WebApps.json 2024-04-01; Microsoft.Storage storage.json 2023-05-01;
// Microsoft.KeyVault keyvault.json 2023-07-01; Microsoft.DocumentDB cosmos-db.json 2024-05-15; Microsoft.Sql FirewallRules.json
// 2021-11-01) and the deployment template schema 2019-04-01. Google Cloud: Compute API v1, securityPolicies. Cloudflare: API
// schema, rules/lists items.

const text = (more = {}) => ({ type: "string", ...more });
const list = (items, more = {}) => ({ type: "array", items, minItems: 1, ...more });
const word = (...words) => ({ enum: words });
const exactly = (properties, optional = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const V4 = `${OCTET}(?:\\.${OCTET}){3}`;
const lengths = (least, most) => Array.from({ length: most - least + 1 }, (_, n) => n + least).join("|");
const address4 = text({ pattern: `^${V4}$` });
const range4 = (least = 0, most = 32) => text({ pattern: `^${V4}/(?:${lengths(least, most)})$` });
const range6 = (least = 0, most = 128) => text({ pattern: `^[0-9a-f:]+:[0-9a-f:]*/(?:${lengths(least, most)})$` });
const range = { anyOf: [range4(), range6()] };
/** Ranges of one family, separated by commas, eight at most. */
const upToEight = (one) => text({ pattern: `^${one}(?:,${one}){0,7}$` });
const rangesOfOneFamily = { anyOf: [upToEight(`${V4}/\\d{1,2}`), upToEight("[0-9a-f:]+:[0-9a-f:]*/\\d{1,3}")] };
const parameter = exactly(
  { type: word("string", "int"), defaultValue: {}, allowedValues: list(text()), minValue: { type: "integer" }, maxValue: { type: "integer" } },
  ["defaultValue", "allowedValues", "minValue", "maxValue"],
);
const template = (resource) =>
  exactly({
    $schema: word("https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"),
    contentVersion: text({ pattern: "^\\d+\\.\\d+\\.\\d+\\.\\d+$" }),
    metadata: { type: "object" },
    parameters: { type: "object", additionalProperties: parameter, maxProperties: 256 },
    resources: list(resource),
  });
const resource = (type, apiVersion, properties, more = {}) =>
  exactly({ type: word(type), apiVersion: word(apiVersion), name: text(), ...more, properties });
const expression = text({ pattern: "^\\[.+\\]$" });
const body = (properties) => exactly({ properties });

export const SCHEMAS = {
  nsg: template(
    resource(
      "Microsoft.Network/networkSecurityGroups/securityRules",
      "2024-05-01",
      exactly({
        description: text({ maxLength: 140 }),
        access: word("Allow", "Deny"),
        direction: word("Inbound", "Outbound"),
        priority: expression,
        protocol: word("Tcp", "Udp", "*"),
        sourceAddressPrefixes: { anyOf: [list(range4()), list(range6())] },
        sourcePortRange: text(),
        destinationAddressPrefix: text(),
        destinationPortRange: text(),
      }),
    ),
  ),
  "ip-group": template(
    resource("Microsoft.Network/ipGroups", "2024-05-01", exactly({ ipAddresses: list(range4()) }), { location: expression }),
  ),
  sql: template(
    resource("Microsoft.Sql/servers/firewallRules", "2021-11-01", exactly({ startIpAddress: address4, endIpAddress: address4 })),
  ),
  "front-door-waf": template(
    resource(
      "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
      "2022-05-01",
      exactly({
        policySettings: exactly({ enabledState: word("Enabled"), mode: word("Prevention") }),
        customRules: exactly({
          rules: list(
            exactly({
              name: text({ pattern: "^[A-Za-z][A-Za-z0-9]{0,127}$" }),
              priority: { type: "integer", minimum: 1 },
              enabledState: word("Enabled"),
              ruleType: word("MatchRule"),
              action: word("Block"),
              matchConditions: list(
                exactly({
                  matchVariable: word("SocketAddr"),
                  operator: word("IPMatch"),
                  negateCondition: word(true),
                  matchValue: list(range, { maxItems: 600 }),
                  transforms: { type: "array", maxItems: 0 },
                }),
                { maxItems: 10 },
              ),
            }),
          ),
        }),
      }),
      { location: word("Global"), sku: exactly({ name: expression }) },
    ),
  ),
  "app-service": body(
    exactly({
      ipSecurityRestrictionsDefaultAction: word("Deny"),
      ipSecurityRestrictions: list(
        exactly({
          name: text({ maxLength: 32 }),
          description: text({ maxLength: 150 }),
          action: word("Allow"),
          priority: { type: "integer", minimum: 1, maximum: 2_147_483_646 },
          ipAddress: rangesOfOneFamily,
        }),
      ),
    }),
  ),
  storage: body(
    exactly({
      networkAcls: exactly({
        defaultAction: word("Deny"),
        ipRules: list(exactly({ action: word("Allow"), value: { anyOf: [address4, range4(0, 30)] } })),
      }),
    }),
  ),
  "key-vault": body(
    exactly({
      networkAcls: exactly({
        bypass: word("AzureServices"),
        defaultAction: word("Deny"),
        ipRules: list(exactly({ value: { anyOf: [address4, range4()] } })),
      }),
    }),
  ),
  "cosmos-db": body(exactly({ ipRules: list(exactly({ ipAddressOrRange: { anyOf: [address4, range4()] } })) })),
  "gcp-cloud-armor": exactly({
    name: text({ pattern: "^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$" }),
    description: text({ maxLength: 2048 }),
    type: word("CLOUD_ARMOR"),
    rules: list(
      exactly({
        action: word("allow", "deny(403)"),
        description: text({ maxLength: 64 }),
        preview: word(false),
        priority: { type: "integer", minimum: 0, maximum: 2_147_483_647 },
        match: exactly({
          versionedExpr: word("SRC_IPS_V1"),
          config: exactly({ srcIpRanges: list({ anyOf: [range, word("*")] }, { maxItems: 10 }) }),
        }),
      }),
    ),
  }),
  "cloudflare-list": list(
    exactly({ ip: { anyOf: [range4(8), range6(12, 64)] }, comment: text({ maxLength: 500 }) }),
    { uniqueItems: true },
  ),
};
