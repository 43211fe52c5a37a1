//! The door's reasons, each alone and in their order.

use jiff::civil::date;

use super::*;

const TODAY: Date = date(2026, 11, 21); // a Saturday
const HERE: i64 = 7;

fn noon() -> DateTime {
    TODAY.at(12, 0, 0, 0)
}

fn contract() -> Contract<'static> {
    Contract {
        id: 1,
        use_from: date(2026, 1, 1),
        end: None,
        reversed: false,
        studios: ValidStudios::All,
        hours: None,
        idle_periods: &[],
    }
}

fn pass() -> Pass<'static> {
    Pass {
        kind: PassKind::DayPass,
        id: 2,
        days: Days::between(TODAY, TODAY),
        uses_left: Some(1),
        used_today: false,
        studios: ValidStudios::All,
    }
}

fn facts() -> AccessFacts<'static> {
    AccessFacts {
        studio: HERE,
        is_open: true,
        is_archived: false,
        blocks: &[],
        contracts: &[],
        passes: &[],
        occupancy: Occupancy::default(),
    }
}

fn mornings() -> Vec<OpeningHoursCategory> {
    let json = r#"[{"name":"Mornings","windows":[{"day":"SATURDAY","from":"06:00","to":"12:00"}]}]"#;
    serde_json::from_str(json).unwrap()
}

#[test]
fn chk_3_the_first_failure_in_the_order_is_the_reason() {
    // Everything that can be wrong is wrong; one after the other is mended, and the next one shows.
    let block = |kind| [Block { kind, days: Days::since(TODAY) }];
    let blocks = block(BlockKind::Dunning);
    let mornings = mornings();
    let idle = [IdlePeriod { days: Days::between(TODAY, TODAY), refuses_access: true }];
    let over = [Contract { end: Some(date(2026, 11, 20)), ..contract() }];
    let elsewhere =
        [Contract { studios: ValidStudios::Only(&[8, 9]), hours: Some(&mornings), idle_periods: &idle, ..contract() }];
    let in_the_morning = [Contract { studios: ValidStudios::Only(&[9, HERE]), ..elsewhere[0] }];
    let pausing = [Contract { hours: None, ..in_the_morning[0] }];
    let good = [contract()];
    let full = Occupancy { inside: 5, capacity: Some(5), blocks: true };

    let mut facts = AccessFacts {
        is_open: false,
        is_archived: true,
        blocks: &blocks,
        contracts: &over,
        occupancy: full,
        ..facts()
    };
    let reason = |facts: &AccessFacts<'_>| match decide(facts, noon()) {
        Decision::Refused(reason) => reason,
        Decision::Allowed(right) => panic!("allowed by {right:?}"),
    };
    assert_eq!(reason(&facts), AccessRefusal::StudioClosed);
    facts.is_open = true;
    assert_eq!(reason(&facts), AccessRefusal::Archived);
    facts.is_archived = false;
    assert_eq!(reason(&facts), AccessRefusal::Blocked(BlockKind::Dunning));
    facts.blocks = &[];
    assert_eq!(reason(&facts), AccessRefusal::NoContract);
    facts.contracts = &elsewhere;
    assert_eq!(reason(&facts), AccessRefusal::NotValidHere);
    facts.contracts = &in_the_morning;
    assert_eq!(reason(&facts), AccessRefusal::OutsideHours);
    facts.contracts = &pausing;
    assert_eq!(reason(&facts), AccessRefusal::Idle);
    facts.contracts = &good;
    assert_eq!(reason(&facts), AccessRefusal::Full);
    facts.occupancy.inside = 4;
    assert_eq!(decide(&facts, noon()), Decision::Allowed(Right::Contract { id: 1 }));
}

#[test]
fn chk_3_contracts_hold_from_start_of_use_to_their_end() {
    for (use_from, end, reversed, allowed) in [
        (date(2026, 11, 21), None, false, true),
        (date(2026, 11, 22), None, false, false),
        (date(2026, 1, 1), Some(date(2026, 11, 21)), false, true),
        (date(2026, 1, 1), Some(date(2026, 11, 20)), false, false),
        (date(2026, 1, 1), None, true, false),
    ] {
        let contracts = [Contract { use_from, end, reversed, ..contract() }];
        let decision = decide(&AccessFacts { contracts: &contracts, ..facts() }, noon());
        let expected = if allowed {
            Decision::Allowed(Right::Contract { id: 1 })
        } else {
            Decision::Refused(AccessRefusal::NoContract)
        };
        assert_eq!(decision, expected, "{use_from} {end:?} {reversed}");
    }
}

