//! Which requests each origin answers, compared across all of them. What two claim, neither gets.

use super::origins::{Draft, SERVES};
use crate::config::list::Item;
use crate::config::report::{Refusal, Report};
use crate::config::seen::Seen;
use crate::config::table::{Found, Table};
use crate::config::{Rule, Serves};
use crate::net::HostPattern;

/// What one origin says about the requests it answers.
pub(super) enum Claim<'d> {
    /// No `serves`, or an empty one.
    Everything,
    /// The patterns that could be read. None where `serves` stands there, but nothing of it could be read.
    Hosts(Vec<(Found<'d>, HostPattern)>),
}

impl<'d> Claim<'d> {
    pub(super) fn read(table: &Table<'d>, report: &mut Report) -> Self {
        let Some(found) = table.find(SERVES.name()) else {
            return Self::Everything;
        };
        let items = SERVES.form.items(&found, &SERVES, report);
        if items.is_some() {
            report.taken(&found.place);
        }
        match items {
            Some(items) if items.is_empty() => Self::Everything,
            items => Self::Hosts(items.into_iter().flatten().filter_map(pattern_of).collect()),
        }
    }

    fn hosts(&self) -> &[(Found<'d>, HostPattern)] {
        match self {
            Self::Everything => &[],
            Self::Hosts(hosts) => hosts,
        }
    }
}

fn pattern_of(item: Item<'_>) -> Option<(Found<'_>, HostPattern)> {
    let pattern = item.text.parse().ok()?;
    Some((item.found, pattern))
}

/// Gives each origin what it alone claims, and returns the hosts that none may answer: those that two claim, and those
/// of an origin that could not be read, which must not fall to the default origin.
pub(super) fn settle(drafts: &mut [Draft<'_>], report: &mut Report) -> Vec<HostPattern> {
    refuse_second_defaults(drafts, report);
    refuse_shared_hosts(drafts, report);
    let claims = count(drafts);
    let default = default_of(drafts);
    for (index, draft) in drafts.iter_mut().enumerate() {
        let serves = if default == Some(index) { Serves::Default } else { claimed_alone(&draft.claim, &claims) };
        if let Some(origin) = &mut draft.origin {
            origin.serves = serves;
        }
    }
    claims.into_iter().filter(|(_, readable)| *readable != 1).map(|(pattern, _)| pattern).collect()
}

/// The default origin: the only readable one without `serves`, or the only one there is if it names no readable host.
fn default_of(drafts: &[Draft<'_>]) -> Option<usize> {
    if let [only] = drafts {
        return only.claim.hosts().is_empty().then_some(0);
    }
    let is_default = |draft: &Draft<'_>| draft.origin.is_some() && matches!(draft.claim, Claim::Everything);
    let mut defaults = drafts.iter().enumerate().filter(|(_, draft)| is_default(draft)).map(|(index, _)| index);
    defaults.next().filter(|_| defaults.next().is_none())
}

fn claimed_alone(claim: &Claim<'_>, claims: &Seen<HostPattern, usize>) -> Serves {
    let own = |pattern: &&HostPattern| claims.get(pattern) == Some(&1);
    let hosts: Vec<_> = claim.hosts().iter().map(|(_, pattern)| pattern).filter(own).cloned().collect();
    if hosts.is_empty() { Serves::Nothing } else { Serves::Hosts(hosts) }
}

/// How many readable origins claim each pattern; 0 for those of unreadable origins only.
fn count(drafts: &[Draft<'_>]) -> Seen<HostPattern, usize> {
    let mut claims = Seen::new();
    for draft in drafts {
        for (_, pattern) in draft.claim.hosts() {
            claims.add(pattern.clone(), 0_usize);
            if let Some(readable) = claims.get_mut(pattern) {
                *readable = readable.saturating_add(usize::from(draft.origin.is_some()));
            }
        }
    }
    claims
}

fn refuse_second_defaults(drafts: &[Draft<'_>], report: &mut Report) {
    let mut defaults = drafts.iter().filter(|draft| matches!(draft.claim, Claim::Everything));
    let Some(first) = defaults.next() else { return };
    for draft in defaults {
        let expected =
            format!("the hosts of this origin: only one may go without, and {} does", first.table.place().path());
        report.refuse_in(&draft.table, &SERVES, Refusal::because(Rule::SecondDefault, expected));
    }
}

fn refuse_shared_hosts(drafts: &[Draft<'_>], report: &mut Report) {
    let mut first: Seen<&HostPattern, &Found<'_>> = Seen::new();
    for (found, pattern) in drafts.iter().flat_map(|draft| draft.claim.hosts()) {
        match first.get(&pattern) {
            Some(earlier) => report.refuse(found, &SERVES, claimed_at(earlier)),
            None => first.add(pattern, found),
        }
    }
}

fn claimed_at(earlier: &Found<'_>) -> Refusal {
    let expected = format!("each host with one origin only: this one stands at {} already", earlier.place.path());
    Refusal::because(Rule::Duplicate, expected)
}
