//! Headings that a schedule writes in one, looked up by the stems of their words.

use super::wordings::stemmed;
use crate::pack::Phrase;
use crate::text;

/// The phrases of all fields.
#[derive(Debug, Default)]
pub(super) struct Phrases(Vec<Stems>);

#[derive(Debug)]
struct Stems {
    field: usize,
    /// What may stand at each place; blank where nothing need.
    places: Vec<Vec<String>>,
}

impl Phrases {
    pub(super) fn add(&mut self, field: usize, phrase: &Phrase) {
        let stems = |words: &Vec<String>| words.iter().map(|word| stemmed(&text::words(word))).collect();
        self.0.push(Stems { field, places: phrase.places().iter().map(stems).collect() });
    }

    /// The fields of which a heading, by its stems, is one.
    pub(super) fn fields(&self, heading: &str) -> impl Iterator<Item = usize> {
        self.0.iter().filter(move |phrase| stand(&phrase.places, heading)).map(|phrase| phrase.field)
    }
}

/// Whether words stand at their places, and no others.
fn stand(places: &[Vec<String>], heading: &str) -> bool {
    let Some((place, behind)) = places.split_first() else { return heading.is_empty() };
    place.iter().any(|words| {
        let rest = if words.is_empty() { Some(heading) } else { heading.strip_prefix(words.as_str()) };
        let rest = rest.filter(|rest| words.is_empty() || rest.is_empty() || rest.starts_with(' '));
        rest.is_some_and(|rest| stand(behind, rest.trim_start()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_one_whose_words_all_stand_at_a_place() {
        let place = |words: &[&str]| words.iter().map(|w| stemmed(&text::words(w))).collect::<Vec<_>>();
        let places = [
            place(&["Livello", "Grado"]),
            place(&["medio", "complessivo", ""]),
            place(&["rischio", "rischio residuo"]),
        ];
        let is = |heading: &str| stand(&places, &stemmed(&text::words(heading)));
        for heading in ["LIVELLO DI RISCHIO", "Grado medio del rischio", "livelli complessivi di rischio residuo"] {
            assert!(is(heading), "{heading}");
        }
        for heading in
            ["Livello", "Livello alto di rischio", "Rischio", "Livello di rischio finale", "Livello di rischiosità"]
        {
            assert!(!is(heading), "{heading}");
        }
    }
}
