//! A failed or suspect exchange: the origin's own answer goes through, anything else becomes a problem document.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response};

use super::backend_watch::watch_backend;
use super::isolate::Isolate;
use super::ports::{WorkerPorts, failure};
use super::respond::respond;
use super::route::{DEADLINE_PASSED, Lane, send_again, url_of, watch_recovery};
use super::suspect::sniff;
use super::{js, log};
use crate::admin::is_operator_token;
use crate::config::{Detail, Origin, Route};
use crate::diagnosis::{Failure, Rejection};
use crate::investigation::{
    Audience, Investigation, Question, distrust, investigate, is_abandoned, note_recovery, problem_document, rehearsal,
};
use crate::net::Hostname;
use crate::origin::EndedBy;
use crate::ports::{Clock, FetchFailure};
use crate::problem::{negotiate, render};
use crate::proxy::{
    Head, OPERATOR_TOKEN, REHEARSE, RequestUrl, Sign, Sniffed, Target, judge_head, may_send_again, target_of,
};
use crate::refresh::Scene;
use crate::refresh::Stored;
use crate::round::tell_now;

/// `forward.js` asks: `response` or `error` is there, the other one is `undefined`.
#[expect(clippy::needless_pass_by_value, reason = "a JavaScript closure hands its arguments over")]
pub(super) fn judge(
    request: Request,
    env: JsValue,
    ctx: JsValue,
    lane: Lane,
    response: JsValue,
    error: JsValue,
) -> JsValue {
    let exchange = Exchange::new(request, env, ctx, lane);
    if response.is_undefined() {
        let failure = exchange.rejected(&error);
        return js::promise(exchange.explain(failure)).into();
    }
    let response: Response = response.unchecked_into();
    match judge_head(&Fields::of(&response).head()) {
        Sign::Own if exchange.is_abandoned() => js::promise(exchange.prove(response)).into(),
        Sign::Own => {
            exchange.note_answer(&response);
            response.into()
        }
        Sign::Edge(number) => {
            let failure = Failure::Edge { status: response.status(), number };
            js::promise(exchange.explain(failure)).into()
        }
        Sign::Suspect => js::promise(exchange.look_closer(response)).into(),
    }
}

/// One proxied request, seen again from its failure.
struct Exchange {
    isolate: Rc<Isolate>,
    request: Request,
    url: String,
    env: JsValue,
    ctx: JsValue,
    lane: Lane,
}

/// The fields of a response that tell who made it.
struct Fields {
    server: Option<String>,
    cf_error_type: Option<String>,
    content_type: Option<String>,
    content_length: Option<u64>,
    status: u16,
}

impl Fields {
    fn of(response: &Response) -> Self {
        let headers = response.headers();
        Self {
            server: js::header(&headers, "server"),
            cf_error_type: js::header(&headers, "cf-error-type"),
            content_type: js::header(&headers, "content-type"),
            content_length: js::header(&headers, "content-length").and_then(|length| length.parse().ok()),
            status: response.status(),
        }
    }

    fn head(&self) -> Head<'_> {
        Head {
            status: self.status,
            server: self.server.as_deref(),
            cf_error_type: self.cf_error_type.as_deref(),
            content_type: self.content_type.as_deref(),
            content_length: self.content_length,
        }
    }
}

impl Exchange {
    fn new(request: Request, env: JsValue, ctx: JsValue, lane: Lane) -> Self {
        let isolate = Isolate::of(&env);
        let url = url_of(&request);
        Self { isolate, request, url, env, ctx, lane }
    }

    fn origin(&self) -> Option<(&Origin, RequestUrl<'_>)> {
        let url = RequestUrl::parse(&self.url)?;
        match target_of(&self.isolate.loaded.config, &url) {
            Target::Origin(origin) => Some((origin, url)),
            Target::Admin(_) | Target::Nowhere => None,
        }
    }

