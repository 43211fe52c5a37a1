//! The OpenAPI document, made from the operations that are described.
//!
//! The server registers a [`Described`] beside each handler, so that the document says of an operation what its code takes and
//! gives. [`document`] puts them together with one schema generator, and every type is written down once.

mod schemas;

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::admin::{self, Needs};
use crate::common::Binary;
use crate::errors::ErrorResponse;
use crate::operations::{Group, Method, Operation, Scopes};

/// Makes the schema of a type, with a reference where the type has a name.
type MakeSchema = fn(&mut SchemaGenerator) -> Schema;

/// An operation with what it takes and gives.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its row in a table of operations.
    pub operation: Row,
    /// What there is to say beyond the summary.
    pub description: &'static str,
    /// What stands in the path and the query.
    pub parameters: Vec<Parameter>,
    /// The body of the request; nothing where none is read.
    pub request: Option<Body>,
    answer: Option<MakeSchema>,
}

/// What both tables of operations, the API's and the back office's, say of one.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The name of the operation.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path, with placeholders in braces.
    pub path: &'static str,
    tag: &'static str,
    summary: &'static str,
    since: Option<&'static str>,
    deprecated: bool,
    access: Access,
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy)]
enum Access {
    Key(Scopes),
    Staff(Needs),
}

impl From<&'static Operation> for Row {
    fn from(operation: &'static Operation) -> Row {
        let Operation { id, method, path, scopes, group, summary, since, deprecated } = *operation;
        Row { id, method, path, tag: group.name(), summary, since, deprecated, access: Access::Key(scopes) }
    }
}

impl From<&'static admin::Operation> for Row {
    fn from(operation: &'static admin::Operation) -> Row {
        let admin::Operation { id, method, path, needs, group, summary } = *operation;
        let access = Access::Staff(needs);
        Row { id, method, path, tag: group, summary, since: None, deprecated: false, access }
    }
}

impl Row {
    /// The names of the placeholders of the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The placeholders that are the operation's own: the back office's studio belongs to the frame around it.
    pub fn own_placeholders(&self) -> impl Iterator<Item = &'static str> {
        let of_frame = matches!(self.access, Access::Staff(_));
        self.placeholders().filter(move |name| !(of_frame && *name == admin::STUDIO))
    }
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Whether a request must have it.
    pub required: bool,
    /// What it means.
    pub description: &'static str,
    schema: MakeSchema,
    keywords: Vec<(&'static str, Value)>,
    deprecated: bool,
    extension: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the path, in place of the name in braces.
    Path,
    /// Behind the question mark.
    Query,
    /// In a header.
    Header,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct Body {
    /// The media type.
    pub media_type: &'static str,
    /// Whether a request must have it.
    pub required: bool,
    schema: MakeSchema,
    json_parts: &'static [&'static str],
}

impl Described {
    /// An operation that takes nothing and answers without a body, until something else is said.
    pub fn new(operation: impl Into<Row>) -> Described {
        Described { operation: operation.into(), description: "", parameters: Vec::new(), request: None, answer: None }
    }

    /// Says more than the summary.
    pub fn description(mut self, text: &'static str) -> Described {
        self.description = text;
        self
    }

    /// Takes a value in the path.
    pub fn path_parameter<T: JsonSchema>(self, name: &'static str, description: &'static str) -> Described {
        self.parameter::<T>(name, Place::Path, true, description)
    }

    /// Takes a value in the query, which may be left out. A list is written by naming the parameter once for each entry.
    pub fn query<T: JsonSchema>(self, name: &'static str, description: &'static str) -> Described {
        self.parameter::<T>(name, Place::Query, false, description)
    }

    /// Takes a value in the query, which must be there.
    pub fn required_query<T: JsonSchema>(self, name: &'static str, description: &'static str) -> Described {
        self.parameter::<T>(name, Place::Query, true, description)
    }

    /// Takes a value in a header, which may be left out.
    pub fn header<T: JsonSchema>(self, name: &'static str, description: &'static str) -> Described {
        self.parameter::<T>(name, Place::Header, false, description)
    }

