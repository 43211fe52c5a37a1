//! Mistakes in what a gym file says about trial offers.

use gymkeeper_server::gymfile::{self, Contents};

use super::trials;

struct Pictures;

impl Contents for Pictures {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Ok([b"\x89PNG\r\n\x1a\n", path.as_bytes()].concat())
    }
}

#[test]
fn mistakes_in_trial_offers_are_named() {
    for (from, to, field, message) in [
        (
            "classes: [yoga]",
            "classes: [yogi]",
            "trial_offers[0].classes",
            "there is no class with the key \"yogi\" in this studio",
        ),
        (
            "true, classes: [course]",
            "true, classes: [course, yoga]",
            "trial_offers[1].classes[1]",
            "belongs to a trial offer already",
        ),
        ("classes: [yoga]", "classes: [yoga, yoga]", "trial_offers[0].classes[1]", "belongs to a trial offer already"),
        (
            "true, classes: [course]",
            "true, appointments: [check]",
            "trial_offers[1].appointments",
            "there is no appointment type with the key \"check\" in this studio",
        ),
        ("true, classes: [course]", "true", "trial_offers[1]", "has nothing to try; it needs classes or appointments"),
        ("contingent: 3", "contingent: 0", "trial_offers[1].contingent", "must be at least 1"),
        (
            "confirm_before: 90 MINUTES",
            "confirm_before: 0 DAY",
            "trial_offers[2].confirm_before",
            "must be at least one unit long",
        ),
        (
            "prevent_multiple_bookings: 2 DAY",
            "prevent_multiple_bookings: 2 HOURS",
            "trial_offers[0].prevent_multiple_bookings",
            "`2 HOURS` is not a term such as `12 MONTH`",
        ),
    ] {
        let yaml = trials().replacen(from, to, 1);
        assert_ne!(yaml, trials());
        let mistakes = gymfile::read(&yaml, "2026-11-21".parse().unwrap(), &Pictures).unwrap_err();
        let named: Vec<_> = mistakes.iter().map(|mistake| (mistake.field.as_str(), mistake.message.as_str())).collect();
        let field = format!("studios[0].{field}");
        assert_eq!(named, [(field.as_str(), message)], "{to}");
        assert!(mistakes[0].line.is_some(), "{to}");
    }
}
