//! What a network security group does to a flow. Rules are taken by priority, least number first; the first that matches
//! decides for the addresses it matches.

mod flow;
mod matching;
mod rule;

use serde_json::Value;

use super::field::list;
use super::ranges::{Ranges, sort};
use super::service_tags::Tags;

pub(super) use flow::{Flow, Subnet};
pub(super) use rule::{Item, Rule};

use matching::{Match, Open, match_rule};

/// The rules of a group, and the order in which they are asked: priority and index.
pub(super) struct SecurityGroup<'a> {
    rules: Vec<Rule<'a>>,
    order: Vec<(u64, u64)>,
}

/// What becomes of a flow.
pub(super) enum Verdict<'r, 'a> {
    /// All of it passes.
    Allowed,
    /// `rule` denies the number of addresses, or all of them.
    Denied { rule: &'r Rule<'a>, addresses: Option<u64> },
    /// It depends on what `rule` covers, which these documents do not tell.
    Unclear { rule: &'r Rule<'a> },
}

impl<'a> SecurityGroup<'a> {
    /// The group's own rules and the default ones, which are the same everywhere and may be left out of a document.
    pub(super) fn of(value: &'a Value) -> Self {
        let mut rules: Vec<_> = list(value, "securityRules").iter().map(Rule::read).collect();
        rules.extend(Rule::defaults());
        let mut order: Vec<_> = rules.iter().zip(0..).map(|(rule, index)| (rule.priority, index)).collect();
        sort(&mut order);
        Self { rules, order }
    }

    /// In the order in which they are asked, default rules last.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule<'a>> {
        self.order.iter().filter_map(|(_, index)| self.rules.get(usize::try_from(*index).ok()?))
    }

    /// What becomes of `flow` to or from `subnet`.
    pub(super) fn judge(&self, flow: &Flow<'_>, subnet: &Subnet, tags: &Tags<'_>) -> Verdict<'_, 'a> {
        let left = flow.set.clone();
        let mut judge = Judge { left, done: Vec::new(), allowed: None, denied: None, unclear: [None, None] };
        for rule in self.rules().filter(|rule| rule.concerns(flow)) {
            match match_rule(rule, flow, subnet, tags, &judge.open()) {
                Match::All => return judge.end(rule),
                Match::Part(part) if judge.take(rule, &part) => return judge.sum(flow.is_sample, rule),
                Match::Unknown => judge.doubt(rule),
                Match::Part(_) | Match::Nothing => {}
            }
        }
        Verdict::Allowed
    }

    /// A priority that no rule of this direction has and that is not `reserved`, as near below `below` as can be.
    pub(super) fn free_priority(&self, inbound: bool, below: u64, reserved: &[u64]) -> Option<u64> {
        let taken: Vec<u64> =
            self.rules.iter().filter(|rule| rule.inbound == inbound).map(|rule| rule.priority).collect();
        (100..below.min(4097)).rev().find(|priority| !taken.contains(priority) && !reserved.contains(priority))
    }
}

/// What is known while the rules are asked.
struct Judge<'r, 'a> {
    /// The addresses that no rule has decided about; `None`: they cannot be listed.
    left: Option<Ranges>,
    /// The tags of the rules that decided about a part: nothing of them is left.
    done: Vec<&'a str>,
    allowed: Option<&'r Rule<'a>>,
    denied: Option<(&'r Rule<'a>, u64)>,
    /// The first rule that may match, of those that deny and of those that allow.
    unclear: [Option<&'r Rule<'a>>; 2],
}

impl<'r, 'a> Judge<'r, 'a> {
    fn open(&self) -> Open<'_> {
        Open { left: self.left.as_ref(), done: &self.done }
    }

    /// `rule` decides about `part`. Whether nothing is left.
    fn take(&mut self, rule: &'r Rule<'a>, part: &Ranges) -> bool {
        let Some(left) = &mut self.left else { return false };
        *left = left.without(part);
        self.done.extend(rule.remote.iter().filter(|item| item.net.is_none()).map(|item| item.text));
        if rule.allow {
            self.allowed.get_or_insert(rule);
        } else {
            let before = self.denied.map_or(0, |(_, addresses)| addresses);
            let first = self.denied.map_or(rule, |(first, _)| first);
            self.denied = Some((first, before.saturating_add(part.size())));
        }
        left.is_empty()
    }

    fn doubt(&mut self, rule: &'r Rule<'a>) {
        let [denies, allows] = &mut self.unclear;
        if rule.allow {
            allows.get_or_insert(rule)
        } else {
            denies.get_or_insert(rule)
        };
    }

    /// `rule` decides about all that is left.
    fn end(self, rule: &'r Rule<'a>) -> Verdict<'r, 'a> {
        let [denies, allows] = self.unclear;
        match (rule.allow, self.denied) {
            (true, Some((rule, addresses))) => Verdict::Denied { rule, addresses: Some(addresses) },
            (true, None) => denies.map_or(Verdict::Allowed, |rule| Verdict::Unclear { rule }),
            (false, _) if allows.is_some() => allows.map_or(Verdict::Allowed, |rule| Verdict::Unclear { rule }),
            (false, before) => {
                let left = self.left.filter(|_| self.allowed.is_some()).map(|left| left.size());
                let before = before.map_or(0, |(_, addresses)| addresses);
                Verdict::Denied { rule, addresses: left.map(|left| left.saturating_add(before)) }
            }
        }
    }

    /// All addresses are decided about one by one; `last` was the last rule. A sample proves only that some are denied.
    fn sum(self, is_sample: bool, last: &'r Rule<'a>) -> Verdict<'r, 'a> {
        let [denies, _] = self.unclear;
        match self.denied {
            Some((rule, addresses)) => Verdict::Denied { rule, addresses: self.allowed.map(|_| addresses) },
            None => denies.or(is_sample.then_some(last)).map_or(Verdict::Allowed, |rule| Verdict::Unclear { rule }),
        }
    }
}
