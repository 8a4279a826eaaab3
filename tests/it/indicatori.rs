//! The rules on indicators on the sheet of the ICT service, as the catalogue of rules says: which report where, which pass.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::cli::Folder;

fn checked(fixture: &str) -> Value {
    let folder = Folder::new();
    folder.copy(fixture, fixture);
    let ran = folder.run(&["check", fixture, "--format", "json", "--fail-on", "mai"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()["documents"][0].clone()
}

/// The cells that each rule reports on.
fn places(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in document["findings"].as_array().unwrap() {
        let cells = finding["places"]
            .as_array()
            .unwrap()
            .iter()
            .map(|place| place["cell"].as_str().or(place["range"].as_str()).unwrap().to_owned());
        places.entry(finding["code"].as_str().unwrap().to_owned()).or_default().extend(cells);
    }
    places
}

#[test]
fn rules_report_on_the_indicators_that_the_catalogue_names() {
    let document = checked("indicatori-ict-2020.xlsx");
    let places = places(&document);
    let expected: [(&str, &[&str]); 14] = [
        ("IND-004", &["B11", "B12"]),
        ("IND-013", &["B20", "B21"]),
        ("IND-020", &["F12", "F7", "F9"]),
        ("IND-023", &["F20"]),
        ("TGT-004", &["E14", "E18", "E20", "E21"]),
        ("TGT-005", &["E11", "E12", "E16", "E7", "E9"]),
        ("TGT-009", &["E14"]),
        ("TGT-015", &["E11", "E12", "E14", "E16", "E18", "E20", "E21", "E7", "E9"]),
        ("TGT-016", &["E12", "E7", "E9"]),
        ("RES-003", &["F16"]),
        ("RES-004", &["F16"]),
        ("RES-009", &["F16"]),
        ("RES-011", &["F11", "F12", "F21", "F7", "F9"]),
        ("RES-012", &["F21"]),
    ];
    for (code, cells) in expected {
        let found: Vec<&str> = places.get(code).into_iter().flatten().map(String::as_str).collect();
        assert_eq!(found, cells, "{code}");
    }
    // Columns that are not there are told once each, on the header.
    for code in ["IND-002", "IND-005", "IND-006", "IND-007", "IND-008"] {
        assert_eq!(places.get(code).map(BTreeSet::len), Some(1), "{code}");
    }
    let outcomes: BTreeMap<&str, &str> =
        document["rules"].as_array().unwrap().iter().fold(BTreeMap::new(), |mut all, rule| {
            all.insert(rule["code"].as_str().unwrap(), rule["outcome"].as_str().unwrap());
            all
        });
    for code in [
        "IND-001", "IND-003", "IND-009", "IND-011", "IND-015", "IND-017", "IND-021", "TGT-001", "TGT-002", "TGT-003",
        "TGT-006", "TGT-007",
    ] {
        assert_eq!(outcomes.get(code), Some(&"passed"), "{code}");
    }
}

#[test]
fn the_damage_of_a_scan_is_read_through() {
    let (whole, scanned) = (checked("indicatori-ict-2020.xlsx"), checked("indicatori-ict-2020-ocr.xlsx"));
    let of = |document: &Value| places(document);
    let (whole, scanned) = (of(&whole), of(&scanned));
    for code in ["IND-004", "TGT-004", "TGT-005", "TGT-009", "RES-003", "RES-012"] {
        assert_eq!(whole.get(code), scanned.get(code), "{code}");
    }
}
