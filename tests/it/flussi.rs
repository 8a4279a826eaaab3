//! Information flows: texts of Markdown and the same content in rows, what is found in them, and what they are without.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use riscontro::model::{DocumentReport, OutcomeKind, Severity};

use crate::cli::Folder;
use crate::containers::{fixture, report};

const INCIDENTS: &str = "flussi/flusso-03-incidenti-ict.md";
const PERFORMANCE: &str = "flussi/flusso-07-performance-ict.md";

fn text(name: &str) -> String {
    String::from_utf8(fixture(name)).unwrap()
}

fn checked(text: &str) -> DocumentReport {
    report(text.as_bytes(), "flusso.md")
}

/// Code, severity and lines of every finding, sorted.
fn findings(report: &DocumentReport) -> Vec<String> {
    let line = |f: &riscontro::model::Finding| {
        let lines: Vec<String> = f.places.iter().filter_map(|p| p.line).map(|l| l.to_string()).collect();
        format!("{} {} {}", f.code, f.severity.name(), lines.join(","))
    };
    let mut all: Vec<String> = report.findings.iter().map(line).collect();
    all.sort();
    all
}

fn outcomes(report: &DocumentReport) -> BTreeMap<&str, OutcomeKind> {
    report.rules.iter().map(|rule| (&*rule.code, rule.kind)).collect()
}

fn codes(text: &str) -> Vec<String> {
    let mut codes: Vec<String> = checked(text).findings.iter().map(|f| f.code.to_string()).collect();
    codes.dedup();
    codes
}

/// The codes that a change of the text adds, and those that it takes away.
fn turned(name: &str, from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    let before = text(name);
    assert_eq!(before.matches(from).count(), 1, "{from}");
    let (before, after) = (codes(&before), codes(&before.replace(from, to)));
    let without = |a: &[String], b: &[String]| {
        let mut left: Vec<String> = a.iter().filter(|c| !b.contains(c)).cloned().collect();
        left.sort();
        left.dedup();
        left
    };
    (without(&after, &before), without(&before, &after))
}

fn added(name: &str, from: &str, to: &str) -> Vec<String> {
    turned(name, from, to).0
}

#[test]
fn incidents_yield_what_the_catalogue_says() {
    let report = checked(&text(INCIDENTS));
    let expected = [
        "FLW-010 errore 33",
        "FLW-011 avviso 33",
        "FLW-012 avviso 83",
        "FLW-013 errore 63,75",
        "FLW-018 osservazione 83",
        "FLW-019 avviso 64",
        "FLW-022 osservazione 123",
        "FLW-022 osservazione 123",
        "FLW-024 osservazione 18",
        "FLW-025 avviso 1",
        "FLW-029 osservazione 117",
    ];
    assert_eq!(findings(&report), expected);
    of_the_rest(&report, &["FLW-016"]);
}

#[test]
fn performance_yields_what_the_catalogue_says() {
    let report = checked(&text(PERFORMANCE));
    let expected = [
        "FLW-011 errore 33",
        "FLW-012 avviso 83",
        "FLW-018 osservazione 83",
        "FLW-022 osservazione 123",
        "FLW-022 osservazione 123",
        "FLW-024 osservazione 87",
        "FLW-025 avviso 1",
        "FLW-029 osservazione 117",
    ];
    assert_eq!(findings(&report), expected);
    of_the_rest(&report, &["FLW-016"]);
}

/// Rules without a finding: those that need a register or all the flows are not evaluable, those superseded have findings
/// that another tells, all others hold.
fn of_the_rest(report: &DocumentReport, superseded: &[&str]) {
    let found: Vec<&str> = report.findings.iter().map(|f| &*f.code).collect();
    for (code, kind) in outcomes(report) {
        let expected = match code {
            _ if found.contains(&code) || superseded.contains(&code) => OutcomeKind::Findings,
            "FLW-020" | "FLW-021" | "FLW-027" | "FLW-028" | "FLW-030" => OutcomeKind::NotEvaluable,
            _ => OutcomeKind::Passed,
        };
        assert_eq!(kind, expected, "{code}");
    }
}

