//! Addresses of the API Management control plane, for where no list of service tags was given.
//!
//! The last table of single addresses that Microsoft published for the public cloud; its page now says to use the service
//! tag. With it, gaps can be proved and completeness cannot: the tag holds more addresses than this.

/// Microsoft's "Virtual network configuration reference", state of this day.
pub(in crate::network_check) const CONTROL_PLANE_DATE: &str = "2023-08-29";

/// Once recommended as a route of its own for monitoring; one address of the many in the tag `AzureMonitor`.
pub(in crate::network_check) const MONITORING_ADDRESS: &str = "13.92.40.223";

/// Region and addresses; South Central US and North Central US with the two that were published as global before.
const PUBLIC: [(&str, &str); 46] = [
    ("AustraliaCentral", "20.37.52.67"),
    ("AustraliaCentral2", "20.39.99.81"),
    ("AustraliaEast", "20.40.125.155"),
    ("AustraliaSoutheast", "20.40.160.107"),
    ("BrazilSouth", "191.233.24.179 191.238.73.14"),
    ("BrazilSoutheast", "191.232.18.181"),
    ("CanadaCentral", "52.139.20.34 20.48.201.76"),
    ("CanadaEast", "52.139.80.117"),
    ("CentralIndia", "13.71.49.1 20.192.45.112"),
    ("CentralUS", "13.86.102.66"),
    ("CentralUSEUAP", "52.253.159.160"),
    ("EastAsia", "52.139.152.27"),
    ("EastUS", "52.224.186.99"),
    ("EastUS2", "20.44.72.3"),
    ("EastUS2EUAP", "52.253.229.253"),
    ("FranceCentral", "40.66.60.111"),
    ("FranceSouth", "20.39.80.2"),
    ("GermanyNorth", "51.116.0.0"),
    ("GermanyWestCentral", "51.116.96.0 20.52.94.112"),
    ("JapanEast", "52.140.238.179"),
    ("JapanWest", "40.81.185.8"),
    ("JioIndiaCentral", "20.192.234.160"),
    ("JioIndiaWest", "20.193.202.160"),
    ("KoreaCentral", "40.82.157.167 20.194.74.240"),
    ("KoreaSouth", "40.80.232.185"),
    ("NorthCentralUS", "40.81.47.216 52.162.110.80"),
    ("NorthEurope", "52.142.95.35"),
    ("NorwayEast", "51.120.2.185"),
    ("NorwayWest", "51.120.130.134"),
    ("SouthAfricaNorth", "102.133.130.197 102.37.166.220"),
    ("SouthAfricaWest", "102.133.0.79"),
    ("SouthCentralUS", "20.188.77.119 20.97.32.190 104.214.19.224"),
    ("SouthIndia", "20.44.33.246"),
    ("SoutheastAsia", "40.90.185.46"),
    ("SwitzerlandNorth", "51.107.246.176 51.107.0.91"),
    ("SwitzerlandWest", "51.107.96.8"),
    ("UAECentral", "20.37.81.41"),
    ("UAENorth", "20.46.144.85"),
    ("UKSouth", "51.145.56.125"),
    ("UKWest", "51.137.136.0"),
    ("WestCentralUS", "52.253.135.58"),
    ("WestEurope", "51.145.179.78"),
    ("WestIndia", "40.81.89.24"),
    ("WestUS", "13.64.39.16"),
    ("WestUS2", "51.143.127.203"),
    ("WestUS3", "20.150.167.160"),
];

/// The addresses of `region`, or of all regions.
pub(in crate::network_check) fn control_plane(region: Option<&str>) -> Vec<&'static str> {
    let wanted = |name: &str| region.is_none_or(|region| name.eq_ignore_ascii_case(region));
    PUBLIC.iter().filter(|(name, _)| wanted(name)).flat_map(|(_, addresses)| addresses.split(' ')).collect()
}
