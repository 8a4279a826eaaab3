//! File names that can go wherever officials work.

use crate::model::{Error, ErrorKind};

/// Names of devices: Windows gives no file such a name, whatever its extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Devices with a number from 1 to 9 behind them.
const NUMBERED: &[&str] = &["com", "lpt"];
const DIGITS: &[char] = &['1', '2', '3', '4', '5', '6', '7', '8', '9', '¹', '²', '³'];

/// Refuses a file name that Windows does not take, on every system: outputs are handed on to people who work there.
/// The name is one component of a path.
pub fn nameable(name: &str) -> Result<(), Error> {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ').to_lowercase();
    let numbered = |device: &&str| stem.strip_prefix(*device).is_some_and(|rest| is_one_of(rest, DIGITS));
    if DEVICES.contains(&stem.as_str()) || NUMBERED.iter().any(numbered) {
        return refuse(name, "è riservato da Windows", "is reserved by Windows");
    }
    if let Some(sign) = name.chars().find(|c| c.is_control() || r#"<>:"/\|?*"#.contains(*c)) {
        let (it, en) = match sign {
            c if c.is_control() => ("un carattere di controllo".to_owned(), "a control character".to_owned()),
            c => (format!("il segno «{c}»"), format!("the sign “{c}”")),
        };
        let (it, en) =
            (format!("contiene {it}, che Windows non ammette"), format!("holds {en}, which Windows does not take"));
        return refuse(name, &it, &en);
    }
    if name.ends_with(['.', ' ']) {
        return refuse(
            name,
            "finisce con un punto o uno spazio, che Windows non ammette",
            "ends with a full stop or a blank, which Windows does not take",
        );
    }
    Ok(())
}

fn is_one_of(text: &str, signs: &[char]) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| signs.contains(&c)) && chars.next().is_none()
}

fn refuse(name: &str, it: &str, en: &str) -> Result<(), Error> {
    Err(Error::new(
        ErrorKind::Usage,
        format!("il nome «{name}» {it}: sceglierne un altro e ripetere"),
        format!("the name “{name}” {en}: choose another and try again"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn names_that_windows_keeps_for_itself_are_refused() {
        for name in ["CON", "nul.xlsx", "Lpt1.riscontro.xlsx", "com¹", "aux .json", "CONOUT$", "prn.tar.gz"] {
            let error = nameable(name).unwrap_err();
            assert!(error.message(Lang::It).contains("è riservato da Windows"), "{name}");
        }
    }

    #[test]
    fn names_that_windows_cannot_hold_are_refused() {
        for (name, says) in [
            ("a:b.xlsx", "il segno «:»"),
            ("a\\b.xlsx", "il segno «\\»"),
            ("perché?.xlsx", "il segno «?»"),
            ("a\tb", "un carattere di controllo"),
            ("piano.", "finisce con un punto"),
            ("piano ", "finisce con un punto o uno spazio"),
        ] {
            let error = nameable(name).unwrap_err();
            assert!(error.message(Lang::It).contains(says), "{name}: {}", error.message(Lang::It));
        }
    }

    #[test]
    fn honest_names_are_taken() {
        for name in ["conto.xlsx", "COM.xlsx", "com10.xlsx", "lpt.json", "nulla.csv", ".nascosto", "a.b c.xlsx", "è.md"]
        {
            assert!(nameable(name).is_ok(), "{name}");
        }
    }
}
