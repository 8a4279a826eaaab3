//! The JSON Schemas for those who write rules and configurations: current, true of all that ships, and false of a slip.

use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::cli::Folder;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Validator {
    let text = fs::read_to_string(root().join("docs/schemi").join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn toml(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

fn wrong(schema: &Validator, value: &Value) -> Vec<String> {
    schema.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// The header of every shipped rule, by file.
fn headers() -> Vec<(String, String)> {
    let packs = fs::read_dir(root().join("rules")).unwrap().map(|e| e.unwrap().path());
    let files = packs.flat_map(|p| fs::read_dir(p).unwrap().map(|e| e.unwrap().path()));
    let rules = files.filter(|f| f.extension().is_some_and(|e| e == "rhai"));
    let header = |text: String| {
        let inner = text.split_once('\n').unwrap().1;
        inner.split("\n---*/").next().unwrap().to_owned()
    };
    rules.map(|f| (f.display().to_string(), header(fs::read_to_string(&f).unwrap()))).collect()
}

#[test]
fn the_schemas_are_current() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["rules", "--schemas", "s"]).code, 0);
    let names = folder.files();
    assert_eq!(names.len(), 4, "{names:?}");
    for name in names {
        let file = root().join("docs/schemi").join(name.strip_prefix("s/").unwrap());
        let there = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            there == fs::read_to_string(folder.path(&name)).unwrap(),
            "{} is not current; run: cargo run -- rules --schemas docs/schemi",
            file.display()
        );
    }
}

#[test]
fn every_shipped_rule_has_the_shape_of_its_schema() {
    let schema = schema("regola.schema.json");
    let headers = headers();
    assert!(headers.len() > 150);
    for (file, header) in headers {
        let errors = wrong(&schema, &toml(&header));
        assert!(errors.is_empty(), "{file}: {errors:#?}");
    }
}

#[test]
fn every_shipped_schedule_has_the_shape_of_its_schema_and_an_extension_too() {
    let schema = schema("schedule.schema.json");
    for pack in fs::read_dir(root().join("rules")).unwrap() {
        let file = pack.unwrap().path().join("schedule.toml");
        // The profiles stand beside the packs.
        if file.parent().unwrap().ends_with("profili") {
            continue;
        }
        let errors = wrong(&schema, &toml(&fs::read_to_string(&file).unwrap()));
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
    }
    let folder = Folder::new();
    folder.run(&["rules", "new", "ptpct/prova", "--rules", "mie"]);
    let own = fs::read_to_string(folder.path("mie/ptpct/schedule.toml")).unwrap();
    assert!(schema.is_valid(&toml(&own)), "{own}");
}

#[test]
fn a_slip_in_a_rule_has_not_the_shape() {
    let schema = schema("regola.schema.json");
    let (_, header) = headers().into_iter().find(|(f, _)| f.ends_with("area-rischio-ignota.rhai")).unwrap();
    for (from, to) in [
        ("severity", "severty"),
        ("\"avviso\"", "\"grave\""),
        ("why  ", "perche  "),
        ("outcome  = \"passed\"", "outcome  = \"ok\""),
        ("each_or_group", ""),
    ] {
        let slipped = if to.is_empty() { header.replacen("code ", "codice ", 1) } else { header.replacen(from, to, 1) };
        assert_ne!(slipped, header, "{from}");
        assert!(!schema.is_valid(&toml(&slipped)), "{from}");
    }
}

#[test]
fn a_slip_in_a_schedule_has_not_the_shape() {
    let schema = schema("schedule.schema.json");
    let text = fs::read_to_string(root().join("rules/ptpct/schedule.toml")).unwrap();
    for (from, to) in [
        ("headings = ", "headigns = "),
        ("shape = \"register\"", "shape = \"registro\""),
        ("certainty = \"verified\"", "certainty = \"vero\""),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(!schema.is_valid(&toml(&text.replacen(from, to, 1))), "{from}");
    }
    assert!(!schema.is_valid(&json!({ "extend": "ptpct" })));
}

#[test]
fn configurations_and_exceptions_have_their_shapes() {
    let schema_of_config = schema("riscontro.schema.json");
    let config = "ignore = [\"PT-A08\"]\n[headings.ptpct]\narea_rischio = [\"Ambito a rischio\"]\n";
    assert!(wrong(&schema_of_config, &toml(config)).is_empty(), "{:?}", wrong(&schema_of_config, &toml(config)));
    assert!(!schema_of_config.is_valid(&toml(&config.replace("ignore", "ignora"))));
    // The file that `riscontro init` writes, its settings in force; dates are of any shape.
    let folder = Folder::new();
    assert_eq!(folder.run(&["init"]).code, 0);
    let text = fs::read_to_string(folder.path("riscontro.toml")).unwrap();
    let is_remark = |line: &&str| !line.starts_with("# ");
    let open: Vec<&str> = text.lines().filter(is_remark).map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
    let whole = open.join("\n");
    assert!(wrong(&schema_of_config, &toml(&whole)).is_empty(), "{:?}", wrong(&schema_of_config, &toml(&whole)));
    for (from, to) in
        [("employees", "employes"), ("fail_on = \"errore\"", "fail_on = \"sempre\""), ("match =", "mach =")]
    {
        assert!(whole.contains(from) && !schema_of_config.is_valid(&toml(&whole.replacen(from, to, 1))), "{from}");
    }
    let schema_of_waivers = schema("eccezioni.schema.json");
    let waivers =
        "[[waiver]]\nrule = \"PT-A02\"\nwhere = \"processo n. 3\"\nreason = \"deciso\"\nexpires = \"2027-03-31\"\n";
    assert!(wrong(&schema_of_waivers, &toml(waivers)).is_empty());
    assert!(!schema_of_waivers.is_valid(&toml(&waivers.replace("reason", "motivo"))));
}

#[test]
fn keys_are_explained_in_both_languages() {
    let text = fs::read_to_string(root().join("docs/schemi/regola.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let meaning = schema["properties"]["when"]["description"].as_str().unwrap();
    assert!(meaning.contains("la regola non si applica\n\ncondition: where it is false"), "{meaning}");
    assert!(!text.contains("\"null\""), "TOML has no null");
}
