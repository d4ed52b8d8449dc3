//! From JSON into derived types, without a word on what is wrong: nobody is shown why a stored text cannot be read.
//!
//! `serde_json`'s own reader writes an error text for every type that a value may have instead. That is a good part of
//! the formatting code of Rust's library, in a module whose size is limited.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::Node;

/// The `T` that `text` holds; `None` where it is no JSON or no `T`.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    read_node(&serde_json::from_str(text).ok()?)
}

/// The `T` that `node` is.
pub fn read_node<T: DeserializeOwned>(node: &Node) -> Option<T> {
    T::deserialize(node).ok()
}

/// Not what was asked for.
#[derive(Debug)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not what was asked for")
    }
}

impl std::error::Error for Unreadable {}

// Every method is written out: the trait's own would format their arguments.
impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

impl<'de> IntoDeserializer<'de, Unreadable> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! as_one {
    ($one:ident: $($other:ident)+) => {
        $(fn $other<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> { self.$one(visitor) })+
    };
}

// One shape for each thing asked, so that of every visitor one method is linked. `serde_json` would also take a list of
// its members for a struct, which nothing writes.
impl<'de> Deserializer<'de> for &'de Node {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(_) => self.deserialize_u64(visitor),
            Node::Text(_) => self.deserialize_str(visitor),
            Node::List(_) => self.deserialize_seq(visitor),
            Node::Table(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Node::Bool(value) = self else { return Err(Unreadable) };
        visitor.visit_bool(*value)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Node::Number(number) = self else { return Err(Unreadable) };
        match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i64(number),
            (.., Some(number)) => visitor.visit_f64(number),
            (None, None, None) => Err(Unreadable),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Node::Text(text) = self else { return Err(Unreadable) };
        visitor.visit_borrowed_str(text)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Node::List(items) = self else { return Err(Unreadable) };
        visitor.visit_seq(SeqDeserializer::new(items.iter()))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let Node::Table(entries) = self else { return Err(Unreadable) };
        visitor.visit_map(MapDeserializer::new(entries.iter().map(|(key, value)| (key.as_str(), value))))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if *self == Node::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    /// A word, or a table whose one key is the word. (The stored types are tagged from outside: to read an inner tag, serde
    /// would keep a copy of the whole value first, and the code for that.)
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        let variant = match self {
            Node::Text(word) => Variant { word, content: &Node::Null },
            Node::Table(entries) => match entries.as_slice() {
                [(word, content)] => Variant { word, content },
                _ => return Err(Unreadable),
            },
            _ => return Err(Unreadable),
        };
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    as_one! { deserialize_u64: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_i8 deserialize_i16
    deserialize_i32 deserialize_i64 deserialize_f32 deserialize_f64 }
    as_one! { deserialize_str: deserialize_string deserialize_identifier }

    forward_to_deserialize_any! { char bytes byte_buf unit unit_struct tuple tuple_struct }
}

/// A variant and what it holds.
struct Variant<'de> {
    word: &'de str,
    content: &'de Node,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Unreadable> {
        Ok((seed.deserialize(StrDeserializer::new(self.word))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if *self.content == Node::Null { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(self.content)
    }

    /// No stored type has such a variant.
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Unreadable> {
        Err(Unreadable)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unreadable> {
        self.content.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Stored {
        whole: u32,
        signed: i64,
        real: f64,
        name: String,
        word: Option<Word>,
        list: Vec<Part>,
        #[serde(default)]
        left_out: bool,
        tagged: Tagged,
        address: std::net::IpAddr,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Part(u8);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        OneWord,
        Another,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Tagged {
        Nothing,
        Part(Part),
        Some { number: u16, flag: bool },
    }

    const MARKS: &[char] = &['[', ']', '{', '}', '"', ',', ':', '.', '-', '0', '9', 'a', 'e', ' '];

    const WRITTEN: &str = r#"{
        "whole": 7, "signed": -2, "real": 1.5, "name": "a\nä", "word": "one_word", "list": [0, 255], "unknown": {"a": []},
        "tagged": {"some": {"number": 65535, "flag": true}}, "address": "::1"
    }"#;

    /// As `serde_json` reads it.
    fn theirs(text: &str) -> Option<Stored> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn every_kind_of_member_is_read() {
        assert!(theirs(WRITTEN).is_some());
        assert_eq!(read::<Stored>(WRITTEN), theirs(WRITTEN));
    }

    #[test]
    fn every_kind_of_variant_is_read() {
        for variant in [r#""nothing""#, r#"{"nothing": null}"#, r#"{"part": 7}"#] {
            let text = WRITTEN.replace(r#"{"some": {"number": 65535, "flag": true}}"#, variant);
            assert!(theirs(&text).is_some(), "{variant}");
            assert_eq!(read::<Stored>(&text), theirs(&text), "{variant}");
        }
    }

    #[test]
    fn what_serde_json_refuses_is_refused() {
        let changes = [
            ("7,", "-7,"),
            ("7,", "4294967296,"),
            ("7,", "7.5,"),
            ("7,", "null,"),
            ("7,", r#"7, "whole": 7,"#),
            (r#""whole": 7,"#, ""),
            ("[0, 255]", "[0, 256]"),
            ("[0, 255]", "{}"),
            ("one_word", "two"),
            (r#""one_word""#, "1"),
            (r#""some""#, r#""other""#),
            (r#""some""#, r#""nothing""#),
            (r#""some""#, r#""part""#),
            (r#"{"some":"#, r#"{"part": 1, "some":"#),
            (r#"{"some": {"number": 65535, "flag": true}}"#, r#""some""#),
            ("65535", "true"),
            ("true", "1"),
            ("::1", "::g"),
            (r#""::1""#, "[]"),
            ("}", "}}"),
        ];
        for (right, wrong) in changes {
            let text = WRITTEN.replacen(right, wrong, 1);
            assert_ne!(text, WRITTEN);
            assert!(theirs(&text).is_none() && read::<Stored>(&text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_serde_json_reads_is_read_the_same(at in 0..WRITTEN.len(), put in vec(select(MARKS), 0..3), cut in 0usize..4) {
            let (before, rest) = WRITTEN.split_at_checked(at).unwrap_or((WRITTEN, ""));
            let put: String = put.into_iter().collect();
            let text = format!("{before}{put}{}", rest.get(cut..).unwrap_or_default());
            prop_assert_eq!(read::<Stored>(&text), theirs(&text));
        }
    }
}
