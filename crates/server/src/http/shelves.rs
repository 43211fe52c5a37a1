//! A memory with a limit: what was put into it lately is kept, and what was not asked for any more goes.

use std::{
    collections::HashMap,
    hash::Hash,
    marker::PhantomData,
    sync::{PoisonError, RwLock},
};

use foldhash::fast::RandomState;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

use crate::chance;

/// So many shelves there are, so that nobody waits for long while one of them grows or is emptied.
const SHELVES: usize = 256;

/// Of a half, that part stays free for what is put in after something was added.
const LEFT_FREE: usize = 8;

/// What is kept, on shelves. Each has two halves: when the younger is full, it becomes the older, and what was the older goes. What is
/// there already is replaced where it is.
pub(super) struct Shelves<K, V> {
    shelves: Vec<RwLock<Shelf<V>>>,
    printer: SipHasher24,
    /// One half of a shelf takes so many bytes at the most.
    half: usize,
    keys: PhantomData<fn(&K)>,
}

/// What can be kept.
pub(super) trait Kept: Clone {
    /// So many bytes it takes, with its key and what is around them.
    fn bytes(&self) -> usize;
}

/// What stands for a key: 128 bits that hang on a secret of this process, so that nobody can look for two keys with the same ones, and
/// of as many as fit into any memory no two have them by chance. They take less room than most keys.
type Print = (u64, u64);

struct Shelf<V> {
    young: Half<V>,
    old: Half<V>,
}

/// What is kept, with the bytes that all of it takes.
struct Half<V> {
    all: HashMap<Print, V, RandomState>,
    bytes: usize,
}

impl<V> Default for Half<V> {
    fn default() -> Self {
        Self { all: HashMap::default(), bytes: 0 }
    }
}

impl<V: Kept> Half<V> {
    fn put(&mut self, key: Print, value: V) {
        self.bytes += value.bytes();
        if let Some(before) = self.all.insert(key, value) {
            self.bytes -= before.bytes();
        }
    }

    fn take(&mut self, key: Print) {
        if let Some(before) = self.all.remove(&key) {
            self.bytes -= before.bytes();
        }
    }
}

impl<K: Hash, V: Kept> Shelves<K, V> {
    /// Nothing is kept yet. What will be takes so many bytes at the most.
    pub(super) fn of_bytes(bytes: usize) -> Self {
        let empty = || RwLock::new(Shelf { young: Half::default(), old: Half::default() });
        Self {
            shelves: (0..SHELVES).map(|_| empty()).collect(),
            printer: SipHasher24::new_with_key(&chance::bytes()),
            half: bytes / 2 / SHELVES,
            keys: PhantomData,
        }
    }

    fn print(&self, key: &K) -> Print {
        let mut printer = self.printer;
        key.hash(&mut printer);
        printer.finish128().as_u64()
    }

    fn shelf(&self, print: Print) -> &RwLock<Shelf<V>> {
        &self.shelves[usize::try_from(print.0 % SHELVES as u64).unwrap_or_default()]
    }

    /// What is kept under a key.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        let print = self.print(key);
        let shelf = self.shelf(print).read().unwrap_or_else(PoisonError::into_inner);
        shelf.young.all.get(&print).or_else(|| shelf.old.all.get(&print)).cloned()
    }

    /// Keeps something.
    pub(super) fn put(&self, key: &K, value: V) {
        let print = self.print(key);
        let mut shelf = self.shelf(print).write().unwrap_or_else(PoisonError::into_inner);
        match shelf.place_for(print, value.bytes(), self.half) {
            Some(half) => half.put(print, value),
            None => shelf.young.put(print, value),
        }
        if shelf.young.bytes > self.half {
            let gone = shelf.turn();
            // To take apart many of them takes a while, in which others shall not wait.
            drop(shelf);
            drop(gone);
        }
    }

    /// Keeps something as [`Self::put`] does, but only where nothing else goes for it and some room is left for what is put in later; says
    /// whether it is kept.
    pub(super) fn add(&self, key: &K, value: V) -> bool {
        let (print, bytes) = (self.print(key), value.bytes());
        let mut shelf = self.shelf(print).write().unwrap_or_else(PoisonError::into_inner);
        if let Some(half) = shelf.place_for(print, bytes, self.half) {
            half.put(print, value);
            return true;
        }
        if shelf.young.bytes + shelf.old.bytes + bytes > 2 * self.half - self.half / LEFT_FREE {
            return false;
        }
        if shelf.young.bytes + bytes > self.half && shelf.old.all.is_empty() {
            drop(shelf.turn());
        }
        let Shelf { young, old } = &mut *shelf;
        let Some(half) = [young, old].into_iter().find(|half| half.bytes + bytes <= self.half) else { return false };
        half.put(print, value);
        true
    }
}

