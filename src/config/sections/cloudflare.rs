//! `cloudflare`: the API of the account and zones.

use crate::config::forms::Text;
use crate::config::key::{Entry, Fallback, Key, Optional, Required};
use crate::config::list::List;
use crate::config::report::Report;
use crate::config::section::Section;
use crate::config::table::Table;
use crate::config::{CloudflareConfig, text, url};

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&dyn Entry] = &[&CLOUDFLARE, &ACCOUNT_ID, &ZONE_IDS, &API_URL];

const CLOUDFLARE: Key<Section, Optional> = Key {
    path: "cloudflare",
    meaning: "The Cloudflare API: reads the zone's own records, applies a Cloudflare list. Needs the secret \
              `CLOUDFLARE_API_TOKEN`.",
    rule: "a table with `account_id`",
    example: r#"{"account_id": "023e105f4ecef8ad9ca31a8372d0c353"}"#,
    slips: "cf",
    form: Section,
    absent: Optional("none: the Cloudflare API is not asked"),
};

const ACCOUNT_ID: Key<Text<String>, Required> = Key {
    path: "cloudflare.account_id",
    meaning: "The account.",
    rule: "32 hexadecimal digits",
    example: r#""023e105f4ecef8ad9ca31a8372d0c353""#,
    slips: "account",
    form: Text(text::cloudflare_id),
    absent: Required,
};

const ZONE_IDS: Key<List<String>, Fallback<&[&str]>> = Key {
    path: "cloudflare.zone_ids",
    meaning: "Zones whose DNS records may be read.",
    rule: "32 hexadecimal digits each",
    example: r#"["023e105f4ecef8ad9ca31a8372d0c353"]"#,
    slips: "zones zone zone_id",
    form: List { item: text::cloudflare_id, min: 0, max: 50 },
    absent: Fallback(&[]),
};

const API_URL: Key<Text<String>, Fallback<&str>> = Key {
    path: "cloudflare.api_url",
    meaning: "Base of the API.",
    rule: "an `https://` URL without query or fragment",
    example: r#""https://api.cloudflare.com/client/v4""#,
    slips: "url base_url api",
    form: Text(url::base),
    absent: Fallback("https://api.cloudflare.com/client/v4"),
};

/// The section. `None` where it is left out, and with any mistake in it: half-right credentials go nowhere.
pub(in crate::config) fn read(guard: &Table<'_>, report: &mut Report) -> Option<CloudflareConfig> {
    CLOUDFLARE.read_whole(guard, report, |cloudflare, report| {
        let account_id = ACCOUNT_ID.read(cloudflare, report);
        let zone_ids = ZONE_IDS.read(cloudflare, report);
        let api_url = API_URL.read(cloudflare, report);
        Some(CloudflareConfig { account_id: account_id?, zone_ids, api_url })
    })
}
