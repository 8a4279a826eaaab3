//! The same content in other containers than `.xlsx` gives the same documents.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use riscontro::ingest;
use riscontro::model::{DocumentReport, Format, Grid, Scalar, Sheet};
use riscontro::package::Limits;
use riscontro::{Options, check_bytes};

use crate::cli::Folder;

const FORM: &str = "allegato1-lucca-2020";
pub(crate) const REGISTER: &str = "ptpct-servizi-informativi-2021";

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

pub(crate) fn grid(bytes: &[u8], name: &str) -> Grid {
    ingest::read(bytes, name, &Limits::default()).unwrap()
}

pub(crate) fn report(bytes: &[u8], name: &str) -> DocumentReport {
    let report = check_bytes(name, bytes, &Options::embedded().unwrap()).unwrap();
    assert!(report.error.is_none(), "{name}: {:?}", report.error);
    report
}

/// What a document says, apart from where and in what container: tables with their counts, outcomes with theirs.
pub(crate) fn gist(report: &DocumentReport) -> String {
    let mut gist = String::new();
    for table in &report.tables {
        let entities: Vec<_> = table.entities.iter().map(|e| format!("{} {}", e.name, e.number)).collect();
        writeln!(gist, "{} {}: {} records, {}", table.kind, table.area, table.records, entities.join(", ")).unwrap();
    }
    for rule in &report.rules {
        writeln!(gist, "{} {:?} {}", rule.code, rule.kind, rule.findings).unwrap();
    }
    for finding in &report.findings {
        let cells: Vec<_> = finding.places.iter().filter_map(|p| p.area).map(|a| a.to_string()).collect();
        writeln!(gist, "{} {} {}", finding.code, cells.join(" "), finding.message).unwrap();
    }
    gist
}

/// A sheet as Excel saves it with separators, in Italy.
pub(crate) fn separated(sheet: &Sheet, separator: &str) -> String {
    let mut text = String::new();
    let (mut row, mut col) = (0, 0);
    for cell in &sheet.cells {
        while row < cell.at.row {
            text.push('\n');
            (row, col) = (row + 1, 0);
        }
        while col < cell.at.col {
            text += separator;
            col += 1;
        }
        let shown = match (&cell.value, cell.format) {
            (Scalar::Number(n), Format::Percent) => format!("{}%", (n * 100.0).to_string().replace('.', ",")),
            (Scalar::Number(n), _) => n.to_string().replace('.', ","),
            (other, _) => other.to_string(),
        };
        if shown.contains([';', '\t', '"', '\n', '\r']) {
            write!(text, "\"{}\"", shown.replace('"', "\"\"")).unwrap();
        } else {
            text += &shown;
        }
    }
    text
}

#[test]
fn separated_values_say_what_the_workbook_says() {
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let expected = gist(&report(&workbook, "a.xlsx"));
    let sheet = &grid(&workbook, "a.xlsx").sheets[0];
    let narrow = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'\'')).collect::<Vec<u8>>();
    let wide = |text: &str| format!("\u{FEFF}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let text = separated(sheet, ";");
    assert_eq!(gist(&report(text.as_bytes(), "a.csv")), expected);
    assert_eq!(gist(&report(text.replace('\n', "\r\n").as_bytes(), "a.csv")), expected);
    assert_eq!(gist(&report(&wide(&separated(sheet, "\t")), "a.tsv")), expected);
    let latin: String = text.chars().map(|c| if u32::from(c) < 256 { c } else { '\'' }).collect();
    assert_eq!(gist(&report(&narrow(&latin), "a.csv")), gist(&report(latin.as_bytes(), "a.csv")));
}

/// A sample that another program made of a fixture (`scripts/samples`).
fn sample(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/cases").join(name)).unwrap()
}

#[test]
fn other_containers_say_what_the_workbook_says() {
    for name in [REGISTER, FORM] {
        let expected = gist(&report(&fixture(&format!("{name}.xlsx")), "a.xlsx"));
        for extension in ["ods", "xls"] {
            let file = format!("{name}.{extension}");
            assert_eq!(gist(&report(&sample(&file), &file)), expected, "{file}");
        }
    }
}

