//! What rules did and what they cost: `rules --coverage` and `check --timings`.

use serde_json::Value;

use crate::cli::Folder;

/// A rule of one's own on processes, with a field that it asks for and a condition.
fn rule(code: &str, when: &str, condition: &str) -> String {
    format!(
        "/*---\ncode = \"{code}\"\nseverity = \"avviso\"\nbasis = \"colonna-processi\"\neach = \"processo\"\nwhen = '{when}'\nat = \"processo\"\n\
         it = {{ title = \"a\", message = \"difetto\", why = \"a\", remedy = \"a\" }}\n\
         en = {{ title = \"a\", message = \"fault\", why = \"a\", remedy = \"a\" }}\n---*/\n{condition}\n"
    )
}

/// A folder with a table of processes and a pack of one's own.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.workbook(
        "a.xlsx",
        &[
            &["Area di rischio", "Processo", "Ufficio"],
            &["Contratti pubblici", "Gare", "Acquisti"],
            &["Contratti pubblici", "Affidamenti", "Acquisti"],
        ],
    );
    folder.write("mie/ptpct/schedule.toml", b"extends = \"ptpct\"");
    for (name, code, when, condition) in [
        ("trova", "NOI-01", "true", "processo != \"Gare\""),
        ("passa", "NOI-02", "true", "present(processo)"),
        ("mai", "NOI-03", "processo == \"Altro\"", "false"),
        ("manca", "NOI-04", "true", "present(tipo_processo)"),
    ] {
        folder.write(&format!("mie/ptpct/{name}.rhai"), rule(code, when, condition).as_bytes());
    }
    folder.write("mie/allegato1/schedule.toml", b"extends = \"allegato1\"");
    let other = rule("NOI-05", "true", "present(risposta)")
        .replace("processo\"", "domanda\"")
        .replace("\"colonna-processi", "\"scheda-domande-chiuse")
        .replace("colonna-domanda", "scheda-domande-chiuse");
    folder.write("mie/allegato1/altrove.rhai", other.as_bytes());
    folder
}

#[test]
fn coverage_tells_the_vacuous_rules_of_a_pack_apart() {
    let folder = folder();
    let ran = folder.run(&["rules", "NOI", "--rules", "mie", "--coverage", "a.xlsx", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let json = ran.json();
    let what = |code: &str| -> Value {
        json["rules"].as_array().unwrap().iter().find(|r| r["code"] == code).unwrap()["use"].clone()
    };
    let found: Vec<Value> = ["NOI-01", "NOI-02", "NOI-03", "NOI-04", "NOI-05"].map(what).into();
    assert_eq!(found, ["findings", "passed", "not_applicable", "not_evaluable", "not_asked"]);
    assert_eq!(
        (&json["version"], &json["documents"], &json["rules"][0]["findings"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!((&json["summary"]["not_asked"], &json["summary"]["error"]), (&1.into(), &0.into()));
    assert_eq!(json["rules"][3]["reasons"][0]["reason"], "manca la colonna «Tipo di processo»");
}

#[test]
fn coverage_is_told_in_both_languages() {
    let folder = folder();
    let italian = folder.run(&["rules", "NOI", "--rules", "mie", "--coverage", "a.xlsx"]).out;
    insta::assert_snapshot!(italian, @r"
    con rilievi (1)
      NOI-01  ptpct/trova: 1 rilievo, 1 su 1 documento

    sempre rispettate (1)
      NOI-02  ptpct/passa: 1 documento

    mai applicabili (1)
      NOI-03  ptpct/mai: 1 documento

    mai valutabili (1)
      NOI-04  ptpct/manca: 1 documento
              manca la colonna «Tipo di processo»

    mai chieste: nessun documento del loro tipo, o escluse dalla configurazione (1)
      NOI-05  allegato1/altrove

    5 regole su 1 documento: 1 con rilievi, 1 senza, 3 senza esito
    ");
    let english = folder.run(&["rules", "NOI", "--rules", "mie", "--coverage", "a.xlsx", "--lang", "en"]).out;
    assert!(english.ends_with("\n5 rules on 1 document: 1 with findings, 1 without, 3 undecided\n"), "{english}");
}

#[test]
fn coverage_of_what_cannot_be_checked_ends_as_a_check_does() {
    let folder = folder();
    let ran = folder.run(&["rules", "--coverage", "manca.xlsx"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("manca.xlsx"), "{}", ran.err);
    assert_eq!(folder.run(&["rules", "--coverage"]).code, 2);
    assert_eq!(folder.run(&["rules", "--functions", "--coverage", "a.xlsx"]).code, 2);
    assert_eq!(folder.run(&["rules", "ZZ", "--coverage", "a.xlsx"]).code, 2);
}

#[test]
fn times_are_told_when_asked_for_and_only_then() {
    let folder = folder();
    let asked = ["check", "a.xlsx", "--select", "PT-A", "--format", "json", "--fail-on", "mai"];
    let timed = folder.run(&[&asked[..], &["--timings"]].concat());
    let timings = timed.json()["timings"].as_array().unwrap().clone();
    let shares: f64 = timings.iter().map(|t| t["share"].as_f64().unwrap()).sum();
    assert!(timings.len() > 5 && (shares - 1.0).abs() < 1e-6, "{timings:?}");
    assert!(timings[0]["milliseconds"].as_f64() >= timings[1]["milliseconds"].as_f64());
    assert!(timings.iter().any(|t| t["code"] == "PT-A02" && t["documents"] == 1));
    assert!(
        timed.err.contains(" ms ") && timed.err.contains("ptpct/area-rischio-ignota, 1 documento"),
        "{}",
        timed.err
    );
    let plain = folder.run(&asked);
    assert!(plain.json().get("timings").is_none() && !plain.err.contains(" ms "), "{}", plain.err);
    let lines = folder.run(&["check", "a.xlsx", "--format", "jsonl", "--timings", "--fail-on", "mai", "-q"]);
    assert!(lines.out.lines().last().unwrap().contains("\"timings\":["), "{}", lines.out);
    assert!(!lines.err.contains(" ms "), "{}", lines.err);
}
