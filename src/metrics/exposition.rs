//! The text: `OpenMetrics` 1.0.0
//! (<https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md>). As it has gauges only, the older
//! text format 0.0.4 reads it too: there, `UNIT` and `EOF` are comments.

use std::fmt::{Display, Write};

use super::families::{FAMILIES, Family, Samples};
use super::numbers::Numbers;

/// The samples of one family, one a line.
pub(super) struct Lines<'a> {
    text: &'a mut String,
    family: &'static str,
    /// The label `origin` of every sample.
    origin: Option<&'a str>,
}

impl Lines<'_> {
    /// One sample.
    pub(super) fn add(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(self.family);
        let labels = self.origin.iter().map(|origin| ("origin", *origin)).chain(labels.iter().copied());
        let mut mark = '{';
        for (name, value) in labels {
            self.text.push(mark);
            self.text.push_str(name);
            self.text.push_str("=\"");
            value.chars().for_each(|c| escape(self.text, c));
            self.text.push('"');
            mark = ',';
        }
        if mark == ',' {
            self.text.push('}');
        }
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.text, " {value}");
    }

    /// One sample for each of `words` with this `label`: 1 for the one that is the case, 0 for the others.
    pub(super) fn one_of(&mut self, label: &str, words: &[&str], is: &str) {
        for word in words {
            self.add(&[(label, word)], u8::from(*word == is));
        }
    }
}

fn escape(text: &mut String, c: char) {
    match c {
        '\n' => text.push_str("\\n"),
        '"' | '\\' => text.extend(['\\', c]),
        _ => text.push(c),
    }
}

/// Every family with its samples.
pub fn expose(numbers: &Numbers<'_>) -> String {
    let mut text = String::new();
    for family in FAMILIES {
        expose_family(&mut text, family, numbers);
    }
    text + "# EOF\n"
}

fn expose_family(text: &mut String, family: &Family, numbers: &Numbers<'_>) {
    let Family { name, help, samples } = family;
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    if name.ends_with("_seconds") {
        let _ = writeln!(text, "# UNIT {name} seconds");
    }
    let mut lines = Lines { text, family: name, origin: None };
    if let Samples::Whole(add) = samples {
        add(numbers, &mut lines);
    }
    for origin in &numbers.origins {
        lines.origin = Some(origin.name);
        match (samples, origin.record) {
            (Samples::EachOrigin(add), _) => add(numbers.now, origin, &mut lines),
            (Samples::EachRecord(add), Some(record)) => add(numbers.now, record, &mut lines),
            (Samples::EachRecord(_), None) | (Samples::Whole(_), _) => {}
        }
    }
}
