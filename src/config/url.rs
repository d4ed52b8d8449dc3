//! Absolute URLs (RFC 3986) as configuration needs them: a few forms, checked strictly. The `url` crate reads many more
//! and is larger than the rest of the guard.

use std::fmt;
use std::net::IpAddr;

use super::Rule;
use super::report::Refusal;
use crate::net::{Hostname, HostnameFault};

/// `text` as a URL that a request may go to: `https`, or `http` to a loopback address or a local name. Nothing is told of
/// what is wrong: it is a secret's value.
pub fn checked_url(text: &str) -> Option<String> {
    endpoint(text.trim()).ok()
}

/// A `DoH` endpoint: path and query as they are.
pub(super) fn endpoint(text: &str) -> Result<String, Refusal> {
    parse(text).map(|url| url.to_string())
}

/// The base of API calls: no query, no slash at the end.
pub(super) fn base(text: &str) -> Result<String, Refusal> {
    let url = parse(text)?.without_query()?.to_string();
    Ok(url.trim_end_matches('/').to_owned())
}

/// The base of pages: no query, one slash at the end.
pub(super) fn folder(text: &str) -> Result<String, Refusal> {
    base(text).map(|base| format!("{base}/"))
}

/// A checked URL, in parts.
struct Url<'t> {
    scheme: &'static str,
    host: Host,
    port: Option<u16>,
    path_and_query: &'t str,
}

enum Host {
    Name(Hostname),
    /// As in a URL, with brackets around IPv6.
    Loopback(String),
}

impl Url<'_> {
    fn without_query(self) -> Result<Self, Refusal> {
        if self.path_and_query.contains('?') { Err(refuse("a URL without query")) } else { Ok(self) }
    }
}

impl fmt::Display for Url<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        match &self.host {
            Host::Name(name) => name.fmt(f)?,
            Host::Loopback(address) => f.write_str(address)?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}{}", self.path_and_query),
            None => f.write_str(self.path_and_query),
        }
    }
}

fn parse(text: &str) -> Result<Url<'_>, Refusal> {
    let (scheme, rest) = split_scheme(text)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path_and_query) = rest.split_at_checked(end).unwrap_or((rest, ""));
    check_path_and_query(path_and_query)?;
    let (host, port) = split_authority(authority)?;
    let (host, port) = (read_host(host)?, port.map(read_port).transpose()?);
    check_scheme(scheme, &host)?;
    Ok(Url { scheme, host, port, path_and_query })
}

fn split_scheme(text: &str) -> Result<(&'static str, &str), Refusal> {
    match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => Ok(("https", rest)),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => Ok(("http", rest)),
        _ => Err(refuse("an absolute URL that begins with `https://`")),
    }
}

/// Path and query hold what RFC 3986 3.3 and 3.4 allow.
fn check_path_and_query(text: &str) -> Result<(), Refusal> {
    if text.contains('#') {
        return Err(refuse("a URL without fragment (`#`)"));
    }
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&b);
    let escapes = text.split('%').skip(1).all(|rest| rest.as_bytes().get(..2).is_some_and(is_hex));
    if text.len() <= MAX_LENGTH && text.bytes().all(allowed) && escapes {
        return Ok(());
    }
    Err(refuse(
        "a URL of 2048 characters at most whose path and query hold only what a URL may (no `{?dns}`, no spaces)",
    ))
}

/// Characters of path and query; far more than any endpoint needs.
const MAX_LENGTH: usize = 2048;

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

fn split_authority(authority: &str) -> Result<(&str, Option<&str>), Refusal> {
    if authority.contains('@') {
        return Err(refuse("a URL without user information (`user:password@`)"));
    }
    let after_brackets = authority.rfind(']').unwrap_or(0);
    match authority.rfind(':') {
        Some(colon) if colon >= after_brackets => Ok(authority
            .split_at_checked(colon)
            .map_or((authority, None), |(host, port)| (host, port.strip_prefix(':')))),
        _ => Ok((authority, None)),
    }
}

fn read_host(host: &str) -> Result<Host, Refusal> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    if bare
        .parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback() && address.is_ipv6() == (bare.len() < host.len()))
    {
        return Ok(Host::Loopback(host.to_owned()));
    }
    match host.parse() {
        Ok(name) => Ok(Host::Name(name)),
        Err(HostnameFault::IpLiteral) => Err(Refusal::because(Rule::UrlIsIpLiteral, NO_ADDRESS)),
        Err(fault) => Err(Refusal::because(Rule::InvalidUrl, format!("a URL with a host name; {fault}"))),
    }
}

