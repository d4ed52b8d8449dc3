//! The tiers by what their networks need.

/// Developer to Premium, the v2 tiers, Consumption: each has rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    /// Developer, Basic, Standard, Premium, Isolated.
    Classic,
    /// Standard v2 and Basic v2: outbound integration at most.
    IntegratedV2,
    /// Premium v2: integration or injection.
    PremiumV2,
    /// No virtual network.
    Consumption,
    /// A tier that these checks do not know.
    Unknown,
}

impl Platform {
    pub(crate) fn of(sku: &str) -> Self {
        const TIERS: [(&str, Platform); 9] = [
            ("Developer", Platform::Classic),
            ("Basic", Platform::Classic),
            ("Standard", Platform::Classic),
            ("Premium", Platform::Classic),
            ("Isolated", Platform::Classic),
            ("BasicV2", Platform::IntegratedV2),
            ("StandardV2", Platform::IntegratedV2),
            ("PremiumV2", Platform::PremiumV2),
            ("Consumption", Platform::Consumption),
        ];
        TIERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(sku)).map_or(Self::Unknown, |(_, platform)| *platform)
    }

    pub(crate) fn is_v2(self) -> bool {
        matches!(self, Self::IntegratedV2 | Self::PremiumV2)
    }
}
