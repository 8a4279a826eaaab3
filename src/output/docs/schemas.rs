//! The shapes of what authors write, as files that their editors read.

use schemars::Schema;
use serde_json::{Map, Value};

use super::DocPage;
use crate::engine::{described, rule_schema};
use crate::pack::schedule_schema;

/// What every file says of itself: by it one is known that may be written over.
pub const SCHEMA_MARK: &str = "Scritto da riscontro: non cambiarlo qui. Written by riscontro: do not change it here.";

/// A JSON Schema for each file that authors write: rules and packs, and those whose shapes are given, by name.
pub fn schema_docs(others: Vec<(&str, Schema)>) -> Vec<DocPage> {
    let own = [("regola", rule_schema()), ("schedule", schedule_schema())];
    let page = |(name, schema): (&str, Schema)| {
        let (path, title) = (format!("{name}.schema.json"), format!("riscontro: {name}"));
        let mut whole = schema.to_value();
        without_null(&mut whole);
        if name == "regola" {
            describe(&mut whole);
        }
        if let Value::Object(whole) = &mut whole {
            whole.insert("title".to_owned(), title.into());
            whole.insert("$comment".to_owned(), SCHEMA_MARK.into());
        }
        // What was made of values is written.
        let text = serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n";
        DocPage { path, text }
    };
    own.into_iter().chain(others).map(page).collect()
}

/// TOML has no null: what may be left out is left out.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|t| t != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    object.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|c| c.get("type").is_none_or(|t| t != "null"));
            }
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// Gives the keys of a rule their meaning in both languages.
fn describe(schema: &mut Value) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        tell("Header", properties);
    }
    let definitions = schema.get_mut("definitions").and_then(Value::as_object_mut);
    for (name, definition) in definitions.into_iter().flatten() {
        if let Some(properties) = definition.get_mut("properties").and_then(Value::as_object_mut) {
            tell(name, properties);
        }
    }
}

fn tell(definition: &str, properties: &mut Map<String, Value>) {
    for key in described(definition) {
        let Some(property) = properties.get_mut(key.name) else { continue };
        let meaning = format!("{}\n\n{}", key.it, key.en);
        match property {
            Value::Object(property) => drop(property.insert("description".to_owned(), meaning.into())),
            other => *other = serde_json::json!({ "description": meaning }),
        }
    }
}
