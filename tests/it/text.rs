//! The grammar of values on texts as offices write them.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use riscontro::model::{Flag, Missing, Value};
use riscontro::text::{
    Context, Parsed, Words, canonical, date_of_serial, format_decimal, missing, parse, parse_number, parse_timing,
};
use rust_decimal::Decimal;

/// One reading on one line: kind, operator and value, then flags, then what stands beside it.
fn told(parsed: &Parsed) -> String {
    let mut out = value_of(&parsed.value);
    for flag in parsed.flags.iter() {
        out.push(' ');
        out.push_str(flag.name());
    }
    if let Some(percent) = parsed.declared_percent {
        write!(out, " declared={percent}").unwrap();
    }
    if let Some(rest) = &parsed.remainder {
        write!(out, " [{rest}]").unwrap();
    }
    out
}

fn value_of(value: &Value) -> String {
    let op = |o: &Option<riscontro::model::Operator>| o.map_or(String::new(), |o| format!("{o:?} "));
    match value {
        Value::Missing(why) => format!("missing {why:?}"),
        Value::NotApplicable => "not applicable".to_owned(),
        Value::Text => "text".to_owned(),
        Value::Bool(yes) => format!("bool {yes}"),
        Value::YesNo => "yes-no".to_owned(),
        Value::Number(o, n) => format!("number {}{n}", op(o)),
        Value::Percent(o, n) => format!("percent {}{n}", op(o)),
        Value::Ratio(terms) => format!("ratio {} {}", terms.0, terms.1),
        Value::Quantity(o, quantity) => format!("quantity {}{} {}", op(o), quantity.0, quantity.1),
        Value::Money(o, n) => format!("money {}{n}", op(o)),
        Value::Date(day) => format!("date {day}"),
        Value::Deadline(day) => format!("deadline {day}"),
        Value::Period(first, last) => format!("period {first} {last}"),
        Value::Recurring(words) => format!("recurring {words}"),
        Value::Range(bounds) => format!("range {} {}", bounds.0, bounds.1),
        Value::PercentRange(bounds) => format!("percent-range {} {}", bounds.0, bounds.1),
        Value::Relative(change) => format!("relative {} {}", change.0, change.1).trim_end().to_owned(),
        Value::Multi(parts) => {
            let parts: Vec<String> = parts.iter().map(value_of).collect();
            format!("multi {}", parts.join("; "))
        }
        Value::OperatorOnly(operator) => format!("operator {operator:?}"),
        Value::Error(error) => format!("error {error}"),
        Value::Uncalculated => "uncalculated".to_owned(),
    }
}

type Reader = fn(&str, &Context) -> Parsed;

/// Lines `text => reading` of a case file; `␣` stands for a blank at the end, `\n` for a line break.
fn cases(file: &str) -> Vec<(String, &str)> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| {
            let (text, reading) = line.split_once(" => ").unwrap();
            (text.trim_start().replace('␣', " ").replace("\\n", "\n"), reading)
        })
        .collect()
}

const TABLES: [(&str, Reader); 4] = [
    (include_str!("cases/vectors.txt"), parse),
    (include_str!("cases/values.txt"), parse),
    (include_str!("cases/numbers.txt"), parse_number),
    (include_str!("cases/timings.txt"), parse_timing),
];

