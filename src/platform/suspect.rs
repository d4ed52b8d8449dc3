//! The first bytes of a suspect body, within bounds of size and time.

use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use std::pin::pin;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, Request, Response};

use super::js;
use crate::ports::Clock;
use crate::proxy::{Head, Sniffed, judge_body};

/// An edge-made error comes in one piece; a body that takes longer is the origin's own, in milliseconds.
const PEEK_MS: u32 = 400;

/// Reads a body chunk by chunk.
pub(super) struct BodyReader(ReadableStreamDefaultReader);

impl BodyReader {
    /// `None` for a response without body, or one whose body is in use.
    pub(super) fn of(response: &Response) -> Option<Self> {
        Self::over(response.body())
    }

    /// Over a request's body.
    pub(super) fn of_request(request: &Request) -> Option<Self> {
        Self::over(request.body())
    }

    fn over(body: Option<ReadableStream>) -> Option<Self> {
        let reader = body.filter(|body| !body.locked())?.get_reader();
        Some(Self(reader.unchecked_into()))
    }

    /// The next chunk; `None` at the end.
    pub(super) async fn next(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let step = JsFuture::from(self.0.read()).await?;
        if js::property(&step, "done").is_truthy() {
            return Ok(None);
        }
        Ok(Some(Uint8Array::new(&js::property(&step, "value")).to_vec()))
    }

    /// All of it; `None`, and the rest is let go, where it is longer than `max` bytes.
    pub(super) async fn whole(&self, max: usize) -> Result<Option<Vec<u8>>, JsValue> {
        let mut body = Vec::new();
        while let Some(chunk) = self.next().await? {
            if body.len().saturating_add(chunk.len()) > max {
                self.cancel();
                return Ok(None);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some(body))
    }

    /// Lets the rest go.
    pub(super) fn cancel(&self) {
        // Whether the rest could be cancelled changes nothing.
        let _ = self.0.cancel();
    }
}

/// The whole body of `copy`, read within the same time; `None` where it is longer than `max` bytes or takes longer.
pub(super) async fn peek(clock: &impl Clock, copy: &Response, max: usize) -> Option<Vec<u8>> {
    let reader = BodyReader::of(copy)?;
    let body = match select(pin!(reader.whole(max)), pin!(clock.sleep(PEEK_MS))).await {
        Either::Left((body, _)) => body.ok().flatten(),
        Either::Right(((), _)) => None,
    };
    reader.cancel();
    body
}

/// Judges a suspect response by a copy of its body; the response itself stays whole.
pub(super) async fn sniff(clock: &impl Clock, head: &Head<'_>, response: &Response) -> Sniffed {
    let Ok(copy) = response.clone() else { return Sniffed::Own };
    let Some(reader) = BodyReader::of(&copy) else { return judge_body(head, &[], true) };
    let verdict = match select(pin!(read(head, &reader)), pin!(clock.sleep(PEEK_MS))).await {
        Either::Left((verdict, _)) => verdict,
        Either::Right(((), _)) => Sniffed::Own,
    };
    reader.cancel();
    verdict
}

async fn read(head: &Head<'_>, reader: &BodyReader) -> Sniffed {
    let mut so_far = Vec::new();
    loop {
        let complete = match reader.next().await {
            Ok(Some(chunk)) => {
                so_far.extend_from_slice(&chunk);
                false
            }
            Ok(None) => true,
            Err(_) => return Sniffed::Own,
        };
        match judge_body(head, &so_far, complete) {
            Sniffed::More => {}
            verdict => return verdict,
        }
    }
}
