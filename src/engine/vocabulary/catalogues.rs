//! Looking things up in the pack's catalogues.

use std::rc::Rc;
use std::sync::Arc;

use super::{ARGS, Args, BOOL, Function, LIST, Name, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{List, Stop, Val, Words};
use crate::pack::{Catalogue, Entry};
use crate::text;

const CATALOGUE: Param = Param::Name(Name::Catalogue);
const ATTRIBUTE: Param = Param::Name(Name::Attribute);

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "listed",
        &[Param::Text, CATALOGUE],
        ARGS,
        BOOL,
        listed,
        (
            "il testo è una voce del catalogo, o una sua variante ammessa",
            "the text is an entry of the catalogue, or an admitted way of writing one",
            "listed(area_rischio, \"aree_di_rischio\")",
        ),
    ),
    row(
        "unlisted",
        &[Param::List, CATALOGUE],
        ARGS.picking(0),
        LIST,
        unlisted,
        (
            "le celle dell'elenco che non sono voci del catalogo",
            "the cells of the list that are no entries of the catalogue",
            "count(unlisted(uffici_coinvolti, \"uffici\")) == 0",
        ),
    ),
    row(
        "closest",
        &[Param::Text, CATALOGUE],
        ARGS,
        TEXT,
        closest,
        (
            "la voce del catalogo più vicina, vuoto se nessuna lo è",
            "the nearest entry of the catalogue, empty if none is near",
            "closest(area_rischio, \"aree_di_rischio\")",
        ),
    ),
    row(
        "lookup",
        &[Param::Text, CATALOGUE, ATTRIBUTE],
        ARGS,
        TEXT,
        lookup,
        (
            "un attributo della voce del catalogo, vuoto se il testo non vi compare",
            "an attribute of the entry, empty if the text is not listed",
            "lookup(area_rischio, \"aree_di_rischio\", \"lettera\")",
        ),
    ),
    row(
        "crossed",
        &[Param::Text, Param::Text, CATALOGUE, ATTRIBUTE],
        ARGS,
        TEXT,
        crossed,
        (
            "ciò che una tabella dà alla riga e alla colonna con questi nomi, vuoto se non ci sono",
            "what a table gives to the row and the column of these names, empty if they are not there",
            "crossed(probabilita, impatto, \"matrice\", \"livello\")",
        ),
    ),
    row(
        "paired",
        &[Param::Text, Param::Text, CATALOGUE, ATTRIBUTE],
        ARGS,
        BOOL,
        paired,
        (
            "una voce scritta come il secondo testo ha il primo come attributo",
            "an entry written like the second text has the first as its attribute",
            "paired(part(area_rischio, \"lettera\"), part(area_rischio, \"etichetta\"), \"aree_di_rischio\", \"lettera\")",
        ),
    ),
    row(
        "pair_for",
        &[Param::Text, CATALOGUE, ATTRIBUTE],
        ARGS,
        TEXT,
        pair_for,
        (
            "la voce che ha il testo come attributo, vuoto se nessuna",
            "the entry that has the text as its attribute, empty if none",
            "pair_for(part(area_rischio, \"lettera\"), \"aree_di_rischio\", \"lettera\")",
        ),
    ),
    row(
        "one_set",
        &[Param::List, Param::List, CATALOGUE, ATTRIBUTE, ATTRIBUTE],
        ARGS,
        BOOL,
        one_set,
        (
            "le coppie di chiave ed etichetta che il catalogo conosce stanno in una stessa serie",
            "the pairs of key and label that the catalogue knows are of one set",
            "one_set(lettere, etichette, \"aree_di_rischio\", \"lettera\", \"serie\")",
        ),
    ),
];

/// The entries written like a text; also like what stands before a tail such as «ex …» or «(già …)».
pub(super) fn entries<'c>(catalogue: &'c Catalogue, written: &str) -> Vec<&'c Entry> {
    let found: Vec<&Entry> = catalogue.find(written).collect();
    if !found.is_empty() {
        return found;
    }
    let normal = text::normal(written);
    let tails = ["(ex ", "(gia ", ", ex ", ", gia ", " ex ", " gia "];
    let cut = tails.iter().filter_map(|t| normal.find(t)).filter(|at| *at > 0).min();
    cut.and_then(|at| normal.get(..at)).map_or_else(Vec::new, |head| catalogue.find(head).collect())
}

fn listed(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words(0)?;
    env.with_catalogue(args.name(1)?, |catalogue, number| is_listed(&words, catalogue, number)).map(Val::Bool)
}

fn is_listed(words: &Words, catalogue: &Catalogue, number: usize) -> bool {
    let known = words.learned().listed.borrow().iter().find(|(n, _)| *n == number).map(|(_, answer)| *answer);
    known.unwrap_or_else(|| {
        let answer = !entries(catalogue, words.text()).is_empty();
        words.learned().listed.borrow_mut().push((number, answer));
        answer
    })
}

