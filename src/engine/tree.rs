//! Which unit of a register comes under which: by the code or title that a unit gives of the one above, else by its own
//! code, which goes on from that of the one above.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::env::Env;
use super::value::{Field, List, Stop};
use super::view::{TableView, View};
use crate::text;

/// Titles that are alike to this degree are of one unit with one code.
const ONE: f64 = 0.5;
/// A text that is alike to a title to this degree means it.
const MEANT: f64 = 0.9;
/// Characters of a beginning that is enough to tell a title.
const TELLING: usize = 20;
/// Texts and titles that are compared at most: beyond that any name is taken to be known.
const COMPARED: usize = 200_000;
/// Letters of a word that stands before a number and belongs to its code; words of a name that ends with its code.
const SIGLUM: usize = 3;
const BEFORE: usize = 4;

/// The names of the fields of code, title and unit above.
pub(super) type Names = [Arc<str>; 3];

/// The trees of a document, by the kind of their registers and the fields that tell them.
pub(super) type Trees = HashMap<(Arc<str>, Names), Rc<Tree>>;

/// Which units a text means that names none exactly, by its words.
type Meant = HashMap<String, Option<Vec<usize>>>;

/// What a unit says of the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// Nothing.
    None,
    /// A name that no unit has.
    Unknown,
    /// A name that units have, which of them is not told.
    Known,
    To(usize),
}

/// A unit, which several rows apart from each other may speak of.
#[derive(Debug)]
struct Node {
    code: String,
    title: String,
    said: Option<Field>,
    link: Link,
    implied: Option<usize>,
    /// Tables and units.
    at: Vec<(usize, usize)>,
}

/// All units of the registers of a kind.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    of: HashMap<(usize, usize), usize>,
    by_code: BTreeMap<String, Vec<usize>>,
    by_title: BTreeMap<String, Vec<usize>>,
    /// Codes tell what comes under what: they agree with what units say, or nothing else says it.
    by_codes: bool,
    under: Vec<Vec<usize>>,
    /// Of a field whether most units have in it no less than those under them together.
    pub(super) totals: RefCell<HashMap<Arc<str>, bool>>,
}

impl Tree {
    /// The tree of the kind of a table.
    pub(super) fn of(env: &Env, view: &View, names: &Names) -> Result<Rc<Self>, Stop> {
        let kind = view.tables.get(env.table()).map(|t| t.kind.clone()).unwrap_or_default();
        if let Some(known) = env.trees.borrow().get(&(kind.clone(), names.clone())) {
            return Ok(known.clone());
        }
        let mut tree = Self::default();
        for (at, table) in view.tables.iter().enumerate().filter(|(_, t)| t.kind == kind) {
            tree.read(env, (at, table), names)?;
        }
        tree.join(env)?;
        let tree = Rc::new(tree);
        env.trees.borrow_mut().insert((kind, names.clone()), tree.clone());
        Ok(tree)
    }

    fn read(&mut self, env: &Env, (at, table): (usize, &TableView), names: &Names) -> Result<(), Stop> {
        let [codes, titles, above] = names.each_ref().map(|name| table.slot(name).map(|slot| table.all(at, slot)));
        let units = codes.as_ref().or(titles.as_ref()).map_or(0, |l| l.fields().len());
        let cell = |list: &Option<List>, unit: usize| {
            let said = list.as_ref().filter(|l| l.fields().len() == units).and_then(|l| l.fields().get(unit).cloned());
            said.filter(|f| !f.is_missing() && !f.is_uncalculated() && !table.is_placeholder(&f.words))
        };
        for unit in 0..units {
            env.spend(2_000)?;
            let code = cell(&codes, unit).map(|f| text::coded(f.words.text())).unwrap_or_default();
            let title = cell(&titles, unit).map(|f| text::identity(f.words.text())).unwrap_or_default();
            if code.is_empty() && title.is_empty() {
                continue;
            }
            let node = self.node(code, title);
            self.of.insert((at, unit), node);
            let Some(node) = self.nodes.get_mut(node) else { continue };
            node.at.push((at, unit));
            node.said = node.said.take().or_else(|| cell(&above, unit));
        }
        Ok(())
    }

    /// The unit of a code and a title, new if none has them.
    fn node(&mut self, code: String, title: String) -> usize {
        let index = if code.is_empty() { &self.by_title } else { &self.by_code };
        let same = index.get(if code.is_empty() { &title } else { &code }).map_or(&[][..], Vec::as_slice);
        let is_one = |n: &Node| {
            let one = n.title.is_empty() || title.is_empty() || n.title == title;
            one || !code.is_empty() && text::similarity(&n.title, &title) > ONE
        };
        if let Some(at) = same.iter().copied().find(|at| self.nodes.get(*at).is_some_and(is_one)) {
            if let Some(node) = self.nodes.get_mut(at).filter(|n| n.title.is_empty() && !title.is_empty()) {
                node.title.clone_from(&title);
                self.by_title.entry(title).or_default().push(at);
            }
            return at;
        }
        let at = self.nodes.len();
        if !code.is_empty() {
            self.by_code.entry(code.clone()).or_default().push(at);
        }
        if !title.is_empty() {
            self.by_title.entry(title.clone()).or_default().push(at);
        }
        self.nodes.push(Node { code, title, said: None, link: Link::None, implied: None, at: Vec::new() });
        at
    }

