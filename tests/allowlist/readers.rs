//! A reader of each format that shares nothing with its writer: it takes what the format's specification takes and
//! returns the ranges in it.

use ipnet::{IpNet, Ipv4Net};
use serde_json::Value;

/// The ranges of a file; addresses without prefix length are single ones.
pub(crate) fn read(format: &str, file: &str) -> Vec<IpNet> {
    match format {
        "txt" | "haproxy" => statements(file).map(network).collect(),
        "csv" => csv(file),
        "nginx" => nginx(file),
        "apache" => apache(file),
        "caddy" => words_after(file, "@apim_origin_guard_others not remote_ip "),
        "nftables" => nftables(file),
        "traefik" => quoted(after(file, "sourceRange:")),
        "ingress-nginx" => quoted(after(file, "whitelist-source-range:")),
        "network-policy" => quoted(after(file, "- from:")),
        "terraform" => quoted(after(file, "locals {")),
        _ => read_json(format, &serde_json::from_str(file).unwrap()),
    }
}

fn read_json(format: &str, file: &Value) -> Vec<IpNet> {
    let resources = &file["resources"];
    let properties = &file["properties"];
    match format {
        "nsg" => list(resources).flat_map(|rule| texts(&rule["properties"]["sourceAddressPrefixes"])).collect(),
        "ip-group" => texts(&resources[0]["properties"]["ipAddresses"]),
        "sql" => list(resources).flat_map(|rule| range(&rule["properties"])).collect(),
        "front-door-waf" => {
            let rule = &resources[0]["properties"]["customRules"]["rules"][0];
            list(&rule["matchConditions"]).flat_map(|condition| texts(&condition["matchValue"])).collect()
        }
        "app-service" => list(&properties["ipSecurityRestrictions"]).flat_map(comma_separated).collect(),
        "storage" | "key-vault" => members(&properties["networkAcls"]["ipRules"], "value"),
        "cosmos-db" => members(&properties["ipRules"], "ipAddressOrRange"),
        "aws-prefix-list" => members(&file["Entries"], "Cidr"),
        "gcp-cloud-armor" => {
            let allows = list(&file["rules"]).filter(|rule| rule["action"] == "allow");
            allows.flat_map(|rule| texts(&rule["match"]["config"]["srcIpRanges"])).collect()
        }
        "cloudflare-list" => members(file, "ip"),
        _ => panic!("no reader for {format}"),
    }
}

fn network(text: &str) -> IpNet {
    text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from)).unwrap_or_else(|_| panic!("{text:?}"))
}

/// Lines that are neither empty nor comments.
fn statements(file: &str) -> impl Iterator<Item = &str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn csv(file: &str) -> Vec<IpNet> {
    let mut lines = file.split_terminator("\r\n");
    assert_eq!(lines.next(), Some("cidr,evidence,direction,location,first_seen_at,gone_since"));
    let rows = lines.map(|line| line.split(',').collect::<Vec<_>>());
    rows.map(|row| if row.len() == 6 { network(row[0]) } else { panic!("{row:?}") }).collect()
}

fn nginx(file: &str) -> Vec<IpNet> {
    let mut directives: Vec<&str> = statements(file).map(|line| line.strip_suffix(';').unwrap()).collect();
    assert_eq!(directives.pop(), Some("deny all"));
    directives.iter().map(|directive| network(directive.strip_prefix("allow ").unwrap())).collect()
}

fn apache(file: &str) -> Vec<IpNet> {
    let lines: Vec<&str> = statements(file).collect();
    let [first, ranges @ .., last] = lines.as_slice() else { panic!("{file}") };
    assert_eq!((*first, *last), ("<RequireAny>", "</RequireAny>"));
    ranges.iter().map(|line| network(line.strip_prefix("Require ip ").unwrap())).collect()
}

fn words_after(file: &str, begin: &str) -> Vec<IpNet> {
    statements(file).filter_map(|line| line.strip_prefix(begin)).flat_map(str::split_whitespace).map(network).collect()
}

fn nftables(file: &str) -> Vec<IpNet> {
    let sets = statements(file).filter_map(|line| line.strip_prefix("elements = {")?.strip_suffix('}'));
    sets.flat_map(|elements| elements.split(',')).map(|element| network(element.trim())).collect()
}

fn after<'a>(file: &'a str, mark: &str) -> &'a str {
    file.split_once(mark).unwrap().1
}

/// Ranges in double quotes, several in one pair separated by commas.
fn quoted(text: &str) -> Vec<IpNet> {
    text.split('"').skip(1).step_by(2).flat_map(|inside| inside.split(',')).map(network).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn texts(value: &Value) -> Vec<IpNet> {
    list(value).map(|text| network(text.as_str().unwrap())).collect()
}

fn members(value: &Value, name: &str) -> Vec<IpNet> {
    list(value).map(|item| network(item[name].as_str().unwrap())).collect()
}

fn comma_separated(rule: &Value) -> Vec<IpNet> {
    rule["ipAddress"].as_str().unwrap().split(',').map(network).collect()
}

fn range(rule: &Value) -> Vec<IpNet> {
    let end = |name: &str| rule[name].as_str().unwrap().parse().unwrap();
    ipnet::Ipv4Subnets::new(end("startIpAddress"), end("endIpAddress"), 0).map(|it: Ipv4Net| it.into()).collect()
}
