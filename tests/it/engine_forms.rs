//! Functions that ask a form by number, tried through the examples of rules beside the shipped schedules.

use std::fs;
use std::path::Path;

use riscontro::engine::run_examples;
use riscontro::pack::Packs;
use tempfile::TempDir;

/// The shipped schedules without their rules, and one rule.
fn tried(kind: &str, rule: &str) -> Vec<String> {
    let dir = TempDir::new().unwrap();
    for kind in ["allegato1", "allegato2", "obiettivi", "ptpct", "relazione_rpct"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(kind);
        let into = dir.path().join(kind);
        fs::create_dir(&into).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "toml") {
                fs::copy(&path, into.join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let schedule = fs::read_to_string(dir.path().join(kind).join("schedule.toml")).unwrap();
    let norm = "\n[norms.prova]\nit = \"norma\"\nen = \"norm\"\ncertainty = \"unverified\"\n";
    fs::write(dir.path().join(kind).join("schedule.toml"), schedule + norm).unwrap();
    fs::write(dir.path().join(kind).join("prova.rhai"), rule).unwrap();
    let run = run_examples(&Packs::from_dir(dir.path()).unwrap()).unwrap();
    assert!(run.examples > 0);
    run.failures.into_iter().map(|f| format!("{}: {}", f.line, f.message.it)).collect()
}

fn rule(header: &str, message: &str, condition: &str, examples: &str) -> String {
    format!(
        "/*---\ncode = \"PR-01\"\nseverity = \"avviso\"\nbasis = \"prova\"\n{header}\n[it]\ntitle = \"T\"\n\
         message = '''{message}'''\nwhy = \"W\"\nremedy = \"R\"\n[en]\ntitle = \"T\"\nmessage = '''{message}'''\n\
         why = \"W\"\nremedy = \"R\"\n{examples}\n---*/\n{condition}\n"
    )
}

#[test]
fn questions_answer_by_number() {
    let message = "{numero} {answer(\"9.1\")} {answer(condizione)} {join(question(\"2.3\", \"dettagli\"))}";
    let examples = r#"
[[example]]
answers = { "9.1" = "Si", "9.2" = "", "2.3" = { risposta = "Si", dettagli = ["ORACLE", "PRIAMO"] } }
outcome = "findings"
at = ["9.2", "9.3"]
message = "9.2 Si Si ORACLE; PRIAMO"
findings = 2

[[example]]
answers = { "9.1" = "No" }
outcome = "not_applicable"

[[example]]
answers = { "9.2" = "Si" }
outcome = "not_evaluable"
"#;
    let header =
        "each = \"domanda\"\nwhen = 'any_of(numero, [\"9.2\", \"9.3\"]) && yes(answer(\"9.1\"))'\nat = \"risposta\"";
    assert_eq!(tried("allegato1", &rule(header, message, "!missing(risposta)", examples)), [""; 0]);
}

#[test]
fn dropped_rows_are_departures_from_the_form() {
    let message = "{rows_missing()}|{rows_stray()}|{missing_keys()}|{key_before(\"1.4\")}|{count(form_keys())}";
    let examples = r#"
[[example]]
answers = { "1.1" = "Si" }
outcome = "passed"

[[example]]
answers = { "1.1" = "Si" }
drop = ["1.4"]
outcome = "findings"
findings = 1
message = "||1.4|1.3|40"

[[example]]
answers = { "1.1" = "Si" }
drop_rows = [2]
outcome = "findings"
message = "Esempi|||1.3|40"
"#;
    let rule = rule("at = 'deviations()'", message, "count(deviations()) == 0", examples);
    assert_eq!(tried("allegato1", &rule), [""; 0]);
}

#[test]
fn counts_answer_by_number_and_from_other_documents() {
    let message = "{entry(4)} di {entry(3)}: {note(4)} ({variant})";
    let examples = r#"
[[example]]
counts = { strategici = { "3" = 7, "4" = { valore = 9, nota = "con nota" } } }
outcome = "findings"
at = ["4"]
message = "9 di 7: con nota (strategici)"

[[example]]
counts = { operativi = { "3" = 7, "4" = 7 } }
outcome = "passed"

[[example]]
counts = { operativi = { "3" = "", "4" = 7 } }
outcome = "not_evaluable"

[[example]]
counts = { strategici = { "3" = "molti", "4" = 7 } }
outcome = "not_evaluable"
"#;
    let rule = rule("at = 'entry(4)'", message, "number(entry(4)) <= number(entry(3))", examples);
    assert_eq!(tried("allegato2", &rule), [""; 0]);
}

#[test]
fn other_documents_may_be_missing() {
    let message = "{entry_of(\"allegato2\", \"strategici\", 1)}, {note_of(\"allegato2\", \"strategici\", 1)}";
    let examples = r#"
[[example]]
answers = { "1.1" = "Si" }
documents = { allegato2 = { counts = { strategici = { "1" = { valore = 3, nota = "tre" } } } } }
outcome = "findings"
message = "3, tre"

[[example]]
answers = { "1.1" = "Si" }
documents = { allegato2 = { counts = { strategici = { "1" = 0 } } } }
outcome = "passed"

[[example]]
answers = { "1.1" = "Si" }
outcome = "not_evaluable"

[[example]]
answers = { "1.1" = "Si" }
documents = { allegato2 = { counts = { operativi = { "1" = 2 } } } }
outcome = "not_evaluable"

[[example]]
answers = { "1.1" = "Si" }
documents = { allegato2 = { counts = { strategici = { "1" = 2 } }, drop_counts = { strategici = ["1"] } } }
outcome = "passed"
"#;
    let condition =
        "number(entry_of(\"allegato2\", \"strategici\", 1)) == 0 || !has_entry_of(\"allegato2\", \"strategici\", 1)";
    let condition = format!(
        "!has_entry_of(\"allegato2\", \"strategici\", 1) && has_document(\"allegato2\") && count(form_keys()) == 0 || {condition}"
    );
    let found = tried("allegato1", &rule("", message, &condition, examples));
    assert_eq!(found.len(), 1, "a row that is not printed is blank, not zero: {found:?}");
}

#[test]
fn questions_of_another_schedule_answer_too() {
    let message = "{answer_of(\"allegato1\", \"6.1\")}: {question_of(\"allegato1\", \"6.1\", \"esempi\")}";
    let examples = r#"
[[example]]
counts = { strategici = { "1" = 3 } }
documents = { allegato1 = { answers = { "6.1" = { risposta = "No", esempi = "nessuno" } } } }
outcome = "findings"
message = "No: nessuno"

[[example]]
counts = { strategici = { "1" = 3 } }
documents = { allegato1 = { answers = { "6.1" = "Si" } } }
outcome = "passed"

[[example]]
counts = { strategici = { "1" = 3 } }
outcome = "not_evaluable"
"#;
    let rule = rule(
        "related = 'answer_of(\"allegato1\", \"6.1\")'",
        message,
        "yes(answer_of(\"allegato1\", \"6.1\"))",
        examples,
    );
    assert_eq!(tried("allegato2", &rule), [""; 0]);
}

#[test]
fn a_reversed_comparison_fails_its_examples() {
    let examples = r#"
[[example]]
counts = { strategici = { "3" = 7, "4" = 9 } }
outcome = "findings"

[[example]]
counts = { strategici = { "3" = 9, "4" = 7 } }
outcome = "passed"
"#;
    let right = rule("", "m", "number(entry(4)) <= number(entry(3))", examples);
    assert_eq!(tried("allegato2", &right), [""; 0]);
    let found = tried("allegato2", &right.replace("<=", ">="));
    assert_eq!(
        found,
        [
            "17: atteso l'esito «findings», trovato «passed»",
            "21: atteso l'esito «passed», trovato «findings» (intestazione della tabella: m)"
        ]
    );
}

#[test]
fn examples_must_say_where_what_and_how_grave() {
    let examples = r#"
[[example]]
answers = { "1.1" = "Si" }
outcome = "findings"
at = ["1.2"]

[[example]]
answers = { "1.1" = "Si" }
outcome = "findings"
severity = "errore"

[[example]]
answers = { "1.1" = "Si" }
outcome = "findings"
message = "altro"

[[example]]
answers = { "1.1" = "Si" }
outcome = "findings"
hint = "boh"

[[example]]
answers = { "1.1" = "Si" }
outcome = "findings"
findings = 2

[[example]]
answers = { "1.9" = "Si" }
outcome = "findings"

[[example]]
answers = { "1.1" = { rispsta = "Si" } }
outcome = "findings"
"#;
    let header = "each = \"domanda\"\nwhen = 'numero == \"1.1\"'\nat = \"risposta\"";
    insta::assert_snapshot!(tried("allegato1", &rule(header, "trovato {risposta}", "false", examples)).join("\n"), @"
    1: manca un esempio in cui la regola non trova nulla
    19: punti: atteso «1.2», trovato «1.1»
    24: gravità: atteso «errore», trovato «avviso»
    29: messaggio: atteso «altro», trovato «trovato Si»
    34: proposta: atteso «boh», trovato «»
    39: rilievi: atteso «2», trovato «1» (domanda 1.1, RISPOSTA: trovato Si)
    44: il modulo non ha la domanda «1.9»; forse «1.1»
    48: campo sconosciuto «rispsta»; forse «risposta»
    ");
}

#[test]
fn rows_of_the_sheet_and_text_boxes_are_known() {
    let message = "{sheet_row(risposta)}|{at_row(\"risposta\", 3)}|{at_row(\"risposta\", 99)}|{boxed(all(\"esempi\"))}|{istruzioni}";
    let examples = r#"
[[example]]
answers = { "1.1" = { risposta = "Si", esempi = "in una casella" }, "1.2" = { risposta = "No", esempi = "in una cella" } }
boxed_rows = [2]
outcome = "findings"
findings = 1
message = "2|in una casella|(in bianco)|in una casella|(in bianco)"

[[example]]
answers = { "2.1" = "Si" }
outcome = "findings"
message = "13|(in bianco)|(in bianco)||nel caso in cui tutti gli obiettivi siano privi di indicatori, specificare tale criticità nello spazio dedicato a 'Eventuali ulteriori annotazioni' riga 33"

[[example]]
answers = { "2.2" = "Si" }
outcome = "passed"

# A row dropped above moves those below up.
[[example]]
answers = { "2.1" = "Si" }
drop_rows = [2]
outcome = "findings"
message = "12|(in bianco)|(in bianco)||nel caso in cui tutti gli obiettivi siano privi di indicatori, specificare tale criticità nello spazio dedicato a 'Eventuali ulteriori annotazioni' riga 33"
"#;
    let header = "each = \"domanda\"\nwhen = 'present(risposta) && yes(risposta)'\nat = \"risposta\"";
    assert_eq!(tried("allegato1", &rule(header, message, "sheet_row(risposta) > 13", examples)), [""; 0]);
}

#[test]
fn all_cells_of_another_table_are_a_list() {
    let message = "{given(all_of(\"allegato2\", \"strategici\", \"nota\"))}|{count(all_of(\"allegato2\", \"strategici\", \"valore\"))}";
    let examples = r#"
[[example]]
counts = { operativi = { "1" = 3 }, strategici = { "1" = { valore = 3, nota = "tre" }, "2" = { valore = 2, nota = "due" } } }
outcome = "findings"
message = "tre, due|8"

[[example]]
counts = { operativi = { "1" = 3 }, strategici = { "1" = 3 } }
outcome = "passed"

[[example]]
counts = { operativi = { "1" = 3 } }
outcome = "not_evaluable"
"#;
    let rule = rule(
        "when = 'variant() == \"operativi\"'",
        message,
        "filled(all_of(\"allegato2\", \"strategici\", \"nota\")) == 0",
        examples,
    );
    assert_eq!(tried("allegato2", &rule), [""; 0]);
}

#[test]
fn cells_of_another_kind_come_from_all_of_its_tables() {
    let message = "{cells_of(\"obiettivi\", \"codice_obiettivo\")}|{recount(numero)}|{recounted(numero)}";
    let examples = r#"
[[example]]
counts = { operativi = { "1" = 3 } }
documents = { obiettivi = { rows = [{ codice_obiettivo = "A", livello = "Operativo", obiettivo = "Meno tempi", indicatore = "Tempo" }, { codice_obiettivo = "B", livello = "Operativo", obiettivo = "Più servizi", indicatore = "Servizi" }] } }
outcome = "findings"
at = ["1"]
message = "A, B|2|A; B"

[[example]]
counts = { operativi = { "1" = 2 } }
documents = { obiettivi = { rows = [{ codice_obiettivo = "A", livello = "Operativo", obiettivo = "Meno tempi", indicatore = "Tempo" }, { codice_obiettivo = "B", livello = "Operativo", obiettivo = "Più servizi", indicatore = "Servizi" }] } }
outcome = "passed"

[[example]]
counts = { operativi = { "1" = 2 } }
outcome = "not_evaluable"
"#;
    let header = "each = \"voce\"\nwhen = 'present(valore)'\nat = \"valore\"";
    let rule = rule(header, message, "number(valore) == recount(numero)", examples);
    assert_eq!(tried("allegato2", &rule), [""; 0]);
}

#[test]
fn columns_of_an_example_may_have_headings_of_their_own() {
    let examples = r#"
[[example]]
row = { processo = "Gare" }
outcome = "passed"

[[example]]
row = { processo = "Gare", ufficio = "CED" }
headings = { processo = "Attività" }
outcome = "findings"
message = "Attività, Ufficio"

[[example]]
row = { processo = "Gare" }
headings = { ufficio = "Servizio" }
outcome = "passed"
"#;
    let header = "each = \"processo\"\nat = \"processo\"";
    let found = tried("ptpct", &rule(header, "{headings()}", "same(heading(\"processo\"), \"processo\")", examples));
    assert_eq!(found, ["28: intestazione di un campo che l'esempio non ha: «ufficio»"]);
}

#[test]
fn an_answer_may_have_more_columns_and_another_wording() {
    let examples = r#"
[[example]]
answers = { "4.B" = { risposta = "Sì", ulteriori_informazioni = "18432", domanda = "Indicatore delle visite" }, "4.C" = { risposta = "No", ulteriori_informazioni = "" } }
outcome = "findings"
at = ["4.B"]
message = "Indicatore delle visite|Sì|18432"

[[example]]
answers = { "4.B" = "Sì" }
outcome = "passed"

[[example]]
answers = { "4.b" = "Sì" }
outcome = "passed"

[[example]]
answers = { "4.C" = { numero = "4.D" } }
outcome = "passed"
"#;
    let header = "each = \"domanda\"\nwhen = 'present(risposta)'\nat = \"risposta\"";
    let rule =
        rule(header, "{domanda}|{risposta}|{ulteriori_informazioni}", "missing(ulteriori_informazioni)", examples);
    assert_eq!(
        tried("relazione_rpct", &rule),
        ["29: il modulo non ha la domanda «4.b»; forse «4.B»", "33: campo sconosciuto «numero»"]
    );
}
