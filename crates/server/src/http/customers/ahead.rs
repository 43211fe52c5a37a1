//! Customers are drawn before anybody asks for them: a program that was shown one of a studio will ask for others.
//!
//! The first time that somebody is asked for costs several times what it does later. So once a program has asked for anybody who was not
//! kept, all others of the studio are drawn as well and kept, a few at a time and with as long a rest after each, as far as there is
//! memory for them (`portraits.rs`). Every server process does so for itself.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use gymkeeper_store::{db::DbError, tenant::TenantId};
use tokio::sync::{Notify, watch};

use super::{
    customer_wire::{Drew, View},
    drawn::ShownIban,
    portraits::Viewer,
};
use crate::{
    app::App,
    clock::Clock,
    http::{caller::Caller, failure::Failure},
    workers::pause,
};

/// So many are drawn at a time: some milliseconds.
const AT_ONCE: i64 = 250;
/// A viewer's customers are not drawn again before that time is over, nor before as much time as it took, however often everything
/// changes.
const NOT_AGAIN: Duration = Duration::from_secs(10);
/// When there was no room, or something was in the way, it is tried again after that time.
const IN_VAIN: Duration = Duration::from_secs(600);
/// So many viewers are remembered, and as many may wait.
const VIEWERS: usize = 1000;

/// What all that is kept of customers hangs on besides themselves: the studio's version, and where all were changed at once.
pub(super) type Since = (i64, i64);

/// For whom customers are to be drawn, and for whom they were.
#[derive(Debug, Default)]
pub struct Ahead {
    known: Mutex<State>,
    woken: Notify,
}

#[derive(Debug, Default)]
struct State {
    begun: HashMap<Whose, Begun>,
    waiting: VecDeque<Wish>,
}

/// Who sees customers, in which tenant.
type Whose = (TenantId, Viewer);

#[derive(Debug)]
struct Begun {
    since: Since,
    /// Nothing, as long as it waits or goes on.
    ended: Option<Ended>,
}

#[derive(Debug)]
struct Ended {
    /// Whether all were drawn.
    done: bool,
    /// When it may begin again.
    again: Instant,
}

/// That all customers of the caller's studio are drawn as the viewer sees them.
#[derive(Debug)]
struct Wish {
    whose: Whose,
    caller: Caller,
}

impl State {
    /// Whether customers are to be drawn now: not, if they were since everything changed, are about to be, or were a moment ago.
    fn begins(&mut self, whose: Whose, since: Since, now: Instant) -> bool {
        let not_now = |begun: &Begun| match &begun.ended {
            None => true,
            Some(ended) => now < ended.again || (ended.done && begun.since == since),
        };
        if self.begun.get(&whose).is_some_and(not_now) {
            return false;
        }
        if self.begun.len() >= VIEWERS {
            self.begun.retain(|_, begun| begun.ended.is_none());
        }
        if self.begun.len() >= VIEWERS {
            return false;
        }
        self.begun.insert(whose, Begun { since, ended: None });
        true
    }

    /// It has ended, and may begin again after a while.
    fn end(&mut self, whose: &Whose, done: bool, again: Instant) {
        if let Some(begun) = self.begun.get_mut(whose) {
            begun.ended = Some(Ended { done, again });
        }
    }
}

impl Ahead {
    fn state(&self) -> MutexGuard<'_, State> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The caller was shown somebody who was not kept: all customers of the studio are to be drawn, if it is time for that.
    pub(super) fn wish(&self, whose: Whose, since: Since, caller: &Caller) {
        let mut state = self.state();
        if state.begins(whose, since, Clock.monotonic()) {
            state.waiting.push_back(Wish { whose, caller: caller.clone() });
            drop(state);
            self.woken.notify_one();
        }
    }
}

