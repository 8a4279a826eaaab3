//! Profiles, and the years in which rules and norms hold.

use crate::cli::{FIXTURE, Folder, Ran};

fn plan(folder: &Folder, to: &str) {
    folder.workbook(
        to,
        &[
            &["Mappatura dei processi e valutazione del rischio corruttivo"],
            &[
                "N.",
                "Processo",
                "Area di rischio",
                "Evento rischioso",
                "Livello di rischio",
                "Punteggio",
                "Misura di prevenzione",
            ],
            &["1", "Affidamento di forniture", "", "Abuso d'ufficio", "Alto", "9", "Rotazione"],
        ],
    );
}

fn codes(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let rules = json["documents"][0]["rules"].as_array().cloned().unwrap_or_default();
    rules.iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_profile_comes_from_option_environment_or_file_in_that_order() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let run = |variable: Option<&str>, more: &[&str]| {
        let mut program =
            folder.program(&[&["check", "a.xlsx", "--format", "json", "--fail-on", "mai"], more].concat());
        Ran::of(program.envs(variable.map(|v| ("RISCONTRO_PROFILE", v))).output().unwrap())
    };
    let has_missions = |ran: &Ran| codes(ran).iter().any(|c| c == "PT-M02");
    assert!(has_missions(&run(None, &[])));
    assert!(!has_missions(&run(None, &["--profile", "ministeri"])));
    folder.write("riscontro.toml", b"profile = \"universita\"\n");
    assert!(!has_missions(&run(None, &[])));
    assert!(has_missions(&run(Some("completo"), &[])));
    assert!(!has_missions(&run(Some("completo"), &["--profile", "ministeri"])));
    // Naming a rule by its code wants it; naming its family does not.
    assert!(has_missions(&run(None, &["--select", "PT-M02"])));
    assert_eq!(codes(&run(None, &["--select", "PT-M,PT-A01"])), ["PT-A01", "PT-M01"]);
    for ran in [run(Some("minister"), &[]), run(None, &["--profile", "minister"])] {
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("profilo «minister» non c'è; forse «ministeri»"), "{}", ran.err);
    }
}

#[test]
fn the_file_goes_before_the_profile_rule_by_rule() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let severity = |written: &str| {
        let dates = "[cycle]\nyear = 2024\nadoption_date = 2024-04-10\n";
        folder.write("riscontro.toml", format!("{written}{dates}").as_bytes());
        let json = folder.run(&["check", "a.xlsx", "--format", "json", "--fail-on", "mai"]).json();
        let found =
            json["documents"][0]["findings"].as_array().unwrap().iter().find(|f| f["code"] == "PT-D06").cloned();
        found.unwrap()["severity"].as_str().unwrap().to_owned()
    };
    assert_eq!(severity(""), "avviso");
    assert_eq!(severity("profile = \"piccoli-comuni\"\n"), "osservazione");
    assert_eq!(severity("profile = \"piccoli-comuni\"\nseverity.PT-D06 = \"errore\"\n"), "errore");
}

