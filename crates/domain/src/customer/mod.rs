//! People: who is a customer, what is known of them, and what the door lets them do.
//!
//! Each file answers its own questions, from reading a card's number to the question whether somebody may come in. Facts come
//! in as plain values and the answers are states of the world; how an answer is told to a client, and where the facts are
//! kept, is decided elsewhere. Definitions that an operator writes into the gym file stand beside the rules that read them.

#[cfg(test)]
mod dice;

pub mod access;
pub mod amendment;
mod calling_codes;
pub mod card_number;
pub mod contact;
pub mod days;
pub mod identity;
pub mod information_field;
pub mod medium;
pub mod names;
pub mod preferences;
pub mod status;
