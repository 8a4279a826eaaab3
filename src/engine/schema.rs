//! The shape of a rule's header, for editors, with the meaning of each key in both languages.

use schemars::Schema;

use super::header::Header;
use super::keys::{KeyInfo, key_tables};
use crate::pack::schema_of;

/// The shape of the header of a rule file.
pub fn rule_schema() -> Schema {
    schema_of::<Header>()
}

/// The keys that an object of the shape may have, with what they mean.
pub fn described(definition: &str) -> &'static [KeyInfo] {
    let [top, texts, case, example] = key_tables();
    match definition {
        "Header" => top.keys,
        "Texted" => texts.keys,
        "Case" => case.keys,
        "Example" => example.keys,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_keys_that_are_described_are_those_that_are_read() {
        let schema = rule_schema().to_value();
        for definition in ["Header", "Texted", "Case", "Example"] {
            let of = if definition == "Header" { &schema } else { &schema["definitions"][definition] };
            let read: BTreeSet<&str> = of["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let told: BTreeSet<&str> = described(definition).iter().map(|k| k.name).collect();
            assert_eq!(told, read, "{definition}");
            let required: BTreeSet<&str> =
                of["required"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
            let told: BTreeSet<&str> = described(definition).iter().filter(|k| k.is_required).map(|k| k.name).collect();
            assert_eq!(told, required, "{definition}");
        }
    }
}
