//! Content negotiation by `Accept` (RFC 9110 12.5.1). Total: whatever the header says, there is an answer.

use super::MediaType;

/// The form to answer in.
///
/// For each type the guard offers, the most specific range of the header that matches it gives its weight. The greatest
/// weight wins. A tie goes to the range listed first and, within one wildcard range, to JSON before Markdown before HTML
/// before text: Cloudflare's own errors do the same, but for `*/*`, which API clients send and gets JSON here.
///
/// No header, `*/*` and anything unsatisfiable give [`MediaType::Json`]: a problem document that was not asked for
/// helps more than a 406 without one. Members that cannot be read are passed over. One pass, no allocation, so a
/// hostile header costs time in proportion to its length only.
pub fn negotiate(accept: Option<&str>) -> MediaType {
    best(accept, None).unwrap_or(MediaType::Json)
}

/// Whether the header asks for `main/sub` before any of the guard's own forms. That type comes last among equals.
pub fn prefers(accept: Option<&str>, main: &str, sub: &str) -> bool {
    best(accept, Some(&Offer { main, sub, media: None })).is_none()
}

/// The form to answer in; `None`: that of the `other` offer.
fn best(accept: Option<&str>, other: Option<&Offer<'_>>) -> Option<MediaType> {
    let mut matches = [None::<Match>; OFFERS.len() + 1];
    for (position, range) in accept.unwrap_or_default().split(outside_quotes(',')).enumerate() {
        let Some(range) = Range::read(range) else { continue };
        for (offer, slot) in OFFERS.iter().chain(other).zip(&mut matches) {
            let found = range.match_with(offer, position);
            if found.is_some_and(|new| slot.is_none_or(|old| new.specificity > old.specificity)) {
                *slot = found;
            }
        }
    }
    let acceptable = OFFERS.iter().chain(other).zip(&matches).filter_map(|(offer, found)| found.map(|it| (offer, it)));
    acceptable
        .filter(|(_, found)| found.weight > 0)
        .min_by_key(|(_, found)| (std::cmp::Reverse(found.weight), found.position))
        .map_or(Some(MediaType::Json), |(offer, _)| offer.media)
}

/// What is offered, in the order of preference within one wildcard range.
const OFFERS: [Offer<'_>; 5] = [
    Offer { main: "application", sub: "problem+json", media: Some(MediaType::Json) },
    Offer { main: "application", sub: "json", media: Some(MediaType::Json) },
    Offer { main: "text", sub: "markdown", media: Some(MediaType::Markdown) },
    Offer { main: "text", sub: "html", media: Some(MediaType::Html) },
    Offer { main: "text", sub: "plain", media: Some(MediaType::Text) },
];

struct Offer<'a> {
    main: &'a str,
    sub: &'a str,
    /// `None`: a form of one call alone.
    media: Option<MediaType>,
}

/// How a range of the header matches an offer.
#[derive(Clone, Copy)]
struct Match {
    specificity: usize,
    /// Thousandths, 0 to 1000.
    weight: u16,
    position: usize,
}

/// One member of the header.
struct Range<'a> {
    main: &'a str,
    sub: &'a str,
    weight: u16,
    /// Parameters other than `q`.
    parameters: usize,
}

impl<'a> Range<'a> {
    /// `None` for what is no media range, has a malformed weight, or a parameter that none of the offers has.
    fn read(member: &'a str) -> Option<Self> {
        let mut parts = member.split(outside_quotes(';')).map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        // Java's HttpURLConnection has long sent a bare `*`.
        let (main, sub) = if name == "*" { ("*", "*") } else { name.split_once('/')? };
        let mut range = Self { main, sub, weight: 1000, parameters: 0 };
        for parameter in parts.filter(|part| !part.is_empty()) {
            range.take(parameter)?;
        }
        (range.main != "*" || range.sub == "*").then_some(range)
    }

    fn take(&mut self, parameter: &str) -> Option<()> {
        let (name, value) = parameter.split_once('=')?;
        if name.eq_ignore_ascii_case("q") {
            self.weight = thousandths(value)?;
            return Some(());
        }
        // Every form is UTF-8; no offer has any other parameter.
        let utf8 = name.eq_ignore_ascii_case("charset") && value.trim_matches('"').eq_ignore_ascii_case("utf-8");
        self.parameters = self.parameters.saturating_add(1);
        utf8.then_some(())
    }

    fn match_with(&self, offer: &Offer<'_>, position: usize) -> Option<Match> {
        let exact = self.main.eq_ignore_ascii_case(offer.main) && self.sub.eq_ignore_ascii_case(offer.sub);
        let specificity = match (self.main, self.sub) {
            ("*", "*") => 0,
            (main, "*") if main.eq_ignore_ascii_case(offer.main) => 1,
            _ if exact => self.parameters.saturating_add(2),
            _ => return None,
        };
        Some(Match { specificity, weight: self.weight, position })
    }
}

/// A weight (RFC 9110 12.4.2) in thousandths; also `.5`, which Java's `HttpURLConnection` sends.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3).map(|b| u16::from(b.saturating_sub(b'0')));
    let value = digits.fold(0, |sum: u16, digit| sum.saturating_mul(10).saturating_add(digit));
    match whole {
        "0" => Some(value),
        "" if !fraction.is_empty() => Some(value),
        "1" if value == 0 => Some(1000),
        _ => None,
    }
}

/// A pattern for `split` that finds `separator` outside quoted strings (RFC 9110 5.6.4). An open quote runs to the end.
fn outside_quotes(separator: char) -> impl FnMut(char) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    move |c| {
        if escaped {
            escaped = false;
        } else if quoted && c == '\\' {
            escaped = true;
        } else if c == '"' {
            quoted = !quoted;
        }
        c == separator && !quoted
    }
}