/// A sample whose pages have this header, in the XML of ODF.
fn with_header(name: &str, header: &str) -> Vec<u8> {
    let off = r#"<style:header style:display="false"/>"#;
    let parts = crate::reading::parts_of(&sample(name)).into_iter().map(|(part, content)| match part.as_str() {
        "styles.xml" => {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(off));
            (part, text.replace(off, &format!("<style:header>{header}</style:header>")).into_bytes())
        }
        _ => (part, content),
    });
    crate::cases::deflated(&parts.collect::<Vec<_>>())
}

#[test]
fn page_headers_of_ods_give_the_head_and_go_into_the_copy() {
    let file = format!("{REGISTER}.ods");
    let before = report(&sample(&file), &file);
    assert!(!before.head.contains_key("ente"), "{:?}", before.head);
    let left = "<style:region-left><text:p>Comune di Prova</text:p><text:p>Ricerca &amp; sviluppo</text:p></style:region-left>";
    let right = "<style:region-right><text:p>Pag. <text:page-number>1</text:page-number></text:p></style:region-right>";
    let bytes = with_header(&file, &format!("{left}{right}"));
    assert_eq!(grid(&bytes, &file).sheets[0].header_footer, ["Comune di Prova\nRicerca & sviluppo", "Pag."]);
    let folder = Folder::new();
    folder.write(&file, &bytes);
    assert_eq!(folder.run(&["check", &file, "--out", "out", "--fail-on", "mai"]).code, 0);
    let copy = fs::read(folder.path(&format!("out/{REGISTER}.riscontro.xlsx"))).unwrap();
    for (bytes, name) in [(bytes, file.as_str()), (copy, "a.xlsx")] {
        assert_eq!(&*report(&bytes, name).head["ente"].text, "Comune di Prova", "{name}");
    }
}

/// The answers of each cell with a list, by sheet.
fn answers(grid: &Grid) -> Vec<String> {
    let lists = grid.sheets.iter().flat_map(|s| s.dropdowns.iter().map(|list| (s.name.clone(), list)));
    let cells = lists.flat_map(|(sheet, list)| {
        list.areas.iter().map(move |area| format!("{sheet} {area} {}", list.options.join("|"))).collect::<Vec<_>>()
    });
    let mut cells: Vec<String> = cells.collect();
    cells.sort();
    cells
}

#[test]
fn answer_lists_of_ods_are_those_of_the_workbook_and_go_into_the_copy() {
    let file = format!("{FORM}.ods");
    let expected = answers(&grid(&fixture(&format!("{FORM}.xlsx")), "a.xlsx"));
    assert!(expected.iter().filter(|list| !list.ends_with(' ')).count() > 30, "{expected:?}");
    assert_eq!(answers(&grid(&sample(&file), &file)), expected);
    let folder = Folder::new();
    folder.write(&file, &sample(&file));
    assert_eq!(folder.run(&["check", &file, "--out", "out", "--fail-on", "mai"]).code, 0);
    let copy = fs::read(folder.path(&format!("out/{FORM}.riscontro.xlsx"))).unwrap();
    assert_eq!(answers(&grid(&copy, "a.xlsx")), expected);
}

#[test]
fn copies_of_other_containers_hold_what_they_hold() {
    let folder = Folder::new();
    for name in [REGISTER, FORM] {
        for extension in ["ods", "xls"] {
            let file = format!("{name}.{extension}");
            let bytes = sample(&file);
            folder.write(&file, &bytes);
            assert_eq!(folder.run(&["check", &file, "--out", "out", "--fail-on", "mai"]).code, 0);
            let target = format!("out/{name}.riscontro.xlsx");
            let copy = fs::read(folder.path(&target)).unwrap();
            let (source, made) = (grid(&bytes, &file), grid(&copy, "a.xlsx"));
            for (source, made) in source.sheets.iter().zip(&made.sheets) {
                assert_eq!((&made.name, &made.merged), (&source.name, &source.merged), "{file}");
                assert_eq!(made.cells.len(), source.cells.len(), "{file}");
            }
            assert_eq!(gist(&report(&copy, "a.xlsx")), gist(&report(&bytes, &file)), "{file}");
        }
    }
}

