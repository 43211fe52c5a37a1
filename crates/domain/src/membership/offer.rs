//! Offers: what is put on sale, apart from its prices, which are in its terms (section 12 of the rules).

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::payment_choice::PaymentChoice;
use crate::calendar;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_yes, yes};

/// Whether a member may train before the contract starts (CON-7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreUse {
    /// No.
    #[default]
    NotAvailable,
    /// Yes, for nothing.
    Free,
    /// Yes, and the days are paid (PAY-10).
    Chargeable,
}

/// When a contract of an offer starts unless the member chooses otherwise (OFF-6). Written `TODAY`,
/// `FIRST_OF_NEXT_MONTH` or as a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartSetting {
    /// On the day of the sale.
    #[default]
    Today,
    /// On the first day of the month after the sale.
    FirstOfNextMonth,
    /// On this day.
    On(Date),
}

impl fmt::Display for StartSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Today => f.write_str("TODAY"),
            Self::FirstOfNextMonth => f.write_str("FIRST_OF_NEXT_MONTH"),
            Self::On(date) => write!(f, "{date}"),
        }
    }
}

impl Serialize for StartSetting {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StartSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        match text.as_ref() {
            "TODAY" => Ok(Self::Today),
            "FIRST_OF_NEXT_MONTH" => Ok(Self::FirstOfNextMonth),
            date => date.parse().map(Self::On).map_err(|_| {
                D::Error::custom(format!(
                    "`{date}` is neither TODAY nor FIRST_OF_NEXT_MONTH nor a date such as 2026-09-01"
                ))
            }),
        }
    }
}

impl JsonSchema for StartSetting {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "StartSetting".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "anyOf": [
                { "type": "string", "enum": ["TODAY", "FIRST_OF_NEXT_MONTH"] },
                { "type": "string", "format": "date" }
            ]
        })
    }
}

/// A range of days, open at an end that is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatePeriod {
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl DatePeriod {
    /// Whether `day` is inside.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether it ends before it begins.
    #[must_use]
    pub fn is_reversed(&self) -> bool {
        self.from.zip(self.to).is_some_and(|(from, to)| to < from)
    }
}

/// A code of a price plan, for access control and statistics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateCode {
    /// The name people see.
    pub name: String,
    /// The code machines compare.
    pub identifier: String,
}

impl RateCode {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.require_text("identifier", &self.identifier);
        problems.done()
    }
}

/// A package on sale. Its terms ([`super::OfferTerm`]) are entries of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// A second, smaller description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_description: Option<String>,
    /// Small print below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footnote: Option<String>,
    /// The path of its picture, from the folder of the gym file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whether members may train before the contract starts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pre_use: PreUse,
    /// The days on which it is on sale; always when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offering_period: Option<DatePeriod>,
    /// Codes for access control and statistics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rate_codes: Vec<RateCode>,
    /// How it can be paid. Choices that do not exist in the studio's currency are left out.
    pub payment_choices: Vec<PaymentChoice>,
    /// Whether clients should ask for signatures.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contract_signatures_required: bool,
    /// Keys of modules that are always part, free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub included_modules: Vec<String>,
    /// Keys of modules of which the member chooses some, free.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selectable_modules: Vec<String>,
    /// How many of the selectable modules may be chosen.
    #[serde(default, skip_serializing_if = "is_default")]
    pub maximum_selectable_modules: u32,
    /// Keys of the texts to read and sign, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text_blocks: Vec<String>,
    /// The key of the opening hours category to which check-ins are limited; no limit when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_restriction: Option<String>,
    /// When contracts start: `TODAY`, `FIRST_OF_NEXT_MONTH` or a date.
    #[serde(default, skip_serializing_if = "is_default")]
    pub start: StartSetting,
    /// Whether members may train in all studios of the operator, and not only in the one they signed in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub valid_in_all_studios: bool,
    /// Keys of the benefits that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<String>,
    /// Keys of the allowances that come with it: what it lets members book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<String>,
    /// Whether it is listed for members and sales channels.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub sold_online: bool,
}

impl Offer {
    /// Whether it is on sale on `today`, by any channel (OFF-1).
    #[must_use]
    pub fn is_on_sale(&self, today: Date) -> bool {
        self.offering_period.is_none_or(|period| period.contains(today))
    }

    /// Whether it is listed on `today` (OFF-1).
    #[must_use]
    pub fn is_listed(&self, today: Date) -> bool {
        self.sold_online && self.is_on_sale(today)
    }

