//! The admin interface's requests, and the answers of a guard that cannot proxy.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use web_sys::Request;

use super::isolate::Isolate;
use super::js;
use super::ports::{WorkerPorts, random_text};
use super::respond::respond;
use super::suspect::BodyReader;
use crate::admin::{self, AdminRequest, BodyFault, Guard};
use crate::origin::incident_id;
use crate::ports::Clock;
use crate::problem::{Code, Document, negotiate, render};
use crate::proxy::RequestUrl;

/// Answers a request for `admin.path` + `below`.
pub(super) fn answer(isolate: &Rc<Isolate>, request: Request, env: JsValue, below: String) -> Promise {
    let isolate = Rc::clone(isolate);
    js::promise(async move {
        let ports = WorkerPorts::new(&env);
        let guard = Guard { scene: isolate.scene(&ports), loaded: &isolate.loaded };
        let read = async |max| body(&request, max).await;
        respond(&admin::answer_reading(&guard, plain(&request, below), read).await, &request.method())
    })
}

fn plain(request: &Request, below: String) -> AdminRequest {
    let (headers, url) = (request.headers(), request.url());
    let parsed = RequestUrl::parse(&url);
    let header = |name| js::header(&headers, name);
    AdminRequest {
        method: request.method(),
        host: parsed.map(|url| url.host.trim_end_matches('.').to_ascii_lowercase()).unwrap_or_default(),
        path: below,
        query: parsed.map(|url| url.query().to_owned()).unwrap_or_default(),
        accept: header("accept"),
        authorization: header("authorization"),
        if_none_match: header("if-none-match"),
        cookie: header("cookie"),
        access_assertion: header("cf-access-jwt-assertion"),
        own_origin: parsed.map(|url| url.prefix.to_owned()).unwrap_or_default(),
        origin: header("origin"),
        fetch_site: header("sec-fetch-site"),
        client: js::client(&headers),
        colo: js::colo(request),
        ray_id: js::ray_id(&headers),
        nonce: random_text(),
        body: None,
    }
}

async fn body(request: &Request, max: usize) -> Option<Result<String, BodyFault>> {
    let body = BodyReader::of_request(request)?.whole(max).await;
    Some(match body {
        Ok(Some(bytes)) => String::from_utf8(bytes).map_err(|_| BodyFault::Unreadable),
        Ok(None) => Err(BodyFault::TooLong),
        Err(_) => Err(BodyFault::Unreadable),
    })
}

/// No origin serves the host, or none could be read.
pub(super) fn nowhere(isolate: &Isolate, request: &Request) -> Promise {
    problem(isolate, request, Code::GuardConfigInvalid)
}

fn problem(isolate: &Isolate, request: &Request, code: Code) -> Promise {
    let now = WorkerPorts::new(&JsValue::UNDEFINED).now();
    let mut document = Document::new(code, &isolate.loaded.config.type_base(), now);
    document.ray_id = js::ray_id(&request.headers());
    document.incident = Some(incident_id(code.as_str(), 0, now));
    document.since = Some(now);
    let accept = js::header(&request.headers(), "accept");
    match respond(&render(&document, negotiate(accept.as_deref())), &request.method()) {
        Ok(response) => Promise::resolve(&response),
        Err(error) => Promise::reject(&error),
    }
}
