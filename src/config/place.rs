//! Where something stands in the document: its path for people, its position for sorting.

use super::excerpt;

/// A place in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// `origins[1].hostname`; empty for the whole.
    path: String,
    /// Index at each level: places sort in document order by it.
    position: Vec<usize>,
}

impl Place {
    /// The path as people read it; the whole is `GUARD`.
    pub(super) fn path(&self) -> &str {
        if self.path.is_empty() { "GUARD" } else { &self.path }
    }

    /// Sorts places in document order.
    pub(super) fn position(&self) -> &[usize] {
        &self.position
    }

    /// The value of `key`, the `index`th entry of the table here.
    pub(super) fn entry(&self, key: &str, index: usize) -> Self {
        let segment = excerpt::key_in_path(key);
        let segment = if self.path.is_empty() { segment.trim_start_matches('.') } else { &segment };
        self.below(segment, index)
    }

    /// Where `key` would stand in the table here: after its last entry.
    pub(super) fn missing(&self, key: &str) -> Self {
        self.entry(key, usize::MAX)
    }

    /// The `index`th item of the list here.
    pub(super) fn item(&self, index: usize) -> Self {
        self.below(&format!("[{index}]"), index)
    }

    fn below(&self, segment: &str, index: usize) -> Self {
        let mut position = self.position.clone();
        position.push(index);
        Self { path: format!("{}{segment}", self.path), position }
    }
}
