//! `eccezioni.toml`, from outside.

use std::fmt::Write as _;

use serde_json::Value;

use crate::cli::{FIXTURE, Folder, Ran};

/// A folder with the annexes of Lucca, whose questions 1.4 and 9.1 are blank.
fn folder(exceptions: &str) -> Folder {
    let folder = Folder::new();
    folder.copy(FIXTURE, "2020/allegato1.xlsx").write("eccezioni.toml", exceptions.as_bytes());
    folder
}

fn waiver(rule: &str, by: &str, more: &str) -> String {
    format!("[[waiver]]\nrule = \"{rule}\"\n{by}\nreason = \"sede unica\"\n{more}\n")
}

const BLANK: &str = "where = \"Domanda 9.1, risposta\"";

fn check(folder: &Folder, more: &[&str]) -> Ran {
    folder.run(&[&["check", "2020", "--select", "A1-CMP-001", "--format", "json"], more].concat())
}

/// The findings: where, status, reason.
fn findings(ran: &Ran) -> Vec<(String, String, Value)> {
    let json = ran.json();
    let told = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let findings = json["documents"][0]["findings"].as_array().unwrap();
    findings.iter().map(|f| (told(&f["places"][0]["anchor"]), told(&f["status"]), f["waiver"].clone())).collect()
}

