//! The explanation pages: complete for every code, in every form.

use crate::support::{BASE, header};
use apim_origin_guard::problem::{Category, Code, MediaType, entry, explain, explain_index};
use serde_json::Value;

fn json(code: Code) -> Value {
    serde_json::from_str(&explain(code, BASE, MediaType::Json).body).unwrap()
}

#[test]
fn every_code_is_explained_in_full() {
    for code in Code::ALL {
        let page = json(code);
        let row = entry(code);
        assert_eq!(page["what_happened"], row.public_detail, "{code}");
        assert_eq!((&page["title"], &page["status"]), (&row.title.into(), &row.status.into()), "{code}");
        assert!(page["meaning"].as_str().unwrap().len() > 40, "{code}");
        for list in ["proof", "mistaken_for", "fixes"] {
            assert!(!page[list].as_array().unwrap().is_empty(), "{code} {list}");
        }
        let vendor = !matches!(row.category, Category::Guard | Category::Config);
        assert!(!vendor || !page["links"].as_array().unwrap().is_empty(), "{code}");
        for fix in page["fixes"].as_array().unwrap() {
            for sentence in [&fix["action"], &fix["verify"]["action"]] {
                assert!(sentence.as_str().unwrap().ends_with('.'), "{code}: {sentence}");
            }
        }
    }
}

#[test]
fn links_lead_to_the_vendors_own_pages() {
    for code in Code::ALL {
        for link in json(code)["links"].as_array().unwrap() {
            let url = link["url"].as_str().unwrap();
            let vendors = ["https://developers.cloudflare.com/", "https://learn.microsoft.com/azure/"];
            assert!(vendors.iter().any(|vendor| url.starts_with(vendor)), "{code}: {url}");
        }
    }
}

/// The three faults of one reinstated subscription, which everyone mixes up, each warn of the other two.
#[test]
fn the_three_faults_are_told_apart() {
    let dns = json(Code::OriginNameNotFound)["mistaken_for"].to_string();
    assert!(dns.contains("stale address (521, 522, 523, 525, 526)") && dns.contains("403 or 500"), "{dns}");
    let stale = json(Code::OriginAddressStale)["mistaken_for"].to_string();
    assert!(stale.contains("DNS fault (530 with 1016)") && stale.contains("403 or 500"), "{stale}");
}

/// A page must not state what the guard's makers could not confirm.
#[test]
fn no_page_hedges_or_leaves_gaps() {
    for code in Code::ALL {
        let page = explain(code, BASE, MediaType::Text).body;
        for word in ["UNVERIFIED", "TODO", "TBD", "INFERENCE", "  \n", ".."] {
            let page = page.replace("GET .../", "");
            assert!(!page.contains(word), "{code}: {word}\n{page}");
        }
    }
}

#[test]
fn every_form_has_every_section() {
    let headings = [
        "What happened",
        "What it means",
        "What proves it",
        "What it is often mistaken for",
        "Who acts",
        "How to fix it, and how to tell that it worked",
        "More",
    ];
    for code in Code::ALL {
        for heading in headings {
            let has = |media, text: String| explain(code, BASE, media).body.contains(&text);
            assert!(has(MediaType::Html, format!("<h2>{heading}</h2>")), "{code} {heading}");
            assert!(has(MediaType::Markdown, format!("\n## {heading}\n")), "{code} {heading}");
            assert!(has(MediaType::Text, format!("\n{}\n", heading.to_uppercase())), "{code} {heading}");
        }
    }
}

#[test]
fn pages_are_reference_and_not_problems() {
    for media in MediaType::ALL {
        for page in [explain(Code::OriginNameNotFound, BASE, media), explain_index(BASE, media)] {
            assert_eq!(page.status, 200);
            assert_eq!(header(&page, "X-Origin-Guard"), None);
            assert_eq!(header(&page, "Cache-Control"), Some("public, max-age=3600"));
            assert_eq!(header(&page, "Vary"), Some("Accept"));
        }
    }
    assert_eq!(header(&explain_index(BASE, MediaType::Json), "Content-Type"), Some("application/json"));
}

#[test]
fn the_index_lists_every_code_with_its_page() {
    let index: Value = serde_json::from_str(&explain_index(BASE, MediaType::Json).body).unwrap();
    let listed: Vec<_> = index["problems"].as_array().unwrap().iter().map(|row| row["type"].clone()).collect();
    assert_eq!(listed, Code::ALL.map(|code| Value::from(format!("{BASE}{code}"))));
    for code in Code::ALL {
        assert!(explain_index(BASE, MediaType::Html).body.contains(&format!("href=\"{BASE}{code}\"")), "{code}");
        assert!(explain_index(BASE, MediaType::Markdown).body.contains(&format!("(<{BASE}{code}>)")), "{code}");
        assert!(explain_index(BASE, MediaType::Text).body.contains(entry(code).title), "{code}");
    }
}

/// The texts must stay a small part of the module (its limit: `tools/build.mjs`). What pages share is in it once.
#[test]
fn all_texts_together_stay_small() {
    let pages = Code::ALL.map(|code| explain(code, "", MediaType::Text).body.len());
    assert!(pages.iter().all(|&bytes| bytes < 10_000), "{pages:?}");
    assert!(pages.iter().sum::<usize>() < 130_000, "{}", pages.iter().sum::<usize>());
}
