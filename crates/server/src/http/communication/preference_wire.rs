//! Preferences between the words of the wire and those of the rules.

use gymkeeper_contract::communication::{
    CommunicationChannel as Channel, CommunicationChannelWrapper, CommunicationPreference,
    MessageCategory as WireCategory,
};
use gymkeeper_domain::customer::preferences::{MessageCategory, Preference, PreferenceChannel, Wish};

use crate::http::{failure::Failure, input::required};

/// How things stand for a customer, all categories and channels.
pub(in crate::http) fn list(preferences: &[Preference]) -> Vec<CommunicationPreference> {
    let one = |preference: &Preference| CommunicationPreference {
        message_category: Some(wire_category(preference.category)),
        channels: Some(
            preference
                .channels
                .iter()
                .map(|channel| CommunicationChannelWrapper {
                    communication_channel: wire_channel(channel.channel),
                    customer_overridable: Some(channel.customer_overridable),
                    active: Some(channel.active),
                })
                .collect(),
        ),
    };
    preferences.iter().map(one).collect()
}

/// The wishes in a request, each with its place there. `at` is where the list stands; empty for a request that is the list.
///
/// # Errors
/// Refuses channels without a category.
pub(in crate::http) fn wishes(
    at: &str,
    sent: &[CommunicationPreference],
) -> Result<Vec<(Wish<'static>, String)>, Failure> {
    let mut wishes = Vec::new();
    for (index, preference) in sent.iter().enumerate() {
        let channels = preference.channels.as_deref().unwrap_or_default();
        if channels.is_empty() {
            continue;
        }
        let missing = || required(&format!("{at}[{index}].messageCategory"));
        let category = preference.message_category.ok_or_else(missing)?;
        for (place, channel) in channels.iter().enumerate() {
            let wish = Wish {
                category: category_of(category),
                channel: channel_name(channel.communication_channel),
                active: channel.active,
            };
            wishes.push((wish, format!("{at}[{index}].channels[{place}]")));
        }
    }
    Ok(wishes)
}

pub(in crate::http) fn category_of(category: WireCategory) -> MessageCategory {
    match category {
        WireCategory::Contract => MessageCategory::Contract,
        WireCategory::General => MessageCategory::General,
        WireCategory::Appointment => MessageCategory::Appointment,
        WireCategory::Newsletter => MessageCategory::Newsletter,
        WireCategory::LoyaltyProgram => MessageCategory::LoyaltyProgram,
    }
}

pub(in crate::http) fn wire_category(category: MessageCategory) -> WireCategory {
    match category {
        MessageCategory::Contract => WireCategory::Contract,
        MessageCategory::General => WireCategory::General,
        MessageCategory::Appointment => WireCategory::Appointment,
        MessageCategory::Newsletter => WireCategory::Newsletter,
        MessageCategory::LoyaltyProgram => WireCategory::LoyaltyProgram,
    }
}

pub(in crate::http) fn wire_channel(channel: PreferenceChannel) -> Channel {
    match channel {
        PreferenceChannel::Letter => Channel::Letter,
        PreferenceChannel::Email => Channel::Email,
        PreferenceChannel::TextMessage => Channel::TextMessage,
        PreferenceChannel::Phone => Channel::Phone,
    }
}

pub(in crate::http) fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Letter => PreferenceChannel::Letter.name(),
        Channel::Email => PreferenceChannel::Email.name(),
        Channel::TextMessage => PreferenceChannel::TextMessage.name(),
        Channel::Phone => PreferenceChannel::Phone.name(),
        // No preferences are kept for these (COM-3), which the rules say by not knowing the name.
        Channel::Fax => "FAX",
        Channel::Conversation => "CONVERSATION",
        Channel::Chat => "CHAT",
        Channel::Other => "OTHER",
    }
}
