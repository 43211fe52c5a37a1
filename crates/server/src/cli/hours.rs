//! `gymkeeper hours`.

use std::str::FromStr;

use clap::{Args, Subcommand};
use gymkeeper_domain::studio::{ClockTime, ClosingHours, OpeningHours, StudioDefinition, Weekday};
use gymkeeper_store::studio::Studio;
use jiff::civil::DateTime;

use super::{Outcome, Problem, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::studio::{self, StudioUnchanged},
    config::Config,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A change raises STUDIO_OPENING_HOURS_UPDATED. A gym file that is applied later brings back what it says, so \
                  lasting changes belong there.\n\nExamples:\n  gymkeeper hours set --studio berlin \"MONDAY-FRIDAY 06:00-22:00\" \
                  \"SATURDAY-SUNDAY 09:00-18:00\"\n  gymkeeper hours close --studio berlin --reason Storm --from \
                  2026-12-01T12:00 --to 2026-12-02T06:00"
)]
pub(super) enum Hours {
    /// Print opening and closing hours.
    Show(Show),
    /// Replace the opening hours.
    Set(Set),
    /// Add a time in which the studio is closed.
    Close(Close),
}

#[derive(Debug, Clone, Args)]
struct Place {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// Days and times, such as "MONDAY-FRIDAY 06:00-22:00"; 24:00 is the end of the day.
    #[arg(required = true)]
    ranges: Vec<Range>,
    /// Replace the hours that the public is told instead.
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct Close {
    /// Why, as members read it.
    #[arg(long)]
    reason: String,
    /// The first closed moment by the studio's clock, such as 2026-12-24T14:00.
    #[arg(long)]
    from: DateTime,
    /// The moment it opens again.
    #[arg(long)]
    to: DateTime,
    /// The same days are closed every year from then on.
    #[arg(long)]
    yearly: bool,
    #[command(flatten)]
    place: Place,
}

/// Days and times in one word for the command line.
#[derive(Debug, Clone, Copy)]
struct Range(OpeningHours);

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not of the form \"MONDAY-FRIDAY 06:00-22:00\"");
        let (days, times) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let (from, to) = days.split_once('-').unwrap_or((days, days));
        let (opens, closes) = times.trim().split_once('-').ok_or_else(wrong)?;
        let day = |name: &str| weekday(name).ok_or_else(wrong);
        let time = |text: &str| text.parse::<ClockTime>().map_err(|_| wrong());
        Ok(Self(OpeningHours { from: day(from)?, to: day(to)?, opens: time(opens)?, closes: time(closes)? }))
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    serde_json::from_value(serde_json::Value::String(name.trim().to_uppercase())).ok()
}

impl From<StudioUnchanged> for Problem {
    fn from(refused: StudioUnchanged) -> Self {
        match refused {
            StudioUnchanged::Db(error) => Self::Db(error),
            StudioUnchanged::Wrong(problem) => Self::Said(problem.to_string()),
        }
    }
}

pub(super) fn run(config: &Config, command: &Hours) -> Outcome {
    match command {
        Hours::Show(Show { place, json }) => show(config, place.clone(), *json),
        Hours::Set(Set { ranges, public, place }) => {
            let (hours, public): (Vec<OpeningHours>, _) = (ranges.iter().map(|range| range.0).collect(), *public);
            change(config, place.clone(), move |definition| {
                let field = if public { &mut definition.public_opening_hours } else { &mut definition.opening_hours };
                field.clone_from(&hours);
            })
        }
        Hours::Close(Close { reason, from, to, yearly, place }) => {
            let closing = ClosingHours { reason: reason.clone(), from: *from, to: *to, yearly: *yearly };
            change(config, place.clone(), move |definition| definition.closing_hours.push(closing.clone()))
        }
    }
}

fn change(config: &Config, place: Place, edit: impl Fn(&mut StudioDefinition) + Send + 'static) -> Outcome {
    let (db, by) = (open_existing(config)?, super::by());
    with_db(db, move |tx| {
        let tenant = find_tenant(tx, place.tenant.as_deref())?;
        let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
        studio::change_hours(&mut by.changes(tx, &tenant), studio.id, &edit)?;
        Ok(())
    })?;
    output::text("the hours are changed\n")
}

fn show(config: &Config, place: Place, json: bool) -> Outcome {
    let db = open_existing(config)?;
    let Studio { definition, .. } = with_db(db, move |tx| {
        let tenant = find_tenant(tx, place.tenant.as_deref())?;
        find_studio(tx, &tenant, place.studio.as_deref())
    })?;
    let StudioDefinition { opening_hours, public_opening_hours, closing_hours, .. } =
        serde_json::from_str(&definition)?;
    if json {
        let hours = serde_json::json!({
            "openingHours": opening_hours,
            "publicOpeningHours": public_opening_hours,
            "closingHours": closing_hours,
        });
        return output::text(&format!("{hours:#}\n"));
    }
    let mut out = String::new();
    for (title, hours) in [("open", &opening_hours), ("public", &public_opening_hours)] {
        for range in hours {
            let days = |day: Weekday| format!("{day:?}").to_uppercase();
            let closes =
                if range.closes == ClockTime::MIDNIGHT { "24:00".to_owned() } else { range.closes.to_string() };
            let (from, to) = (days(range.from), days(range.to));
            out.push_str(&format!("{title:<7} {from}-{to} {}-{closes}\n", range.opens));
        }
    }
    for ClosingHours { reason, from, to, yearly } in &closing_hours {
        let every = if *yearly { ", every year" } else { "" };
        out.push_str(&format!("closed  {from} to {to} ({reason}{every})\n"));
    }
    output::text(&out)
}
