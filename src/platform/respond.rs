//! Answers of the guard's own as runtime objects.

use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

use crate::problem::Rendered;

/// The response; `HEAD` gets the headers alone (RFC 9110 9.3.2), 204 and 304 have no body.
pub(super) fn respond(rendered: &Rendered, method: &str) -> Result<JsValue, JsValue> {
    let headers = Headers::new()?;
    for (name, value) in &rendered.headers {
        headers.append(name, value)?;
    }
    let init = ResponseInit::new();
    init.set_status(rendered.status);
    init.set_headers(&headers);
    let body = (method != "HEAD" && !matches!(rendered.status, 204 | 304)).then_some(rendered.body.as_str());
    Response::new_with_opt_str_and_init(body, &init).map(Into::into)
}
