//! Two documents side by side: records added, removed, renamed, changed cell by cell.
//!
//! Records are known by what they are about, never by where they stand: the same rows in another order are no change.
//! What became of findings is told above, where rules are evaluated.

mod items;
mod matching;
mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Anchor, Area, CellChange, Document, HeadEntry, Lang, Place, RecordChange, RecordFate, TableChange};
use crate::pack::{Pack, Packs};
use crate::text;
use items::{Item, Items, Key};
use matching::{Matched, matched};

/// What differs between two documents.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) head: Vec<CellChange>,
    pub(crate) tables: Vec<TableChange>,
    /// For each row of a record that is in both: which record, by sheet and row, in the old document and in the new.
    pub(crate) rows: [BTreeMap<(u32, u32), usize>; 2],
}

/// Compares two documents.
pub(crate) fn differences(old: &Document, new: &Document, packs: &Packs, lang: Lang) -> Differences {
    let mut found = Differences { head: heads(old, new, lang), ..Differences::default() };
    let mut kinds: Vec<(Arc<str>, Option<Arc<str>>)> = Vec::new();
    for table in new.tables.iter().chain(&old.tables) {
        let kind = (table.kind.clone(), table.variant.clone());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for (kind, variant) in kinds {
        let Some(pack) = packs.get(&kind) else { continue };
        let of = |document| Items::of(document, pack, variant.as_deref(), lang);
        let (before, after) = (of(old), of(new));
        let matched = matched(&before, &after);
        found.note_rows(&matched, &before, &after);
        let title = title(pack, variant.as_deref(), lang);
        let only = |a: &Items, b: &Items| {
            let fields = a.fields.iter().filter(|f| !b.fields.contains(f));
            fields.map(|f| field_title(pack, f, lang)).collect::<Vec<_>>()
        };
        // A table that one document lacks altogether has no columns to tell.
        let is_both = !before.all.is_empty() && !after.all.is_empty();
        found.tables.push(TableChange {
            title,
            before: before.all.len(),
            after: after.all.len(),
            columns_removed: if is_both { only(&before, &after) } else { Vec::new() },
            columns_added: if is_both { only(&after, &before) } else { Vec::new() },
            records: records(pack, &matched, (&before, &after), lang),
            kind,
            variant,
        });
    }
    found
}

impl Differences {
    fn note_rows(&mut self, matched: &Matched, before: &Items, after: &Items) {
        for (old, new) in &matched.pairs {
            let number = self.rows.iter().flat_map(BTreeMap::values).max().map_or(0, |n| n + 1);
            for (side, item) in self.rows.iter_mut().zip([before.all.get(old), after.all.get(new)]) {
                let places =
                    item.into_iter().flat_map(|i| &i.rows).flat_map(|r| &r.cells).filter_map(|c| c.place.as_ref());
                side.extend(places.filter_map(|p| Some(((p.sheet_index, p.area?.first.row), number))));
            }
        }
    }
}

fn title(pack: &Pack, variant: Option<&str>, lang: Lang) -> String {
    let title = pack.schedule.title.get(lang);
    let variants = pack.schedule.counts.iter().flat_map(|c| &c.variants);
    match variants.into_iter().find(|v| Some(&*v.name) == variant) {
        Some(variant) => format!("{title}, {}", variant.title.get(lang)),
        None => title.to_owned(),
    }
}

fn field_title(pack: &Pack, field: &str, lang: Lang) -> String {
    pack.schedule.field(field).map_or(field, |f| f.title.get(lang)).to_owned()
}

/// The records of a kind that are not as they were: by fate, then by what they are called.
fn records(pack: &Pack, matched: &Matched, (before, after): (&Items, &Items), lang: Lang) -> Vec<RecordChange> {
    let keys = pack.schedule.entities.first().map_or(&[][..], |e| e.key.as_slice());
    let titles = |items: &Items| -> Vec<(Arc<str>, String)> {
        let told = items.fields.iter().filter(|f| !keys.contains(f));
        told.map(|f| (f.clone(), field_title(pack, f, lang))).collect()
    };
    let own_titles = titles(before);
    let shared: Vec<(Arc<str>, String)> = own_titles.into_iter().filter(|(f, _)| after.fields.contains(f)).collect();
    let alone = |fate: RecordFate, key: &Key, items: &Items| {
        let item = items.all.get(key)?;
        let is_removed = fate == RecordFate::Removed;
        let cells = rows::alone(item, items, &titles(items), is_removed);
        Some(record(fate, item, cells))
    };
    let mut told: BTreeSet<(Place, Place)> = BTreeSet::new();
    let mut out: Vec<(Key, RecordChange)> = Vec::new();
    for (old, new) in &matched.pairs {
        let Some((own, other)) = before.all.get(old).zip(after.all.get(new)) else { continue };
        let mut cells = rows::changed((own, before), (other, after), &shared);
        // Questions share the notes of their category: told once.
        cells.retain(|c| c.old_place.clone().zip(c.new_place.clone()).is_none_or(|places| told.insert(places)));
        let is_renamed = old != new;
        if is_renamed || !cells.is_empty() {
            let fate = if is_renamed { RecordFate::Renamed } else { RecordFate::Changed };
            let old_name = is_renamed.then(|| own.name.clone());
            out.push((new.clone(), RecordChange { old_name, ..record(fate, other, cells) }));
        }
    }
    out.extend(matched.removed.iter().filter_map(|k| Some((k.clone(), alone(RecordFate::Removed, k, before)?))));
    out.extend(matched.added.iter().filter_map(|k| Some((k.clone(), alone(RecordFate::Added, k, after)?))));
    out.sort_by(|(a, x), (b, y)| (x.fate, order(a)).cmp(&(y.fate, order(b))));
    out.into_iter().map(|(_, change)| change).collect()
}

fn record(fate: RecordFate, item: &Item, cells: Vec<CellChange>) -> RecordChange {
    RecordChange { fate, name: item.name.clone(), old_name: None, place: item.place().cloned(), cells }
}

/// Numbers as numbers: 2 before 10, 9.2 before 9.10.
fn order((code, name): &Key) -> (Vec<u64>, &str, &str) {
    let figures = code.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    (figures.collect(), code, name)
}

/// The data of the heads that differ.
fn heads(old: &Document, new: &Document, lang: Lang) -> Vec<CellChange> {
    let names: BTreeSet<&Arc<str>> = old.head.keys().chain(new.head.keys()).collect();
    let given = |entry: Option<&HeadEntry>| entry.filter(|e| !e.value.is_missing()).map(|e| e.text.clone());
    let place = |entry: Option<&HeadEntry>| {
        entry.map(|e| Place {
            path: None,
            sheet_index: e.sheet,
            sheet: Some(e.sheet_name.clone()),
            area: Some(Area::cell(e.at)),
            line: None,
            anchor: Anchor::default(),
            value: None,
        })
    };
    let changes = names.into_iter().filter_map(|name| {
        let (own, other) = (old.head.get(name), new.head.get(name));
        let (was, is) = (given(own), given(other));
        let same = |text: &Option<Arc<str>>| text.as_deref().map(text::normal);
        (same(&was) != same(&is)).then(|| CellChange {
            field: own.or(other).map_or("", |e| e.title.get(lang)).to_owned(),
            old: was,
            new: is,
            old_place: place(own),
            new_place: place(other),
        })
    });
    changes.collect()
}
