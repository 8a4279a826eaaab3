//! One name spelled in several ways in one column.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::{ARGS, Args, Function, Param, TEXT, row};
use crate::engine::env::Env;
use crate::engine::value::{Field, List, Reading, Spot, Stop, Val, Words};
use crate::engine::view::Spellings;
use crate::text;

pub(super) const FUNCTIONS: &[Function] = &[row(
    "main_spelling",
    &[Param::Field],
    ARGS,
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
        let made = Rc::new(spellings(env, &of.all(table, slot), head.map(|f| &f.words))?);
        of.spellings.borrow_mut().insert(slot, made.clone());
        made
    };
    let words = spellings.get(field.words.normal()).unwrap_or(&field.words).clone();
    Ok(Val::Field(Field { words, reading: Reading::Text, spot: Spot::Nowhere }))
}

/// One way of writing: the text as first met, what comparing needs of it, and how often it occurs.
struct Spelling {
    words: Rc<Words>,
    count: usize,
    /// The runs of digits: names that differ in one are names of two things.
    digits: String,
    squeezed: String,
    /// The words with their lengths.
    parts: Vec<(String, usize)>,
    /// Its words without the little ones between them.
    content: Vec<String>,
}

impl Spelling {
    fn new(words: Rc<Words>) -> Self {
        let digits = words.plain().split(|c: char| !c.is_numeric()).filter(|n| !n.is_empty());
        let parts = words.plain().split(' ').map(|w| (w.to_owned(), w.chars().count()));
        Self {
            digits: digits.collect::<Vec<_>>().join(" "),
            squeezed: text::squeezed(words.text()),
            parts: parts.collect(),
            content: text::content_words(words.normal()),
            words,
            count: 0,
        }
    }

    /// Whether comparing letter by letter can find the two near: what is told here without it is never near.
    fn may_be_near(&self, other: &Self) -> bool {
        let slip =
            |(x, a): &(String, usize), (y, b): &(String, usize)| x == y || (*a.min(b) >= 6 && a.abs_diff(*b) <= 2);
        text::same_content(&self.content, &other.content)
            || self.digits == other.digits
                && (self.squeezed == other.squeezed
                    || (self.parts.len() == other.parts.len()
                        && self.parts.iter().zip(&other.parts).all(|(x, y)| slip(x, y))))
    }
}

/// The main spelling of every text of a column that is near another one.
fn spellings(env: &Env, list: &List, head: Option<&Rc<Words>>) -> Result<Spellings, Stop> {
    env.spend(list.fields().len() * 20)?;
    let mut index: HashMap<Rc<str>, usize> = HashMap::new();
    let mut all: Vec<Spelling> = Vec::new();
    for field in list.given() {
        let at = *index.entry(field.words.normal_shared()).or_insert(all.len());
        if at == all.len() {
            all.push(Spelling::new(field.words.clone()));
        }
        if let Some(known) = all.get_mut(at) {
            known.count += 1;
        }
    }
    let mut groups = Groups((0..all.len()).collect());
    for (a, b) in candidates(env, &all)? {
        if let (Some(x), Some(y)) = (all.get(a), all.get(b))
            && groups.find(a) != groups.find(b)
            && near(env, &x.words, &y.words)?
        {
            groups.join(a, b);
        }
    }
    let mut members: BTreeMap<usize, Vec<&Spelling>> = BTreeMap::new();
    for (i, spelling) in all.iter().enumerate() {
        members.entry(groups.find(i)).or_default().push(spelling);
    }
    let mut main = HashMap::new();
    for group in members.values() {
        let mut words = most_frequent(group);
        for (spelling, head) in group.iter().zip(head.into_iter().cycle()) {
            if head.normal() == spelling.words.normal() || near(env, head, &spelling.words)? {
                words = Some(head.clone());
                break;
            }
        }
        for spelling in group {
            main.extend(words.clone().map(|words| (spelling.words.normal_shared(), words)));
        }
    }
    Ok(main)
}

/// The most frequent, of equals the one met first.
fn most_frequent(group: &[&Spelling]) -> Option<Rc<Words>> {
    let most = group.iter().map(|s| s.count).max()?;
    group.iter().find(|s| s.count == most).map(|s| s.words.clone())
}

