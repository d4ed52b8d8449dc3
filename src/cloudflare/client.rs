//! The Cloudflare API over the guard's HTTP port: token, envelope, pages, `Retry-After`.

use serde_json::Value;

use super::{ApiFault, ApiFaultKind};
use crate::config::CloudflareConfig;
use crate::json::Node;
use crate::ports::{Clock, Fetcher, HttpRequest, HttpResponse};
use crate::refresh::Scene;

/// Name of the secret with the API token.
pub const API_TOKEN: &str = "CLOUDFLARE_API_TOKEN";

/// Time for one call, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;
/// Bytes of one answer.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Pages of one list.
const MAX_PAGES: u32 = 40;
/// Where the isolate's memory has until when the API asked to be left alone.
const PAUSE: &str = "cloudflare/pause";
/// No pause is longer than this, in seconds: the value is the other side's word.
const LONGEST_PAUSE_S: u64 = 60 * 60;

/// The API, asked with the guard's token. The token goes to `cloudflare.api_url` alone: redirects are not followed.
pub struct Cloudflare<'a, P> {
    scene: Scene<'a, P>,
    /// The section of the configuration.
    pub config: &'a CloudflareConfig,
    token: &'a str,
}

/// How a list tells that there is more of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// `page` and `result_info.total_pages`.
    Number,
    /// `cursor` and `result_info.cursors.after`.
    Cursor,
}

/// `result` and `result_info` of a good answer.
struct Envelope {
    result: Node,
    info: Node,
}

impl<'a, P: Fetcher + Clock> Cloudflare<'a, P> {
    /// The API as `scene` has it.
    ///
    /// # Errors
    /// Without the section `cloudflare` or the token.
    pub fn of(scene: Scene<'a, P>) -> Result<Self, ApiFault> {
        let config =
            scene.config.cloudflare.as_ref().ok_or_else(|| ApiFault::new(ApiFaultKind::NotConfigured, "", ""))?;
        let token = scene.secrets.get(API_TOKEN).ok_or_else(|| ApiFault::new(ApiFaultKind::TokenMissing, "", ""))?;
        Ok(Self { scene, config, token })
    }

    /// The `result` of one call of `path`, which begins with `/` and may have a query. A write whose fault says
    /// [`ApiFault::may_have_happened`] must be looked for before it is repeated.
    ///
    /// # Errors
    /// [`ApiFault`].
    pub async fn call(&self, method: &'static str, path: &str, body: Option<&Value>) -> Result<Node, ApiFault> {
        self.exchange(method, path, body).await.map(|envelope| envelope.result)
    }

    /// Every item of the list at `path`, which has a query already: all pages, or a fault.
    ///
    /// # Errors
    /// [`ApiFault`], also where a page is missing.
    pub async fn list(&self, path: &str, paging: Page) -> Result<Vec<Node>, ApiFault> {
        let mut items = Vec::new();
        let mut next = path.to_owned();
        for page in 2..=MAX_PAGES.saturating_add(1) {
            let Envelope { result, info } = self.exchange("GET", &next, None).await?;
            // A list without items comes as an empty array, or as null.
            match &result {
                Node::List(more) => items.extend_from_slice(more),
                Node::Null => {}
                _ => return Err(ApiFault::new(ApiFaultKind::NotUnderstood, path, "`result` is no list")),
            }
            match more(&info, paging, page) {
                Some(suffix) => next = format!("{path}&{suffix}"),
                None => return Ok(items),
            }
        }
        Err(ApiFault::new(ApiFaultKind::NotUnderstood, path, &format!("the list has more than {MAX_PAGES} pages")))
    }

    async fn exchange(&self, method: &'static str, path: &str, body: Option<&Value>) -> Result<Envelope, ApiFault> {
        let now = self.scene.ports.now();
        let pause = self.scene.remember(|memory| memory.mark(PAUSE).filter(|(until, _)| *until > now).cloned());
        if let Some((until, said)) = pause {
            return Err(ApiFault { until: Some(until), ..ApiFault::new(ApiFaultKind::Throttled, path, &said) });
        }
        let sent = self.scene.ports.send(self.request(method, path, body)).await;
        let response = sent.map_err(|failure| ApiFault::of_exchange(&failure, path))?;
        judge(&response, path).map_err(|fault| self.with_pause(&response, fault))
    }

    fn request(&self, method: &'static str, path: &str, body: Option<&Value>) -> HttpRequest {
        let mut headers =
            vec![("Authorization", format!("Bearer {}", self.token)), ("Accept", "application/json".to_owned())];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        HttpRequest {
            method,
            url: format!("{}{path}", self.config.api_url),
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
            max_bytes: MAX_BYTES,
        }
    }

    /// Beyond the API's own limit every call is refused for minutes, and it says for how long (`Retry-After`). A 429
    /// without a time is about one resource: a list with an operation that is still under way.
    fn with_pause(&self, response: &HttpResponse, fault: ApiFault) -> ApiFault {
        let now = self.scene.ports.now();
        match response.retry_after_s(now).filter(|_| matches!(response.status, 429 | 503)) {
            None => fault,
            Some(seconds) => {
                let until = now.plus_s(seconds.clamp(1, LONGEST_PAUSE_S));
                self.scene.remember(|memory| memory.set_mark(PAUSE, until, fault.said.clone()));
                ApiFault { until: Some(until), ..fault }
            }
        }
    }
}

/// What leads to the next page; `None` at the last one.
fn more(info: &Node, paging: Page, page: u32) -> Option<String> {
    match paging {
        Page::Number => {
            let total: u32 = info.member("total_pages")?;
            (page <= total).then(|| format!("page={page}"))
        }
        Page::Cursor => {
            let after: String = info.get("cursors")?.member("after")?;
            let plain = after.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~=%".contains(c));
            (!after.is_empty() && plain).then(|| format!("cursor={after}"))
        }
    }
}

/// `{ "success": true, "errors": [], "result": …, "result_info": … }`.
fn judge(response: &HttpResponse, path: &str) -> Result<Envelope, ApiFault> {
    let body: Option<Node> = serde_json::from_slice(&response.body).ok();
    let success = body.as_ref().and_then(|body| body.member::<bool>("success"));
    match (success, body) {
        (Some(true), Some(body)) if (200..300).contains(&response.status) => {
            let part = |name| body.get(name).cloned().unwrap_or(Node::Null);
            Ok(Envelope { result: part("result"), info: part("result_info") })
        }
        (_, body) => Err(ApiFault::of_answer(response, body.as_ref(), path)),
    }
}
