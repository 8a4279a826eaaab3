//! One name spelled in several ways in one column.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::{Args, Function, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{List, Stop, Val};
use crate::engine::view::Spellings;
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[row(
    "main_spelling",
    &[Param::Field],
    TEXT,
    main_spelling,
    (
        "come la tabella scrive di solito questo nome: il dato in testa al documento se è lo stesso nome, poi la grafia più frequente",
        "how the table usually spells this name: the datum of the document head if it is the same name, then the most frequent",
        "ufficio == main_spelling(ufficio)",
    ),
)];

/// Up to so many different names are compared each with each; beyond, only names that differ in one word.
const COMPARED: usize = 1_500;

fn main_spelling(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let field = args.given(0)?;
    let Some((table, slot)) = field.spot.slot() else { return Ok(Val::Field(field.clone())) };
    let view = env.view();
    let Some(of) = view.tables.get(table) else { return Ok(Val::Field(field.clone())) };
    let known = of.spellings.borrow().get(&slot).cloned();
    let spellings = if let Some(known) = known {
        known
    } else {
        let head = of.fields.get(slot).and_then(|name| view.head(name)).filter(|f| !f.is_missing());
        let made = Rc::new(spellings(env, &of.all(table, slot), head.map(|f| f.words.shared()).as_ref())?);
        of.spellings.borrow_mut().insert(slot, made.clone());
        made
    };
    let main = spellings.get(field.words.normal()).cloned();
    Ok(Val::text(main.unwrap_or_else(|| field.words.shared())))
}

/// One way of writing: the text as first met, and how often it occurs.
struct Spelling {
    text: Arc<str>,
    normal: Rc<str>,
    count: usize,
}

/// The main spelling of every text of a column that is near another one.
fn spellings(env: &Env, list: &List, head: Option<&Arc<str>>) -> Result<Spellings, Stop> {
    env.spend(list.fields().len() * 20)?;
    let mut index: HashMap<Rc<str>, usize> = HashMap::new();
    let mut all: Vec<Spelling> = Vec::new();
    for field in list.given() {
        let normal = field.words.normal_shared();
        let at = *index.entry(normal.clone()).or_insert(all.len());
        match all.get_mut(at) {
            Some(known) => known.count += 1,
            None => all.push(Spelling { text: field.words.shared(), normal, count: 1 }),
        }
    }
    let mut groups = Groups((0..all.len()).collect());
    for (a, b) in candidates(env, &all)? {
        if let (Some(x), Some(y)) = (all.get(a), all.get(b))
            && groups.find(a) != groups.find(b)
            && near(env, &x.text, &y.text)?
        {
            groups.join(a, b);
        }
    }
    let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
    for i in 0..all.len() {
        members.entry(groups.find(i)).or_default().push(i);
    }
    let mut main = HashMap::new();
    for i in 0..all.len() {
        let group: Vec<&Spelling> =
            members.get(&groups.find(i)).into_iter().flatten().filter_map(|m| all.get(*m)).collect();
        let mut text = most_frequent(&group);
        if let Some(head) = head {
            for spelling in &group {
                if *text::normal(head) == *spelling.normal || near(env, head, &spelling.text)? {
                    text = Some(head.clone());
                    break;
                }
            }
        }
        if let (Some(own), Some(text)) = (all.get(i), text) {
            main.insert(own.normal.clone(), text);
        }
    }
    Ok(main)
}

/// The most frequent, of equals the one met first.
fn most_frequent(group: &[&Spelling]) -> Option<Arc<str>> {
    let most = group.iter().map(|s| s.count).max()?;
    group.iter().find(|s| s.count == most).map(|s| s.text.clone())
}

fn near(env: &Env, a: &str, b: &str) -> Result<bool, Stop> {
    env.spend(a.len() + b.len())?;
    Ok(text::near_duplicate(a, b))
}

/// Pairs worth comparing: all of them if the names are few, else those that share all words but one.
fn candidates(env: &Env, all: &[Spelling]) -> Result<Vec<(usize, usize)>, Stop> {
    if all.len() <= COMPARED {
        env.spend(all.len() * all.len())?;
        return Ok((0..all.len()).flat_map(|a| (a + 1..all.len()).map(move |b| (a, b))).collect());
    }
    let mut buckets: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, spelling) in all.iter().enumerate() {
        env.spend(spelling.normal.len() * 40)?;
        let words: Vec<&str> = spelling.normal.split(' ').take(20).collect();
        buckets.entry(text::squeezed(&spelling.normal)).or_default().push(i);
        for left_out in 0..words.len() {
            let mut rest = words.clone();
            if let Some(word) = rest.get_mut(left_out) {
                // A word of its own that no text contains: the place of the one left out counts.
                *word = "\u{1}";
            }
            // Single words of one length and beginning are compared; all others would be one bucket.
            let shape = if words.len() == 1 { spelling.normal.chars().take(4).collect() } else { rest.join(" ") };
            buckets.entry(shape).or_default().push(i);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for members in buckets.into_values() {
        env.spend(members.len() * 50)?;
        // A crowded bucket is a numbering, not one name spelled in many ways: neighbours are enough.
        let window = if members.len() <= 50 { members.len() } else { 3 };
        for (n, a) in members.iter().enumerate() {
            pairs.extend(members.iter().skip(n + 1).take(window).map(|b| (*a, *b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// Which spellings belong together.
struct Groups(Vec<usize>);

impl Groups {
    fn find(&mut self, mut i: usize) -> usize {
        while let Some(&up) = self.0.get(i).filter(|up| **up != i) {
            let higher = self.0.get(up).copied().unwrap_or(up);
            if let Some(slot) = self.0.get_mut(i) {
                *slot = higher;
            }
            i = up;
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if let Some(slot) = self.0.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
