//! Bodies that a browser's own forms send, beside those of clients that send JSON.

use super::AdminRequest;
use super::request::decode;

/// What a form's fields hold, in order, without the empty ones; `None` where the body is no form
/// (`application/x-www-form-urlencoded` or `multipart/form-data`, RFC 7578).
pub(super) fn texts(request: &AdminRequest) -> Option<Vec<String>> {
    let (kind, parameters) =
        request.content_type.as_deref()?.split_once(';').unwrap_or((request.content_type.as_deref()?, ""));
    let body = request.body.as_ref()?.as_ref().ok()?;
    let mut texts = match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => url_encoded(body),
        "multipart/form-data" => multipart(body, boundary(parameters)?),
        _ => return None,
    };
    texts.retain(|text| !text.trim().is_empty());
    Some(texts)
}

fn url_encoded(body: &str) -> Vec<String> {
    body.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| decode(value)).collect()
}

fn boundary(parameters: &str) -> Option<&str> {
    let mut pairs = parameters.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    Some(value.trim_matches('"')).filter(|value| !value.is_empty())
}

/// Contents of the parts: after a line feed, two hyphens and the boundary come header fields, an empty line, the content.
fn multipart(body: &str, boundary: &str) -> Vec<String> {
    let (whole, delimiter) = (format!("\r\n{body}"), format!("\r\n--{boundary}"));
    let parts = whole.split(delimiter.as_str()).skip(1).filter(|part| !part.starts_with("--"));
    parts.filter_map(|part| part.split_once("\r\n\r\n")).map(|(_, content)| content.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(content_type: &str, body: &str) -> Option<Vec<String>> {
        texts(&AdminRequest {
            content_type: Some(content_type.into()),
            body: Some(Ok(body.into())),
            ..AdminRequest::default()
        })
    }

    #[test]
    fn a_url_encoded_form() {
        let given = of("application/x-www-form-urlencoded; charset=UTF-8", "a=%7B%22x%22%3A+1%7D&b=&c=2");
        assert_eq!(given, Some(vec![r#"{"x": 1}"#.to_owned(), "2".to_owned()]));
    }

    #[test]
    fn a_multipart_form_with_an_empty_file() {
        let body = "--X1\r\nContent-Disposition: form-data; name=\"documents\"\r\n\r\n{\r\n--X\r\n}\r\n--X1\r\n\
                    Content-Disposition: form-data; name=\"files\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n--X1--\r\n";
        assert_eq!(of("Multipart/Form-Data; boundary=X1", body), Some(vec!["{\r\n--X\r\n}".to_owned()]));
    }

    #[test]
    fn json_is_no_form_and_damage_is_no_panic() {
        assert_eq!(of("application/json", "{}"), None);
        assert_eq!(of("multipart/form-data", "--X\r\n\r\n"), None);
        assert_eq!(of("multipart/form-data; boundary=\"X\"", "--X--X\r\n--X"), Some(vec![]));
    }
}
