//! The functions of the rule language, each in one table with its arity, types, meaning and example: from it come
//! the plans of expressions, the checks at load time, the did-you-mean and the documentation.

mod attainment;
mod catalogues;
mod documents;
mod excerpts;
mod hierarchy;
mod keysets;
mod lists;
mod namesakes;
mod numbers;
mod order;
mod places;
mod presence;
mod previous;
mod recount;
mod registers;
mod rows;
mod shares;
mod spelling;
mod texts;
mod values;

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::OnceLock;

use rust_decimal::Decimal;

use super::env::Env;
use super::value::{Field, List, Stop, Type, Val, Why, Words};
use crate::model::Bilingual;

/// What a function takes in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Param {
    /// One cell.
    Field,
    /// One cell, of a column that the table may lack.
    Column,
    /// Several cells.
    List,
    /// A text, or the text of a cell.
    Text,
    /// A text, a cell or a number.
    Scalar,
    /// A number.
    Number,
    /// A list of cells or of texts written in the rule.
    Options,
    /// The number of a question of the form, written in the rule or computed; of the kind named before it.
    Question { of_kind: bool },
    /// A name written in the rule.
    Name(Name),
}

/// What a name written in a rule refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// A field of the schedule.
    Field,
    /// A field of the kind named before it.
    FieldOfKind,
    /// A catalogue of the pack.
    Catalogue,
    /// An attribute of the catalogue named before it.
    Attribute,
    /// A pattern of the schedule.
    Pattern,
    /// A datum of the document head.
    Head,
    /// A part of the field that is the first argument.
    Part,
    /// A kind of schedule.
    Kind,
    /// A table of the kind named before it.
    Variant,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returns {
    /// Always this.
    Type(Type),
    /// A field or a list, as the schedule says of the field named in this argument.
    AsField(usize),
}

type Run = fn(&Env, &Args<'_>) -> Result<Val, Stop>;

/// One function, with one number of arguments.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) params: &'static [Param],
    pub(super) nature: Nature,
    pub(super) returns: Returns,
    pub(super) run: Run,
    /// What it means, in one line.
    pub(super) it: &'static str,
    pub(super) en: &'static str,
    pub(super) example: &'static str,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What loading and planning know of a function beside its types.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nature {
    /// Whether it looks at the unit under evaluation, beside its arguments.
    pub(super) of_unit: bool,
    /// The argument to whose values its own keep: picking from a list gives values of its field.
    pub(super) picks: Option<usize>,
    /// A field or list, and the texts it is compared with.
    pub(super) compares: Option<(usize, usize)>,
    /// What else is known of it.
    pub(super) also: Option<Also>,
}

/// What only some functions do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Also {
    /// It reads every cell of the table.
    AllCells,
    /// It asks for a column that may be absent.
    Asks,
    /// It gives the name of a table of the form.
    NamesVariant,
    /// It asks how the result of an indicator stands to its target.
    Measures,
}

impl Nature {
    const fn picking(self, from: usize) -> Self {
        Self { picks: Some(from), ..self }
    }

    const fn comparing(self, field: usize, with: usize) -> Self {
        Self { compares: Some((field, with)), ..self }
    }

    const fn also(self, also: Also) -> Self {
        Self { also: Some(also), ..self }
    }
}

/// What answers from its arguments, the table and the document.
const ARGS: Nature = Nature { of_unit: false, picks: None, compares: None, also: None };
/// What answers from the unit under evaluation too.
const UNIT: Nature = Nature { of_unit: true, ..ARGS };

const FIELD: Returns = Returns::Type(Type::Field);
const LIST: Returns = Returns::Type(Type::List);
const TEXT: Returns = Returns::Type(Type::Text);
const NUMBER: Returns = Returns::Type(Type::Number);
const BOOL: Returns = Returns::Type(Type::Bool);