fn near(env: &Env, a: &Words, b: &Words) -> Result<bool, Stop> {
    env.spend(a.text().len() + b.text().len())?;
    let same = || text::same_content(&text::content_words(a.normal()), &text::content_words(b.normal()));
    Ok(text::near_duplicate(a.text(), b.text()) || (a.normal() != b.normal() && same()))
}

/// Pairs worth comparing: all of them if the names are few, else those that share all words but one.
fn candidates(env: &Env, all: &[Spelling]) -> Result<Vec<(usize, usize)>, Stop> {
    let near = |(a, b): &(usize, usize)| all.get(*a).zip(all.get(*b)).is_some_and(|(a, b)| a.may_be_near(b));
    if all.len() <= COMPARED {
        env.spend(all.len() * all.len())?;
        let pairs = (0..all.len()).flat_map(|a| (a + 1..all.len()).map(move |b| (a, b)));
        return Ok(pairs.filter(near).collect());
    }
    let mut buckets: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, spelling) in all.iter().enumerate() {
        let normal = spelling.words.normal();
        env.spend(normal.len() * 40)?;
        let words: Vec<&str> = normal.split(' ').take(20).collect();
        buckets.entry(text::squeezed(normal)).or_default().push(i);
        let mut sorted = spelling.content.clone();
        sorted.sort_unstable();
        buckets.entry(sorted.join(" ")).or_default().push(i);
        for left_out in 0..words.len() {
            let mut rest = words.clone();
            if let Some(word) = rest.get_mut(left_out) {
                // A word of its own that no text contains: the place of the one left out counts.
                *word = "\u{1}";
            }
            // Single words of one length and beginning are compared; all others would be one bucket.
            let shape = if words.len() == 1 { normal.chars().take(4).collect() } else { rest.join(" ") };
            buckets.entry(shape).or_default().push(i);
        }
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for members in buckets.into_values() {
        env.spend(members.len() * 50)?;
        // A crowded bucket is a numbering, not one name spelled in many ways: neighbours are enough.
        let window = if members.len() <= 50 { members.len() } else { 3 };
        for (n, a) in members.iter().enumerate() {
            pairs.extend(members.iter().skip(n + 1).take(window).map(|b| (*a, *b)).filter(near));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the spellings of so many different names cost: fuel, and pairs compared.
    fn cost(names: usize) -> (u64, usize) {
        let name = |n: usize| Field::computed(format!("Ufficio {} della sede numero {}", n % 977, n / 977));
        let list = List::new((0..names).map(name).collect());
        let env = Env::default();
        env.refuel(names, 0);
        let before = env.fuel();
        spellings(&env, &list, None).unwrap();
        let all: Vec<Spelling> = list.fields().iter().map(|f| Spelling::new(f.words.clone())).collect();
        (before - env.fuel(), candidates(&env, &all).unwrap().len())
    }

    #[test]
    fn the_cost_grows_with_the_names_not_with_their_pairs() {
        let (few, many) = (cost(5_000), cost(20_000));
        assert!(many.0 < few.0 * 5, "{few:?} {many:?}");
        assert!(many.1 <= few.1 * 5, "{few:?} {many:?}");
    }

    #[test]
    fn no_pair_is_left_out_that_is_near() {
        let names = [
            "Servizi informatici",
            "SERVIZI  INFORMATICI",
            "Servizi infomatici",
            "Servizi-informatici",
            "Serviziinformatici",
            "Servizi informatica",
            "Servizi informatici 2",
            "Servizi informatici 3",
            "Servizi in formatici",
            "Servizi",
            "Affari generali",
            "Affari general",
            "Affari generale e legali",
            "D.G. Personale",
            "DG Personale",
            "",
        ];
        let all: Vec<Spelling> = names.iter().map(|n| Spelling::new(Words::new(*n))).collect();
        let mut near = 0;
        for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (a, b))) {
            let (x, y) = (a.words.text(), b.words.text());
            if text::near_duplicate(x, y) {
                near += 1;
                assert!(a.may_be_near(b), "{x} / {y}");
            }
        }
        assert!(near > 10, "{near}");
    }
}
