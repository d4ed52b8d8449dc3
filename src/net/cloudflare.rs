//! Cloudflare's own addresses.

use std::net::IpAddr;

use ipnet::IpNet;

/// Where requests of Cloudflare come from, and where a proxied name leads: the ranges that Cloudflare publishes
/// (<https://www.cloudflare.com/ips/>), IPv4 …
pub const CLOUDFLARE_IPV4: [&str; 15] = [
    "173.245.48.0/20",
    "103.21.244.0/22",
    "103.22.200.0/22",
    "103.31.4.0/22",
    "141.101.64.0/18",
    "108.162.192.0/18",
    "190.93.240.0/20",
    "188.114.96.0/20",
    "197.234.240.0/22",
    "198.41.128.0/17",
    "162.158.0.0/15",
    "104.16.0.0/13",
    "104.24.0.0/14",
    "172.64.0.0/13",
    "131.0.72.0/22",
];

/// … and IPv6.
const CLOUDFLARE_IPV6: [&str; 7] = [
    "2400:cb00::/32",
    "2606:4700::/32",
    "2803:f800::/32",
    "2405:b500::/32",
    "2405:8100::/32",
    "2a06:98c0::/29",
    "2c0f:f248::/32",
];

/// The lists above were the published ones on this day.
pub const CLOUDFLARE_DATE: &str = "2026-09-29";

/// Whether `address` is one of the proxy's.
pub fn is_cloudflares(address: IpAddr) -> bool {
    CLOUDFLARE_IPV4
        .iter()
        .chain(&CLOUDFLARE_IPV6)
        .any(|range| range.parse().is_ok_and(|range: IpNet| range.contains(&address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxys_addresses_are_known_from_others() {
        for inside in ["104.16.132.229", "172.67.1.1", "2606:4700::6810:84e5"] {
            assert!(is_cloudflares(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["172.199.17.73", "104.28.0.1", "1.1.1.1", "2603:1030::1"] {
            assert!(!is_cloudflares(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn every_range_is_one() {
        for range in CLOUDFLARE_IPV4.into_iter().chain(CLOUDFLARE_IPV6) {
            assert_eq!(range.parse::<IpNet>().unwrap().trunc().to_string(), range);
        }
    }
}
