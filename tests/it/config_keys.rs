//! Every key of `riscontro.toml`: what it does to the findings, and what is said of a wrong one.

use crate::cli::{Folder, Ran};

/// A table of processes with all that the keys speak of.
fn plan(folder: &Folder, to: &str) {
    folder.workbook(
        to,
        &[
            &["Mappatura dei processi e valutazione del rischio corruttivo"],
            &[
                "N.",
                "Processo",
                "Area di rischio",
                "Ufficio",
                "Evento rischioso",
                "Probabilità",
                "Impatto",
                "Punteggio",
                "Livello di rischio",
                "Misura di prevenzione",
            ],
            &[
                "1",
                "Affidamento di forniture",
                "D) Contratti pubblici",
                "Ufficio acquisti",
                "Accordo tra concorrenti",
                "4",
                "3",
                "12",
                "Alto",
                "Rotazione",
            ],
            &[
                "2",
                "Rilascio di permessi",
                "H) Orti urbani",
                "Edilizia",
                "Favore indebito",
                "2",
                "2",
                "4",
                "Medio",
                "Controlli a campione",
            ],
        ],
    );
}

/// A plan in a folder with a configuration.
fn configured(written: &str) -> Folder {
    let folder = Folder::new();
    plan(&folder, "piano.xlsx");
    folder.write("riscontro.toml", written.as_bytes());
    folder
}

