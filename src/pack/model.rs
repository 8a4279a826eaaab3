//! `[model]`: the empty form that a pack has filled in.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::names::{Checked, FIELD, quoted};
use super::schedule::{FieldSpec, Pack, Schedule};
use crate::model::Bilingual;
use crate::text;

/// The empty form of a kind: which columns it prints, and what is told of filling them in.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Other names by which `riscontro modello` knows the kind (`registro`).
    #[serde(default)]
    pub names: Vec<Arc<str>>,
    /// Name of the sheet, at most 31 characters; `{variant}` stands for the name of a table of counts.
    pub sheet: String,
    /// Data of the head that are written above the table, each behind the first of its labels.
    #[serde(default)]
    pub head: Vec<Arc<str>>,
    /// What the form says of itself, between these and the table; in Italian, as all that it prints.
    pub remark: Option<String>,
    /// The columns, left to right.
    pub columns: Vec<ModelColumn>,
    /// What the instructions say of this form, one paragraph each.
    #[serde(default)]
    pub guide: Vec<Bilingual>,
}

/// A column of an empty form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelColumn {
    /// The field; several columns may be of one.
    pub field: Arc<str>,
    /// The heading printed, where it is not the title of the field, if that is one of its headings, or the first of these: `{year}` is the year of
    /// the document, `{year+1}` the next.
    pub heading: Option<String>,
    /// The answers to choose from.
    #[serde(default)]
    pub choices: Vec<Arc<str>>,
    /// The catalogue whose entries are the answers to choose from.
    pub catalogue: Option<String>,
    /// Width, in characters.
    pub width: Option<u16>,
    /// Whether figures are written in it, and no text that must stay as it was typed (`2/3`).
    #[serde(default)]
    pub number: bool,
    /// What is to be written in it.
    pub help: Option<Bilingual>,
}

/// What years in headings begin with.
const YEAR: &str = "{year";

impl ModelColumn {
    /// The heading as printed for the document of a year; for an unknown one the years are N, N+1 and so on.
    pub fn printed(&self, field: &FieldSpec, year: Option<i16>) -> String {
        let Some(heading) = &self.heading else { return own_heading(field) };
        let mut printed = String::new();
        let mut rest = heading.as_str();
        while let Some((before, behind)) = rest.split_once(YEAR) {
            let Some((more, after)) = behind.split_once('}') else { break };
            printed.push_str(before);
            let years: i16 = more.trim_start_matches('+').parse().unwrap_or(0);
            match year {
                Some(year) => printed.push_str(&year.saturating_add(years).to_string()),
                None => printed.extend(["N", more]),
            }
            rest = after;
        }
        printed + rest
    }

    /// Whether every year in the heading is written as it should be.
    pub(super) fn has_plain_years(&self) -> bool {
        let years = self.heading.iter().flat_map(|h| h.split('{').skip(1));
        years.into_iter().all(|part| {
            let more = part.strip_prefix("year").and_then(|p| p.split_once('}')).map(|(more, _)| more);
            more.is_some_and(|m| m.is_empty() || m.strip_prefix('+').is_some_and(|n| n.parse::<u8>().is_ok()))
        })
    }
}

/// The title of a field if that is one of its headings, else the first heading.
fn own_heading(field: &FieldSpec) -> String {
    let title = text::words(&field.title.it);
    let first = field.headings.first().filter(|_| !field.headings.iter().any(|h| text::words(h) == title));
    first.cloned().unwrap_or_else(|| text::capital(&field.title.it))
}

impl Schedule {
    /// Whether `riscontro modello` knows the kind by this name.
    pub fn is_modelled_as(&self, name: &str) -> bool {
        self.model_names().any(|n| n == name)
    }

    /// The names by which `riscontro modello` knows the kind; none where it has no empty form.
    pub fn model_names(&self) -> impl Iterator<Item = &str> {
        let own = self.model.iter().map(|_| &*self.kind);
        own.chain(self.model.iter().flat_map(|m| m.names.iter().map(AsRef::as_ref)))
    }
}