#[test]
fn chk_3_blocks_hold_on_their_days() {
    let contracts = [contract()];
    for (days, blocked) in [
        (Days::ALWAYS, true),
        (Days::between(date(2026, 11, 1), TODAY), true),
        (Days::between(date(2026, 11, 1), date(2026, 11, 20)), false),
        (Days::since(date(2026, 11, 22)), false),
    ] {
        for kind in [BlockKind::Restriction, BlockKind::Dunning, BlockKind::DebtCollection] {
            let blocks = [Block { kind, days }];
            let decision = decide(&AccessFacts { contracts: &contracts, blocks: &blocks, ..facts() }, noon());
            let refused = decision == Decision::Refused(AccessRefusal::Blocked(kind));
            assert_eq!(refused, blocked, "{kind:?} {days:?}");
        }
    }
}

#[test]
fn chk_3_hours_pauses_and_capacity_only_count_where_they_bind() {
    let mornings = mornings();
    let pause = [IdlePeriod { days: Days::since(TODAY), refuses_access: false }];
    let no_hours: [OpeningHoursCategory; 0] = [];
    let allowed = Decision::Allowed(Right::Contract { id: 1 });
    let outside = Decision::Refused(AccessRefusal::OutsideHours);
    for (contract, occupancy, at, expected) in [
        (Contract { hours: Some(&mornings), ..contract() }, Occupancy::default(), TODAY.at(11, 59, 0, 0), allowed),
        (Contract { hours: Some(&mornings), ..contract() }, Occupancy::default(), noon(), outside),
        (Contract { hours: Some(&no_hours), ..contract() }, Occupancy::default(), noon(), outside),
        (Contract { idle_periods: &pause, ..contract() }, Occupancy::default(), noon(), allowed),
        (contract(), Occupancy { inside: 9, capacity: Some(5), blocks: false }, noon(), allowed),
        (contract(), Occupancy { inside: 9, capacity: None, blocks: true }, noon(), allowed),
    ] {
        let contracts = [contract];
        let decision = decide(&AccessFacts { contracts: &contracts, occupancy, ..facts() }, at);
        assert_eq!(decision, expected, "{contract:?} {occupancy:?} {at}");
    }
}

#[test]
fn chk_3_passes_and_vouchers() {
    let day_pass = |takes_use| Decision::Allowed(Right::Pass { kind: PassKind::DayPass, id: 2, takes_use });
    let voucher = Decision::Allowed(Right::Pass { kind: PassKind::Voucher, id: 2, takes_use: true });
    let refused = |reason| Decision::Refused(reason);
    for (pass, expected) in [
        (pass(), day_pass(true)),
        (Pass { uses_left: None, ..pass() }, day_pass(true)),
        (Pass { uses_left: Some(0), ..pass() }, refused(AccessRefusal::NoContract)),
        // ONL-2: back from lunch.
        (Pass { uses_left: Some(0), used_today: true, ..pass() }, day_pass(false)),
        (
            Pass { days: Days::between(date(2026, 11, 22), date(2026, 11, 22)), ..pass() },
            refused(AccessRefusal::NoContract),
        ),
        (Pass { studios: ValidStudios::Only(&[8]), ..pass() }, refused(AccessRefusal::NotValidHere)),
        (Pass { kind: PassKind::Voucher, ..pass() }, voucher),
        // CHV-2: a voucher ends with its one visit.
        (
            Pass { kind: PassKind::Voucher, uses_left: Some(0), used_today: true, ..pass() },
            refused(AccessRefusal::NoContract),
        ),
    ] {
        let passes = [pass];
        assert_eq!(decide(&AccessFacts { passes: &passes, ..facts() }, noon()), expected, "{pass:?}");
    }
}

#[test]
fn onl_2_whoever_comes_back_takes_no_use_of_another_pass() {
    let by = |kind, id, takes_use| Decision::Allowed(Right::Pass { kind, id, takes_use });
    let (fresh, used) = (Pass { id: 3, ..pass() }, Pass { id: 4, uses_left: Some(0), used_today: true, ..pass() });
    let voucher = Pass { kind: PassKind::Voucher, id: 5, ..pass() };
    let aggregator = Pass { kind: PassKind::Aggregator, id: 6, used_today: true, uses_left: None, ..pass() };
    for (passes, expected) in [
        (&[fresh, used][..], by(PassKind::DayPass, 4, false)),
        (&[voucher, fresh, used], by(PassKind::DayPass, 4, false)),
        (&[voucher, aggregator], by(PassKind::Aggregator, 6, false)),
        // Otherwise the one that stands first.
        (&[fresh, voucher], by(PassKind::DayPass, 3, true)),
        (&[voucher, fresh], by(PassKind::Voucher, 5, true)),
    ] {
        assert_eq!(decide(&AccessFacts { passes, ..facts() }, noon()), expected, "{passes:?}");
    }
}