#[test]
fn a_text_is_read_as_flow_workflows_and_steps() {
    let report = checked(&text(PERFORMANCE));
    let table = &report.tables[0];
    let units: Vec<_> = table.entities.iter().map(|e| format!("{} {}", e.name, e.number)).collect();
    assert_eq!(
        (report.tables.len(), &*table.kind, units.join(", ").as_str()),
        (1, "flussi", "flusso 1, lavoro 2, passo 5")
    );
    assert!(table.reading.notes.is_empty() && table.reading.skipped.is_empty());
}

#[test]
fn what_a_text_is_does_not_depend_on_its_name_or_its_ends_of_line() {
    let (plain, dos) = (text(INCIDENTS), text(INCIDENTS).replace('\n', "\r\n"));
    let expected = findings(&checked(&plain));
    for (bytes, name) in [(plain.as_bytes(), "flusso.txt"), (dos.as_bytes(), "a.md"), (dos.as_bytes(), "a.xlsx")] {
        assert_eq!(findings(&report(bytes, name)), expected, "{name}");
    }
    let marked = format!("\u{FEFF}{plain}");
    assert_eq!(findings(&checked(&marked)), expected);
}

#[test]
fn changes_of_a_text_turn_the_rules_meant_and_no_others() {
    for (name, from, to, codes) in [
        (PERFORMANCE, "\ntitle: Flusso Informativo di Gestione delle Performance ICT", "", &["FLW-001"][..]),
        (PERFORMANCE, "sidebar_label: Flusso Informativo 07", "sidebar_label: Flusso Informativo 08", &["FLW-002"]),
        (PERFORMANCE, "Al termine di **ID_FLINFO_07**", "Al termine di **ID_FLINFO_70**", &["FLW-002"]),
        (
            PERFORMANCE,
            "- **ID_FLLAV_39** – Produzione Documento: *Report Periodico di Performance ICT*\n",
            "",
            &["FLW-003"],
        ),
        (PERFORMANCE, "- **ID_FLLAV_39** –", "- **ID_FLLAV_38** –", &["FLW-003"]),
        (PERFORMANCE, "## Flusso di lavoro ID_FLLAV_39", "## Flusso di lavoro ID_FLLAV_40", &["FLW-003", "FLW-004"]),
        (
            PERFORMANCE,
            "### Produzione Documento: *Dashboard e KPI di Performance ICT*",
            "### Produzione Documento: *Cruscotto*",
            &["FLW-005"],
        ),
        (PERFORMANCE, "- **ID Step**: STP04", "- **ID Step**: STP03", &["FLW-006"]),
        (PERFORMANCE, "- **Ordine**: 4", "- **Ordine**: 1", &["FLW-007"]),
        (PERFORMANCE, "#### Step 4", "#### Step 9", &["FLW-007"]),
        (PERFORMANCE, "- **Tipo ruolo**: Contributor", "- **Tipo ruolo**: Informed", &["FLW-008"]),
        (PERFORMANCE, "- **Ruolo coinvolto**: ICT Data Analyst  \n", "", &["FLW-009"]),
        (PERFORMANCE, "- **Nome step**: Redazione report performance  \n", "", &["FLW-009"]),
        (
            PERFORMANCE,
            "- **Ruolo coinvolto**: Chief Information Officer",
            "- **Ruolo coinvolto**: ICT Performance Manager",
            &["FLW-014"],
        ),
        (PERFORMANCE, "- **Tipo ruolo**: Contributor", "- **Tipo ruolo**: Approver", &["FLW-016", "FLW-019"]),
    ] {
        assert_eq!(added(name, from, to), codes, "{from} -> {to}");
    }
}

