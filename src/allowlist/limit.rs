//! What a target takes at most.

use ipnet::IpNet;

/// A documented limit.
#[derive(Debug)]
pub struct Limit {
    /// So many at most …
    pub most: usize,
    /// … of these: `IP rules of a storage account`.
    pub what: &'static str,
    /// How many of them `networks` are.
    pub count: fn(&[IpNet]) -> usize,
    /// The vendor's page.
    pub source: &'static str,
}

impl Limit {
    /// The notice for `networks` that are too many; nothing is cut off.
    pub(super) fn exceeded(&self, networks: &[IpNet]) -> Option<String> {
        let count = (self.count)(networks);
        let Self { most, what, source, .. } = self;
        (count > *most).then(|| {
            format!("These are {count} {what}; {most} are taken at most ({source}). Nothing is cut off here: the target will refuse it.")
        })
    }
}

/// One each.
pub(super) fn each(networks: &[IpNet]) -> usize {
    networks.len()
}
