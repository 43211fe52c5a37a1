//! What can be booked, as the gym file and the back office define it alike: what an entry says, what cannot work in it, and what else of
//! the studio it names.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::{
    booking::{
        appointment::Appointment,
        class::{Class, ClassSeries, Resource, Room},
        trial::TrialOffer,
    },
    problem::Problem,
};
use gymkeeper_store::inventory::Kind;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

/// What something is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    /// Another entry of the studio.
    Entry(Kind),
    /// Somebody who works there.
    Employee,
}

/// A field that names something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'d> {
    /// The field, from the definition's own top.
    pub field: String,
    /// What it names.
    pub what: Named,
    /// The keys in it.
    pub keys: &'d [String],
}

impl<'d> Reference<'d> {
    fn entry(field: impl Into<String>, kind: Kind, keys: &'d [String]) -> Self {
        Self { field: field.into(), what: Named::Entry(kind), keys }
    }

    fn employees(field: impl Into<String>, keys: &'d [String]) -> Self {
        Self { field: field.into(), what: Named::Employee, keys }
    }

    /// Whether it names that entry.
    #[must_use]
    pub fn names(&self, kind: Kind, key: &str) -> bool {
        self.what == Named::Entry(kind) && self.keys.iter().any(|named| named == key)
    }
}

/// What an entry of a studio defines.
pub trait Definition: Clone + PartialEq + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static {
    /// The kind of the entry.
    const KIND: Kind;
    /// What is said when there is none of some id.
    const MISSING: ErrorCode;

    /// What cannot work, whatever else there is.
    fn problems(&self) -> Vec<Problem>;

    /// What cannot work beside other entries of the kind.
    fn clashes(&self, _others: &[Self]) -> Vec<Problem> {
        Vec::new()
    }

    /// What else it names.
    fn references(&self) -> Vec<Reference<'_>> {
        Vec::new()
    }

    /// The path of its picture, from the folder of the gym file.
    fn image(&self) -> Option<&str> {
        None
    }
}

impl Definition for Room {
    const KIND: Kind = Kind::Room;
    const MISSING: ErrorCode = ErrorCode::RoomNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }
}

impl Definition for Resource {
    const KIND: Kind = Kind::Resource;
    const MISSING: ErrorCode = ErrorCode::ResourceNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }
}

impl Definition for Class {
    const KIND: Kind = Kind::Class;
    const MISSING: ErrorCode = ErrorCode::ClassNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }

    fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }
}

impl Definition for ClassSeries {
    const KIND: Kind = Kind::ClassSeries;
    const MISSING: ErrorCode = ErrorCode::ClassSeriesNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }

    fn references(&self) -> Vec<Reference<'_>> {
        let own = [
            Reference::entry("room", Kind::Room, self.room.as_slice()),
            Reference::entry("resources", Kind::Resource, &self.resources),
            Reference::employees("instructors", &self.instructors),
        ];
        let of_days = self.exceptions.iter().enumerate().flat_map(|(index, exception)| {
            let at = format!("exceptions[{index}]");
            [
                Reference::entry(format!("{at}.room"), Kind::Room, exception.room.as_slice()),
                Reference::employees(format!("{at}.instructors"), &exception.instructors),
            ]
        });
        own.into_iter().chain(of_days).collect()
    }
}

impl Definition for Appointment {
    const KIND: Kind = Kind::AppointmentType;
    const MISSING: ErrorCode = ErrorCode::BookableAppointmentNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }

    fn references(&self) -> Vec<Reference<'_>> {
        let groups = self.resources.iter().enumerate();
        let groups = groups.map(|(group, keys)| Reference::entry(format!("resources[{group}]"), Kind::Resource, keys));
        let others = [
            Reference::entry("rooms", Kind::Room, &self.rooms),
            Reference::employees("instructors", &self.instructors),
            Reference::entry("conditions.offers", Kind::Offer, &self.conditions.offers),
            Reference::entry("conditions.modules", Kind::Module, &self.conditions.modules),
        ];
        groups.chain(others).collect()
    }

    fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }
}

impl Definition for TrialOffer {
    const KIND: Kind = Kind::TrialOffer;
    const MISSING: ErrorCode = ErrorCode::TrialOfferConfigNotFound;

    fn problems(&self) -> Vec<Problem> {
        self.problems()
    }

    fn clashes(&self, others: &[Self]) -> Vec<Problem> {
        self.repeats(others)
    }

    fn references(&self) -> Vec<Reference<'_>> {
        vec![
            Reference::entry("classes", Kind::Class, &self.classes),
            Reference::entry("appointments", Kind::AppointmentType, &self.appointments),
        ]
    }
}
