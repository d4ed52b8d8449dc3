//! `origins[].hostname`: a host name, maybe with a port.

use std::net::IpAddr;

use crate::config::report::Refusal;
use crate::config::{Rule, text, url};
use crate::net::{Hostname, HostnameFault};

/// `hostname[:port]`.
pub(super) struct Authority {
    pub(super) hostname: Hostname,
    pub(super) port: Option<u16>,
}

/// Reads the value of `origins[].hostname`.
pub(super) fn authority(text: &str) -> Result<Authority, Refusal> {
    if text.contains(['/', '?', '#', '@']) {
        return Err(origin_refusal(HostnameFault::Url));
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if text.parse::<IpAddr>().is_err() && !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let hostname = host.parse().map_err(origin_refusal)?;
    Ok(Authority { hostname, port: port.map(url::read_port).transpose()? })
}

fn origin_refusal(fault: HostnameFault) -> Refusal {
    match fault {
        HostnameFault::IpLiteral => Refusal::because(Rule::OriginIsIpLiteral, format!("a host name; {fault}")),
        HostnameFault::Url => Refusal::because(Rule::OriginIsUrl, format!("a host name; {fault}")),
        _ => text::not_a_hostname(fault),
    }
}
