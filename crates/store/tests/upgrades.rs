//! Databases of before a migration, with rows in them.

#![allow(clippy::unwrap_used)]

use gymkeeper_store::{
    MIGRATIONS,
    booking::feed,
    db::{Db, DbError, Location, Options},
    tenant::TenantId,
};
use gymkeeper_testkit::each_database;
use jiff::Timestamp;

const TENANT: TenantId = TenantId(7);
const HASH: [u8; 32] = [1; 32];
/// As many migrations came before links to calendars were signed.
const BEFORE_SIGNATURES: usize = 18;

gymkeeper_store::statements! {
    FEED = "insert into calendar_feed (tenant_id, id, studio_id, hash, made_by, made_at, revoked_at)
        values ($1, $2, 1, $3, 'cli:ada', $4, $5)";
}

#[test]
fn links_to_calendars_without_a_signature_end() {
    each_database(|database| {
        let location = Location::parse(&database.url);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (made, later): (Timestamp, Timestamp) =
            ("2026-11-21T11:00:00Z".parse().unwrap(), "2026-11-21T12:00:00Z".parse().unwrap());
        let old = Db::open(&location, &MIGRATIONS[..BEFORE_SIGNATURES], &Options::default()).unwrap();
        runtime
            .block_on(old.write(move |tx| {
                tx.execute(&FEED, &[&TENANT, &81_i64, &HASH.as_slice(), &made, &None::<Timestamp>])?;
                tx.execute(&FEED, &[&TENANT, &82_i64, &b"other".as_slice(), &made, &Some(later)]).map(drop)
            }))
            .unwrap();
        old.close();
        let db = Db::open(&location, MIGRATIONS, &Options::default()).unwrap();
        runtime
            .block_on(db.read(move |tx| {
                // One that had been revoked before keeps its time.
                let ends: Vec<_> = feed::all(tx, TENANT)?.into_iter().map(|one| (one.id, one.revoked_at)).collect();
                assert_eq!(ends, [(81, Some(made)), (82, Some(later))]);
                assert_eq!(feed::open(tx, TENANT, &HASH)?, None);
                Ok::<_, DbError>(())
            }))
            .unwrap();
        db.close();
    });
}
