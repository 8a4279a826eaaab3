//! Keys beside labels (the letters of areas): what a column's own use, or the one set of the catalogue that it follows,
//! makes of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::catalogues::{entries, has_key};
use super::texts::part_of;
use super::{ARGS, Args, Function, LIST, Name, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Stop, Val};
use crate::pack::{Catalogue, Entry};
use crate::text;

const PART: Param = Param::Name(Name::Part);
const CATALOGUE: Param = Param::Name(Name::Catalogue);
const ATTRIBUTE: Param = Param::Name(Name::Attribute);

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "odd_keys",
        &[Param::List, PART, PART, CATALOGUE, ATTRIBUTE, ATTRIBUTE],
        ARGS,
        LIST,
        odd_keys,
        (
            "le celle la cui chiave contraddice l'uso dell'elenco stesso, o è la sola fuori dalla serie del catalogo che l'elenco segue",
            "the cells whose key contradicts the list's own use, or is the only one outside the set of the catalogue that the list follows",
            "odd_keys(all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree_di_rischio\", \"lettera\", \"insieme\")",
        ),
    ),
    row(
        "key_expected",
        &[Param::Field, Param::List, PART, PART, CATALOGUE, ATTRIBUTE, ATTRIBUTE],
        ARGS,
        TEXT,
        key_expected,
        (
            "la chiave attesa al posto di quella della cella, vuoto se la sua va bene",
            "the key expected in place of the cell's, empty if its own is right",
            "key_expected(first(area_rischio), all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree_di_rischio\", \"lettera\", \"insieme\")",
        ),
    ),
    row(
        "mixed_keys",
        &[Param::List, PART, PART, CATALOGUE, ATTRIBUTE, ATTRIBUTE],
        ARGS,
        LIST,
        mixed_keys,
        (
            "le celle che seguono un'altra serie del catalogo e contraddicono così quelle della serie prevalente",
            "the cells that follow another set of the catalogue and so contradict those of the prevailing one",
            "mixed_keys(all(\"area_rischio\"), \"lettera\", \"etichetta\", \"aree_di_rischio\", \"lettera\", \"insieme\")",
        ),
    ),
];

/// A list with more different texts follows no catalogue.
const MOST: usize = 300;
/// So many pairs of one set show that a list follows it.
const ENOUGH: usize = 3;

/// One way of writing a cell: its key and label.
struct Pair<'c> {
    field: Field,
    key: Field,
    label: String,
    count: usize,
    known: Vec<&'c Entry>,
    /// The key that the list itself uses for the label elsewhere, and more often.
    usual: Option<Arc<str>>,
}

impl Pair<'_> {
    fn agrees(&self, attribute: &str, set: &str, of: &str) -> bool {
        self.known.iter().any(|e| has_key(e, attribute, self.key.words.normal()) && in_set(e, of, set))
    }

    /// The key that a set gives the label.
    fn in_set(&self, attribute: &str, set: &str, of: &str) -> Option<Arc<str>> {
        self.known.iter().filter(|e| in_set(e, of, set)).find_map(|e| e.all(attribute).first().cloned())
    }

    fn contradicts(&self, other: &Self) -> bool {
        let same_key = self.key.words.normal() == other.key.words.normal();
        let same_area = self.known.iter().any(|e| other.known.iter().any(|o| e.value == o.value));
        same_key != same_area
    }
}

fn in_set(entry: &Entry, of: &str, set: &str) -> bool {
    entry.all(of).iter().any(|s| **s == *set)
}

/// The names that a call gives.
struct Asked<'a> {
    parts: (&'a str, &'a str),
    catalogue: &'a str,
    attribute: &'a str,
    set: &'a str,
}

impl<'a> Asked<'a> {
    fn of(args: &'a Args<'_>, at: usize) -> Result<Self, Stop> {
        let name = |i: usize| args.name(at + i);
        Ok(Self { parts: (name(0)?, name(1)?), catalogue: name(2)?, attribute: name(3)?, set: name(4)? })
    }
}

fn pairs<'c>(env: &Env, list: &List, asked: &Asked<'_>, catalogue: &'c Catalogue) -> Result<Vec<Pair<'c>>, Stop> {
    env.spend(list.fields().len() * 20)?;
    if list.counts().len() > MOST {
        return Ok(Vec::new());
    }
    let view = env.view();
    let slot = list.fields().first().and_then(|f| f.spot.slot());
    let pattern = slot.and_then(|(table, slot)| view.tables.get(table)?.spec(slot)?.parts.as_ref());
    let mut met = std::collections::HashSet::new();
    let mut pairs: Vec<Pair<'c>> = Vec::new();
    for field in list.given().filter(|f| met.insert(f.words.normal_shared())) {
        let key = part_of(env, field, pattern, asked.parts.0)?;
        let label = part_of(env, field, pattern, asked.parts.1)?;
        if key.is_missing() || label.is_missing() {
            continue;
        }
        let known = entries(catalogue, label.words.text());
        let count = list.counts().get(field.words.normal()).map_or(0, |n| *n as usize);
        let label = text::words(label.words.text());
        pairs.push(Pair { field: field.clone(), key, label, count, known, usual: None });
    }
    let mut uses: HashMap<(String, String), (usize, Arc<str>)> = HashMap::new();
    for pair in &pairs {
        let shared = || (0, pair.key.words.shared());
        uses.entry((pair.label.clone(), pair.key.words.normal().to_owned())).or_insert_with(shared).0 += pair.count;
    }
    for pair in &mut pairs {
        let own = uses.get(&(pair.label.clone(), pair.key.words.normal().to_owned())).map_or(0, |u| u.0);
        let mut others: Vec<&(usize, Arc<str>)> = uses
            .iter()
            .filter(|((label, _), u)| *label == pair.label && u.0 > own && u.0 > 1)
            .map(|(_, u)| u)
            .collect();
        others.sort_by(|a, b| b.cmp(a));
        pair.usual = others.first().map(|u| u.1.clone());
    }
    Ok(pairs)
}

