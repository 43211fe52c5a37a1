//! A memory with a limit: what was put into it lately is kept, and what was not asked for any more goes.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hash},
    sync::{PoisonError, RwLock},
};

use foldhash::fast::RandomState;

/// So many shelves there are, so that nobody waits for long while one of them grows or is emptied.
const SHELVES: usize = 256;

/// What is kept, on shelves. Each has two halves: when the younger is full, it becomes the older, and what was the older goes.
pub(super) struct Shelves<K, V> {
    shelves: Vec<RwLock<Shelf<K, V>>>,
    chooser: RandomState,
    /// One half of a shelf takes so many bytes at the most.
    half: usize,
}

struct Shelf<K, V> {
    young: Half<K, V>,
    old: Half<K, V>,
    bytes: usize,
}

/// What is kept, with the bytes that it takes.
type Half<K, V> = HashMap<K, (V, usize), RandomState>;

impl<K: Hash + Eq, V: Clone> Shelves<K, V> {
    /// Nothing is kept yet. What will be takes so many bytes at the most.
    pub(super) fn of_bytes(bytes: usize) -> Self {
        let empty = || RwLock::new(Shelf { young: HashMap::default(), old: HashMap::default(), bytes: 0 });
        Self {
            shelves: (0..SHELVES).map(|_| empty()).collect(),
            chooser: RandomState::default(),
            half: bytes / 2 / SHELVES,
        }
    }

    fn shelf(&self, key: &K) -> &RwLock<Shelf<K, V>> {
        let number = self.chooser.hash_one(key) >> 32;
        &self.shelves[usize::try_from(number).unwrap_or_default() % SHELVES]
    }

    /// What is kept under a key.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        let shelf = self.shelf(key).read().unwrap_or_else(PoisonError::into_inner);
        shelf.young.get(key).or_else(|| shelf.old.get(key)).map(|(value, _)| value.clone())
    }

    /// Keeps something, which takes so many bytes with its key and what is around them.
    pub(super) fn put(&self, key: K, value: V, bytes: usize) {
        let mut shelf = self.shelf(&key).write().unwrap_or_else(PoisonError::into_inner);
        shelf.bytes += bytes;
        if let Some((_, before)) = shelf.young.insert(key, (value, bytes)) {
            shelf.bytes -= before;
        }
        if shelf.bytes > self.half {
            let young = std::mem::take(&mut shelf.young);
            let gone = std::mem::replace(&mut shelf.old, young);
            shelf.bytes = 0;
            // To take apart many of them takes a while, in which others shall not wait.
            drop(shelf);
            drop(gone);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_lately_is_kept_within_the_limit() {
        let shelves: Shelves<i64, i64> = Shelves::of_bytes(SHELVES * 200);
        for number in 0..100_000 {
            shelves.put(number, -number, 10);
            assert_eq!(shelves.get(&number), Some(-number));
        }
        let bytes = |shelf: &RwLock<Shelf<i64, i64>>| {
            let shelf = shelf.read().unwrap();
            let inside: usize = shelf.young.values().map(|(_, bytes)| bytes).sum();
            assert_eq!(inside, shelf.bytes);
            inside + shelf.old.values().map(|(_, bytes)| bytes).sum::<usize>()
        };
        // One more than fits makes a half the older one.
        let all: Vec<usize> = shelves.shelves.iter().map(bytes).collect();
        assert!(all.iter().all(|bytes| (110..=210).contains(bytes)), "{all:?}");
        let known = (0..100_000).filter(|number| shelves.get(number).is_some());
        assert_eq!(known.count() * 10, all.iter().sum::<usize>());
    }

    #[test]
    fn the_same_again_takes_no_more_and_replaces_what_was() {
        let shelves: Shelves<&str, i64> = Shelves::of_bytes(SHELVES * 200);
        for number in 0..1000 {
            shelves.put("one", number, if number % 2 == 0 { 10 } else { 90 });
        }
        assert_eq!(shelves.get(&"one"), Some(999));
        let shelf = shelves.shelf(&"one").read().unwrap();
        assert_eq!((shelf.bytes, shelf.young.len(), shelf.old.len()), (90, 1, 0));
    }

    #[test]
    fn what_does_not_fit_is_not_kept_for_long() {
        let shelves: Shelves<i64, i64> = Shelves::of_bytes(0);
        shelves.put(1, 1, 10);
        assert_eq!(shelves.get(&1), Some(1), "as the older one");
        (2..10_000).for_each(|number| shelves.put(number, number, 10));
        let kept = (1..10_000).filter(|number| shelves.get(number).is_some()).count();
        assert!(kept <= SHELVES, "{kept}");
    }
}
