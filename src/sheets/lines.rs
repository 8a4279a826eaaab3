//! Places in words, as the report sheets print them.

use crate::model::{Anchor, Area, CellRef, Lang, Place};

/// Target of a link to a place (`'Allegato 1'!E10`), if it lies on a sheet of this workbook.
pub(super) fn link_target(place: &Place) -> Option<String> {
    let (None, Some(sheet), Some(area)) = (&place.path, &place.sheet, &place.area) else { return None };
    Some(format!("'{}'!{area}", sheet.replace('\'', "''")))
}

/// The cell, range or line of a place, with its document if that is another one.
pub(super) fn place_name(place: &Place, lang: Lang) -> String {
    let at = match (&place.area, place.line) {
        (Some(area), _) => area.to_string(),
        (None, Some(line)) => format!("{} {line}", lang.pick("riga", "line")),
        (None, None) => String::new(),
    };
    match &place.path {
        Some(path) => format!("{}: {at}", file_name(path)),
        None => at,
    }
}

/// The document, the sheet and the cell, range or line of a place, where results are of several documents.
pub(super) fn whole_place(place: &Place, lang: Lang) -> String {
    let at = place_name(&Place { path: None, ..place.clone() }, lang);
    let parts = [file_name(place.path.as_deref().unwrap_or_default()), place.sheet.as_deref().unwrap_or_default(), &at];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A list of places that people can read: `E15, E17, E19-E24`, those of other sheets under their name. A list
/// longer than `room` characters ends by telling how many are left out.
pub(super) fn place_list(places: &[Place], home: Option<&str>, room: usize, lang: Lang) -> String {
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by_key(|p| (p.path.as_deref(), p.sheet_index, p.area.map(|a| (a.first.col, a.first.row)), p.line));
    let mut out = String::new();
    let mut group = (None, home);
    let mut at = 0;
    while let Some(place) = sorted.get(at) {
        let (text, taken) = run(sorted.get(at..).unwrap_or_default(), lang);
        let here = (place.path.as_deref(), place.sheet.as_deref());
        let lead = if here == group { String::new() } else { heading(here) };
        if out.chars().count() + lead.chars().count() + text.chars().count() > room && !out.is_empty() {
            let rest = sorted.len() - at;
            out.push_str(" …");
            out.push_str(&lang.and_more(rest, true));
            break;
        }
        if !out.is_empty() {
            out.push_str(if lead.is_empty() { ", " } else { "; " });
        }
        out.push_str(&lead);
        out.push_str(&text);
        group = here;
        at += taken;
    }
    out
}

fn heading((path, sheet): (Option<&str>, Option<&str>)) -> String {
    match (path, sheet) {
        (Some(path), Some(sheet)) => format!("{}, «{sheet}»: ", file_name(path)),
        (Some(path), None) => format!("{}: ", file_name(path)),
        (None, Some(sheet)) => format!("«{sheet}»: "),
        (None, None) => String::new(),
    }
}

/// The first places as one text, if they follow each other down a column, and how many they are.
fn run(places: &[&Place], lang: Lang) -> (String, usize) {
    let Some(first) = places.first() else { return (String::new(), 1) };
    let Some(area) = first.area else {
        let line = first.line.map(|l| format!("{} {l}", lang.pick("riga", "line")));
        return (line.unwrap_or_default(), 1);
    };
    if !area.is_cell() {
        return (area.to_string(), 1);
    }
    let mut last = area.first;
    let mut taken = 1;
    for next in places.get(1..).unwrap_or_default() {
        let below = Area::cell(CellRef::new(last.row.saturating_add(1), last.col));
        if next.area != Some(below) || next.sheet != first.sheet || next.path != first.path {
            break;
        }
        last = below.first;
        taken += 1;
    }
    match taken {
        1 | 2 => (area.to_string(), 1),
        _ => (format!("{}-{last}", area.first), taken),
    }
}

/// A list of areas, cut like a list of places.
pub(super) fn area_list(areas: &[Area], room: usize, lang: Lang) -> String {
    let places: Vec<Place> = areas
        .iter()
        .map(|area| Place {
            path: None,
            sheet_index: 0,
            sheet: None,
            area: Some(*area),
            line: None,
            anchor: Anchor::default(),
            value: None,
        })
        .collect();
    place_list(&places, None, room, lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(sheet: &str, area: &str) -> Place {
        Place {
            path: None,
            sheet_index: u32::from(sheet != "Uno"),
            sheet: Some(sheet.into()),
            area: Area::parse(area),
            line: None,
            anchor: Anchor::default(),
            value: None,
        }
    }

    #[test]
    fn cells_below_each_other_are_one_range() {
        let places: Vec<_> =
            ["E15", "E17", "E19", "E20", "E21", "E22", "E23", "E24", "F1:G2"].iter().map(|a| at("Uno", a)).collect();
        assert_eq!(place_list(&places, Some("Uno"), 200, Lang::It), "E15, E17, E19-E24, F1:G2");
    }

    #[test]
    fn cells_of_other_sheets_stand_under_their_name() {
        let places = [at("Uno", "B2"), at("Due", "C3"), at("Due", "C9")];
        assert_eq!(place_list(&places, Some("Uno"), 200, Lang::It), "B2; «Due»: C3, C9");
    }

    #[test]
    fn a_long_list_tells_what_it_leaves_out() {
        let places: Vec<_> = (0..50).map(|i| at("Uno", &format!("A{}", 2 * i + 1))).collect();
        assert_eq!(place_list(&places, Some("Uno"), 12, Lang::It), "A1, A3, A5, A7 … e altre 46");
    }

    #[test]
    fn quotes_in_sheet_names_are_doubled() {
        assert_eq!(link_target(&at("L'elenco", "E10")).as_deref(), Some("'L''elenco'!E10"));
    }
}