/// A row of the table.
const fn row(
    name: &'static str,
    params: &'static [Param],
    nature: Nature,
    returns: Returns,
    run: Run,
    (it, en, example): (&'static str, &'static str, &'static str),
) -> Function {
    Function { name, params, nature, returns, run, it, en, example }
}

/// Every function of the language.
pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    CHAPTERS.iter().flat_map(|(_, functions)| functions.iter())
}

/// Functions under what they are about.
type Chapter = ((&'static str, &'static str), &'static [Function]);

const CHAPTERS: [Chapter; 21] = [
    (("C'è o non c'è", "There or not"), presence::FUNCTIONS),
    (("Testi", "Texts"), texts::FUNCTIONS),
    (("Brani, rinvii, giorni", "Passages, references, days"), excerpts::FUNCTIONS),
    (("Numeri e anni", "Numbers and years"), values::FUNCTIONS),
    (("Elenchi di celle", "Lists of cells"), lists::FUNCTIONS),
    (("Elenchi a confronto", "Lists beside each other"), order::FUNCTIONS),
    (("Numerazioni e somme", "Numberings and sums"), numbers::FUNCTIONS),
    (("Lo stesso codice", "The same code"), namesakes::FUNCTIONS),
    (("Parti di un intero", "Shares of a whole"), shares::FUNCTIONS),
    (("Che cosa discende da che cosa", "What comes under what"), hierarchy::FUNCTIONS),
    (("Cataloghi", "Catalogues"), catalogues::FUNCTIONS),
    (("Lettere accanto alle diciture", "Keys beside labels"), keysets::FUNCTIONS),
    (("Colonne e altre tabelle", "Columns and other tables"), registers::FUNCTIONS),
    (("Lo stesso nome in più modi", "One name in several spellings"), spelling::FUNCTIONS),
    (("Domande e conteggi per numero", "Questions and counts by number"), documents::FUNCTIONS),
    (("Conteggi dai registri", "Counts from registers"), recount::FUNCTIONS),
    (("Risultati e target", "Results and targets"), attainment::FUNCTIONS),
    (("Valori di un indicatore", "Values of an indicator"), attainment::values::FUNCTIONS),
    (("Righe del modulo", "Rows of the form"), rows::FUNCTIONS),
    (("Testata, intestazioni, celle", "Head, headings, cells"), places::FUNCTIONS),
    (("Il documento precedente", "The previous document"), previous::FUNCTIONS),
];

/// The functions of a name, one for each number of arguments.
pub(super) fn named(name: &str) -> &'static [&'static Function] {
    static BY_NAME: OnceLock<HashMap<&str, Vec<&Function>>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let mut by_name: HashMap<&str, Vec<&Function>> = HashMap::new();
        for function in all() {
            by_name.entry(function.name).or_default().push(function);
        }
        by_name
    });
    by_name.get(name).map_or(&[], Vec::as_slice)
}

