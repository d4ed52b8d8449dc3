//! From a request's URL to where it goes.

use crate::config::{Config, Origin, Route};

/// The parts of an absolute `http(s)` URL that routing needs, as slices of the serialised URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestUrl<'a> {
    /// `scheme://authority`.
    pub prefix: &'a str,
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host with port, as the client used it.
    pub authority: &'a str,
    /// The authority's host without port; an IPv6 literal keeps its brackets.
    pub host: &'a str,
    /// Path and query, beginning with `/`; the fragment is left out.
    pub path_and_query: &'a str,
}

impl<'a> RequestUrl<'a> {
    /// Takes apart a URL that the runtime serialised. `None` for anything else.
    pub fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at_checked(end)?;
        let path_and_query = tail.split('#').next().filter(|tail| !tail.is_empty()).unwrap_or("/");
        let host = match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => authority,
        };
        let prefix = url.get(..scheme.len().saturating_add("://".len()).saturating_add(authority.len()))?;
        Some(Self { prefix, scheme, authority, host, path_and_query })
    }

    /// The path without the query.
    pub fn path(&self) -> &'a str {
        self.path_and_query.split('?').next().unwrap_or_default()
    }

    /// The query without `?`; empty where there is none.
    pub fn query(&self) -> &'a str {
        self.path_and_query.split_once('?').map_or("", |(_, query)| query)
    }
}

/// Who answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// The admin interface; the path below `admin.path`, beginning with `/` (or empty for `admin.path` itself).
    Admin(&'a str),
    /// This origin.
    Origin(&'a Origin),
    /// The configuration names no origin for this host.
    Nowhere,
}

/// Who answers a request for `url`.
pub fn target_of<'a>(config: &'a Config, url: &RequestUrl<'a>) -> Target<'a> {
    if let Some(below) = below_admin(&config.admin.path, url.path()) {
        return Target::Admin(below);
    }
    config.origin_of(url.host).map_or(Target::Nowhere, Target::Origin)
}

fn below_admin<'a>(admin_path: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(admin_path).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What stands before path and query in the URL to fetch; empty for `route = "zone"`, where the request is fetched as it
/// came.
pub fn upstream_base(origin: &Origin) -> String {
    match origin.route {
        Route::Direct => origin.base_url(),
        Route::Zone => String::new(),
    }
}
