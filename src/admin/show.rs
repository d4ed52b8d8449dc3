//! The form of an operator's answer: JSON, or the page made of the same JSON.

use super::AdminRequest;
use super::config_call;
use super::respond::{Answer, Errors, json};
use super::route::Call;
use crate::config::Config;
use crate::pages::{Context, View, error_page, page};
use crate::problem::{MediaType, Rendered};
use crate::time::UnixMillis;

/// What the answer to a request looks like.
pub(super) enum Form<'a> {
    /// As the handler gives it.
    Plain(Option<Call<'a>>),
    /// A page; without a view what is no error stays as it is (a file).
    Page(Option<Call<'a>>, Option<View>),
}

impl<'a> Form<'a> {
    /// Browsers prefer HTML; the dashboard has no other form.
    pub(super) fn of(call: Option<Call<'a>>, request: &AdminRequest, errors: &Errors) -> Self {
        match call {
            Some(Call::Overview) => Self::Page(call, Some(View::Overview)),
            _ if errors.media != MediaType::Html => Self::Plain(call),
            // People are shown the status on the first page.
            Some(Call::Status) => Self::Page(Some(Call::Overview), Some(View::Overview)),
            Some(call) => Self::Page(Some(call), view(call, request)),
            None => Self::Page(None, None),
        }
    }

    /// What is to be handled.
    pub(super) const fn call(&self) -> Option<Call<'a>> {
        match self {
            Self::Plain(call) | Self::Page(call, _) => *call,
        }
    }

    /// How errors are to be written for it.
    pub(super) fn errors(&self, errors: &Errors) -> Errors {
        Errors { as_page: matches!(self, Self::Page(..)), ..errors.clone() }
    }

    /// The answer in this form.
    pub(super) fn show(&self, answer: Answer, config: &Config, request: &AdminRequest, now: UnixMillis) -> Rendered {
        let (origin, given) = (request.parameter("origin"), config_call::given(request));
        let origins: Vec<&str> = config.origins.iter().map(|origin| origin.name.as_str()).collect();
        let context = Context {
            base: &config.admin.path,
            nonce: &request.nonce,
            now,
            origin: origin.as_deref(),
            origins: &origins,
            given: given.as_deref(),
        };
        match (answer, self) {
            (Answer::Report(report), Self::Page(_, Some(view))) => page(*view, &report, &context),
            (Answer::Report(report), _) => json(200, &report),
            (Answer::Ready(ready), Self::Page(_, view)) => error_page(*view, ready, &context),
            (Answer::Ready(ready), Self::Plain(_)) => ready,
        }
    }
}

/// The page of a call's report; `None` for a file.
fn view(call: Call<'_>, request: &AdminRequest) -> Option<View> {
    match call {
        Call::Overview | Call::Status => Some(View::Overview),
        Call::Refresh => Some(View::Look),
        Call::Diagnose => Some(View::Diagnosis),
        Call::History => Some(View::History),
        Call::Incidents => Some(View::Incidents),
        Call::Incident(_) => Some(View::Incident),
        Call::Allowlist => request.parameter("format").is_none().then_some(View::Allowlist),
        Call::Audit => Some(View::NetworkCheck),
        Call::Checklist => Some(View::Checklist),
        Call::Config => Some(View::Configuration),
        Call::ConfigCheck => Some(View::ConfigurationCheck),
        Call::AllowlistPlan | Call::AllowlistApply => Some(View::Plan),
        Call::Bundle(_) | Call::Replay | Call::Metrics | Call::OpenApi | Call::NoticesTest | Call::Zone => None,
    }
}