/// The most characters of a sheet name, and those that are none of it.
const SHEET_NAME: usize = 31;
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
/// What stands for the name of a table of counts in that of its sheet.
pub(crate) const VARIANT: &str = "{variant}";

/// What the empty form names: data of the head, fields that have columns, catalogues, years, its sheets.
pub(super) fn check_model(file: &mut Checked<'_>, pack: &Pack, fields: &[&str]) {
    let Some(model) = &pack.schedule.model else { return };
    let head: Vec<&str> = pack.schedule.head.keys().map(String::as_str).collect();
    let catalogues: Vec<&str> = pack.catalogues.keys().map(String::as_str).collect();
    model.head.iter().for_each(|datum| file.known("head", ("dato sconosciuto", "unknown datum"), datum, &head));
    for column in &model.columns {
        file.known("field", FIELD, &column.field, fields);
        let catalogue = column.catalogue.iter();
        catalogue.for_each(|c| file.known("catalogue", ("catalogo sconosciuto", "unknown catalogue"), c, &catalogues));
        if let Some(heading) = column.heading.as_ref().filter(|_| !column.has_plain_years()) {
            let it = format!("nell'intestazione «{heading}» fra graffe può stare solo {{year}}, {{year+1}} e così via");
            let en = format!("in the heading “{heading}” braces may hold {{year}}, {{year+1}} and so on only");
            file.fault("heading", &quoted(heading), Bilingual::new(it, en));
        }
    }
    if model.columns.is_empty() {
        let message = Bilingual::new("il modello non ha colonne", "the model has no columns");
        file.fault("model", &["columns".to_owned()], message);
    }
    let variants = pack.schedule.counts.as_ref().map_or(&[][..], |c| &c.variants);
    let longest = variants.iter().map(|v| v.title.it.chars().count()).max();
    let own = model.sheet.replace(VARIANT, "").chars().count();
    let named = if model.sheet.contains(VARIANT) { own + longest.unwrap_or(0) } else { own };
    let is_one = variants.len() < 2 || model.sheet.contains(VARIANT);
    if named == 0 || named > SHEET_NAME || model.sheet.contains(NOT_IN_NAMES) || !is_one {
        let it = format!(
            "«{}» non può essere il nome di un foglio: al più {SHEET_NAME} caratteri, nessuno di [ ] : * ? / \\, e {VARIANT} dove le tabelle sono più d'una",
            model.sheet
        );
        let en = format!(
            "“{}” cannot be the name of a sheet: at most {SHEET_NAME} characters, none of [ ] : * ? / \\, and {VARIANT} where there are several tables",
            model.sheet
        );
        file.fault("sheet", &quoted(&model.sheet), Bilingual::new(it, en));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(heading: &str) -> ModelColumn {
        toml::from_str(&format!("field = \"target\"\nheading = \"{heading}\"")).unwrap()
    }

    fn field() -> FieldSpec {
        let text = "name = \"target\"\nentity = \"i\"\ntitle = { it = \"Target\", en = \"Target\" }\nheadings = [\"Valore atteso\"]";
        toml::from_str(text).unwrap()
    }

    #[test]
    fn years_in_headings_are_counted_from_that_of_the_document() {
        let printed = |heading: &str, year| column(heading).printed(&field(), year);
        assert_eq!(printed("Target {year}", Some(2026)), "Target 2026");
        assert_eq!(printed("Dal {year} al {year+2}", Some(2026)), "Dal 2026 al 2028");
        assert_eq!(printed("Target {year+1}", None), "Target N+1");
    }

    #[test]
    fn a_title_that_is_no_heading_is_not_printed() {
        let column: ModelColumn = toml::from_str("field = \"target\"").unwrap();
        assert_eq!(column.printed(&field(), None), "Valore atteso");
        let known = FieldSpec { headings: vec!["Valore atteso".into(), "TARGET".into()], ..field() };
        assert_eq!(column.printed(&known, None), "Target");
    }

    #[test]
    fn a_slip_in_a_year_is_noticed() {
        assert!(column("Target {year+1}").has_plain_years() && column("Target").has_plain_years());
        assert!(!column("Target {anno}").has_plain_years() && !column("Target {year-1}").has_plain_years());
    }
}
