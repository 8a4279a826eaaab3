//! What a pack says of texts with headings and labelled fields, the shape `flow`.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::pattern::Pattern;

/// For shape `flow`: how a text of Markdown holds what a workbook has in columns. A line `Label: value` gives the field
/// that has the label among its headings, whatever is said here.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Flow {
    /// The keys of the front matter that give a field, best first.
    pub front: BTreeMap<Arc<str>, Vec<String>>,
    /// The field that holds the line at which the front matter is no YAML.
    pub fault: Option<Arc<str>>,
    /// What any line may say, by field: each match, or its group `value`, is a value.
    pub anywhere: BTreeMap<Arc<str>, Pattern>,
    /// What stands under which heading; the first whose heading matches.
    #[serde(rename = "section")]
    pub sections: Vec<FlowSection>,
}

/// What stands under a heading.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowSection {
    /// The heading, at any level; named groups are fields.
    pub heading: Pattern,
    /// The entity that it speaks of.
    pub entity: Arc<str>,
    /// Whether it begins one.
    #[serde(default)]
    pub begins: bool,
    /// The field that holds the text below; one that holds several has one for each paragraph and item.
    pub text: Option<Arc<str>>,
    /// What an item of a list below says; named groups are fields.
    pub items: Option<Pattern>,
}

impl Flow {
    /// Every regular expression in it.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let sections = self.sections.iter().flat_map(|s| [&s.heading].into_iter().chain(&s.items));
        self.anywhere.values().chain(sections)
    }

    /// The same, to change them.
    pub(super) fn patterns_mut(&mut self) -> impl Iterator<Item = &mut Pattern> {
        let sections = self.sections.iter_mut().flat_map(|s| [&mut s.heading].into_iter().chain(&mut s.items));
        self.anywhere.values_mut().chain(sections)
    }
}
