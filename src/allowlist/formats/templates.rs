//! Templates of Azure Resource Manager
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>). They have no comments: what a reader
//! should know stands in `metadata` and in descriptions.

use ipnet::Ipv4Net;
use serde_json::Value;

use super::v4;
use crate::allowlist::export::Selection;
use crate::json::json;

/// One rule for each family: one rule holds no two of them. Other sources stay as the group's other rules have them.
pub(super) fn nsg(selection: &Selection<'_>) -> String {
    let families = [("ipv4", false, "[parameters('priority')]"), ("ipv6", true, "[add(parameters('priority'), 1)]")];
    let rules = families.into_iter().map(|(name, v6, priority)| (name, selection.family(v6), priority));
    let given = rules.filter(|(_, prefixes, _)| !prefixes.is_empty());
    let rules: Vec<Value> =
        given.map(|(name, prefixes, priority)| security_rule(selection, name, &prefixes, priority)).collect();
    let parameters = json!({
        "networkSecurityGroupName": json!({ "type": "string" }),
        "priority": json!({ "type": "int", "defaultValue": 300_u16, "minValue": 100_u16, "maxValue": 4095_u16 }),
        "destinationPort": json!({ "type": "string", "defaultValue": "443" }),
    });
    template(selection, &parameters, &rules)
}

fn security_rule(selection: &Selection<'_>, name: &str, prefixes: &Vec<String>, priority: &str) -> Value {
    let properties = json!({
        "description": selection.title(),
        "access": "Allow",
        "direction": "Inbound",
        "priority": priority,
        "protocol": "Tcp",
        "sourceAddressPrefixes": prefixes,
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "[parameters('destinationPort')]",
    });
    json!({
        "type": "Microsoft.Network/networkSecurityGroups/securityRules",
        "apiVersion": "2024-05-01",
        "name": format!("[concat(parameters('networkSecurityGroupName'), '/apim-origin-guard-{name}')]"),
        "properties": properties,
    })
}

/// The whole group.
pub(super) fn ip_group(selection: &Selection<'_>) -> String {
    let group = json!({
        "type": "Microsoft.Network/ipGroups",
        "apiVersion": "2024-05-01",
        "name": "[parameters('ipGroupName')]",
        "location": "[parameters('location')]",
        "properties": json!({ "ipAddresses": selection.texts() }),
    });
    let parameters = json!({
        "ipGroupName": json!({ "type": "string", "defaultValue": "apim-origin-guard" }),
        "location": json!({ "type": "string", "defaultValue": "[resourceGroup().location]" }),
    });
    template(selection, &parameters, &[group])
}

/// A rule for each range, named by it.
pub(super) fn sql(selection: &Selection<'_>) -> String {
    let rules: Vec<Value> = v4(&selection.networks).map(firewall_rule).collect();
    template(selection, &json!({ "serverName": json!({ "type": "string" }) }), &rules)
}

fn firewall_rule(range: Ipv4Net) -> Value {
    let name = range.to_string().replace(['.', '/'], "-");
    json!({
        "type": "Microsoft.Sql/servers/firewallRules",
        "apiVersion": "2021-11-01",
        "name": format!("[concat(parameters('serverName'), '/apim-origin-guard-{name}')]"),
        "properties": json!({
            "startIpAddress": range.network().to_string(),
            "endIpAddress": range.broadcast().to_string(),
        }),
    })
}

/// Ranges in one condition.
const IN_A_CONDITION: usize = 600;

/// One rule that blocks whoever is in none of its conditions. `SocketAddr` is the peer of the connection; `RemoteAddr` may
/// be what `X-Forwarded-For` says.
pub(super) fn front_door_waf(selection: &Selection<'_>) -> String {
    let texts = selection.texts();
    let conditions: Vec<Value> = texts.chunks(IN_A_CONDITION).map(|ranges| outside(&ranges.to_vec())).collect();
    let rule = json!({
        "name": "OnlyApimOriginGuard",
        "priority": 1_u16,
        "enabledState": "Enabled",
        "ruleType": "MatchRule",
        "action": "Block",
        "matchConditions": conditions,
    });
    let policy = json!({
        "type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
        "apiVersion": "2022-05-01",
        "name": "[parameters('policyName')]",
        "location": "Global",
        "sku": json!({ "name": "[parameters('sku')]" }),
        "properties": json!({
            "policySettings": json!({ "enabledState": "Enabled", "mode": "Prevention" }),
            "customRules": json!({ "rules": vec![rule] }),
        }),
    });
    let tiers = vec!["Standard_AzureFrontDoor", "Premium_AzureFrontDoor"];
    let parameters = json!({
        "policyName": json!({ "type": "string", "defaultValue": "apimOriginGuard" }),
        "sku": json!({ "type": "string", "defaultValue": "Standard_AzureFrontDoor", "allowedValues": tiers }),
    });
    template(selection, &parameters, &[policy])
}

fn outside(ranges: &Vec<String>) -> Value {
    json!({
        "matchVariable": "SocketAddr",
        "operator": "IPMatch",
        "negateCondition": true,
        "matchValue": ranges,
        "transforms": Vec::<Value>::new(),
    })
}

fn template(selection: &Selection<'_>, parameters: &Value, resources: &[Value]) -> String {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "metadata": json!({ "comments": selection.about() }),
        "parameters": parameters,
        "resources": resources,
    });
    format!("{template:#}\n")
}
