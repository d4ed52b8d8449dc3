//! Values to be written, each out of rows: serde's derived writer holds a copy of the same steps for every member.

use std::mem::take;
use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::{Map, Value};

/// A type that can be written.
pub trait ToValue {
    /// As JSON.
    fn to_value(&self) -> Value;
}

/// `json!({ "name": value, … })`: an object, each value anything that can be written.
macro_rules! json {
    ({ $($name:literal: $value:expr),+ $(,)? }) => {
        $crate::json::object(&mut [$(($name, $crate::json::value(&$value))),+])
    };
}
pub(crate) use json;

/// `shown! { Type { member, … } or nothing { member, … } }`: a struct as an object with these members, of the second
/// list those that are not null.
macro_rules! shown {
    ($type:ident { $($member:ident),+ $(,)? } $(or nothing { $($optional:ident),+ })?) => {
        impl $crate::json::ToValue for $type {
            fn to_value(&self) -> serde_json::Value {
                let Self { $($member,)+ $($($optional),+)? } = self;
                let object = $crate::json::object(&mut [$((stringify!($member), $crate::json::value($member))),+]);
                $(let object = $crate::json::with_given(
                    object, &mut [$((stringify!($optional), $crate::json::value($optional))),+]
                );)?
                object
            }
        }
    };
}
pub(crate) use shown;

/// `shown_words! { Type { Variant: "word", … } }`: an enum as a string.
macro_rules! shown_words {
    ($type:ident { $($variant:ident: $word:literal),+ $(,)? }) => {
        impl $crate::json::ToValue for $type {
            fn to_value(&self) -> serde_json::Value {
                match self { $(Self::$variant => $word),+ }.into()
            }
        }
    };
}
pub(crate) use shown_words;

/// `shown_text! { Type }`: what its `Display` writes, as a string.
macro_rules! shown_text {
    ($($type:ty),+) => {
        $(impl $crate::json::ToValue for $type {
            fn to_value(&self) -> serde_json::Value {
                self.to_string().into()
            }
        })+
    };
}
pub(crate) use shown_text;

/// An object with these members. Their values are taken.
pub fn object(members: &mut [(&str, Value)]) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert((*name).to_owned(), take(value));
    }
    Value::Object(object)
}

/// `object` and those of these members that are not null.
pub fn with_given(mut object: Value, members: &mut [(&str, Value)]) -> Value {
    if let Value::Object(given) = &mut object {
        for (name, value) in members.iter_mut().filter(|(_, value)| !value.is_null()) {
            given.insert((*name).to_owned(), take(value));
        }
    }
    object
}

/// `data` as a value.
pub fn value<T: ToValue + ?Sized>(data: &T) -> Value {
    data.to_value()
}

/// The word of an enum that is written as one.
pub fn word<T: ToValue>(data: &T) -> String {
    if let Value::String(word) = data.to_value() { word } else { String::new() }
}

macro_rules! by_from {
    ($($type:ty),+) => {
        $(impl ToValue for $type {
            fn to_value(&self) -> Value {
                self.clone().into()
            }
        })+
    };
}

by_from! { bool, u16, u32, u64, usize, &str, String, Value }
shown_text! { IpAddr }
shown_text! { IpNet }

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for [T] {
    fn to_value(&self) -> Value {
        let mut list = Vec::new();
        for item in self {
            list.push(item.to_value());
        }
        Value::Array(list)
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_object_as_serde_jsons() {
        let (list, nothing) = (vec![1_u16, 2], None::<u16>);
        let written = json!({ "b": list, "a": json!({ "text": "x" }), "none": nothing, "b": true });
        assert_eq!(written, serde_json::json!({ "b": list, "a": { "text": "x" }, "none": nothing, "b": true }));
        assert_eq!(list.len(), 2, "values are borrowed");
    }

    struct Shown {
        always: Option<u16>,
        given: Option<Word>,
        left_out: Option<Word>,
    }

    enum Word {
        OneWord,
    }

    shown! { Shown { always } or nothing { given, left_out } }
    shown_words! { Word { OneWord: "one_word" } }

    #[test]
    fn what_is_nothing_is_left_out_where_that_is_said() {
        let shown = Shown { always: None, given: Some(Word::OneWord), left_out: None };
        assert_eq!(value(&shown), serde_json::json!({ "always": null, "given": "one_word" }));
    }
}
