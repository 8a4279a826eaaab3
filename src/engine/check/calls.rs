//! Operators and functions: number and types of their arguments, and the names that arguments give.

use rhai::{Expr, FnCallExpr, Position};

use super::{Checker, Current, Known, want};
use crate::engine::value::Type;
use crate::engine::vocabulary::{self, Also, Function, Name, Param, Returns};
use crate::engine::{guard, source};
use crate::indicators;
use crate::pack::{FieldSpec, Pack, Pattern};
use crate::text;

impl Checker<'_> {
    pub(super) fn operator(&self, call: &FnCallExpr, at: Position, current: &mut Current<'_>) -> Known {
        let op = call.name.as_str();
        let args: Vec<Known> = call.args.iter().map(|a| self.walk(a, current)).collect();
        let place = |i: usize| call.args.get(i).map_or(at, Expr::start_position);
        if ["==", "!="].contains(&op) {
            self.bare(call.args.iter(), false, current);
        }
        match (op, args.as_slice()) {
            ("!", [known]) => {
                want(known, Type::Bool, place(0), current);
                Known::of(Type::Bool)
            }
            ("-" | "+", [known]) => {
                want_number(known, place(0), current);
                Known::of(Type::Number)
            }
            ("==" | "!=", [a, b]) => {
                self.equality(op, (a, place(0)), (b, place(1)), at, current);
                Known::of(Type::Bool)
            }
            ("<" | "<=" | ">" | ">=", [a, b]) => {
                want_number(a, place(0), current);
                want_number(b, place(1), current);
                Known::of(Type::Bool)
            }
            ("+" | "-" | "*" | "/" | "%", [a, b]) => {
                want_number(a, place(0), current);
                want_number(b, place(1), current);
                Known::of(Type::Number)
            }
            ("&" | "|", _) => {
                current.fault(at, format!("«{op}» si scrive «{op}{op}»"), format!("“{op}” is written “{op}{op}”"));
                Known::default()
            }
            _ => {
                current.fault(
                    at,
                    format!("l'operatore «{op}» non è del linguaggio delle regole"),
                    format!("the operator “{op}” is no part of the rule language"),
                );
                Known::default()
            }
        }
    }

    /// Fields as such among arguments: of which their value is needed, or asked for.
    fn bare<'e>(&self, args: impl Iterator<Item = &'e Expr>, asks: bool, current: &mut Current<'_>) {
        for arg in args {
            let Expr::Variable(name, _, at) = arg else { continue };
            let Some(spec) = self.scope().pack.schedule.field(&name.1) else { continue };
            if self.scope().type_of(spec) != Type::Field {
                continue;
            }
            if asks {
                current.reads.guards.insert(spec.name.clone());
            } else {
                current.reads.bare.push((spec.name.clone(), *at));
            }
        }
    }

    fn equality(
        &self,
        op: &str,
        a: (&Known, Position),
        b: (&Known, Position),
        at: Position,
        current: &mut Current<'_>,
    ) {
        let (Some(x), Some(y)) = (a.0.ty, b.0.ty) else { return };
        let texts = |t: Type| matches!(t, Type::Field | Type::Text);
        match (x, y) {
            (Type::Number, Type::Number) | (Type::Bool, Type::Bool) => {}
            _ if texts(x) && texts(y) => {
                if a.0.literal.is_some() && b.0.literal.is_some() {
                    current.fault(at, "si confrontano due testi della regola", "two texts of the rule are compared");
                }
                self.closed(a.0, b.0, b.1, current);
                self.closed(b.0, a.0, a.1, current);
            }
            (Type::Field, Type::Number) => want_number(a.0, a.1, current),
            (Type::Number, Type::Field) => want_number(b.0, b.1, current),
            (Type::List, _) | (_, Type::List) => {
                let name = a.0.field.as_deref().or(b.0.field.as_deref()).unwrap_or("…");
                current.fault(
                    at,
                    format!("un elenco non si confronta con «{op}»: usare contains({name}, …), first({name}) o count({name}, …)"),
                    format!("a list is not compared with “{op}”: use contains({name}, …), first({name}) or count({name}, …)"),
                );
            }
            _ => current.fault(
                at,
                format!("{} non si confronta con {}", x.one().0, y.one().0),
                format!("{} is not compared with {}", x.one().1, y.one().1),
            ),
        }
    }

    /// A text of the rule that is compared with a field whose values are all known.
    fn closed(&self, field: &Known, other: &Known, at: Position, current: &mut Current<'_>) {
        let schedule = &self.scope().pack.schedule;
        let variants = schedule.counts.iter().flat_map(|c| &c.variants).map(|v| &*v.name);
        let variants: Vec<&str> = variants.filter(|_| field.is_variant).collect();
        let spec = field.field.as_ref().and_then(|f| schedule.field(f));
        let values: Vec<&str> = spec.map_or(variants, |s| s.values.iter().map(String::as_str).collect());
        if values.is_empty() {
            return;
        }
        let literal = other.literal.clone().map(|l| (l, at));
        for (found, at) in literal.into_iter().chain(other.choices.clone().unwrap_or_default()) {
            if values.iter().any(|v| text::normal(v) == text::normal(&found)) {
                continue;
            }
            let what = spec.map_or_else(
                || ("la scheda non ha la tabella".to_owned(), "the schedule has no table".to_owned()),
                |s| (format!("il campo «{}» non dice mai", s.name), format!("the field “{}” never says", s.name)),
            );
            current.unknown(at, (&what.0, &what.1), &found, values.iter().copied());
        }
    }

    pub(super) fn function(&self, call: &FnCallExpr, at: Position, current: &mut Current<'_>) -> Known {
        let name = call.name.as_str();
        let with_name = vocabulary::named(name);
        if with_name.is_empty() {
            call.args.iter().for_each(|a| drop(self.walk(a, current)));
            current.unknown(at, ("funzione sconosciuta", "unknown function"), name, vocabulary::all().map(|f| f.name));
            return Known::default();
        }
        let Some(function) = with_name.iter().find(|f| f.params.len() == call.args.len()) else {
            let counts: Vec<usize> = with_name.iter().map(|f| f.params.len()).collect();
            arity(call, &counts, at, current);
            return Known::default();
        };
        let args: Vec<Known> = call.args.iter().map(|a| self.walk(a, current)).collect();
        let places: Vec<Position> = call.args.iter().map(Expr::start_position).collect();
        for (i, ((param, known), at)) in function.params.iter().zip(&args).zip(&places).enumerate() {
            self.argument(function, i, *param, (known, *at), &args, current);
        }
        if guard::asks(name) || guard::needs(name) {
            self.bare(call.args.iter(), guard::asks(name), current);
        }
        self.closed_arguments(function, &args, &places, current);
        current.reads.everything |= function.nature.also == Some(Also::AllCells);
        if function.nature.also == Some(Also::Asks) {
            current.reads.asked.extend(args.iter().filter_map(|a| a.literal.as_deref()).map(Into::into));
        }
        if function.nature.also == Some(Also::Measures) {
            current.reads.named.extend(indicators::FIELDS.iter().map(|field| (*field).into()));
        }
        self.result(function, &args)
    }

    fn result(&self, function: &Function, args: &[Known]) -> Known {
        let ty = match function.returns {
            Returns::Type(ty) => ty,
            Returns::AsField(i) => {
                let kind = args.first().filter(|_| function.params.len() > 2).and_then(|k| k.literal.as_deref());
                let pack = kind.map_or(Some(self.scope().pack), |k| self.scope().packs.get(k).map(|p| &**p));
                let name = args.get(i).and_then(|a| a.literal.as_deref()).unwrap_or_default();
                let many = pack.and_then(|p| p.schedule.field(name)).is_some_and(|f| f.many);
                if many { Type::List } else { Type::Field }
            }
        };
        let from = function.nature.picks.and_then(|i| Some((function.params.get(i)?, args.get(i)?)));
        let field = from.and_then(|(param, arg)| match param {
            Param::Name(_) => arg.literal.as_deref().map(Into::into),
            _ => arg.field.clone(),
        });
        Known { field, is_variant: function.nature.also == Some(Also::NamesVariant), ..Known::of(ty) }
    }

    /// Texts that a function compares with a field whose values are all known.
    fn closed_arguments(&self, function: &Function, args: &[Known], places: &[Position], current: &mut Current<'_>) {
        let Some((field, text)) = function.nature.compares else { return };
        if let (Some(field), Some(other), Some(at)) = (args.get(field), args.get(text), places.get(text)) {
            self.closed(field, other, *at, current);
        }
    }

    fn argument(
        &self,
        function: &Function,
        i: usize,
        param: Param,
        (known, at): (&Known, Position),
        args: &[Known],
        current: &mut Current<'_>,
    ) {
        let Some(ty) = known.ty else {
            if known.choices.is_some() && param != Param::Options {
                current.fault(
                    at,
                    format!("«{}» non prende qui un elenco scritto nella regola", function.name),
                    format!("“{}” takes no list written in the rule here", function.name),
                );
            }
            return;
        };
        match (param, ty) {
            (Param::Field | Param::Column, Type::Field)
            | (Param::List | Param::Options, Type::List)
            | (Param::Text, Type::Field | Type::Text)
            | (Param::Scalar, Type::Field | Type::Text | Type::Number)
            | (Param::Number, Type::Number) => {}
            (Param::Question { of_kind }, Type::Field | Type::Text) => {
                self.question(of_kind, (known, at), args, current);
            }
            (Param::Name(name), Type::Text) if known.literal.is_some() => {
                let literal = known.literal.clone().unwrap_or_default();
                self.name(name, &literal, at, i, args, current);
            }
            (Param::Name(_), _) => current.fault(
                at,
                "qui serve un nome scritto tra virgolette",
                "a name written between quotes is needed here",
            ),
            (Param::Number, _) => want_number(known, at, current),
            (Param::List | Param::Options, Type::Field) => {
                let field = known.field.as_deref().unwrap_or("…");
                current.fault(
                    at,
                    format!("«{field}» è una sola cella qui, «{}» vuole un elenco: scrivere all(\"{field}\") o usare group_by", function.name),
                    format!("“{field}” is one cell here, “{}” wants a list: write all(\"{field}\") or use group_by", function.name),
                );
            }
            (Param::Field | Param::Column | Param::Text | Param::Scalar | Param::Question { .. }, Type::List) => {
                let field = known.field.as_deref().unwrap_or("…");
                current.fault(
                    at,
                    format!(
                        "«{field}» è un elenco qui, «{}» vuole una sola cella: scrivere first({field}) o usare each",
                        function.name
                    ),
                    format!(
                        "“{field}” is a list here, “{}” wants one cell: write first({field}) or use each",
                        function.name
                    ),
                );
            }
            (Param::Field | Param::Column, _) => mismatch(ty, Type::Field, at, current),
            (Param::Text | Param::Scalar | Param::Question { .. }, _) => mismatch(ty, Type::Text, at, current),
            (Param::List | Param::Options, _) => mismatch(ty, Type::List, at, current),
        }
    }

    /// The number of a question, if it is written in the rule.
    fn question(&self, of_kind: bool, (known, at): (&Known, Position), args: &[Known], current: &mut Current<'_>) {
        let Some(number) = known.literal.as_deref() else { return };
        let Some(pack) = self.pack_of(of_kind, args) else { return };
        if !vocabulary::form_keys(pack).any(|k| k == number) {
            let what = ("il modulo non ha la domanda", "the form has no question");
            current.unknown(at, what, number, vocabulary::form_keys(pack));
        }
    }

    /// The pack that names refer to: the rule's own, or that of the kind in the first argument.
    fn pack_of(&self, of_kind: bool, args: &[Known]) -> Option<&Pack> {
        if !of_kind {
            return Some(self.scope().pack);
        }
        let kind = args.first()?.literal.as_deref()?;
        self.scope().packs.get(kind).map(|p| &**p)
    }

    fn name(&self, what: Name, name: &str, at: Position, i: usize, args: &[Known], current: &mut Current<'_>) {
        let schedule = &self.scope().pack.schedule;
        match what {
            Name::Field => {
                current.reads.named.insert(name.into());
                field_name(self.scope().pack, name, at, current);
            }
            Name::FieldOfKind => {
                current.reads.named.insert(name.into());
                if let Some(pack) = self.pack_of(true, args) {
                    field_name(pack, name, at, current);
                }
            }
            Name::Catalogue => {
                let known = &self.scope().pack.catalogues;
                if !known.contains_key(name) {
                    let what = ("catalogo sconosciuto", "unknown catalogue");
                    current.unknown(at, what, name, known.keys().map(String::as_str));
                }
            }
            Name::Attribute => self.attribute(name, at, i, args, current),
            Name::Pattern => {
                if !schedule.patterns.contains_key(name) {
                    let what = ("schema sconosciuto", "unknown pattern");
                    current.unknown(at, what, name, schedule.patterns.keys().map(String::as_str));
                }
            }
            Name::Head => {
                if !schedule.head.contains_key(name) {
                    let what = ("la testa del documento non ha il dato", "the document head has no datum");
                    current.unknown(at, what, name, schedule.head.keys().map(String::as_str));
                }
            }
            Name::Part => self.part(name, at, args, current),
            Name::Kind => {
                let kinds: Vec<&str> = self.scope().packs.packs.iter().map(|p| &*p.schedule.kind).collect();
                if source::is_misspelt_kind(name, &kinds) {
                    let what = ("tipo di scheda sconosciuto", "unknown kind of schedule");
                    current.unknown(at, what, name, kinds);
                }
            }
            Name::Variant => self.variant(name, at, args, current),
        }
    }

    fn attribute(&self, name: &str, at: Position, i: usize, args: &[Known], current: &mut Current<'_>) {
        let named = args.iter().take(i).filter_map(|a| a.literal.as_deref());
        let catalogues = &self.scope().pack.catalogues;
        let Some(catalogue) = named.filter_map(|n| catalogues.get(n)).next_back() else { return };
        if !catalogue.has_attribute(name) {
            let what = ("il catalogo non ha l'attributo", "the catalogue has no attribute");
            current.unknown(at, what, name, catalogue.attributes());
        }
    }

    fn part(&self, name: &str, at: Position, args: &[Known], current: &mut Current<'_>) {
        let field = args.first().and_then(|a| a.field.as_deref());
        let Some(spec) = field.and_then(|f| self.scope().pack.schedule.field(f)) else { return };
        let parts: Vec<&str> = spec.parts.iter().flat_map(Pattern::groups).collect();
        if !parts.contains(&name) {
            let what =
                (format!("il campo «{}» non ha la parte", spec.name), format!("the field “{}” has no part", spec.name));
            current.unknown(at, (&what.0, &what.1), name, parts);
        }
    }

    fn variant(&self, name: &str, at: Position, args: &[Known], current: &mut Current<'_>) {
        let Some(counts) = self.pack_of(true, args).and_then(|p| p.schedule.counts.as_ref()) else { return };
        let known: Vec<&str> = counts.variants.iter().map(|v| &*v.name).collect();
        if !known.contains(&name) {
            current.unknown(at, ("la scheda non ha la tabella", "the schedule has no table"), name, known);
        }
    }
}

