//! What is written is read back as the same addresses, whatever the set.

use apim_origin_guard::allowlist::{FORMATS, Format, export};
use ipnet::IpNet;
use proptest::prelude::*;

use crate::readers::read;
use crate::worlds::{NOW, file, list, list_of, networks};

/// As few networks as there can be with exactly these addresses.
fn addresses(networks: &[IpNet]) -> Vec<IpNet> {
    IpNet::aggregate(&networks.to_vec())
}

fn is_v6(network: &IpNet) -> bool {
    matches!(network, IpNet::V6(_))
}

/// What a target takes of `networks`, said once more and by hand.
fn expected(format: &str, networks: &[IpNet]) -> Vec<IpNet> {
    let family = |v6: bool| networks.iter().copied().filter(|network| is_v6(network) == v6).collect::<Vec<_>>();
    match format {
        "aws-prefix-list" if family(false).is_empty() => family(true),
        "ip-group" | "storage" | "key-vault" | "cosmos-db" | "sql" | "aws-prefix-list" => family(false),
        "cloudflare-list" => networks.iter().map(|network| widened(*network)).collect(),
        _ => networks.to_vec(),
    }
}

fn widened(network: IpNet) -> IpNet {
    if is_v6(&network) && network.prefix_len() > 64 { IpNet::new(network.addr(), 64).unwrap().trunc() } else { network }
}

proptest! {
    #[test]
    fn every_format_holds_exactly_the_addresses_that_its_target_takes(networks in networks()) {
        let list = list_of(&networks);
        for format in FORMATS {
            let expected = addresses(&expected(format.name, &networks));
            match export(format, &list, NOW) {
                Ok(export) => {
                    let read = addresses(&read(format.name, &export.body));
                    prop_assert_eq!(read, expected, "{}\n{}", format.name, export.body);
                }
                Err(why) => prop_assert!(expected.is_empty() && why.contains("IPv4 only"), "{}: {}", format.name, why),
            }
        }
    }

    #[test]
    fn the_order_of_what_is_declared_does_not_matter(networks in networks(), by in 0_usize..40) {
        let mut other = networks.clone();
        other.rotate_left(by % networks.len());
        other.reverse();
        for format in FORMATS {
            prop_assert_eq!(export(format, &list_of(&networks), NOW), export(format, &list_of(&other), NOW));
        }
    }

    #[test]
    fn every_line_of_a_file_is_printable_ascii(networks in networks()) {
        for format in FORMATS {
            let Ok(export) = export(format, &list_of(&networks), NOW) else { continue };
            let foreign = |c: char| !matches!(c, ' '..='~' | '\n' | '\t' | '\r');
            prop_assert!(!export.body.contains(foreign), "{}", format.name);
            prop_assert!(export.notices.iter().all(|notice| notice.chars().all(|c| matches!(c, ' '..='~'))));
        }
    }
}

#[test]
fn no_range_is_inside_another() {
    let list =
        list(&["20.1.0.0/24", "20.1.0.7/32", "20.1.0.7/32", "20.1.1.0/31", "2603:1020::/48", "2603:1020::1/128"]);
    for format in FORMATS.iter().filter(|format| format.name != "csv") {
        let ranges = read(format.name, &file(format.name, &list).0);
        for (i, range) in ranges.iter().enumerate() {
            assert!(ranges.iter().enumerate().all(|(j, other)| i == j || !other.contains(range)), "{}", format.name);
        }
    }
}

#[test]
fn a_list_that_a_target_takes_nothing_of_is_no_file() {
    let list = list(&["2603:1020::/48"]);
    for format in ["ip-group", "storage", "key-vault", "cosmos-db", "sql"] {
        let why = export(Format::named(format).unwrap(), &list, NOW).unwrap_err();
        assert_eq!(why, "Left out, since it takes IPv4 only: 2603:1020::/48.", "{format}");
    }
}

#[test]
fn what_is_left_out_is_said() {
    let list = list(&["10.1.2.3/32", "20.1.2.3/32", "100.64.0.0/30", "2603:1020::1/128", "2603:1020:0:1::/64"]);
    let notices = |format| file(format, &list).1.join(" ");
    for format in ["ip-group", "sql"] {
        assert_eq!(notices(format), "Left out, since it takes IPv4 only: 2603:1020::1/128, 2603:1020:0:1::/64.");
    }
    for format in ["storage", "key-vault", "cosmos-db"] {
        let said = notices(format);
        assert!(said.contains("it refuses private addresses: 10.1.2.3/32, 100.64.0.0/30."), "{said}");
        assert!(said.contains("IPv4 only: 2603:1020::1/128"), "{said}");
    }
    assert!(notices("aws-prefix-list").contains("family=ipv6"));
    let cloudflare = notices("cloudflare-list");
    assert_eq!(cloudflare, "Widened to its /64, since a list holds no longer IPv6 prefix: 2603:1020::1/128.");
    assert_eq!(
        read("cloudflare-list", &file("cloudflare-list", &list).0).last().unwrap().to_string(),
        "2603:1020:0:1::/64"
    );
    for format in ["nginx", "nsg", "app-service", "front-door-waf", "gcp-cloud-armor", "nftables"] {
        assert_eq!(file(format, &list).1, Vec::<String>::new(), "{format}");
    }
}

#[test]
fn storage_gets_small_ranges_as_single_addresses() {
    let (body, _) = file("storage", &list(&["20.1.2.2/31", "20.1.2.5/32", "20.1.3.0/30"]));
    let values: serde_json::Value = serde_json::from_str(&body).unwrap();
    let rules = values["properties"]["networkAcls"]["ipRules"].as_array().unwrap();
    let values: Vec<_> = rules.iter().map(|rule| rule["value"].as_str().unwrap()).collect();
    assert_eq!(values, ["20.1.2.2", "20.1.2.3", "20.1.2.5", "20.1.3.0/30"]);
    assert!(
        file("storage", &list(&["20.1.2.5/32"]))
            .1
            .join(" ")
            .contains("no effect on callers in the storage account's own region")
    );
}