    /// Finds for each unit the one above it.
    fn join(&mut self, env: &Env) -> Result<(), Stop> {
        let mut paths: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (code, nodes) in &self.by_code {
            paths.entry(text::path_of(code).to_owned()).or_default().extend(nodes);
        }
        let mut meant = HashMap::new();
        let mut found = Vec::with_capacity(self.nodes.len());
        for (at, node) in self.nodes.iter().enumerate() {
            env.spend(5_000)?;
            let link = match &node.said {
                None => Link::None,
                Some(said) => self.named(env, said.words.text(), at, &mut meant)?,
            };
            found.push((link, self.implied(&node.code, &paths)));
        }
        let (mut alike, mut unlike) = (0, 0);
        for (node, (link, implied)) in self.nodes.iter_mut().zip(found) {
            (node.link, node.implied) = (link, implied);
            match (link, implied) {
                (Link::To(a), Some(b)) if a == b => alike += 1,
                (Link::To(_), Some(_)) => unlike += 1,
                _ => {}
            }
        }
        self.by_codes = alike + unlike == 0 || alike > 2 * unlike;
        self.under = vec![Vec::new(); self.nodes.len()];
        for at in 0..self.nodes.len() {
            let above = self.above(at).filter(|above| *above != at);
            if let Some(under) = above.and_then(|above| self.under.get_mut(above)) {
                under.push(at);
            }
        }
        Ok(())
    }

    /// What a text names, as said by a unit.
    fn named(&self, env: &Env, said: &str, own: usize, meant: &mut Meant) -> Result<Link, Stop> {
        let pick = |found: Option<&Vec<usize>>, is_code: bool| {
            let found = found?;
            let other = found.iter().copied().find(|at| *at != own);
            Some(match other {
                // What has its own code from the one above shares it with others.
                Some(_) if found.contains(&own) && is_code => Link::Known,
                Some(other) => Link::To(other),
                None if is_code => Link::To(own),
                None => Link::Known,
            })
        };
        let by_code = |code: &str| pick(self.by_code.get(&text::coded(code)), true);
        if let Some(link) = by_code(said) {
            return Ok(link);
        }
        if let Some(link) = pick(self.by_title.get(&text::identity(said)), false) {
            return Ok(link);
        }
        let (code, rest) = leading_code(said);
        let coded = code.and_then(|code| by_code(&code));
        let rest = if rest.is_empty() { said } else { rest };
        let titled = pick(self.by_title.get(&text::identity(rest)), false);
        if let Some(link) = coded.or(titled) {
            return Ok(link);
        }
        let whole = text::words(rest);
        if let Some(known) = meant.get(&whole) {
            return Ok(pick(known.as_ref(), false).unwrap_or(Link::Unknown));
        }
        if (meant.len() + 1) * self.by_title.len() > COMPARED {
            return Ok(Link::Known);
        }
        env.spend(self.by_title.len() * 100)?;
        let is_said = |title: &str| {
            let title = text::words(title);
            let begins = |a: &str, b: &str| a.chars().count() >= TELLING && b.starts_with(a);
            begins(&title, &whole) || begins(&whole, &title) || text::similarity(&title, &whole) > MEANT
        };
        let found = self.by_title.iter().find(|(title, _)| is_said(title)).map(|(_, nodes)| nodes.clone());
        let link = pick(found.as_ref(), false).unwrap_or(Link::Unknown);
        meant.insert(whole, found);
        Ok(link)
    }

    /// The unit whose code goes farthest into this one; of codes with other letters, the one with the same numbers.
    fn implied(&self, code: &str, paths: &BTreeMap<String, Vec<usize>>) -> Option<usize> {
        let shorter = |code: &str| -> Vec<String> {
            let ends = code.char_indices().skip(1).map(|(at, _)| at).collect::<Vec<_>>();
            ends.into_iter().rev().filter_map(|at| code.get(..at).map(|s| s.trim_end_matches('.').to_owned())).collect()
        };
        let one = |nodes: &Vec<usize>| if let [one] = nodes.as_slice() { Some(*one) } else { None };
        let mut own = shorter(code).into_iter().filter(|s| text::extends(code, s));
        let found = own.find_map(|s| one(self.by_code.get(&s)?));
        let (path, letters) = (text::path_of(code), code.len() - text::path_of(code).len());
        if found.is_some() || letters == 0 {
            return found;
        }
        let others = shorter(path).into_iter().filter(|s| text::extends(path, s));
        others
            .filter_map(|s| one(paths.get(&s)?))
            .find(|at| self.nodes.get(*at).is_some_and(|n| n.code.len() > text::path_of(&n.code).len()))
    }

