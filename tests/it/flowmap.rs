//! `riscontro flussi` and the annotated copies of flows, from outside.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use serde_json::json;

use crate::cli::{Folder, Ran};

const INCIDENTS: &str = "flussi/flusso-03-incidenti-ict.md";
const PERFORMANCE: &str = "flussi/flusso-07-performance-ict.md";

/// The two flows of the fixtures.
fn flows() -> Folder {
    let folder = Folder::new();
    folder.copy(INCIDENTS, "f/03.md").copy(PERFORMANCE, "f/07.md");
    folder
}

fn sheets(bytes: Vec<u8>) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let rows = |range: calamine::Range<calamine::Data>| {
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    book.worksheets().into_iter().map(|(name, range)| (name, rows(range))).collect()
}

/// A flow in rows, of one workflow.
fn in_rows(folder: &Folder, rows: &[[&str; 6]]) {
    let head = ["Flusso di lavoro", "ID Step", "Ordine", "Nome step", "Ruolo coinvolto", "Tipo ruolo"];
    let mut all: Vec<&[&str]> = vec![&head];
    all.extend(rows.iter().map(<[&str; 6]>::as_slice));
    folder.workbook("r.xlsx", &all);
}

/// Codes and messages of what a check finds.
fn found(ran: &Ran) -> Vec<(String, String)> {
    let json = ran.json();
    let findings = json["documents"][0]["findings"].as_array().unwrap().clone();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut all: Vec<_> = findings.iter().map(|f| (text(&f["code"]), text(&f["message"]))).collect();
    all.sort();
    all
}