/// The port after the colon, for URLs and for `origins[].hostname`.
pub(super) fn read_port(port: &str) -> Result<u16, Refusal> {
    let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    let port = port.parse().ok().filter(|port| digits && *port != 0);
    port.ok_or_else(|| Refusal::because(Rule::InvalidPort, "a port from 1 to 65535 after `:`, or no `:`"))
}

fn check_scheme(scheme: &str, host: &Host) -> Result<(), Refusal> {
    let local = match host {
        Host::Name(name) => name.is_local(),
        Host::Loopback(_) => true,
    };
    if scheme == "https" || local { Ok(()) } else { Err(Refusal::because(Rule::HttpNotLocal, HTTPS_ONLY)) }
}

const NO_ADDRESS: &str = "a URL with a host name: Cloudflare answers requests to an IP address with error 1003";
const HTTPS_ONLY: &str =
    "an `https://` URL: plain HTTP is for loopback addresses and local names such as `localhost` or `*.test`";

fn refuse(expected: &str) -> Refusal {
    Refusal::because(Rule::InvalidUrl, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Option<Rule> {
        endpoint(text).err().map(|refusal| refusal.rule)
    }

    #[test]
    fn what_is_right_is_kept_with_scheme_and_host_in_lower_case() {
        for (text, read) in [
            ("https://dns.google/dns-query", "https://dns.google/dns-query"),
            ("HTTPS://DNS.Google:8443/DNS?a=%2F", "https://dns.google:8443/DNS?a=%2F"),
            ("https://dns.google", "https://dns.google"),
            ("http://127.0.0.1:8054/dns-query", "http://127.0.0.1:8054/dns-query"),
            ("http://[::1]:8054/", "http://[::1]:8054/"),
            ("https://[::1]", "https://[::1]"),
            ("http://localhost:1/", "http://localhost:1/"),
            ("http://doh.test/q", "http://doh.test/q"),
        ] {
            assert_eq!(endpoint(text).as_deref(), Ok(read), "{text}");
        }
    }

    #[test]
    fn each_mistake_is_told_apart() {
        for text in [
            "",
            "dns.google",
            "//dns.google",
            "ftp://dns.google",
            "https:/dns.google",
            "https://",
            "https:///dns-query",
            "https://dns.google/#a",
            "https://dns.google#a",
            "https://me:pw@dns.google/",
            "https://dns.google/dns-query{?dns}",
            "https://dns.google/a b",
            "https://dns.google/%2",
            "https://dns.google/%zz",
            "https://dns.google/ä",
            "https://dns google/",
            "https://-a.net/",
            "https://a..net/",
            "https://dns.google\\a",
            "https://[::1",
            "https://::1/",
            "https://[127.0.0.1]/",
            "https://dns.google/\u{0}",
        ] {
            assert!(
                matches!(rule(text), Some(Rule::InvalidUrl | Rule::UrlIsIpLiteral | Rule::InvalidPort)),
                "{text}: {:?}",
                rule(text)
            );
        }
        for text in [
            "https://1.1.1.1/dns-query",
            "https://[2606:4700::1111]/",
            "https://10.0.0.1",
            "http://0x7f000001/",
            "http://127.1/",
        ] {
            assert_eq!(rule(text), Some(Rule::UrlIsIpLiteral), "{text}");
        }
        for text in [
            "https://dns.google:/",
            "https://dns.google:0/",
            "https://dns.google:65536/",
            "https://dns.google:+1/",
            "https://[::1]:x/",
        ] {
            assert_eq!(rule(text), Some(Rule::InvalidPort), "{text}");
        }
        for text in ["http://dns.google/", "http://localhost.example/"] {
            assert_eq!(rule(text), Some(Rule::HttpNotLocal), "{text}");
        }
    }

    #[test]
    fn a_base_has_no_slash_at_its_end_and_a_folder_one() {
        assert_eq!(base("https://management.azure.com//").as_deref(), Ok("https://management.azure.com"));
        assert_eq!(base("https://api.cloudflare.com/client/v4").as_deref(), Ok("https://api.cloudflare.com/client/v4"));
        assert_eq!(folder("https://docs.example.com/guard").as_deref(), Ok("https://docs.example.com/guard/"));
        assert_eq!(folder("https://docs.example.com//").as_deref(), Ok("https://docs.example.com/"));
        assert_eq!(base("https://docs.example.com/?a").unwrap_err().rule, Rule::InvalidUrl);
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_is_accepted_again_as_it_was_read(text in "(https?://)?[a-zA-Z0-9.:\\[\\]@-]{0,20}[ -~]{0,20}") {
            for read in [endpoint, base, folder] {
                if let Ok(url) = read(&text) {
                    proptest::prop_assert_eq!(read(&url), Ok(url));
                }
            }
        }
    }
}
