//! Changes of an expression that its author could have made by mistake, one at a time.

use std::fmt::Write as _;
use std::sync::Arc;

use super::operators::{Operator, Sign};
use super::{Names, Plan};
use crate::engine::value::Val;

impl Plan {
    /// Makes one of the changes there are, that before which `left` others are to be passed, and gives the part as it was and
    /// as it is now; `None` if there are not so many: those that there are were then taken off `left`. They are: an operand
    /// dropped, a comparison turned round, its boundary moved, a negation dropped.
    pub(in crate::engine) fn change(&mut self, left: &mut usize, names: &Names) -> Option<(String, String)> {
        let own = self.changes();
        if *left < own {
            let before = self.written(names);
            self.make(*left);
            return Some((before, self.written(names)));
        }
        *left -= own;
        match self {
            Self::Value(_) | Self::Variable(_) => None,
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().find_map(|p| p.change(left, names)),
            Self::Signed(_, part, _) => part.change(left, names),
            Self::Operation(_, parts, _) => parts.iter_mut().find_map(|p| p.change(left, names)),
            Self::Call(call) | Self::Steady(_, call) => call.args.iter_mut().find_map(|p| p.change(left, names)),
        }
    }

    /// The opposite of a condition.
    pub(in crate::engine) fn negate(&mut self) {
        let own = std::mem::replace(self, Self::Value(Val::Bool(true)));
        *self = Self::Signed(Sign::Not, Box::new(own), rhai::Position::NONE);
    }

    /// The expression in words of the rule language.
    pub(in crate::engine) fn written(&self, names: &Names) -> String {
        let mut out = String::new();
        self.write(names, &mut out);
        out
    }

    /// The texts written in it, each with the function that it is given to, if it is given to one: the names of catalogues
    /// and columns are among them.
    pub(in crate::engine) fn literals(&self, within: &str, found: &mut Vec<(String, Arc<str>)>) {
        match self {
            Self::Value(Val::Literal(words)) => found.push((within.to_owned(), words.shared())),
            Self::Value(_) | Self::Variable(_) => {}
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|p| p.literals("", found)),
            Self::Signed(_, part, _) => part.literals("", found),
            Self::Operation(_, parts, _) => parts.iter().for_each(|p| p.literals("", found)),
            Self::Call(call) | Self::Steady(_, call) => {
                call.args.iter().for_each(|p| p.literals(call.function.name, found));
            }
        }
    }

    /// How many changes there are of the part itself.
    fn changes(&self) -> usize {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.len(),
            Self::Signed(Sign::Not, ..) => 1,
            Self::Operation(operator, ..) => operator.mistaken().len(),
            _ => 0,
        }
    }

    fn make(&mut self, nth: usize) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let mut kept = std::mem::take(parts).into_vec();
                kept.remove(nth.min(kept.len().saturating_sub(1)));
                match kept.pop() {
                    Some(only) if kept.is_empty() => *self = only,
                    Some(last) => {
                        kept.push(last);
                        *parts = kept.into_boxed_slice();
                    }
                    None => {}
                }
            }
            Self::Signed(Sign::Not, part, _) => *self = std::mem::replace(&mut **part, Self::Value(Val::Bool(true))),
            Self::Operation(operator, ..) => {
                if let Some(other) = operator.mistaken().get(nth) {
                    *operator = *other;
                }
            }
            _ => {}
        }
    }

    fn write(&self, names: &Names, out: &mut String) {
        // The writer of a text does not fail.
        match self {
            Self::Value(value) => value.write(out),
            Self::Variable(number) => out.push_str(names.variables.get(*number).map_or("", |name| name)),
            Self::All(parts) => joined(parts, " && ", names, out),
            Self::Any(parts) => joined(parts, " || ", names, out),
            Self::Signed(sign, part, _) => {
                out.push_str(sign.name());
                part.write_within(names, out);
            }
            Self::Operation(operator, parts, _) => {
                let [a, b] = &**parts;
                a.write_within(names, out);
                let _ = write!(out, " {} ", operator.name());
                b.write_within(names, out);
            }
            Self::Call(call) | Self::Steady(_, call) => {
                out.push_str(call.function.name);
                out.push('(');
                for (i, arg) in call.args.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    arg.write(names, out);
                }
                out.push(')');
            }
        }
    }

    /// The same in parentheses where it needs them.
    fn write_within(&self, names: &Names, out: &mut String) {
        if matches!(self, Self::All(_) | Self::Any(_) | Self::Operation(..)) {
            out.push('(');
            self.write(names, out);
            out.push(')');
        } else {
            self.write(names, out);
        }
    }
}

fn joined(parts: &[Plan], between: &str, names: &Names, out: &mut String) {
    for (i, part) in parts.iter().enumerate() {
        out.push_str(if i > 0 { between } else { "" });
        if matches!(part, Plan::All(_) | Plan::Any(_)) { part.write_within(names, out) } else { part.write(names, out) }
    }
}

impl Operator {
    /// The comparisons that may be meant instead: turned round, and with the boundary on the other side.
    fn mistaken(self) -> &'static [Self] {
        match self {
            Self::Equal => &[Self::Differs],
            Self::Differs => &[Self::Equal],
            Self::Less => &[Self::Greater, Self::AtMost],
            Self::AtMost => &[Self::AtLeast, Self::Less],
            Self::Greater => &[Self::Less, Self::AtLeast],
            Self::AtLeast => &[Self::AtMost, Self::Greater],
            Self::Plus | Self::Minus | Self::Times | Self::Over | Self::Rest => &[],
        }
    }
}

impl Val {
    /// A value as it is written in a rule.
    fn write(&self, out: &mut String) {
        match self {
            Self::Bool(answer) => out.push_str(if *answer { "true" } else { "false" }),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Literal(words) => {
                let _ = write!(out, "{:?}", words.shared());
            }
            Self::Choices(choices) => {
                let texts: Vec<String> = choices.iter().map(|c| format!("{:?}", c.shared())).collect();
                let _ = write!(out, "[{}]", texts.join(", "));
            }
            _ => {}
        }
    }
}
