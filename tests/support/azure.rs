//! Entra's token endpoint and Azure Resource Manager by their documented wire forms, with their faults.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};

use apim_origin_guard::ports::{FetchFailure, HttpRequest, HttpResponse};
use serde_json::{Value, json};

pub const LOGIN: &str = "https://login.test";
pub const ARM: &str = "https://arm.test";
pub const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";
pub const CLIENT: &str = "6731de76-14a6-49ae-97bc-6eba6914391e";
pub const SUBSCRIPTION: &str = "a200340d-6b82-494d-9dbf-687ba6e33f9e";
pub const SECRET: &str = "s3cr~t/of+the=application";
pub const SERVICE: &str = "/subscriptions/a200340d-6b82-494d-9dbf-687ba6e33f9e/resourceGroups/rg1/providers/\
                           Microsoft.ApiManagement/service/contoso";

/// What becomes of one call.
#[derive(Debug, Clone)]
pub enum Say {
    /// As the documents have it.
    Good,
    /// Status, code, header fields.
    Error(u16, &'static str, Vec<(&'static str, &'static str)>),
    /// Status and body as they are.
    Raw(u16, String),
    TimesOut,
    Lost,
    /// The first half of the document.
    Half,
    /// The document as it was before the last change.
    Stale,
}

/// How Entra answers.
#[derive(Debug, Clone)]
pub enum Login {
    Good,
    /// AADSTS number and OAuth error.
    Refuses(u32, &'static str),
    Raw(u16, String),
    TimesOut,
}

pub struct Azure {
    /// By path in lower case.
    pub documents: RefCell<BTreeMap<String, Value>>,
    before: RefCell<BTreeMap<String, Value>>,
    /// Answers of single paths in lower case, before all others.
    pub of_path: RefCell<BTreeMap<String, Say>>,
    /// The next answers; afterwards `otherwise`.
    pub next: RefCell<VecDeque<Say>>,
    pub otherwise: RefCell<Say>,
    pub login: RefCell<Login>,
    pub expires_in_s: Cell<u64>,
    /// Milliseconds that each answer takes.
    pub takes_ms: Cell<u32>,
    tokens: Cell<u32>,
    /// Every call of ARM, in order.
    pub calls: RefCell<Vec<HttpRequest>>,
    /// Every request for a token, in order.
    pub logins: RefCell<Vec<HttpRequest>>,
}

impl Default for Azure {
    fn default() -> Self {
        Self {
            documents: RefCell::default(),
            before: RefCell::default(),
            of_path: RefCell::default(),
            next: RefCell::default(),
            otherwise: RefCell::new(Say::Good),
            login: RefCell::new(Login::Good),
            expires_in_s: Cell::new(3599),
            takes_ms: Cell::new(20),
            tokens: Cell::new(0),
            calls: RefCell::default(),
            logins: RefCell::default(),
        }
    }
}

/// How long an answer takes, and the answer; `None`: no answer in time.
pub type Reply = (u32, Option<Result<HttpResponse, FetchFailure>>);

impl Azure {
    pub fn answers_for(url: &str) -> bool {
        url.starts_with(LOGIN) || url.starts_with(ARM)
    }

    /// Puts `document` at `path`.
    pub fn put(&self, path: &str, document: Value) {
        let path = path.to_lowercase();
        if let Some(old) = self.documents.borrow_mut().insert(path.clone(), document) {
            self.before.borrow_mut().insert(path, old);
        }
    }

    pub fn remove(&self, path: &str) {
        let path = path.to_lowercase();
        if let Some(old) = self.documents.borrow_mut().remove(&path) {
            self.before.borrow_mut().insert(path, old);
        }
    }

    /// Every answer about `path` from now on.
    pub fn at(&self, path: &str, say: Say) {
        self.of_path.borrow_mut().insert(path.to_lowercase(), say);
    }

    pub fn then(&self, says: impl IntoIterator<Item = Say>) {
        self.next.borrow_mut().extend(says);
    }

    pub fn always(&self, say: Say) {
        *self.otherwise.borrow_mut() = say;
    }

    /// The paths of all calls, in order.
    pub fn paths(&self) -> Vec<String> {
        self.calls.borrow().iter().map(|call| path_of(&call.url)).collect()
    }

