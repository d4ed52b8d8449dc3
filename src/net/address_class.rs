//! Which addresses a Worker can reach: the special-purpose registries of IANA (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressClass {
    /// Globally reachable unicast.
    Public,
    /// RFC 1918, or IPv6 unique local (RFC 4193).
    Private,
    /// 100.64.0.0/10, shared address space (RFC 6598).
    Shared,
    /// 127.0.0.0/8 or `::1`.
    Loopback,
    /// 169.254.0.0/16 or `fe80::/10`.
    LinkLocal,
    /// Any other special purpose: unspecified, documentation, benchmarking, multicast, reserved, `168.63.129.16`.
    SpecialPurpose,
}

impl AddressClass {
    /// In a sentence: "a private address".
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Public => "a public address",
            Self::Private => "a private address",
            Self::Shared => "an address of the shared range 100.64.0.0/10",
            Self::Loopback => "a loopback address",
            Self::LinkLocal => "a link-local address",
            Self::SpecialPurpose => "an address set aside for a special purpose",
        }
    }
}

/// The class of `address`. An IPv4 address inside IPv6 (mapped, or NAT64 `64:ff9b::/96`) is judged as IPv4.
pub fn classify(address: IpAddr) -> AddressClass {
    match address {
        IpAddr::V4(v4) => classify_v4(v4),
        IpAddr::V6(v6) => embedded_v4(v6).map_or_else(|| classify_v6(v6), classify_v4),
    }
}

fn classify_v4(address: Ipv4Addr) -> AddressClass {
    let [a, b, c, _] = address.octets();
    if address.is_private() {
        return AddressClass::Private;
    }
    if address.is_loopback() {
        return AddressClass::Loopback;
    }
    if address.is_link_local() {
        return AddressClass::LinkLocal;
    }
    match (a, b, c) {
        (100, 64..=127, _) => AddressClass::Shared,
        // This network, IETF protocol assignments, 6to4 relays (deprecated), benchmarking, multicast and reserved.
        (0 | 224..=255, ..) | (192, 0, 0) | (192, 88, 99) | (198, 18 | 19, _) => AddressClass::SpecialPurpose,
        _ if address.is_documentation() || address == AZURE_VIRTUAL_PUBLIC => AddressClass::SpecialPurpose,
        _ => AddressClass::Public,
    }
}

/// Azure's virtual address for DNS and probes; it answers only inside Azure
/// (<https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>).
const AZURE_VIRTUAL_PUBLIC: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

fn classify_v6(address: Ipv6Addr) -> AddressClass {
    if address.is_loopback() {
        return AddressClass::Loopback;
    }
    if address.is_unique_local() {
        return AddressClass::Private;
    }
    if address.is_unicast_link_local() {
        return AddressClass::LinkLocal;
    }
    let [a, b, ..] = address.segments();
    // Global unicast is 2000::/3, less documentation (2001:db8::/32, 3fff::/20), Teredo and the other IETF
    // assignments (2001::/23) and 6to4 (2002::/16).
    let global = a & 0xe000 == 0x2000;
    let set_aside = (a == 0x2001 && (b == 0x0db8 || b < 0x0200)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    if global && !set_aside { AddressClass::Public } else { AddressClass::SpecialPurpose }
}

fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let [0x0064, 0xff9b, 0, 0, 0, 0, high, low] = address.segments() else { return None };
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Some(Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_told_apart() {
        let cases = [
            ("20.40.125.155", AddressClass::Public),
            ("172.199.17.73", AddressClass::Public),
            ("2603:1030:7::155", AddressClass::Public),
            ("10.0.0.4", AddressClass::Private),
            ("172.16.0.1", AddressClass::Private),
            ("172.32.0.1", AddressClass::Public),
            ("192.168.1.1", AddressClass::Private),
            ("fd00::1", AddressClass::Private),
            ("100.64.0.1", AddressClass::Shared),
            ("100.128.0.1", AddressClass::Public),
            ("127.0.0.53", AddressClass::Loopback),
            ("::1", AddressClass::Loopback),
            ("169.254.169.254", AddressClass::LinkLocal),
            ("fe80::1", AddressClass::LinkLocal),
            ("0.0.0.0", AddressClass::SpecialPurpose),
            ("192.0.2.1", AddressClass::SpecialPurpose),
            ("198.18.0.1", AddressClass::SpecialPurpose),
            ("203.0.113.9", AddressClass::SpecialPurpose),
            ("224.0.0.1", AddressClass::SpecialPurpose),
            ("255.255.255.255", AddressClass::SpecialPurpose),
            ("168.63.129.16", AddressClass::SpecialPurpose),
            ("2001:db8::1", AddressClass::SpecialPurpose),
            ("3fff:fff::1", AddressClass::SpecialPurpose),
            ("ff02::1", AddressClass::SpecialPurpose),
            ("::", AddressClass::SpecialPurpose),
            ("::ffff:10.0.0.1", AddressClass::Private),
            ("::ffff:20.1.1.1", AddressClass::Public),
            ("64:ff9b::a00:1", AddressClass::Private),
        ];
        for (address, class) in cases {
            assert_eq!(classify(address.parse().unwrap()), class, "{address}");
        }
    }
}
