//! Functions on what comes under what, on codes and on shares, on a small register.

use riscontro::model::Outcome;

use crate::engine::{document, outcomes, packs, register, rule};

const FIELDS: [&str; 5] = ["numero", "processo", "area_rischio", "ufficio", "punteggio"];

/// Number, name, what it comes under, office, figure. The last has the number of another; 2C is of a circle with 9X.
const ROWS: [[&str; 5]; 11] = [
    ["2A", "Alfa", "", "U1", "10"],
    ["2A01", "Beta", "2A", "U1", "6"],
    ["2A02", "Gamma", "ALFA", "U2", "5"],
    ["2B", "Delta", "", "U2", "8"],
    ["2B01", "Epsilon", "2B - Delta", "U2", "8"],
    ["2D", "Eta", "", "U3", "9"],
    ["2D01", "Theta", "2D", "U3", "9"],
    ["2C", "Iota", "9X", "U4", ""],
    ["9X", "Kappa", "2C", "U4", ""],
    ["7", "Lambda", "3F", "U4", ""],
    ["2A02", "Zeta", "", "U1", "4"],
];

const TREE: &str = "\"numero\", \"processo\", \"area_rischio\"";

/// What an expression prints for the row of a name.
fn says(name: &str, expression: &str) -> String {
    let header = format!("MESSAGGIO «{{{}}}»", expression.replace("TREE", TREE));
    checked(name, &header, "false").findings[0].message.trim_matches(['«', '»']).to_owned()
}

/// What comes of a condition on the row of a name.
fn checked(name: &str, header: &str, condition: &str) -> Outcome {
    let header = format!("each = \"processo\"\nwhen = 'text(processo) == \"{name}\"'\n{header}");
    let packs = packs(&[("prova", &rule("PR-1", &header, condition))]);
    let rows: Vec<&[&str]> = ROWS.iter().map(<[&str; 5]>::as_slice).collect();
    outcomes(&packs, &document(vec![register(&packs, &FIELDS, &rows)])).remove(0)
}

#[test]
fn a_unit_comes_under_the_one_that_it_names_or_whose_code_it_continues() {
    assert_eq!(says("Beta", "above(TREE, \"processo\")"), "Alfa");
    assert_eq!(says("Gamma", "above(TREE, \"numero\")"), "2A");
    assert_eq!(says("Epsilon", "above(TREE, \"processo\")"), "Delta");
    assert_eq!(says("Zeta", "above(TREE, \"processo\")"), "Alfa");
    assert_eq!(says("Lambda", "count(above(TREE, \"processo\"))"), "0");
    assert_eq!(says("Alfa", "below(TREE, \"processo\")"), "Beta, Gamma, Zeta");
    assert_eq!(says("Beta", "count(below(TREE, \"processo\"))"), "0");
}

#[test]
fn a_circle_ends_where_it_is_met_again() {
    assert_eq!(says("Iota", "lineage(TREE, \"processo\")"), "Kappa, Iota");
    assert_eq!(says("Beta", "lineage(TREE, \"processo\")"), "Alfa");
    assert_eq!(says("Alfa", "count(lineage(TREE, \"processo\"))"), "0");
}

#[test]
fn codes_point_where_the_register_follows_them() {
    assert_eq!(says("Epsilon", "pointed(TREE, \"processo\")"), "Delta");
    assert_eq!(says("Delta", "count(pointed(TREE, \"processo\"))"), "0");
}

#[test]
fn what_is_under_a_unit_may_cost_more_than_it() {
    assert_eq!(says("Alfa", "overrun(TREE, \"punteggio\")"), "5");
    assert_eq!(says("Delta", "overrun(TREE, \"punteggio\")"), "0");
    assert_eq!(says("Iota", "overrun(TREE, \"punteggio\")"), "0");
}

#[test]
fn one_code_of_two_units_is_told_at_the_second() {
    assert_eq!(says("Zeta", "namesakes(\"numero\", \"processo\", \"ufficio\")"), "");
    assert_eq!(says("Zeta", "namesakes(\"numero\", \"processo\", \"evento\")"), "Gamma");
    assert_eq!(says("Gamma", "count(namesakes(\"numero\", \"processo\", \"evento\"))"), "0");
}

#[test]
fn shares_are_put_together_as_they_close() {
    assert_eq!(says("Alfa", "count(shares(first(punteggio), 59, \"si_no\", \"ufficio\"))"), "8");
    assert_eq!(says("Alfa", "shares(first(punteggio), 20, \"si_no\", \"ufficio\")"), "10, 6, 4");
    let none = checked("Alfa", "", "count(shares(first(punteggio), 300, \"si_no\", \"ufficio\")) > 0");
    assert!(none.rule.reason.unwrap().starts_with("i numeri non fanno un intero"));
}

#[test]
fn what_no_catalogue_has_is_told() {
    assert_eq!(says("Alfa", "count(unlisted(all(\"processo\"), \"aree\"))"), "11");
}
