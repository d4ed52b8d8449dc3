//! Whole configurations, each with the exact findings: one too many fails as one too few does.

mod dns_and_status;
mod healthy;
mod routes;
mod rules;
mod services;
mod subnets;
mod unknown;

use std::collections::BTreeSet;

use apim_origin_guard::network_check::CATALOGUE;

use crate::world::{World, found};

/// Name, configuration, "code subject" of each finding.
type Scenario = (&'static str, World, &'static [&'static str]);

fn library() -> Vec<Scenario> {
    let parts = [
        healthy::scenarios(),
        routes::scenarios(),
        rules::scenarios(),
        dns_and_status::scenarios(),
        services::scenarios(),
        subnets::scenarios(),
        unknown::scenarios(),
    ];
    parts.into_iter().flatten().collect()
}

#[test]
fn every_configuration_has_exactly_its_findings() {
    let mut wrong = Vec::new();
    for (name, world, expected) in library() {
        let mut expected: Vec<_> = expected.iter().map(ToString::to_string).collect();
        expected.sort();
        let found = found(&world.report());
        if found != expected {
            wrong.push(format!("{name}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a shell would read in a command besides words.
fn unquoted(command: &str) -> String {
    let mut quote = None;
    let outside = |c: char| match (quote, c) {
        (None, '\'' | '"') => {
            quote = Some(c);
            None
        }
        (Some(open), _) if open == c => {
            quote = None;
            None
        }
        (Some(_), _) => None,
        (None, _) => Some(c),
    };
    command.chars().filter_map(outside).collect()
}

#[test]
fn every_command_is_words_to_a_shell() {
    for (name, world, _) in library() {
        let report = world.report();
        let remedies = report.findings.iter().flat_map(|finding| &finding.remedies);
        let given = remedies.flat_map(|remedy| [&remedy.command, &remedy.verify_command]).flatten();
        for command in given.chain(report.not_checked.iter().flat_map(|gap| &gap.fetch)) {
            let words = unquoted(command);
            assert!(!words.contains(['<', '>', '[', ']', '*', '?', '|', '&', '`', '(']), "{name}: {command}");
        }
    }
}

#[test]
fn there_are_sixty_configurations_with_names_of_their_own() {
    let names: BTreeSet<_> = library().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), library().len());
    assert!(names.len() >= 60, "{}", names.len());
}

#[test]
fn every_code_is_found_in_one_and_not_in_another_although_it_was_checked() {
    let reports: Vec<_> = library().into_iter().map(|(_, world, _)| world.report()).collect();
    for code in CATALOGUE {
        let has = |report: &&apim_origin_guard::network_check::Report| {
            report.findings.iter().any(|finding| finding.code == code)
        };
        assert!(reports.iter().any(|report| has(&report)), "{} is never found", code.name);
        let silent = reports.iter().any(|report| !has(&report) && report.checked.contains(&code));
        assert!(silent, "{} is never checked without being found", code.name);
    }
}

#[test]
fn every_code_is_either_checked_or_not_checked() {
    for (name, world, _) in library() {
        let report = world.report();
        let mut all: Vec<_> = report.checked.iter().map(|code| code.name).collect();
        all.extend(report.not_checked.iter().map(|one| one.code.name));
        all.sort_unstable();
        let mut codes = CATALOGUE.map(|code| code.name);
        codes.sort_unstable();
        assert_eq!(all, codes, "{name}");
    }
}

#[test]
fn every_finding_says_what_proves_it_and_how_to_mend_it() {
    for (name, world, _) in library() {
        for finding in world.report().findings {
            let code = finding.code.name;
            assert!(!finding.found.is_empty() && !finding.subject.is_empty(), "{name}: {code}");
            assert!(!finding.remedies.is_empty(), "{name}: {code}");
            assert!(
                finding.remedies.iter().all(|remedy| !remedy.action.is_empty() && !remedy.verify.is_empty()),
                "{name}: {code}"
            );
        }
    }
}

#[test]
fn what_was_not_checked_says_why() {
    for (name, world, _) in library() {
        for one in world.report().not_checked {
            assert!(!one.reasons.is_empty(), "{name}: {}", one.code.name);
        }
    }
}

#[test]
fn the_order_of_documents_changes_nothing() {
    for (name, mut world, _) in library() {
        let before = found(&world.report());
        world.documents.reverse();
        assert_eq!(found(&world.report()), before, "{name}");
    }
}

#[test]
fn giving_everything_twice_changes_nothing() {
    for (name, mut world, _) in library() {
        let before = world.report().findings;
        let again = world.documents.clone();
        world.documents.extend(again);
        assert_eq!(world.report().findings, before, "{name}");
    }
}

/// What is unknown is said to be unknown, by these codes of these configurations.
#[test]
fn what_could_not_be_told_is_not_checked() {
    let cases: [(&str, &[&str]); 8] = [
        (
            "nothing but a route table",
            &[
                "control_plane_route_missing",
                "nsg_missing",
                "dependency_failing",
                "network_status_stale",
                "internal_network",
            ],
        ),
        ("no route table given", &["control_plane_route_missing", "client_route_missing", "egress_is_firewall"]),
        ("no group given", &["nsg_management_blocked", "nsg_clients_blocked", "nsg_dependency_blocked"]),
        ("another cloud, no tag list given", &["control_plane_route_missing", "control_plane_route_regional"]),
        ("a route by a tag that no list explains", &["control_plane_route_partial"]),
        ("a route whose prefix is masked", &["control_plane_route_missing"]),
        ("every published address by hand: the tag holds more, so nothing is proved", &["control_plane_route_partial"]),
        ("a tier that is not known", &["nsg_missing", "subnet_too_small", "control_plane_route_missing"]),
    ];
    let library = library();
    for (name, codes) in cases {
        let (_, world, _) = library.iter().find(|(one, ..)| *one == name).unwrap();
        let report = world.report();
        for code in codes {
            assert!(report.not_checked.iter().any(|one| one.code.name == *code), "{name}: {code} counts as checked");
        }
    }
}

/// With every document of a network that is well nothing stays unchecked but what needs documents of others.
#[test]
fn with_every_document_everything_is_checked() {
    let world = crate::world::classic("Premium", "External").two_regions().tags();
    let left: Vec<_> = world.report().not_checked.iter().map(|one| one.code.name).collect();
    assert_eq!(left, ["service_tag_is_not_egress", "pinned_address_record"]);
}

#[test]
fn rules_to_create_have_priorities_of_their_own() {
    let rules = [crate::world::rule("Block", 4000, "Deny", "Outbound", "*", "*")];
    let world = ["Storage", "Sql", "KeyVault"]
        .into_iter()
        .fold(crate::world::classic("Premium", "External"), World::without_rule);
    let report = world.rules(&rules).report();
    let commands: Vec<_> = report.findings[0].remedies.iter().filter_map(|remedy| remedy.command.as_deref()).collect();
    let priorities: BTreeSet<_> = commands
        .iter()
        .map(|command| command.split("--priority ").nth(1).unwrap().split(' ').next().unwrap())
        .collect();
    assert_eq!(priorities.into_iter().collect::<Vec<_>>(), ["3997", "3998", "3999"], "{commands:#?}");
}
