//! `GET /allowlist`: the addresses that backends must let in, in the format of one tool.

use ipnet::IpNet;

use super::allowlist_sources::{Found, NoList, find};
use super::conditional::tagged;
use super::refresh::{selected, unknown_origin};
use super::respond::{Answer, Errors};
use super::{AdminRequest, Guard, Operator};
use crate::allowlist::{Allowlist, Entry, Export, FORMATS, Format, Held, export, plain};
use crate::azure::Direction;
use crate::json::value;
use crate::ports::Ports;
use crate::problem::{Code, MediaType, Rendered};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let wish = match Wish::of(request) {
        Ok(wish) => wish,
        Err(detail) => return errors.problem(Code::AdminBadRequest, detail).into(),
    };
    let origins = match selected(guard, request) {
        Ok(origins) => origins,
        Err(name) => return unknown_origin(guard, errors, &name).into(),
    };
    let held = Held { for_s: guard.scene.config.allowlist.hold_removals_s, now: guard.scene.ports.now() };
    let answered = match find(&guard.scene, &origins, wish.observed, held).await {
        Ok(found) => wish.answer(found, held, request, errors),
        Err(none) => Err(none),
    };
    match answered {
        Ok(answer) => answer,
        Err(NoList::Unknown(detail)) => errors.problem(Code::AllowlistUnknown, detail).into(),
        Err(NoList::NotReadable(detail)) => errors.for_now(detail).into(),
    }
}

/// The parameters.
struct Wish {
    /// `None`: the JSON of the contract.
    format: Option<&'static Format>,
    /// `format=json` was given, which no `Accept` turns into a page.
    json: bool,
    /// `evidence=observed`.
    observed: bool,
    /// `None`: all.
    direction: Option<Direction>,
    /// Whether IPv6 is meant; `None`: both families.
    v6: Option<bool>,
}

impl Wish {
    /// Reads them; else a sentence that lists the right values.
    fn of(request: &AdminRequest) -> Result<Self, String> {
        let formats: Vec<&str> = std::iter::once("json").chain(FORMATS.iter().map(|format| format.name)).collect();
        let format = chosen(request, "format", &formats)?;
        let direction = chosen(request, "direction", &["all", "inbound", "outbound"])?;
        let family = chosen(request, "family", &["all", "ipv4", "ipv6"])?;
        Ok(Self {
            format: format.and_then(Format::named),
            json: format == Some("json"),
            observed: chosen(request, "evidence", &["declared", "observed"])? == Some("observed"),
            direction: match direction {
                Some("inbound") => Some(Direction::Inbound),
                Some("outbound") => Some(Direction::Outbound),
                _ => None,
            },
            v6: family.filter(|family| *family != "all").map(|family| family == "ipv6"),
        })
    }

    fn takes(&self, entry: &Entry) -> bool {
        let is_v6 = matches!(entry.cidr, IpNet::V6(_));
        self.direction.is_none_or(|direction| entry.is_used(direction)) && self.v6.is_none_or(|v6| v6 == is_v6)
    }

    fn answer(&self, found: Found, held: Held, request: &AdminRequest, errors: &Errors) -> Result<Answer, NoList> {
        let nothing = nothing_of(&found.list);
        let Some(list) = found.list.only(&|entry| self.takes(entry)) else {
            return Err(NoList::Unknown(nothing));
        };
        let mut rendered = match self.format {
            None if !self.json && errors.media != MediaType::Json => return Ok(value(&list).into()),
            None => json(&list),
            Some(format) => file(format, &list, held)?,
        };
        rendered.headers.extend(about(&list));
        rendered.headers.extend(found.confirmed_at.map(|at| ("X-Origin-Guard-Confirmed-At", at.to_string())));
        Ok(tagged(rendered, request).into())
    }
}

/// Why nothing may be left: behind a firewall or NAT gateway, a caveat tells.
fn nothing_of(list: &Allowlist) -> String {
    let caveats =
        list.caveats.iter().map(|caveat| format!(" {}: {}.", caveat.code, caveat.detail.trim_end_matches('.')));
    let caveats: String = caveats.collect();
    format!(
        "None of the {} addresses that are known has the direction and family asked for. Without direction and family they are \
         shown.{caveats}",
        list.entries.len()
    )
}

/// The one of `words` that the parameter `name` has, if it is given.
fn chosen<'a>(request: &AdminRequest, name: &str, words: &[&'a str]) -> Result<Option<&'a str>, String> {
    let Some(given) = request.parameter(name) else { return Ok(None) };
    let shown: String = plain(&given).chars().take(40).collect();
    let refusal = || format!("{name} has the values {}; {shown:?} is none of them.", words.join(", "));
    words.iter().find(|word| **word == given).copied().map(Some).ok_or_else(refusal)
}

fn json(list: &Allowlist) -> Rendered {
    let mut headers = headers("application/json");
    headers.push(("Vary", "Accept".to_owned()));
    Rendered { status: 200, headers, body: value(list).to_string() }
}

fn file(format: &Format, list: &Allowlist, held: Held) -> Result<Rendered, NoList> {
    let Export { body, notices } = export(format, list, held)
        .map_err(|why| NoList::Unknown(format!("Nothing of the list can be written as {}. {why}", format.name)))?;
    let mut headers = headers(format.media_type);
    headers.push(("Content-Disposition", format!("inline; filename=\"{}\"", format.file_name)));
    headers.extend(notices.into_iter().map(|notice| ("X-Origin-Guard-Notice", notice)));
    Ok(Rendered { status: 200, headers, body })
}

/// A stored copy must be checked before it is used: the condition of the request makes that cheap.
fn headers(media_type: &str) -> Vec<(&'static str, String)> {
    let fields = [
        ("Content-Type", media_type),
        ("Cache-Control", "private, no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ];
    fields.map(|(name, value)| (name, value.to_owned())).into()
}

/// What the formats without comments have no place for.
fn about(list: &Allowlist) -> Vec<(&'static str, String)> {
    let caveats =
        list.caveats.iter().map(|it| ("X-Origin-Guard-Caveat", plain(&format!("{}: {}", it.code, it.detail))));
    let held = list.entries.iter().filter_map(|entry| Some(("X-Origin-Guard-Held", held_field(entry)?)));
    let made = [("X-Origin-Guard-Made-At", list.made_at.to_string()), ("X-Origin-Guard-From", list.from.clone())];
    made.into_iter().chain(held).chain(caveats).collect()
}

fn held_field(entry: &Entry) -> Option<String> {
    Some(format!("{}, gone since {}", entry.cidr, entry.gone_since?))
}
