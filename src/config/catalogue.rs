//! The catalogue: every key of `GUARD`, in the order of the documentation.
//!
//! Fault texts, the nearest known key, provenance and the tables of `docs/configuration.md` all come from it.

use super::key::Entry;
use super::sections::{admin, allowlist, azure, cloudflare, diagnostics, dns, notify, origins};

const SECTIONS: [&[&dyn Entry]; 8] = [
    origins::KEYS,
    dns::KEYS,
    diagnostics::KEYS,
    admin::KEYS,
    azure::KEYS,
    cloudflare::KEYS,
    allowlist::KEYS,
    notify::KEYS,
];

/// The keys of each section of `GUARD`, in the order of the documentation.
pub(super) fn sections() -> &'static [&'static [&'static dyn Entry]] {
    &SECTIONS
}

/// Every key.
pub(super) fn entries() -> Vec<&'static dyn Entry> {
    SECTIONS.concat()
}

/// The keys of the tables at `pattern` (`origins[].azure`; empty for `GUARD` itself).
pub(super) fn children(pattern: &str) -> Vec<&'static dyn Entry> {
    let mut entries = entries();
    entries.retain(|entry| entry.parent() == pattern);
    entries
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::config::load;

    /// Puts `value` at `pattern` in `table`, into the first item of every list on the way.
    fn put(table: &mut Value, pattern: &str, value: Value) {
        let (segment, rest) = pattern.split_once('.').unwrap_or((pattern, ""));
        let entries = table.as_object_mut().unwrap();
        if rest.is_empty() {
            entries.insert(segment.into(), value);
        } else if let Some(list) = segment.strip_suffix("[]") {
            put(&mut entries.entry(list).or_insert_with(|| json!([{}]))[0], rest, value);
        } else {
            put(entries.entry(segment).or_insert_with(|| json!({})), rest, value);
        }
    }

    /// A document of all examples.
    fn examples() -> Value {
        let mut guard = json!({});
        for entry in entries().into_iter().filter(|entry| entry.is_leaf()) {
            put(&mut guard, entry.path(), entry.example().parse().unwrap());
        }
        let targets = &mut guard["allowlist"]["targets"];
        *targets = one_of_each_kind(&targets[0]);
        guard
    }

    /// A target has the keys of its kind only.
    fn one_of_each_kind(all: &Value) -> Value {
        let of_kind = |kind: &str, keys: &[&str]| {
            let mut target = json!({ "kind": kind, "origin": all["origin"], "apply": all["apply"] });
            for key in keys {
                target[*key] = all[*key].clone();
            }
            target
        };
        let mut app = of_kind("app-service", &["resource_id", "priority"]);
        let site = app["resource_id"].as_str().unwrap().replace("Network/networkSecurityGroups", "Web/sites");
        app["resource_id"] = site.into();
        json!([
            of_kind("cloudflare-list", &["name", "list_id"]),
            of_kind("nsg", &["resource_id", "rule"]),
            app,
            of_kind("webhook", &["url_secret", "signing_secret"]),
        ])
    }

    #[test]
    fn the_examples_of_all_keys_make_a_right_configuration() {
        assert_eq!(load(Some(&examples().to_string())).faults, []);
    }

    #[test]
    fn the_example_of_each_section_is_right() {
        for entry in entries().into_iter().filter(|entry| !entry.is_leaf()) {
            let mut guard = examples();
            // The example of `origins` has another name.
            for target in guard["allowlist"]["targets"].as_array_mut().unwrap() {
                target.as_object_mut().unwrap().remove("origin");
            }
            put(&mut guard, entry.path(), entry.example().parse().unwrap());
            assert_eq!(load(Some(&guard.to_string())).faults, [], "{}", entry.path());
        }
    }

    #[test]
    fn what_is_documented_as_default_is_what_holds() {
        let mut smallest = json!({});
        for entry in entries().into_iter().filter(|entry| entry.is_leaf() && entry.default_text() == "required") {
            put(&mut smallest, entry.path(), entry.example().parse().unwrap());
        }
        for entry in entries() {
            let text = entry.default_text();
            let Some(default) = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) else { continue };
            let mut explicit = smallest.clone();
            put(&mut explicit, entry.path(), default.parse().unwrap());
            let (given, left_out) = (load(Some(&explicit.to_string())), load(Some(&smallest.to_string())));
            assert_eq!((given.config, given.faults), (left_out.config, left_out.faults), "{}", entry.path());
        }
    }

    #[test]
    fn each_key_stands_once_below_a_section_of_the_catalogue() {
        let paths: Vec<&str> = entries().iter().map(|entry| entry.path()).collect();
        for (index, path) in paths.iter().enumerate() {
            assert!(!paths[..index].contains(path), "{path} twice");
            let parent = entries()[index].parent().trim_end_matches("[]");
            assert!(parent.is_empty() || paths[..index].contains(&parent), "{path} below nothing");
        }
    }
}
