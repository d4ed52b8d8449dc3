//! `GET /status`: what ARM declares beside what targets were last seen to have and what Azure publishes of its addresses.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "test code")]

mod support;

use std::fs::read;

use apim_origin_guard::admin::{AdminRequest, Guard, answer};
use apim_origin_guard::network_check::{Document, TagKeeping, cloud_tag_name, cloud_tags, keep_tags, read_value};
use apim_origin_guard::network_watch::{TAGS_KEY, store_tags};
use serde_json::{Value, json};
use support::instance::{VIP, elsewhere, instance, with};
use support::shared::shared;
use support::{START, TOKEN, World};

fn tag(name: &str, change: u32, prefixes: &[&str]) -> Value {
    json!({"name": name, "id": name, "properties": {"changeNumber": change, "addressPrefixes": prefixes}})
}

/// A list in the published form.
fn published(change: u32, values: &[Value]) -> Vec<Document> {
    let mut all = vec![tag("ApiManagement", change, &["172.199.0.0/16", "13.64.39.16/32"])];
    all.extend(values.iter().cloned());
    read_value("tags", json!({"changeNumber": change, "cloud": "Public", "values": all})).0
}

fn store(world: &World, documents: &[Document]) -> String {
    world.run(store_tags(&world.scene(), documents))
}

fn comparison(world: &World) -> Value {
    let guard = Guard { scene: world.scene(), loaded: &world.loaded };
    let authorization = Some(format!("Bearer {TOKEN}"));
    let request =
        AdminRequest { method: "GET".into(), path: "/status".into(), authorization, ..AdminRequest::default() };
    let rendered = world.run(answer(&guard, &request));
    serde_json::from_str::<Value>(&rendered.body).unwrap()["origins"][0]["comparison"].clone()
}

fn asked(document: &Value) -> World {
    let world = World::with_instance(document);
    world.ask();
    world
}

#[test]
fn without_a_list_the_range_is_null_and_not_empty() {
    let world = asked(&instance(&[VIP]));
    assert_eq!(comparison(&world)["vendor_range"], Value::Null);
    let wrote = store(&world, &published(63, &[]));
    assert!(wrote.contains("was stored"), "{wrote}");
    // The tag `ApiManagement` has the address, and is not what a gateway's address is in.
    let unknown = json!([{"tag": "AzureCloud.westeurope", "change_number": null, "outside": null}]);
    assert_eq!(comparison(&world)["vendor_range"], unknown);
}

#[test]
fn inside_is_nothing_and_outside_says_who_breaks() {
    let world = asked(&instance(&[VIP]));
    store(&world, &published(63, &[tag("AzureCloud.westeurope", 40, &["172.199.0.0/16"])]));
    let found = comparison(&world);
    assert_eq!(found["vendor_range"], json!([{"tag": "AzureCloud.westeurope", "change_number": 40, "outside": []}]));
    assert_eq!(found["breaks"], json!([]));
    store(&world, &published(64, &[tag("AzureCloud.westeurope", 41, &["172.200.0.0/16"])]));
    let found = comparison(&world);
    assert_eq!(found["vendor_range"][0]["outside"], json!(["172.199.17.73/32"]));
    let directions: Vec<&str> =
        found["breaks"].as_array().unwrap().iter().map(|one| one["direction"].as_str().unwrap()).collect();
    assert_eq!(directions, ["outbound", "inbound"]);
    let why = found["breaks"][0]["why"].as_str().unwrap();
    assert_eq!(why, "calls come from 172.199.17.73/32, which AzureCloud.westeurope (change number 41) does not have");
}

