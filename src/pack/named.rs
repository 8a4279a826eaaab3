//! Fields that name offices or the people of offices, the same from document to document.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::Bilingual;

/// What the texts of a field name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameSpec {
    /// Of what they are names.
    pub of: Named,
    /// Words that a name may have or lack at its beginning and be the same: `Ufficio` of `Ufficio tributi`.
    #[serde(default)]
    pub around: Vec<String>,
}

/// What names are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Named {
    /// Offices, units of the organisation.
    Office,
    /// Roles, and the people who have them.
    Role,
}

impl Named {
    /// In words, of one.
    pub fn title(self) -> Bilingual {
        match self {
            Self::Office => Bilingual::new("ufficio", "office"),
            Self::Role => Bilingual::new("ruolo", "role"),
        }
    }
}