fn unlisted(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let list = args.list(0)?;
    env.spend(list.fields().len() * 200)?;
    let others = env.with_catalogue(args.name(1)?, |catalogue, number| {
        list.given().filter(|f| !is_listed(&f.words, catalogue, number)).cloned().collect()
    })?;
    Ok(Val::List(List::new(others)))
}

fn closest(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let words = args.words_or_empty(0)?;
    let found = env.with_catalogue(args.name(1)?, |catalogue, number| nearest(env, &words, catalogue, number))??;
    Ok(Val::text(found.unwrap_or_default()))
}

fn nearest(env: &Env, words: &Rc<Words>, catalogue: &Catalogue, number: usize) -> Result<Option<Arc<str>>, Stop> {
    let known = words.learned().nearest.borrow().iter().find(|(n, _)| *n == number).map(|(_, answer)| answer.clone());
    if let Some(answer) = known {
        return Ok(answer);
    }
    // No entry of a catalogue is as long: such a text is prose, not a slip.
    let size = words.text().len();
    let prose = size > 600;
    env.spend(if prose { 0 } else { size * 20 * catalogue.entries.len() })?;
    let answer = if words.text().is_empty() || prose { None } else { catalogue.closest(words.text()) };
    let answer = answer.map(|e| e.value.clone());
    words.learned().nearest.borrow_mut().push((number, answer.clone()));
    Ok(answer)
}

fn lookup(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (words, attribute) = (args.words(0)?, args.name(2)?);
    env.with_catalogue(args.name(1)?, |catalogue, _| {
        let found = entries(catalogue, words.text());
        Val::text(found.iter().find_map(|e| e.get(attribute)).unwrap_or_default())
    })
}

fn crossed(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (row, column, attribute) = (args.words(0)?, args.words(1)?, args.name(3)?);
    env.with_catalogue(args.name(2)?, |catalogue, _| {
        let both = format!("{} {}", row.text(), column.text());
        Val::text(catalogue.find(&both).find_map(|e| e.get(attribute)).unwrap_or_default())
    })
}

/// Whether an entry has a text as its attribute.
pub(super) fn has_key(entry: &Entry, attribute: &str, key: &str) -> bool {
    entry.all(attribute).iter().any(|a| text::normal(a) == key)
}

fn paired(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (key, label, attribute) = (args.words(0)?, args.words(1)?, args.name(3)?);
    env.with_catalogue(args.name(2)?, |catalogue, _| {
        Val::Bool(entries(catalogue, label.text()).iter().any(|e| has_key(e, attribute, key.normal())))
    })
}

fn pair_for(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (key, attribute) = (args.words_or_empty(0)?, args.name(2)?);
    env.with_catalogue(args.name(1)?, |catalogue, _| {
        env.spend(catalogue.entries.len() * 100)?;
        let found = catalogue.entries.iter().find(|e| has_key(e, attribute, key.normal()));
        Ok(Val::text(found.map(|e| e.value.clone()).unwrap_or_default()))
    })?
}

pub(super) fn pairs(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (keys, labels, attribute) = (args.list(0)?, args.list(1)?, args.name(3)?);
    env.with_catalogue(args.name(2)?, |catalogue, _| {
        env.spend(keys.fields().len() * 400)?;
        let given = keys.fields().iter().zip(labels.fields()).filter(|(k, l)| !k.is_missing() && !l.is_missing());
        let found = given.filter(|(key, label)| {
            entries(catalogue, label.words.text()).iter().any(|e| has_key(e, attribute, key.words.normal()))
        });
        Ok(Val::count(found.count()))
    })?
}

fn one_set(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let (keys, labels, attribute, set) = (args.list(0)?, args.list(1)?, args.name(3)?, args.name(4)?);
    env.with_catalogue(args.name(2)?, |catalogue, _| {
        env.spend(keys.fields().len() * 400)?;
        let mut sets: Vec<&Arc<str>> = catalogue.entries.iter().flat_map(|e| e.all(set)).collect();
        sets.sort();
        sets.dedup();
        for (key, label) in keys.fields().iter().zip(labels.fields()) {
            if key.is_missing() {
                continue;
            }
            let found = entries(catalogue, label.words.text());
            let agree: Vec<&Entry> = found.into_iter().filter(|e| has_key(e, attribute, key.words.normal())).collect();
            // A pair of no set at all is the body's own and speaks for none.
            if agree.iter().any(|e| !e.all(set).is_empty()) {
                sets.retain(|s| agree.iter().any(|e| e.all(set).contains(s)));
            }
        }
        Ok(Val::Bool(!sets.is_empty()))
    })?
}