    fn rejected(&self, error: &JsValue) -> Failure {
        if DEADLINE_PASSED.with(|deadline| deadline == error) {
            let after_ms = self.origin().map_or(0, |(origin, _)| origin.timeout_ms);
            return Failure::TimedOut { after_ms };
        }
        let rejection = match failure(error) {
            FetchFailure::ConnectionLost => Rejection::ConnectionLost,
            FetchFailure::Internal => Rejection::Internal,
            FetchFailure::TimedOut | FetchFailure::TooLarge | FetchFailure::Other(_) => Rejection::Other,
        };
        self.log_first_rejection(error);
        Failure::Rejected { rejection }
    }

    /// The runtime's words tell more than the verdict may; once for each incident is enough.
    fn log_first_rejection(&self, error: &JsValue) {
        let now = WorkerPorts::new(&JsValue::UNDEFINED).now();
        let memory = self.isolate.memory.borrow();
        if self.origin().is_some_and(|(origin, _)| memory.failing(&origin.name, now).is_none()) {
            log::rejected(error);
        }
    }

    async fn look_closer(self, response: Response) -> Result<JsValue, JsValue> {
        let ports = WorkerPorts::new(&self.env);
        match sniff(&ports, &Fields::of(&response).head(), &response).await {
            Sniffed::Edge(number) => self.explain(Failure::Edge { status: response.status(), number }).await,
            Sniffed::Own | Sniffed::More => {
                self.note_answer(&response);
                Ok(response.into())
            }
        }
    }

    fn is_abandoned(&self) -> bool {
        let ports = WorkerPorts::new(&JsValue::UNDEFINED);
        self.origin().is_some_and(|(origin, _)| is_abandoned(&self.isolate.scene(&ports), origin))
    }

    /// Lets the answer of a name that was abandoned through once ARM has the instance again.
    async fn prove(self, response: Response) -> Result<JsValue, JsValue> {
        let ports = WorkerPorts::new(&self.env);
        let scene = self.isolate.scene(&ports);
        let Some((origin, url)) = self.origin() else { return Ok(response.into()) };
        let edge_name = edge_name(origin, &url);
        let (budget_ms, colo) = (scene.config.diagnostics.budget_ms, js::colo(&self.request));
        let question = Question { origin, failure: None, edge_name: &edge_name, budget_ms, seen_from: colo.as_deref() };
        if let Some(found) = distrust(&scene, &question).await {
            return self.tell(&scene, origin, found);
        }
        self.note_answer(&response);
        Ok(response.into())
    }

    /// The origin answered by itself: that ends an incident, once the failures have stopped for a while. It may also tell
    /// of a backend.
    fn note_answer(&self, response: &Response) {
        let Some((origin, _)) = self.origin() else { return };
        if response.status() >= 400 {
            watch_backend(&self.isolate, &origin.name, response, &self.env, &self.ctx);
        }
        let ports = WorkerPorts::new(&self.env);
        if !self.isolate.memory.borrow().may_have_recovered(&origin.name, ports.now()) {
            return;
        }
        let (isolate, name) = (Rc::clone(&self.isolate), origin.name.clone());
        js::after_answer(&self.ctx, async move {
            let scene = isolate.scene(&ports);
            if let Some(origin) = scene.origin(&name) {
                let ended = note_recovery(&scene, origin, EndedBy::ClientAnswered).await;
                log::incident_ended(&name, ended.as_ref());
                if ended.is_some() {
                    log::notices(&tell_now(scene, origin).await);
                }
            }
            watch_recovery(isolate.memory.borrow().any_failing());
        });
    }

    /// Finds the cause, tries once more where that is safe, and answers.
    async fn explain(self, failure: Failure) -> Result<JsValue, JsValue> {
        let ports = WorkerPorts::new(&self.env);
        let scene = self.isolate.scene(&ports);
        let Some((origin, url)) = self.origin() else { return Err(JsValue::from_str("no origin serves this host")) };
        let edge_name = edge_name(origin, &url);
        let (budget_ms, colo) = (scene.config.diagnostics.budget_ms, js::colo(&self.request));
        let question =
            Question { origin, failure: Some(failure), edge_name: &edge_name, budget_ms, seen_from: colo.as_deref() };
        let found = investigate(&scene, &question).await;
        if let Some(response) = self.again(&failure, &found).await {
            return Ok(response.into());
        }
        self.tell(&scene, origin, found)
    }

