//! Sheets that take much room or time to recognise.

use std::fmt::Write as _;

use super::{Case, book, case};

/// Rows of texts.
fn texts(rows: impl Iterator<Item = (usize, Vec<String>)>) -> Vec<u8> {
    let row = |mut text: String, (r, cells): (usize, Vec<String>)| {
        write!(text, r#"<row r="{r}">"#).unwrap();
        for (c, cell) in (0..).zip(cells) {
            let column = riscontro::model::column_name(c);
            write!(text, r#"<c r="{column}{r}" t="inlineStr"><is><t>{cell}</t></is></c>"#).unwrap();
        }
        text + "</row>"
    };
    book(&rows.fold(String::new(), row))
}

/// A column of labels, like the cards of a plan, and one cell far to the right of them.
fn far_card() -> Vec<u8> {
    let labels = ["Processo", "Area di rischio", "Evento rischioso", "Misura"];
    let rows = (1..=19_000).fold(String::new(), |mut rows, r| {
        let far = if r == 2 { r#"<c r="OD2"><v>1</v></c>"# } else { "" };
        let label = labels[r % 4];
        write!(rows, r#"<row r="{r}"><c r="A{r}" t="inlineStr"><is><t>{label}</t></is></c>{far}</row>"#).unwrap();
        rows
    });
    book(&rows)
}

/// Cards of which each has a label that no other has.
fn many_labels() -> Vec<u8> {
    let rows = (0..6_600).map(|i| {
        let cells = match i % 3 {
            0 => vec!["Processo".to_owned(), format!("processo {i}")],
            1 if i < 9 => vec![["Area di rischio", "Evento rischioso", "Misura"][i / 3].to_owned(), "x".to_owned()],
            _ => vec![format!("etichetta {i}:"), "x".to_owned()],
        };
        (i + 1, cells)
    });
    texts(rows)
}

/// Two headers by turns, with two rows under each.
fn headers_by_turns(headers: usize) -> Vec<u8> {
    let turns = [
        ["Processo", "Area di rischio", "Evento rischioso", "Misure specifiche"],
        ["Ufficio responsabile", "Rischio", "Processo", "Misure generali"],
    ];
    let rows = (0..headers * 3).map(|i| {
        let header = turns[i / 3 % 2];
        let cells = header.iter().map(|h| if i % 3 == 0 { (*h).to_owned() } else { format!("{h} {i}") });
        (i + 1, cells.collect())
    });
    texts(rows)
}

/// Sheets that no one fills in; so many headers by turns.
pub(super) fn all(headers: usize) -> Vec<Case> {
    vec![
        case("scheda-lontana.xlsx", None, "1 documento: ", far_card()),
        case("etichette.xlsx", None, "1 documento: ", many_labels()),
        case("intestazioni-alterne.xlsx", None, "1 documento: ", headers_by_turns(headers)),
    ]
}
