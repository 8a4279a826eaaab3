//! Headings written in one: of the words between braces one stands.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Places at most: a heading has few words, and ways to lay them out would be past counting.
const MOST: usize = 12;

/// Headings in one, `{Livello|Grado} {medio|complessivo|} di rischio`: at each place one of the words stands, or none
/// where one of them is blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase(Vec<Vec<String>>);

impl Phrase {
    /// What may stand at each place, from left to right.
    pub fn places(&self) -> &[Vec<String>] {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let mut places = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once('{') {
            let (choice, behind) = from.split_once('}').ok_or("una «{» non ha la sua «}»")?;
            if before.contains('}') || choice.contains('{') {
                return Err("le parentesi graffe non sono a coppie");
            }
            places.push(vec![before.trim().to_owned()]);
            places.push(choice.split('|').map(|words| words.trim().to_owned()).collect());
            rest = behind;
        }
        if rest.contains('}') {
            return Err("una «}» non ha la sua «{»");
        }
        places.push(vec![rest.trim().to_owned()]);
        // Nothing stands between two choices.
        places.retain(|words| words.iter().any(|word| !word.is_empty()));
        if places.iter().all(|words| words.iter().any(String::is_empty)) {
            return Err("tutte le parole si possono omettere");
        }
        if places.len() > MOST {
            return Err("troppe parole da scegliere");
        }
        Ok(Self(places))
    }
}

impl<'de> Deserialize<'de> for Phrase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|fault| D::Error::custom(format!("{fault}: «{text}»")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_their_places() {
        let phrase = Phrase::parse("Stima {del|} {rischio|livello di rischio} (P)").unwrap();
        assert_eq!(
            phrase.places(),
            [vec!["Stima"], vec!["del", ""], vec!["rischio", "livello di rischio"], vec!["(P)"]]
        );
        assert_eq!(Phrase::parse("Livello").unwrap().places(), [["Livello"]]);
    }

    #[test]
    fn slips_are_told() {
        for slip in ["{a|b", "a}", "{a|{b}", "a} {b}", "", "{a|} {|b}"] {
            assert!(Phrase::parse(slip).is_err(), "{slip}");
        }
        assert!(Phrase::parse(&"a {b|} ".repeat(7)).is_err());
    }
}
