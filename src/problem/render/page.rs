//! A page in no particular form. Every string in it is untrusted: each form escapes on its own.

use serde_json::Value;

use crate::diagnosis::Remedy;
use crate::time::UnixMillis;

/// A problem document, an explanation or an index, before it has a form.
pub(crate) struct Page {
    /// Heading of the first level, and the document's title.
    pub title: String,
    /// One line below it: status and code.
    pub subtitle: String,
    /// In order.
    pub sections: Vec<Section>,
}

/// A part with a heading of the second level.
pub(crate) struct Section {
    pub heading: &'static str,
    /// Shown on demand, in forms that can.
    pub folded: bool,
    pub blocks: Vec<Block>,
}

/// Prose has inline code between backticks; everything else in it is plain.
pub(crate) enum Block {
    Prose(String),
    Bullets(Vec<String>),
    Fields(Vec<(String, Node)>),
    Steps(Vec<Step>),
    Links(Vec<Link>),
}

/// Something to do and how to tell that it worked.
pub(crate) struct Step {
    /// Who does it.
    pub who: &'static str,
    pub action: Command,
    pub verify: Command,
}

/// Prose with the shell command or the code that goes with it, which may have several lines.
pub(crate) struct Command {
    pub prose: String,
    pub code: Option<String>,
    /// What the code is written in, as Markdown names it: `sh`.
    pub language: &'static str,
}

/// A link; where `url` is none that may be linked, the text stands alone.
pub(crate) struct Link {
    pub text: String,
    pub url: String,
}

/// A value of unknown shape.
pub(crate) enum Node {
    /// Shown as it is, in fixed width.
    Literal(String),
    /// An RFC 3339 instant.
    Time(String),
    Link(Link),
    List(Vec<Node>),
    Fields(Vec<(String, Node)>),
}

impl Section {
    pub(crate) fn new(heading: &'static str, blocks: Vec<Block>) -> Self {
        Self { heading, folded: false, blocks }
    }

    pub(crate) fn folded(heading: &'static str, blocks: Vec<Block>) -> Self {
        Self { heading, folded: true, blocks }
    }
}

impl From<&Remedy> for Step {
    fn from(remedy: &Remedy) -> Self {
        let Remedy { who, action, command, verify } = remedy;
        Self {
            who: who.label(),
            action: Command::shell(action, command.clone()),
            verify: Command::shell(&verify.action, verify.command.clone()),
        }
    }
}

impl Command {
    pub(crate) fn shell(prose: &str, command: Option<String>) -> Self {
        Self { prose: prose.to_owned(), code: command, language: "sh" }
    }
}

impl Link {
    pub(crate) fn new(text: &str, url: &str) -> Self {
        Self { text: text.to_owned(), url: url.to_owned() }
    }

    /// Whether the URL is absolute `http(s)` or an absolute path, in characters that no form has to escape.
    pub(super) fn is_safe(&self) -> bool {
        let scheme = ["https://", "http://", "/"].iter().any(|start| self.url.starts_with(start));
        scheme && self.url.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#@!$,;=%+".contains(&b))
    }
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Literal("none".into()),
            Value::Bool(truth) => Self::Literal(if *truth { "yes" } else { "no" }.into()),
            Value::Number(number) => Self::Literal(number.to_string()),
            Value::String(text) if text.parse::<UnixMillis>().is_ok() => Self::Time(text.clone()),
            Value::String(text) => Self::Literal(text.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Fields(members.iter().map(|(name, value)| (label(name), value.into())).collect())
            }
        }
    }
}

/// A member's name in words: `failed_hop` is "failed hop", `ttl_s` "ttl (s)".
fn label(member: &str) -> String {
    let units = [("_ms", " (ms)"), ("_s", " (s)")];
    let split = units.iter().find_map(|(suffix, unit)| Some((member.strip_suffix(suffix)?, *unit)));
    let (name, unit) = split.unwrap_or((member, ""));
    format!("{}{unit}", name.replace('_', " "))
}
