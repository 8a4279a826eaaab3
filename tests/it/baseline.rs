//! `riscontro baseline` and `check --baseline`, from outside and on generated tables.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use riscontro::check::{Options, run};
use riscontro::config::baseline;
use riscontro::model::Status;
use riscontro::pack::Packs;

use crate::cli::{FIXTURE, Folder};

const PTPCT: &str = "ptpct-servizi-informativi-2021.xlsx";
const HEAD: [&str; 6] = ["N.", "Processo", "Area di rischio", "Ufficio", "Evento rischioso", "Misura di prevenzione"];

/// A process with some faults of its own.
fn row(number: usize) -> Vec<String> {
    let area = ["Contratti pubblici", "T) Agenda lunare", ""][number % 3];
    let office = ["Ufficio tributi", "", "Tutti gli uffici", "Ufficio gare"][number % 4];
    let event =
        if number.is_multiple_of(5) { String::new() } else { format!("Favore indebito nel procedimento {number}") };
    // Of taxes one office is in charge.
    let process = ["Rilascio di autorizzazioni", "Accertamento dei tributi locali"][usize::from(number % 4 == 2)];
    let process =
        format!("{process} di tipo {}", ["alfa", "beta", "gamma", "delta"][number % 4].repeat(1 + number / 4));
    vec![number.to_string(), process, area.into(), office.into(), event, "Rotazione del personale".into()]
}

fn workbook(folder: &Folder, to: &str, rows: &[Vec<String>]) {
    let title = ["Mappatura dei processi e valutazione del rischio corruttivo".to_owned()];
    let head = HEAD.map(str::to_owned);
    let all = [title.as_slice(), head.as_slice()].into_iter().chain(rows.iter().map(Vec::as_slice));
    let all: Vec<Vec<&str>> = all.map(|row| row.iter().map(String::as_str).collect()).collect();
    folder.workbook(to, &all.iter().map(Vec::as_slice).collect::<Vec<_>>());
}

fn options() -> Options {
    static PACKS: LazyLock<Arc<Packs>> = LazyLock::new(|| Arc::new(Packs::embedded().unwrap()));
    let mut options = Options::new(PACKS.clone());
    // What these say of rows depends on their order, which is the fault.
    options.selection.ignore = ["PT-N01", "PT-N02"].map(str::to_owned).to_vec();
    options
}

/// The findings of a file that count and that are known, each by code and anchor.
fn found(file: &Path, known: Option<&Path>) -> (Vec<String>, Vec<String>) {
    let mut options = options();
    options.baseline = known.map(Path::to_owned);
    let run = run(&[file], &options).unwrap();
    let of = |status: Status| {
        let findings = run.report.documents[0].findings.iter().filter(|f| f.status == status);
        let mut told: Vec<String> = findings.map(|f| format!("{} {}", f.code, f.places[0].anchor)).collect();
        told.sort();
        told
    };
    (of(Status::New), of(Status::Known))
}

/// Writes the findings of a file as known.
fn write(file: &Path, to: &Path) {
    let options = options();
    let run = run(&[file], &options).unwrap();
    let documents: Vec<_> = run.names.iter().map(String::as_str).zip(&run.report.documents).collect();
    std::fs::write(to, baseline(&documents, options.lang)).unwrap();
}

#[test]
fn rows_moved_or_inserted_revive_nothing_and_a_changed_value_does() {
    let folder = Folder::new();
    let rows: Vec<Vec<String>> = (1..=16).map(row).collect();
    let (file, known) = (folder.path("piano.xlsx"), folder.path("noti.toml"));
    workbook(&folder, "piano.xlsx", &rows);
    write(&file, &known);
    let before = found(&file, Some(&known));
    assert!(before.0.is_empty() && before.1.len() > 10, "{before:?}");

    let config =
        Config { cases: 12, rng_seed: RngSeed::Fixed(150_2009), failure_persistence: None, ..Config::default() };
    let rows = Just(rows).prop_shuffle();
    TestRunner::new(config)
        .run(&(rows, prop::sample::select(vec![2, 6, 10, 14]), 0..=16_usize), |(mut rows, changed, at)| {
            workbook(&folder, "piano.xlsx", &rows);
            let moved = found(&file, Some(&known));
            prop_assert_eq!(&moved, &before);
            // A row without a fault of its own.
            let whole = [
                "17",
                "Concessione di contributi",
                "Contratti pubblici",
                "Ufficio gare",
                "Conflitto di interessi",
                "Rotazione del personale",
            ];
            rows.insert(at, whole.map(str::to_owned).to_vec());
            workbook(&folder, "piano.xlsx", &rows);
            let inserted = found(&file, Some(&known));
            prop_assert!(inserted.1.iter().all(|f| before.1.contains(f)), "{:?}", inserted);
            let revived: Vec<_> = inserted.0.iter().filter(|f| before.1.contains(f)).collect();
            prop_assert!(revived.is_empty(), "{:?}", revived);
            rows.remove(at);
            // Another way to name no office, in the place of the one there.
            let none =
                rows.iter().position(|row| row[3] == "Tutti gli uffici" && row[0] == changed.to_string()).unwrap();
            rows[none][3] = "Tutti i servizi".to_owned();
            workbook(&folder, "piano.xlsx", &rows);
            let (new, _) = found(&file, Some(&known));
            prop_assert_eq!(new, [format!("PT-O06 processo n. {changed}, Ufficio")]);
            Ok(())
        })
        .unwrap();
}