#[test]
fn each_location_has_its_own_tag_and_only_those_of_the_origins_are_kept() {
    let document = with(instance(&[VIP]), "/sku/name", json!("Premium"));
    let other = elsewhere("France Central", &["20.40.0.1", "2603:1030::1"]);
    let world = asked(&with(document, "/properties/additionalLocations", json!([other])));
    let values = [
        tag("AzureCloud", 9, &["172.199.0.0/16", "20.40.0.0/16"]),
        tag("AzureCloud.westeurope", 40, &["172.199.0.0/16"]),
        tag("AzureCloud.centralfrance", 50, &["20.43.0.0/16"]),
        tag("AzureCloud.eastus", 60, &["20.44.0.0/16"]),
    ];
    store(&world, &published(63, &values));
    let kept: Value = serde_json::from_str(&world.store.borrow()[TAGS_KEY]).unwrap();
    let names: Vec<&str> =
        kept["values"].as_array().unwrap().iter().map(|value| value["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["ApiManagement", "AzureCloud.centralfrance", "AzureCloud.westeurope"]);
    let ranges = comparison(&world)["vendor_range"].clone();
    assert_eq!(ranges[0], json!({"tag": "AzureCloud.westeurope", "change_number": 40, "outside": []}));
    assert_eq!(
        ranges[1],
        json!({"tag": "AzureCloud.centralfrance", "change_number": 50, "outside": ["20.40.0.1/32"]}),
        "IPv6 is not kept and not judged"
    );
}

#[test]
fn the_same_list_is_kept_anew_for_a_location_that_it_lacks() {
    let list = |regions: &[&str]| {
        published(63, &regions.iter().map(|name| tag(name, 40, &["172.199.0.0/16"])).collect::<Vec<_>>())
    };
    let keep = |given: &[Document], kept: Option<&Document>| {
        keep_tags(given, kept, &["westeurope".to_owned(), "nowhere".to_owned()], START)
    };
    let TagKeeping::Keep(text, _) = keep(&list(&[]), None) else { panic!("not kept") };
    let kept = read_value(TAGS_KEY, serde_json::from_str(&text).unwrap()).0.remove(0);
    assert!(matches!(keep(&list(&[]), Some(&kept)), TagKeeping::Leave(_)), "it has nothing more");
    let TagKeeping::Keep(text, _) = keep(&list(&["AzureCloud.westeurope"]), Some(&kept)) else { panic!("not kept") };
    let kept = read_value(TAGS_KEY, serde_json::from_str(&text).unwrap()).0.remove(0);
    assert!(matches!(keep(&list(&["AzureCloud.westeurope"]), Some(&kept)), TagKeeping::Leave(_)));
    let older = published(62, &[tag("AzureCloud.nowhere", 40, &["172.199.0.0/16"])]);
    assert!(matches!(keep(&older, Some(&kept)), TagKeeping::Leave(_)), "a lower change number is older");
}

#[test]
fn every_region_of_the_published_list_is_found_by_its_name_in_arm() {
    let Some(file) = shared("service-tags").map(|folder| folder.join("ServiceTags_Public_subset.json")) else { return };
    let list: Value = serde_json::from_slice(&read(file).unwrap()).unwrap();
    let values = list["values"].as_array().unwrap().clone();
    let names: Vec<String> = values.iter().map(|value| value["name"].as_str().unwrap().to_owned()).collect();
    let regions = names.iter().filter_map(|name| name.strip_prefix("ApiManagement."));
    let mut regions: Vec<String> = regions.map(str::to_lowercase).filter(|it| !it.ends_with("stg")).collect();
    let not_found: Vec<_> = regions.iter().filter(|it| !names.contains(&cloud_tag_name(it))).collect();
    assert!(regions.len() > 50 && not_found.is_empty(), "{not_found:?}");
    let documents = read_value("list", list).0;
    assert_eq!(cloud_tags(&documents[0], &regions).len(), regions.len());
    regions.sort_by_key(|region| *region != "eastus2");
    let TagKeeping::Keep(text, _) = keep_tags(&documents, None, &regions, START) else { panic!("not kept") };
    assert_eq!(text.matches("AzureCloud.").count(), 12, "bounded");
}
