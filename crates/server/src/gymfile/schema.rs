//! The JSON Schema of gym files, for editors. It is made from the same types that read the files.

use gymkeeper_domain::{
    booking::{
        allowance::Allowance,
        appointment::Appointment,
        class::{Class, ClassSeries, Resource, Room},
        trial::TrialOffer,
    },
    customer::{
        CustomerDefinition, benefit::Benefit, information_field::InformationField, member_list::MemberListDefinition,
        pack::Aggregator, voucher::VoucherDefinition,
    },
    employee::{Absence, Employee},
    membership::{Module, Offer, OfferTerm, TextBlock},
    studio::{OpeningHoursCategory, StudioDefinition},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::Tenant;

/// The schema as JSON.
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let term = keyed::<OfferTerm>(&mut generator, []);
    let image = json!({ "type": "string", "description": "A picture: its path, from the folder of the gym file." });
    let absence = generator.subschema_for::<Absence>().to_value();
    let absences = list("When the employee is away. What the back office has noted besides stays as it is.", absence);
    let employee = keyed::<Employee>(&mut generator, [("image", image), ("absences", absences)]);
    let offer = keyed::<Offer>(&mut generator, [("terms", list("The terms it is sold with, at least one.", term))]);
    let series = keyed::<ClassSeries>(&mut generator, []);
    let class = keyed::<Class>(&mut generator, [("series", list("When it is held.", series))]);
    let below = [
        (
            "tags",
            json!({ "type": "array", "items": { "type": "string" }, "description": "Tags it wears, from the list at the top. Without this line the API's changes stay." }),
        ),
        (
            "opening_hours_categories",
            list(
                "Parts of the week that offers can be restricted to.",
                keyed::<OpeningHoursCategory>(&mut generator, []),
            ),
        ),
        ("text_blocks", list("Texts of contracts.", keyed::<TextBlock>(&mut generator, []))),
        (
            "benefits",
            list("What offers and modules let members use so and so often.", keyed::<Benefit>(&mut generator, [])),
        ),
        ("rooms", list("Rooms in which classes are held.", keyed::<Room>(&mut generator, []))),
        ("resources", list("Devices and the like, of which there is one each.", keyed::<Resource>(&mut generator, []))),
        ("classes", list("Classes.", class)),
        ("allowances", list("What offers and modules let members book.", keyed::<Allowance>(&mut generator, []))),
        (
            "trial_offers",
            list(
                "What people who are no members may try, and on which conditions.",
                keyed::<TrialOffer>(&mut generator, []),
            ),
        ),
        ("modules", list("Modules that offers include, let choose or sell.", keyed::<Module>(&mut generator, []))),
        ("offers", list("Membership offers, in the order in which they are shown.", offer)),
        (
            "appointments",
            list(
                "Appointments that can be booked, in the order in which staff sees them.",
                keyed::<Appointment>(&mut generator, []),
            ),
        ),
        ("customers", list("Customers to begin with.", keyed::<CustomerDefinition>(&mut generator, []))),
        (
            "member_lists",
            list(
                "Lists of customers of the studio. Without this line the lists stay as they are.",
                keyed::<MemberListDefinition>(&mut generator, []),
            ),
        ),
        (
            "employees",
            list("The people who work there. Without this line those of the back office stay as they are.", employee),
        ),
        (
            "checkin_vouchers",
            list(
                "Vouchers that bring somebody in once. One that is left out of the file stays as it is.",
                generator.subschema_for::<VoucherDefinition>().to_value(),
            ),
        ),
    ];
    let studio = keyed::<StudioDefinition>(&mut generator, below);
    let information_field = keyed::<InformationField>(&mut generator, []);
    let aggregator = keyed::<Aggregator>(&mut generator, []);
    let tenant = generator.subschema_for::<Tenant>();
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gym file of Gymkeeper",
        "type": "object",
        "properties": {
            "tenant": tenant,
            "tags": { "type": "array", "items": { "type": "string" }, "uniqueItems": true, "description": "All tags that studios may wear." },
            "information_fields": list(
                "What the operator wants to know of customers. Without this line the fields stay as they are.",
                information_field,
            ),
            "aggregators": list(
                "Networks whose members visit the studios, and that pay for them. Without this line they stay as they are.",
                aggregator,
            ),
            "studios": list("The studios. One that is left out of the file stays as it is.", studio),
        },
        "required": ["tenant"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn list(description: &str, items: Value) -> Value {
    json!({ "type": "array", "description": description, "items": items })
}

/// The schema of a definition with its key and what stands below it.
fn keyed<T: JsonSchema>(
    generator: &mut SchemaGenerator,
    below: impl IntoIterator<Item = (&'static str, Value)>,
) -> Value {
    let mut schema = match T::json_schema(generator).to_value() {
        Value::Object(schema) => schema,
        _ => Map::new(),
    };
    let key = json!({ "type": "string", "pattern": "^[a-z0-9-]{1,63}$", "description": "A name that never changes." });
    let mut properties = Map::from_iter([("key".to_owned(), key)]);
    if let Some(Value::Object(own)) = schema.remove("properties") {
        properties.extend(own);
    }
    properties.extend(below.into_iter().map(|(name, value)| (name.to_owned(), value)));
    schema.insert("properties".to_owned(), Value::Object(properties));
    let mut required = vec![json!("key")];
    if let Some(Value::Array(own)) = schema.remove("required") {
        required.extend(own);
    }
    schema.insert("required".to_owned(), Value::Array(required));
    Value::Object(schema)
}