#[test]
fn copy_of_separated_values_is_a_workbook_with_marks() {
    let folder = Folder::new();
    let sheet = &grid(&fixture(&format!("{REGISTER}.xlsx")), "a.xlsx").sheets[0];
    let text = separated(sheet, ";") + "\n\n=1+1;@x;-y;+z\n";
    folder.write("piano.csv", text.as_bytes()).write("piano.tsv", text.replace(';', "\t").as_bytes());
    let run = || folder.run(&["check", "piano.csv", "--out", "out", "--fail-on", "mai"]);
    let first = run();
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains("è una cartella .xlsx nuova con lo stesso contenuto"), "{}", first.err);
    let bytes = fs::read(folder.path("out/piano.riscontro.xlsx")).unwrap();
    run();
    assert_eq!(fs::read(folder.path("out/piano.riscontro.xlsx")).unwrap(), bytes, "equal input, equal bytes");
    // The copy holds what the source holds, and our marks, which are not read as the user's.
    let (source, copy) = (grid(text.as_bytes(), "piano.csv"), grid(&bytes, "piano.riscontro.xlsx"));
    assert_eq!(copy.sheets.len(), 1);
    assert_eq!(&*copy.sheets[0].name, "piano");
    let cells = |g: &Grid| g.sheets[0].cells.iter().map(|c| (c.at, c.value.to_string())).collect::<Vec<_>>();
    assert_eq!(cells(&copy), cells(&source));
    assert_eq!(gist(&report(&bytes, "x.xlsx")), gist(&report(text.as_bytes(), "x.csv")));
    let parts = crate::reading::parts_of(&bytes);
    let part = |name: &str| String::from_utf8_lossy(&parts.iter().find(|(n, _)| n == name).unwrap().1).into_owned();
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"), "no formula is made of text");
    assert!(part("xl/workbook.xml").contains("\"Rilievi\"") && part("xl/workbook.xml").contains("\"Riepilogo\""));
    // Two sources of one stem keep apart.
    assert_eq!(folder.run(&["check", ".", "--out", "tutti", "--fail-on", "mai"]).code, 0);
    let made: Vec<_> = folder.files().into_iter().filter(|f| f.starts_with("tutti/")).collect();
    assert_eq!(made, ["tutti/piano.csv.riscontro.xlsx", "tutti/piano.tsv.riscontro.xlsx"]);
}

/// A `.ods` of sheets: name and rows.
fn ods_of(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut content = String::from(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>",
    );
    for (name, rows) in sheets {
        write!(content, "<table:table table:name=\"{name}\">").unwrap();
        for row in *rows {
            content += "<table:table-row>";
            for cell in *row {
                write!(
                    content,
                    "<table:table-cell office:value-type=\"string\"><text:p>{cell}</text:p></table:table-cell>"
                )
                .unwrap();
            }
            content += "</table:table-row>";
        }
        content += "</table:table>";
    }
    content += "</office:spreadsheet></office:body></office:document-content>";
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    crate::cases::zip(zip::CompressionMethod::Stored, &[("mimetype", kind), ("content.xml", content.as_str())])
}