#[test]
fn known_findings_stay_in_the_result_and_do_not_count() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2020/allegato1.xlsx").copy(PTPCT, "2020/ptpct.xlsx");
    let written = folder.run(&["baseline", "2020", "-o", "noti.toml"]);
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written:?}");
    assert!(
        written.err.contains("scritto: noti.toml") && written.err.contains("rilievi scritti come già noti"),
        "{}",
        written.err
    );
    let again = folder.run(&["baseline", "2020"]);
    assert_eq!(again.out, std::fs::read_to_string(folder.path("noti.toml")).unwrap());
    let ran =
        folder.run(&["check", "2020", "--baseline", "noti.toml", "--format", "json", "--fail-on", "osservazione"]);
    let summary = ran.json()["summary"].clone();
    assert_eq!((ran.code, &summary["errore"], &summary["osservazione"]), (0, &0.into(), &0.into()), "{ran:?}");
    assert!(summary["known"].as_u64().unwrap() > 40);
    // From within the folder, and under another name.
    let ran = folder.run(&["check", "2020/ptpct.xlsx", "--baseline", "noti.toml", "--fail-on", "osservazione"]);
    assert!(ran.code == 0 && ran.out.contains("(già noto)"), "{ran:?}");
    folder.copy(PTPCT, "2020/ptpct-rivisto.xlsx");
    assert_eq!(
        folder.run(&["check", "2020/ptpct-rivisto.xlsx", "--baseline", "noti.toml", "--fail-on", "avviso"]).code,
        0
    );
    // What another document had is not known of this one.
    folder.copy(PTPCT, "2020/nuovo.xlsx");
    assert_eq!(folder.run(&["check", "2020", "--baseline", "noti.toml", "--fail-on", "avviso"]).code, 1);
}

#[test]
fn excepted_findings_are_not_written_as_known() {
    let folder = Folder::new();
    let waiver = "[[waiver]]\nrule = \"A1-CMP-001\"\nwhere = \"domanda 9.1\"\nreason = \"sede unica\"\n";
    folder.copy(FIXTURE, "a.xlsx").write("eccezioni.toml", waiver.as_bytes());
    let written = folder.run(&["baseline", "a.xlsx", "--select", "A1-CMP-001"]).out;
    assert!(written.contains("domanda 1.4") && !written.contains("domanda 9.1"), "{written}");
}

#[test]
fn a_file_that_holds_no_known_findings_is_2() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let opening = "# riscontro baseline\n";
    let cases = [
        ("", "non è un elenco di rilievi noti: indicarne uno scritto da «riscontro baseline»"),
        ("ignore = []\n", "non è un elenco di rilievi noti"),
        (&format!("{opening}version = 7\n"), "b.toml:2:11"),
        (&format!("{opening}version = 7\n"), "versione 7 sconosciuta, attesa 1"),
        (&format!("{opening}version = 1\n[[documents]]\n"), "voce «documents» sconosciuta; forse «document»"),
        (&format!("{opening}version = 1\n[[document]]\npath = \"/\"\n"), "«path» è vuoto"),
        (
            &format!("{opening}version = 1\n[[document]]\npath = \"a\"\nknown = [{{ code = 3 }}]\n"),
            "valore di tipo sbagliato",
        ),
        (&format!("{opening}version = 1\n[[document]\n"), "b.toml:3:"),
    ];
    for (written, says) in cases {
        folder.write("b.toml", written.as_bytes());
        let ran = folder.run(&["check", "a.xlsx", "--baseline", "b.toml", "--out", "out"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}: {ran:?}");
        assert!(ran.err.contains("b.toml") && ran.err.contains(says), "{written}: {}", ran.err);
    }
    for (file, says) in [("manca.toml", "il file dei rilievi noti non esiste"), (".", "è una cartella")] {
        let ran = folder.run(&["check", "a.xlsx", "--baseline", file]);
        assert!(ran.code == 2 && ran.err.contains(says), "{ran:?}");
    }
    let ran = folder.run(&["check", "a.xlsx", "--baseline", "a.xlsx", "--lang", "en"]);
    assert!(ran.code == 2 && ran.err.contains("not in UTF-8"), "{ran:?}");
}

#[test]
fn known_findings_are_written_over_nothing_else() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx").write("riscontro.toml", b"");
    folder.write("eccezioni.toml", b"# nessuna\n").write("mio.toml", b"x = 1\n");
    for (file, says) in [
        ("mio.toml", "il file esiste e non contiene rilievi noti"),
        ("eccezioni.toml", "il file esiste e non contiene rilievi noti"),
        ("riscontro.toml", "il file da scrivere è una configurazione in uso"),
        ("a.xlsx", "il file esiste e non contiene rilievi noti"),
    ] {
        let ran = folder.run(&["baseline", "a.xlsx", "-o", file]);
        assert!(ran.code == 2 && ran.err.contains(says), "{file}: {ran:?}");
    }
    assert_eq!(std::fs::read(folder.path("mio.toml")).unwrap(), b"x = 1\n");
    // Its own it replaces.
    assert_eq!(folder.run(&["baseline", "a.xlsx", "-o", "noti.toml"]).code, 0);
    assert_eq!(folder.run(&["baseline", "a.xlsx", "-o", "noti.toml"]).code, 0);
}

#[test]
fn without_a_document_read_nothing_is_written() {
    let folder = Folder::new();
    folder.write("a.xlsx", b"no");
    let ran = folder.run(&["baseline", "a.xlsx", "-o", "noti.toml"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert_eq!(folder.run(&["baseline", "manca.xlsx"]).code, 3);
    assert_eq!(folder.run(&["baseline"]).code, 2);
    assert_eq!(folder.files(), ["a.xlsx"]);
}
