//! The configuration as the admin interface shows it: `GET /config` and `POST /config/check`.

use serde_json::Value;

use super::load::{load_node, parse};
use super::secrets::{KV_BINDING, KV_NEEDED_FOR, secrets};
use super::{Config, Fault, Loaded, catalogue, excerpt, load};
use crate::json::{Node, json, value};

/// What is there beside the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surroundings<'a> {
    /// Names of the secrets that are set; never their values.
    pub secrets_set: &'a [String],
    /// Whether a KV namespace is bound.
    pub kv_bound: bool,
}

/// The answer to `GET /config`: faults, every setting with its source, the effective configuration, and whether the
/// secrets and bindings it needs are there.
pub fn view(loaded: &Loaded, surroundings: Surroundings<'_>) -> Value {
    let mut view = view_of(loaded);
    let kv = if surroundings.kv_bound { "bound" } else { "missing" };
    let secrets = secrets(&loaded.config).into_iter().map(|secret| {
        let status = if surroundings.secrets_set.contains(&secret.name) { "set" } else { "missing" };
        json!({ "name": secret.name, "status": status, "needed_for": secret.needed_for })
    });
    if let Value::Object(members) = &mut view {
        members.insert("secrets".into(), secrets.collect());
        let kv = json!({ "name": KV_BINDING, "status": kv, "needed_for": KV_NEEDED_FOR });
        members.insert("bindings".into(), vec![kv].into());
    }
    view
}

/// The answer to `POST /config/check` for a pasted configuration: as [`view`], without secrets and bindings. `text` is
/// the object itself, `{"GUARD": …}`, or a Wrangler configuration in JSON with `vars.GUARD`.
pub fn check(text: &str) -> Value {
    view_of(&load_pasted(text))
}

fn load_pasted(text: &str) -> Loaded {
    let Ok(node) = parse(text) else { return load(Some(text)) };
    let vars = member(&node, "vars");
    match (vars.map(|vars| member(vars, "GUARD")), member(&node, "GUARD")) {
        (Some(Some(guard)), _) | (None, Some(guard)) => load_variable(guard),
        (Some(None), _) => load(None),
        (None, None) => load_node(&node),
    }
}

/// The variable as Wrangler has it: a table, or JSON in a text.
fn load_variable(guard: &Node) -> Loaded {
    match guard {
        Node::Text(text) => load(Some(text)),
        _ => load_node(guard),
    }
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Node::Table(entries) = node else { return None };
    entries.iter().rfind(|(key, _)| key == name).map(|(_, value)| value)
}

fn view_of(loaded: &Loaded) -> Value {
    let effective = effective(&loaded.config);
    let faults: &[Fault] = &loaded.faults;
    json!({
        "valid": faults.is_empty(),
        "errors": faults,
        "settings": settings(loaded, &effective),
        "effective": effective,
    })
}

/// The configuration as JSON.
fn effective(config: &Config) -> Value {
    let mut effective = value(config);
    excerpt::hide_secrets(&mut effective);
    effective
}

/// Every value of the effective configuration, each with its path in the document and where it comes from.
fn settings(loaded: &Loaded, effective: &Value) -> Vec<Value> {
    let mut settings = Vec::new();
    for entry in catalogue::entries().iter().filter(|entry| entry.is_leaf()) {
        let segments: Vec<&str> = entry.path().split('.').collect();
        for (path, value) in expand(loaded, effective, &segments, String::new()) {
            let source = if loaded.provenance.given.contains(&path) { "given" } else { "default" };
            settings.push(json!({ "path": path, "value": value, "source": source, "meaning": entry.meaning() }));
        }
    }
    settings
}

/// The values at a pattern, each with its path in the document.
fn expand(loaded: &Loaded, value: &Value, segments: &[&str], path: String) -> Vec<(String, Value)> {
    let Some((segment, rest)) = segments.split_first() else {
        return if value.is_null() { Vec::new() } else { vec![(path, value.clone())] };
    };
    let name = segment.trim_end_matches("[]");
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value.get(name) {
        Some(Value::Array(items)) if name != *segment => {
            let tables = items.iter().zip(kept(loaded, &path));
            tables.flat_map(|(item, path)| expand(loaded, item, rest, path.to_owned())).collect()
        }
        Some(inner) => expand(loaded, inner, rest, path),
        None => Vec::new(),
    }
}

/// Where the tables of the list at `path` stand in the document.
fn kept<'l>(loaded: &'l Loaded, path: &str) -> impl Iterator<Item = &'l str> {
    let prefix = format!("{path}[");
    loaded.provenance.kept.iter().filter(move |kept| kept.starts_with(&prefix)).map(String::as_str)
}