#[test]
fn chk_3_the_right_that_comes_furthest_decides() {
    let mornings = mornings();
    let limited = Contract { id: 3, hours: Some(&mornings), ..contract() };
    let elsewhere = Contract { id: 4, studios: ValidStudios::Only(&[8]), ..contract() };
    let passes = [pass()];
    for (contracts, passes, expected) in [
        // The second contract fails later, so its reason is told.
        (&[elsewhere, limited][..], &[][..], Decision::Refused(AccessRefusal::OutsideHours)),
        (&[limited, contract()], &passes, Decision::Allowed(Right::Contract { id: 1 })),
        (&[contract(), Contract { id: 9, ..contract() }], &passes, Decision::Allowed(Right::Contract { id: 1 })),
        (&[limited], &passes, Decision::Allowed(Right::Pass { kind: PassKind::DayPass, id: 2, takes_use: true })),
    ] {
        assert_eq!(decide(&AccessFacts { contracts, passes, ..facts() }, noon()), expected, "{contracts:?}");
    }
}

#[test]
fn chk_4_forgotten_visits_end_by_themselves() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (closing, expected) in [
        (Some("2026-11-21T22:00:00Z"), "2026-11-21T22:00:00Z"),
        (Some("2026-11-21T18:30:00Z"), "2026-11-21T18:30:00Z"),
        (Some("2026-11-21T18:00:00Z"), "2026-11-21T21:00:00Z"),
        (None, "2026-11-21T21:00:00Z"),
    ] {
        let checkout = automatic_checkout(at("2026-11-21T18:00:00Z"), closing.map(at), 3);
        assert_eq!(checkout, at(expected), "{closing:?}");
    }
    assert_eq!(automatic_checkout(Timestamp::MAX, None, u32::MAX), Timestamp::MAX);
}

#[test]
fn chk_4_somebody_sees_to_them_at_the_closing_hour_and_else_every_five_minutes() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    for (end, closing, expected) in [
        ("2026-11-21T21:03:00Z", Some("2026-11-21T21:03:00Z"), "2026-11-21T21:03:00Z"),
        ("2026-11-21T21:03:00Z", None, "2026-11-21T21:05:00Z"),
        ("2026-11-21T21:05:00Z", None, "2026-11-21T21:05:00Z"),
        ("2026-11-21T21:05:00.001Z", None, "2026-11-21T21:10:00Z"),
        ("2026-11-21T21:59:59Z", Some("2026-11-21T18:00:00Z"), "2026-11-21T22:00:00Z"),
    ] {
        assert_eq!(automatic_checkout_due(at(end), closing.map(at)), at(expected), "{end}");
    }
    assert_eq!(automatic_checkout_due(Timestamp::MAX, None), Timestamp::MAX);
}

#[test]
fn chk_3_a_judgement_has_every_reason_once_and_its_first_decides() {
    let block = |kind| Block { kind, days: Days::since(TODAY) };
    let over = Block { kind: BlockKind::DebtCollection, days: Days::between(date(2026, 1, 1), date(2026, 1, 31)) };
    let blocks = [block(BlockKind::Restriction), block(BlockKind::Dunning), block(BlockKind::Restriction), over];
    let full = Occupancy { inside: 20, capacity: Some(20), blocks: true };
    let mornings = mornings();
    let limited = [Contract { hours: Some(&mornings), ..contract() }];
    let all = AccessFacts {
        is_open: false,
        is_archived: true,
        blocks: &blocks,
        contracts: &limited,
        occupancy: full,
        ..facts()
    };
    let nobody = facts;
    let expected = [
        AccessRefusal::StudioClosed,
        AccessRefusal::Archived,
        AccessRefusal::Blocked(BlockKind::Restriction),
        AccessRefusal::Blocked(BlockKind::Dunning),
        AccessRefusal::OutsideHours,
        AccessRefusal::Full,
    ];
    assert_eq!(judge(&all, noon()).refusals, expected);
    let fine = [contract()];
    let allowed = judge(&AccessFacts { contracts: &fine, ..facts() }, noon());
    assert_eq!((allowed.decision, allowed.refusals.len()), (Decision::Allowed(Right::Contract { id: 1 }), 0));
    // Whatever is the matter, the first reason is the one of the decision.
    for facts in [
        all,
        AccessFacts { is_open: true, ..all },
        AccessFacts { is_open: true, is_archived: false, ..all },
        AccessFacts { is_open: true, is_archived: false, blocks: &[], ..all },
        AccessFacts { occupancy: full, contracts: &fine, ..nobody() },
        AccessFacts { occupancy: full, ..nobody() },
        nobody(),
    ] {
        let Judgement { decision, refusals } = judge(&facts, noon());
        assert_eq!(decision, decide(&facts, noon()));
        assert_eq!(decision, Decision::Refused(refusals[0]));
    }
}
