//! Configuration of servers: nginx, Apache, Caddy, nftables, Terraform.

use super::text::{Layout, filled, joined};
use crate::allowlist::export::Selection;

/// `allow …; deny all;` (<https://nginx.org/en/docs/http/ngx_http_access_module.html>).
pub(super) fn nginx(selection: &Selection<'_>) -> String {
    Layout { before: "", begin: "allow ", between: "", end: ";\n", after: "deny all;\n" }.commented(selection)
}

/// `Require ip`, of which one must hold (<https://httpd.apache.org/docs/2.4/mod/mod_authz_host.html>). Comments stand on
/// lines of their own.
pub(super) fn apache(selection: &Selection<'_>) -> String {
    let (before, after) = ("<RequireAny>\n", "</RequireAny>\n");
    Layout { before, begin: "    Require ip ", between: "", end: "\n", after }.commented(selection)
}

/// A snippet that answers 403 to everyone else (<https://caddyserver.com/docs/caddyfile/matchers#remote-ip>).
pub(super) fn caddy(selection: &Selection<'_>) -> String {
    Layout {
        before: "(apim_origin_guard) {\n\t@apim_origin_guard_others not remote_ip ",
        begin: "",
        between: " ",
        end: "",
        after: "\n\trespond @apim_origin_guard_others \"Forbidden\" 403\n}\n",
    }
    .commented(selection)
}

/// A table of its own, replaced as a whole and at once (nft(8)).
pub(super) fn nftables(selection: &Selection<'_>) -> String {
    let (v4_set, v4_rule) = nft_set(false, selection);
    let (v6_set, v6_rule) = nft_set(true, selection);
    filled(NFT_TABLE, &[&selection.comments(), &v4_set, &v6_set, &v4_rule, &v6_rule])
}

const NFT_TABLE: &str = "define apim_origin_guard_ports = { 443 }
@table inet apim_origin_guard
delete table inet apim_origin_guard
table inet apim_origin_guard {
@@\tchain input {
\t\ttype filter hook input priority filter - 10; policy accept;
\t\tmeta l4proto != { tcp, udp } accept
\t\tth dport != $apim_origin_guard_ports accept
\t\tiifname \"lo\" accept
@@\t\tdrop
\t}
}
";

/// Set and rule of a family. A set without elements is no valid one: a family without ranges has neither, and all of it is
/// dropped.
fn nft_set(v6: bool, selection: &Selection<'_>) -> (String, String) {
    let ranges = selection.family(v6);
    if ranges.is_empty() {
        return (String::new(), String::new());
    }
    let (set, source) = if v6 { ("ipv6", "ip6") } else { ("ipv4", "ip") };
    let elements = joined(&ranges, "", ", ", "");
    (filled(NFT_SET, &[set, set, &elements]), format!("\t\t{source} saddr @{set} accept\n"))
}

const NFT_SET: &str = "\tset @ {\n\t\ttype @_addr\n\t\tflags interval\n\t\telements = { @ }\n\t}\n";

/// Lists as locals (<https://developer.hashicorp.com/terraform/language/values/locals>). What is in them is ASCII without
/// quotes or `${`.
pub(super) fn terraform(selection: &Selection<'_>) -> String {
    let list = |v6| joined(&selection.family(v6), "\n    \"", "", "\",");
    filled(LOCALS, &[&selection.comments(), &list(false), &list(true)])
}

const LOCALS: &str = "@locals {
  apim_origin_guard_ipv4 = [@
  ]
  apim_origin_guard_ipv6 = [@
  ]
  apim_origin_guard = concat(local.apim_origin_guard_ipv4, local.apim_origin_guard_ipv6)
}
";