    /// The unit above one.
    fn above(&self, at: usize) -> Option<usize> {
        let node = self.nodes.get(at)?;
        match node.link {
            Link::To(above) => Some(above),
            Link::None => node.implied.filter(|_| self.by_codes),
            _ => None,
        }
    }

    /// The unit at a place.
    pub(super) fn at(&self, place: (usize, usize)) -> Option<usize> {
        self.of.get(&place).copied()
    }

    /// Whether some unit comes under another.
    pub(super) fn has_links(&self) -> bool {
        self.under.iter().any(|under| !under.is_empty())
    }

    /// The unit above; whether one is named or told at all, though which it is may be unknown.
    pub(super) fn parent(&self, at: usize) -> (Option<usize>, bool) {
        let known = self.nodes.get(at).is_some_and(|n| n.link == Link::Known);
        let above = self.above(at);
        (above, known || above.is_some())
    }

    /// The units right under one.
    pub(super) fn under(&self, at: usize) -> &[usize] {
        self.under.get(at).map_or(&[], Vec::as_slice)
    }

    /// All units above one, from the nearest; where they come round, the first met again is the last.
    pub(super) fn lineage(&self, at: usize) -> Vec<usize> {
        let (mut met, mut line, mut next) = (BTreeSet::from([at]), Vec::new(), self.above(at));
        while let Some(above) = next {
            line.push(above);
            if !met.insert(above) {
                break;
            }
            next = self.above(above);
        }
        line
    }

    /// The unit that the code of one goes on from, where codes tell that.
    pub(super) fn pointed(&self, at: usize) -> Option<usize> {
        self.nodes.get(at)?.implied.filter(|_| self.by_codes)
    }

    /// All units, of which each has the others under it.
    pub(super) fn units(&self) -> std::ops::Range<usize> {
        0..self.nodes.len()
    }

    /// What a unit says in a field, on the first of its rows that says something.
    pub(super) fn cell(&self, view: &View, at: usize, field: &str) -> Option<Field> {
        let places = self.nodes.get(at).map_or(&[][..], |n| n.at.as_slice());
        let mut cells = places.iter().filter_map(|&(at, unit)| {
            let table = view.tables.get(at)?;
            table.all(at, table.slot(field)?).fields().get(unit).cloned()
        });
        let first = cells.next()?;
        if first.is_missing() { Some(cells.find(|f| !f.is_missing()).unwrap_or(first)) } else { Some(first) }
    }
}

/// The code that a text begins with, and what follows it: «2B - Titolo», «OS 1.2 Titolo», «Linea n. 3: Titolo».
fn leading_code(said: &str) -> (Option<String>, &str) {
    let said = said.trim();
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let bare = |word: &str| word.trim_end_matches([':', ')', '-', '–', '.', ',', ';']).to_owned();
    // A name that ends with a number, before the title or alone.
    let ends = [" - ", " – ", " — ", ": ", ") "].iter().filter_map(|sign| Some((said.find(sign)?, sign.len())));
    let (head, rest) = ends.min().map_or((said, ""), |(at, length)| {
        (said.get(..at).unwrap_or(said), said.get(at + length..).unwrap_or_default())
    });
    let words: Vec<&str> = head.split_whitespace().collect();
    if let Some(code) = words.last().filter(|word| has_digit(word) && words.len() <= BEFORE) {
        let before =
            words.iter().rev().nth(1).filter(|w| !has_digit(w) && w.chars().count() <= SIGLUM && words.len() == 2);
        return (Some(format!("{}{}", before.copied().unwrap_or_default(), bare(code))), rest.trim());
    }
    let mut words = said.split_whitespace();
    let first = words.next().unwrap_or_default();
    let after = |code: &str| said.get(code.len()..).unwrap_or_default().trim();
    if has_digit(first) {
        return (Some(bare(first)), after(first));
    }
    match words.next().filter(|second| has_digit(second) && first.chars().count() <= SIGLUM) {
        Some(second) => {
            let end = said.find(second).map_or(0, |at| at + second.len());
            (Some(format!("{first}{}", bare(second))), said.get(end..).unwrap_or_default().trim())
        }
        None => (None, said),
    }
}

#[cfg(test)]
mod tests {
    use super::leading_code;

    #[test]
    fn a_code_stands_before_its_title() {
        for (text, code, rest) in [
            ("2B - Immagine del Registro", Some("2B"), "Immagine del Registro"),
            ("OS 1.2: Città verde", Some("OS1.2"), "Città verde"),
            ("OS 1.2 Città verde", Some("OS1.2"), "Città verde"),
            ("Linea n. 3 – Città verde", Some("3"), "Città verde"),
            ("Ramo 3", Some("3"), ""),
            ("Città verde e pulita, entro il 2030", None, "Città verde e pulita, entro il 2030"),
        ] {
            assert_eq!(leading_code(text), (code.map(String::from), rest), "{text}");
        }
    }
}
