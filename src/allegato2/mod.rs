//! An Allegato 2 computed from registers of objectives: what is counted, what is left out, and why.
//!
//! Source of the counts: delibera CIVIT 23/2013, Allegato 2; the form leaves much open, and each such decision is one of
//! the [`Choices`].

mod choices;
mod declared;
mod items;
mod judge;
mod objective;
mod reader;
mod register;
mod rows;
mod years;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use choices::Choices;
pub use declared::{Entry, compare, entries};

use crate::model::{Allegato2, Bilingual, Cell, CountedTable, Document, Evidence, Lang, LeftOut, Level, Mark, Place};
use crate::pack::Packs;
use crate::text;
use judge::{Answer, funded, has_target, needs_no_formula, staffed, territorial};
use objective::{Indicator, Objective};
use register::{KINDS, Registers};

/// A document with the path it is known by.
pub type Source<'a> = (&'a str, &'a Document);

/// Whether a document holds a register of objectives.
pub fn is_register(document: &Document) -> bool {
    document.tables.iter().any(|t| KINDS.contains(&&*t.kind) && t.slot("obiettivo").is_some())
}

/// Computes the two tables of the form from registers, which are joined by the codes of objectives and indicators.
pub fn compute(registers: &[Source<'_>], choices: &Choices, packs: &Packs, lang: Lang) -> Allegato2 {
    let all = Registers::of(registers, packs, lang);
    let (year, disagree) = year_of(registers, choices, packs);
    let mut counter = Counter {
        fields: &all.fields,
        choices,
        lang,
        year,
        evidence: Vec::new(),
        facts: BTreeMap::new(),
        left: Left::default(),
    };
    let objectives: Vec<&Objective> = all.objectives.iter().filter(|o| counter.is_one(o)).collect();
    let is_levelled = objectives.iter().any(|o| o.level.as_deref().is_some_and(|l| choices.level_in(l).is_some()));
    let parents = if objectives.iter().any(|o| counter.level(o) == Level::Strategico) { &[][..] } else { &all.parents };
    for objective in &objectives {
        counter.count(objective);
    }
    counter.parents(parents);
    counter.share();
    let known = rows::Known {
        fields: &all.fields,
        is_levelled: is_levelled || choices.unstated_level.is_some(),
        has_parents: !parents.is_empty(),
        facts: &counter.facts,
    };
    let tables = Level::COUNTED
        .into_iter()
        .map(|level| CountedTable { level, rows: rows::of(level, &counter.evidence, &known, choices, packs, lang) })
        .collect();
    let mut left = counter.left;
    for (name, place) in &all.orphans {
        left.add(
            0,
            &Bilingual::new(
                "indicatori con il codice di nessun obiettivo dei registri",
                "indicators with the code of no objective in the registers",
            ),
            name,
            place,
        );
    }
    Allegato2 {
        sources: registers.iter().map(|(path, _)| (*path).to_owned()).collect(),
        year,
        tables,
        evidence: counter.evidence,
        choices: choices.told(year, lang),
        left_out: left.told(lang),
        remarks: remarks(&all, year, &disagree, lang),
        compared: None,
        lang,
    }
}

/// The year counted, and the years that registers tell where they disagree: the last of them counts.
fn year_of(registers: &[Source<'_>], choices: &Choices, packs: &Packs) -> (Option<i16>, Vec<i16>) {
    if choices.year.is_some() {
        return (choices.year, Vec::new());
    }
    let mut told: Vec<i16> = registers.iter().filter_map(|(_, document)| head_year(document, packs)).collect();
    told.sort_unstable();
    told.dedup();
    let last = told.last().copied();
    (last, if told.len() > 1 { told } else { Vec::new() })
}

/// The year of the document, as its kinds read it.
fn head_year(document: &Document, packs: &Packs) -> Option<i16> {
    let names = document.tables.iter().filter_map(|t| packs.get(&t.kind)?.schedule.year());
    names.filter_map(|name| document.head.get(name)).find_map(|entry| entry.text.trim().parse().ok())
}

fn remarks(all: &Registers, year: Option<i16>, disagree: &[i16], lang: Lang) -> Vec<String> {
    let mut remarks = Vec::new();
    let listed = |years: &[i16]| years.iter().map(i16::to_string).collect::<Vec<_>>().join(", ");
    if !disagree.is_empty() {
        let (years, last) = (listed(disagree), year.map_or_else(String::new, |y| y.to_string()));
        remarks.push(lang.pick(
            format!("i registri sono di anni diversi ({years}): si conta il {last}; con --year se ne sceglie un altro"),
            format!("the registers are of different years ({years}): {last} is counted; --year chooses another"),
        ));
    }
    let is_other = |year: &i16| !all.target_years.is_empty() && !all.target_years.contains(year);
    if let Some(year) = year.filter(is_other) {
        let years = listed(&all.target_years);
        remarks.push(lang.pick(
            format!("nessuna colonna dei target è del {year}: le intestazioni dicono {years}"),
            format!("no column of targets is of {year}: the headings say {years}"),
        ));
    }
    remarks
}

/// Reasons for leaving out, in the order told, with what is left out.
#[derive(Default)]
struct Left(BTreeMap<(u8, String, String), Vec<(String, Place)>>);

impl Left {
    fn add(&mut self, order: u8, reason: &Bilingual, name: &str, place: &Place) {
        let key = (order, reason.it.clone(), reason.en.clone());
        self.0.entry(key).or_default().push((text::one_line(name, 160), place.clone()));
    }

    fn told(self, lang: Lang) -> Vec<LeftOut> {
        let all = self.0.into_iter();
        all.map(|((_, it, en), items)| LeftOut { reason: lang.pick(it, en), items }).collect()
    }
}

/// What a note says of a row, beside the figure: how many lines a remark holds for.
type Facts = BTreeMap<(Level, u8, String), usize>;

struct Counter<'a> {
    /// Fields that some register has: of the others no question is asked.
    fields: &'a [Arc<str>],
    choices: &'a Choices,
    lang: Lang,
    year: Option<i16>,
    evidence: Vec<Evidence>,
    facts: Facts,
    left: Left,
}

impl Counter<'_> {
    /// Whether it is an objective at all; what is none is told.
    fn is_one(&mut self, objective: &Objective) -> bool {
        if objective.is_placeholder {
            let reason = Bilingual::new("segnaposto al posto dell'obiettivo", "fillers in place of the objective");
            self.left.add(3, &reason, &objective.title, &objective.place);
        }
        !objective.is_placeholder
    }

    fn level(&self, objective: &Objective) -> Level {
        let said = objective.level.as_deref();
        let level = said.and_then(|text| self.choices.level_in(text));
        level.or(self.choices.unstated_level.filter(|_| said.is_none())).unwrap_or(Level::Altro)
    }

    fn count(&mut self, objective: &Objective) {
        let level = self.level(objective);
        let in_year = objective.years.is_empty()
            || self.year.is_none_or(|year| objective.years.iter().any(|span| span.has(year)));
        let counts = level != Level::Altro && in_year;
        let name = objective.name();
        let reason = match (level, objective.level.as_deref()) {
            (Level::Altro, Some(said)) => Some((
                1,
                Bilingual::new(
                    format!("obiettivi di altro livello: «{said}»"),
                    format!("objectives of another level: “{said}”"),
                ),
            )),
            (Level::Altro, None) => Some((
                2,
                Bilingual::new(
                    "obiettivi senza livello (con --unstated-level si contano)",
                    "objectives without a level (--unstated-level counts them)",
                ),
            )),
            _ if !in_year => Some((4, Bilingual::new("obiettivi di altri anni", "objectives of other years"))),
            _ => None,
        };
        if let Some((order, reason)) = &reason {
            self.left.add(*order, reason, name, &objective.place);
        }
        let real: Vec<&Indicator> = objective.indicators.iter().filter(|i| !i.is_placeholder).collect();
        for filler in objective.indicators.iter().filter(|i| i.is_placeholder) {
            let reason = Bilingual::new("segnaposto al posto dell'indicatore", "fillers in place of the indicator");
            self.left.add(5, &reason, &format!("{name}: {}", filler.name()), &filler.place);
        }
        let answers = [
            (Mark::WithIndicators, Answer { is: !real.is_empty(), remark: None }),
            (Mark::Funded, funded(objective.funds.as_ref(), self.choices)),
            (Mark::Staffed, staffed(objective.staff.as_ref(), self.choices)),
            (Mark::Territorial, territorial(objective.office.as_ref())),
        ];
        let why = reason.map(|(_, reason)| reason);
        self.line(level, objective, None, counts, &answers, why.as_ref());
        for indicator in real {
            self.indicator(level, objective, indicator, counts);
        }
    }

    fn indicator(&mut self, level: Level, objective: &Objective, indicator: &Indicator, counts: bool) {
        let target = self.target(indicator);
        let due = !needs_no_formula(target, indicator.unit.as_ref());
        let lacks = indicator.formula.is_none();
        let remark = (lacks && !due).then(|| {
            Bilingual::new(
                "indicatore di data o sì/no: la formula non serve",
                "indicator of a date or yes/no: no formula is needed",
            )
        });
        let without = Answer { is: lacks && (due || !self.choices.formula_where_due), remark };
        let has = has_target(target, self.choices);
        let answers =
            [(Mark::WithoutFormula, without), (Mark::WithoutTarget, Answer { is: !has.is, remark: has.remark })];
        self.line(level, objective, Some(indicator), counts, &answers, None);
    }

    /// The target of the year: of its column, else of one without a year.
    fn target<'i>(&self, indicator: &'i Indicator) -> Option<&'i Cell> {
        let said = |cell: &&Cell| !cell.value.is_missing();
        let of = |wanted: &dyn Fn(Option<i16>) -> bool| {
            let cells = || indicator.targets.iter().filter(|(year, _)| wanted(*year)).map(|(_, cell)| cell);
            cells().find(said).or_else(|| cells().next())
        };
        match self.year {
            Some(counted) => of(&|year| year == Some(counted)).or_else(|| of(&|year| year.is_none())),
            None => of(&|_| true),
        }
    }

    /// Keeps the line of an objective, or of an indicator of it, with the answers to the questions that registers can answer.
    fn line(
        &mut self,
        level: Level,
        objective: &Objective,
        indicator: Option<&Indicator>,
        counts: bool,
        answers: &[(Mark, Answer)],
        why: Option<&Bilingual>,
    ) {
        let mut remarks: Vec<String> = why.map(|w| w.get(self.lang).to_owned()).into_iter().collect();
        let mut marks = Vec::new();
        for (mark, answer) in answers {
            if !self.fields.iter().any(|f| **f == *rows::field(*mark)) {
                continue;
            }
            marks.push((*mark, answer.is));
            if let Some(remark) = &answer.remark {
                let remark = remark.get(self.lang).to_owned();
                if counts {
                    *self.facts.entry((level, mark.row(), remark.clone())).or_default() += 1;
                }
                remarks.push(remark);
            }
        }
        self.evidence.push(Evidence {
            level,
            code: objective.code.clone(),
            objective: objective.title.clone(),
            indicator: indicator.map(|i| i.name().to_owned()),
            counts,
            marks,
            remark: remarks.join("; "),
            place: indicator.map_or(&objective.place, |i| &i.place).clone(),
        });
    }

    /// Strategic objectives that stand only above operational ones: each counts, and no more is known of it.
    fn parents(&mut self, parents: &[(String, Place)]) {
        let remark = self.lang.pick(
            "è scritto solo come obiettivo superiore di altri: indicatori e risorse proprie non sono indicati",
            "stands only as the superior of others: no indicators or resources of its own are told",
        );
        for (title, place) in parents {
            self.evidence.push(Evidence {
                level: Level::Strategico,
                code: String::new(),
                objective: title.clone(),
                indicator: None,
                counts: true,
                marks: Vec::new(),
                remark: remark.to_owned(),
                place: place.clone(),
            });
        }
    }

    /// Indicators under several objectives: how many, and only the first of each where they are to count once.
    fn share(&mut self) {
        let mut met: BTreeMap<(Level, String), Vec<usize>> = BTreeMap::new();
        for (i, line) in self.evidence.iter().enumerate().filter(|(_, line)| line.counts) {
            if let Some(name) = &line.indicator {
                met.entry((line.level, text::identity(name))).or_default().push(i);
            }
        }
        for ((level, _), lines) in met.into_iter().filter(|(_, lines)| lines.len() > 1) {
            let remark = self.lang.pick("indicatore di più obiettivi", "indicator of several objectives");
            *self.facts.entry((level, 3, remark.to_owned())).or_default() += 1;
            for (nth, i) in lines.into_iter().enumerate() {
                let Some(line) = self.evidence.get_mut(i) else { continue };
                line.counts = nth == 0 || !self.choices.shared_once;
                let gap = if line.remark.is_empty() { "" } else { "; " };
                line.remark = format!("{}{gap}{remark}", line.remark);
            }
        }
    }
}
