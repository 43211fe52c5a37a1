//! Runs `wrk`, the load generator that most people would check our figures with.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::built_in::Load;
use super::http::Target;
use crate::Outcome;
use crate::workspace::capture_text;

/// Sends the same request again and again.
pub(crate) fn run(target: &Target, connections: usize, window: Duration) -> Outcome<Load> {
    let mut command = command(connections, window);
    command.arg("-H").arg(format!("x-api-key: {}", target.key));
    measure(command.arg(format!("http://{}{}", target.address, target.path)))
}

/// Sends what a script in Lua says.
pub(crate) fn run_script(address: &str, script: &Path, connections: usize, window: Duration) -> Outcome<Load> {
    measure(command(connections, window).arg("-s").arg(script).arg(format!("http://{address}")))
}

fn command(connections: usize, window: Duration) -> Command {
    // wrk gives each thread at least one connection.
    let threads = connections.min(2);
    let mut command = Command::new("wrk");
    command.arg(format!("-t{threads}")).arg(format!("-c{connections}")).arg(format!("-d{}s", window.as_secs()));
    command.arg("--latency");
    command
}

fn measure(command: &mut Command) -> Outcome<Load> {
    let report = capture_text(command)?;
    read(&report).map_err(|error| format!("{error}; wrk said:\n{report}").into())
}

fn read(report: &str) -> Result<Load, String> {
    for trouble in ["Non-2xx or 3xx responses", "Socket errors"] {
        if report.contains(trouble) {
            return Err(format!("the load did not run cleanly: {trouble}"));
        }
    }
    let after = |label: &str| {
        let line = report.lines().find_map(|line| line.trim().strip_prefix(label));
        line.map(str::trim).ok_or_else(|| format!("{label:?} is missing"))
    };
    let requests = report.lines().find_map(|line| line.trim().split_once(" requests in ")?.0.parse().ok());
    Ok(Load {
        requests: requests.filter(|count| *count > 0).ok_or("the number of requests is missing")?,
        per_second: after("Requests/sec:")?.parse().map_err(|_| "Requests/sec is not a number")?,
        p50_micros: micros(after("50%")?)?,
        p99_micros: micros(after("99%")?)?,
    })
}

/// Reads wrk's durations, such as `812.00us`, `1.23ms` and `1.20s`.
fn micros(duration: &str) -> Result<f64, String> {
    let digits = duration.trim_end_matches(char::is_alphabetic);
    let factor = match &duration[digits.len()..] {
        "us" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        "m" => 60e6,
        _ => return Err(format!("{duration:?} is no duration")),
    };
    digits.parse::<f64>().map(|value| value * factor).map_err(|_| format!("{duration:?} is no duration"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 5s test @ http://127.0.0.1:8080/
  2 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.13ms  333.28us  10.20ms   83.80%
    Req/Sec    14.02k     1.11k   16.35k    68.00%
  Latency Distribution
     50%    1.08ms
     75%    1.28ms
     90%    1.49ms
     99%  812.00us
  139514 requests in 5.00s, 112.42MB read
Requests/sec:  27884.34
Transfer/sec:     22.47MB";

    #[test]
    fn a_clean_report_is_read() {
        let load = read(REPORT).unwrap();
        assert_eq!((load.requests, load.per_second), (139_514, 27884.34));
        assert_eq!((load.p50_micros, load.p99_micros), (1080.0, 812.0));
    }

    #[test]
    fn a_report_with_failures_is_refused() {
        for line in ["\n  Non-2xx or 3xx responses: 12", "\n  Socket errors: connect 0, read 3, write 0, timeout 0"] {
            assert!(read(&format!("{REPORT}{line}")).is_err());
        }
        assert!(read("").is_err());
    }
}
