//! One mistake in the configuration, in words that say what, where and how to mend it.

use std::fmt;

use serde::Serialize;

/// A mistake. Values of secrets never get here: secrets are no part of the `GUARD` variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Stable slug of the rule, e.g. `origin_is_ip_literal`, `unknown_key`, `out_of_range`.
    pub rule: &'static str,
    /// Where: `origins[1].hostname`. `GUARD` for the whole.
    pub path: String,
    /// The value as written, shortened to 80 characters; `None` where it is missing.
    pub value: Option<String>,
    /// What is expected, in a sentence.
    pub expected: String,
    /// A value that would be right.
    pub example: String,
    /// The nearest known key, for an unknown one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.value {
            Some(value) => write!(f, "{value} is wrong; ")?,
            None => f.write_str("missing; ")?,
        }
        write!(f, "{}. Example: {}", self.expected, self.example)?;
        match &self.did_you_mean {
            Some(key) => write!(f, ". Did you mean `{key}`?"),
            None => Ok(()),
        }
    }
}
