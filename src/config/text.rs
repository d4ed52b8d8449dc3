//! Texts of a fixed form: ids, names and paths. Each check takes what the vendor's own naming rules allow.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Rule;
use super::report::Refusal;
use crate::net::{Hostname, HostnameFault};

/// The text itself where `right`, else the key's own rule.
fn only_if(right: bool, text: &str) -> Result<String, Refusal> {
    if right { Ok(text.to_owned()) } else { Err(Rule::Malformed.into()) }
}

fn made_of(text: &str, max: usize, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().count() <= max && text.chars().all(allowed)
}

/// `[a-z0-9-]{1,32}`.
pub(super) fn short_name(text: &str) -> Result<String, Refusal> {
    only_if(made_of(text, 32, |c| matches!(c, 'a'..='z' | '0'..='9' | '-')), text)
}

/// A host name without port.
pub(super) fn hostname(text: &str) -> Result<Hostname, Refusal> {
    text.parse().map_err(not_a_hostname)
}

/// The refusal of a text that is no host name.
pub(super) fn not_a_hostname(fault: HostnameFault) -> Refusal {
    Refusal::because(Rule::InvalidHostname, format!("a host name; {fault}"))
}

/// `8-4-4-4-12` hexadecimal digits, as Azure writes its ids.
pub(super) fn guid(text: &str) -> Result<String, Refusal> {
    only_if(is_guid(text), text)
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// A tenant: its GUID, or one of its domain names. `common` and its like are no tenant that a client secret belongs to.
pub(super) fn tenant(text: &str) -> Result<String, Refusal> {
    let is_domain = text.parse::<Hostname>().is_ok_and(|name| name.as_str().contains('.'));
    only_if(is_guid(text) || is_domain, text)
}

/// A resource group: 1 to 90 letters, digits and `_ ( ) - .`, no dot at the end. Azure takes letters of any script, so
/// whatever is beyond Latin punctuation is left to it. In a URL it must be percent-encoded.
pub(super) fn resource_group(text: &str) -> Result<String, Refusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_()-.".contains(c) || c >= '\u{c0}';
    only_if(made_of(text, 90, allowed) && !text.ends_with('.'), text)
}

/// An API Management service: 1 to 50 letters, digits and `-`; begins with a letter, ends with none but a letter or digit.
pub(super) fn service_name(text: &str) -> Result<String, Refusal> {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    only_if(begins && !text.ends_with('-') && made_of(text, 50, |c| c.is_ascii_alphanumeric() || c == '-'), text)
}

/// `2024-05-01`, also `2024-06-01-preview`.
pub(super) fn api_version(text: &str) -> Result<String, Refusal> {
    let date = text.strip_suffix("-preview").unwrap_or(text);
    let lengths = date.split('-').map(str::len);
    only_if(lengths.eq([4, 2, 2]) && date.bytes().all(|b| b.is_ascii_digit() || b == b'-'), text)
}

/// 32 hexadecimal digits, as Cloudflare writes the ids of accounts and zones.
pub(super) fn cloudflare_id(text: &str) -> Result<String, Refusal> {
    only_if(text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()), text)
}

/// `<team>.cloudflareaccess.com`.
pub(super) fn team_domain(text: &str) -> Result<Hostname, Refusal> {
    let name: Hostname = text.parse().map_err(|_| Refusal::from(Rule::Malformed))?;
    let team = name.as_str().strip_suffix(".cloudflareaccess.com");
    if team.is_some_and(|team| !team.contains('.')) { Ok(name) } else { Err(Rule::Malformed.into()) }
}

/// An Access application's audience tag: letters and digits, which Cloudflare makes.
pub(super) fn audience(text: &str) -> Result<String, Refusal> {
    only_if(made_of(text, 128, |c| c.is_ascii_alphanumeric()), text)
}

/// The name of a secret or variable: `[A-Z][A-Z0-9_]*`, 64 characters at most.
pub(super) fn secret_name(text: &str) -> Result<String, Refusal> {
    let begins = text.starts_with(|c: char| c.is_ascii_uppercase());
    only_if(begins && made_of(text, 64, |c| matches!(c, 'A'..='Z' | '0'..='9' | '_')), text)
}

/// Characters of a target's name at most.
pub(super) const MAX_TARGET_NAME: usize = 64;

/// `[a-z0-9-]{1,64}`.
pub(super) fn target_name(text: &str) -> Result<String, Refusal> {
    only_if(made_of(text, MAX_TARGET_NAME, |c| matches!(c, 'a'..='z' | '0'..='9' | '-')), text)
}

/// The id of a resource in a resource group, without a slash at the end:
/// `/subscriptions/{}/resourceGroups/{}/providers/{namespace}/{type}/{name}` and parts of such a resource.
pub(super) fn resource_id(text: &str) -> Result<String, Refusal> {
    let text = text.trim_end_matches('/');
    let segments: Vec<&str> = text.split('/').collect();
    let is = |index: usize, right: &dyn Fn(&str) -> bool| segments.get(index).is_some_and(|segment| right(segment));
    let word = |index: usize, word: &'static str| is(index, &|segment| segment.eq_ignore_ascii_case(word));
    let begins = is(0, &str::is_empty) && word(1, "subscriptions") && is(2, &is_guid) && word(3, "resourceGroups");
    let provider = is(4, &|group| resource_group(group).is_ok()) && word(5, "providers");
    let rest = segments.get(6..).unwrap_or_default();
    let named = rest.len() >= 3 && rest.len() % 2 == 1 && rest.iter().all(|segment| rule_name(segment).is_ok());
    only_if(begins && provider && named, text)
}

