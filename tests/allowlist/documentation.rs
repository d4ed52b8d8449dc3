//! `docs/allowlists.md` tells of every format.

use apim_origin_guard::allowlist::FORMATS;

#[test]
fn every_format_is_documented_with_its_file_and_its_limit() {
    let page = include_str!("../../docs/allowlists.md");
    for format in FORMATS {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", format.name)));
        let row = row.unwrap_or_else(|| panic!("{} has no row", format.name));
        assert!(row.contains(format.file_name), "{row}");
        if let Some(limit) = &format.limit {
            let most = limit.most.to_string();
            assert!(row.replace(',', "").contains(&most) && page.contains(limit.source), "{}: {row}", format.name);
        }
        let warned = format.warning.is_none_or(|_| page.contains(&format!("### `{}`", format.name)));
        assert!(warned, "{} has a warning and no section", format.name);
    }
}
