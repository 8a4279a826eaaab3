//! `riscontro.toml` as it is written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::model::{Lang, Severity};
use crate::pack::{Anything, Toml};

/// What a `riscontro.toml` may say, and each of its `[[paths]]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Written {
    /// The profile that the body follows: `piccoli-comuni`, `camere-di-commercio`, `ministeri`, `universita`,
    /// `completo`, or one of the rules folder.
    pub profile: Option<String>,
    /// The rules to evaluate, all where absent: codes, beginnings of codes, names or kinds.
    pub select: Option<Vec<String>>,
    /// The rules to leave out, in the same way.
    pub ignore: Option<Vec<String>>,
    /// The severity from which findings make the run fail.
    pub fail_on: Option<FailOn>,
    /// The language of all that is printed; not in `[[paths]]`.
    #[schemars(with = "Option<Language>")]
    pub lang: Option<Lang>,
    /// The severity of all findings of a rule, by code, beginning of codes, name or kind.
    pub severity: BTreeMap<String, Level>,
    /// Values of the parameters of a rule, by code, beginning of codes, name or kind.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Anything>>")]
    pub params: BTreeMap<String, BTreeMap<String, Toml>>,
    /// Headings of the body's own, best first, by field, by kind of schedule.
    pub headings: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Lists of the body: `uffici`, `ruoli`, `tipi_documento`, `sedi`, `aree_di_rischio`.
    pub catalogues: BTreeMap<String, Vec<CatalogueEntry>>,
    /// The body itself.
    pub body: Body,
    /// The cycle that the documents are about.
    pub cycle: Cycle,
    /// How the plan rates risks.
    pub method: RiskMethod,
    /// What the documents of the folder are together.
    pub plan: WholePlan,
    /// Of one of `[[paths]]`: the documents it is for, below the folder of the file (`2024/**`).
    #[serde(rename = "match")]
    pub matching: Option<String>,
    /// Other settings for some of the documents; of several that match a document the later ones go before.
    pub paths: Vec<Written>,
}

/// From which severity findings make a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    #[serde(alias = "error")]
    Errore,
    /// Warnings and errors.
    #[serde(alias = "warning")]
    Avviso,
    /// Any finding.
    #[serde(alias = "info")]
    Osservazione,
    /// None.
    #[serde(alias = "never")]
    Mai,
}

impl FailOn {
    /// Its name in Italian, and in the file.
    pub fn name(self) -> &'static str {
        self.least().map_or("mai", Severity::name)
    }

    /// The threshold of a name, in either language.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            (Self::Errore, ["errore", "error"]),
            (Self::Avviso, ["avviso", "warning"]),
            (Self::Osservazione, ["osservazione", "info"]),
            (Self::Mai, ["mai", "never"]),
        ];
        all.into_iter().find(|(_, names)| names.contains(&name)).map(|(level, _)| level)
    }

    /// The least severity that makes the run fail; `None` for never.
    pub fn least(self) -> Option<Severity> {
        match self {
            Self::Errore => Some(Severity::Errore),
            Self::Avviso => Some(Severity::Avviso),
            Self::Osservazione => Some(Severity::Osservazione),
            Self::Mai => None,
        }
    }
}

/// A severity, by its name in either language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An error.
    #[serde(alias = "error")]
    Errore,
    /// A warning.
    #[serde(alias = "warning")]
    Avviso,
    /// Something worth knowing.
    #[serde(alias = "info")]
    Osservazione,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Errore => Self::Errore,
            Level::Avviso => Self::Avviso,
            Level::Osservazione => Self::Osservazione,
        }
    }
}

/// An entry of a list of the body.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum CatalogueEntry {
    /// As it should be written.
    Text(String),
    /// With other ways of writing it, and what else is known of it.
    Whole(WholeEntry),
}

impl CatalogueEntry {
    /// The entry as it should be written.
    pub fn value(&self) -> &str {
        match self {
            Self::Text(value) | Self::Whole(WholeEntry { value, .. }) => value,
        }
    }
}

/// An entry of a list with all that is known of it.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct WholeEntry {
    /// As it should be written.
    pub value: String,
    /// Other ways of writing it that are right too.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Any further attribute that rules may ask for (`lettera = "D"`): a text or a list of texts.
    #[serde(flatten)]
    #[schemars(with = "BTreeMap<String, Anything>")]
    pub attributes: BTreeMap<String, Toml>,
}

/// The body itself.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Body {
    /// Its name: `Comune di Prova`.
    pub name: Option<String>,
    /// What sort of body it is: `Comune`, `Camera di commercio`, `Ministero`.
    pub kind: Option<String>,
    /// Its code in the index of public administrations, or its tax code.
    pub code: Option<String>,
    /// Staff in service on 31 December.
    pub employees: Option<u32>,
    /// The day of the year by which its plan is to be adopted: `15 aprile`.
    pub plan_deadline: Option<String>,
}

/// The cycle that the documents are about. Dates are written as `2024-01-31` or `"31/01/2024"`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Cycle {
    /// Its year, for documents that do not tell theirs.
    pub year: Option<i16>,
    /// When the Plan of the cycle was adopted (Allegato 1).
    #[schemars(with = "Option<Anything>")]
    pub plan_approval_date: Option<Toml>,
    /// When the monitoring was signed (Allegato 1).
    #[schemars(with = "Option<Anything>")]
    pub monitoring_date: Option<Toml>,
    /// When the plan for the prevention of corruption was adopted.
    #[schemars(with = "Option<Anything>")]
    pub adoption_date: Option<Toml>,
}

/// How the plan rates risks.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RiskMethod {
    /// The levels that the plan uses, from the lowest, or the name of a scale that the rules know (`pxi_5`).
    pub scale: Option<Scale>,
    /// The highest score of each level: `basso = 4`.
    #[schemars(with = "BTreeMap<String, f64>")]
    pub bands: BTreeMap<String, Toml>,
    /// The level of each probability and impact (a table of tables), or `"prodotto"` where the score is their product.
    pub matrix: Option<Matrix>,
}

/// The levels of a plan.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scale {
    /// The name of a scale.
    Name(String),
    /// The levels themselves.
    Levels(Vec<String>),
}

/// What a plan makes of probability and impact.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Matrix {
    /// `prodotto`: the score is their product.
    Named(String),
    /// The level, by impact, by probability.
    Levels(BTreeMap<String, BTreeMap<String, String>>),
}

/// What the documents of the folder are together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WholePlan {
    /// They are one whole plan.
    pub complete: Option<bool>,
}

/// One of some words, as editors are told of it.
macro_rules! one_of {
    ($type:ty, $name:literal, $meaning:literal, $words:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $meaning, "enum": $words })
            }
        }
    };
}

one_of!(
    FailOn,
    "FailOn",
    "From which severity findings make a run fail.",
    ["errore", "avviso", "osservazione", "mai", "error", "warning", "info", "never"]
);
one_of!(
    Level,
    "Level",
    "A severity, by its name in either language.",
    ["errore", "avviso", "osservazione", "error", "warning", "info"]
);
one_of!(Language, "Language", "A language.", ["it", "en"]);

/// The name of a language in the file.
struct Language;
