//! Arbitrary answers, read as errors that Cloudflare's edge may have made: however the body is cut into pieces, it is judged as
//! the whole of it is. The first five octets make the head.
#![no_main]

use apim_origin_guard::proxy::{Head, Sign, Sniffed, judge_body, judge_head};
use libfuzzer_sys::fuzz_target;

const STATUSES: [u16; 16] = [200, 403, 404, 409, 429, 500, 502, 503, 504, 520, 522, 525, 526, 527, 530, 599];
const SERVERS: [Option<&str>; 4] = [None, Some("cloudflare"), Some("Cloudflare "), Some("Microsoft-IIS/10.0")];
const TYPES: [Option<&str>; 5] =
    [None, Some("text/html; charset=UTF-8"), Some("application/json"), Some("text/markdown"), Some("image/png")];
const ERROR_TYPES: [Option<&str>; 4] = [None, None, Some("1016"), Some("dns")];

fn choose<T: Copy>(from: &[T], by: u8) -> T {
    from[usize::from(by) % from.len()]
}

fuzz_target!(|octets: &[u8]| {
    let Some((&[status, server, kind, error_type, length], body)) = octets.split_first_chunk() else { return };
    let head = Head {
        status: choose(&STATUSES, status),
        server: choose(&SERVERS, server),
        cf_error_type: choose(&ERROR_TYPES, error_type),
        content_type: choose(&TYPES, kind),
        content_length: choose(&[None, Some(body.len() as u64), Some(u64::MAX)], length),
    };
    if head.status == 200 {
        assert_eq!(judge_head(&head), Sign::Own);
    }
    let whole = judge_body(&head, body, true);
    assert_ne!(whole, Sniffed::More);
    for end in 0..=body.len() {
        let so_far = judge_body(&head, &body[..end], false);
        assert!(so_far == Sniffed::More || so_far == whole, "{so_far:?} after {end} octets, {whole:?} in the end");
    }
});
