//! The origins' names: each its own, since a name is a key in KV.

use super::origins::{Draft, NAME};
use crate::config::Rule;
use crate::config::report::{Refusal, Report};
use crate::config::seen::Seen;
use crate::net::Hostname;

/// Characters of a name at most.
const MAX_LENGTH: usize = 32;

/// The default name: the first label of the host name, cut to what a name may hold.
pub(super) fn from_hostname(hostname: &Hostname) -> String {
    let label = hostname.first_label().chars().take(MAX_LENGTH);
    label.map(|c| if c == '_' { '-' } else { c }).collect()
}

/// Gives each origin its name. Of two equal ones the second is a fault, and gets a number.
pub(super) fn settle(drafts: &mut [Draft<'_>], report: &mut Report) {
    let mut names = Names { taken: drafts.iter().filter_map(|draft| draft.name.clone()).collect(), first: Seen::new() };
    for draft in drafts {
        let Some(wanted) = draft.name.as_ref() else { continue };
        let name = match names.first.get(wanted) {
            None => wanted.to_owned(),
            Some((earlier, _)) => {
                report.refuse_in(&draft.table, &NAME, taken_by(earlier, wanted));
                report.not_taken(&draft.table, &[&NAME]);
                names.numbered(wanted)
            }
        };
        names.first.add(wanted.clone(), (draft.table.place().path().to_owned(), 1));
        if let Some(origin) = &mut draft.origin {
            origin.name = name;
        }
    }
}

fn taken_by(earlier: &str, name: &str) -> Refusal {
    let expected = format!("a `name` of its own: `{name}` is the name of {earlier} already");
    Refusal::because(Rule::Duplicate, expected)
}

struct Names {
    /// Every name that is written or in use.
    taken: Vec<String>,
    /// For each name where it stood first, and the last number given to another one of it.
    first: Seen<String, (String, u32)>,
}

impl Names {
    /// `name-2`, or with the next number that makes it new.
    fn numbered(&mut self, name: &String) -> String {
        let last = self.first.get(name).map_or(1, |(_, last)| *last);
        let mut number = last.saturating_add(1);
        while self.taken.contains(&with_number(name, number)) {
            number = number.saturating_add(1);
        }
        if let Some((_, last)) = self.first.get_mut(name) {
            *last = number;
        }
        self.taken.push(with_number(name, number));
        with_number(name, number)
    }
}

fn with_number(name: &str, number: u32) -> String {
    let suffix = format!("-{number}");
    let kept: String = name.chars().take(MAX_LENGTH.saturating_sub(suffix.len())).collect();
    kept + &suffix
}
