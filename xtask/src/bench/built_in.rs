//! The load generator for machines without `wrk`: closed loops, one a connection, in a process of its own.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::http::{Connection, Target};
use crate::Outcome;
use crate::arguments::Arguments;

/// What a generator saw in one window.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Load {
    pub(crate) requests: u64,
    pub(crate) per_second: f64,
    pub(crate) p50_micros: f64,
    pub(crate) p99_micros: f64,
}

/// As many threads as `wrk` is given.
const THREADS: usize = 2;

/// The command `load`: prints a [`Load`] as JSON.
pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    let target = Target {
        address: arguments.required("--address")?,
        path: arguments.required("--path")?,
        key: arguments.required("--key")?,
    };
    let connections: usize = arguments.required("--connections")?;
    let window = Duration::from_secs(arguments.required("--seconds")?);
    arguments.finish()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let load = runtime.block_on(generate(target, connections, window))?;
    println!("{}", serde_json::to_string(&load)?);
    Ok(())
}

async fn generate(target: Target, connections: usize, window: Duration) -> Outcome<Load> {
    let start = Instant::now();
    let loops: Vec<_> = (0..connections)
        .map(|_| {
            let target = target.clone();
            // The error crosses a thread, so it travels as text.
            tokio::spawn(async move { drive(&target, start + window).await.map_err(|error| error.to_string()) })
        })
        .collect();
    let mut latencies = Vec::new();
    for one in loops {
        latencies.extend(one.await??);
    }
    let seconds = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    Ok(Load {
        requests: latencies.len() as u64,
        per_second: latencies.len() as f64 / seconds,
        p50_micros: quantile(&latencies, 0.50)?,
        p99_micros: quantile(&latencies, 0.99)?,
    })
}

/// The latencies in microseconds of the requests of one connection.
async fn drive(target: &Target, end: Instant) -> Outcome<Vec<u32>> {
    let mut connection = Connection::open(target).await?;
    let mut latencies = Vec::new();
    let mut sent = Instant::now();
    while sent < end {
        let status = connection.status().await?;
        let answered = Instant::now();
        if status != 200 {
            return Err(format!("{} answered {status} under load", target.path).into());
        }
        latencies.push(u32::try_from((answered - sent).as_micros())?);
        sent = answered;
    }
    Ok(latencies)
}

fn quantile(sorted: &[u32], share: f64) -> Outcome<f64> {
    let position = (sorted.len() as f64 * share) as usize;
    sorted.get(position).or(sorted.last()).map(|micros| f64::from(*micros)).ok_or_else(|| "not one answer".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_read_from_the_sorted_latencies() {
        let latencies: Vec<u32> = (1..=100).collect();
        assert_eq!((quantile(&latencies, 0.5).unwrap(), quantile(&latencies, 0.99).unwrap()), (51.0, 100.0));
        assert!(quantile(&[], 0.5).is_err());
    }
}