#[test]
fn what_is_put_right_is_silent() {
    let (_, gone) =
        turned(INCIDENTS, "- **Ruolo coinvolto**: Service Desk ICT", "- **Ruolo coinvolto**: ICT Operations Manager");
    assert_eq!(gone, ["FLW-010"]);
    let front = "  - flussi informativi\n";
    let data = "versione: 2.1\ndate: 2024-05-02\nowner: ICT\napproval_date: 2024-05-03\nnext_review: 2025-05-03\n";
    assert_eq!(turned(INCIDENTS, front, &format!("{front}{data}")).1, ["FLW-025"]);
    assert_eq!(turned(INCIDENTS, "si registrano e si aggiornano", "si registrano").1, [""; 0]);
}

#[test]
fn a_blank_is_told_on_the_line_of_its_step() {
    let text = text(PERFORMANCE).replace("- **Ruolo coinvolto**: ICT Data Analyst  \n", "");
    let report = checked(&text);
    let finding = report.findings.iter().find(|f| &*f.code == "FLW-009").unwrap();
    let place = &finding.places[0];
    assert_eq!((place.line, place.anchor.to_string().as_str()), (Some(59), "step STP02, ruolo coinvolto"));
    assert!(place.area.is_none() && place.sheet.is_none() && place.value.is_none());
}

#[test]
fn a_front_matter_that_is_no_yaml_is_a_finding_on_its_line() {
    for (from, to, line) in [
        ("title: Flusso", "title: Nome: Flusso", 3),
        ("tags:\n", "tags: [a, \"b\n", 6),
        ("  - flussi informativi\n---", "  - flussi informativi", 12),
    ] {
        let text = text(PERFORMANCE).replacen(from, to, 1);
        let report = checked(&text);
        let found: Vec<_> = report.findings.iter().filter(|f| &*f.code == "FLW-001").collect();
        assert_eq!(found.len(), 1, "{to}");
        assert_eq!(found[0].severity, Severity::Errore);
        let told = found[0].places[0].line.unwrap();
        assert!((line..=line + 4).contains(&told), "{to}: {told}");
        assert!(found[0].message.contains("non si legge come YAML"), "{}", found[0].message);
        assert_eq!(outcomes(&report)["FLW-010"], OutcomeKind::Passed);
    }
}

#[test]
fn a_text_without_front_matter_says_so() {
    let whole = text(PERFORMANCE);
    let body = whole.split_once("---\n\n## Obiettivo").map(|(_, rest)| format!("## Obiettivo{rest}")).unwrap();
    let report = checked(&body);
    let first = report.findings.iter().find(|f| &*f.code == "FLW-001").unwrap();
    assert_eq!(first.places[0].line, Some(1));
    assert!(first.message.contains("non ha un frontespizio"), "{}", first.message);
}

#[test]
fn workflows_and_flows_without_steps_are_told() {
    let whole = text(PERFORMANCE);
    let without = |from: &str, to: &str| {
        let (head, rest) = whole.split_once(from).unwrap();
        format!("{head}{}{}", if to.is_empty() { "" } else { to }, rest.split_once("## Output").map_or("", |r| r.1))
    };
    // The second workflow without steps.
    let text = without("#### Step 4", "## Output");
    let found = findings(&checked(&text));
    assert!(found.contains(&"FLW-018 avviso 83".to_owned()), "{found:?}");
    // No workflow at all.
    let (head, _) = whole.split_once("## Flusso di lavoro ID_FLLAV_07").unwrap();
    let report = checked(head);
    let empty = report.findings.iter().find(|f| &*f.code == "FLW-003").unwrap();
    assert_eq!(empty.message, "il documento non descrive alcun flusso di lavoro: attesi ID_FLLAV_07, ID_FLLAV_39");
    assert_eq!(outcomes(&report)["FLW-010"], OutcomeKind::NotEvaluable);
}

