//! What somebody may have meant.

use super::catalogue;
use super::key::Entry;

/// The known key that `written`, in a table at `pattern`, is likely to mean: one of the same table, else one elsewhere
/// of exactly this name.
pub(super) fn key(pattern: &str, written: &str) -> Option<&'static dyn Entry> {
    let siblings = || catalogue::children(pattern);
    let slip = |entry: &&dyn Entry| entry.slips().iter().any(|slip| bare(slip) == bare(written));
    let same = |entry: &&dyn Entry| bare(entry.name()) == bare(written);
    siblings()
        .find(same)
        .or_else(|| siblings().find(slip))
        .or_else(|| closest(written, siblings(), |entry| entry.name()))
        .or_else(|| catalogue::entries().find(same))
        .or_else(|| catalogue::entries().find(slip))
}

/// The one of `words` that `written` is likely to mean.
pub(super) fn word(written: &str, words: Vec<String>) -> Option<String> {
    closest(written, words.into_iter(), |word| word.as_str())
}

/// The candidate with the fewest edits, if they are few for its length: a third of it, 1 to 3.
fn closest<T>(written: &str, candidates: impl Iterator<Item = T>, name: impl Fn(&T) -> &str) -> Option<T> {
    let near = |candidate: T| {
        let edits = distance(&bare(written), &bare(name(&candidate)))?;
        Some((edits, candidate))
    };
    candidates.filter_map(near).min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

fn distance(written: &str, name: &str) -> Option<usize> {
    let limit = (name.len() / 3).clamp(1, 3);
    // Every edit changes the length by one at most, which spares the work for very long keys.
    if written.len().abs_diff(name.len()) > limit.saturating_mul(4) {
        return None;
    }
    let edits = strsim::osa_distance(written, name);
    (edits <= limit).then_some(edits)
}

/// `timeoutMs`, `timeout-ms` and `timeout_ms` are the same word.
fn bare(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(pattern: &str, written: &str) -> Option<&'static str> {
        key(pattern, written).map(Entry::path)
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
        let words = || vec!["public".to_owned(), "operator".to_owned()];
        assert_eq!(word("Operater", words()).as_deref(), Some("operator"));
        assert_eq!(word("private", words()), None);
    }

    #[test]
    fn no_slip_is_a_key_of_its_own_table_or_stands_twice_in_it() {
        for entry in catalogue::entries() {
            for slip in entry.slips() {
                let means = catalogue::children(entry.parent())
                    .filter(|other| bare(other.name()) == bare(slip) || other.slips().contains(slip));
                assert_eq!(means.count(), 1, "{}: {slip}", entry.path());
            }
        }
    }
}