    /// Takes `sliceSize` and `offset`, by which a long list is read in chunks (PAG-5).
    pub fn slices(self, least: i32, usual: i32, most: i32) -> Described {
        self.query::<i32>("sliceSize", "How many entries to answer with.")
            .keyword("minimum", least)
            .keyword("maximum", most)
            .keyword("default", usual)
            .query::<String>(
                "offset",
                "Where to go on: the `offset` of the chunk before. Left out for the first chunk.",
            )
            .keyword("default", "0")
    }

    /// Adds a keyword, such as a bound or a default, to the schema of the parameter named last.
    pub fn keyword(mut self, keyword: &'static str, value: impl Into<Value>) -> Described {
        if let Some(parameter) = self.parameters.last_mut() {
            parameter.keywords.push((keyword, value.into()));
        }
        self
    }

    /// Marks the parameter named last as one that others took the place of.
    pub fn deprecated(mut self) -> Described {
        if let Some(parameter) = self.parameters.last_mut() {
            parameter.deprecated = true;
        }
        self
    }

    /// Marks the parameter named last as ours: the original API does not know it.
    pub fn extension(mut self) -> Described {
        if let Some(parameter) = self.parameters.last_mut() {
            parameter.extension = true;
        }
        self
    }

    /// Reads a body of JSON.
    pub fn body<T: JsonSchema>(self) -> Described {
        self.read::<T>("application/json", true, &[])
    }

    /// Reads a body of JSON, which may be left out.
    pub fn optional_body<T: JsonSchema>(self) -> Described {
        self.read::<T>("application/json", false, &[])
    }

    /// Reads a body of bytes, of a kind such as `image/*`.
    pub fn bytes(mut self, media_type: &'static str) -> Described {
        self.request = Some(Body { media_type, schema: schema_of::<Binary>, required: true, json_parts: &[] });
        self
    }

    /// Reads a form with files, whose fields are those of the type. The parts named are JSON (FILE-2).
    pub fn multipart<T: JsonSchema>(self, json_parts: &'static [&'static str]) -> Described {
        self.read::<T>("multipart/form-data", true, json_parts)
    }

    /// Answers with a body of JSON.
    pub fn answer<T: JsonSchema>(mut self) -> Described {
        self.answer = Some(schema_of::<T>);
        self
    }

    /// What is wrong with the description: placeholders without a parameter, parameters without a placeholder, parameters
    /// named twice. A test of the caller should find this empty.
    pub fn problems(&self) -> Vec<String> {
        let id = self.operation.id;
        let in_path = || self.parameters.iter().filter(|parameter| parameter.place == Place::Path);
        let mut problems = Vec::new();
        for name in self.operation.placeholders() {
            if !in_path().any(|parameter| parameter.name == name) {
                problems.push(format!("{id}: the placeholder {name} is not described"));
            }
        }
        for parameter in in_path() {
            if !self.operation.placeholders().any(|name| name == parameter.name) {
                problems.push(format!("{id}: the path has no placeholder {}", parameter.name));
            }
        }
        for (index, parameter) in self.parameters.iter().enumerate() {
            let same = |other: &Parameter| other.name == parameter.name && other.place == parameter.place;
            if self.parameters.iter().take(index).any(same) {
                problems.push(format!("{id}: the parameter {} is described twice", parameter.name));
            }
        }
        problems
    }

    fn parameter<T: JsonSchema>(
        mut self,
        name: &'static str,
        place: Place,
        required: bool,
        description: &'static str,
    ) -> Described {
        let schema = schema_of::<T>;
        let keywords = Vec::new();
        let (deprecated, extension) = (false, false);
        self.parameters.push(Parameter { name, place, required, description, schema, keywords, deprecated, extension });
        self
    }

    fn read<T: JsonSchema>(
        mut self,
        media_type: &'static str,
        required: bool,
        json_parts: &'static [&'static str],
    ) -> Described {
        self.request = Some(Body { media_type, required, schema: schema_of::<T>, json_parts });
        self
    }
}

fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// The OpenAPI 3.1 document of these operations. The version is the one of the API.
///
/// Two types of the same name that look alike become one schema; where they differ, the later one gets a number behind its
/// name.
pub fn document(version: &str, operations: &[Described]) -> Value {
    let tags = Group::ALL.iter().map(|group| json!({"name": group.name(), "description": group.description()}));
    put_together(Frame {
        title: "Gymkeeper",
        version,
        description: "A gym management server that speaks the Open API of PerfectGym Next. \
            Texts for people follow `Accept-Language`; codes and enum values never change with it.",
        tags: tags.collect(),
        operations,
        scheme_name: "apiKey",
        scheme: json!({
            "type": "apiKey",
            "in": "header",
            "name": "X-API-KEY",
            "description": "The key that the studio gave to the integration. It also says which studio is meant."
        }),
    })
}

/// The OpenAPI 3.1 document of the back office.
pub fn admin_document(version: &str, operations: &[Described]) -> Value {
    let tags = admin::GROUPS.iter().map(|group| json!({"name": group.name, "description": group.description}));
    put_together(Frame {
        title: "Gymkeeper back office",
        version,
        description: "What staff do in the back office. It is Gymkeeper's own and no part of the Open API of PerfectGym Next. \
            Texts for people follow `Accept-Language`; codes and enum values never change with it.",
        tags: tags.collect(),
        operations,
        scheme_name: "session",
        scheme: json!({
            "type": "http",
            "scheme": "bearer",
            "description": "The token that signing in answered with."
        }),
    })
}

/// What tells one document from another.
struct Frame<'a> {
    title: &'a str,
    version: &'a str,
    description: &'a str,
    tags: Vec<Value>,
    operations: &'a [Described],
    scheme_name: &'a str,
    scheme: Value,
}

fn put_together(frame: Frame<'_>) -> Value {
    // Requests and answers share one generator and one view of what is required: an Option is not, everything else is. That
    // is the "deserialize" view also for answers, whose optional fields are left out when empty.
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.meta_schema = None;
            settings.definitions_path = "/components/schemas".into();
        })
        .into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for described in frame.operations {
        let method = described.operation.method.as_str().to_ascii_lowercase();
        let written = operation(described, &mut generator);
        let path = paths.entry(described.operation.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(method, written);
        }
    }
    let responses = error_responses(&mut generator);
    let definitions: BTreeMap<_, _> = generator.take_definitions(false).into_iter().collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": frame.title,
            "version": frame.version,
            "description": frame.description,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "security": [{frame.scheme_name: []}],
        "tags": frame.tags,
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": responses,
            "securitySchemes": {frame.scheme_name: frame.scheme}
        }
    });
    schemas::tidy(&mut document);
    schemas::merge_equal(&mut document);
    document
}

fn operation(described: &Described, generator: &mut SchemaGenerator) -> Value {
    let operation = described.operation;
    let mut written = Map::new();
    written.insert("tags".into(), json!([operation.tag]));
    written.insert("summary".into(), json!(operation.summary));
    let needs = needs(operation.access);
    let description =
        if described.description.is_empty() { needs } else { format!("{}\n\n{needs}", described.description) };
    written.insert("description".into(), json!(description));
    written.insert("operationId".into(), json!(operation.id));
    if operation.deprecated {
        written.insert("deprecated".into(), json!(true));
    }
    if !described.parameters.is_empty() {
        let parameters: Vec<_> = described.parameters.iter().map(|each| parameter(each, generator)).collect();
        written.insert("parameters".into(), json!(parameters));
    }
    if let Some(body) = &described.request {
        written.insert("requestBody".into(), request_body(body, generator));
    }
    written.insert("responses".into(), responses(described.answer, generator));
    match operation.access {
        Access::Key(scopes) => {
            let kind = if matches!(scopes, Scopes::Any(_)) { "anyOf" } else { "allOf" };
            let names: Vec<_> = scopes.list().iter().map(|scope| scope.as_str()).collect();
            written.insert("x-required-scopes".into(), json!({kind: names}));
        }
        Access::Staff(Needs::Nothing) => drop(written.insert("security".into(), json!([]))),
        Access::Staff(Needs::Session) => {}
        Access::Staff(Needs::Right(right)) => drop(written.insert("x-required-right".into(), json!(right.name()))),
    }
    if let Some(since) = operation.since {
        written.insert("x-since".into(), json!(since));
    }
    Value::Object(written)
}