fn field_name(pack: &Pack, name: &str, at: Position, current: &mut Current<'_>) {
    if pack.schedule.field(name).is_none() {
        let known = pack.schedule.fields.iter().map(|f: &FieldSpec| &*f.name);
        current.unknown(at, ("campo sconosciuto", "unknown field"), name, known);
    }
}

/// A wrong number of arguments.
fn arity(call: &FnCallExpr, counts: &[usize], at: Position, current: &mut Current<'_>) {
    let counts = |or: &str| counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(or);
    let (mut it, mut en) = (
        format!("«{}» vuole {} argomenti, qui sono {}", call.name, counts(" o "), call.args.len()),
        format!("“{}” takes {} arguments, not {}", call.name, counts(" or "), call.args.len()),
    );
    let whole = call.args.iter().filter(|a| matches!(a, Expr::IntegerConstant(..))).count();
    if whole > 1 {
        it += "; i decimali si scrivono con il punto: 0.05";
        en += "; decimals are written with a point: 0.05";
    }
    current.fault(at, it, en);
}

/// Numbers only; the remedy depends on what is there instead.
fn want_number(known: &Known, at: Position, current: &mut Current<'_>) {
    match known.ty {
        None | Some(Type::Number) => {}
        Some(Type::Field) => {
            let name = known.field.as_deref().unwrap_or("…");
            current.fault(
                at,
                format!("un campo non è un numero: usare number({name})"),
                format!("a field is not a number: use number({name})"),
            );
        }
        Some(ty) => mismatch(ty, Type::Number, at, current),
    }
}

fn mismatch(found: Type, wanted: Type, at: Position, current: &mut Current<'_>) {
    current.fault(
        at,
        format!("qui serve {}, non {}", wanted.one().0, found.one().0),
        format!("{} is needed here, not {}", wanted.one().1, found.one().1),
    );
}
