//! The functions of the rule language on indicators: which result is held against which target, and what came of it.

use std::fmt::Write as _;

use crate::cli::Folder;

/// Results of three years, a target of the last; one indicator a row.
const ROWS: [[&str; 7]; 7] = [
    ["Copertura", "crescente", "125/135", "125/135", "130/135", "110/120", "72%"],
    ["Attesa", "decrescente", "9 giorni", "8 giorni", "7 giorni", "6 giorni", ""],
    ["Fascicoli", "", "10", "", "20", "20", ""],
    ["Intervento", "decrescente", "3/3", "02/03/2020", "2/3", "2/3 (70%)", ""],
    ["Quota", "crescente", "n.d.", "80%", "90%", "12/10", ""],
    ["Reclami", "crescente", "8", "8", "≤ 5", "9", ""],
    ["Regolamento", "", "no", "no", "sì", "", ""],
];

/// What expressions print for the indicator of a row, from 1.
fn answers(cases: &[(usize, &str, &str)]) {
    let rules: Vec<Tried> =
        cases.iter().map(|(row, expression, _)| (*row, format!("={{{expression}}}"), "false".to_owned())).collect();
    for (said, (row, expression, wanted)) in tried(&rules).iter().zip(cases) {
        assert_eq!(said.trim_start_matches('='), *wanted, "row {row}: {expression}");
    }
}

/// Whether conditions hold: the opposite of each is no condition that does.
fn holds(cases: &[(usize, &str, bool)]) {
    let body = |condition: &str, wanted: bool| if wanted { format!("!({condition})") } else { condition.to_owned() };
    let rules: Vec<Tried> = cases.iter().map(|(row, c, wanted)| (*row, "detto".to_owned(), body(c, *wanted))).collect();
    for (said, (row, condition, wanted)) in tried(&rules).iter().zip(cases) {
        assert_eq!(said, "detto", "row {row}: {condition} is not {wanted}");
    }
}

/// A rule on the indicator of a row: its message, and its condition.
type Tried = (usize, String, String);

/// What rules say, each on the indicator of its row.
fn tried(rules: &[Tried]) -> Vec<String> {
    let folder = Folder::new();
    let head = [
        "Indicatore",
        "Verso",
        "Consuntivo 2018",
        "Consuntivo 2019",
        "Target 2020",
        "Consuntivo 2020",
        "% raggiungimento",
    ];
    let mut rows: Vec<&[&str]> = vec![&head];
    rows.extend(ROWS.iter().map(<[&str; 7]>::as_slice));
    folder.workbook("i.xlsx", &rows);
    let schedule = "extends = \"indicatori\"\n[patterns]\nmotivo_detto = 'in quanto'\n";
    folder.write("r/indicatori/schedule.toml", schedule.as_bytes());
    for (i, (row, message, body)) in rules.iter().enumerate() {
        let mut text =
            format!("/*---\ncode = \"ZZ-{i}\"\nseverity = \"avviso\"\nbasis = \"aritmetica\"\neach = \"indicatore\"\n");
        let _ = writeln!(text, "when = 'text(indicatore) == \"{}\"'\nat = \"indicatore\"", ROWS[row - 1][0]);
        for lang in ["it", "en"] {
            let _ = writeln!(text, "[{lang}]\ntitle = \"t\"\nmessage = '{message}'\nwhy = \"w\"\nremedy = \"r\"");
        }
        let example = "row = { indicatore = \"Altro\" }\noutcome = \"not_applicable\"";
        let _ = writeln!(text, "[[example]]\n{example}\n---*/\n{body}");
        folder.write(&format!("r/indicatori/zz-{i}.rhai"), text.as_bytes());
    }
    let ran = folder.run(&["check", "i.xlsx", "--rules", "r", "--select", "ZZ", "--format", "json"]);
    let json = ran.json();
    let findings = json["documents"][0]["findings"].as_array().unwrap_or_else(|| panic!("{ran:?}")).clone();
    let said = |i: usize| {
        let found = findings.iter().find(|f| f["code"] == *format!("ZZ-{i}"));
        found.map_or_else(|| "nulla".to_owned(), |f| f["message"].as_str().unwrap().to_owned())
    };
    (0..rules.len()).map(said).collect()
}

#[test]
fn a_result_is_held_against_the_target_of_its_year() {
    answers(&[
        (1, "result()", "110/120"),
        (1, "target()", "130/135"),
        (1, "result_before()", "125/135"),
        (1, "starting_point()", "125/135"),
        (1, "year_told(result())", "2020"),
        (3, "year_told(starting_point())", "2018"),
        (1, "join(results_in_order())", "125/135; 125/135; 110/120"),
        (1, "join(targets_in_order())", "130/135"),
        (1, "count(measures())", "4"),
        (1, "count(results_reported())", "6"),
        (1, "join(results_on_target())", "20; 2/3 (70%)"),
    ]);
}

#[test]
fn what_is_missing_is_told_where_others_have_it() {
    answers(&[
        (3, "count(results_lacking(\"motivo_detto\"))", "1"),
        (5, "first(results_lacking(\"motivo_detto\"))", "n.d."),
        (1, "count(results_lacking(\"motivo_detto\"))", "0"),
    ]);
    holds(&[(7, "result_is_due()", true), (7, "judged()", false), (3, "judged()", false), (6, "judged()", false)]);
}

#[test]
fn directions_are_told_by_each_sign() {
    answers(&[
        (1, "direction()", "crescente"),
        (6, "direction_by(\"dichiarato\")", "crescente"),
        (6, "direction_by(\"operatore\")", "decrescente"),
    ]);
    holds(&[
        (6, "direction() == \"\"", true),
        (3, "direction() == \"\"", true),
        (2, "direction_by(\"parole\") == \"\"", true),
        (2, "direction_by(\"baseline\") == \"\"", true),
    ]);
}

#[test]
fn attainment_follows_the_direction() {
    answers(&[
        (1, "attainment()", "95,2"),
        (1, "deviation()", "-4,6 p.p."),
        (2, "attainment()", "100"),
        (2, "deviation()", "-1 giorni"),
        (1, "difference(target(), starting_point())", "3,7037"),
        (2, "change(result(), result_before())", "-25"),
    ]);
    holds(&[
        (1, "met()", false),
        (2, "met()", true),
        (1, "attainment_differs(raggiungimento)", true),
        (1, "comparable(result(), target())", true),
        (3, "comparable(result(), result_before())", false),
        (2, "worse(result(), result_before())", false),
        (1, "worse(result(), result_before())", true),
        (1, "same_value(result(), target())", false),
        (1, "count(worsening(results_in_order())) == 1", true),
    ]);
}

#[test]
fn ratios_are_looked_into() {
    answers(&[
        (1, "denominator(result())", "120"),
        (1, "join(denominator_shifts(results_in_order()))", "110/120"),
        (4, "join(dates_among_ratios())", "02/03/2020"),
        (4, "date_as_ratio(first(dates_among_ratios()))", "2/3"),
        (4, "join(ratios_contradicted(measures()))", "2/3 (70%)"),
        (4, "percent_of(result())", "66,67%"),
        (4, "percent_beside(result())", "70%"),
        (5, "join(ratios_above_one(measures()))", "12/10"),
    ]);
}