/// What the caller must have, as a sentence.
fn needs(access: Access) -> String {
    let scopes = match access {
        Access::Key(scopes) => scopes,
        Access::Staff(Needs::Nothing) => return "Needs no session.".to_owned(),
        Access::Staff(Needs::Session) => return "Whoever is signed in may call this.".to_owned(),
        Access::Staff(Needs::Right(right)) => return format!("Needs the right `{}`.", right.name()),
    };
    let names: Vec<_> = scopes.list().iter().map(|scope| format!("`{scope}`")).collect();
    match scopes {
        Scopes::None => "Any valid key may call this.".to_owned(),
        Scopes::All([_]) | Scopes::Any([_]) => format!("Needs the scope {}.", names.join("")),
        Scopes::All(_) => format!("Needs the scopes {}.", names.join(" and ")),
        Scopes::Any(_) => format!("Needs one of the scopes {}.", names.join(" or ")),
    }
}

fn parameter(parameter: &Parameter, generator: &mut SchemaGenerator) -> Value {
    let mut schema = (parameter.schema)(generator);
    for (keyword, value) in &parameter.keywords {
        schema.insert((*keyword).to_owned(), value.clone());
    }
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let mut written = Map::new();
    written.insert("name".into(), json!(parameter.name));
    written.insert("in".into(), json!(place));
    written.insert("required".into(), json!(parameter.required));
    written.insert("description".into(), json!(parameter.description));
    written.insert("schema".into(), schema.to_value());
    if parameter.deprecated {
        written.insert("deprecated".into(), json!(true));
    }
    if parameter.extension {
        written.insert("x-extension".into(), json!(true));
    }
    Value::Object(written)
}

fn request_body(body: &Body, generator: &mut SchemaGenerator) -> Value {
    let mut content = Map::new();
    content.insert("schema".into(), (body.schema)(generator).to_value());
    if !body.json_parts.is_empty() {
        let parts = body.json_parts.iter().map(|part| ((*part).to_owned(), json!({"contentType": "application/json"})));
        content.insert("encoding".into(), Value::Object(parts.collect()));
    }
    json!({"required": body.required, "content": {body.media_type: content}})
}

/// The statuses that any operation can answer with, the name of the shared response, and when that happens.
const ERRORS: &[(&str, &str, &str)] = &[
    ("400", "Refused", "The request is not well-formed, or the rules of the studio or the present state forbid it."),
    ("401", "KeyRefused", "The key or session is missing, unknown or revoked."),
    (
        "403",
        "NotAllowed",
        "The caller lacks a scope or a right, or what is asked for belongs to another studio or is withheld.",
    ),
    ("404", "NotFound", "Something that the request names does not exist."),
    (
        "409",
        "Conflict",
        "Another request changed the same thing meanwhile. The same request may succeed when repeated.",
    ),
    ("429", "TooManyRequests", "The operation was called too often. The header `Retry-After` says how long to wait."),
    ("500", "Failed", "Something failed on the server. The trace id leads to its log."),
    ("503", "Overloaded", "The server is busy and changed nothing. The header `Retry-After` says how long to wait."),
];

fn responses(answer: Option<MakeSchema>, generator: &mut SchemaGenerator) -> Value {
    let mut written = Map::new();
    let done = match answer {
        Some(schema) => {
            let schema = schema(generator).to_value();
            json!({"description": "The answer.", "content": {"application/json": {"schema": schema}}})
        }
        None => json!({"description": "It was done. The answer has no body."}),
    };
    written.insert("200".into(), done);
    for (status, name, _) in ERRORS {
        written.insert((*status).into(), json!({"$ref": format!("#/components/responses/{name}")}));
    }
    Value::Object(written)
}

fn error_responses(generator: &mut SchemaGenerator) -> Value {
    let schema = schema_of::<ErrorResponse>(generator).to_value();
    let mut written = Map::new();
    for (status, name, when) in ERRORS {
        let mut response = json!({"description": when, "content": {"application/json": {"schema": schema}}});
        if let ("429" | "503", Some(response)) = (*status, response.as_object_mut()) {
            let wait = json!({
                "description": "How many seconds to wait.",
                "schema": {"type": "integer", "minimum": 1}
            });
            response.insert("headers".into(), json!({"Retry-After": wait}));
        }
        written.insert((*name).into(), response);
    }
    Value::Object(written)
}
