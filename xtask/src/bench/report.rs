//! Turns what was measured into a page, and holds it against the goals.

use std::fs;
use std::process::Command;

use super::built_in::Load;
use super::{PathResult, Results, Sample, UTILIZATION, Window};
use crate::Outcome;
use crate::workspace::capture_text;

/// The share of the bare server's rate that each path must reach at [`GOAL_CONNECTIONS`].
const RATIO_GOAL: f64 = 0.5;
/// The share that a single small answer should reach; a list has more to do for its answer.
const RATIO_AIM: f64 = 0.7;
const GOAL_CONNECTIONS: usize = 32;
const IDLE_GOAL_MIB: f64 = 40.0;
const START_GOAL_MS: f64 = 150.0;
const SEEDING_GOAL_SECONDS: f64 = 3.0;
const BINARY_GOAL_MB: f64 = 30.0;

/// A row about changes: made one commit after the other, and over HTTP.
pub(super) fn writes_row(name: &str, alone: &[f64], loads: &[Load], goal: f64) -> String {
    let ratio = median(alone.iter().zip(loads).map(|(alone, load)| load.per_second / alone));
    format!(
        "| {name} | {} | {} | {ratio:.2} | ≥ {goal}: {} | {:.1} | {:.1} |\n",
        thousands(median(alone.iter().copied())),
        thousands(median(loads.iter().map(|load| load.per_second))),
        verdict(ratio >= goal),
        median(loads.iter().map(|load| load.p50_micros / 1e3)),
        median(loads.iter().map(|load| load.p99_micros / 1e3)),
    )
}

