//! Where a set is more than its target takes, the file says so and nothing is cut off.

use apim_origin_guard::allowlist::{FORMATS, Format};
use ipnet::IpNet;

use crate::readers::read;
use crate::worlds::{file, list_of, many};

/// The most that each target takes, from the vendors' pages, in ranges of single IPv4 addresses.
const MOST: [(&str, u32); 9] = [
    ("nsg", 4000),
    ("ip-group", 5000),
    ("app-service", 512 * 8),
    ("storage", 400),
    ("key-vault", 1000),
    ("sql", 256),
    ("front-door-waf", 600),
    ("aws-prefix-list", 100),
    ("ingress-nginx", 20_000),
];

#[test]
fn these_are_all_that_have_a_limit() {
    let limited: Vec<_> = FORMATS.iter().filter(|format| format.limit.is_some()).map(|format| format.name).collect();
    assert_eq!(limited.len(), MOST.len());
    assert!(MOST.iter().all(|(name, _)| limited.contains(name)));
}

fn refusals(format: &str, networks: &[IpNet]) -> usize {
    let (body, notices) = file(format, &list_of(networks));
    assert_eq!(read(format, &body).len(), networks.len(), "{format}");
    notices.iter().filter(|notice| notice.contains("the target will refuse it")).count()
}

#[test]
fn a_set_within_the_limit_is_not_called_too_large_and_one_above_is() {
    for (format, most) in MOST.into_iter().filter(|(format, _)| *format != "ingress-nginx") {
        assert_eq!(refusals(format, &many(most)), 0, "{format}");
        assert_eq!(refusals(format, &many(most + 1)), 1, "{format}");
    }
}

#[test]
fn an_annotation_is_measured_in_bytes() {
    assert_eq!(refusals("ingress-nginx", &many(1000)), 0);
    assert_eq!(refusals("ingress-nginx", &many(MOST[8].1)), 1);
}

#[test]
fn the_notice_stands_in_the_file_where_it_has_comments() {
    let (body, notices) = file("ingress-nginx", &list_of(&many(MOST[8].1)));
    assert!(body.contains(&format!("# Notice: {}", notices[0])));
    let (body, notices) = file("sql", &list_of(&many(257)));
    assert!(notices[0].starts_with("These are 257 server-level firewall rules; 256 are taken at most (https://"));
    assert!(
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["metadata"]["comments"]
            .as_str()
            .unwrap()
            .contains(&notices[0])
    );
}

#[test]
fn rules_are_split_as_their_targets_want_them() {
    let value = |format| -> serde_json::Value { serde_json::from_str(&file(format, &list_of(&many(25))).0).unwrap() };
    let armor = value("gcp-cloud-armor");
    let rules = armor["rules"].as_array().unwrap();
    let sizes: Vec<_> =
        rules.iter().map(|rule| rule["match"]["config"]["srcIpRanges"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [10, 10, 5, 1]);
    assert_eq!(
        (&rules[3]["action"], &rules[3]["match"]["config"]["srcIpRanges"][0]),
        (&"deny(403)".into(), &"*".into())
    );
    assert_eq!(rules[3]["priority"], 2_147_483_647);
    assert!(rules.iter().all(|rule| rule["description"].as_str().unwrap().len() <= 64));
    let site = value("app-service");
    let rules = site["properties"]["ipSecurityRestrictions"].as_array().unwrap();
    let sizes: Vec<_> = rules.iter().map(|rule| rule["ipAddress"].as_str().unwrap().split(',').count()).collect();
    assert_eq!(sizes, [8, 8, 8, 1]);
    assert!(rules.iter().all(|rule| rule["name"].as_str().unwrap().len() <= 32));
    let list = value("aws-prefix-list");
    assert_eq!((&list["MaxEntries"], &list["AddressFamily"]), (&30.into(), &"IPv4".into()));
}

#[test]
fn names_and_files_are_unique() {
    for (i, format) in FORMATS.iter().enumerate() {
        assert_eq!(Format::named(format.name).map(|it| it.file_name), Some(format.file_name));
        assert!(FORMATS.iter().skip(i + 1).all(|other| other.file_name != format.file_name), "{}", format.name);
    }
    assert!(Format::named("json").is_none() && Format::named("").is_none());
}
