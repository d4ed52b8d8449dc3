//! Templates of Azure Resource Manager
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>). They have no comments: what a reader
//! should know stands in `metadata` and in descriptions.

use super::text::{filled, joined, quoted, strings};
use super::v4;
use crate::allowlist::export::Selection;

/// A template with its comments, parameters and resources.
fn template(selection: &Selection<'_>, parameters: &str, resources: &str) -> String {
    filled(TEMPLATE, &[&quoted(selection.about()), parameters, resources])
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "metadata": { "comments": @ },
  "parameters": {
@
  },
  "resources": [
@
  ]
}
"#;

/// One rule for each family: one rule holds no two of them. Other sources stay as the group's other rules have them.
pub(super) fn nsg(selection: &Selection<'_>) -> String {
    let families = [("ipv4", false, "parameters('priority')"), ("ipv6", true, "add(parameters('priority'), 1)")];
    let mut rules = Vec::new();
    for (name, v6, priority) in families {
        let prefixes = strings(&selection.family(v6));
        if !prefixes.is_empty() {
            rules.push(filled(SECURITY_RULE, &[name, &selection.title(), priority, &prefixes]));
        }
    }
    template(selection, NSG_PARAMETERS, &joined(&rules, "", ",\n", ""))
}

const NSG_PARAMETERS: &str = r#"    "networkSecurityGroupName": { "type": "string" },
    "priority": { "type": "int", "defaultValue": 300, "minValue": 100, "maxValue": 4095 },
    "destinationPort": { "type": "string", "defaultValue": "443" }"#;

const SECURITY_RULE: &str = r#"    {
      "type": "Microsoft.Network/networkSecurityGroups/securityRules",
      "apiVersion": "2024-05-01",
      "name": "[concat(parameters('networkSecurityGroupName'), '/apim-origin-guard-@')]",
      "properties": {
        "description": "@",
        "access": "Allow",
        "direction": "Inbound",
        "priority": "[@]",
        "protocol": "Tcp",
        "sourceAddressPrefixes": [@],
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "[parameters('destinationPort')]"
      }
    }"#;

/// The whole group.
pub(super) fn ip_group(selection: &Selection<'_>) -> String {
    template(selection, IP_GROUP_PARAMETERS, &filled(IP_GROUP, &[&strings(&selection.texts())]))
}

const IP_GROUP_PARAMETERS: &str = r#"    "ipGroupName": { "type": "string", "defaultValue": "apim-origin-guard" },
    "location": { "type": "string", "defaultValue": "[resourceGroup().location]" }"#;

const IP_GROUP: &str = r#"    {
      "type": "Microsoft.Network/ipGroups",
      "apiVersion": "2024-05-01",
      "name": "[parameters('ipGroupName')]",
      "location": "[parameters('location')]",
      "properties": { "ipAddresses": [@] }
    }"#;

/// A rule for each range, named by it.
pub(super) fn sql(selection: &Selection<'_>) -> String {
    let mut rules = Vec::new();
    for range in v4(&selection.networks) {
        let name = range.to_string().replace(['.', '/'], "-");
        rules.push(filled(FIREWALL_RULE, &[&name, &range.network().to_string(), &range.broadcast().to_string()]));
    }
    template(selection, r#"    "serverName": { "type": "string" }"#, &joined(&rules, "", ",\n", ""))
}

const FIREWALL_RULE: &str = r#"    {
      "type": "Microsoft.Sql/servers/firewallRules",
      "apiVersion": "2021-11-01",
      "name": "[concat(parameters('serverName'), '/apim-origin-guard-@')]",
      "properties": { "startIpAddress": "@", "endIpAddress": "@" }
    }"#;

/// Ranges in one condition.
const IN_A_CONDITION: usize = 600;

/// One rule that blocks whoever is in none of its conditions. `SocketAddr` is the peer of the connection; `RemoteAddr` may
/// be what `X-Forwarded-For` says.
pub(super) fn front_door_waf(selection: &Selection<'_>) -> String {
    let mut conditions = Vec::new();
    for ranges in selection.texts().chunks(IN_A_CONDITION) {
        conditions.push(filled(OUTSIDE, &[&strings(ranges)]));
    }
    template(selection, WAF_PARAMETERS, &filled(WAF_POLICY, &[&joined(&conditions, "", ",\n", "")]))
}

const WAF_PARAMETERS: &str = r#"    "policyName": { "type": "string", "defaultValue": "apimOriginGuard" },
    "sku": {
      "type": "string",
      "defaultValue": "Standard_AzureFrontDoor",
      "allowedValues": ["Standard_AzureFrontDoor", "Premium_AzureFrontDoor"]
    }"#;

const WAF_POLICY: &str = r#"    {
      "type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
      "apiVersion": "2022-05-01",
      "name": "[parameters('policyName')]",
      "location": "Global",
      "sku": { "name": "[parameters('sku')]" },
      "properties": {
        "policySettings": { "enabledState": "Enabled", "mode": "Prevention" },
        "customRules": {
          "rules": [
            {
              "name": "OnlyApimOriginGuard",
              "priority": 1,
              "enabledState": "Enabled",
              "ruleType": "MatchRule",
              "action": "Block",
              "matchConditions": [
@
              ]
            }
          ]
        }
      }
    }"#;

const OUTSIDE: &str = r#"                {
                  "matchVariable": "SocketAddr",
                  "operator": "IPMatch",
                  "negateCondition": true,
                  "matchValue": [@],
                  "transforms": []
                }"#;