#[test]
fn a_profile_changes_parameters_too() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let json = folder.run(&["config", "--profile", "ministeri", "--format", "json"]).json();
    let settings = json["settings"].as_array().unwrap();
    let of = |key: &str| settings.iter().find(|s| s["key"] == key).unwrap_or_else(|| panic!("{json}"));
    assert_eq!(of("params.A2-MEA-001.soglia")["value"], 80);
    assert_eq!((&of("off.PT-M02")["origin"], &of("off.PT-M02")["name"]), (&"profile".into(), &"ministeri".into()));
    let ran = folder.run(&["check", "a.xlsx", "--profile", "ministeri", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_folder_of_rules_may_bring_profiles_of_its_own() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let profile = "title = { it = \"Unioni\", en = \"Unions\" }\nabout = { it = \"Per noi.\", en = \"For us.\" }\n\
        [[change]]\nrules = [\"PT-P\"]\noff = true\nwhy = { it = \"perché sì\", en = \"because\" }\n";
    folder.write("mie/profili/unioni.toml", profile.as_bytes());
    let run = |more: &[&str]| {
        folder.run(&[&["check", "a.xlsx", "--format", "json", "--rules", "mie", "--fail-on", "mai"], more].concat())
    };
    let ran = run(&["--profile", "unioni"]);
    assert!(!codes(&ran).iter().any(|c| c.starts_with("PT-P")), "{ran:?}");
    // One that names what is not there is told wherever the profile is used.
    for (from, to, place, says) in [
        ("\"PT-P\"", "\"PT-A01\", \"PT-P96\"", "4:20", "nessuna regola si chiama «PT-P96»"),
        ("off = true", "params = { x = 1 }", "5:12", "non ha"),
        ("off = true\n", "", "3:1", "la modifica non cambia nulla"),
        ("off = true", "of = true", "5:1", "voce «of» sconosciuta; forse «off»"),
        ("why = {", "why = [", "6:", ""),
    ] {
        folder.write("mie/profili/unioni.toml", profile.replace(from, to).as_bytes());
        let ran = run(&[]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{to}: {ran:?}");
        assert!(
            ran.err.contains(says) && ran.err.contains(&format!("mie/profili/unioni.toml:{place}")),
            "{to}: {}",
            ran.err
        );
    }
}

/// Outcome and reason of a rule, and the norms that PT-A01 cites.
fn judged(folder: &Folder, code: &str, more: &[&str]) -> (String, String, String) {
    let ran = folder.run(&[&["check", "a.xlsx", "--format", "json", "--fail-on", "mai"], more].concat());
    let document = ran.json()["documents"][0].clone();
    let rule = document["rules"].as_array().unwrap().iter().find(|r| r["code"] == code).cloned().unwrap();
    let area = document["findings"].as_array().unwrap().iter().find(|f| f["code"] == "PT-A01").cloned().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (text(&rule["outcome"]), text(&rule["reason"]), text(&area["basis"]))
}

#[test]
fn the_same_table_is_judged_by_the_norms_of_its_year() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let of = |year: &str| {
        folder.write("riscontro.toml", format!("cycle.year = {year}\n").as_bytes());
        judged(&folder, "PT-R04", &[])
    };
    let (own, pna) = (
        "colonna prevista dal documento stesso; L. 190/2012, art. 1 c. 9 lett. a) e c. 16; PNA 2019, Allegato 1, § 3.2",
        "PNA 2022 (delibera ANAC 7/2023), che conferma il metodo del PNA 2019",
    );
    let outside = "la norma «L. 114/2024, art. 1» vale dal 2025: il documento è del";
    assert_eq!(of("2021"), ("not_applicable".into(), format!("{outside} 2021"), own.into()));
    assert_eq!(of("2023"), ("not_applicable".into(), format!("{outside} 2023"), format!("{own}; {pna}")));
    assert_eq!(of("2025"), ("findings".into(), String::new(), format!("{own}; {pna}")));
    assert_eq!(of("2026"), ("findings".into(), String::new(), format!("{own}; PNA 2025 (delibera ANAC 19/2026)")));
    // The rule's own years are told in the same way.
    folder.write("riscontro.toml", b"cycle.year = 2021\n");
    let (kind, reason, _) = judged(&folder, "PT-R13", &["--lang", "en"]);
    assert_eq!(
        (kind.as_str(), reason.as_str()),
        ("not_applicable", "the rule holds from 2024: the document is of 2021")
    );
}

#[test]
fn where_the_year_decides_and_nobody_tells_it_a_rule_is_not_evaluable() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let (kind, reason, basis) = judged(&folder, "PT-R04", &[]);
    assert_eq!(kind, "not_evaluable");
    assert!(reason.ends_with("l'anno si può scrivere in riscontro.toml, [cycle] year"), "{reason}");
    assert!(basis.ends_with("PNA 2019, Allegato 1, § 3.2"), "{basis}");
    // The date of the run stands in for it; what the body declares goes before.
    assert_eq!(judged(&folder, "PT-R04", &["--as-of", "2025-06-30"]).0, "findings");
    folder.write("riscontro.toml", b"cycle.year = 2021\n");
    assert_eq!(judged(&folder, "PT-R04", &["--as-of", "2025-06-30"]).0, "not_applicable");
}

#[test]
fn norms_of_a_pack_from_outside_are_held_to_their_years() {
    let folder = Folder::new();
    plan(&folder, "a.xlsx");
    let run = |norms: &str| {
        folder.write("mie/ptpct/schedule.toml", format!("extends = \"ptpct\"\n{norms}").as_bytes());
        folder.run(&["check", "a.xlsx", "--rules", "mie"])
    };
    let norm = "[norms.nostra]\nit = \"atto\"\nen = \"act\"\ncertainty = \"unverified\"\n";
    assert_eq!(run(&format!("{norm}valid_from = 2023\nvalid_to = 2023\nbeside = [\"pna-2022\"]\n")).code, 1);
    for (more, says) in [
        ("valid_from = 2024\nvalid_to = 2023\n", "la norma «nostra» vale dal 2024 al 2023: gli anni sono scambiati"),
        ("beside = [\"pna-2202\"]\n", "norma sconosciuta «pna-2202»; forse «pna-2022»"),
        ("valid_form = 2024\n", "voce «valid_form» sconosciuta; forse «valid_from»"),
    ] {
        let ran = run(&format!("{norm}{more}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(says) && ran.err.contains("schedule.toml:"), "{}", ran.err);
    }
}
