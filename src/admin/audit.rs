//! The network check (contract section 8): `POST /audit` of the documents in the body, `GET /audit` of those that ARM has. Nothing is
//! stored unless `?store=true` asks for it.

use super::refresh::{no_such_origin, selected};
use super::request::BodyFault;
use super::respond::{Answer, Errors, file};
use super::upload::parts;
use super::{AdminRequest, Guard, Operator};
use crate::config::Origin;
use crate::network_check::{Document, Fault, Report, check, check_read, read, render, sarif, value};
use crate::network_watch::{add_kept_tags, collect, keep_check, known_check, store_tags};
use crate::ports::Ports;
use crate::problem::{Code, MediaType, prefers};

pub(super) async fn handle<P: Ports>(
    guard: &Guard<'_, P>,
    _: Operator,
    request: &AdminRequest,
    errors: &Errors,
) -> Answer {
    let checked = match request.method.as_str() {
        "POST" => posted(guard, request).await,
        _ => live(guard, request).await,
    };
    match checked {
        Ok(report) => show(&report, request, errors.media),
        Err(problem) => errors.problem(Code::AdminBadRequest, problem).into(),
    }
}

/// Checks the documents in the body, with the kept list of service tags where they have none.
async fn posted<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Report, String> {
    let stores = stores(request)?;
    let (mut documents, not_read) = given(request)?;
    let origin = request.parameter("origin").map(|_| named(guard, request)).transpose()?;
    let ports = guard.scene.ports;
    let mut notes = Vec::new();
    if stores {
        notes.push(store_tags(&guard.scene, &documents).await);
    }
    add_kept_tags(ports, &mut documents).await;
    let mut report = Report { not_read, notes, ..check(&documents, ports.now()) };
    if let Some(origin) = origin.filter(|_| stores) {
        report.notes.push(keep(guard, origin, &report, "posted").await);
    }
    Ok(report)
}

/// Reads the documents of an origin's instance from ARM and checks them.
async fn live<P: Ports>(guard: &Guard<'_, P>, request: &AdminRequest) -> Result<Report, String> {
    let (origin, stores) = (named(guard, request)?, stores(request)?);
    let scene = guard.scene;
    let resource = origin.azure.as_ref().filter(|_| scene.config.azure.is_some()).ok_or(NOT_CONFIGURED)?;
    let found = collect(scene, resource, true).await;
    let mut report = check_read(&found.documents, &found.unread, scene.ports.now());
    if stores {
        report.notes.push(store_tags(&scene, &found.documents).await);
        report.notes.push(keep(guard, origin, &report, "live").await);
    }
    Ok(report)
}

/// `?store=`.
fn stores(request: &AdminRequest) -> Result<bool, String> {
    match request.parameter("store").as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err("store has the values true and false.".into()),
    }
}

/// The origin of `?origin=`; without it the only one, or the only one with an instance that ARM knows.
fn named<'a, P: Ports>(guard: &Guard<'a, P>, request: &AdminRequest) -> Result<&'a Origin, String> {
    let origins = selected(guard, request).map_err(|name| no_such_origin(guard, &name))?;
    let known: Vec<_> = origins.iter().copied().filter(|origin| origin.azure.is_some()).collect();
    match (origins.as_slice(), known.as_slice()) {
        ([origin], _) | (_, [origin]) => Ok(origin),
        ([], _) => Err("The configuration names no origin; config lists what is wrong.".into()),
        (_, []) => Err(NOT_CONFIGURED.into()),
        _ => Err("There are several origins: say which one with ?origin=<name>.".into()),
    }
}

async fn keep<P: Ports>(guard: &Guard<'_, P>, origin: &Origin, report: &Report, from: &str) -> String {
    match known_check(&guard.scene, origin).await {
        Err(failure) => format!("The result was not stored: {failure}."),
        Ok(before) => {
            let (_, stored) = keep_check(&guard.scene, origin, report, from, before.as_ref()).await;
            format!("The result for {}: {}.", origin.name, stored.describe())
        }
    }
}

/// What could be read of the body, with the faults of the rest; where nothing could be, what is wrong with it.
fn given(request: &AdminRequest) -> Result<(Vec<Document>, Vec<Fault>), String> {
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
        let told: Vec<_> = faults.iter().take(20).map(ToString::to_string).collect();
        return Err(if told.is_empty() { SEND.into() } else { told.join("\n") });
    }
    Ok((documents, faults))
}

const NOT_CONFIGURED: &str = "Azure Resource Manager is not configured for this origin: give `azure` with `tenant_id` and `client_id`, \
    `origins[].azure` with `subscription_id`, `resource_group` and `service_name`, and the secret AZURE_CLIENT_SECRET. Or POST the \
    documents here; docs/network-check.md lists the commands that print them.";
const SEND: &str = "Send documents of Azure Resource Manager as JSON: one, an array, or { \"documents\": [] }; or as files in the \
    field `documents` of a form (curl -F documents=@service.json). docs/network-check.md lists the commands that print them.";
const TOO_LONG: &str = "The body is longer than 4 MiB. Of the file of service tags send what is needed: jq -c '{changeNumber, \
    cloud, values: [.values[] | select(.name | test(\"^(ApiManagement|AzureCloud[.]|AzureMonitor|AzureTrafficManager|Storage|Sql|AzureKeyVault)\"))]}'.";
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
