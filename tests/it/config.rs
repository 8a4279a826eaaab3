//! `riscontro.toml` and `riscontro limits`, from outside.

use crate::cli::{FIXTURE, Folder};

/// Two processes whose risk area stands under a heading that no pack knows.
fn register(folder: &Folder, to: &str) {
    folder.workbook(
        to,
        &[
            &["Mappatura dei processi e valutazione del rischio corruttivo"],
            &["Processo", "Zona d'ombra", "Evento rischioso", "Livello di rischio", "Misura di prevenzione"],
            &["Affidamento di forniture", "Contratti pubblici", "Accordo tra concorrenti", "Alto", "Rotazione"],
            &["Rilascio di permessi", "Provvedimenti ampliativi", "Favore indebito", "Medio", "Controlli a campione"],
        ],
    );
}

const OWN: &str = "[headings.ptpct]\narea_rischio = [\"Zona d'ombra\"]\n";

/// The field of the column with that heading.
fn field(folder: &Folder, arguments: &[&str]) -> Option<String> {
    let ran =
        folder.run(&[&["check", "--format", "json", "--explain-reading", "--fail-on", "mai"], arguments].concat());
    let json = ran.json();
    let columns = json["documents"][0]["tables"][0]["reading"]["columns"].as_array().cloned().unwrap_or_default();
    let column = columns.iter().find(|c| c["heading"] == "Zona d'ombra").unwrap_or_else(|| panic!("{ran:?}"));
    column["field"].as_str().map(str::to_owned)
}

#[test]
fn a_heading_of_ones_own_is_known_without_touching_a_pack() {
    let folder = Folder::new();
    register(&folder, "piani/2024/a.xlsx");
    assert_eq!(field(&folder, &["piani/2024/a.xlsx"]), None);
    folder.write("piani/riscontro.toml", OWN.as_bytes());
    assert_eq!(field(&folder, &["piani/2024/a.xlsx"]).as_deref(), Some("area_rischio"));
    // Not looked for, or another in its place.
    assert_eq!(field(&folder, &["piani/2024/a.xlsx", "--isolated"]), None);
    folder.write("altra.toml", b"");
    assert_eq!(field(&folder, &["piani/2024/a.xlsx", "--config", "altra.toml"]), None);
}