/// The set of the catalogue that most pairs agree with, and of those the one that fewest break.
fn prevailing<'c>(pairs: &[Pair<'c>], asked: &Asked<'_>, catalogue: &'c Catalogue) -> Option<(&'c str, usize, usize)> {
    let mut sets: Vec<&Arc<str>> = catalogue.entries.iter().flat_map(|e| e.all(asked.set)).collect();
    sets.sort();
    sets.dedup();
    let judged = || pairs.iter().filter(|p| p.usual.is_none());
    let scored = sets.into_iter().map(|set| {
        let agree = judged().filter(|p| p.agrees(asked.attribute, set, asked.set)).count();
        let known = judged().filter(|p| p.in_set(asked.attribute, set, asked.set).is_some()).count();
        (&**set, agree, known - agree)
    });
    scored.max_by_key(|(_, agree, odd)| (*agree, std::cmp::Reverse(*odd))).filter(|s| s.1 > 0)
}

/// The key that a pair should have, if another than its own.
fn expected(pairs: &[Pair<'_>], pair: &Pair<'_>, asked: &Asked<'_>, catalogue: &Catalogue) -> Option<Arc<str>> {
    if pair.usual.is_some() {
        return pair.usual.clone();
    }
    let (set, agree, odd) = prevailing(pairs, asked, catalogue)?;
    if agree < ENOUGH || odd != 1 || pair.agrees(asked.attribute, set, asked.set) {
        return None;
    }
    let wanted = pair.in_set(asked.attribute, set, asked.set)?;
    // A key that the list gives to another label is the list's own choice.
    let taken = |p: &Pair<'_>| p.label != pair.label && p.key.words.normal() == text::normal(&wanted);
    (!pairs.iter().any(taken)).then_some(wanted)
}

fn odd_keys(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, asked) = (args.list(0)?, Asked::of(args, 1)?);
    env.with_catalogue(asked.catalogue, |catalogue, _| {
        let pairs = pairs(env, list, &asked, catalogue)?;
        env.spend(pairs.len() * catalogue.entries.len() * 50)?;
        let odd = pairs.iter().filter(|p| expected(&pairs, p, &asked, catalogue).is_some());
        Ok(Val::List(List::new(odd.map(|p| p.field.clone()).collect())))
    })?
}

fn key_expected(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (field, list, asked) = (args.given(0)?, args.list(1)?, Asked::of(args, 2)?);
    env.with_catalogue(asked.catalogue, |catalogue, _| {
        let pairs = pairs(env, list, &asked, catalogue)?;
        env.spend(pairs.len() * catalogue.entries.len() * 5)?;
        let own = pairs.iter().find(|p| p.field.words.normal() == field.words.normal());
        let key = own.and_then(|p| expected(&pairs, p, &asked, catalogue));
        Ok(Val::text(key.map(|k| Arc::from(k.to_uppercase())).unwrap_or_default()))
    })?
}

fn mixed_keys(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (list, asked) = (args.list(0)?, Asked::of(args, 1)?);
    env.with_catalogue(asked.catalogue, |catalogue, _| {
        let pairs = pairs(env, list, &asked, catalogue)?;
        env.spend(pairs.len() * (catalogue.entries.len() + pairs.len()) * 20)?;
        let Some((set, ..)) = prevailing(&pairs, &asked, catalogue) else {
            return Ok(Val::List(List::new(Vec::new())));
        };
        let of_set = |p: &&Pair<'_>| p.agrees(asked.attribute, set, asked.set);
        let kept: Vec<&Pair<'_>> = pairs.iter().filter(of_set).collect();
        let of_other = |p: &Pair<'_>| {
            let other = |e: &&Entry| has_key(e, asked.attribute, p.key.words.normal()) && !e.all(asked.set).is_empty();
            p.known.iter().any(other)
        };
        let mixed = pairs.iter().filter(|p| !of_set(p) && of_other(p) && kept.iter().any(|k| k.contradicts(p)));
        Ok(Val::List(List::new(mixed.map(|p| p.field.clone()).collect())))
    })?
}
