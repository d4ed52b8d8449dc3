//! Documents of others that lie beside the project.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::{Path, PathBuf};

/// A folder beside the project or beside the folder above it; without it the test says so and is skipped, and with
/// `REQUIRE_ALL=1` it fails.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found =
        ["../shared", "../../shared"].iter().map(|place| root.join(place).join(folder)).find(|path| path.is_dir());
    if found.is_none() {
        let required = std::env::var("REQUIRE_ALL").is_ok_and(|word| word == "1");
        assert!(!required, "shared/{folder} is not beside the project");
        eprintln!("skipped: shared/{folder} is not beside the project");
    }
    found
}