#[test]
fn an_excepted_finding_stays_with_its_reason_and_does_not_count() {
    let both = waiver("A1-CMP-001", BLANK, "approved_by = \"OIV\"\nexpires = \"31/12/2026\"")
        + &*waiver("allegato1/domanda-senza-risposta", "where = \"domanda 1.4\"", "");
    let folder = folder(&both);
    let ran = check(&folder, &["--as-of", "2026-12-31"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let found = findings(&ran);
    let of = |anchor: &str| found.iter().find(|f| f.0 == anchor).unwrap().clone();
    let decision = serde_json::json!({"reason": "sede unica", "approved_by": "OIV", "expires": "2026-12-31"});
    assert_eq!(of("domanda 9.1, RISPOSTA"), ("domanda 9.1, RISPOSTA".into(), "waived".into(), decision));
    assert_eq!(of("domanda 1.4, RISPOSTA").1, "waived");
    let summary = ran.json()["summary"].clone();
    assert_eq!((&summary["errore"], &summary["waived"]), (&0.into(), &2.into()));
    assert!(ran.err.contains("eccezioni: ") && !ran.err.contains("attenzione"), "{}", ran.err);
}

#[test]
fn every_format_tells_the_reason() {
    let folder = folder(&waiver("A1-CMP-001", BLANK, ""));
    for (format, says) in [
        ("full", "   = eccezione: senza scadenza, motivo: sede unica"),
        ("concise", "(in eccezione senza scadenza, motivo: sede unica)"),
        ("json", "\"reason\":\"sede unica\""),
        ("jsonl", "\"reason\":\"sede unica\""),
        ("csv", "senza scadenza, motivo: sede unica"),
        ("markdown", "| in eccezione senza scadenza, motivo: sede unica |"),
    ] {
        let ran = folder.run(&["check", "2020", "--select", "A1-CMP-001", "--format", format]);
        assert!(ran.out.contains(says), "{format}: {}", ran.out);
    }
}

#[test]
fn the_last_day_is_included() {
    for day in ["\"30/06/2026\"", "\"2026-06-30\"", "2026-06-30"] {
        let folder = folder(&waiver("A1-CMP-001", BLANK, &format!("expires = {day}")));
        let on = |date: &str| check(&folder, &["--as-of", date, "--fail-on", "mai"]);
        assert_eq!(on("2026-06-30").json()["summary"]["waived"], 1, "{day}");
        let over = on("2026-07-01");
        assert_eq!(over.json()["summary"]["waived"], 0, "{day}");
        let says = "eccezioni.toml:1: l'eccezione A1-CMP-001 «Domanda 9.1, risposta» è scaduta il 30/06/2026: il rilievo conta di nuovo";
        assert!(over.err.contains(says), "{}", over.err);
    }
}

#[test]
fn without_a_date_given_the_day_is_today() {
    let folder = folder(&waiver("A1-CMP-001", BLANK, "expires = \"31/12/2020\""));
    assert_eq!(check(&folder, &[]).json()["summary"]["waived"], 0);
}

#[test]
fn what_has_expired_or_matches_nothing_is_told_even_quietly_and_fails_if_asked() {
    let unused = waiver("A1-CMP-001", "where = \"domanda 1.1\"", "");
    let says = "l'eccezione A1-CMP-001 «domanda 1.1» non corrisponde ad alcun rilievo";
    let folder = folder(&unused);
    let lax = check(&folder, &["--quiet", "--fail-on", "mai"]);
    assert!(lax.code == 0 && lax.err.contains(says), "{lax:?}");
    let strict = check(&folder, &["--quiet", "--fail-on", "mai", "--strict-waivers"]);
    assert!(strict.code == 2 && strict.err.contains(says), "{strict:?}");
    folder.write("eccezioni.toml", waiver("A1-CMP-001", BLANK, "expires = 2020-01-01").as_bytes());
    assert_eq!(check(&folder, &["--fail-on", "mai", "--strict-waivers"]).code, 2);
    folder.write("eccezioni.toml", waiver("A1-CMP-001", BLANK, "").as_bytes());
    assert_eq!(check(&folder, &["--fail-on", "mai", "--strict-waivers"]).code, 0);
}

#[test]
fn an_exception_for_a_rule_that_did_not_run_is_not_told() {
    let folder = folder(&waiver("A1-CMP-002", "where = \"domanda 1.1\"", ""));
    let ran = check(&folder, &["--strict-waivers", "--fail-on", "mai"]);
    assert!(ran.code == 0 && !ran.err.contains("attenzione"), "{ran:?}");
}

#[test]
fn an_exception_holds_in_the_other_language_too() {
    let folder = folder(&(waiver("A1-CMP-001", BLANK, "") + &*waiver("A1-CMP-001", "where = \"question 1.4\"", "")));
    for lang in ["it", "en"] {
        let ran = check(&folder, &["--lang", lang, "--strict-waivers"]);
        assert!(ran.code == 0 && ran.json()["summary"]["waived"] == 2, "{ran:?}");
    }
}

#[test]
fn a_finding_of_many_places_wants_all_of_them_or_its_fingerprint() {
    let folder = Folder::new();
    folder.copy("ptpct-servizi-informativi-2021.xlsx", "a.xlsx");
    let run = |exceptions: &str| {
        folder.write("eccezioni.toml", exceptions.as_bytes());
        folder.run(&["check", "a.xlsx", "--select", "PT-O02", "--format", "json", "--fail-on", "avviso"])
    };
    let ran = run(&waiver("PT-O02", "where = \"processo n. 7, Ufficio\"", ""));
    assert_eq!((ran.code, &ran.json()["summary"]["waived"]), (1, &0.into()));
    let finding = ran.json()["documents"][0]["findings"][0].clone();
    let print = finding["fingerprint"].as_str().unwrap().to_owned();
    let says = format!(
        "riguarda solo una parte dei punti di un rilievo, che conta ancora; per tutto il rilievo: fingerprint = \"{print}\""
    );
    assert!(ran.err.contains(&says), "{}", ran.err);
    assert_eq!(run(&waiver("PT-O02", &format!("fingerprint = \"{print}\""), "")).code, 0);
    let all = finding["places"].as_array().unwrap().iter().fold(String::new(), |mut all, place| {
        let _ =
            writeln!(all, "{}", waiver("PT-O02", &format!("where = \"{}\"", place["anchor"].as_str().unwrap()), ""));
        all
    });
    let ran = run(&all);
    assert!(ran.code == 0 && !ran.err.contains("attenzione"), "{ran:?}");
}

#[test]
fn an_exception_may_be_for_one_document() {
    let folder = folder(&waiver("A1-CMP-001", BLANK, "document = \"2020/Allegato1.xlsx\""));
    folder.copy(FIXTURE, "2021/allegato1.xlsx");
    let ran = folder.run(&["check", ".", "--select", "A1-CMP-001", "--format", "json", "--fail-on", "mai"]);
    let json = ran.json();
    let waived = |n: usize| {
        let findings = json["documents"][n]["findings"].as_array().unwrap();
        findings.iter().filter(|f| f["status"] == "waived").count()
    };
    assert_eq!((waived(0), waived(1)), (1, 0), "{ran:?}");
}

#[test]
fn exceptions_are_looked_for_as_the_configuration_is() {
    let folder = folder(&waiver("A1-CMP-001", BLANK, ""));
    let waived =
        |more: &[&str]| check(&folder, &[more, &["--fail-on", "mai"]].concat()).json()["summary"]["waived"].clone();
    assert_eq!(waived(&[]), 1);
    assert_eq!(waived(&["--isolated"]), 0);
    // The nearest file holds, alone; beside a configuration that is named, the one there.
    folder.write("2020/eccezioni.toml", b"").write("altra/riscontro.toml", b"");
    assert_eq!(waived(&[]), 0);
    assert_eq!(waived(&["--config", "altra/riscontro.toml"]), 0);
    folder.write("altra/eccezioni.toml", waiver("A1-CMP-001", BLANK, "").as_bytes());
    assert_eq!(waived(&["--config", "altra/riscontro.toml"]), 1);
}

#[test]
fn mistakes_are_told_with_their_place_before_anything_is_checked() {
    let ok = "rule = \"A1-CMP-001\"\nwhere = \"domanda 9.1\"\nreason = \"x\"\n";
    let with = |line: &str| format!("[[waiver]]\n{ok}{line}\n");
    let without = |key: &str| {
        let kept: Vec<&str> = ok.lines().filter(|l| !l.starts_with(key)).collect();
        format!("[[waiver]]\n{}\n", kept.join("\n"))
    };
    let cases = [
        (with("scade = \"1/1/2027\""), "5:1", "voce «scade» sconosciuta"),
        (format!("[[waivers]]\n{ok}"), "1:3", "voce «waivers» sconosciuta; forse «waiver»"),
        (without("reason"), "1:1", "manca la voce «reason»"),
        (without("rule"), "1:1", "manca la voce «rule»"),
        (without("where"), "1:1", "manca «where» (dove sta il rilievo, in parole) o «fingerprint»"),
        (with("fingerprint = \"0123456789abcdef\""), "5:15", "«where» e «fingerprint» insieme: tenerne uno solo"),
        (format!("{}fingerprint = \"012\"\n", without("where")), "4:15", "16 cifre esadecimali"),
        (with("expires = \"31 marzo\""), "5:11", "«31 marzo» non è una data: scriverla come 2027-03-31 o 31/03/2027"),
        (with("expires = \"31/02/2027\""), "5:11", "«31/02/2027» non è una data"),
        (with("expires = 2027"), "5:11", "«2027» non è una data"),
        (with("document = \"/\""), "5:12", "«document» è vuoto"),
        (with("approved_by = \" \""), "5:15", "«approved_by» è vuoto"),
        (with("").replace("\"x\"", "\"\""), "4:10", "«reason» è vuoto"),
        (with("").replace("domanda 9.1", "!"), "3:9", "«where» è vuoto"),
        (with("").replace("A1-CMP-001", "A1-CMP-00l"), "2:8", "regola «A1-CMP-00l» sconosciuta; forse «A1-CMP-001»"),
        (with("") + &*with(""), "6:1", "eccezione ripetuta: è già alla riga 1"),
        ("[[waiver]\n".to_owned(), "1:", "eccezioni.toml"),
    ];
    let folder = folder("");
    for (written, place, says) in cases {
        folder.write("eccezioni.toml", written.as_bytes());
        let ran = check(&folder, &["--out", "out"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}: {ran:?}");
        assert!(ran.err.contains(says), "{written}: {}", ran.err);
        assert!(ran.err.contains(&format!("eccezioni.toml:{place}")), "{written}: {}", ran.err);
    }
    // All mistakes at once, in English too.
    folder.write("eccezioni.toml", (with("document = \"/\"") + &*without("where")).as_bytes());
    let ran = check(&folder, &["--lang", "en"]);
    assert!(ran.err.contains("2 errors in the configuration") && ran.err.contains("is missing"), "{}", ran.err);
    assert_eq!(folder.files(), ["2020/allegato1.xlsx", "eccezioni.toml"]);
}

#[test]
fn a_file_of_exceptions_that_cannot_be_read_is_2() {
    let folder = folder("");
    folder.write("eccezioni.toml", b"# propriet\xe0\n");
    let ran = check(&folder, &[]);
    assert!(ran.code == 2 && ran.err.contains("UTF-8"), "{ran:?}");
    folder.write("eccezioni.toml", &vec![b' '; (1 << 20) + 1]);
    let ran = check(&folder, &[]);
    assert!(ran.code == 2 && ran.err.contains("troppo grande per essere il file delle eccezioni"), "{ran:?}");
}
