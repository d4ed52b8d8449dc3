//! Whether a request was made by a page of the guard's own origin, and not by somebody else's page in the operator's
//! browser.

/// `own` is `scheme://authority` of the request's URL. `Origin` decides; where it is missing or `null` (a browser under
/// `Referrer-Policy: no-referrer`, Fetch standard 3.2) `Sec-Fetch-Site` does. Where both stand, both must agree.
pub fn proves_same_origin(own: &str, origin: Option<&str>, fetch_site: Option<&str>) -> bool {
    let site_is_own = fetch_site.map(|site| site == "same-origin");
    match origin.filter(|origin| *origin != "null") {
        Some(origin) => !own.is_empty() && origin == own && site_is_own.unwrap_or(true),
        None => site_is_own.unwrap_or(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_decides_and_sec_fetch_site_fills_in() {
        let own = "https://api.example.com";
        let proven = |origin, site| proves_same_origin(own, origin, site);
        assert!(proven(Some(own), None) && proven(Some(own), Some("same-origin")));
        assert!(proven(None, Some("same-origin")) && proven(Some("null"), Some("same-origin")));
        for (origin, site) in [
            (None, None),
            (Some("null"), None),
            (Some("null"), Some("cross-site")),
            (Some("https://evil.example"), None),
            (Some("https://evil.example"), Some("same-origin")),
            (Some("https://api.example.com.evil.example"), None),
            (Some("https://api.example.com:444"), None),
            (Some("http://api.example.com"), None),
            (Some("https://api.example.com/"), None),
            (Some(own), Some("cross-site")),
            (Some(own), Some("same-site")),
            (None, Some("same-site")),
            (None, Some("none")),
        ] {
            assert!(!proven(origin, site), "{origin:?} {site:?}");
        }
        assert!(!proves_same_origin("", Some(""), None));
    }
}
