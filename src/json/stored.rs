//! The types that the guard stores and reads back, without a word on what is wrong: nobody is shown why a stored text
//! cannot be read.
//!
//! The form is the one that serde has by default: variants are tagged from outside. serde itself is not used: its
//! derived reader holds a loop over all members for every type, in a module whose size is limited.

use std::net::IpAddr;

use super::Node;
use ipnet::IpNet;
use serde_json::Value;

/// A type that can be read back.
pub trait FromNode: Sized {
    /// The value that `node` is; `None` where it is none of this type.
    fn from_node(node: &Node) -> Option<Self>;
}

/// The `T` that `text` holds; `None` where it is no JSON or no `T`.
pub fn read<T: FromNode>(text: &str) -> Option<T> {
    T::from_node(&serde_json::from_str(text).ok()?)
}

/// `stored! { Type { member, … } or default { member, … } }`: a struct as an object with these members. When it is read,
/// an `Option` may be missing, of the second list any. Others than these are passed over.
macro_rules! stored {
    ($type:ident { $($member:ident),+ $(,)? } $(or default { $($later:ident),+ })?) => {
        $crate::json::shown! { $type { $($member,)+ $($($later),+)? } }
        $crate::json::from_node! { $type { $($member),+ } $(or default { $($later),+ })? }
    };
}
pub(crate) use stored;

/// The reading half of [`stored!`].
macro_rules! from_node {
    ($type:ident { $($member:ident),+ $(,)? } $(or default { $($later:ident),+ })?) => {
        impl $crate::json::FromNode for $type {
            fn from_node(node: &$crate::json::Node) -> Option<Self> {
                Some(Self {
                    $($member: node.member(stringify!($member))?,)+
                    $($($later: node.member_or_default(stringify!($later))?,)+)?
                })
            }
        }
    };
}
pub(crate) use from_node;