fn checked(folder: &Folder, more: &[&str]) -> serde_json::Value {
    let ran = folder.run(&[&["check", ".", "--format", "json", "--fail-on", "mai"], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()["documents"][0].clone()
}

/// The outcome of a rule, and its reason.
fn outcome(document: &serde_json::Value, code: &str) -> (String, String) {
    let rules = document["rules"].as_array().unwrap();
    let rule = rules.iter().find(|r| r["code"] == code).unwrap_or_else(|| panic!("{code}: {document}"));
    (rule["outcome"].as_str().unwrap().to_owned(), rule["reason"].as_str().unwrap_or_default().to_owned())
}

/// The messages of a rule.
fn messages(document: &serde_json::Value, code: &str) -> Vec<String> {
    let all = document["findings"].as_array().unwrap().iter().filter(|f| f["code"] == code);
    all.map(|f| f["message"].as_str().unwrap().to_owned()).collect()
}

/// What a key does to the outcome of a rule: the reason without it, and the messages with it.
fn supplied(written: &str, code: &str) -> (String, Vec<String>) {
    let without = checked(&configured(""), &[]);
    let (kind, reason) = outcome(&without, code);
    assert_eq!(kind, "not_evaluable", "{code}: {reason}");
    let with = checked(&configured(written), &[]);
    assert_eq!(outcome(&with, code).0, "findings", "{code}: {with}");
    (reason, messages(&with, code))
}

#[test]
fn offices_of_the_body_decide_which_are_known() {
    let (reason, told) = supplied("[catalogues]\nuffici = [\"Edilizia\", \"Ufficio acquisto\"]\n", "PT-O07");
    assert_eq!(reason, "manca l'elenco «Uffici dell'ente»: si dà in riscontro.toml, [catalogues] uffici");
    assert_eq!(told, ["l'ufficio «Ufficio acquisti» non è nell'organigramma dell'ente: forse «Ufficio acquisto»"]);
    let alias = "[catalogues]\nuffici = [\"Edilizia\", { value = \"Acquisti\", aliases = [\"Ufficio acquisti\"] }]\n";
    assert_eq!(outcome(&checked(&configured(alias), &[]), "PT-O07").0, "passed");
}

#[test]
fn areas_of_the_body_take_the_place_of_those_of_the_pack() {
    let areas = |written: &str| {
        let document = checked(&configured(written), &[]);
        (messages(&document, "PT-A02"), messages(&document, "PT-A03"))
    };
    assert_eq!(areas(""), (vec![], vec![]));
    let (unknown, letters) =
        areas("[catalogues]\naree_di_rischio = [\"D) Contratti pubblici (generale)\", \"A) Personale\"]\n");
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(unknown[0].contains("«H) Orti urbani» non è nel catalogo delle aree"), "{unknown:?}");
    assert_eq!(letters, Vec::<String>::new());
    let (unknown, letters) = areas("[catalogues]\naree_di_rischio = [\"B) Contratti pubblici\", \"Orti urbani\"]\n");
    assert_eq!(unknown, Vec::<String>::new());
    assert_eq!(
        letters,
        ["la lettera «D» non corrisponde all'area «Contratti pubblici»: attesa «B», come nel catalogo del piano"]
    );
}

#[test]
fn adoption_date_year_and_deadline_decide_whether_the_plan_is_late() {
    let dates = "[cycle]\nyear = 2024\nadoption_date = 2024-04-10\n";
    let (reason, told) = supplied(dates, "PT-D06");
    assert!(reason.contains("riscontro.toml, [cycle] adoption_date"), "{reason}");
    assert_eq!(told, ["il piano è stato adottato il 10/04/2024, dopo il termine del 31 gennaio 2024"]);
    let written = format!("{dates}[body]\nplan_deadline = \"15 aprile\"\n");
    assert_eq!(outcome(&checked(&configured(&written), &[]), "PT-D06").0, "passed");
    let text = dates.replace("2024-04-10", "\"10 aprile 2024\"");
    assert_eq!(messages(&checked(&configured(&text), &[]), "PT-D06").len(), 1);
    let (_, reason) = outcome(&checked(&configured("[cycle]\nadoption_date = 2024-04-10\n"), &[]), "PT-D06");
    assert!(reason.contains("[cycle] year"), "{reason}");
}

#[test]
fn a_whole_plan_must_have_the_mandatory_areas() {
    let (reason, told) = supplied("plan.complete = true\n", "PT-A09");
    assert_eq!(reason, "manca ciò che l'ente dichiara in riscontro.toml: [plan] complete");
    assert_eq!(told.len(), 1);
    assert_eq!(outcome(&checked(&configured("plan.complete = false\n"), &[]), "PT-A09").0, "not_applicable");
}

#[test]
fn bands_and_matrix_decide_which_level_a_score_has() {
    let (reason, told) = supplied("[method]\nbands = { basso = 4, medio = 9 }\n", "PT-R11");
    assert!(reason.contains("[method.bands] basso o [method] matrix"), "{reason}");
    assert_eq!(
        told,
        [
            "processo n. 2, evento «Favore indebito»: il livello «Medio» non corrisponde al punteggio 4: per il metodo del piano è «basso»"
        ]
    );
    let matrix = "[method.matrix]\n4 = { 3 = \"medio\" }\n2 = { 2 = \"medio\" }\n";
    let told = messages(&checked(&configured(matrix), &[]), "PT-R11");
    assert_eq!(
        told,
        [
            "processo n. 1, evento «Accordo tra concorrenti»: il livello «Alto» non corrisponde a probabilità «4» e impatto «3»: per la matrice del piano è «medio»"
        ]
    );
}

#[test]
fn a_scale_admits_its_levels_only() {
    let told = |written: &str| messages(&checked(&configured(written), &[]), "PT-R06");
    assert_eq!(told(""), Vec::<String>::new());
    assert_eq!(told("method.scale = [\"alto\", \"medio\", \"basso\"]\n"), Vec::<String>::new());
    assert_eq!(
        told("method.scale = [\"basso\", \"alto\"]\n"),
        [
            "processo n. 2, evento «Favore indebito»: il livello «Medio» non è nella scala dichiarata dal piano, «basso, alto»"
        ]
    );
    assert_eq!(told("method.scale = \"anci_5\"\n"), Vec::<String>::new());
    assert_eq!(told("method.scale = \"unicam\"\n").len(), 2);
}

#[test]
fn a_score_that_is_declared_the_product_must_be() {
    let folder = configured("method.matrix = \"prodotto\"\n");
    assert_eq!(outcome(&checked(&folder, &[]), "PT-R09").0, "passed");
    folder.workbook(
        "piano.xlsx",
        &[
            &["Mappatura dei processi e valutazione del rischio corruttivo"],
            &[
                "N.",
                "Processo",
                "Area di rischio",
                "Evento rischioso",
                "Probabilità",
                "Impatto",
                "Punteggio",
                "Misura di prevenzione",
            ],
            &["1", "Gare", "Contratti pubblici", "Accordo", "4", "3", "9", "Rotazione"],
        ],
    );
    assert_eq!(messages(&checked(&folder, &[]), "PT-R09").len(), 1);
    folder.write("riscontro.toml", b"");
    assert_eq!(outcome(&checked(&folder, &[]), "PT-R09").0, "not_applicable");
}

#[test]
fn severities_and_parameters_of_rules_change() {
    let severity = |written: &str| {
        let document =
            checked(&configured(&format!("[cycle]\nyear = 2024\nadoption_date = 2024-04-10\n{written}")), &[]);
        let finding = document["findings"].as_array().unwrap().iter().find(|f| f["code"] == "PT-D06").cloned();
        finding.map(|f| f["severity"].as_str().unwrap().to_owned())
    };
    assert_eq!(severity("").as_deref(), Some("avviso"));
    assert_eq!(severity("[severity]\nPT-D06 = \"errore\"\n").as_deref(), Some("errore"));
    assert_eq!(severity("[severity]\nPT-D = \"info\"\n").as_deref(), Some("osservazione"));
    // The name of one rule goes before the beginning of several.
    assert_eq!(
        severity("[severity]\nPT-D = \"info\"\n\"ptpct/adozione-oltre-il-termine\" = \"error\"\n").as_deref(),
        Some("errore")
    );
    assert_eq!(severity("[params.PT-D06]\ntermine = \"10 aprile\"\n"), None);
    // The parameter of a rule goes before what the body declares for all.
    assert_eq!(
        severity("[body]\nplan_deadline = \"1 maggio\"\n[params.PT-D06]\ntermine = \"9 aprile\"\n").as_deref(),
        Some("avviso")
    );
}

#[test]
fn the_threshold_of_the_exit_code_is_that_of_each_document() {
    let folder = Folder::new();
    plan(&folder, "2024/piano.xlsx");
    plan(&folder, "2025/piano.xlsx");
    let written = "select = [\"PT-D06\"]\nfail_on = \"avviso\"\n[cycle]\nyear = 2024\nadoption_date = 2024-04-10\n";
    folder.write("riscontro.toml", written.as_bytes());
    let code = |paths: &[&str]| folder.run(&[&["check"], paths].concat()).code;
    assert_eq!(code(&["2024", "2025"]), 1);
    folder.write("riscontro.toml", format!("{written}[[paths]]\nmatch = \"2024/**\"\nfail_on = \"mai\"\n").as_bytes());
    assert_eq!((code(&["2024", "2025"]), code(&["2024"])), (1, 0));
    // Option, environment, file.
    let with = |variable: &str, more: &[&str]| {
        let mut program = folder.program(&[&["check", "2024"], more].concat());
        Ran::of(program.env("RISCONTRO_FAIL_ON", variable).output().unwrap())
    };
    assert_eq!(with("avviso", &[]).code, 1);
    assert_eq!(with("avviso", &["--fail-on", "errore"]).code, 0);
    let wrong = with("tutto", &[]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("la variabile RISCONTRO_FAIL_ON vale «tutto»: previsti errore, avviso"),
        "{}",
        wrong.err
    );
}

#[test]
fn paths_have_settings_of_their_own_over_those_of_the_file() {
    let folder = Folder::new();
    plan(&folder, "2024/piano.xlsx");
    plan(&folder, "2025/a/piano.xlsx");
    let written = "select = [\"PT-D06\", \"PT-O07\"]\n[cycle]\nadoption_date = 2024-04-10\nyear = 2025\n\
        [[paths]]\nmatch = \"2024/**\"\ncycle.year = 2024\n\
        [[paths]]\nmatch = \"a\"\nselect = [\"PT-O07\"]\n[paths.catalogues]\nuffici = [\"Altro\"]\n";
    folder.write("riscontro.toml", written.as_bytes());
    let ran = folder.run(&["check", ".", "--format", "json", "--fail-on", "mai"]);
    let json = ran.json();
    let codes = |n: usize| -> Vec<String> {
        let found = json["documents"][n]["findings"].as_array().unwrap();
        found.iter().map(|f| f["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(0), ["PT-D06"], "{ran:?}");
    // A name without a separator is one of any depth, and of a folder not its content.
    assert_eq!(codes(1), Vec::<String>::new(), "{ran:?}");
    folder.write("riscontro.toml", written.replace("match = \"a\"", "match = \"**/a/*\"").as_bytes());
    let json = folder.run(&["check", ".", "--format", "json", "--fail-on", "mai"]).json();
    let codes: Vec<&str> =
        json["documents"][1]["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["PT-O07", "PT-O07"]);
}

#[test]
fn the_language_of_a_run_is_that_of_the_configuration_of_its_first_path() {
    let folder = configured("lang = \"en\"\n");
    let told = |arguments: &[&str]| folder.run(arguments).out;
    assert!(told(&["check", "piano.xlsx"]).contains("finding"), "{}", told(&["check", "piano.xlsx"]));
    assert!(told(&["check", "piano.xlsx", "--lang", "it"]).contains("riliev"));
    assert!(told(&["check", "piano.xlsx", "--isolated"]).contains("riliev"));
    let mut program = folder.program(&["check", "piano.xlsx"]);
    assert!(Ran::of(program.env("RISCONTRO_LANG", "it").output().unwrap()).out.contains("riliev"));
    // Files dropped on the program too.
    assert!(told(&["piano.xlsx"]).contains("result: "));
}

#[test]
fn wrong_keys_and_values_are_told_with_their_place() {
    let cases = [
        ("profilo = \"x\"\n", "1:1", "voce «profilo» sconosciuta; forse «profile»"),
        ("profile = \"piccoli-comun\"\n", "1:11", "profilo «piccoli-comun» non c'è; forse «piccoli-comuni»"),
        ("fail_on = \"sempre\"\n", "1:11", "valore «sempre» sconosciuto"),
        ("lang = \"fr\"\n", "1:8", "valore «fr» sconosciuto"),
        ("[severity]\nPT-A02 = \"grave\"\n", "2:10", "valore «grave» sconosciuto"),
        ("[severity]\nPT-A92 = \"avviso\"\n", "2:1", "nessuna regola si chiama «PT-A92»"),
        ("[params.PT-D6]\ntermine = \"x\"\n", "1:9", "nessuna regola si chiama «PT-D6»; forse «PT-D06»"),
        (
            "[params.PT-D06]\ntermini = \"x\"\n",
            "2:1",
            "la regola PT-D06 non ha il parametro «termini»; forse «termine»",
        ),
        (
            "[params.PT-D06]\ntermine = 31\n",
            "2:11",
            "il parametro «termine» della regola PT-D06 è un testo: trovato «31»",
        ),
        ("[params.PT-D05]\nx = 31\n", "2:1", "la regola PT-D05 non ha parametri"),
        ("[catalogues]\nufici = [\"x\"]\n", "2:1", "elenco «ufici» non c'è; forse «uffici»"),
        ("[catalogues]\nuffici = []\n", "2:10", "l'elenco è vuoto"),
        ("[catalogues]\nuffici = [\"a\", \" \"]\n", "2:16", "una voce dell'elenco è senza testo"),
        ("[catalogues]\nuffici = [3]\n", "2:10", "il valore non è del tipo atteso"),
        ("[body]\nemployes = 3\n", "2:1", "voce «employes» sconosciuta; forse «employees»"),
        (
            "[body]\nemployees = -3\n",
            "2:13",
            "valore non ammesso: trovato un numero intero (`-3`), atteso un numero intero da 0 in su",
        ),
        ("[body]\nplan_deadline = \"primavera\"\n", "2:17", "«primavera» non è un giorno dell'anno"),
        ("[body]\nplan_deadline = \"15/04/2024\"\n", "2:17", "senza l'anno"),
        ("[cycle]\nyear = 24\n", "2:8", "24 non è un anno del ciclo"),
        ("[cycle]\nadoption_date = \"31/02/2024\"\n", "2:17", "«31/02/2024» non è una data"),
        ("[cycle]\nadoption_date = 2024\n", "2:17", "«2024» non è una data"),
        ("[method]\nscale = \"anc\"\n", "2:9", "scala «anc» non c'è; forse «anac»"),
        ("[method]\nscale = []\n", "2:9", "l'elenco è vuoto"),
        ("[method]\nbands = { basso = \"poco\" }\n", "2:19", "il punteggio più alto di «basso» deve essere un numero"),
        ("[method]\nmatrix = \"somma\"\n", "2:10", "«somma» non è una matrice"),
        ("[plan]\ncomplete = \"si\"\n", "2:12", "valore di tipo sbagliato"),
        ("match = \"x\"\n", "1:1", "«match» sta solo sotto [[paths]]"),
        ("[[paths]]\nfail_on = \"mai\"\n", "1:1", "manca «match»"),
        ("[[paths]]\nmatch = \"[\"\n", "2:9", "il modello di percorso «[» non è valido"),
        ("[[paths]]\nmatch = \"x\"\nlang = \"en\"\n", "3:1", "la lingua vale per tutto il controllo"),
        ("[[paths]]\nmatch = \"x\"\n[[paths.paths]]\nmatch = \"y\"\n", "3:9", "[[paths]] non ne contiene altri"),
        (
            "[[paths]]\nmatch = \"x\"\n[paths.severity]\nPT-A92 = \"avviso\"\n",
            "4:1",
            "nessuna regola si chiama «PT-A92»",
        ),
        ("[cycle]\nyear = 2024\nyear = 2025\n", "3:1", "la voce è scritta due volte"),
    ];
    for (written, place, says) in cases {
        let ran = configured(written).run(&["check", "piano.xlsx"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}: {ran:?}");
        assert!(ran.err.contains(says), "{written}: {}", ran.err);
        assert!(ran.err.contains(&format!("riscontro.toml:{place}")), "{written}: {}", ran.err);
        let english = configured(written).run(&["check", "piano.xlsx", "--lang", "en"]);
        assert!(english.code == 2 && !english.err.contains(says), "{written}: {english:?}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let folder = configured("[severity]\nPT-A92 = \"avviso\"\nPT-A93 = \"avviso\"\n");
    let ran = folder.run(&["check", "piano.xlsx"]);
    assert!(ran.err.contains("2 errori nella configurazione"), "{}", ran.err);
    assert!(ran.err.contains("riscontro.toml:2:1") && ran.err.contains("riscontro.toml:3:1"), "{}", ran.err);
}
