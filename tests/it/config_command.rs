//! `riscontro init` and `riscontro config`.

use crate::cli::{Folder, Ran};

#[test]
fn init_writes_a_file_that_changes_nothing_and_never_replaces_one() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("piani")).unwrap();
    let ran = folder.run(&["init", "piani"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    assert!(ran.err.starts_with("scritto: piani"), "{}", ran.err);
    let text = std::fs::read_to_string(folder.path("piani/riscontro.toml")).unwrap();
    assert!(text.starts_with("# Configurazione di riscontro"));
    folder.write("piani/riscontro.toml", b"lang = \"en\"\n");
    let again = folder.run(&["init", "piani"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("il file c'è già, e non viene sostituito"), "{}", again.err);
    assert_eq!(std::fs::read(folder.path("piani/riscontro.toml")).unwrap(), b"lang = \"en\"\n");
    let ran = folder.run(&["init", "--lang", "en"]);
    assert_eq!(ran.code, 0);
    assert!(
        std::fs::read_to_string(folder.path("riscontro.toml")).unwrap().starts_with("# Configuration of riscontro")
    );
}

#[test]
fn init_wants_a_folder_that_is_there() {
    let folder = Folder::new();
    let ran = folder.run(&["init", "manca"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("la cartella non esiste"), "{}", ran.err);
    assert_eq!(folder.files(), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn init_spares_a_link_into_nothing() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("altrove.toml", folder.path("riscontro.toml")).unwrap();
    assert_eq!(folder.run(&["init"]).code, 2);
    assert!(!folder.path("altrove.toml").exists());
}

/// A configuration with something of every origin.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("2024/nota.txt", b"");
    let written = "profile = \"universita\"\nignore = [\"PT-A06\"]\n[severity]\nLEG-002 = \"errore\"\n[cycle]\nyear = 2025\n\
        [[paths]]\nmatch = \"2024/**\"\ncycle.year = 2024\nfail_on = \"mai\"\n";
    folder.write("riscontro.toml", written.as_bytes());
    folder
}

/// The text with the folder's own path taken out.
fn told(folder: &Folder, ran: &Ran) -> String {
    assert_eq!(ran.code, 0, "{ran:?}");
    let own = std::fs::canonicalize(folder.path(".")).unwrap();
    ran.out.replace(&format!("{}/", own.to_string_lossy().replace('\\', "/")), "")
}

#[test]
fn config_tells_what_is_in_force_and_from_where() {
    let folder = folder();
    let mut program = folder.program(&["config", "2024/piano.xlsx", "--select", "PT,LEG"]);
    let ran = Ran::of(program.env("RISCONTRO_PROFILE", "ministeri").output().unwrap());
    insta::assert_snapshot!("config_told", told(&folder, &ran));
}

#[test]
fn config_without_a_file_tells_what_holds_by_default() {
    let folder = Folder::new();
    insta::assert_snapshot!(told(&folder, &folder.run(&["config", "--lang", "en"])), @r#"
    what is in force for .
    configuration: no riscontro.toml

    profile = (not said)
      by default
    select  = (not said)
      by default
    ignore  = (not said)
      by default
    fail_on = "errore"
      by default
    lang    = "en"
      by the option --lang
    "#);
}

#[test]
fn config_as_json_has_an_origin_for_each_setting() {
    let folder = folder();
    let json = folder.run(&["config", "2024", "--format", "json"]).json();
    let of = |key: &str| json["settings"].as_array().unwrap().iter().find(|s| s["key"] == key).unwrap().clone();
    assert_eq!((json["version"].as_u64(), json["path"].as_str()), (Some(1), Some("2024")));
    assert_eq!((&of("cycle.year")["value"], &of("cycle.year")["line"]), (&2024.into(), &9.into()));
    assert_eq!((&of("cycle.year")["match"], &of("cycle.year")["origin"]), (&"2024/**".into(), &"file".into()));
    assert_eq!((&of("fail_on")["value"], &of("profile")["line"]), (&"mai".into(), &1.into()));
    assert_eq!((&of("select")["value"], &of("select")["origin"]), (&serde_json::Value::Null, &"default".into()));
    // What the file says of a rule goes before what its profile says.
    assert_eq!(
        (&of("severity.LEG-002")["value"], &of("severity.LEG-002")["origin"]),
        (&"errore".into(), &"file".into())
    );
    assert_eq!(of("off.PT-M02")["origin"], "profile");
    // Outside the pattern, and without the file.
    let json = folder.run(&["config", "--format", "json"]).json();
    let year = json["settings"].as_array().unwrap().iter().find(|s| s["key"] == "cycle.year").unwrap();
    assert_eq!(year["value"], 2025);
    let json = folder.run(&["config", "--isolated", "--format", "json"]).json();
    assert_eq!((json["settings"].as_array().unwrap().len(), &json["configuration"]), (5, &serde_json::Value::Null));
}

#[test]
fn config_tells_the_mistakes_that_a_check_would() {
    let folder = Folder::new();
    folder.write("riscontro.toml", b"[severity]\nPT-A92 = \"avviso\"\n");
    for (arguments, says) in [
        (vec!["config"], "nessuna regola si chiama «PT-A92»"),
        (vec!["config", "--config", "manca.toml"], "non esiste"),
        (vec!["config", "--isolated", "--profile", "minister"], "forse «ministeri»"),
        (vec!["config", "--isolated", "--select", "PT-A92"], "nessuna regola si chiama «PT-A92»"),
    ] {
        let ran = folder.run(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}
