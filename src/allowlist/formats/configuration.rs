//! Configuration of servers: nginx, Apache, Caddy, nftables, Terraform.

use crate::allowlist::export::{Selection, each};

/// `allow …; deny all;` (<https://nginx.org/en/docs/http/ngx_http_access_module.html>).
pub(super) fn nginx(selection: &Selection<'_>) -> String {
    selection.comments("#") + &each(&selection.texts(), "allow ", ";\n") + "deny all;\n"
}

/// `Require ip`, of which one must hold (<https://httpd.apache.org/docs/2.4/mod/mod_authz_host.html>). Comments stand on
/// lines of their own.
pub(super) fn apache(selection: &Selection<'_>) -> String {
    let ranges = each(&selection.texts(), "    Require ip ", "\n");
    format!("{}<RequireAny>\n{ranges}</RequireAny>\n", selection.comments("#"))
}

/// A snippet that answers 403 to everyone else (<https://caddyserver.com/docs/caddyfile/matchers#remote-ip>).
pub(super) fn caddy(selection: &Selection<'_>) -> String {
    format!(
        "{}(apim_origin_guard) {{\n\t@apim_origin_guard_others not remote_ip {}\n\trespond @apim_origin_guard_others \
         \"Forbidden\" 403\n}}\n",
        selection.comments("#"),
        selection.texts().join(" "),
    )
}

/// A table of its own, replaced as a whole and at once (nft(8)).
pub(super) fn nftables(selection: &Selection<'_>) -> String {
    let (v4_set, v4_rule) = nft_set("ipv4", "ipv4_addr", "ip", &selection.family(false));
    let (v6_set, v6_rule) = nft_set("ipv6", "ipv6_addr", "ip6", &selection.family(true));
    let rules = [NFT_OTHERS_PASS, &v4_rule, &v6_rule, "\t\tdrop\n"].concat();
    let table = format!("{v4_set}{v6_set}\tchain input {{\n{rules}\t}}\n");
    [NFT_PORTS, &selection.comments("#"), NFT_REPLACE, &table, "}\n"].concat()
}

const NFT_PORTS: &str = "define apim_origin_guard_ports = { 443 }\n";
const NFT_REPLACE: &str =
    "table inet apim_origin_guard\ndelete table inet apim_origin_guard\ntable inet apim_origin_guard {\n";
const NFT_OTHERS_PASS: &str = "\t\ttype filter hook input priority filter - 10; policy accept;\n\
     \t\tmeta l4proto != { tcp, udp } accept\n\t\tth dport != $apim_origin_guard_ports accept\n\t\tiifname \"lo\" accept\n";

/// Set and rule of a family. A set without elements is no valid one: a family without ranges has neither, and all of it is
/// dropped.
fn nft_set(name: &str, kind: &str, source: &str, ranges: &[String]) -> (String, String) {
    if ranges.is_empty() {
        return Default::default();
    }
    let elements = ranges.join(", ");
    let set = format!("\tset {name} {{\n\t\ttype {kind}\n\t\tflags interval\n\t\telements = {{ {elements} }}\n\t}}\n");
    (set, format!("\t\t{source} saddr @{name} accept\n"))
}

/// Lists as locals (<https://developer.hashicorp.com/terraform/language/values/locals>). What is in them is ASCII without
/// quotes or `${`.
pub(super) fn terraform(selection: &Selection<'_>) -> String {
    format!(
        "{}locals {{\n  apim_origin_guard_ipv4 = [{}]\n  apim_origin_guard_ipv6 = [{}]\n  apim_origin_guard      = \
         concat(local.apim_origin_guard_ipv4, local.apim_origin_guard_ipv6)\n}}\n",
        selection.comments("#"),
        items(&selection.family(false)),
        items(&selection.family(true)),
    )
}

fn items(networks: &[String]) -> String {
    if networks.is_empty() { String::new() } else { each(networks, "\n    \"", "\",") + "\n  " }
}
