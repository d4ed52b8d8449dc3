//! Commands and snippets with the names of the subject filled in. What is not known stays `<like-this>`.

use super::ledger::Remedy;
use super::network::{Need, plain, quoted};
use super::resource_id::{after, name};
use super::security_group::Flow;
use crate::problem::WhoActs;

/// Not inlined: a remedy is wide, and each copy of it is long.
impl Remedy {
    #[inline(never)]
    pub(super) fn new(action: &str, verify: &str) -> Self {
        let (action, verify) = (action.to_owned(), verify.to_owned());
        Self { who: WhoActs::AzureAdmin, action, command: None, snippet: None, verify, verify_command: None }
    }

    #[inline(never)]
    pub(super) fn by(mut self, who: WhoActs) -> Self {
        self.who = who;
        self
    }

    #[inline(never)]
    pub(super) fn command(mut self, command: String) -> Self {
        self.command = Some(command);
        self
    }

    #[inline(never)]
    pub(super) fn snippet(mut self, language: &'static str, text: String) -> Self {
        self.snippet = Some((language, text));
        self
    }

    #[inline(never)]
    pub(super) fn verify_by(mut self, command: String) -> Self {
        self.verify_command = Some(command);
        self
    }
}

/// `--resource-group '…' --name '…'` of the resource `id`, the name under the option `named`.
pub(super) fn options(id: &str, named: &str) -> String {
    let group = quoted(after(id, "resourceGroups").unwrap_or_default(), "<resource-group>");
    format!("--resource-group {group} --{named} {}", quoted(name(id), "<name>"))
}

/// The command that reads the network status of the service `id`, with its failing entries only.
pub(super) fn failing_entries(id: &str) -> String {
    let read = Need::NetworkStatus.command(id);
    format!(
        "{read} --query \"[].{{location: location, failing: networkStatus.connectivityStatus[?status!='success']}}\""
    )
}

/// A route to the Internet for `prefix`, a CIDR or a tag.
pub(super) fn route_to_internet(table: &str, route: &str, prefix: &str) -> Remedy {
    let command = format!(
        "az network route-table route create {} --name {route} --address-prefix {prefix} --next-hop-type Internet",
        options(table, "route-table-name")
    );
    let bicep = format!(
        "resource {} 'Microsoft.Network/routeTables/routes@2024-05-01' = {{\n  parent: routeTable\n  name: '{route}'\n  \
         properties: {{ addressPrefix: '{prefix}', nextHopType: 'Internet' }}\n}}",
        route.to_ascii_lowercase().replace('-', "_")
    );
    let verify = format!("The route table has the route, with next hop Internet for {prefix}.");
    Remedy::new(&format!("Route {prefix} to the Internet in the route table of the subnet."), &verify)
        .command(command)
        .snippet("bicep", bicep)
        .verify_by(format!("az network route-table route show {} --name {route}", options(table, "route-table-name")))
}

/// A rule in `group` that lets `flow` through, at `priority`; `remote` are its remote addresses or their tag.
pub(super) fn allow(group: &str, rule: &str, flow: &Flow<'_>, remote: &str, priority: Option<u64>) -> Remedy {
    let priority = priority.map_or_else(|| "'<free-priority>'".to_owned(), |priority| priority.to_string());
    let (direction, from, to) =
        if flow.inbound { ("Inbound", remote, "VirtualNetwork") } else { ("Outbound", "VirtualNetwork", remote) };
    let command = format!(
        "az network nsg rule create {} --name {rule} --priority {priority} --direction {direction} --access Allow \
         --protocol Tcp --source-address-prefixes {from} --destination-address-prefixes {to} --destination-port-ranges {}",
        options(group, "nsg-name"),
        flow.port
    );
    let show = format!("az network nsg rule list {} --output table", options(group, "nsg-name"));
    let port = flow.port;
    Remedy::new(
        &format!("Allow port {port} {} {remote}.", if flow.inbound { "from" } else { "to" }),
        &format!("The rule {rule} stands above every rule that denies port {port}, and this check is silent."),
    )
    .command(command)
    .snippet("terraform", terraform(group, rule, &priority, direction, (from, to), port))
    .verify_by(show)
}

fn terraform(id: &str, rule: &str, priority: &str, direction: &str, (from, to): (&str, &str), port: u16) -> String {
    let side = |side: &str, value: &str| {
        let all = value.replace(' ', "\", \"");
        if all == value {
            format!("  {side}_address_prefix = \"{value}\"\n")
        } else {
            format!("  {side}_address_prefixes = [\"{all}\"]\n")
        }
    };
    format!(
        "resource \"azurerm_network_security_rule\" \"{}\" {{\n  name = \"{rule}\"\n  priority = {}\n  direction = \
         \"{direction}\"\n  access = \"Allow\"\n  protocol = \"Tcp\"\n  source_port_range = \"*\"\n{}{}  \
         destination_port_range = \"{port}\"\n  resource_group_name = \"{}\"\n  \
         network_security_group_name = \"{}\"\n}}",
        rule.to_ascii_lowercase(),
        priority.trim_matches('\''),
        side("source", from),
        side("destination", to),
        plain(after(id, "resourceGroups").unwrap_or_default(), "<resource-group>"),
        plain(name(id), "<name>"),
    )
}
