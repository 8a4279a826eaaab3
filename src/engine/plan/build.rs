//! From the syntax tree of a checked expression to its plan.

use std::rc::Rc;

use rhai::{AST, Expr, FnCallExpr, Position, Stmt};

use super::operators::{Operator, Sign};
use super::{Call, Names, Plan};
use crate::engine::value::{Val, Words};
use crate::engine::vocabulary;

impl Plan {
    /// The plan of an expression that the checks passed; `None` for what they refuse.
    pub(in crate::engine) fn new(ast: &AST, names: &mut Names) -> Option<Self> {
        match ast.statements() {
            [Stmt::Expr(expr)] => part(expr, names),
            [Stmt::FnCall(call, at)] => called(call, *at, names),
            _ => None,
        }
    }
}

fn part(expr: &Expr, names: &mut Names) -> Option<Plan> {
    Some(match expr {
        Expr::BoolConstant(answer, _) => Plan::Value(Val::Bool(*answer)),
        Expr::IntegerConstant(n, _) => Plan::Value(Val::Number((*n).into())),
        Expr::DynamicConstant(value, _) => Plan::Value(Val::Number(value.as_decimal().ok()?)),
        Expr::StringConstant(text, _) => Plan::Value(Val::Literal(Words::new(text.as_str()))),
        Expr::Variable(name, _, _) => Plan::Variable(names.number(&name.1)),
        Expr::FnCall(call, at) => called(call, *at, names)?,
        Expr::And(parts, _) => Plan::All(every(parts, names)?),
        Expr::Or(parts, _) => Plan::Any(every(parts, names)?),
        Expr::Array(items, _) => {
            let text = |item: &Expr| match item {
                Expr::StringConstant(text, _) => Some(Words::new(text.as_str())),
                _ => None,
            };
            Plan::Value(Val::Choices(items.iter().map(text).collect::<Option<Rc<[_]>>>()?))
        }
        _ => return None,
    })
}

fn every(parts: &[Expr], names: &mut Names) -> Option<Box<[Plan]>> {
    parts.iter().map(|p| part(p, names)).collect()
}

fn called(call: &FnCallExpr, at: Position, names: &mut Names) -> Option<Plan> {
    let name = call.name.as_str();
    let args = every(&call.args, names)?;
    if call.is_operator_call() {
        let mut args = args.into_vec().into_iter();
        return Some(match (args.next()?, args.next()) {
            (a, Some(b)) => Plan::Operation(Operator::named(name)?, Box::new([a, b]), at),
            (a, None) => Plan::Signed(Sign::named(name)?, Box::new(a), at),
        });
    }
    let function = *vocabulary::named(name).iter().find(|f| f.params.len() == args.len())?;
    let is_steady = !function.nature.of_unit && args.iter().all(|a| matches!(a, Plan::Value(_) | Plan::Steady(..)));
    let call = Box::new(Call { function, args, at });
    if !is_steady {
        return Some(Plan::Call(call));
    }
    names.steady += 1;
    Some(Plan::Steady(names.steady - 1, call))
}
