//! By which channels a customer wants to hear of what (COM-2, COM-3).
//!
//! The studio has defaults, customers have choices of their own, and some channels are not for them to choose: a gym must be
//! able to send a bill.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_yes, yes};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageCategory {
    /// The contract: bills, confirmations, reminders.
    Contract,
    /// Anything about the gym.
    General,
    /// Classes and appointments.
    Appointment,
    /// News and offers.
    Newsletter,
    /// A programme for loyal members.
    LoyaltyProgram,
}

impl MessageCategory {
    /// All categories, in the order in which they are listed.
    pub const ALL: [Self; 5] =
        [Self::Contract, Self::General, Self::Appointment, Self::Newsletter, Self::LoyaltyProgram];

    /// The name under which it is stored and sent, such as `NEWSLETTER`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Contract => "CONTRACT",
            Self::General => "GENERAL",
            Self::Appointment => "APPOINTMENT",
            Self::Newsletter => "NEWSLETTER",
            Self::LoyaltyProgram => "LOYALTY_PROGRAM",
        }
    }

    /// The category of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

/// A channel for which preferences are kept. There are more by which people talk, but these are the ones a gym sends by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreferenceChannel {
    /// By post.
    Letter,
    /// By e-mail.
    Email,
    /// By text message.
    TextMessage,
    /// By telephone.
    Phone,
}

impl PreferenceChannel {
    /// All channels, in the order in which they are listed (COM-3).
    pub const ALL: [Self; 4] = [Self::Letter, Self::Email, Self::TextMessage, Self::Phone];

    /// The name under which it is stored and sent, such as `TEXT_MESSAGE`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Letter => "LETTER",
            Self::Email => "EMAIL",
            Self::TextMessage => "TEXT_MESSAGE",
            Self::Phone => "PHONE",
        }
    }

    /// The channel of this name; nothing for channels without preferences.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// A studio's default for one category and channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceDefault {
    /// What messages are about.
    pub category: MessageCategory,
    /// How they are sent.
    pub channel: PreferenceChannel,
    /// Whether they are sent to customers who have not said anything.
    pub active: bool,
    /// Whether customers may choose.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub customer_overridable: bool,
}

/// What a studio does for customers who have not said anything. What is not listed is as without any list: contracts by letter
/// and e-mail, which customers cannot switch off; newsletters and loyalty programmes are off until a customer wants them;
/// everything else is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct PreferenceDefaults(pub Vec<PreferenceDefault>);

impl PreferenceDefaults {
    /// The default for one category and channel.
    #[must_use]
    pub fn of(&self, category: MessageCategory, channel: PreferenceChannel) -> PreferenceDefault {
        let own = self.0.iter().find(|default| default.category == category && default.channel == channel);
        own.copied().unwrap_or_else(|| {
            use MessageCategory::{Contract, LoyaltyProgram, Newsletter};
            use PreferenceChannel::{Email, Letter};
            // COM-3: whoever is billed must be reached. Advertising needs a consent (Article 6 GDPR).
            let customer_overridable = !matches!((category, channel), (Contract, Letter | Email));
            let active = !matches!(category, Newsletter | LoyaltyProgram);
            PreferenceDefault { category, channel, active, customer_overridable }
        })
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        for (index, default) in self.0.iter().enumerate() {
            let earlier = self.0.iter().take(index);
            let repeated =
                earlier.into_iter().any(|other| (other.category, other.channel) == (default.category, default.channel));
            problems.add_if(repeated, format!("[{index}]"), "is there twice for this category and channel");
        }
        problems.done()
    }
}

/// A customer's own choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What messages are about.
    pub category: MessageCategory,
    /// How they are sent.
    pub channel: PreferenceChannel,
    /// Whether the customer wants them.
    pub active: bool,
}

/// How things stand for one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelPreference {
    /// The channel.
    pub channel: PreferenceChannel,
    /// Whether messages are sent by it.
    pub active: bool,
    /// Whether the customer may change that.
    pub customer_overridable: bool,
}

/// How things stand for one category: all channels, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// What messages are about.
    pub category: MessageCategory,
    /// Its channels.
    pub channels: [ChannelPreference; 4],
}

/// How things stand for a customer: the studio's defaults, and the customer's choices over them where there is a choice
/// (COM-2). All categories are listed, in their order.
#[must_use]
pub fn preferences(defaults: &PreferenceDefaults, choices: &[Choice]) -> [Preference; 5] {
    MessageCategory::ALL.map(|category| Preference {
        category,
        channels: PreferenceChannel::ALL.map(|channel| channel_preference(defaults, choices, category, channel)),
    })
}

fn channel_preference(
    defaults: &PreferenceDefaults,
    choices: &[Choice],
    category: MessageCategory,
    channel: PreferenceChannel,
) -> ChannelPreference {
    let default = defaults.of(category, channel);
    // A choice that was made before the studio took it away counts no longer.
    let choice = choices
        .iter()
        .rev()
        .find(|choice| default.customer_overridable && choice.category == category && choice.channel == channel);
    let active = choice.map_or(default.active, |choice| choice.active);
    ChannelPreference { channel, active, customer_overridable: default.customer_overridable }
}

/// One wish in a request: a category, the name of a channel, and whether messages shall be sent by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish<'a> {
    /// What messages are about.
    pub category: MessageCategory,
    /// The channel's name, as it was sent.
    pub channel: &'a str,
    /// Whether messages shall be sent; nothing to leave it as it is.
    pub active: Option<bool>,
}

