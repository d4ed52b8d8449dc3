//! The command as a pipeline runs it: what it prints, and its exit code.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::world::{World, classic, plain};

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_network-check"));
    let mut child =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses its arguments reads no input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(octets: &[u8]) -> &str {
    std::str::from_utf8(octets).unwrap()
}

fn json_of(world: &World) -> Vec<u8> {
    world.documents.iter().map(|(_, document)| document.clone()).collect::<Value>().to_string().into_bytes()
}

/// Well whatever the time: the status, which ages, is left out.
fn healthy() -> Vec<u8> {
    json_of(&plain("Premium").without("status"))
}

fn broken() -> Vec<u8> {
    json_of(&classic("Premium", "External").routes(&[("0.0.0.0/0", "VirtualAppliance")]).without("status"))
}

/// A file of this test alone.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

#[test]
fn nothing_found_is_0() {
    let output = run(&["-"], &healthy());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).contains("Nothing was found by the checks that were done."));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn errors_are_1_and_come_first() {
    let output = run(&["-"], &broken());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let out = text(&output.stdout);
    let place = |words: &str| out.find(words).unwrap_or_else(|| panic!("{words} is not in {out}"));
    assert!(place("control_plane_route_missing") < place("client_route_missing"));
    assert!(place("client_route_missing") < place("egress_is_firewall"));
    assert!(place("egress_is_firewall") < place("NOT CHECKED"));
    assert!(out.contains(
        "az network route-table route create --resource-group 'rg' --route-table-name 'rt' --name ApiManagement"
    ));
}

#[test]
fn what_is_for_information_alone_is_0() {
    let output =
        run(&["-"], &json_of(&plain("Premium").service(json!({ "natGatewayState": "Enabled" })).without("status")));
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).contains("egress_is_nat_gateway"));
}

#[test]
fn what_cannot_be_read_is_2_and_the_rest_is_checked() {
    let (good, bad) = (file("good.json", &broken()), file("bad.json", b"{\"id\": "));
    let output = run(&[good.to_str().unwrap(), bad.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stderr).contains("bad.json: it ends in the middle"), "{output:?}");
    assert!(text(&output.stdout).contains("control_plane_route_missing"));
}

#[test]
fn a_missing_file_an_unknown_option_and_nothing_at_all_are_2() {
    let cases: [(&[&str], &str); 6] = [
        (&["/no/such/file.json"], "/no/such/file.json: No such file"),
        (&[], "no file was given"),
        (&["--format", "xml", "-"], "unknown format `xml`; one of text, json, sarif, markdown, html"),
        (&["--format"], "unknown format ``"),
        (&["--colour", "-"], "unknown option --colour"),
        (&["-"], "it is empty"),
    ];
    for (arguments, expected) in cases {
        let output = run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains(expected), "{output:?}");
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn a_document_over_4_mib_is_2() {
    let output = run(&["-"], &vec![b' '; 4 * 1024 * 1024 + 1]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("more than 4194304"), "{output:?}");
}

#[test]
fn every_format_is_what_it_says() {
    let of = |format: &str| {
        let output = run(&[&format!("--format={format}"), "-"], &broken());
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(of("text").starts_with("Network check\n"));
    assert!(of("markdown").starts_with("# Network check\n"));
    assert!(of("html").starts_with("<!DOCTYPE html>"));
    assert!(serde_json::from_str::<Value>(&of("json")).unwrap()["findings"].is_array());
    assert_eq!(serde_json::from_str::<Value>(&of("sarif")).unwrap()["version"], "2.1.0");
}

#[test]
fn help_is_0() {
    let output = run(&["--help"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("usage: network-check"));
}

#[test]
fn the_date_of_a_tag_list_is_that_of_its_file() {
    let tags = file("ServiceTags_Public_20261123.json", crate::world::tags(70).to_string().as_bytes());
    let output = run(&["--format=json", "-", tags.to_str().unwrap()], &healthy());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["service_tags"], "change number 70 (Public, 2026-11-23)");
}
