//! Signs in the origin's own error answers that a backend refuses the gateway. The answer itself goes out at once and
//! untouched; a body is looked at afterwards, seldom, and by a copy.

use std::net::IpAddr;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Response;

use super::isolate::Isolate;
use super::ports::WorkerPorts;
use super::suspect::peek;
use super::{js, log};
use crate::investigation::store_refusals;
use crate::origin::{RefusalSign, RefusalWatch};
use crate::ports::Clock;
use crate::proxy::{MAX_REFUSAL_BODY, OwnHead, OwnSign, refusal_in_body, refusal_in_head};

/// Looks at `response`, which `origin` made.
pub(super) fn watch_backend(isolate: &Rc<Isolate>, origin: &str, response: &Response, env: &JsValue, ctx: &JsValue) {
    let ports = WorkerPorts::new(env);
    match judge(response) {
        OwnSign::Refusal(sign, address) if note(isolate, origin, &ports, sign, address) => {
            let (isolate, name) = (Rc::clone(isolate), origin.to_owned());
            js::after_answer(ctx, async move { store(&isolate, &name, &ports).await });
        }
        OwnSign::Look if remember(isolate, origin, |watch| watch.may_look(ports.now())) => {
            look(isolate, origin.to_owned(), response, ports, ctx);
        }
        OwnSign::Refusal(..) | OwnSign::Look | OwnSign::Nothing => {}
    }
}

fn judge(response: &Response) -> OwnSign {
    let (headers, phrase) = (response.headers(), response.status_text());
    let field = |name| js::header(&headers, name);
    let (error_reason, forbidden_ip, content_type) =
        (field("errorreason"), field("x-ms-forbidden-ip"), field("content-type"));
    refusal_in_head(&OwnHead {
        status: response.status(),
        reason_phrase: &phrase,
        error_reason: error_reason.as_deref(),
        forbidden_ip: forbidden_ip.as_deref(),
        content_type: content_type.as_deref(),
        content_length: field("content-length").and_then(|length| length.parse().ok()),
    })
}

fn look(isolate: &Rc<Isolate>, origin: String, response: &Response, ports: WorkerPorts, ctx: &JsValue) {
    let Ok(copy) = response.clone() else { return };
    let isolate = Rc::clone(isolate);
    js::after_answer(ctx, async move {
        let body = peek(&ports, &copy, MAX_REFUSAL_BODY).await;
        if let Some(sign) = body.and_then(|body| refusal_in_body(copy.status(), &body)) {
            note(&isolate, &origin, &ports, sign, None);
            store(&isolate, &origin, &ports).await;
        }
    });
}

fn note(isolate: &Isolate, origin: &str, clock: &impl Clock, sign: RefusalSign, address: Option<IpAddr>) -> bool {
    let now = clock.now();
    if remember(isolate, origin, |watch| watch.note(now, sign, address)) {
        log::backend_rejects_gateway(origin, sign);
    }
    remember(isolate, origin, |watch| watch.is_due(now))
}

async fn store(isolate: &Isolate, name: &str, ports: &WorkerPorts) {
    let scene = isolate.scene(ports);
    if let Some(origin) = scene.origin(name) {
        store_refusals(&scene, origin).await;
    }
}

fn remember<T>(isolate: &Isolate, origin: &str, work: impl FnOnce(&mut RefusalWatch) -> T) -> T {
    isolate.memory.borrow_mut().watch_refusals(origin, work)
}
