//! The shape of what authors write in TOML, for editors: made from the types that read it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::load::ExtensionHeader;
use super::pattern::Pattern;
use super::phrase::Phrase;
use super::schedule::Schedule;

/// The shape of a type, in the edition of JSON Schema that editors of TOML read.
pub fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>()
}

/// The shape of `schedule.toml`: a kind of schedule, or what a folder adds to one.
pub fn schedule_schema() -> Schema {
    schema_of::<Either>()
}

/// What stands in a `schedule.toml`.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is there for its shape alone")]
enum Either {
    /// A kind of schedule.
    Schedule(Box<Schedule>),
    /// What a folder adds to one.
    Extension(ExtensionHeader),
}

/// Any value of TOML.
#[derive(Debug)]
pub struct Anything;

impl JsonSchema for Anything {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Anything".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}

/// Text that is more than text.
macro_rules! as_text {
    ($type:ty, $name:literal, $meaning:literal) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $meaning })
            }
        }
    };
}

as_text!(Pattern, "Pattern", "A regular expression, case-blind; `\\d` is a figure from 0 to 9.");
as_text!(
    Phrase,
    "Phrase",
    "Headings in one: at each place one of the words between braces stands, or none where one is blank."
);
