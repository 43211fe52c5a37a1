//! The chores of the project: `cargo xtask <command>`.
//!
//! Each command is a module. `check` is all that CI runs besides the tests; `bench` measures; `generate` and
//! `new-operation` write files. What must work in the product does not belong here.

// Measuring time is what the benchmark is for; no rule of the product depends on these clocks.
#![allow(clippy::disallowed_methods)]

mod arguments;
mod bench;
mod check;
mod generate;
mod invariants;
mod new_operation;
mod workspace;

use std::process::ExitCode;

use arguments::Arguments;

/// The allocator of the server, so that the bare server of the benchmark differs in nothing but its work.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The result of a chore; the error is a sentence for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
cargo xtask <command>

  check [--fix]        Everything that CI checks besides the tests. --fix first repairs what can be repaired.
  advisories           Known vulnerabilities in dependencies. Needs the network.
  generate [--check]   Writes the files that come out of the program. --check only says which ones are out of date.
  new-operation ID     Writes the skeleton of an operation's handler and of its test.
  bench [--seconds N] [--windows N] [--connections 1,32,128] [--quick] [--built-in-load] [--output FILE]
                       Measures the server beside a bare one and writes docs/reference/performance.md.
                       --quick takes short windows at 32 connections and writes nothing.
                       The load comes from wrk where it is installed, or from a generator of our own.
  bench-members [--members 200000,2000000] [--seconds N] [--windows N] [--output FILE]
                       Measures the server with many members and writes docs/reference/performance-members.md. Needs wrk.
  bench-bookings [--seconds N] [--windows N] [--output FILE]
                       Measures bookings on both databases and writes docs/reference/performance-bookings.md. Needs wrk and
                       PostgreSQL with pgbench.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let arguments = Arguments::new(arguments);
    let outcome = match command.as_str() {
        "check" => check::run(arguments),
        "advisories" => check::advisories(arguments),
        "generate" => generate::run(arguments),
        "new-operation" => new_operation::run(arguments),
        "bench" => bench::run(arguments),
        "bench-members" => bench::members::run(arguments),
        "bench-bookings" => bench::bookings::run(arguments),
        // The two below are started by `bench`, each in a process of its own.
        "bare-server" => bench::bare_server::run(arguments),
        "load" => bench::built_in::run(arguments),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command {other:?}; `cargo xtask help` lists them").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
