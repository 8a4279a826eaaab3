//! Every finding on every fixture, as an official reads it; and the pairs of rules that report on one cell, each decided.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use riscontro::model::{DocumentReport, Place};
use riscontro::{Options, Report};

fn report() -> Report {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    riscontro::check(&[fixtures], &Options::embedded().unwrap()).unwrap()
}

/// The name below `fixtures`.
fn name(document: &DocumentReport) -> String {
    let path = document.path.replace('\\', "/");
    path.split("fixtures/").last().unwrap().to_owned()
}

fn cell(place: &Place) -> String {
    match (place.line, place.area) {
        (Some(line), _) => format!("riga {line}"),
        (None, area) => {
            let area = area.map(|a| a.to_string()).unwrap_or_default();
            format!("{}!{area}", place.sheet.as_deref().unwrap_or_default())
        }
    }
}

/// A changed line is read before it is accepted: right Italian, right cell, nothing that cannot be acted upon.
#[test]
fn findings_read_as_they_were_read() {
    let mut told = String::new();
    for document in &report().documents {
        for finding in &document.findings {
            let places: Vec<String> = finding.places.iter().map(cell).collect();
            let (first, others) = places.split_first().unwrap();
            let more = if others.is_empty() { String::new() } else { format!(" (+{})", others.len()) };
            let anchor = &finding.places[0].anchor;
            writeln!(told, "{}\n  {} {first}{more}, {anchor}\n  {}", name(document), finding.code, finding.message)
                .unwrap();
        }
    }
    insta::assert_snapshot!("findings_on_fixtures", told);
}

/// Rules that tell of a column that is not there: all of them stand on the header.
const COLUMNS: [&str; 6] = ["IND-002", "IND-005", "IND-006", "IND-007", "IND-008", "RES-017"];

/// Pairs of rules that report on the same cell of a fixture, and why both stand: what puts the one right does not put the
/// other right.
const PAIRS: &[(&str, &str, &str)] = &[
    (
        "A1-CMP-005",
        "A1-XQ-012",
        "no evidence at all, and two answers that disagree: a lower answer mends the second alone",
    ),
    ("A1-CMP-006", "LEG-005", "LEG-005 gathers what the yearly report must tell, explained or not"),
    ("A1-DET-013", "A1-STR-005", "what the text says, and where it stands"),
    ("A1-STR-005", "A1-XQ-019", "what the text says, and where it stands"),
    ("A1-XQ-004", "LEG-005", "LEG-005 gathers what the yearly report must tell, explained or not"),
    ("A1-XQ-005", "LEG-005", "LEG-005 gathers what the yearly report must tell, explained or not"),
    ("A1-XQ-014", "X-007", "one text under two questions, and what it says against the counts"),
    ("A1-XQ-014", "X-008", "one text under two questions, and what it says against the counts"),
    ("IND-020", "RES-011", "a result at its limit for two years, and many results that are just their targets"),
    ("RES-003", "RES-004", "the target that was missed, and that nobody says why"),
    ("RES-003", "RES-009", "the target that was missed, and a leap from the year before"),
    ("RES-004", "RES-009", "nobody says why the target was missed, and a leap from the year before"),
    ("RES-011", "RES-012", "many results that are just their targets, and one of them worse than the year before"),
    ("TGT-004", "TGT-009", "a target below the last result, and days that the year has not"),
    ("TGT-004", "TGT-015", "a target below the last result; all targets of the table lack an operator"),
    ("TGT-005", "TGT-015", "targets like the last result; all targets of the table lack an operator"),
    ("TGT-005", "TGT-016", "targets like the last result, some of them because there is nothing better"),
    ("TGT-009", "TGT-015", "days that the year has not; all targets of the table lack an operator"),
    ("TGT-015", "TGT-016", "all targets of the table lack an operator, some are at their limit"),
    (
        "FLW-010",
        "FLW-011",
        "who is accountable for a document, and who approves it: both are said of the workflow as a whole",
    ),
    ("FLW-012", "FLW-018", "a check that is missing, and steps that are few: a step more need be no check"),
    ("PT-A04", "PT-A08", "how the marker is spelled, and whether the area is the right one"),
    ("PT-O04", "PT-S01", "two columns that are missing, each for itself"),
];

#[test]
fn rules_that_report_on_one_cell_are_decided() {
    let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
    for document in &report().documents {
        let mut cells: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for finding in &document.findings {
            for place in &finding.places {
                cells.entry(cell(place)).or_default().insert(&finding.code);
            }
        }
        for (cell, codes) in cells {
            let codes: Vec<&str> = codes.into_iter().collect();
            for (i, one) in codes.iter().enumerate() {
                for other in &codes[i + 1..] {
                    let at = format!("{} {cell}", name(document));
                    found.entry(((*one).to_owned(), (*other).to_owned())).or_insert(at);
                }
            }
        }
    }
    let decided = |one: &str, other: &str| {
        let columns = COLUMNS.contains(&one) && COLUMNS.contains(&other);
        columns || PAIRS.iter().any(|(a, b, _)| *a == one && *b == other)
    };
    let open: Vec<_> = found.iter().filter(|((one, other), _)| !decided(one, other)).collect();
    assert!(open.is_empty(), "decide whether both stand (PAIRS) or one gives way (superseded_by): {open:#?}");
    let idle: Vec<_> =
        PAIRS.iter().filter(|(a, b, _)| !found.contains_key(&((*a).to_owned(), (*b).to_owned()))).collect();
    assert!(idle.is_empty(), "no such pair: {idle:?}");
}
