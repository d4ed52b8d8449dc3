//! From the list to a file for one tool.

use ipnet::IpNet;

use super::plain::short;
use super::{Allowlist, Entry, EvidenceKind, Format, Held, plain};
use crate::VERSION;
use crate::azure::Direction;
use crate::json::{ToValue, value};
use crate::time::UnixMillis;

/// A file for one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The file.
    pub body: String,
    /// What was left out or changed, and limits that are exceeded. Printable ASCII.
    pub notices: Vec<String>,
}

/// What the writers of the formats work with.
pub(super) struct Selection<'a> {
    list: &'a Allowlist,
    /// What the target takes: sorted, none inside another, never empty.
    pub(super) networks: Vec<IpNet>,
    about: Vec<String>,
}

/// `list` as a file of `format`.
///
/// # Errors
/// Why nothing of the list can be told in this format.
pub fn export(format: &Format, list: &Allowlist, held: Held) -> Result<Export, String> {
    let fitted = (format.fit)(list.networks());
    if fitted.networks.is_empty() {
        return Err(fitted.notices.join(" "));
    }
    let mut notices = fitted.notices;
    notices.extend(format.limit.as_ref().and_then(|limit| limit.exceeded(&fitted.networks)));
    notices.extend(format.warning.map(str::to_owned));
    let about = about(format, list, held, &notices);
    let body = (format.write)(&Selection { list, networks: fitted.networks, about });
    Ok(Export { body, notices })
}

/// What a reader of the file should know, a line each.
fn about(format: &Format, list: &Allowlist, held: Held, notices: &[String]) -> Vec<String> {
    let mut lines = vec![
        format!("Addresses of an Azure API Management gateway for {}, by APIM Origin Guard {VERSION}.", format.tool),
        format!("Made from: {}.", list.from),
        format!("As of {}, when the set last changed: {}.", list.made_at, counts(list)),
    ];
    let inbound = list.entries.iter().any(|entry| !entry.is_used(Direction::Outbound));
    if inbound {
        lines.push("A backend sees outbound addresses only; direction=outbound leaves the others out.".into());
    }
    lines.extend(list.entries.iter().filter_map(|entry| held_line(entry, held)));
    lines.extend(list.caveats.iter().map(|caveat| plain(&format!("Caveat {}: {}", caveat.code, caveat.detail))));
    lines.extend(notices.iter().map(|notice| format!("Notice: {notice}")));
    lines.push(format!("Use: {}", format.usage));
    lines
}

fn counts(list: &Allowlist) -> String {
    let of = |direction| list.entries.iter().filter(|entry| entry.direction == direction).count();
    let observed = list.entries.iter().filter(|entry| entry.evidence == EvidenceKind::Observed).count();
    format!(
        "{} entries, {} outbound, {} inbound, {} both; {observed} of them only seen in DNS",
        list.entries.len(),
        of(Direction::Outbound),
        of(Direction::Inbound),
        of(Direction::Both),
    )
}

fn held_line(entry: &Entry, held: Held) -> Option<String> {
    let gone = entry.gone_since?;
    Some(format!("Held: {}, gone since {gone}, leaves the list at {}.", entry.cidr, held.until(gone)))
}

impl Selection<'_> {
    /// The list itself.
    pub(super) const fn list(&self) -> &Allowlist {
        self.list
    }

    /// When the set last changed.
    pub(super) const fn made_at(&self) -> UnixMillis {
        self.list.made_at
    }

    /// What a reader should know as comments.
    pub(super) fn comments(&self) -> String {
        let mut comments = String::new();
        for line in &self.about {
            for piece in ["# ", line, "\n"] {
                comments.push_str(piece);
            }
        }
        comments
    }

    /// The same as one text, where a format has a place for one.
    pub(super) fn about(&self) -> String {
        self.about.join(" ")
    }

    /// For a description of at most 64 characters.
    pub(super) fn title(&self) -> String {
        format!("APIM Origin Guard, set of {}", self.made_at())
    }

    /// The networks as text.
    pub(super) fn texts(&self) -> Vec<String> {
        self.networks.iter().map(ToString::to_string).collect()
    }

    /// The networks of one family as text.
    pub(super) fn family(&self, v6: bool) -> Vec<String> {
        let mut texts = self.texts();
        texts.retain(|text| text.contains(':') == v6);
        texts
    }

    /// What `network` is, for a description of at most 200 characters.
    pub(super) fn describe(&self, network: &IpNet) -> String {
        let entry = self.list.entries.iter().find(|entry| network.contains(&entry.cidr));
        let words = entry.map(describe_entry).unwrap_or_default();
        short(&format!("APIM Origin Guard: {words}"), 200)
    }
}

fn describe_entry(entry: &Entry) -> String {
    let word = |shown: &dyn ToValue| value(shown).as_str().unwrap_or_default().to_owned();
    let location = entry.location.as_deref().unwrap_or("location not known");
    let gone = entry.gone_since.map(|gone| format!(", gone since {gone}")).unwrap_or_default();
    format!("{}, {}, {location}{gone}", word(&entry.evidence), word(&entry.direction))
}
