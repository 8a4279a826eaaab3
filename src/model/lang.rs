//! The two languages an official may read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The language of everything the program prints for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Italian, the language of the officials.
    #[default]
    It,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub fn pick<T>(self, it: T, en: T) -> T {
        match self {
            Self::It => it,
            Self::En => en,
        }
    }

    /// What ends a list that names only the first of its entries, with the blank before it: ` e altre 3`, ` e un altro`;
    /// empty where none is left.
    pub(crate) fn and_more(self, left: usize, feminine: bool) -> String {
        match (left, self, feminine) {
            (0, ..) => String::new(),
            (1, Self::It, true) => " e un'altra".to_owned(),
            (1, Self::It, false) => " e un altro".to_owned(),
            (1, Self::En, _) => " and one more".to_owned(),
            (_, Self::It, true) => format!(" e altre {left}"),
            (_, Self::It, false) => format!(" e altri {left}"),
            (_, Self::En, _) => format!(" and {left} more"),
        }
    }
}

/// How many entries a list names where `most` are to be named and the rest counted: one alone is rather named.
pub(crate) fn named_of(entries: usize, most: usize) -> usize {
    if entries <= most + 1 { entries } else { most }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bilingual {
    /// Italian.
    pub it: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts at once.
    pub fn new(it: impl Into<String>, en: impl Into<String>) -> Self {
        Self { it: it.into(), en: en.into() }
    }

    /// The text in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.it, &self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_of_a_list_is_told_in_words() {
        let all = |left| [(Lang::It, true), (Lang::It, false), (Lang::En, true)].map(|(l, f)| l.and_more(left, f));
        assert_eq!(all(0), ["", "", ""]);
        assert_eq!(all(1), [" e un'altra", " e un altro", " and one more"]);
        assert_eq!(all(2), [" e altre 2", " e altri 2", " and 2 more"]);
    }

    #[test]
    fn one_alone_is_named_and_not_counted() {
        assert_eq!([3, 4, 5, 6].map(|entries| named_of(entries, 4)), [3, 4, 5, 4]);
    }
}
