//! Where a browser goes after it signed in.

/// A longer way back is not kept.
const MAX_NEXT: usize = 512;

/// Whether `candidate` leads to `admin_path` or below, on this host and whatever a browser makes of it: no `//`, no dot
/// segments (plain or escaped), no character that a header or a page would have to escape.
pub(super) fn is_safe_next(admin_path: &str, candidate: &str) -> bool {
    let below = candidate.strip_prefix(admin_path).filter(|_| candidate.len() <= MAX_NEXT);
    below.is_some_and(is_plain)
}

fn is_plain(below: &str) -> bool {
    let (path, query) = below.split_once('?').unwrap_or((below, ""));
    let made_of = |text: &str, marks: &[u8]| text.bytes().all(|b| b.is_ascii_alphanumeric() || marks.contains(&b));
    let inside = path.is_empty() || path.starts_with('/');
    let segments_stay = path.split('/').skip(1).all(|segment| !matches!(segment, "." | ".."));
    inside && segments_stay && !path.contains("//") && made_of(path, b"-._~/") && made_of(query, b"-._~=&%+,:/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_below_the_admin_path() {
        let good =
            ["/__guard", "/__guard/", "/__guard/status", "/__guard/incidents/abc?origin=a&limit=5", "/__guard?x=%20"];
        for next in good {
            assert!(is_safe_next("/__guard", next), "{next}");
        }
        for next in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/__guard/",
            "/\\evil.example",
            "/__guard\\..\\",
            "/__guardian",
            "/__guard/../secret",
            "/__guard/..",
            "/__guard/%2e%2e/secret",
            "/__guard//evil.example",
            "/__guard/./x",
            "/__guard/x\r\nSet-Cookie: a=b",
            "/__guard/\"><script>",
            "/__guard/?a=\"><script>",
            "/__guard/#//evil",
            "/x/__guard/",
            "javascript:alert(1)",
            &format!("/__guard/{}", "x".repeat(600)),
        ] {
            assert!(!is_safe_next("/__guard", next), "{next}");
        }
    }

    proptest! {
        #[test]
        fn what_passes_needs_no_escaping(rest in "[ -~\\x00\\r\\né]{0,40}") {
            let next = format!("/__guard{rest}");
            if is_safe_next("/__guard", &next) {
                prop_assert!(next.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\".contains(&b)));
                prop_assert!(!next.contains("//") || next.contains('?'));
            }
        }
    }
}
