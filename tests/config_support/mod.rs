//! Golden files for the tests of the configuration: `UPDATE_GOLDEN=1 cargo test` rewrites them, the diff is reviewed.
#![allow(clippy::expect_used, reason = "test code")]
#![allow(unreachable_pub, reason = "a module of several test crates")]

use std::path::PathBuf;

/// A path in the project.
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Asserts that the file at `path` holds `text`, or makes it so.
pub fn assert_golden(path: &str, text: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        // By way of another file: a test beside this one may be reading.
        let new = project(&format!("{path}.new"));
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, project(path)))
            .expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(project(path)).unwrap_or_default();
    assert!(golden == text, "{path} differs; look at the diff after UPDATE_GOLDEN=1 cargo test. Now:\n{text}");
}
