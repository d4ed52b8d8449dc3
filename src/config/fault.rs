//! One mistake in the configuration, in words that say what, where and how to mend it.

use std::fmt;

use crate::json::shown;

/// A mistake. Values of secrets never get here: secrets are no part of the `GUARD` variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Slug of the [`Rule`](super::Rule), e.g. `origin_is_ip_literal`, `unknown_key`, `out_of_range`.
    pub rule: &'static str,
    /// Where: `origins[1].hostname`. `GUARD` for the whole.
    pub path: String,
    /// The value as JSON, shortened to 80 characters, without control characters and secrets; `None` where it is missing.
    pub value: Option<String>,
    /// What is expected, in words that follow "expected".
    pub expected: String,
    /// A value that would be right, as JSON.
    pub example: String,
    /// The nearest known key or word, for an unknown one; a key of another table with its whole path.
    pub did_you_mean: Option<String>,
}

shown! { Fault { rule, path, value, expected, example } or nothing { did_you_mean } }

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.value.as_deref().unwrap_or("nothing");
        write!(f, "{}: expected {}; found {found}. Example: {}", self.path, self.expected, self.example)?;
        match &self.did_you_mean {
            Some(key) => write!(f, ". Did you mean `{key}`?"),
            None => Ok(()),
        }
    }
}