#[test]
fn a_text_written_more_loosely_is_read_all_the_same() {
    let loose = "# Flusso\n\n## Flusso di lavoro: ID_FLLAV_07\n* Nome documento: Dashboard\n\n## Step\n\n- **ID Step:** STP01\n- **Ordine:** 1\n- **Nome step:** Redazione\n  del report\n- **Ruolo coinvolto:** ICT Manager\n- **Tipo ruolo:** Owner\n- **Descrizione:** Si redige\n  il report.\n\nUna nota.\n\n- **ID Step:** STP02\n- **Ordine:** 2\n- **Nome step:** Approvazione\n- **Ruolo coinvolto:** CIO\n- **Tipo ruolo:** Approver\n- **Descrizione:** Il CIO approva e invia alla Giunta.\n";
    let report = checked(loose);
    let units: Vec<_> = report.tables[0].entities.iter().map(|e| e.number).collect();
    assert_eq!(units, [1, 1, 2]);
    let kinds = outcomes(&report);
    for code in ["FLW-006", "FLW-007", "FLW-008", "FLW-009", "FLW-010", "FLW-011", "FLW-016", "FLW-029"] {
        assert_eq!(kinds[code], OutcomeKind::Passed, "{code}");
    }
}

#[test]
fn a_field_given_twice_is_passed_over_and_told() {
    let text = text(PERFORMANCE)
        .replace("- **Tipo ruolo**: Contributor", "- **Tipo ruolo**: Contributor\n- **Tipo ruolo**: Owner");
    let report = checked(&text);
    let skipped = &report.tables[0].reading.skipped;
    assert_eq!((skipped.len(), &*skipped[0].text), (1, "Tipo ruolo: Owner"));
}

/// The steps of a flow as rows.
fn rows() -> String {
    let mut rows = "ID flusso informativo;ID flusso di lavoro;Nome documento;Tipologia documento;ID Step;Ordine;Nome step;Ruolo coinvolto;Tipo ruolo;Descrizione\n".to_owned();
    for (id, flow) in [("03", INCIDENTS), ("07", PERFORMANCE)] {
        let (mut work, mut step) = (Vec::new(), Vec::new());
        let mut lines = text(flow).lines().map(|l| l.trim().replace("**", "")).collect::<Vec<_>>().into_iter();
        while let Some(line) = lines.next() {
            if let Some(id) = line.strip_prefix("## Flusso di lavoro ") {
                work = vec![id.to_owned()];
            } else if let Some((label, value)) = line.strip_prefix("- ").and_then(|l| l.split_once(": ")) {
                match label {
                    "Nome documento" | "Tipologia documento" => work.push(value.to_owned()),
                    "ID Step" | "Ordine" | "Nome step" | "Ruolo coinvolto" | "Tipo ruolo" => {
                        step.push(value.to_owned());
                    }
                    _ => {}
                }
            } else if line == "Descrizione" {
                step.push(lines.next().unwrap());
                writeln!(rows, "ID_FLINFO_{id};{};{}", work.join(";"), step.join(";")).unwrap();
                step.clear();
            }
        }
    }
    rows
}

#[test]
fn the_same_content_in_rows_yields_the_same_findings() {
    let of_rows = report(rows().as_bytes(), "flussi.csv");
    let table = &of_rows.tables[0];
    let units: Vec<_> = table.entities.iter().map(|e| format!("{} {}", e.name, e.number)).collect();
    assert_eq!((&*table.kind, units.join(", ").as_str()), ("flussi", "flusso 2, lavoro 4, passo 10"));
    // What only a text has.
    let of_text = ["FLW-022", "FLW-024", "FLW-025"];
    let told = |report: &DocumentReport| -> Vec<String> {
        let told = report.findings.iter().filter(|f| !of_text.contains(&&*f.code));
        told.map(|f| format!("{} {}", f.code, f.message)).collect()
    };
    let mut expected: Vec<String> = [INCIDENTS, PERFORMANCE].iter().flat_map(|f| told(&checked(&text(f)))).collect();
    let mut found = told(&of_rows);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    for code in of_text {
        assert_eq!(outcomes(&of_rows)[code], OutcomeKind::NotEvaluable, "{code}");
    }
}

