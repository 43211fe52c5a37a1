//! Figures in the Prometheus text format.

use std::{sync::atomic::Ordering::Relaxed, time::Duration};

use gymkeeper_contract::operations::OPERATIONS;
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::app::App;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OperationLabel {
    operation: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct AnswerLabel {
    operation: &'static str,
    status: &'static str,
}

/// Classes of answers; each has a counter of its own, found without a lock.
const CLASSES: [&str; 5] = ["2xx", "3xx", "4xx", "429", "5xx"];

/// The figures of this process.
pub struct Metrics {
    registry: Registry,
    /// By the operation's number, then by class.
    answers: Vec<[Counter; CLASSES.len()]>,
    seconds: Vec<Histogram>,
    /// Open connections.
    pub connections: Gauge,
    /// Jobs that failed too often.
    pub jobs_parked: Gauge,
    jobs: Family<OutcomeLabel, Counter>,
    /// Deliveries of webhooks that wait for a repeat.
    pub webhooks_waiting: Gauge,
    /// Customers who were drawn before anybody asked for them.
    pub customers_drawn_ahead: Counter,
    webhooks: Family<OutcomeLabel, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

impl Metrics {
    /// Figures that all begin at nought.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("gymkeeper");
        let answers = Family::<AnswerLabel, Counter>::default();
        let seconds = Family::<OperationLabel, Histogram>::new_with_constructor(|| {
            Histogram::new([0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0])
        });
        let (connections, jobs_parked) = (Gauge::default(), Gauge::default());
        let jobs = Family::<OutcomeLabel, Counter>::default();
        let (webhooks_waiting, webhooks) = (Gauge::default(), Family::<OutcomeLabel, Counter>::default());
        registry.register("answers", "Answers by operation and status", answers.clone());
        registry.register("seconds", "Time from the head of a request to its answer", seconds.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register("jobs", "Jobs that were run", jobs.clone());
        registry.register("jobs_parked", "Jobs that failed too often", jobs_parked.clone());
        registry.register("webhooks", "Attempts to deliver webhooks, by outcome", webhooks.clone());
        registry.register("webhooks_waiting", "Webhooks that wait for a repeat", webhooks_waiting.clone());
        let customers_drawn_ahead = Counter::default();
        let help = "Customers whose answers were prepared before anybody asked";
        registry.register("customers_drawn_ahead", help, customers_drawn_ahead.clone());
        Self {
            answers: OPERATIONS
                .iter()
                .map(|o| CLASSES.map(|status| answers.get_or_create(&AnswerLabel { operation: o.id, status }).clone()))
                .collect(),
            seconds: OPERATIONS
                .iter()
                .map(|o| seconds.get_or_create(&OperationLabel { operation: o.id }).clone())
                .collect(),
            registry,
            connections,
            jobs_parked,
            jobs,
            webhooks_waiting,
            customers_drawn_ahead,
            webhooks,
        }
    }

    /// Counts an answer.
    pub fn answered(&self, operation: u32, status: u16, took: Duration) {
        let class = match status {
            200..=299 => 0,
            300..=399 => 1,
            429 => 3,
            400..=499 => 2,
            _ => 4,
        };
        let number = operation as usize;
        if let (Some(answers), Some(seconds)) = (self.answers.get(number), self.seconds.get(number)) {
            answers[class].inc();
            seconds.observe(took.as_secs_f64());
        }
    }

    /// Counts a job that was run.
    pub fn job_ran(&self, succeeded: bool) {
        let outcome = if succeeded { "done" } else { "failed" };
        self.jobs.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// Counts an attempt to deliver a webhook; `given_up` says that it was the last one.
    pub fn webhook_attempted(&self, delivered: bool, given_up: bool) {
        let outcome = if delivered { "delivered" } else { "failed_attempt" };
        self.webhooks.get_or_create(&OutcomeLabel { outcome }).inc();
        if given_up {
            self.webhooks.get_or_create(&OutcomeLabel { outcome: "given_up" }).inc();
        }
    }

    /// All figures as text, with those of the database.
    pub fn text(&self, app: &App) -> String {
        let mut out = String::new();
        if text::encode(&mut out, &self.registry).is_err() {
            return String::new();
        }
        let counters = app.db.counters();
        let (reads, writes) = app.db.waiting();
        let database = [
            ("db_commit_groups", "counter", "Commits of the SQLite writer", counters.groups.load(Relaxed)),
            ("db_grouped_writes", "counter", "Writes that shared those commits", counters.grouped.load(Relaxed)),
            ("db_retries", "counter", "Writes that PostgreSQL made run again", counters.retries.load(Relaxed)),
            ("db_refused", "counter", "Jobs refused because the queue was full", counters.refused.load(Relaxed)),
            ("db_waiting_reads", "gauge", "Reads that wait for a thread", reads as u64),
            ("db_waiting_writes", "gauge", "Writes that wait for a thread", writes as u64),
        ];
        let body = out.trim_end().trim_end_matches("# EOF").to_owned();
        let mut out = body;
        for (name, kind, help, value) in database {
            let sample = if kind == "counter" { format!("{name}_total") } else { name.to_owned() };
            out.push_str(&format!(
                "# HELP gymkeeper_{name} {help}.\n# TYPE gymkeeper_{name} {kind}\ngymkeeper_{sample} {value}\n"
            ));
        }
        out.push_str("# EOF\n");
        out
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