    /// The problem document; what was found is stored afterwards.
    fn tell(
        &self,
        scene: &Scene<'_, WorkerPorts>,
        origin: &Origin,
        mut found: Investigation,
    ) -> Result<JsValue, JsValue> {
        found.join(scene, origin);
        watch_recovery(true);
        let document = problem_document(&found, &self.audience());
        let accept = js::header(&self.request.headers(), "accept");
        let answer = respond(&render(&document, negotiate(accept.as_deref())), &self.request.method());
        self.settle(found, origin.name.clone());
        answer
    }

    async fn again(&self, failure: &Failure, found: &Investigation) -> Option<Response> {
        let consensus = &found.evidence.lookup.as_ref()?.consensus;
        let has_body = !js::property(&self.request, "body").is_null();
        if !may_send_again(&self.request.method(), has_body, failure, consensus) {
            return None;
        }
        let answer = JsFuture::from(send_again(&self.request, &self.lane).ok()?).await.ok()?;
        if answer.is_undefined() {
            return None;
        }
        let response: Response = answer.unchecked_into();
        let fields = Fields::of(&response);
        let own = match judge_head(&fields.head()) {
            Sign::Own => true,
            Sign::Edge(_) => false,
            Sign::Suspect => sniff(&WorkerPorts::new(&self.env), &fields.head(), &response).await == Sniffed::Own,
        };
        own.then_some(response)
    }

    fn audience(&self) -> Audience {
        let config = &self.isolate.loaded.config;
        Audience {
            operator: has_operator_token(&self.isolate, &self.request) || config.diagnostics.detail == Detail::Operator,
            type_base: config.type_base(),
            ray_id: js::ray_id(&self.request.headers()),
        }
    }

    fn settle(&self, found: Investigation, name: String) {
        let (isolate, env) = (Rc::clone(&self.isolate), self.env.clone());
        js::after_answer(&self.ctx, async move {
            let ports = WorkerPorts::new(&env);
            let scene = isolate.scene(&ports);
            log::incident(&name, found.news(), found.incident.as_ref());
            if let Some(origin) = scene.origin(&name) {
                // Who stored it tells it at once; what is not stored is told by the scheduled run.
                if found.settle(&scene, origin).await == Stored::Written {
                    log::notices(&tell_now(scene, origin).await);
                }
            }
        });
    }
}

/// Whether the request carries the admin token in [`OPERATOR_TOKEN`].
fn has_operator_token(isolate: &Isolate, request: &Request) -> bool {
    let (headers, ports) = (request.headers(), WorkerPorts::new(&JsValue::UNDEFINED));
    let token = js::header(&headers, OPERATOR_TOKEN);
    token.is_some_and(|token| is_operator_token(&isolate.scene(&ports), js::client(&headers), token.trim()))
}

/// The answer to a request that carries [`REHEARSE`]; `undefined` where it comes from anyone but an operator.
pub(super) fn rehearse(request: &Request, env: &JsValue) -> Result<JsValue, JsValue> {
    let isolate = Isolate::of(env);
    let headers = request.headers();
    let Some(named) = js::header(&headers, REHEARSE).filter(|_| has_operator_token(&isolate, request)) else {
        return Ok(JsValue::UNDEFINED);
    };
    let type_base = isolate.loaded.config.type_base();
    let audience = Audience { operator: false, type_base, ray_id: js::ray_id(&headers) };
    let document = rehearsal(&named, &audience, WorkerPorts::new(env).now());
    let accept = js::header(&headers, "accept");
    respond(&render(&document, negotiate(accept.as_deref())), &request.method())
}

/// The name that the edge resolves: the gateway's, or the zone's own record for the request's host.
fn edge_name(origin: &Origin, url: &RequestUrl<'_>) -> Hostname {
    match origin.route {
        Route::Direct => origin.hostname.clone(),
        Route::Zone => url.host.parse().unwrap_or_else(|_| origin.hostname.clone()),
    }
}