/// A security rule, also any other resource: 1 to 80 letters, digits and `_ . -`; begins with a letter or digit.
pub(super) fn rule_name(text: &str) -> Result<String, Refusal> {
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    only_if(begins && made_of(text, 80, |c| c.is_ascii_alphanumeric() || "_.-".contains(c)), text)
}

/// A network in CIDR form, without host bits; a single address is a network of its own.
pub(super) fn network(text: &str) -> Result<IpNet, Refusal> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map(|network| network.trunc()).map_err(|_| Rule::Malformed.into())
}

/// Path and query of a request: begins with `/`, printable ASCII, no fragment.
pub(super) fn path_and_query(text: &str) -> Result<String, Refusal> {
    only_if(text.starts_with('/') && made_of(text, 1024, |c| c.is_ascii_graphic() && !"#\\\"<>".contains(c)), text)
}

/// A path prefix: segments of unreserved characters (RFC 3986 2.3), none of them `.` or `..`, no `/` at the end.
pub(super) fn path_prefix(text: &str) -> Result<String, Refusal> {
    let segments = text.strip_prefix('/').map(|rest| rest.split('/'));
    let right = |segment: &str| {
        made_of(segment, 64, |c| c.is_ascii_alphanumeric() || "-._~".contains(c)) && segment != "." && segment != ".."
    };
    only_if(segments.is_some_and(|mut segments| segments.all(right)) && text.len() <= 128, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T>(read: fn(&str) -> Result<T, Refusal>, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(read(text).is_ok(), "{text:?} is right");
        }
        for text in wrong {
            assert!(read(text).is_err(), "{text:?} is wrong");
        }
    }

    #[test]
    fn ids() {
        let id = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
        check(
            guid,
            &[id, &id.to_uppercase()],
            &[
                "",
                "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
                id.trim_start_matches('6'),
                &id.replace('f', "g"),
                &id.replace('-', ""),
            ],
        );
        check(tenant, &[id, "contoso.onmicrosoft.com"], &["", "common", "organizations", "10.0.0.1", "contoso/.com"]);
        check(
            cloudflare_id,
            &["023e105f4ecef8ad9ca31a8372d0c353"],
            &["", "023e105f4ecef8ad9ca31a8372d0c35", "z23e105f4ecef8ad9ca31a8372d0c353"],
        );
        check(audience, &["4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2"], &["", "a b", "a/b"]);
    }

    #[test]
    fn names() {
        check(short_name, &["a", "contoso-eu-1", &"a".repeat(32)], &["", "A", "a_b", "a.b", &"a".repeat(33)]);
        check(secret_name, &["SLACK_URL", "A", "A1"], &["", "slack", "1A", "_A", "A-B", "https://hooks.example/x"]);
        check(resource_group, &["rg-apim_(prod).1", "gruppe-süd"], &["", "a/b", "a.", "a b", "a%2f", &"a".repeat(91)]);
        check(
            service_name,
            &["contoso", "Contoso-1", "c"],
            &["", "1contoso", "contoso-", "a_b", "a.b", &"a".repeat(51)],
        );
        check(api_version, &["2024-05-01", "2024-06-01-preview"], &["", "2024-5-1", "2024-05-01-beta", "latest"]);
        check(rule_name, &["allow-apim", "1_a.b"], &["", "-a", "a/b", "a b", "a?b", "..", &"a".repeat(81)]);
        check(target_name, &["nsg-nsg-backend-allow-apim"], &["", "NSG", "a/b", &"a".repeat(65)]);
    }

    #[test]
    fn resource_ids() {
        let group = "/subscriptions/6f9619ff-8b86-d011-b42d-00c04fc964ff/resourceGroups/rg-apim";
        let site = format!("{group}/providers/Microsoft.Web/sites/app");
        check(
            resource_id,
            &[&site, &site.to_lowercase(), &format!("{site}/"), &format!("{site}/slots/staging")],
            &[
                "",
                group,
                &format!("{site}/slots"),
                &format!("{site}?x=1"),
                &format!("https://management.azure.com{site}"),
                &site.replace("app", ".."),
                &site.replace("6f9619ff", "6f9619f"),
            ],
        );
    }

    #[test]
    fn access_teams() {
        check(
            team_domain,
            &["contoso.cloudflareaccess.com", "Contoso.CloudflareAccess.com"],
            &[
                "",
                "contoso",
                "cloudflareaccess.com",
                "a.b.cloudflareaccess.com",
                "https://contoso.cloudflareaccess.com",
                "evil-cloudflareaccess.com",
            ],
        );
    }

    #[test]
    fn networks() {
        check(
            network,
            &["203.0.113.0/24", "2001:db8::/32", "203.0.113.9", "::1"],
            &["", "203.0.113.0/33", "203.0.113", "office", "203.0.113.0/24 "],
        );
        assert_eq!(network("203.0.113.9").unwrap().to_string(), "203.0.113.9/32");
        assert_eq!(network("203.0.113.9/24").unwrap().to_string(), "203.0.113.0/24");
    }

    #[test]
    fn paths() {
        check(
            path_and_query,
            &["/", "/status-0123456789abcdef", "/a?b=c&d=%20"],
            &["", "status", "/a#b", "/a b", "/a\n", "/ä", "https://a/"],
        );
        check(
            path_prefix,
            &["/__guard", "/ops/guard", "/a.b~c-d"],
            &["", "/", "__guard", "/a/", "/a//b", "/a/../b", "/./a", "/a?b", "/a%2f", "/a b"],
        );
    }
}