#[test]
fn all_flows_together_tell_load_and_gaps() {
    let folder = Folder::new();
    folder.write("flussi.csv", rows().as_bytes());
    folder.write("riscontro.toml", b"[plan]\ncomplete = true\n");
    let ran =
        folder.run(&["check", "flussi.csv", "--format", "concise", "--fail-on", "mai", "--select", "FLW-028,FLW-030"]);
    for wanted in [
        "il ruolo «Chief Information Officer» è Approver in 2 step",
        "il ruolo «ICT Performance Manager» è Owner in 2 step",
        "mancano i flussi informativi n. 4-6",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

#[test]
fn registers_of_roles_and_types_make_membership_evaluable() {
    let folder = Folder::new();
    folder.copy(PERFORMANCE, "flusso.md");
    let lists = "[catalogues]\nruoli = [\"ICT Performance Manager\", \"ICT Data Analyst\", \"ICT Governance Manager\", \"Chief Information Office\"]\ntipi_documento = [\"Report direzionale\"]\n";
    folder.write("riscontro.toml", lists.as_bytes());
    let ran =
        folder.run(&["check", "flusso.md", "--format", "concise", "--fail-on", "mai", "--select", "FLW-020,FLW-021"]);
    assert!(ran.out.contains("flusso.md:113: avviso[FLW-020] il ruolo «Chief Information Officer» non è nel registro dei ruoli: il più vicino è «Chief Information Office»"), "{}", ran.out);
    assert!(ran.out.contains("flusso.md:38: avviso[FLW-021]"), "{}", ran.out);
}

#[test]
fn places_in_json_are_lines() {
    let folder = Folder::new();
    folder.copy(PERFORMANCE, "flusso.md");
    let ran = folder.run(&["check", "flusso.md", "--format", "json", "--fail-on", "mai", "--select", "FLW-011"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let place = &json["documents"][0]["findings"][0]["places"][0];
    assert_eq!((place["line"].as_u64(), place.get("cell"), place.get("sheet")), (Some(33), None, None));
}

#[test]
fn the_reading_of_a_text_is_told_line_by_line() {
    let folder = Folder::new();
    folder.copy(PERFORMANCE, "flusso.md");
    let arguments = ["check", "flusso.md", "--explain-reading", "--fail-on", "mai"];
    let ran = folder.run(&arguments);
    for wanted in [
        "righe 1-126: 1 flusso informativo, 2 flussi di lavoro, 5 step; certezza 100%",
        "riga 2: «ID del flusso informativo» (id_flusso), scritto una volta",
        "riga 51: «ruolo coinvolto» (ruolo), scritto 5 volte",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
    let ran = folder.run(&[&arguments[..], &["--lang", "en"]].concat());
    assert!(ran.out.contains("line 51: “role” (ruolo), written 5 times"), "{}", ran.out);
}

#[test]
fn endless_and_broken_texts_are_read_without_harm() {
    let whole = text(INCIDENTS);
    for cut in (0..whole.len()).step_by(97).filter(|cut| whole.is_char_boundary(*cut)) {
        let _ = riscontro::check_bytes("a.md", &whole.as_bytes()[..cut], &riscontro::Options::embedded().unwrap());
    }
    for text in [
        "#### Step 1\n".repeat(20_000),
        "## Flusso di lavoro ID_FLLAV_01\n".repeat(20_000),
        format!("## Step 1\n{}", "- **Ruolo coinvolto**: x\n".repeat(20_000)),
        format!("## Output del flusso\n{}", "ID_FLINFO_01 ".repeat(20_000)),
    ] {
        let _ = riscontro::check_bytes("a.md", text.as_bytes(), &riscontro::Options::embedded().unwrap());
    }
}