#[test]
fn the_matrix_has_the_letters_of_the_role_types() {
    let folder = flows();
    let map = folder.run(&["flussi", "f", "--format", "json"]).json();
    assert_eq!(map["entities"], json!({"lavoro": 4, "passo": 10, "ruolo": 7}));
    let role = |name: &str| map["roles"].as_array().unwrap().iter().find(|r| r["name"] == name).unwrap().clone();
    assert_eq!(role("ICT Operations Manager")["letters"], json!(["ARV", "", "", ""]));
    assert_eq!(role("Chief Information Officer")["letters"], json!(["", "S", "", "S"]));
    assert_eq!(role("ICT Performance Manager")["owns"], json!([2, 3]));
    let shown = folder.run(&["flussi", "f"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    insta::assert_snapshot!("flussi", shown.out);
}

#[test]
fn roles_that_own_and_approve_and_steps_out_of_order_are_told() {
    let folder = Folder::new();
    in_rows(
        &folder,
        &[
            ["ID_FLLAV_01", "STP01", "1", "Redazione del piano", "Ufficio gare", "Owner"],
            ["ID_FLLAV_01", "STP02", "3", "Verifica del piano", "Segreteria", "Reviewer"],
            ["ID_FLLAV_01", "STP03", "2", "Approvazione del piano", "UFFICIO GARE", "Approver"],
            ["ID_FLLAV_02", "STP04", "4", "Redazione", "Segreteria", "Owner"],
            ["ID_FLLAV_02", "STP05", "5", "Firma", "Dirigente", "Firmatario"],
        ],
    );
    let ran = folder.run(&["flussi", "r.xlsx"]);
    for told in [
        "Ufficio gare: risponde di ID_FLLAV_01; approva ID_FLLAV_01; lo stesso documento: ID_FLLAV_01",
        "ID_FLLAV_01: STP02 Verifica del piano, ordine 3, atteso 2 (Sheet1!B3)",
        "ID_FLLAV_01: STP03 Approvazione del piano, ordine 2, atteso 3 (Sheet1!B4)",
        "? tipo di ruolo sconosciuto o non indicato",
        "2 flussi di lavoro, 5 step, 3 ruoli",
    ] {
        assert!(ran.out.contains(told), "{told}\n{}", ran.out);
    }
}

#[test]
fn diagrams_mark_the_steps_with_findings() {
    let folder = flows();
    let ran = folder.run(&["flussi", "f/03.md", "--format", "mermaid"]);
    insta::assert_snapshot!("flussi_mermaid", ran.out);
    let whole = folder.run(&["flussi", "f", "--format", "markdown", "--lang", "en"]);
    assert_eq!(whole.out.matches("```mermaid").count(), 4, "{}", whole.out);
    assert!(whole.out.contains("| ICT Data Analyst |  |  | R |  |"), "{}", whole.out);
}

#[test]
fn the_workbook_has_the_matrix_the_steps_and_their_findings() {
    let folder = flows();
    let ran = folder.run(&["flussi", "f", "-o", "q.xlsx"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let book = sheets(fs::read(folder.path("q.xlsx")).unwrap());
    assert_eq!(book["Matrice"][2][..2], ["ICT Operations Manager", "ARV"]);
    let of_step = |id: &str| book["Step"].iter().find(|row| row[4].starts_with(id)).unwrap();
    assert!(of_step("STP02")[7].contains("avviso FLW-019"), "{:?}", of_step("STP02"));
    assert_eq!(of_step("STP01")[8], "03.md, riga 47");
    // Our results are no document.
    let again = folder.run(&["check", "q.xlsx"]);
    assert_eq!(again.code, 3, "{again:?}");
}

#[test]
fn a_text_comes_back_with_comments_on_its_lines() {
    let folder = flows();
    let ran = folder.run(&["check", "f/03.md", "--out", "out"]);
    assert!(ran.err.contains("03.riscontro.md") && ran.err.contains("03.riscontro.xlsx"), "{ran:?}");
    let source = fs::read_to_string(folder.path("f/03.md")).unwrap();
    let marked = fs::read_to_string(folder.path("out/03.riscontro.md")).unwrap();
    let without: String = marked
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("# riscontro: "))
        .map(|line| match line.split_once(" <!-- riscontro: ") {
            Some((before, after)) => format!("{before}{}", after.rsplit_once("-->").unwrap().1),
            None => line.to_owned(),
        })
        .collect();
    assert_eq!(without, source);
    let line = |with: &str| marked.lines().find(|line| line.contains(with)).unwrap().to_owned();
    assert!(
        line("FLW-010").starts_with("## Flusso di lavoro ID_FLLAV_03 <!-- riscontro: errore"),
        "{}",
        line("FLW-010")
    );
    // Checked again, it says the same, and its marks are replaced.
    fs::copy(folder.path("out/03.riscontro.md"), folder.path("a.md")).unwrap();
    let check = |path: &str| found(&folder.run(&["check", path, "--format", "json"]));
    assert_eq!(check("a.md"), check("f/03.md"));
    folder.run(&["check", "a.md", "--out", "out"]);
    assert_eq!(fs::read_to_string(folder.path("out/a.riscontro.md")).unwrap(), marked);
}

#[test]
fn the_workbook_of_its_steps_is_a_flow_with_the_same_findings() {
    let folder = flows();
    folder.run(&["check", "f/07.md", "--out", "out"]);
    let book = sheets(fs::read(folder.path("out/07.riscontro.xlsx")).unwrap());
    let rows = &book["Step"];
    assert_eq!(rows.len(), 6, "{rows:?}");
    assert!(rows[3].contains(&"STP03".to_owned()) && rows[3].contains(&"Reviewer".to_owned()), "{:?}", rows[3]);
    assert!(book["Rilievi"].iter().flatten().any(|cell| cell == "FLW-012"));
    // What a text alone has is missing in rows: its front matter.
    let of_text = |code: &str| code != "FLW-025";
    let text: Vec<_> = found(&folder.run(&["check", "f/07.md", "--format", "json"]));
    let text: Vec<_> = text.into_iter().filter(|(code, _)| of_text(code)).collect();
    let rows = found(&folder.run(&["check", "out/07.riscontro.xlsx", "--format", "json"]));
    assert_eq!(rows, text);
}

#[test]
fn a_copy_never_takes_the_place_of_a_source() {
    let folder = Folder::new();
    folder.copy(PERFORMANCE, "out/07.md").copy(INCIDENTS, "out/07.riscontro.md");
    let before = fs::read(folder.path("out/07.riscontro.md")).unwrap();
    let ran = folder.run(&["check", "out/07.md", "out/07.riscontro.md", "--out", "out"]);
    assert_eq!(fs::read(folder.path("out/07.riscontro.md")).unwrap(), before, "{ran:?}");
    let files = folder.files();
    for copy in ["out/07.md.riscontro.md", "out/07.md.2.riscontro.md"] {
        assert!(files.contains(&copy.to_owned()), "{files:?}");
    }
}

#[test]
fn what_is_no_flow_is_told() {
    let folder = Folder::new();
    folder
        .write("a.md", b"# Titolo\n\nUn testo.\n")
        .write("b.md", b"---\nid: [\n---\n## Flusso di lavoro ID_FLLAV_01\n");
    let ran = folder.run(&["flussi", "a.md"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("in nessun file si riconosce un flusso informativo"), "{ran:?}");
    let broken = folder.run(&["flussi", "b.md"]);
    assert_eq!(broken.code, 0, "{broken:?}");
    assert!(broken.out.contains("1 flusso di lavoro, 0 step, 0 ruoli"), "{broken:?}");
    assert!(broken.out.contains("il frontespizio non si legge come YAML alla riga «id: [»"), "{broken:?}");
}
