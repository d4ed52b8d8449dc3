//! `POST /audit`: the network check of the documents in the body (contract section 8). Nothing is stored unless asked.

use super::request::BodyFault;
use super::respond::{Answer, Errors, file};
use super::upload::parts;
use super::{AdminRequest, Guard, Operator};
use crate::network_check::{Document, Fault, Report, check, read, render, sarif, value};
use crate::network_watch::{add_kept_tags, store_tags};
use crate::ports::Ports;
use crate::problem::{Code, MediaType, prefers};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    match posted(request) {
        Ok((documents, not_read)) => {
            let report = Report { not_read, ..checked(guard, request, documents).await };
            show(&report, request, errors.media)
        }
        Err(problem) => errors.problem(Code::AdminBadRequest, problem).into(),
    }
}

/// Checks the documents, with the kept list of service tags where they have none, and stores what `?store=true` asks for.
async fn checked<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest, mut documents: Vec<Document>) -> Report {
    let ports = guard.scene.ports;
    let stores = request.parameter("store").as_deref() == Some("true");
    let note = if stores { Some(store_tags(ports, &documents).await) } else { None };
    add_kept_tags(ports, &mut documents).await;
    Report { notes: note.into_iter().collect(), ..check(&documents, ports.now()) }
}

/// What could be read of the body, with the faults of the rest; where nothing could be, what is wrong with it.
fn posted(request: &AdminRequest) -> Result<(Vec<Document>, Vec<Fault>), String> {
    let body = match &request.body {
        Some(Ok(body)) => body,
        Some(Err(BodyFault::TooLong)) => return Err(TOO_LONG.into()),
        Some(Err(BodyFault::Unreadable)) => return Err(NO_TEXT.into()),
        None => return Err(SEND.into()),
    };
    let (mut documents, mut faults) = (Vec::new(), Vec::new());
    for (source, text) in parts(body) {
        let (found, wrong) = read(source, text.as_bytes());
        documents.extend(found);
        faults.extend(wrong);
    }
    if documents.is_empty() {
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        return Err(if told.is_empty() { SEND.into() } else { told.join("\n") });
    }
    Ok((documents, faults))
}

const SEND: &str = "Send documents of Azure Resource Manager as JSON: one, an array, or { \"documents\": [] }; or as files in the \
    field `documents` of a form (curl -F documents=@service.json). docs/network-check.md lists the commands that print them.";
const TOO_LONG: &str = "The body is longer than 4 MiB. Of the file of service tags send what is needed: jq -c '{changeNumber, \
    cloud, values: [.values[] | select(.name | test(\"^(ApiManagement|AzureMonitor|AzureTrafficManager|Storage|Sql|AzureKeyVault)\"))]}'.";
const NO_TEXT: &str = "The body is no UTF-8 text. In PowerShell write documents with `| Out-File -Encoding utf8`.";

/// The report in the form that `Accept` asks for.
fn show(report: &Report, request: &AdminRequest, media: MediaType) -> Answer {
    const SARIF: (&str, &str) = ("application", "sarif+json");
    if prefers(request.accept.as_deref(), SARIF.0, SARIF.1) {
        return Answer::Ready(file("application/sarif+json", sarif(report)));
    }
    match media {
        MediaType::Json | MediaType::Html => value(report).into(),
        MediaType::Markdown | MediaType::Text => Answer::Ready(render(report, media)),
    }
}
