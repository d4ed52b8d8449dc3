//! The second look-up, where the edge resolves another name than the gateway's own.

use super::Question;
use crate::config::{Config, Origin};
use crate::diagnosis::is_dns_failure;
use crate::dns::Lookup;
use crate::net::Hostname;
use crate::origin::{HopKind, RecordCopy};

/// The name to compare with; `None` where the edge resolves the gateway's own name, where no other name is known, and
/// for a failure that an address cannot explain.
pub(super) fn counterpart(
    config: &Config,
    question: &Question<'_>,
    lookup: Option<&Lookup>,
    copy: &RecordCopy,
) -> Option<Hostname> {
    if question.failure.as_ref().is_some_and(is_dns_failure) {
        return None;
    }
    if *question.edge_name != question.origin.hostname {
        return Some(question.edge_name.clone());
    }
    gateway_beside(config, question.origin, lookup, copy)
}

/// The gateway's own name, where `hostname` is another one that does not lead there by CNAME.
fn gateway_beside(config: &Config, origin: &Origin, lookup: Option<&Lookup>, copy: &RecordCopy) -> Option<Hostname> {
    let is_gateway = |name: &&Hostname| HopKind::of(name) == HopKind::Gateway;
    let (chain, _) = lookup?.consensus.known()?;
    if is_gateway(&&origin.hostname) || chain.iter().any(|link| is_gateway(&&link.target)) {
        return None;
    }
    let last_good = copy.record().and_then(|record| record.last_good.as_ref());
    let before = || last_good?.chain.iter().map(|link| &link.target).find(is_gateway).cloned();
    config.gateway_name(origin).or_else(before)
}