/// The machine that the figures hold for.
#[derive(Debug)]
pub(super) struct Machine(Vec<(&'static str, String)>);

impl Machine {
    pub(super) fn describe() -> Outcome<Self> {
        let field = |file: &str, name: &str| -> Outcome<String> {
            let text = fs::read_to_string(file)?;
            let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or(": unknown");
            Ok(line.trim_start_matches([':', ' ', '\t']).to_owned())
        };
        let memory: f64 = field("/proc/meminfo", "MemTotal")?.trim_end_matches(" kB").parse()?;
        Ok(Self(vec![
            ("Processor", field("/proc/cpuinfo", "model name")?),
            ("Cores", std::thread::available_parallelism()?.to_string()),
            ("Memory", format!("{:.0} GiB", memory / 1024.0 / 1024.0)),
            ("Kernel", without_build(&capture_text(Command::new("uname").arg("-sr"))?)),
            ("Compiler", capture_text(Command::new("rustc").arg("--version"))?),
            ("Date", capture_text(Command::new("date").args(["-u", "+%Y-%m-%d"]))?),
        ]))
    }

    pub(super) fn lines(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

/// A kernel's name and version. What a distribution or a host adds to them says nothing about speed.
fn without_build(kernel: &str) -> String {
    kernel.split('-').next().unwrap_or(kernel).to_owned()
}

pub(super) fn render(results: &Results, machine: &Machine) -> String {
    let mut page = String::from(
        "# Performance\n\n\
         `cargo xtask bench` measures and writes this page. The figures hold for the machine below; what can be \
         compared between machines is the ratio to the bare server.\n\n\
         ## The machine\n\n| | |\n|---|---|\n",
    );
    for (name, value) in machine.lines() {
        page.push_str(&format!("| {name} | {value} |\n"));
    }
    page.push_str(&introduction(results));
    for path in &results.paths {
        page.push_str(&path_table(path));
    }
    page.push_str(&footprint(results));
    page.push_str("\n## The store alone\n\n");
    page.push_str(&results.store);
    page.push('\n');
    page
}

fn introduction(results: &Results) -> String {
    let settings = &results.settings;
    format!(
        "\n## Requests\n\n\
         The load comes from {}, on the same machine and over the loopback device. Each row has {} windows of {} s on a \
         bare axum server and as many on Gymkeeper, in turns. The bare server runs the same allocator and the same \
         runtime and repeats recorded answers of Gymkeeper byte for byte, without a database, a key or a log. \
         Gymkeeper runs on the demo data with its rate limit off. A request that fails ends the run.\n\n\
         The ratio is the median of Gymkeeper's rate divided by the bare server's, window by window. Latencies are \
         medians over the windows. The processor time is what the server's process used for one request, in user and \
         kernel mode.\n",
        if settings.use_wrk { "wrk" } else { "the load generator of xtask" },
        settings.windows,
        settings.window.as_secs(),
    )
}

fn path_table(result: &PathResult) -> String {
    let mut table = format!(
        "\n### GET {}\n\nThe answer has {} bytes.\n\n\
         | Connections | Bare, requests/s | Gymkeeper, requests/s | Ratio | Goal | p50, ms (bare) | p99, ms (bare) | \
         Processor, µs (bare) | Processor ratio |\n\
         |---:|---:|---:|---:|---|---:|---:|---:|---:|\n",
        result.path,
        thousands(result.answer_bytes as f64),
    );
    for (connections, windows) in &result.rows {
        let rates = |side: fn(&Window) -> Sample| {
            windows.iter().map(|window| thousands(side(window).load.per_second)).collect::<Vec<_>>().join(" / ")
        };
        let both = |figure: fn(&Sample) -> f64| {
            let ours = median(windows.iter().map(|window| figure(&window.ours)));
            (ours, median(windows.iter().map(|window| figure(&window.bare))))
        };
        let (p50, bare_p50) = both(|sample| sample.load.p50_micros / 1e3);
        let (p99, bare_p99) = both(|sample| sample.load.p99_micros / 1e3);
        let (processor, bare_processor) = both(|sample| sample.processor_micros);
        let ratio = median(windows.iter().map(|window| window.ours.load.per_second / window.bare.load.per_second));
        table.push_str(&format!(
            "| {connections} | {} | {} | {ratio:.2} | {} | {p50:.2} ({bare_p50:.2}) | {p99:.2} ({bare_p99:.2}) | \
             {processor:.1} ({bare_processor:.1}) | {:.2} |\n",
            rates(|window| window.bare),
            rates(|window| window.ours),
            ratio_verdict(&result.path, *connections, ratio),
            processor / bare_processor,
        ));
    }
    table
}

fn ratio_verdict(path: &str, connections: usize, ratio: f64) -> String {
    if connections != GOAL_CONNECTIONS {
        return String::new();
    }
    let goal = format!("≥ {RATIO_GOAL}: {}", verdict(ratio >= RATIO_GOAL));
    // The list is the path that ends in its own name; the other two answer with one small object.
    let small = path.ends_with(UTILIZATION) || path.rsplit('/').next().is_some_and(|last| last.parse::<i64>().is_ok());
    if small { format!("{goal}; aim ≥ {RATIO_AIM}: {}", verdict(ratio >= RATIO_AIM)) } else { goal }
}

fn footprint(results: &Results) -> String {
    let mib = |kib: u64| kib as f64 / 1024.0;
    let start = median(results.starts.iter().map(|start| start.as_secs_f64() * 1e3));
    let (seeding, binary) = (results.seeding.as_secs_f64(), results.binary_bytes as f64 / 1e6);
    let (idle, loaded) = (mib(results.idle_kib), mib(results.loaded_kib));
    format!(
        "\n## Start, memory and size\n\n\
         | | Measured | Goal |\n|---|---:|---|\n\
         | From the start on existing data to the first answer, median of {} | {start:.0} ms | < {START_GOAL_MS} ms: {} |\n\
         | From a fresh start to seeded demo data | {seeding:.2} s | < {SEEDING_GOAL_SECONDS} s: {} |\n\
         | Memory (resident) when idle, before the load | {idle:.1} MiB | < {IDLE_GOAL_MIB} MiB: {} |\n\
         | Memory (resident) after the load | {loaded:.1} MiB | |\n\
         | Size of the binary | {binary:.1} MB | < {BINARY_GOAL_MB} MB: {} |\n",
        results.starts.len(),
        verdict(start < START_GOAL_MS),
        verdict(seeding < SEEDING_GOAL_SECONDS),
        verdict(idle < IDLE_GOAL_MIB),
        verdict(binary < BINARY_GOAL_MB),
    )
}

pub(super) fn verdict(reached: bool) -> &'static str {
    if reached { "ok" } else { "**missed**" }
}

/// The middle value, or the mean of the two in the middle.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_in_between() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([7.4, 999.0, 1_000.0, 1_234_567.0].map(thousands), ["7", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_kernel_is_named_without_what_a_host_added() {
        let named = ["Linux 6.12.38-cloud-amd64", "Linux 6.12.38"].map(without_build);
        assert_eq!(named, ["Linux 6.12.38", "Linux 6.12.38"]);
    }

    #[test]
    fn goals_hold_at_one_number_of_connections() {
        assert_eq!(ratio_verdict(UTILIZATION, 1, 0.1), "");
        assert_eq!(ratio_verdict(UTILIZATION, 32, 0.6), "≥ 0.5: ok; aim ≥ 0.7: **missed**");
        assert_eq!(ratio_verdict("/v1/memberships/membership-offers", 32, 0.4), "≥ 0.5: **missed**");
        assert_eq!(ratio_verdict("/v1/memberships/membership-offers/17", 32, 0.7), "≥ 0.5: ok; aim ≥ 0.7: ok");
    }
}
