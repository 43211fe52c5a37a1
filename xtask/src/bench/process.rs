//! A server under measurement, and what Linux tells about it in `/proc`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::workspace::{capture_text, show};

/// How long a server gets to stop before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// A running server, stopped when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// The first line it printed, if it was waited for.
    pub(crate) first_line: String,
}

impl Server {
    /// Starts a server and waits for the first line that it prints.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        let shown = show(command);
        let mut server = Self::spawn(command.stdout(Stdio::piped()))?;
        let mut output = BufReader::new(server.child.stdout.take().ok_or("the server has no output")?);
        output.read_line(&mut server.first_line)?;
        if server.first_line.is_empty() {
            return Err(format!("`{shown}` ended without printing a line").into());
        }
        // Whatever else it prints must not fill the pipe, or it would wait for us for ever.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Ok(server)
    }

    /// Starts a server and waits for nothing.
    pub(crate) fn start_silently(command: &mut Command) -> Outcome<Self> {
        Self::spawn(command.stdout(Stdio::null()))
    }

    fn spawn(command: &mut Command) -> Outcome<Self> {
        let shown = show(command);
        let child = command.stdin(Stdio::null()).spawn().map_err(|error| format!("cannot run `{shown}`: {error}"))?;
        Ok(Self { child, first_line: String::new() })
    }

    /// Whether it has ended.
    pub(crate) fn has_ended(&mut self) -> Outcome<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// The processor time used so far, by the program and by the kernel on its behalf.
    pub(crate) fn processor_time(&self) -> Outcome<Duration> {
        let ticks = ticks(&fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?)?;
        let per_second: f64 = capture_text(Command::new("getconf").arg("CLK_TCK"))?.parse()?;
        Ok(Duration::from_secs_f64(ticks as f64 / per_second))
    }

    /// The memory held, in KiB.
    pub(crate) fn resident_kib(&self) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("VmRSS is missing")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Asks it to stop as an operator would, and waits until it has.
    pub(crate) fn stop(mut self) -> Outcome {
        self.terminate()
    }

    /// As [`Self::stop`], of a server that is kept.
    pub(crate) fn terminate(&mut self) -> Outcome {
        if self.has_ended()? {
            return Ok(());
        }
        Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let asked = Instant::now();
        while !self.has_ended()? {
            if asked.elapsed() > STOP_LIMIT {
                self.child.kill()?;
                self.child.wait()?;
                return Err(format!("the server did not stop within {} seconds", STOP_LIMIT.as_secs()).into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.terminate() {
            eprintln!("{error}");
        }
    }
}

/// User and system time of a line of `/proc/PID/stat`. The second field is the program's name in parentheses and may
/// hold anything, so the counting starts behind the last parenthesis, at field 3.
fn ticks(stat: &str) -> Outcome<u64> {
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3).ok_or("/proc/PID/stat is too short");
    Ok(field(14)?.parse::<u64>()? + field(15)?.parse::<u64>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_an_odd_name() {
        let stat = "42 (a ) b) S 1 2 3 4 5 6 7 8 9 10 700 30 0 0 20";
        assert_eq!(ticks(stat).unwrap(), 730);
        assert!(ticks("42 (x) S 1").is_err());
    }
}
