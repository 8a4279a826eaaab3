//! A setting in force for a document, and where it comes from.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::lang::Bilingual;

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An option of the command line, as it is written.
    Option(&'static str),
    /// A variable of the environment.
    Environment(&'static str),
    /// A file: where in it, and the `match` of the `[[paths]]` it stands under.
    File {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The pattern of its `[[paths]]`.
        matching: Option<String>,
    },
    /// A profile, by its name.
    Profile(Arc<str>),
    /// Nobody says otherwise.
    Default,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its key as in `riscontro.toml`, from the outermost table on; rules that a profile leaves out stand under `off`.
    pub key: Vec<String>,
    /// Its value.
    pub value: SettingValue,
    /// Where it comes from.
    pub origin: Origin,
    /// Why, where a profile says so.
    pub why: Option<Bilingual>,
}

impl Setting {
    /// The key as it may be written in one line: names joined by points, in quotes where they have to be.
    pub fn name(&self) -> String {
        self.key.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(".")
    }
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// Words, or a date.
    Text(String),
    /// A number, in digits.
    Number(String),
    /// Yes or no.
    Flag(bool),
    /// Several.
    List(Vec<SettingValue>),
    /// Several with names.
    Table(Vec<(String, SettingValue)>),
}

impl SettingValue {
    /// The words, if it is some.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl fmt::Display for SettingValue {
    /// As it would stand in the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Number(digits) => f.write_str(digits),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Table(entries) => {
                let entries: Vec<String> = entries.iter().map(|(k, v)| format!("{} = {v}", quoted(k))).collect();
                write!(f, "{{ {} }}", entries.join(", "))
            }
        }
    }
}

/// A name of a key, in quotes where TOML wants them.
fn quoted(name: &str) -> String {
    let is_bare = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if is_bare { name.to_owned() } else { SettingValue::Text(name.to_owned()).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_written_as_in_the_file() {
        let text = |t: &str| SettingValue::Text(t.to_owned());
        let table = SettingValue::Table(vec![("value".into(), text("a \"b\"")), ("n°".into(), text("c"))]);
        let value = SettingValue::List(vec![table, SettingValue::Flag(true), SettingValue::Number("2".into())]);
        assert_eq!(value.to_string(), r#"[{ value = "a \"b\"", "n°" = "c" }, true, 2]"#);
        let key = vec!["severity".to_owned(), "ptpct/area-ignota".to_owned()];
        let setting = Setting { key, value, origin: Origin::Default, why: None };
        assert_eq!(setting.name(), "severity.\"ptpct/area-ignota\"");
    }
}