fn check(file: &str, reader: Reader) {
    let words = Words::default();
    let context = Context { words: &words, year: Some(2020) };
    let wrong: Vec<String> = cases(file)
        .into_iter()
        .map(|(text, reading)| (told(&reader(&text, &context)), text, reading))
        .filter(|(found, _, reading)| found != reading)
        .map(|(found, text, reading)| format!("{text:?}\n  expected {reading}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn vectors_of_the_field_are_read() {
    assert_eq!(cases(TABLES[0].0).len(), 68);
    check(TABLES[0].0, TABLES[0].1);
}

#[test]
fn values_are_read() {
    check(TABLES[1].0, TABLES[1].1);
}

#[test]
fn numbers_are_read() {
    check(TABLES[2].0, TABLES[2].1);
}

#[test]
fn timings_are_read() {
    check(TABLES[3].0, TABLES[3].1);
}

#[test]
fn a_day_without_year_is_unreadable_when_the_plan_has_none() {
    let words = Words::default();
    let context = Context { words: &words, year: None };
    for text in ["entro il 31/12", "marzo", "primo semestre", "entro fine anno"] {
        assert_eq!(parse(text, &context).value, Value::Text, "{text}");
        assert_eq!(parse_timing(text, &context).value, Value::Text, "{text}");
    }
    assert_eq!(told(&parse_timing("da gennaio a marzo 2021", &context)), "period 2021-01-01 2021-03-31");
}

#[test]
fn a_dash_is_missing_only_where_the_pack_says() {
    let words = Words { missing: Vec::new(), ..Words::default() };
    assert_eq!(missing("-", &Words::default()), Some(Value::Missing(Missing::Blank)));
    assert_eq!(missing("– –", &Words::default()), Some(Value::Missing(Missing::Blank)));
    assert_eq!(missing("-", &words), None);
    assert_eq!(missing("\u{a0}", &words), Some(Value::Missing(Missing::Blank)));
    assert_eq!(missing("N/D", &words), Some(Value::Missing(Missing::NotAvailable)));
    assert_eq!(missing("Non pertinente", &words), Some(Value::NotApplicable));
    assert_eq!(missing("Non applicabile in quanto l'ente non ha dirigenti", &words), None);
    assert_eq!(missing("nessun rischio", &words), None);
}

#[test]
fn serials_are_days_of_the_1900_system() {
    let day = |serial| date_of_serial(serial).map(|d| d.to_string());
    assert_eq!(day(1.0).as_deref(), Some("1900-01-01"));
    assert_eq!(day(59.0).as_deref(), Some("1900-02-28"));
    assert_eq!(day(60.0), None);
    assert_eq!(day(61.0).as_deref(), Some("1900-03-01"));
    assert_eq!(day(44_196.75).as_deref(), Some("2020-12-31"));
    assert_eq!(day(2_958_465.0).as_deref(), Some("9999-12-31"));
    for out in [0.0, 0.5, -1.0, 2_958_466.0, f64::NAN, f64::INFINITY, 1e300] {
        assert_eq!(day(out), None, "{out}");
    }
}

#[test]
fn decimals_are_printed_in_italian() {
    for (number, print) in
        [("1780.5", "1.780,5"), ("-1234567", "-1.234.567"), ("0.20", "0,20"), ("999", "999"), ("-0.0", "0,0")]
    {
        assert_eq!(format_decimal(number.parse().unwrap()), print);
    }
}

#[test]
fn whole_periods_are_printed_by_name() {
    let words = Words::default();
    let context = Context { words: &words, year: None };
    for (text, print) in [
        ("anno 2021", "anno 2021"),
        ("T4 2021", "4° trimestre 2021"),
        ("S1 2021", "1° semestre 2021"),
        ("Aprile 2021", "aprile 2021"),
        ("31/12/2021-31/12/2022", "dal 31/12/2021 al 31/12/2022"),
        ("entro dicembre 2020", "entro il 31/12/2020"),
        (">= 2.355", "≥ 2.355"),
        ("€ 1234,56", "1.234,56 €"),
    ] {
        assert_eq!(canonical(&parse(text, &context).value), print);
    }
}

fn seeded() -> ProptestConfig {
    ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(1_990_150), failure_persistence: None, ..Default::default() }
}

/// Every text of the tables with its reader.
fn known() -> impl Strategy<Value = (String, Reader)> {
    let all: Vec<(String, Reader)> =
        TABLES.iter().flat_map(|(file, reader)| cases(file).into_iter().map(|(text, _)| (text, *reader))).collect();
    proptest::sample::select(all)
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (-10_000_000_i64..10_000_000, 0_u32..4).prop_map(|(n, scale)| Decimal::new(n, scale))
}

/// The canonical print of arbitrary values, with the reader of their column.
fn printed() -> impl Strategy<Value = (Value, Reader)> {
    use riscontro::model::Operator::{Eq, Ge, Gt, Le, Lt};
    let op = || proptest::sample::select(vec![None, Some(Ge), Some(Le), Some(Gt), Some(Lt), Some(Eq)]);
    let unit = proptest::sample::select(vec!["giorni", "gg", "ore", "incontri", "implementazione all'anno", "gg lav"]);
    let day = || (0_i32..73_000).prop_map(|n| date_of_serial(f64::from(n + 61)).unwrap());
    let base = proptest::sample::select(vec!["2018", "anno precedente", ""]);
    let as_value = |value| (value, parse as Reader);
    prop_oneof![
        (op(), decimal()).prop_map(|(o, n)| Value::Number(o, n)),
        (op(), decimal()).prop_map(|(o, n)| Value::Percent(o, n)),
        (op(), decimal()).prop_map(|(o, n)| Value::Money(o, n)),
        (op(), decimal(), unit).prop_map(|(o, n, u)| Value::Quantity(o, Box::new((n, u.to_owned())))),
        (decimal(), decimal()).prop_map(|(n, d)| Value::Ratio(Box::new((n.abs(), d.abs() + Decimal::ONE)))),
        (decimal(), decimal()).prop_map(|(a, b)| Value::Range(Box::new((a.min(b), a.max(b))))),
        (decimal(), decimal()).prop_map(|(a, b)| Value::PercentRange(Box::new((a.min(b), a.max(b))))),
        (decimal(), base).prop_map(|(n, b)| Value::Relative(Box::new((n, b.to_owned())))),
        day().prop_map(Value::Date),
        day().prop_map(Value::Deadline),
        (day(), 1_i32..4000).prop_map(|(d, n)| Value::Period(d, d.checked_add(jiff::Span::new().days(n)).unwrap())),
        (1900_i16..2100, 1_i8..13, proptest::sample::select(vec![1_i8, 2, 3, 6, 12])).prop_map(|(y, m, n)| {
            let first = jiff::civil::date(y, m, 1);
            let last = first.checked_add(jiff::Span::new().months(n - 1)).unwrap().last_of_month();
            Value::Period(first, last)
        }),
        any::<bool>().prop_map(Value::Bool),
        proptest::sample::select(vec![
            Value::YesNo,
            Value::NotApplicable,
            Value::Missing(Missing::Blank),
            Value::Missing(Missing::NotAvailable),
            Value::Missing(Missing::NotMeasured),
            Value::Missing(Missing::Placeholder),
            Value::OperatorOnly(Le),
            Value::Error("#REF!".into()),
            Value::Text,
        ]),
        (decimal(), decimal()).prop_map(|(a, b)| Value::Multi(Box::new([
            Value::Percent(Some(Ge), a),
            Value::Relative(Box::new((b, "2018".to_owned()))),
            Value::Bool(true)
        ]))),
    ]
    .prop_map(as_value)
    .boxed()
    .prop_union(
        proptest::sample::select(vec!["annuale", "ad ogni procedura", "entro il 31/12 di ogni anno", "gia attuata"])
            .prop_map(|words| (Value::Recurring(words.into()), parse_timing as Reader))
            .boxed(),
    )
}

proptest! {
    #![proptest_config(seeded())]

    #[test]
    fn canonical_form_reads_back((value, reader) in printed()) {
        let words = Words::default();
        let context = Context { words: &words, year: None };
        let text = canonical(&value);
        let parsed = reader(&text, &context);
        prop_assert_eq!(&parsed.value, &value, "{}", text);
        prop_assert!(!parsed.flags.has(Flag::Remainder), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), noise in "[0-9%€,./()<>=≥ *-]{0,24}") {
        let words = Words::default();
        let context = Context { words: &words, year: Some(2020) };
        for text in [&text, &noise, &format!("{noise}{text}")] {
            for reader in [parse, parse_number, parse_timing] {
                reader(text, &context);
            }
            missing(text, &words);
        }
    }

    #[test]
    fn mangled_known_texts_are_read_without_panic((text, reader) in known(), at in 0_usize..40, c in any::<char>()) {
        let words = Words::default();
        let context = Context { words: &words, year: None };
        let cut: String = text.chars().take(at).chain([c]).chain(text.chars().skip(at + 1)).collect();
        reader(&cut, &context);
    }

    #[test]
    fn blanks_case_and_apostrophes_do_not_matter((text, reader) in known(), blank in "[ \n\t\u{a0}]{1,3}") {
        let words = Words::default();
        let context = Context { words: &words, year: Some(2020) };
        let expected = reader(&text, &context);
        let spaced = format!("{blank}{}{blank}", text.replace(' ', &blank));
        for variant in [spaced, text.to_uppercase(), text.to_lowercase(), text.replace('\'', "’")] {
            prop_assert_eq!(&reader(&variant, &context), &expected, "{:?}", variant);
        }
    }
}
