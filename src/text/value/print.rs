//! Values in the notation of Italian offices.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::calendar::month_name;
use crate::model::{Missing, Operator, UNCALCULATED, Value};

/// The canonical Italian print of a value (`≥ 1.780`, `77,0%`, `31/12/2020`, `entro il 31/12/2020`). It reads back as
/// the same value, one of a column of timings by [`super::parse_timing`]. [`Value::Text`] holds no text to print.
pub fn canonical(value: &Value) -> String {
    let with = |operator: &Option<Operator>, text: String| match operator {
        Some(operator) => format!("{} {text}", sign(*operator)),
        None => text,
    };
    match value {
        Value::Missing(Missing::Blank) => String::new(),
        Value::Missing(Missing::NotAvailable) => "n.d.".to_owned(),
        Value::Missing(Missing::NotMeasured) => "non rilevato".to_owned(),
        Value::Missing(Missing::Placeholder) => "da definire".to_owned(),
        Value::NotApplicable => "n.a.".to_owned(),
        Value::Text => "testo".to_owned(),
        Value::Bool(true) => "sì".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::YesNo => "sì/no".to_owned(),
        Value::Number(operator, n) => with(operator, format_decimal(*n)),
        Value::Percent(operator, n) => with(operator, format!("{}%", format_decimal(*n))),
        Value::Ratio(terms) => format!("{}/{}", format_decimal(terms.0), format_decimal(terms.1)),
        Value::Quantity(operator, quantity) => {
            let (n, unit) = &**quantity;
            with(operator, format!("{} {unit}", format_decimal(*n)))
        }
        Value::Money(operator, n) => with(operator, format!("{} €", format_decimal(*n))),
        Value::Date(day) => format_date(*day),
        Value::Deadline(day) => format!("entro il {}", format_date(*day)),
        Value::Period(first, last) => period(*first, *last),
        Value::Recurring(words) => words.to_string(),
        Value::Range(bounds) => format!("tra {} e {}", format_decimal(bounds.0), format_decimal(bounds.1)),
        Value::PercentRange(bounds) => {
            format!("tra {}% e {}%", format_decimal(bounds.0), format_decimal(bounds.1))
        }
        Value::Relative(change) => relative(change.0, &change.1),
        Value::Multi(parts) => {
            let parts: Vec<String> = (1..).zip(parts.iter()).map(|(n, p)| format!("{n}) {}", canonical(p))).collect();
            parts.join(" ")
        }
        Value::OperatorOnly(operator) => sign(*operator).to_owned(),
        Value::Error(error) => error.to_string(),
        Value::Uncalculated => UNCALCULATED.to_owned(),
    }
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Ge => "≥",
        Operator::Le => "≤",
        Operator::Gt => ">",
        Operator::Lt => "<",
        Operator::Eq => "=",
    }
}

fn relative(delta: Decimal, base: &str) -> String {
    let size = format_decimal(delta.abs());
    let (sign, word) = if delta.is_sign_negative() { ('-', "riduzione") } else { ('+', "incremento") };
    if base.is_empty() {
        format!("{word} del {size}%")
    } else if base.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{sign}{size}% sul {base}")
    } else {
        format!("{sign}{size}% rispetto a {base}")
    }
}

fn period(first: Date, last: Date) -> String {
    let whole = first.day() == 1 && last == last.last_of_month() && first.year() == last.year();
    let (from, months) = (first.month(), last.month() - first.month() + 1);
    let nth = (from - 1) / months.max(1) + 1;
    let aligned = (from - 1) % months.max(1) == 0;
    match months {
        12 if whole => format!("anno {}", first.year()),
        6 if whole && aligned => format!("{nth}° semestre {}", first.year()),
        3 if whole && aligned => format!("{nth}° trimestre {}", first.year()),
        1 if whole => format!("{} {}", month_name(from), first.year()),
        _ => format!("dal {} al {}", format_date(first), format_date(last)),
    }
}

/// A number in Italian notation: `1.780,5`. The decimals are those it has.
pub fn format_decimal(number: Decimal) -> String {
    let plain = number.abs().to_string();
    let (whole, decimals) = plain.split_once('.').map_or((plain.as_str(), None), |(w, d)| (w, Some(d)));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3 + 1);
    if number.is_sign_negative() && !number.is_zero() {
        out.push('-');
    }
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push(',');
        out.push_str(decimals);
    }
    out
}

/// Reads a day as offices or programs write it: `31/12/2020`, `31.12.2020`, `2020-12-31`; nothing else.
pub fn parse_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let is_plain = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let three = |separator: char| {
        let parts: Vec<&str> = text.split(separator).filter(is_plain).collect();
        <[&str; 3]>::try_from(parts).ok().filter(|_| text.matches(separator).count() == 2)
    };
    let date = |year: &str, month: &str, day: &str| {
        let is_whole = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().filter(|_| is_whole)
    };
    if let Some([year, month, day]) = three('-').filter(|[year, ..]| year.len() == 4) {
        return date(year, month, day);
    }
    let [day, month, year] = ['/', '.', '-'].into_iter().find_map(three)?;
    date(year, month, day)
}

/// A day in Italian notation: `31/12/2020`.
pub fn format_date(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_they_are_written_and_not_guessed() {
        for text in ["31/03/2027", "31.3.2027", "31-03-2027", " 2027-03-31 "] {
            assert_eq!(parse_day(text).map(format_date).as_deref(), Some("31/03/2027"), "{text}");
        }
        for text in [
            "",
            "31/02/2027",
            "31/03/27",
            "03/2027",
            "31/03/2027/1",
            "/31/03/2027",
            "2027-3",
            "marzo 2027",
            "-31-03-2027",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