/// The arguments of a call.
pub(super) struct Args<'a>(pub(super) &'a [Cow<'a, Val>]);

impl Args<'_> {
    fn get(&self, i: usize) -> Result<&Val, Stop> {
        self.0.get(i).map(|v| &**v).ok_or_else(wrong_type)
    }

    /// A cell, which may be missing.
    pub(super) fn field(&self, i: usize) -> Result<&Field, Stop> {
        match self.get(i)? {
            Val::Field(field) => Ok(field),
            _ => Err(wrong_type()),
        }
    }

    /// A cell that holds something.
    pub(super) fn given(&self, i: usize) -> Result<&Field, Stop> {
        let field = self.field(i)?;
        if field.is_missing() { Err(Stop::Unclear(field.spot, Why::Missing)) } else { Ok(field) }
    }

    pub(super) fn list(&self, i: usize) -> Result<&List, Stop> {
        match self.get(i)? {
            Val::List(list) => Ok(list),
            _ => Err(wrong_type()),
        }
    }

    pub(super) fn number(&self, i: usize) -> Result<Decimal, Stop> {
        match self.get(i)? {
            Val::Number(n) => Ok(*n),
            _ => Err(wrong_type()),
        }
    }

    /// The text of a cell that holds one, a text of the rule, a number in digits.
    pub(super) fn words(&self, i: usize) -> Result<Rc<Words>, Stop> {
        match self.get(i)? {
            Val::Field(_) => Ok(self.given(i)?.words.clone()),
            Val::Literal(text) => Ok(text.clone()),
            Val::Number(n) => Ok(Words::new(n.normalize().to_string())),
            _ => Err(wrong_type()),
        }
    }

    /// As [`Args::words`], but empty for a cell that holds nothing.
    pub(super) fn words_or_empty(&self, i: usize) -> Result<Rc<Words>, Stop> {
        match self.get(i)? {
            Val::Field(field) => Ok(field.words.clone()),
            _ => self.words(i),
        }
    }

    /// A name written in the rule.
    pub(super) fn name(&self, i: usize) -> Result<&str, Stop> {
        match self.get(i)? {
            Val::Literal(text) => Ok(text.text()),
            _ => Err(wrong_type()),
        }
    }

    /// The texts of a list of cells that hold something, or of texts of the rule.
    pub(super) fn options(&self, i: usize) -> Result<Vec<Rc<Words>>, Stop> {
        match self.get(i)? {
            Val::List(list) => Ok(list.given().map(|f| f.words.clone()).collect()),
            Val::Choices(items) => Ok(items.to_vec()),
            _ => Err(wrong_type()),
        }
    }
}

/// The checks at load time keep this from happening.
fn wrong_type() -> Stop {
    Stop::fault("argomento di tipo sbagliato", "an argument has the wrong type")
}

/// What the documentation tells of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionInfo {
    /// What it and its neighbours are about.
    pub chapter: Bilingual,
    /// Its name.
    pub name: &'static str,
    /// What it takes, in order; a name written between quotes stands in them.
    pub params: Vec<Bilingual>,
    /// What it gives.
    pub returns: Bilingual,
    /// What it means.
    pub meaning: Bilingual,
    /// An expression that uses it.
    pub example: &'static str,
}

/// The functions of the rule language, for documentation.
pub fn functions() -> Vec<FunctionInfo> {
    let both = |(it, en): (&str, &str)| Bilingual::new(it, en);
    let each = CHAPTERS.iter().flat_map(|(chapter, functions)| functions.iter().map(move |f| (chapter, f)));
    each.map(|(chapter, f)| FunctionInfo {
        chapter: both(*chapter),
        name: f.name,
        params: f.params.iter().map(|p| both(p.words())).collect(),
        returns: both(match f.returns {
            Returns::Type(ty) => ty.name(),
            Returns::AsField(_) => ("campo o elenco", "field or list"),
        }),
        meaning: both((f.it, f.en)),
        example: f.example,
    })
    .collect()
}

impl Param {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Field | Self::Column => Type::Field.name(),
            Self::List => Type::List.name(),
            Self::Text => Type::Text.name(),
            Self::Scalar => ("valore", "value"),
            Self::Number => Type::Number.name(),
            Self::Options => ("elenco o [testi]", "list or [texts]"),
            Self::Question { .. } => ("domanda", "question"),
            Self::Name(name) => match name {
                Name::Field | Name::FieldOfKind => ("\"campo\"", "\"field\""),
                Name::Catalogue => ("\"catalogo\"", "\"catalogue\""),
                Name::Attribute => ("\"attributo\"", "\"attribute\""),
                Name::Pattern => ("\"schema\"", "\"pattern\""),
                Name::Head => ("\"dato\"", "\"datum\""),
                Name::Part => ("\"parte\"", "\"part\""),
                Name::Kind => ("\"tipo di scheda\"", "\"kind of schedule\""),
                Name::Variant => ("\"tabella\"", "\"table\""),
            },
        }
    }
}

/// The numbers of a pack's form, of all its tables.
pub(super) fn form_keys(pack: &crate::pack::Pack) -> impl Iterator<Item = &str> {
    documents::keys(pack, None)
}

pub(super) use documents::absent as absent_document;
pub(super) use values::{known_year, year_of};
