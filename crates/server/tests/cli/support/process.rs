//! Processes that cannot hang a test, and waiting for what they do.

use std::{
    io::{Read, Write as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// Generous: a busy machine must not fail a test, a process that hangs must.
const PATIENCE: Duration = Duration::from_secs(600);

/// The instant after which a test gives up waiting. No test depends on the time otherwise.
#[allow(clippy::disallowed_methods)]
fn deadline() -> impl Fn() -> bool {
    let end = Instant::now() + PATIENCE;
    move || Instant::now() > end
}

/// Looks again and again until `seen` answers something.
pub(crate) fn wait_until<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
    let over = deadline();
    loop {
        if let Some(seen) = seen() {
            return seen;
        }
        assert!(!over(), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; nothing when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
    shown: String,
}

impl Run {
    pub(crate) fn of(command: Command) -> Self {
        Self::reading(command, "")
    }

    /// As [`Self::of`], with a text at its standard input.
    pub(crate) fn reading(mut command: Command, input: &str) -> Self {
        let shown = format!("{:?}", command.get_args().collect::<Vec<_>>());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read its input may have ended already. Dropping the pipe is the end of the text.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        std::thread::scope(|scope| {
            let (out, err) = (scope.spawn(move || read_all(out)), scope.spawn(move || read_all(err)));
            let over = deadline();
            let code = loop {
                if let Some(status) = child.try_wait().unwrap() {
                    break status.code();
                }
                if over() {
                    let _ = child.kill();
                    panic!("{shown} did not end");
                }
                std::thread::sleep(Duration::from_millis(2));
            };
            Self { code, out: out.join().unwrap(), err: err.join().unwrap(), shown }
        })
    }

    /// What a command that must succeed printed.
    #[track_caller]
    pub(crate) fn succeeds(self) -> String {
        assert_eq!(self.code, Some(0), "{}\n{}\n{}", self.shown, self.out, self.err);
        self.out
    }

    /// What a command that must fail said about it. A panic is no way to fail.
    #[track_caller]
    pub(crate) fn fails(self) -> String {
        assert_eq!(self.code, Some(1), "{}\n{}\n{}", self.shown, self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}\n{}", self.shown, self.err);
        self.err
    }

    /// Fails with every one of these in its message.
    #[track_caller]
    pub(crate) fn fails_with(self, parts: &[&str]) {
        let shown = self.shown.clone();
        let message = self.fails();
        for part in parts {
            assert!(message.contains(part), "{shown}: {part:?} is missing in:\n{message}");
        }
    }

    /// The JSON that a command printed.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let shown = self.shown.clone();
        let out = self.succeeds();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{shown}: {error} in:\n{out}"))
    }
}

fn read_all(mut from: impl Read) -> String {
    let mut bytes = Vec::new();
    let _ = from.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
