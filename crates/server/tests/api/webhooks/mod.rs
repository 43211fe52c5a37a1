//! Webhooks: who is told what and when, over real connections. `receiver.rs` is the other side.

mod answers;
mod leases;
mod order;
pub(crate) mod receiver;
mod repeats;
mod who;

use std::{sync::Arc, time::Duration};

use gymkeeper_contract::webhooks::EventType;
use gymkeeper_server::{
    actions::{
        checkin::{self, Visitor},
        webhook::{self, Added, NotDone, Wanted},
    },
    app::App,
    config::Config,
    workers::webhooks,
};
use gymkeeper_store::webhook::delivery::{self, Listed, Selection};
use tokio::{sync::watch, task::JoinHandle};

use crate::support::{Gym, SMALL, with_configured_gym};
use receiver::Receiver;

/// Looks again and again until `seen` answers something.
async fn until<T>(what: &str, mut seen: impl AsyncFnMut() -> Option<T>) -> T {
    let looking = async {
        loop {
            if let Some(seen) = seen().await {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(600), looking)
        .await
        .unwrap_or_else(|_| panic!("waited in vain until {what}"))
}

/// A gym whose receivers have a limit of time that a test can wait for.
fn with_impatient_gym<F: Future<Output = ()>>(test: impl Fn(Gym) -> F) {
    with_limit(300, test);
}

fn with_limit<F: Future<Output = ()>>(milliseconds: u64, test: impl Fn(Gym) -> F) {
    let configure = |config: &mut Config| config.webhooks.limit = Duration::from_millis(milliseconds);
    with_configured_gym(SMALL, configure, test);
}

/// The worker of a server, until it is stopped.
struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    fn start(app: &Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(webhooks::run(Arc::clone(app), stopped)) }
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }
}

impl Gym {
    /// Confirms that the integration of the tests is ready for events of a studio, as it does itself.
    async fn activate(&self, studio: &str) {
        let key = self.key(studio).await;
        let answer = self.send("POST", "/v1/studios/confirmActivation", &[("x-api-key", &key)], "").await;
        assert_eq!(answer.status, 200);
    }

    /// Adds a target of the integration of the tests.
    async fn try_target(&self, studio: &str, url: &str, types: &[EventType]) -> Result<Added, String> {
        let (studio, url) = (self.studio(studio).await, url.to_owned());
        let types = (!types.is_empty()).then(|| types.to_vec());
        let wanted = Wanted { studio, integration: "tests".to_owned(), url, types };
        self.act(move |change| match webhook::add_target(change, &wanted) {
            Ok(added) => Ok(Ok(added)),
            Err(NotDone::Wrong(wrong)) => Ok(Err(wrong)),
            Err(NotDone::Db(error)) => Err(error),
        })
        .await
    }

    async fn target(&self, studio: &str, receiver: &Receiver) -> Added {
        self.try_target(studio, &receiver.url, &[]).await.unwrap()
    }

    /// Lets customers in, each of whom is an event, in one transaction.
    async fn let_in(&self, studio: &str, customers: impl IntoIterator<Item = i64>) {
        let (studio, customers) = (self.studio(studio).await, customers.into_iter().collect::<Vec<_>>());
        self.act(move |change| {
            let at = change.now;
            let visitors: Vec<Visitor> = customers.iter().map(|id| Visitor { customer: Some(*id), at }).collect();
            checkin::open(change, studio, &visitors)
        })
        .await;
        self.app.wake_if(true);
    }

    /// Raises a sample of a type.
    async fn trigger(&self, studio: &str, kind: EventType) {
        let studio = self.studio(studio).await;
        self.act(move |change| {
            webhook::trigger(change, studio, kind).unwrap();
            Ok(())
        })
        .await;
    }

    /// Attempts what is due.
    async fn drain(&self) {
        webhooks::drain(&self.app, self.tenant).await.unwrap();
    }

    /// All deliveries, oldest first.
    async fn deliveries(&self) -> Vec<Listed> {
        let tenant = self.tenant;
        let selection = Selection::default();
        let mut all = self.app.db.read(move |tx| delivery::list(tx, tenant, &selection, 100_000)).await.unwrap();
        all.reverse();
        all
    }

    /// How it stands with all deliveries, oldest first.
    async fn states(&self) -> Vec<(String, i64)> {
        self.deliveries().await.into_iter().map(|delivery| (delivery.state, delivery.attempts)).collect()
    }

    /// The attempts at a delivery.
    async fn log(&self, id: i64) -> Vec<serde_json::Value> {
        let tenant = self.tenant;
        let found = self.app.db.read(move |tx| delivery::find(tx, tenant, id)).await.unwrap();
        serde_json::from_str(&found.unwrap().1.log).unwrap()
    }
}
