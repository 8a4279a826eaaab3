//! `riscontro limits`, and `--limit`.

use clap::ArgMatches;
use riscontro::model::ErrorKind;
use riscontro::package::{Limit, Limits, Unit};
use riscontro::{Error, Lang, output, text};

use super::exit::Exit;
use super::sinks;
use super::terminal::Terminal;

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Error> {
    let limits = Limits::default();
    for sink in &sinks::sinks(matches)? {
        sink.write(terminal, |painter, out| match sink.format.as_str() {
            "json" => output::limits_json(&limits, terminal.lang, out),
            _ => output::list_limits(&limits, terminal.lang, painter, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// Changes limits as the options say, each `name=value`.
pub(super) fn change(limits: &mut Limits, asked: &[String]) -> Result<(), Error> {
    for text in asked {
        let Some((name, value)) = text.split_once('=') else {
            return Err(wrong(
                format!("valore «{text}» non valido per «--limit»: previsto NOME=VALORE, per esempio file=500MiB"),
                format!("value “{text}” is not valid for “--limit”: expected NAME=VALUE, say file=500MiB"),
            ));
        };
        let limit = Limit::named(name.trim()).ok_or_else(|| unknown(name.trim()))?;
        let value = limit.parse(value).ok_or_else(|| not_a_value(limit, value))?;
        limit.change(limits, value);
    }
    Ok(())
}

fn unknown(name: &str) -> Error {
    let names = || Limits::ALL.iter().map(|limit| limit.name);
    if let Some(near) = text::closest(name, names()) {
        return wrong(
            format!("limite «{name}» sconosciuto; forse «{near}»"),
            format!("unknown limit “{name}”; did you mean “{near}”?"),
        );
    }
    let all = names().collect::<Vec<_>>().join(", ");
    wrong(format!("limite «{name}» sconosciuto: ci sono {all}"), format!("unknown limit “{name}”: there are {all}"))
}

fn not_a_value(limit: &Limit, value: &str) -> Error {
    let most = |lang| limit.shown(limit.most, lang);
    let (it, en) = match limit.unit {
        Unit::Bytes => ("una misura come 500MiB".to_owned(), "a size like 500MiB".to_owned()),
        Unit::Count if limit.most == u64::MAX => {
            ("un numero intero da 1 in su".to_owned(), "a whole number from 1 up".to_owned())
        }
        Unit::Count => (
            format!("un numero intero da 1 a {}", most(Lang::It)),
            format!("a whole number from 1 to {}", most(Lang::En)),
        ),
    };
    wrong(
        format!("valore «{value}» non valido per il limite «{}»; previsto: {it}", limit.name),
        format!("value “{value}” is not valid for the limit “{}”; expected: {en}", limit.name),
    )
}

fn wrong(it: String, en: String) -> Error {
    Error::new(ErrorKind::Usage, it, en)
}
