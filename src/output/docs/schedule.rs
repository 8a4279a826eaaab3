//! The page of one kind of document: everything that a rule on it may name.

use std::fmt::{self, Write as _};

use super::{DOC_MARK, certainty, name, plain, table};
use crate::model::Lang;
use crate::pack::{FieldKind, FieldSpec, Pack};

pub(super) fn page(pack: &Pack) -> Result<String, fmt::Error> {
    let mut out = String::new();
    let schedule = &pack.schedule;
    writeln!(out, "{DOC_MARK}\n\n# {}\n", plain(&schedule.title.it))?;
    writeln!(out, "{}. [Tutte le regole](../README.md) · [All rules](../README.en.md)\n", plain(&schedule.title.en))?;
    writeln!(out, "Che cosa una regola su questo documento può nominare. *What a rule on this document may name.*\n")?;

    writeln!(out, "## Di che cosa parlano le regole · What rules speak of\n")?;
    let entities = schedule.entities.iter().map(|e| {
        let keys: Vec<String> = e.key.iter().map(|k| name(k)).collect();
        vec![name(&e.name), plain(&e.one.it), plain(&e.one.en), keys.join(", ")]
    });
    table(&mut out, &["`each`", "Italiano", "English", "Si riconosce da · Known by"], &entities.collect::<Vec<_>>())?;

    writeln!(out, "## Campi · Fields\n")?;
    let fields: Vec<Vec<String>> = schedule.fields.iter().map(field).collect();
    table(
        &mut out,
        &["Campo · Field", "Italiano", "English", "Di · Of", "Contiene · Holds", "Parti, valori · Parts, values"],
        &fields,
    )?;

    let head = schedule
        .head
        .iter()
        .map(|(key, spec)| vec![name(key), plain(&spec.title.it), plain(&spec.title.en), kind(spec.kind).to_owned()]);
    let head: Vec<Vec<String>> = head.collect();
    section(&mut out, "Dati del documento, head(\"…\") · Data of the document", &head)?;
    table(&mut out, &["Nome · Name", "Italiano", "English", "Contiene · Holds"], &head)?;

    let norms = schedule.norms.iter().map(|(id, norm)| {
        let beside = norm.beside.iter().map(|id| name(id)).collect::<Vec<_>>().join(", ");
        let years = match (norm.valid_from, norm.valid_to) {
            (None, None) => String::new(),
            (from, to) => {
                let year = |year: Option<i16>| year.map(|y| y.to_string()).unwrap_or_default();
                format!("{}–{}", year(from), year(to))
            }
        };
        let certainty = certainty(norm.certainty, Lang::It).to_owned();
        vec![name(id), plain(&norm.text.it), plain(&norm.text.en), certainty, years, beside]
    });
    let norms: Vec<Vec<String>> = norms.collect();
    section(&mut out, "Norme, basis · Norms", &norms)?;
    table(&mut out, &["`basis`", "Italiano", "English", "Certezza", "Anni · Years", "Con · With (`beside`)"], &norms)?;

    let catalogues = catalogues(pack);
    section(&mut out, "Cataloghi · Catalogues", &catalogues)?;
    table(&mut out, &["Nome · Name", "Italiano", "Voci · Entries", "Attributi · Attributes"], &catalogues)?;

    if !schedule.patterns.is_empty() {
        writeln!(out, "## Schemi di testo, matches(…, \"…\") · Patterns\n\n```")?;
        for (key, pattern) in &schedule.patterns {
            writeln!(out, "{key} = {pattern}")?;
        }
        writeln!(out, "```")?;
    }
    Ok(out)
}

/// The heading of a part that has something in it.
fn section(out: &mut String, heading: &str, rows: &[Vec<String>]) -> fmt::Result {
    if rows.is_empty() { Ok(()) } else { writeln!(out, "## {heading}\n") }
}

fn field(field: &FieldSpec) -> Vec<String> {
    let parts = field.parts.iter().flat_map(|p| p.groups().map(|g| format!("`part(…, \"{g}\")`")).collect::<Vec<_>>());
    let values = field.values.iter().map(|v| format!("«{}»", plain(v)));
    let many = if field.many { ", elenco · list" } else { "" };
    vec![
        name(&field.name),
        plain(&field.title.it),
        plain(&field.title.en),
        name(&field.entity),
        format!("{}{many}", kind(field.kind)),
        parts.chain(values).collect::<Vec<_>>().join(", "),
    ]
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "testo · text",
        FieldKind::Number => "numero · number",
        FieldKind::Timing => "data o termine · date or term",
        FieldKind::Value => "valore · value",
    }
}

fn catalogues(pack: &Pack) -> Vec<Vec<String>> {
    let each = pack.catalogues.iter().map(|(key, catalogue)| {
        let mut attributes: Vec<&str> =
            catalogue.entries.iter().flat_map(|e| e.attributes.keys().map(String::as_str)).collect();
        attributes.sort_unstable();
        attributes.dedup();
        let attributes: Vec<String> = attributes.into_iter().map(name).collect();
        vec![name(key), plain(&catalogue.title.it), catalogue.entries.len().to_string(), attributes.join(", ")]
    });
    each.collect()
}