/// Why wishes cannot be fulfilled. `index` is the place of the first that cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreferenceRefusal {
    /// No preferences are kept for this channel.
    ChannelNotKept {
        /// Its place in the request.
        index: usize,
    },
    /// The studio does not leave the choice to customers.
    NotOverridable {
        /// Its place in the request.
        index: usize,
    },
}

/// The choices that a request really makes: those by which something becomes different. None means that nothing happens.
///
/// Clients read the whole list, change one channel and send all of it back, so a wish for what is so already is no wish and is
/// not refused either. Of two wishes for one channel the later counts.
///
/// # Errors
/// When a wish cannot be fulfilled; then none is.
pub fn changes(
    defaults: &PreferenceDefaults,
    choices: &[Choice],
    wishes: &[Wish<'_>],
) -> Result<Vec<Choice>, PreferenceRefusal> {
    let mut wanted: Vec<Choice> = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        // COM-3
        let channel = PreferenceChannel::of_name(wish.channel).ok_or(PreferenceRefusal::ChannelNotKept { index })?;
        let Some(active) = wish.active else { continue };
        let category = wish.category;
        let present = channel_preference(defaults, choices, category, channel);
        // COM-2
        if !present.customer_overridable && present.active != active {
            return Err(PreferenceRefusal::NotOverridable { index });
        }
        wanted.retain(|earlier| (earlier.category, earlier.channel) != (category, channel));
        if present.active != active {
            wanted.push(Choice { category, channel, active });
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::MessageCategory::*;
    use super::*;

    fn wish(category: MessageCategory, channel: &str, active: bool) -> Wish<'_> {
        Wish { category, channel, active: Some(active) }
    }

    #[test]
    fn com_3_without_defaults_of_its_own() {
        let all = preferences(&PreferenceDefaults::default(), &[]);
        assert_eq!(all.map(|preference| preference.category), MessageCategory::ALL);
        for preference in all {
            assert_eq!(preference.channels.map(|channel| channel.channel), PreferenceChannel::ALL);
            for channel in preference.channels {
                let sells = matches!(preference.category, Newsletter | LoyaltyProgram);
                assert_eq!(channel.active, !sells, "{preference:?}");
                let must = preference.category == Contract
                    && matches!(channel.channel, PreferenceChannel::Letter | PreferenceChannel::Email);
                assert_eq!(channel.customer_overridable, !must, "{preference:?}");
            }
        }
    }

    #[test]
    fn com_2_choices_win_over_defaults_where_there_is_a_choice() {
        let defaults: PreferenceDefaults = serde_json::from_str(
            r#"[{"category":"GENERAL","channel":"PHONE","active":false},
                {"category":"GENERAL","channel":"EMAIL","active":true,"customer_overridable":false}]"#,
        )
        .unwrap();
        assert_eq!(defaults.problems(), []);
        let choice = |channel, active| Choice { category: General, channel, active };
        let choices = [
            choice(PreferenceChannel::Phone, true),
            choice(PreferenceChannel::Email, false),
            choice(PreferenceChannel::Letter, false),
        ];
        let shown = |choices: &[Choice]| preferences(&defaults, choices)[1].channels.map(|channel| channel.active);
        assert_eq!(shown(&[]), [true, true, true, false]);
        assert_eq!(shown(&choices), [false, true, true, true]);
    }

    #[test]
    fn com_2_only_what_becomes_different_is_a_change() {
        let defaults = PreferenceDefaults::default();
        let choices = [Choice { category: Newsletter, channel: PreferenceChannel::Email, active: true }];
        let changed = |category, channel, active| Choice { category, channel, active };
        for (wishes, expected) in [
            (&[][..], Ok(vec![])),
            (&[wish(General, "EMAIL", true), wish(Newsletter, "EMAIL", true)], Ok(vec![])),
            (&[wish(Contract, "LETTER", true)], Ok(vec![])),
            (&[Wish { active: None, ..wish(Contract, "LETTER", false) }], Ok(vec![])),
            (&[wish(General, "EMAIL", false)], Ok(vec![changed(General, PreferenceChannel::Email, false)])),
            (&[wish(Newsletter, "EMAIL", false)], Ok(vec![changed(Newsletter, PreferenceChannel::Email, false)])),
            (&[wish(General, "PHONE", false), wish(General, "PHONE", true)], Ok(vec![])),
            (
                &[wish(General, "PHONE", false), wish(Contract, "LETTER", false)],
                Err(PreferenceRefusal::NotOverridable { index: 1 }),
            ),
            (&[wish(General, "FAX", true)], Err(PreferenceRefusal::ChannelNotKept { index: 0 })),
            (
                &[Wish { active: None, ..wish(General, "CHAT", true) }],
                Err(PreferenceRefusal::ChannelNotKept { index: 0 }),
            ),
        ] {
            assert_eq!(changes(&defaults, &choices, wishes), expected, "{wishes:?}");
        }
    }

    #[test]
    fn repeated_defaults_are_named() {
        let json = r#"[{"category":"GENERAL","channel":"PHONE","active":false},{"category":"GENERAL","channel":"PHONE","active":true}]"#;
        let defaults: PreferenceDefaults = serde_json::from_str(json).unwrap();
        assert_eq!(defaults.problems()[0].path, "[1]");
        assert_eq!(serde_json::to_string(&defaults).unwrap(), json);
    }

    #[test]
    fn names_are_those_of_the_gym_file() {
        for category in MessageCategory::ALL {
            assert_eq!(serde_json::to_string(&category).unwrap(), format!("\"{}\"", category.name()));
            assert_eq!(MessageCategory::of_name(category.name()), Some(category));
        }
        for channel in PreferenceChannel::ALL {
            assert_eq!(serde_json::to_string(&channel).unwrap(), format!("\"{}\"", channel.name()));
        }
    }
}
