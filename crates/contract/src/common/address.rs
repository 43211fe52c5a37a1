//! The details of an address, which the wire repeats in every type that has one.
//!
//! They stand beside the other fields, not in an object of their own, and what comes between them differs from type to
//! type. A flattened struct could not keep that order, and flattening a request would lose the path of a wrong field,
//! which the refusal has to name. So the fields are written once, in a macro that declares the whole struct.

/// Declares a struct with the details of an address.
///
/// The text is of the type behind `holding`: borrowed in answers, owned in requests. Fields of the struct's own go
/// `first`, after the door, after the floor, and `last`.
macro_rules! with_address_details {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident $(<$life:lifetime>)? holding $text:ty;
        first { $($first:tt)* }
        after door { $($after_door:tt)* }
        after floor { $($after_floor:tt)* }
        last { $($last:tt)* }
    ) => {
        $(#[$attribute])*
        pub struct $name $(<$life>)? {
            $($first)*
            /// A second line for the street.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub second_street: Option<$text>,
            /// The part of the city.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub city_part: Option<$text>,
            /// The district.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub district: Option<$text>,
            /// What kind of street it is, where an address names that apart from the street.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub street_type: Option<$text>,
            /// The block.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub street_block: Option<$text>,
            /// The portal of the building.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub portal: Option<$text>,
            /// The stairway of the building.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub stairway: Option<$text>,
            /// The door.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub door: Option<$text>,
            $($after_door)*
            /// Anything else that the address needs.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub additional_address_information: Option<$text>,
            /// The floor.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub floor: Option<$text>,
            $($after_floor)*
            /// The name of the building.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub building_name: Option<$text>,
            $($last)*
        }
    };
}
pub(crate) use with_address_details;