    /// When a contract sold on `today` starts unless the member chooses otherwise (OFF-6). A fixed date that has passed
    /// counts as today, because no contract can start in the past.
    #[must_use]
    pub fn default_start_date(&self, today: Date) -> Date {
        match self.start {
            StartSetting::Today => today,
            StartSetting::FirstOfNextMonth => calendar::first_of_next_month(today),
            StartSetting::On(date) => date.max(today),
        }
    }

    /// When use begins: with the contract, or today where use before the start is possible (OFF-6).
    #[must_use]
    pub fn default_start_of_use(&self, today: Date) -> Date {
        match self.pre_use {
            PreUse::NotAvailable => self.default_start_date(today),
            PreUse::Free | PreUse::Chargeable => today,
        }
    }

    /// What cannot work. The offer's terms are checked on their own.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        let reversed = self.offering_period.is_some_and(|period| period.is_reversed());
        problems.add_if(reversed, "offering_period.to", "must not be before from");
        problems.add_if(self.payment_choices.is_empty(), "payment_choices", "must name at least one way to pay");
        for (index, code) in self.rate_codes.iter().enumerate() {
            problems.add_under(&format!("rate_codes[{index}]"), code.problems());
        }
        self.module_problems(&mut problems);
        for (index, key) in self.text_blocks.iter().enumerate() {
            let repeated = self.text_blocks.iter().take(index).any(|earlier| earlier == key);
            problems.add_if(repeated, format!("text_blocks[{index}]"), format!("names {key} a second time"));
        }
        problems.done()
    }

    /// OFF-2: a module is part of the offer in one way only, and no more can be chosen than there are.
    fn module_problems(&self, problems: &mut Problems) {
        for (index, key) in self.included_modules.iter().enumerate() {
            let repeated = self.included_modules.iter().take(index).any(|earlier| earlier == key);
            problems.add_if(repeated, format!("included_modules[{index}]"), format!("names {key} a second time"));
        }
        for (index, key) in self.selectable_modules.iter().enumerate() {
            let repeated = self.selectable_modules.iter().take(index).any(|earlier| earlier == key);
            let path = format!("selectable_modules[{index}]");
            problems.add_if(repeated, path.clone(), format!("names {key} a second time"));
            problems.add_if(self.included_modules.contains(key), path, format!("{key} is already included"));
        }
        let too_many = self.maximum_selectable_modules as usize > self.selectable_modules.len();
        problems.add_if(too_many, "maximum_selectable_modules", "must not be above the number of selectable modules");
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn offer(more: &str) -> Offer {
        serde_json::from_str(&format!(r#"{{"name":"Basic","payment_choices":["CASH"]{more}}}"#)).unwrap()
    }

    #[test]
    fn off_1_the_offering_period_is_inclusive() {
        let limited = offer(r#","offering_period":{"from":"2026-01-01","to":"2026-01-31"}"#);
        for (today, listed) in [
            (date(2025, 12, 31), false),
            (date(2026, 1, 1), true),
            (date(2026, 1, 31), true),
            (date(2026, 2, 1), false),
        ] {
            assert_eq!(limited.is_listed(today), listed, "{today}");
        }
        let desk_only = offer(r#","sold_online":false"#);
        assert!(desk_only.is_on_sale(date(2026, 1, 1)) && !desk_only.is_listed(date(2026, 1, 1)));
    }

    #[test]
    fn off_6_default_dates() {
        let today = date(2026, 1, 31);
        for (more, start, use_from) in [
            ("", today, today),
            (r#","start":"FIRST_OF_NEXT_MONTH""#, date(2026, 2, 1), date(2026, 2, 1)),
            (r#","start":"FIRST_OF_NEXT_MONTH","pre_use":"FREE""#, date(2026, 2, 1), today),
            (r#","start":"2026-09-01","pre_use":"CHARGEABLE""#, date(2026, 9, 1), today),
            (r#","start":"2025-09-01""#, today, today),
        ] {
            let offer = offer(more);
            assert_eq!(offer.default_start_date(today), start, "{more}");
            assert_eq!(offer.default_start_of_use(today), use_from, "{more}");
        }
    }

    #[test]
    fn off_2_module_problems() {
        let offer = offer(
            r#","included_modules":["sauna"],"selectable_modules":["sauna","drinks"],"maximum_selectable_modules":3,
            "offering_period":{"from":"2026-02-01","to":"2026-01-31"}"#,
        );
        let paths: Vec<_> = offer.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["offering_period.to", "selectable_modules[0]", "maximum_selectable_modules"]);
    }

    #[test]
    fn the_stored_form_is_minimal() {
        let offer = offer(r#","start":"2026-09-01""#);
        assert_eq!(
            serde_json::to_string(&offer).unwrap(),
            r#"{"name":"Basic","payment_choices":["CASH"],"start":"2026-09-01"}"#
        );
    }
}
