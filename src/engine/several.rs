//! What a finding with many places is about: its units in words, named once the findings of one cause are one.

use super::draft::Draft;
use super::place::{Places, UnitRef};
use super::supersede::Reported;
use crate::model::{Lang, named_of};

/// Stands in a message for the units until they are known. No text of a document has it.
pub(super) const MARK: char = '\u{1a}';
/// Units that a message names, by their numbers and by longer names.
const NAMED: usize = 8;
const NAMED_AT_LENGTH: usize = 3;
/// Characters of a number.
const SHORT: usize = 10;

/// Puts the units that are left of each finding into its message and remedy.
pub(super) fn name_units(drafts: &mut [Draft], places: &Places<'_>, lang: Lang) {
    for draft in drafts {
        let in_remedy = draft.remedy.as_ref().is_some_and(|r| r.contains(MARK));
        if !draft.message.contains(MARK) && !in_remedy {
            continue;
        }
        let left = Reported::new(std::iter::once(&*draft));
        let mut units = std::mem::take(&mut draft.units);
        units.sort_unstable();
        units.dedup();
        // A row that is missing stands on no record.
        let stands = draft.places.iter().any(|p| p.records.is_some());
        units.retain(|unit| !stands || places.records(*unit).is_none_or(|rows| left.covers_records(unit.0, rows)));
        let named = named(&units, places, lang);
        draft.message = draft.message.replace(MARK, &named);
        draft.remedy = draft.remedy.take().map(|r| r.replace(MARK, &named));
    }
}

/// The units in words: `domanda 1.1`, `domande 1.1 e 1.2`, `domande 1.1, 1.2 e altre 12`.
fn named(units: &[UnitRef], places: &Places<'_>, lang: Lang) -> String {
    let anchors: Vec<String> = units.iter().take(NAMED + 1).map(|unit| places.anchor(*unit)).collect();
    let Some(spec) = units.first().and_then(|unit| places.spec(*unit)).filter(|_| units.len() > 1) else {
        return anchors.into_iter().next().unwrap_or_default();
    };
    // The name of what they are stands once before them all, where each begins with it.
    let one = format!("{} ", spec.one.get(lang));
    let bare: Option<Vec<&str>> = anchors.iter().map(|a| a.strip_prefix(one.as_str())).collect();
    let (noun, items) = match &bare {
        Some(bare) => (format!("{} ", spec.many.get(lang)), bare.clone()),
        None => (String::new(), anchors.iter().map(String::as_str).collect()),
    };
    let short = items.iter().all(|item| item.chars().count() <= SHORT);
    let most = if short { NAMED } else { NAMED_AT_LENGTH };
    let items = items.get(..items.len().min(named_of(units.len(), most))).unwrap_or_default();
    let more = units.len() - items.len();
    if more > 0 {
        return format!("{noun}{}{}", items.join(", "), lang.and_more(more, spec.feminine));
    }
    let (last, before) = items.split_last().unwrap_or((&"", &[]));
    format!("{noun}{} {} {last}", before.join(", "), lang.pick("e", "and"))
}