/// `stored_words! { Type { Variant: "word", … } }`: an enum as a string.
macro_rules! stored_words {
    ($type:ident { $($variant:ident: $word:literal),+ $(,)? }) => {
        $crate::json::shown_words! { $type { $($variant: $word),+ } }
        impl $crate::json::FromNode for $type {
            fn from_node(node: &$crate::json::Node) -> Option<Self> {
                match node.text()? {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use stored_words;

/// `stored_text! { Type }`: what its `Display` writes and its `FromStr` reads, as a string.
macro_rules! stored_text {
    ($type:ty) => {
        $crate::json::shown_text! { $type }
        $crate::json::from_text! { $type }
    };
}
pub(crate) use stored_text;

/// The reading half of [`stored_text!`].
macro_rules! from_text {
    ($($type:ty),+) => {
        $(impl $crate::json::FromNode for $type {
            fn from_node(node: &$crate::json::Node) -> Option<Self> {
                node.text()?.parse().ok()
            }
        })+
    };
}
pub(crate) use from_text;

from_text! { String, IpAddr, IpNet }

macro_rules! from_whole_number {
    ($($type:ty),+) => {
        $(impl FromNode for $type {
            fn from_node(node: &Node) -> Option<Self> {
                Self::try_from(node.whole_number()?).ok()
            }
        })+
    };
}

from_whole_number! { u16, u32, u64 }

impl FromNode for Value {
    fn from_node(node: &Node) -> Option<Self> {
        Some(Self::from(node))
    }
}

impl FromNode for Node {
    fn from_node(node: &Node) -> Option<Self> {
        Some(node.clone())
    }
}

impl FromNode for bool {
    fn from_node(node: &Node) -> Option<Self> {
        if let Node::Bool(value) = node { Some(*value) } else { None }
    }
}

impl<T: FromNode> FromNode for Option<T> {
    fn from_node(node: &Node) -> Option<Self> {
        if let Node::Null = node { Some(None) } else { T::from_node(node).map(Some) }
    }
}

impl<T: FromNode> FromNode for Vec<T> {
    fn from_node(node: &Node) -> Option<Self> {
        let Node::List(items) = node else { return None };
        let mut list = Self::new();
        for item in items {
            list.push(T::from_node(item)?);
        }
        Some(list)
    }
}

impl Node {
    /// The member `name` of an object, as it is.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Whether it is an object with a member `name`.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether it is an object of which no member is repeated.
    pub fn is_object_of_distinct_members(&self) -> bool {
        let Self::Table(entries) = self else { return false };
        let mut names: Vec<_> = entries.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.is_sorted_by(|one, next| one < next)
    }

    /// The member `name` as a `T`.
    pub fn member<T: FromNode>(&self, name: &str) -> Option<T> {
        T::from_node(self.get(name).unwrap_or(&Self::Null))
    }

    /// The member `name` as a `T`; the default where it is missing.
    pub fn member_or_default<T: FromNode + Default>(&self, name: &str) -> Option<T> {
        self.get(name).map_or_else(|| Some(T::default()), T::from_node)
    }

    /// A variant's word and content: a string without any, or an object whose one key is the word.
    pub fn variant(&self) -> Option<(&str, &Self)> {
        match self {
            Self::Text(word) => Some((word, &Self::Null)),
            Self::Table(entries) => match entries.as_slice() {
                [(word, content)] => Some((word, content)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The items of an array; `None` where it is none.
    pub fn items(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn whole_number(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Stored {
        whole: u32,
        name: String,
        word: Option<Word>,
        list: Vec<u16>,
        #[serde(default)]
        left_out: bool,
        tagged: Tagged,
        address: IpAddr,
    }

    from_node! { Stored { whole, name, word, list, tagged, address } or default { left_out } }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        OneWord,
        Another,
    }

    stored_words! { Word { OneWord: "one_word", Another: "another" } }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Tagged {
        Nothing,
        Some { number: u16, flag: bool },
    }

    impl FromNode for Tagged {
        fn from_node(node: &Node) -> Option<Self> {
            match node.variant()? {
                ("nothing", _) => Some(Self::Nothing),
                ("some", it) => Some(Self::Some { number: it.member("number")?, flag: it.member("flag")? }),
                _ => None,
            }
        }
    }

    const MARKS: &[char] = &['[', ']', '{', '}', '"', ',', ':', '.', '-', '0', '9', 'a', 'e', ' '];

    const WRITTEN: &str = r#"{
        "whole": 7, "name": "a\nä", "word": "one_word", "list": [0, 65535], "unknown": {"a": []},
        "tagged": {"some": {"number": 65535, "flag": true}}, "address": "::1"
    }"#;

    /// As `serde_json` reads it.
    fn theirs(text: &str) -> Option<Stored> {
        serde_json::from_str(text).ok()
    }

    #[test]
    fn every_kind_of_member_is_read() {
        for (right, other) in
            [("", ""), (r#""one_word""#, "null"), (r#""word": "one_word","#, ""), ("one_word", "another")]
        {
            let text = WRITTEN.replacen(right, other, 1);
            assert!(theirs(&text).is_some(), "{text}");
            assert_eq!(read::<Stored>(&text), theirs(&text));
        }
        let nothing = WRITTEN.replace(r#"{"some": {"number": 65535, "flag": true}}"#, r#""nothing""#);
        assert_eq!(read::<Stored>(&nothing).map(|it| it.tagged), Some(Tagged::Nothing));
    }

    #[test]
    fn what_serde_json_refuses_is_refused() {
        let changes = [
            ("7,", "-7,"),
            ("7,", "4294967296,"),
            ("7,", "7.5,"),
            ("7,", "null,"),
            (r#""whole": 7,"#, ""),
            ("[0, 65535]", "[0, 65536]"),
            ("[0, 65535]", "{}"),
            (r#""list": [0, 65535],"#, ""),
            ("one_word", "two"),
            (r#""one_word""#, "1"),
            (r#""some""#, r#""other""#),
            (r#"{"some":"#, r#"{"nothing": null, "some":"#),
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
            if let Some(theirs) = theirs(&text) {
                prop_assert_eq!(read::<Stored>(&text), Some(theirs));
            }
        }
    }
}