#[test]
fn the_nearest_configuration_holds_alone() {
    let folder = Folder::new();
    register(&folder, "a/uno.xlsx");
    register(&folder, "b/due.xlsx");
    folder.write("riscontro.toml", b"select = [\"PT-A01\"]\n").write("b/riscontro.toml", b"select = [\"PT-A02\"]\n");
    let ran = folder.run(&["check", "a", "b", "--format", "json", "--fail-on", "mai"]);
    let json = ran.json();
    let codes = |document: usize| -> Vec<String> {
        let rules = json["documents"][document]["rules"].as_array().unwrap();
        rules.iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((codes(0), codes(1)), (vec!["PT-A01".to_owned()], vec!["PT-A02".to_owned()]), "{ran:?}");
    assert_eq!(ran.err.matches("configurazione: ").count(), 2, "{}", ran.err);
    // What the command line says goes before the file.
    let ran = folder.run(&["check", "a", "--format", "json", "--fail-on", "mai", "--select", "PT-A03"]);
    assert_eq!(ran.json()["documents"][0]["rules"][0]["code"], "PT-A03");
    folder.write("riscontro.toml", b"ignore = [\"PT-A03\"]\n");
    let ran = folder.run(&["check", "a", "--format", "json", "--fail-on", "mai", "--select", "PT-A03"]);
    assert_eq!(ran.json()["documents"][0]["rules"][0]["code"], "PT-A03", "{ran:?}");
}

#[test]
fn mistakes_are_told_with_their_place_before_anything_is_checked() {
    let folder = Folder::new();
    register(&folder, "a.xlsx");
    let cases = [
        ("[headings.ptpt]\n", "1:11", "tipo di scheda «ptpt» non c'è; forse «ptpct»"),
        ("[headings.ptpct]\narea_riscio = [\"x\"]\n", "2:1", "colonna «area_riscio» non c'è; forse «area_rischio»"),
        ("\n[headings.allegato1]\nesempi = [\"x\"]\n", "3:1", "colonna «esempi» non c'è"),
        ("[headings.ptpct]\narea_rischio = [\"-\"]\n", "2:17", "intestazione senza testo"),
        (
            "[headings.ptpct]\nprocesso = [\"Voce\", \"Zona\"]\narea_rischio = [\"voce\", \"VOCE \"]\n",
            "3:17",
            "l'intestazione «voce» è scritta per due campi, «processo» e «area_rischio»: toglierla da uno dei due",
        ),
        ("[headings.ptpct]\narea_rischio = 3\n", "2:16", "valore di tipo sbagliato"),
        ("[heading.ptpct]\n", "1:2", "voce «heading» sconosciuta; forse «headings»"),
        ("select = [\"PT-A99\"]\n", "1:11", "PT-A99"),
        ("ignore = [\"PT-A01\",\n  \"PT-A98\"]\n", "2:3", "PT-A98"),
        ("select = [\"PT-A01\"]\nignore = [\"PT-A01\"]\n", "", "nessuna regola resta"),
    ];
    for (written, place, says) in cases {
        folder.write("riscontro.toml", written.as_bytes());
        let ran = folder.run(&["check", "a.xlsx", "--out", "out"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{written}: {ran:?}");
        assert!(ran.err.contains(says), "{written}: {}", ran.err);
        assert!(ran.err.contains("riscontro.toml"), "{written}: {}", ran.err);
        assert!(place.is_empty() || ran.err.contains(&format!("riscontro.toml:{place}")), "{written}: {}", ran.err);
    }
    assert_eq!(folder.files(), ["a.xlsx", "riscontro.toml"]);
}

#[test]
fn a_configuration_that_cannot_be_read_is_2() {
    let folder = Folder::new();
    register(&folder, "a.xlsx");
    folder.write("latino.toml", b"# propriet\xe0\n");
    for (file, says) in [("manca.toml", "non esiste"), ("latino.toml", "UTF-8"), (".", "cartella")] {
        let ran = folder.run(&["check", "a.xlsx", "--config", file]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    let ran = folder.run(&["check", "a.xlsx", "--config", "latino.toml", "--isolated"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("non vanno insieme"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_no_file_is_told() {
    let folder = Folder::new();
    register(&folder, "a.xlsx");
    let told = |arguments: &[&str], says: &str| {
        let ran = folder.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("riscontro.toml: ") && ran.err.contains(says), "{says}: {}", ran.err);
    };
    let made = std::process::Command::new("mkfifo").arg(folder.path("riscontro.toml")).status().unwrap();
    assert!(made.success());
    let pipe = "non è un file ma una pipe o un dispositivo";
    told(&["check", "a.xlsx"], pipe);
    told(&["check", "a.xlsx", "--config", "riscontro.toml"], pipe);
    std::fs::remove_file(folder.path("riscontro.toml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path("riscontro.toml")).unwrap();
    told(&["check", "a.xlsx"], pipe);
    std::fs::remove_file(folder.path("riscontro.toml")).unwrap();
    std::os::unix::fs::symlink("comune/riscontro.toml", folder.path("riscontro.toml")).unwrap();
    told(&["check", "a.xlsx"], "è un collegamento a un file che non c'è");
    // A folder of that name is none.
    std::fs::remove_file(folder.path("riscontro.toml")).unwrap();
    std::fs::create_dir(folder.path("riscontro.toml")).unwrap();
    assert_eq!(folder.run(&["check", "a.xlsx", "--fail-on", "mai"]).code, 0);
}

#[test]
fn numbers_of_limits_are_grouped_as_the_language_does() {
    let folder = Folder::new();
    let (italian, english) = (folder.run(&["limits"]).out, folder.run(&["limits", "--lang", "en"]).out);
    let line = |text: &str, name: &str| text.lines().find(|l| l.starts_with(name)).unwrap().to_owned();
    assert!(line(&italian, "entries").contains(" 20.000 ") && line(&english, "entries").contains(" 20,000 "));
    assert!(line(&italian, "archive").contains("1024 MiB"), "{italian}");
}

#[test]
fn limits_are_listed_and_changed() {
    let folder = Folder::new();
    folder.copy(FIXTURE, "a.xlsx");
    let listed = folder.run(&["limits", "--format", "json"]).json();
    let limit = listed["limits"].as_array().unwrap().iter().find(|l| l["name"] == "file").unwrap().clone();
    assert_eq!(limit["value"], 200 << 20);
    let check = |limit: &str| folder.run(&["check", "a.xlsx", "--fail-on", "mai", "--limit", limit]);
    assert_eq!(check("file=1GiB").code, 0);
    let refused = check("cells = 100");
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(refused.err.contains("più di 100 celle") || refused.out.contains("più di 100 celle"), "{refused:?}");
    for (wrong, says) in [
        ("cell=3", "limite «cell» sconosciuto; forse «cells»"),
        ("file", "previsto NOME=VALORE"),
        ("file=tanti", "previsto: una misura come 500MiB"),
        ("cells=1MiB", "previsto: un numero intero da 1 in su"),
        ("entries=100001", "previsto: un numero intero da 1 a 100.000"),
        ("file=1.5GiB", "previsto: una misura come 500MiB"),
    ] {
        let ran = check(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{wrong}");
        assert!(ran.err.contains(says), "{wrong}: {}", ran.err);
    }
}
