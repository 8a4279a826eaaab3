//! What comes under what in a register: units that name the one above by its code or title, or whose code goes on from it.

use std::rc::Rc;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::values::number_of;
use super::{Args, Function, LIST, NUMBER, Name, Param, UNIT, row};
use crate::engine::env::Env;
use crate::engine::tree::Tree;
use crate::engine::value::{Field, List, Spot, Stop, Val};
use crate::engine::view::{View, lack};

/// The fields of code, title and unit above; the field wanted.
const FIELDS: &[Param] = &[Param::Name(Name::Field); 4];

pub(super) const FUNCTIONS: &[Function] = &[
    row(
        "above",
        FIELDS,
        UNIT,
        LIST,
        above,
        (
            "il quarto campo dell'unità da cui discende quella in esame: la dice il terzo campo, con il codice (primo campo) o il titolo (secondo), o il codice stesso, che ne è il seguito; una cella in bianco se c'è ma non si sa quale sia",
            "the fourth field of the unit that the one at hand comes under: the third field tells it, by code (the first) or title (the second), or the code itself, which goes on from that one's; a blank cell if there is one but which is not told",
            "count(above(\"codice\", \"titolo\", \"padre\", \"livello\")) > 0",
        ),
    ),
    row(
        "below",
        FIELDS,
        UNIT,
        LIST,
        below,
        (
            "il quarto campo di ciascuna unità che discende direttamente da quella in esame (i campi come in above)",
            "the fourth field of each unit that comes right under the one at hand (fields as in above)",
            "filled(below(\"codice\", \"titolo\", \"padre\", \"titolo\")) > 0",
        ),
    ),
    row(
        "lineage",
        FIELDS,
        UNIT,
        LIST,
        lineage,
        (
            "il quarto campo di tutte le unità da cui discende quella in esame, dalla più vicina; se il giro si chiude, l'ultima è la prima già incontrata (i campi come in above)",
            "the fourth field of all units that the one at hand comes under, from the nearest; where they come round, the last is the first met again (fields as in above)",
            "!contains(lineage(\"codice\", \"titolo\", \"padre\", \"codice\"), codice)",
        ),
    ),
    row(
        "pointed",
        FIELDS,
        UNIT,
        LIST,
        pointed,
        (
            "il quarto campo dell'unità di cui il codice di quella in esame è il seguito (2B0101 di 2B), dove i codici lo dicono (i campi come in above)",
            "the fourth field of the unit from whose code that of the one at hand goes on (2B0101 from 2B), where codes tell that (fields as in above)",
            "first(pointed(\"codice\", \"titolo\", \"padre\", \"codice\"))",
        ),
    ),
    row(
        "overrun",
        FIELDS,
        UNIT,
        NUMBER,
        overrun,
        (
            "di quanto i numeri delle unità che discendono da quella in esame superano insieme il suo; 0 se non lo superano, o se nel registro lo superano di norma (i campi come in above)",
            "by how much the numbers of the units under the one at hand together exceed its own; 0 if they do not, or if in the register they mostly do (fields as in above)",
            "overrun(\"codice\", \"titolo\", \"padre\", \"importo\") == 0",
        ),
    ),
];

/// The tree, and which of its units is at hand.
struct Hand {
    view: Rc<View>,
    tree: Rc<Tree>,
    node: Option<usize>,
    field: Arc<str>,
}

fn hand(env: &Env, args: &Args<'_>) -> Result<Hand, Stop> {
    let name = |i| args.name(i).map(Arc::<str>::from);
    let (names, field) = ([name(0)?, name(1)?, name(2)?], name(3)?);
    let view = env.view();
    let here = view.tables.get(env.table());
    let kind = here.map(|t| t.kind.clone());
    if !view.tables.iter().any(|t| Some(&t.kind) == kind.as_ref() && t.slot(&field).is_some()) {
        return Err(Stop::Absent(lack(here.and_then(|t| t.pack.as_deref()), &field)));
    }
    let tree = Tree::of(env, &view, &names)?;
    let node = match env.here() {
        Spot::Unit { table, entity: 0, unit, .. } => tree.at((table as usize, unit as usize)),
        _ => None,
    };
    Ok(Hand { view, tree, node, field })
}

impl Hand {
    fn cells(&self, env: &Env, nodes: &[usize]) -> Val {
        let cell = |at: &usize| self.tree.cell(&self.view, *at, &self.field);
        let of = |at| cell(at).unwrap_or_else(|| Field::missing(env.here()));
        Val::List(List::new(nodes.iter().map(of).collect()))
    }
}

fn above(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let hand = hand(env, args)?;
    let parent = hand.node.map_or((None, false), |at| hand.tree.parent(at));
    Ok(match parent {
        (Some(at), _) => hand.cells(env, &[at]),
        (None, true) => Val::List(List::new(vec![Field::missing(env.here())])),
        (None, false) => Val::List(List::new(Vec::new())),
    })
}

fn below(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let hand = hand(env, args)?;
    if !hand.tree.has_links() {
        return Err(Stop::not_evaluable(
            "il registro non dice che cosa discende da che cosa",
            "the register does not tell what comes under what",
        ));
    }
    let under = hand.node.map_or(&[][..], |at| hand.tree.under(at));
    env.spend(under.len() * 100)?;
    Ok(hand.cells(env, under))
}

fn lineage(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let hand = hand(env, args)?;
    let line = hand.node.map(|at| hand.tree.lineage(at)).unwrap_or_default();
    env.spend(line.len() * 100)?;
    Ok(hand.cells(env, &line))
}

fn pointed(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let hand = hand(env, args)?;
    let pointed: Vec<usize> = hand.node.and_then(|at| hand.tree.pointed(at)).into_iter().collect();
    Ok(hand.cells(env, &pointed))
}

fn overrun(env: &Env, args: &Args<'_>) -> Result<Val, Stop> {
    let hand = hand(env, args)?;
    let number = |at: usize| hand.tree.cell(&hand.view, at, &hand.field).and_then(|f| number_of(&f).ok());
    let over = |at: usize| {
        let (own, under) = (number(at)?, hand.tree.under(at));
        let sum = under.iter().filter_map(|at| number(*at)).try_fold(Decimal::ZERO, Decimal::checked_add)?;
        (!under.is_empty() && own > Decimal::ZERO && sum > Decimal::ZERO).then(|| sum.checked_sub(own)).flatten()
    };
    let own = hand.node.and_then(over).filter(|by| *by > Decimal::ZERO);
    let Some(own) = own else { return Ok(Val::Number(Decimal::ZERO)) };
    let known = hand.tree.totals.borrow().get(&hand.field).copied();
    if let Some(is) = known {
        return Ok(Val::Number(if is { own } else { Decimal::ZERO }));
    }
    let mut balance = 0i64;
    for at in hand.tree.units() {
        env.spend(100 + hand.tree.under(at).len() * 100)?;
        balance += over(at).map_or(0, |by| if by > Decimal::ZERO { -1 } else { 1 });
    }
    hand.tree.totals.borrow_mut().insert(hand.field.clone(), balance > 0);
    Ok(Val::Number(if balance > 0 { own } else { Decimal::ZERO }))
}