impl<V: Kept> Shelf<V> {
    /// The half in which a key is already, if what takes so many bytes fits in its place; otherwise the key is in none any more.
    fn place_for(&mut self, key: Print, bytes: usize, most: usize) -> Option<&mut Half<V>> {
        let Self { young, old } = self;
        [young, old].into_iter().find_map(|half| {
            let before = half.all.get(&key)?.bytes();
            if half.bytes - before + bytes <= most {
                return Some(half);
            }
            half.take(key);
            None
        })
    }

    /// What is young becomes old; what was old is given back.
    fn turn(&mut self) -> Half<V> {
        let young = std::mem::take(&mut self.young);
        std::mem::replace(&mut self.old, young)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that takes some bytes.
    #[derive(Debug, Clone, Copy, PartialEq)]
    struct Sized(i64, usize);

    impl Kept for Sized {
        fn bytes(&self) -> usize {
            self.1
        }
    }

    impl<K: Hash> Shelves<K, Sized> {
        fn number(&self, key: &K) -> Option<i64> {
            self.get(key).map(|one| one.0)
        }
    }

    fn inside(half: &Half<Sized>) -> usize {
        let bytes = half.all.values().map(Kept::bytes).sum();
        assert_eq!(half.bytes, bytes);
        bytes
    }

    #[test]
    fn what_was_put_in_lately_is_kept_within_the_limit() {
        let shelves: Shelves<i64, Sized> = Shelves::of_bytes(SHELVES * 200);
        for number in 0..100_000 {
            shelves.put(&number, Sized(-number, 10));
            assert_eq!(shelves.number(&number), Some(-number));
        }
        let bytes = |shelf: &RwLock<Shelf<Sized>>| {
            let shelf = shelf.read().unwrap();
            [&shelf.young, &shelf.old].map(inside).iter().sum::<usize>()
        };
        // One more than fits makes a half the older one.
        let all: Vec<usize> = shelves.shelves.iter().map(bytes).collect();
        assert!(all.iter().all(|bytes| (110..=210).contains(bytes)), "{all:?}");
        let known = (0..100_000).filter(|number| shelves.number(number).is_some());
        assert_eq!(known.count() * 10, all.iter().sum::<usize>());
    }

    #[test]
    fn the_same_again_takes_no_more_and_replaces_what_was() {
        let shelves: Shelves<&str, Sized> = Shelves::of_bytes(SHELVES * 200);
        for number in 0..1000 {
            shelves.put(&"one", Sized(number, if number % 2 == 0 { 10 } else { 90 }));
        }
        assert_eq!(shelves.number(&"one"), Some(999));
        let shelf = shelves.shelf(shelves.print(&"one")).read().unwrap();
        assert_eq!((shelf.young.bytes, shelf.young.all.len(), shelf.old.all.len()), (90, 1, 0));
    }

    #[test]
    fn what_does_not_fit_is_not_kept_for_long() {
        let shelves: Shelves<i64, Sized> = Shelves::of_bytes(0);
        shelves.put(&1, Sized(1, 10));
        assert_eq!(shelves.number(&1), Some(1), "as the older one");
        (2..10_000).for_each(|number| shelves.put(&number, Sized(number, 10)));
        let kept = (1..10_000).filter(|number| shelves.number(number).is_some()).count();
        assert!(kept <= SHELVES, "{kept}");
    }

    #[test]
    fn what_is_added_drives_nothing_out_and_leaves_some_room() {
        let shelves: Shelves<i64, Sized> = Shelves::of_bytes(SHELVES * 200);
        let added: Vec<i64> = (0..100_000).filter(|number| shelves.add(number, Sized(-number, 10))).collect();
        let all = || shelves.shelves.iter().map(|shelf| shelf.read().unwrap());
        assert!(all().all(|shelf| [&shelf.young, &shelf.old].map(inside) == [80, 100]));
        assert_eq!(added.len(), SHELVES * 18);
        assert!(added.iter().all(|number| shelves.number(number) == Some(-number)));
        // Those who are there already are replaced where they are, however often.
        for round in 1..4 {
            added.iter().for_each(|number| shelves.put(number, Sized(number + round, 10)));
            assert!(added.iter().all(|number| shelves.number(number) == Some(number + round)), "{round}");
            assert!(all().all(|shelf| [&shelf.young, &shelf.old].map(inside) == [80, 100]));
        }
        assert!(added.iter().all(|number| shelves.add(number, Sized(*number, 10))));
        // As many as were left room for drive nobody out; more of them do.
        let known = |numbers: &[i64]| numbers.iter().filter(|number| shelves.number(number).is_some()).count();
        let mut later = Vec::new();
        for number in 100_000..200_000 {
            let room = shelves.shelf(shelves.print(&number)).read().unwrap().young.bytes <= 90;
            if room {
                shelves.put(&number, Sized(number, 10));
                later.push(number);
            }
        }
        assert_eq!((later.len(), known(&later), known(&added)), (SHELVES * 2, SHELVES * 2, SHELVES * 18));
        (200_000..300_000).for_each(|number| shelves.put(&number, Sized(number, 10)));
        assert_eq!((known(&later), known(&added)), (0, 0));
    }

    #[test]
    fn what_grows_finds_another_place_or_none() {
        // All of them are on one shelf.
        let shelves: Shelves<i64, Sized> = Shelves::of_bytes(SHELVES * 200);
        let place = |number: &i64| std::ptr::from_ref(shelves.shelf(shelves.print(number)));
        let mut numbers = (0..).filter(|number| place(number) == place(&0));
        let (old, young): (Vec<i64>, Vec<i64>) =
            (numbers.by_ref().take(10).collect(), numbers.by_ref().take(3).collect());
        assert!(old.iter().chain(&young).all(|number| shelves.add(number, Sized(1, 10))));
        let halves = || {
            let shelf = shelves.shelf(shelves.print(&0)).read().unwrap();
            [&shelf.young, &shelf.old].map(inside)
        };
        assert_eq!(halves(), [30, 100]);
        assert!(shelves.add(&old[0], Sized(2, 20)), "it moves to the younger half");
        assert_eq!((shelves.number(&old[0]), halves()), (Some(2), [50, 90]));
        assert!(shelves.add(&old[1], Sized(2, 20)), "it fits where it is");
        assert_eq!((shelves.number(&old[1]), halves()), (Some(2), [50, 100]));
        assert!(!shelves.add(&young[0], Sized(3, 90)), "it fits nowhere");
        assert_eq!((shelves.number(&young[0]), halves()), (None, [40, 100]));
        shelves.put(&old[1], Sized(4, 21));
        assert_eq!((shelves.number(&old[1]), halves()), (Some(4), [61, 80]));
        shelves.put(&young[1], Sized(5, 101));
        assert_eq!((shelves.number(&young[1]), shelves.number(&old[2]), halves()), (Some(5), None, [0, 152]));
    }
}
