//! From a request's URL to where it goes.

use crate::config::{Config, Origin, Route};

/// The parts of an absolute `http(s)` URL that routing needs, as slices of the serialised URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestUrl<'a> {
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
        Some(Self { scheme, authority, host, path_and_query })
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
    let host = url.host.strip_suffix('.').unwrap_or(url.host);
    let origin = if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        config.origin_for(&host.to_ascii_lowercase())
    } else {
        config.origin_for(host)
    };
    origin.map_or(Target::Nowhere, Target::Origin)
}

fn below_admin<'a>(admin_path: &str, path: &'a str) -> Option<&'a str> {
    path.strip_prefix(admin_path).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The URL to fetch; `None` for `route = "zone"`, where the request is fetched as it came.
pub fn upstream_url(origin: &Origin, url: &RequestUrl<'_>) -> Option<String> {
    match origin.route {
        Route::Direct => Some([origin.base_url().as_str(), url.path_and_query].concat()),
        Route::Zone => None,
    }
}
