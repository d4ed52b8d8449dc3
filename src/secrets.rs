//! The values of the secrets, and which bindings there are.

use std::fmt;

use crate::config::Surroundings;

/// Secrets of the Worker's environment that the configuration needs and that are set. Their values go into credentials
/// and signatures only: `Debug` shows names alone, and nothing here can be written as JSON.
#[derive(Clone, Default)]
pub struct Secrets {
    values: Vec<(String, String)>,
    names: Vec<String>,
    /// Whether `GUARD_KV` is bound.
    pub kv_bound: bool,
}

impl Secrets {
    /// Secrets by name. An empty value counts as not set.
    pub fn new(values: impl IntoIterator<Item = (String, String)>, kv_bound: bool) -> Self {
        let values: Vec<_> = values.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let names = values.iter().map(|(name, _)| name.clone()).collect();
        Self { values, names, kv_bound }
    }

    /// The value of the secret `name`; `None` where it is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The names of all that are set.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What the configuration's view needs to know: no value.
    pub fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { secrets_set: &self.names, kv_bound: self.kv_bound }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("names", &self.names).field("kv_bound", &self.kv_bound).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_never_printed() {
        let secrets = Secrets::new([("NAME".into(), "hush".into()), ("NONE".into(), String::new())], true);
        assert_eq!(secrets.get("NAME"), Some("hush"));
        assert_eq!((secrets.get("NONE"), secrets.names()), (None, &["NAME".to_owned()][..]));
        assert!(!format!("{secrets:?}").contains("hush"));
    }
}
