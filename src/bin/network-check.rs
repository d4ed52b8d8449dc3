//! `network-check FILES…`: the network check for pipelines. Reads documents, prints a report.
//!
//! Exit code 0: no finding of severity error or warning; 1: there is one; 2: something could not be read.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool prints")]

use std::fs::File;
use std::io::{Read, Write, stdin, stdout};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use apim_origin_guard::config::Severity;
use apim_origin_guard::network_check::{Document, Fault, MAX_DOCUMENT_BYTES, Report, check, read, render, sarif};
use apim_origin_guard::problem::MediaType;
use apim_origin_guard::time::UnixMillis;

const USAGE: &str = "usage: network-check [--format text|json|sarif|markdown|html] FILE…\n\n\
    Reads Azure Resource Manager documents as `az … --output json` prints them (- is standard input) and says what is wrong\n\
    with the network of the API Management instance. See docs/network-check.md.\n\n\
    exit code: 0 no errors or warnings found, 1 some found, 2 something could not be read";
const FOUND: u8 = 1;
const UNREADABLE: u8 = 2;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)) {
        Ok(Arguments { help: true, .. }) => {
            println!("{USAGE}");
            ExitCode::SUCCESS
        }
        Ok(arguments) => run(&arguments),
        Err(problem) => {
            eprintln!("network-check: {problem}\n\n{USAGE}");
            ExitCode::from(UNREADABLE)
        }
    }
}

struct Arguments {
    format: Format,
    files: Vec<String>,
    help: bool,
}

/// A form of the report.
type Format = fn(&Report) -> String;

impl Arguments {
    fn read(mut given: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut arguments =
            Self { format: |report| render(report, MediaType::Text).body, files: Vec::new(), help: false };
        while let Some(argument) = given.next() {
            match argument.split_once('=').unwrap_or((&argument, "")) {
                ("--help" | "-h", "") => arguments.help = true,
                ("--format" | "-f", "") => arguments.format = format(&given.next().unwrap_or_default())?,
                ("--format", word) => arguments.format = format(word)?,
                (option, _) if option.starts_with("--") => return Err(format!("unknown option {option}")),
                _ => arguments.files.push(argument),
            }
        }
        if arguments.files.is_empty() && !arguments.help { Err("no file was given".into()) } else { Ok(arguments) }
    }
}

fn format(word: &str) -> Result<Format, String> {
    match word {
        "text" => Ok(|report| render(report, MediaType::Text).body),
        "json" => Ok(|report| render(report, MediaType::Json).body),
        "markdown" => Ok(|report| render(report, MediaType::Markdown).body),
        "html" => Ok(|report| render(report, MediaType::Html).body),
        "sarif" => Ok(sarif),
        _ => Err(format!("unknown format `{word}`; one of text, json, sarif, markdown, html")),
    }
}

/// What could not be read does not keep the rest from being checked, but the exit code says so.
fn run(arguments: &Arguments) -> ExitCode {
    let (mut documents, mut not_read, mut all_read) = (Vec::new(), Vec::new(), true);
    for file in &arguments.files {
        all_read &= take(file, &mut documents, &mut not_read);
    }
    if documents.is_empty() {
        eprintln!("network-check: there is no document to check");
        return ExitCode::from(UNREADABLE);
    }
    let report = Report { not_read, ..check(&documents, now()) };
    let printed = stdout().write_all((arguments.format)(&report).as_bytes());
    let wrong = report.findings.iter().any(|finding| finding.severity >= Severity::Warning);
    match (all_read && printed.is_ok(), wrong) {
        (false, _) => ExitCode::from(UNREADABLE),
        (true, true) => ExitCode::from(FOUND),
        (true, false) => ExitCode::SUCCESS,
    }
}

/// Reads `file` into `documents`, and what is wrong with it into `not_read`; whether all of it could be read.
fn take(file: &str, documents: &mut Vec<Document>, not_read: &mut Vec<Fault>) -> bool {
    match octets(file) {
        Ok(octets) => {
            let (found, faults) = read(file, &octets);
            documents.extend(found);
            for fault in &faults {
                eprintln!("network-check: {fault}");
            }
            let all_read = faults.is_empty();
            not_read.extend(faults);
            all_read
        }
        Err(error) => {
            eprintln!("network-check: {file}: {error}");
            false
        }
    }
}

/// One octet more than may be, so that too much is noticed without reading all of it.
fn octets(file: &str) -> std::io::Result<Vec<u8>> {
    let source: Box<dyn Read> = if file == "-" { Box::new(stdin()) } else { Box::new(File::open(file)?) };
    let mut octets = Vec::new();
    source.take(u64::try_from(MAX_DOCUMENT_BYTES).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut octets)?;
    Ok(octets)
}

#[allow(
    clippy::disallowed_methods,
    reason = "the core is handed the time; this is a program of its own, not the Worker"
)]
fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixMillis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