    pub fn reply(&self, request: &HttpRequest) -> Reply {
        let takes_ms = self.takes_ms.get();
        if request.url.starts_with(LOGIN) {
            self.logins.borrow_mut().push(request.clone());
            return (takes_ms, self.login(request));
        }
        self.calls.borrow_mut().push(request.clone());
        let of_path = self.of_path.borrow().get(&path_of(&request.url)).cloned();
        let next = of_path.or_else(|| self.next.borrow_mut().pop_front());
        let say = next.unwrap_or_else(|| self.otherwise.borrow().clone());
        (takes_ms, self.arm(request, &say))
    }

    fn login(&self, request: &HttpRequest) -> Option<Result<HttpResponse, FetchFailure>> {
        assert_eq!(request.url, format!("{LOGIN}/{TENANT}/oauth2/v2.0/token"));
        Some(Ok(match &*self.login.borrow() {
            Login::Good => {
                self.tokens.set(self.tokens.get() + 1);
                let token = format!("token-{}", self.tokens.get());
                answer(
                    200,
                    &json!({"token_type": "Bearer", "expires_in": self.expires_in_s.get(), "access_token": token}),
                )
            }
            Login::Refuses(number, error) => answer(
                if *error == "invalid_client" { 401 } else { 400 },
                &json!({
                    "error": error,
                    "error_description": format!("AADSTS{number}: It is refused.\r\nTrace ID: 1\r\nTimestamp: 2"),
                    "error_codes": [number], "timestamp": "2026-04-27 11:19:52Z", "trace_id": "t", "correlation_id": "c",
                }),
            ),
            Login::Raw(status, body) => raw(*status, body),
            Login::TimesOut => return None,
        }))
    }

    fn arm(&self, request: &HttpRequest, say: &Say) -> Option<Result<HttpResponse, FetchFailure>> {
        let token = format!("Bearer token-{}", self.tokens.get());
        let field =
            |name: &str| request.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        if field("Authorization") != Some(token) {
            return Some(Ok(error(401, "InvalidAuthenticationToken", &[])));
        }
        Some(match say {
            Say::Good => Ok(found(&self.documents.borrow(), &request.url)),
            Say::Stale => {
                let both = self.before.borrow();
                let known = both.contains_key(&path_of(&request.url));
                Ok(if known { found(&both, &request.url) } else { found(&self.documents.borrow(), &request.url) })
            }
            Say::Half => {
                let mut whole = found(&self.documents.borrow(), &request.url);
                whole.body.truncate(whole.body.len() / 2);
                Ok(whole)
            }
            Say::Error(status, code, headers) => Ok(error(*status, code, headers)),
            Say::Raw(status, body) => Ok(raw(*status, body)),
            Say::TimesOut => return None,
            Say::Lost => Err(FetchFailure::ConnectionLost),
        })
    }
}

fn found(documents: &BTreeMap<String, Value>, url: &str) -> HttpResponse {
    match documents.get(&path_of(url)) {
        Some(document) => answer(200, document),
        None => error(404, "ResourceNotFound", &[]),
    }
}

/// Decoded, in lower case.
fn path_of(url: &str) -> String {
    let below = url.strip_prefix(ARM).unwrap();
    let (path, query) = below.split_once('?').unwrap();
    assert!(query.starts_with("api-version=") || query.contains("skiptoken"), "{url}");
    path.replace("%20", " ").to_lowercase()
}

pub fn answer(status: u16, body: &Value) -> HttpResponse {
    raw(status, &body.to_string())
}

fn raw(status: u16, body: &str) -> HttpResponse {
    let headers = vec![
        ("content-type".into(), "application/json; charset=utf-8".into()),
        ("x-ms-request-id".into(), "11111111-2222-3333-4444-555555555555".into()),
    ];
    HttpResponse { status, headers, body: body.as_bytes().to_vec() }
}

fn error(status: u16, code: &str, headers: &[(&str, &str)]) -> HttpResponse {
    let mut answer = answer(status, &json!({"error": {"code": code, "message": "The words of Azure."}}));
    answer.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    answer
}

/// The `azure` part of a configuration, to stand beside `origins`.
pub fn azure_section() -> Value {
    json!({"tenant_id": TENANT, "client_id": CLIENT, "login_url": LOGIN, "management_url": ARM})
}

/// The `azure` part of an origin.
pub fn resource() -> Value {
    json!({"subscription_id": SUBSCRIPTION, "resource_group": "rg1", "service_name": "contoso"})
}
