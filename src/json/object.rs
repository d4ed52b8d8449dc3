//! Objects to be written. `serde_json::json!` unwraps each member and inserts it in place; this one has a row for each.

use std::mem::take;

use serde::Serialize;
use serde_json::{Map, Value};

/// `json!({ "name": value, … })`: an object, each value anything that serialises.
macro_rules! json {
    ({ $($name:literal: $value:expr),+ $(,)? }) => {
        $crate::json::object(&mut [$(($name, $crate::json::value(&$value))),+])
    };
}
pub(crate) use json;

/// An object with these members. Their values are taken.
pub fn object(members: &mut [(&str, Value)]) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert((*name).to_owned(), take(value));
    }
    Value::Object(object)
}

/// `data` as a value. Only maps with other keys than strings cannot be one, and there are none.
pub fn value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_same_object_as_serde_jsons() {
        let (list, nothing) = (vec![1, 2], None::<u8>);
        let written = json!({ "b": list, "a": json!({ "text": "x" }), "none": nothing, "b": true });
        assert_eq!(written, serde_json::json!({ "b": list, "a": { "text": "x" }, "none": nothing, "b": true }));
        assert_eq!(list.len(), 2, "values are borrowed");
    }
}