#[test]
fn a_sheet_called_otherwise_in_the_copy_is_so_wherever_it_is_named() {
    let folder = Folder::new();
    let rows: &[&[&str]] = &[
        &["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misura"],
        &["1", "Gare", "Contratti pubblici", "", "Accordo", "Rotazione"],
        &["", "", "", "", "Ritardo", "Controllo"],
        &["-", "-", "-", "-", "-", "-"],
        &["2", "Concorsi", "Personale", "Tributi", "Accordo", "Formazione"],
    ];
    let legend: &[&[&str]] = &[&["Voce", "Significato"]];
    let (long, other) = ("Mappatura dei processi del settore primo", "Legenda delle voci usate nella mappatura");
    folder.write("p.ods", &ods_of(&[(long, rows), (other, legend)]));
    let ran = folder.run(&["check", "p.ods", "--out", "out", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let parts = crate::reading::parts_of(&fs::read(folder.path("out/p.riscontro.xlsx")).unwrap());
    for (name, bytes) in parts.iter().filter(|(name, _)| name.contains("sheet")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(long) && !text.contains(other), "{name}: {text}");
    }
}

#[test]
fn archive_is_walked_as_a_folder() {
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let ods = sample(&format!("{FORM}.ods"));
    let empty = b"x".to_vec();
    let parts = [
        ("2024/piano.xlsx", &workbook),
        ("/assoluto.xlsx", &workbook),
        ("win\\scheda.ods", &ods),
        ("leggimi.txt", &empty),
        ("altro.zip", &empty),
        ("__MACOSX/._piano.xlsx", &empty),
        ("~$piano.xlsx", &empty),
    ];
    folder.write("consegna.zip", &crate::cases::deflated(&parts));
    let ran = folder.run(&["check", "consegna.zip", "--out", "out", "--fail-on", "mai", "--format", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let json = ran.json();
    let fate = |d: &serde_json::Value| {
        let kind = d["error"]["kind"].as_str().unwrap_or("checked").to_owned();
        (d["path"].as_str().unwrap().to_owned(), kind)
    };
    let fates: Vec<_> = json["documents"].as_array().unwrap().iter().map(fate).collect();
    let expected = [
        ("consegna.zip/2024/piano.xlsx", "checked"),
        ("consegna.zip/altro.zip", "unsupported"),
        ("consegna.zip/assoluto.xlsx", "checked"),
        ("consegna.zip/win/scheda.ods", "checked"),
    ];
    assert_eq!(fates, expected.map(|(path, fate)| (path.to_owned(), fate.to_owned())));
    let written = |within: &str| folder.files().into_iter().filter(|f| f.starts_with(within)).collect::<Vec<_>>();
    assert_eq!(
        written("out/"),
        [
            "out/consegna/2024/piano.riscontro.xlsx",
            "out/consegna/assoluto.riscontro.xlsx",
            "out/consegna/win/scheda.riscontro.xlsx"
        ]
    );
    // In a folder an archive is one more folder; dropped, it gets a folder beside it.
    folder.write("d/x/lotto.zip", &crate::cases::deflated(&[("a.xlsx", &workbook)]));
    assert_eq!(folder.run(&["check", "d", "--out", "due", "--fail-on", "mai"]).code, 0);
    assert_eq!(written("due/"), ["due/x/lotto/a.riscontro.xlsx"]);
    assert!(folder.run(&["d/x/lotto.zip"]).code <= 1);
    assert_eq!(written("d/"), ["d/x/lotto.zip", "d/x/lotto/a.riscontro.xlsx"]);
}

#[test]
fn a_file_has_the_same_fate_in_an_archive_as_in_a_folder() {
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let (text, own) = (b"x".to_vec(), "\u{feff}path;sheet;cell;anchor;severity;code\n".as_bytes().to_vec());
    let parts = [
        ("~bozza.xlsx", &workbook),
        ("~$piano.xlsx", &text),
        (".nascosto/piano.xlsx", &workbook),
        ("tabelle.fods", &text),
        ("rilievi.csv", &own),
        ("piano.riscontro.xlsx", &workbook),
        ("escluso/piano.xlsx", &workbook),
    ];
    for (name, bytes) in &parts {
        folder.write(&format!("c/{name}"), bytes);
    }
    folder.write("c.zip", &crate::cases::deflated(&parts));
    let told = |input: &str| -> Vec<(String, bool)> {
        let ran = folder.run(&["check", input, "--exclude", "escluso", "--fail-on", "mai", "--format", "json"]).json();
        let documents = ran["documents"].as_array().unwrap().clone();
        let name = |path: &str| path.split_once('/').unwrap().1.to_owned();
        documents.iter().map(|d| (name(d["path"].as_str().unwrap()), d["skipped"].is_string())).collect()
    };
    let expected = [("tabelle.fods".to_owned(), true), ("~bozza.xlsx".to_owned(), false)];
    assert_eq!(told("c"), expected);
    assert_eq!(told("c.zip"), expected);
}

#[test]
fn an_archive_with_a_name_twice_is_made_again_and_not_opened_with_excel() {
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let twice = crate::cases::patch(
        crate::cases::deflated(&[("piano1.xlsx", &workbook), ("piano2.xlsx", &workbook)]),
        b"piano2.xlsx",
        b"piano1.xlsx",
    );
    folder.write("piani.zip", &twice);
    let ran = folder.run(&["check", "piani.zip"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("l'archivio è danneggiato (due parti hanno lo stesso nome): estrarne i file"), "{ran:?}");
    assert!(!ran.out.contains("Excel"), "{ran:?}");
}

#[test]
fn archives_that_are_not_what_they_seem_write_nothing() {
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    for (name, says) in [
        ("../fuori.xlsx", "nome inammissibile"),
        ("a\\..\\..\\fuori.xlsx", "nome inammissibile"),
        ("C:\\fuori.xlsx", "nome inammissibile"),
    ] {
        folder.write("d/trucco.zip", &crate::cases::deflated(&[(name, &workbook)]));
        let ran = folder.run(&["check", "d/trucco.zip", "--out", "d/out"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.out.contains(says), "{name}: {}", ran.out);
        assert_eq!(folder.files(), ["d/trucco.zip"], "{name}");
    }
    let bytes = crate::cases::deflated(&[("b.xlsx", &workbook), ("a.xlsx", &workbook)]);
    folder.write("d/trucco.zip", &crate::cases::patch(bytes, b"b.xlsx", b"a.xlsx"));
    assert_eq!(folder.run(&["check", "d/trucco.zip", "--out", "d/out"]).code, 3);
    assert_eq!(folder.files(), ["d/trucco.zip"]);
}

#[test]
fn standard_input_is_a_document() {
    use std::io::Write as _;
    use std::process::Stdio;
    let folder = Folder::new();
    let workbook = fixture(&format!("{REGISTER}.xlsx"));
    let arguments = ["check", "-", "--out", "out", "--fail-on", "mai", "--format", "json"];
    let mut child =
        folder.program(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&workbook).unwrap();
    let ran = crate::cli::Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["documents"][0]["path"], "-");
    assert_eq!(folder.files(), ["out/stdin.riscontro.xlsx"]);
}

#[test]
fn formulas_of_xls_without_their_text_are_no_blanks() {
    use crate::cases::{record, xls_of};
    let formula =
        |col: u16, result: [u8; 8]| record(6, &[&[0, 0][..], &col.to_le_bytes(), &[0, 0], &result, &[0; 8]].concat());
    let (text, blank) = ([0, 0, 0, 0, 0, 0, 0xFF, 0xFF], [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
    let says = record(0x0207, &[2, 0, 0, b's', b'i']);
    let shared = record(0x04BC, &[0; 12]);
    let cells = [
        formula(0, text),
        formula(1, text),
        says.clone(),
        formula(2, text),
        shared,
        says,
        formula(3, blank),
        formula(4, [0; 8]),
        formula(5, text),
    ];
    let grid = grid(&xls_of(&[], &cells.concat()), "a.xls");
    let found: Vec<_> = grid.sheets[0].cells.iter().map(|c| (c.at.to_string(), c.value.clone())).collect();
    let text = || Scalar::Text("si".into());
    let expected = [
        ("A1", Scalar::Uncalculated),
        ("B1", text()),
        ("C1", text()),
        ("E1", Scalar::Number(0.0)),
        ("F1", Scalar::Uncalculated),
    ];
    assert_eq!(found, expected.map(|(at, value)| (at.to_owned(), value)));
    assert!(grid.remarks.iter().any(|r| r.it.starts_with("2 formule senza valore calcolato")), "{:?}", grid.remarks);
}
