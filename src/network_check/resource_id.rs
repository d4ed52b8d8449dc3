//! Resource ids: `/subscriptions/{}/resourceGroups/{}/providers/{namespace}/{type}/{name}/{type}/{name}`.

/// For comparison: Azure itself writes the same id in several cases.
pub(crate) fn key(id: &str) -> String {
    id.trim().trim_end_matches('/').to_ascii_lowercase()
}

/// What stands after the segment `kind`.
pub(crate) fn after<'a>(id: &'a str, kind: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(kind))?;
    segments.next().filter(|name| !name.is_empty())
}

/// The type in lower case: `microsoft.network/virtualnetworks/subnets`.
pub(crate) fn kind(id: &str) -> Option<String> {
    let id = key(id);
    let (_, path) = id.split_once("/providers/")?;
    let mut segments = path.split('/');
    let namespace = segments.next()?.to_owned();
    Some(segments.step_by(2).fold(namespace, |kind, segment| format!("{kind}/{segment}")))
}

/// The id of the resource that this one is a part of.
pub(crate) fn parent(id: &str) -> Option<&str> {
    let (rest, _) = id.trim_end_matches('/').rsplit_once('/')?;
    rest.rsplit_once('/').map(|(parent, _)| parent)
}

/// The last name.
pub(crate) fn name(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// A location for comparison: `West Europe` and `westeurope` are the same.
pub(crate) fn region(location: &str) -> String {
    location.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