/// Draws what is wished, until the process is told to stop.
pub async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    loop {
        let next = app.showing.ahead.state().waiting.pop_front();
        let Some(wish) = next else {
            tokio::select! {
                () = app.showing.ahead.woken.notified() => continue,
                _ = stopped.wait_for(|stop| *stop) => return,
            }
        };
        let begun = app.clock.monotonic();
        let drawn = draw_all(&app, &wish, &mut stopped).await;
        let (done, rest) = match drawn {
            Ok(All::Drawn) => (true, NOT_AGAIN.max(app.clock.since(begun))),
            Ok(All::Stopped) => return,
            Ok(All::NoRoom) => (false, IN_VAIN),
            // A change, or too much to do.
            Err(Failure::Stale | Failure::Db(DbError::Busy)) => (false, NOT_AGAIN),
            Err(failure) => {
                tracing::warn!(?failure, studio = wish.caller.studio(), "customers cannot be drawn ahead");
                (false, IN_VAIN)
            }
        };
        app.showing.ahead.state().end(&wish.whose, done, app.clock.monotonic() + rest);
    }
}

/// How far drawing came.
enum All {
    Drawn,
    NoRoom,
    Stopped,
}

/// Draws all customers of a studio for one viewer.
async fn draw_all(app: &Arc<App>, wish: &Wish, stopped: &mut watch::Receiver<bool>) -> Result<All, Failure> {
    let mut after = 0;
    loop {
        let begun = app.clock.monotonic();
        let (showing, viewer) = (Arc::clone(&app.showing), wish.whose.1);
        // The day may have turned meanwhile.
        let caller = wish.caller.at(app.clock.now());
        let drawn = app.db.read(move |tx| {
            caller.confirm(tx)?;
            View::new(&showing, tx, &caller, viewer.format, ShownIban::Whole)?.ahead(tx, after, AT_ONCE)
        });
        let Some(Drew { last, kept, room }) = drawn.await? else { return Ok(All::Drawn) };
        after = last;
        app.metrics.customers_drawn_ahead.inc_by(kept);
        if !room {
            return Ok(All::NoRoom);
        }
        if !pause(stopped, app.clock.since(begun)).await {
            return Ok(All::Stopped);
        }
    }
}

#[cfg(test)]
mod tests {
    use gymkeeper_domain::customer::card_number::CardFormat;

    use super::*;

    #[test]
    fn customers_are_drawn_again_after_everything_changed_and_not_all_the_time() {
        let (mut state, begun) = (State::default(), Clock.monotonic());
        let viewer = |studio| (TenantId(1), Viewer { studio, integration: 1, format: CardFormat::Decimal });
        let at = |seconds| begun + Duration::from_secs(seconds);
        let (before, after) = ((1, 7), (1, 8));
        assert!(state.begins(viewer(1), before, at(0)));
        assert!(!state.begins(viewer(1), before, at(0)), "it waits already");
        assert!(!state.begins(viewer(1), after, at(1000)), "it goes on, however long");
        assert!(state.begins(viewer(2), before, at(0)), "another one's");
        state.end(&viewer(1), true, at(1010));
        for (since, seconds, expected) in [
            (before, 1009, false),
            (after, 1009, false),
            (before, 5000, false),
            (after, 1010, true),
            (after, 1010, false),
        ] {
            assert_eq!(state.begins(viewer(1), since, at(seconds)), expected, "{since:?} {seconds}");
        }
        state.end(&viewer(1), true, at(1020));
        assert!(state.begins(viewer(1), (2, 8), at(1020)), "another version of the studio");
        state.end(&viewer(1), true, at(1020));
        // What ended in vain is tried again.
        state.end(&viewer(2), false, at(600));
        assert!(!state.begins(viewer(2), before, at(599)));
        assert!(state.begins(viewer(2), before, at(600)));
        // Those who wait are never forgotten, whoever asks.
        let many = 3..3 * VIEWERS as i64;
        assert_eq!(many.clone().filter(|studio| state.begins(viewer(*studio), before, begun)).count(), VIEWERS - 1);
        assert!(!state.begins(viewer(2), after, at(5000)));
        many.for_each(|studio| state.end(&viewer(studio), true, begun));
        assert!(state.begins(viewer(i64::MAX), before, begun));
        assert_eq!(state.begun.len(), 2);
    }
}
