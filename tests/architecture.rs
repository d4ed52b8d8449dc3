//! The rules of ARCHITECTURE.md that a reader could break without noticing.
#![allow(clippy::unwrap_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let nested = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    nested.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

fn all() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root).into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn only_the_platform_knows_workers() {
    for (path, text) in all() {
        let platform = path.components().any(|part| part.as_os_str() == "platform");
        let word = ["worker::", "web_sys::", "js_sys::", "wasm_bindgen"].into_iter().find(|word| text.contains(word));
        assert!(platform || word.is_none(), "{} names {word:?}", path.display());
    }
}

/// The members of the lines that `log.rs` writes, and the events.
#[test]
fn every_field_of_a_log_line_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("src/platform/log.rs")).unwrap();
    let documented = fs::read_to_string(root.join("docs/logs.md")).unwrap();
    let incidents = fs::read_to_string(root.join("src/investigation/investigate.rs")).unwrap();
    let words = |text: &str| text.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let is_name =
        |word: &String| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let events = words(&incidents).into_iter().filter(|word| word.starts_with("incident_"));
    let names: Vec<String> = words(&source).into_iter().filter(is_name).chain(events).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let told = documented.contains(&format!("`{name}`")) || documented.contains(&format!(".{name}`"));
        assert!(told || name == "event", "docs/logs.md does not name {name}");
    }
}

#[test]
fn every_finding_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("src/diagnosis/finding.rs")).unwrap();
    let documented = fs::read_to_string(root.join("docs/admin.md")).unwrap();
    let words: Vec<&str> = source.split('"').skip(1).step_by(2).collect();
    assert!(words.len() >= 7, "{words:?}");
    for word in words {
        assert!(documented.contains(&format!("| `{word}` |")), "docs/admin.md does not name {word}");
    }
}

#[test]
fn every_fault_of_azure_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(root.join("src/azure/fault.rs")).unwrap();
    let documented = fs::read_to_string(root.join("docs/admin.md")).unwrap();
    let words: Vec<&str> = source.split('"').skip(1).step_by(2).filter(|word| word.starts_with("azure_")).collect();
    assert!(words.len() >= 20, "{words:?}");
    for word in words {
        assert!(documented.contains(&format!("| `{word}` |")), "docs/admin.md does not name {word}");
    }
}

#[test]
fn no_source_file_is_over_400_lines() {
    for (path, text) in all() {
        assert!(text.lines().count() <= 400, "{} has {} lines", path.display(), text.lines().count());
    }
}
