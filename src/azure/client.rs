//! Azure Resource Manager over the guard's HTTP port: token, time-out, `Retry-After`, pages, faults.
//!
//! The token goes to the host of `azure.management_url` alone: redirects are not followed, and a link to another host
//! is refused.

use serde_json::Value;

use super::answer::{ArmAnswer, judge};
use super::escape::escaped;
use super::token::{AccessToken, token};
use super::{ArmFault, FaultKind};
use crate::json::Node;
use crate::ports::{Clock, FetchFailure, Fetcher, HttpRequest, HttpResponse};
use crate::refresh::Scene;

/// Time for one call, in milliseconds.
const TIMEOUT_MS: u32 = 10_000;
/// Bytes of one answer: a list of service tags is the longest there is.
const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Pages of one list.
const MAX_PAGES: usize = 20;

/// Azure Resource Manager, asked in the name of the configured application.
pub struct Arm<'a, P> {
    scene: Scene<'a, P>,
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub struct Call<'c> {
    /// `GET`, `PUT`, `PATCH`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Begins with `/subscriptions/`; not percent-encoded.
    pub path: &'c str,
    /// `api-version` of the resource provider.
    pub api_version: &'c str,
    /// The body of a write.
    pub body: Option<&'c Value>,
    /// `If-Match`: the write is refused ([`FaultKind::ChangedMeanwhile`]) where the resource has another `etag`.
    pub if_match: Option<&'c str>,
}

impl<'a, P: Fetcher + Clock> Arm<'a, P> {
    /// Over the ports, memory, configuration and secrets of `scene`.
    pub const fn new(scene: Scene<'a, P>) -> Self {
        Self { scene }
    }

    /// The resource at `path`.
    ///
    /// # Errors
    /// [`ArmFault`].
    pub async fn get(&self, path: &str, api_version: &str) -> Result<Node, ArmFault> {
        let call = Call { method: "GET", path, api_version, body: None, if_match: None };
        self.call(&call).await.map(|answer| answer.body)
    }

    /// One call. A write whose fault says [`ArmFault::may_have_happened`] must be looked for before it is repeated.
    ///
    /// # Errors
    /// [`ArmFault`].
    pub async fn call(&self, call: &Call<'_>) -> Result<ArmAnswer, ArmFault> {
        let query = escaped(call.api_version, "");
        let below = format!("{}?api-version={query}", escaped(call.path, "/()"));
        if !call.path.starts_with('/') {
            return Err(ArmFault::new(FaultKind::NotUnderstood, call.path, "the path does not begin with /"));
        }
        self.send(call, &below).await
    }

    /// What a link of ARM's leads to: `Azure-AsyncOperation`, `Location`, `nextLink`.
    ///
    /// # Errors
    /// [`ArmFault`]; [`FaultKind::NotUnderstood`] where it leads to another host, which is not asked.
    pub async fn follow(&self, link: &str) -> Result<ArmAnswer, ArmFault> {
        let below = self.below(link).ok_or_else(|| {
            ArmFault::new(FaultKind::NotUnderstood, "", &format!("a link leads to another host: {link}"))
        })?;
        let path = below.split('?').next().unwrap_or_default();
        let call = Call { method: "GET", path, api_version: "", body: None, if_match: None };
        self.send(&call, below).await
    }

    /// Every item of the list at `path`: the members `value` of all its pages, or all or nothing.
    ///
    /// # Errors
    /// [`ArmFault`], also where a page is missing.
    pub async fn list(&self, path: &str, api_version: &str) -> Result<Vec<Node>, ArmFault> {
        let mut page = self.get(path, api_version).await?;
        let mut items = Vec::new();
        for _ in 0..MAX_PAGES {
            let strange = || ArmFault::new(FaultKind::NotUnderstood, path, "the list has no member `value`");
            items.extend_from_slice(page.get("value").and_then(Node::items).ok_or_else(strange)?);
            match page.member::<String>("nextLink").filter(|link| !link.is_empty()) {
                None => return Ok(items),
                Some(link) => page = self.follow(&link).await?.body,
            }
        }
        Err(ArmFault::new(FaultKind::NotUnderstood, path, &format!("the list has more than {MAX_PAGES} pages")))
    }

    /// Path and query of `link`, where it is below the management URL.
    fn below<'l>(&self, link: &'l str) -> Option<&'l str> {
        let own = &self.scene.config.azure.as_ref()?.management_url;
        let (begin, rest) = link.split_at_checked(own.len())?;
        let rest = rest.strip_prefix(":443").unwrap_or(rest);
        (begin.eq_ignore_ascii_case(own) && rest.starts_with('/')).then_some(rest)
    }

    /// A token that is not accepted is asked for anew, once.
    async fn send(&self, call: &Call<'_>, below: &str) -> Result<ArmAnswer, ArmFault> {
        self.not_paused(call)?;
        let first = token(&self.scene).await?;
        let response = self.once(call, below, &first).await?;
        if response.status != 401 {
            return self.judge(call, first.hidden_in(response));
        }
        self.scene.arm.borrow_mut().forget_token(&first);
        let second = token(&self.scene).await?;
        let response = self.once(call, below, &second).await?;
        self.judge(call, second.hidden_in(response))
    }

    fn not_paused(&self, call: &Call<'_>) -> Result<(), ArmFault> {
        let pause = self.scene.arm.borrow().arm_pause(self.scene.ports.now());
        pause.map_or(Ok(()), |fault| Err(ArmFault { path: call.path.to_owned(), ..fault }))
    }

    async fn once(&self, call: &Call<'_>, below: &str, token: &AccessToken) -> Result<HttpResponse, ArmFault> {
        self.not_paused(call)?;
        let sent = self.scene.ports.send(self.request(call, below, token)).await;
        sent.map_err(|failure: FetchFailure| ArmFault::of_exchange(&failure, call.path))
    }

    fn request(&self, call: &Call<'_>, below: &str, token: &AccessToken) -> HttpRequest {
        let own = self.scene.config.azure.as_ref().map(|azure| azure.management_url.as_str()).unwrap_or_default();
        let mut headers = vec![("Authorization", token.credential()), ("Accept", "application/json".into())];
        if call.body.is_some() {
            headers.push(("Content-Type", "application/json".into()));
        }
        headers.extend(call.if_match.map(|etag| ("If-Match", etag.to_owned())));
        HttpRequest {
            method: call.method,
            url: format!("{own}{below}"),
            headers,
            body: call.body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            timeout_ms: TIMEOUT_MS,
            max_bytes: MAX_BYTES,
        }
    }

    fn judge(&self, call: &Call<'_>, response: HttpResponse) -> Result<ArmAnswer, ArmFault> {
        let judged = judge(response, call.path, self.scene.ports.now());
        if let Err(fault @ ArmFault { until: Some(until), .. }) = &judged {
            self.scene.arm.borrow_mut().pause_arm(*until, fault.clone());
        }
        judged
    }
}
