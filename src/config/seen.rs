//! What was seen before, and where: a map for the few items of a configuration, smaller in code than a tree.

/// Keys in the order they came, each with its value.
#[derive(Debug, Clone)]
pub(super) struct Seen<K, V>(Vec<(K, V)>);

impl<K: PartialEq, V> Seen<K, V> {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value of `key`.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value of `key`, to change it.
    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.0.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Adds `key` where it is new; an earlier value stays.
    pub(super) fn add(&mut self, key: K, value: V) {
        if self.get(&key).is_none() {
            self.0.push((key, value));
        }
    }

    /// All, in order.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (K, V)> {
        self.0.into_iter()
    }
}
