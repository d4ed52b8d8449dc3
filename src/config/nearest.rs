//! What somebody may have meant.

use super::catalogue;
use super::key::Entry;

/// The known key that `written`, in a table at `pattern`, is likely to mean: one of the same table, else one elsewhere
/// of exactly this name.
pub(super) fn key(pattern: &str, written: &str) -> Option<&'static dyn Entry> {
    let siblings = catalogue::children(pattern);
    let names: Vec<&str> = siblings.iter().map(|entry| entry.name()).collect();
    let close = || closest(written, &names).and_then(|index| siblings.get(index).copied());
    known_as(written, &siblings).or_else(close).or_else(|| known_as(written, &catalogue::entries()))
}

/// The one of `words` that `written` is likely to mean.
pub(super) fn word(written: &str, words: &[&str]) -> Option<String> {
    closest(written, words).and_then(|index| words.get(index)).map(|word| (*word).to_owned())
}

/// The entry with this very name, else the one that is also called so.
fn known_as(written: &str, entries: &[&'static dyn Entry]) -> Option<&'static dyn Entry> {
    let written = bare(written);
    let named = entries.iter().find(|entry| bare(entry.name()) == written);
    let called = || entries.iter().find(|entry| entry.slips().any(|slip| bare(slip) == written));
    named.or_else(called).copied()
}

/// Index of the candidate with the fewest edits, if they are few for its length: a third of it, 1 to 3.
fn closest(written: &str, candidates: &[&str]) -> Option<usize> {
    let mut closest = None;
    for (index, candidate) in candidates.iter().enumerate() {
        let Some(edits) = distance(&bare(written), &bare(candidate)) else { continue };
        if closest.is_none_or(|(fewest, _)| edits < fewest) {
            closest = Some((edits, index));
        }
    }
    closest.map(|(_, index)| index)
}

fn distance(written: &str, name: &str) -> Option<usize> {
    let limit = (name.len() / 3).clamp(1, 3);
    // Every edit changes the length by one character at most, which spares the work for very long keys.
    if written.len().abs_diff(name.len()) > limit.saturating_mul(4) {
        return None;
    }
    let edits = strsim::osa_distance(written, name);
    (edits <= limit).then_some(edits)
}

/// `timeoutMs`, `timeout-ms` and `timeout_ms` are the same word.
fn bare(word: &str) -> String {
    let mut bare = word.to_ascii_lowercase();
    bare.retain(|c| !matches!(c, '_' | '-' | ' '));
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(pattern: &str, written: &str) -> Option<&'static str> {
        key(pattern, written).map(<dyn Entry>::path)
    }

    #[test]
    fn slips_of_the_finger_are_recognised() {
        for (pattern, written, meant) in [
            ("origins[]", "hostnam", "origins[].hostname"),
            ("origins[]", "hsotname", "origins[].hostname"),
            ("origins[]", "timeoutMs", "origins[].timeout_ms"),
            ("origins[]", "Health-Path", "origins[].health_path"),
            ("", "dsn", "dns"),
            ("", "orgins", "origins"),
            ("", "diagnostic", "diagnostics"),
            ("dns", "max_tll_s", "dns.max_ttl_s"),
            ("notify.targets[]", "min_severty", "notify.targets[].min_severity"),
        ] {
            assert_eq!(nearest(pattern, written), Some(meant), "{written}");
        }
    }

    #[test]
    fn other_words_for_the_same_thing_are_recognised() {
        for (pattern, written, meant) in [
            ("origins[]", "host", "origins[].hostname"),
            ("origins[]", "url", "origins[].hostname"),
            ("origins[]", "hosts", "origins[].serves"),
            ("", "origin", "origins"),
            ("dns", "resolver", "dns.resolvers"),
            ("dns", "servers", "dns.resolvers"),
            ("admin", "prefix", "admin.path"),
            ("admin.access", "aud", "admin.access.audience"),
        ] {
            assert_eq!(nearest(pattern, written), Some(meant), "{written}");
        }
    }

    #[test]
    fn a_key_in_the_wrong_table_is_found_where_it_belongs() {
        assert_eq!(nearest("", "resolvers"), Some("dns.resolvers"));
        assert_eq!(nearest("admin", "team_domain"), Some("admin.access.team_domain"));
    }

    #[test]
    fn what_is_far_from_everything_is_not_guessed() {
        for written in ["", "x", "colour", "a_b_c_d_e_f", "\u{1f980}"] {
            assert_eq!(nearest("origins[]", written), None, "{written}");
        }
    }

    #[test]
    fn words_are_recognised() {
        let words = ["public", "operator"];
        assert_eq!(word("Operater", &words).as_deref(), Some("operator"));
        assert_eq!(word("private", &words), None);
    }

    #[test]
    fn no_slip_is_a_key_of_its_own_table_or_stands_twice_in_it() {
        for entry in catalogue::entries() {
            for slip in entry.slips() {
                let mut siblings = catalogue::children(entry.parent());
                siblings.retain(|other| bare(other.name()) == bare(slip) || other.slips().any(|other| other == slip));
                assert_eq!(siblings.len(), 1, "{}: {slip}", entry.path());
            }
        }
    }
}
