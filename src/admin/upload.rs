//! The body of a call that takes documents: JSON, or the form that browsers and `curl -F` send files in
//! (`multipart/form-data`, RFC 7578).

/// A text and where it is from: its file's name, or "request".
pub(super) type Part<'a> = (&'a str, &'a str);

/// The field of the form that holds documents; there may be several of it.
pub(super) const FIELD: &str = "documents";

/// The texts in `body`, none of them copied. No JSON begins as a form does.
pub(super) fn parts(body: &str) -> Vec<Part<'_>> {
    match body.split_once("\r\n") {
        Some((delimiter, rest)) if delimiter.starts_with("--") => form(delimiter, rest),
        _ => vec![("request", body)],
    }
}

fn form<'a>(delimiter: &str, rest: &'a str) -> Vec<Part<'a>> {
    let next = format!("\r\n{delimiter}");
    let fields = rest.split(next.as_str()).filter_map(|part| part.trim_start().split_once("\r\n\r\n"));
    fields.filter(|(_, text)| !text.trim().is_empty()).filter_map(|(head, text)| Some((source(head)?, text))).collect()
}

/// Where a part with this head is from; `None`: it is another field.
fn source(head: &str) -> Option<&str> {
    let line = head
        .lines()
        .find(|line| line.split_once(':').is_some_and(|(name, _)| name.eq_ignore_ascii_case("content-disposition")))?;
    let name = quoted(line, " name=\"")?;
    let file = quoted(line, " filename=\"").filter(|file| !file.is_empty());
    (name == FIELD).then(|| file.unwrap_or("request"))
}

fn quoted<'a>(line: &'a str, parameter: &str) -> Option<&'a str> {
    let (_, value) = line.split_once(parameter)?;
    value.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_one_text() {
        for body in ["{}", "[]\r\n", "", "-1", "\u{feff}{}"] {
            assert_eq!(parts(body), [("request", body)]);
        }
    }

    #[test]
    fn a_form_has_files_and_text() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"documents\"; filename=\"a b.json\"\r\nContent-Type: \
            application/json\r\n\r\n{\r\n}\n\r\n--b\r\ncontent-disposition: form-data; name=\"documents\"\r\n\r\n[--b]\r\n--b\r\n\
            Content-Disposition: form-data; name=\"documents\"; filename=\"\"\r\n\r\n\r\n--b\r\n\
            Content-Disposition: form-data; name=\"other\"\r\n\r\n{}\r\n--b--\r\n";
        assert_eq!(parts(body), [("a b.json", "{\r\n}\n"), ("request", "[--b]")]);
    }

    #[test]
    fn a_broken_form_has_none() {
        for body in
            ["--b\r\n", "--b\r\n\r\n", "--b\r\nx\r\n\r\ny", "--\r\n--\r\n--", "--b\r\nContent-Disposition: form-data"]
        {
            assert_eq!(parts(body), [], "{body:?}");
        }
    }
}
