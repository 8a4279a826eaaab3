//! Workbooks to annotate, and reports on them.

use riscontro::model::{
    Anchor, Area, Bilingual, DocumentReport, EntityCount, Finding, NearMiss, OutcomeKind, Place, Reading, ReadingNote,
    Report, RuleOutcome, Severity, Status, TableReport,
};
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DocProperties,
    ExcelDateTime, Format, Formula, Image, Note, Table, Workbook,
};

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0,
    0xF0, 0x1F, 0, 5, 0, 1, 0xFF, 0x56, 0xC7, 0x2F, 0x0D, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];

fn workbook() -> Workbook {
    let mut workbook = Workbook::new();
    let date = ExcelDateTime::from_ymd(2020, 1, 1).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
    workbook
}

/// A form with nothing but cells.
pub(super) fn plain() -> Vec<u8> {
    let mut workbook = workbook();
    let sheet = workbook.add_worksheet().set_name("Allegato 1").unwrap();
    for row in 0..40 {
        sheet.write_string(row, 0, format!("{}.1", row + 1)).unwrap();
        sheet.write_string(row, 1, "È stata fatta una verifica sull'attuazione delle misure?").unwrap();
        sheet.write_string(row, 4, "Sì").unwrap();
    }
    sheet.set_column_width(1, 60).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// A workbook with one of everything that must survive.
pub(super) fn rich() -> Vec<u8> {
    let mut workbook = workbook();
    form(&mut workbook);
    let sheet = workbook.add_worksheet().set_name("L'elenco \"A&B\"").unwrap();
    sheet.add_table(0, 0, 5, 2, &Table::new().set_name("RiscontroRilievi")).unwrap();
    for row in 1..=5u32 {
        sheet.write_number(row, 0, f64::from(row)).unwrap();
        sheet
            .write_formula(row, 1, Formula::new(format!("=A{}*2", row + 1)).set_result((row * 2).to_string()))
            .unwrap();
    }
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("L'elenco \"A&B\"", 1, 0, 5, 0));
    sheet.insert_chart(7, 0, &chart).unwrap();
    sheet.insert_image(7, 8, &Image::new_from_buffer(PIXEL).unwrap()).unwrap();
    let hidden = workbook.add_worksheet().set_name("Nascosto").unwrap();
    hidden.write_string(0, 0, "x").unwrap();
    hidden.set_hidden(true);
    // A sheet of the user's that has the name of one of ours.
    workbook.add_worksheet().set_name("rilievi").unwrap().write_string(0, 0, "dell'utente").unwrap();
    workbook.define_name("Aliquota", "=0.22").unwrap();
    workbook.save_to_buffer().unwrap()
}

fn form(workbook: &mut Workbook) {
    let sheet = workbook.add_worksheet().set_name("Allegato 1").unwrap();
    let head = Format::new().set_bold().set_background_color(Color::Silver);
    let money = Format::new().set_num_format("#,##0.00 €");
    sheet.merge_range(0, 0, 0, 5, "Scheda di monitoraggio", &head).unwrap();
    for row in 1..30u32 {
        sheet.write_string(row, 0, format!("{row}.1")).unwrap();
        sheet.write_string(row, 4, if row % 3 == 0 { "" } else { "Si" }).unwrap();
        sheet.write_number_with_format(row, 5, f64::from(row) * 1.5, &money).unwrap();
    }
    let list = DataValidation::new().allow_list_strings(&["Si", "No"]).unwrap();
    sheet.add_data_validation(1, 4, 29, 4, &list).unwrap();
    let over = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(30))
        .set_format(Format::new().set_font_color(Color::Red));
    sheet.add_conditional_format(1, 5, 29, 5, &over).unwrap();
    sheet.insert_note(2, 4, &Note::new("da verificare con l'ufficio").set_author("Ufficio")).unwrap();
    sheet.insert_note(20, 0, &Note::new("nota altrui")).unwrap();
    sheet.set_column_width(1, 50).unwrap();
    sheet.set_column_hidden(2).unwrap();
    sheet.set_row_height(4, 60).unwrap();
    sheet.protect();
    sheet.write_url(30, 0, "https://example.org/").unwrap();
}

/// A place of a workbook.
pub(super) fn place(sheet: &str, area: &str, anchor: &str, value: Option<&str>) -> Place {
    let (unit, part) = anchor.split_once(", ").unwrap_or((anchor, ""));
    Place {
        path: None,
        sheet_index: 0,
        sheet: Some(sheet.into()),
        area: Area::parse(area),
        line: None,
        anchor: Anchor::new(unit, part),
        value: value.map(str::to_owned),
    }
}

/// A finding.
pub(super) fn finding(code: &str, severity: Severity, message: &str, places: Vec<Place>) -> Finding {
    Finding {
        code: code.into(),
        name: format!("prova/{}", code.to_lowercase()).into(),
        severity,
        message: message.to_owned(),
        places,
        expected: Some("Si | No".to_owned()),
        remedy: "scegliere una delle risposte previste dalla scheda, senza testo libero".to_owned(),
        suggestion: None,
        basis: "scheda standard di monitoraggio, domande chiuse".to_owned(),
        related: Vec::new(),
        fingerprint: "0123456789abcdef".to_owned(),
        value_hash: "fedcba9876543210".to_owned(),
        status: Status::New,
    }
}

fn outcome(code: &str, title: &str, kind: OutcomeKind, findings: usize, reason: Option<&str>) -> RuleOutcome {
    RuleOutcome {
        code: code.into(),
        name: format!("prova/{}", code.to_lowercase()).into(),
        title: title.to_owned(),
        kind,
        findings,
        superseded: usize::from(findings > 1),
        reason: reason.map(str::to_owned),
        places: Vec::new(),
    }
}

fn table() -> TableReport {
    let note = ReadingNote {
        sheet: "Allegato 1".into(),
        code: "A1-S02".into(),
        message: Bilingual::new(
            "due righe sono state lette come una sola, perché la seconda continua il testo della prima",
            "two rows were read as one, for the second goes on with the text of the first",
        ),
        areas: ["A7:F8", "A12:F13"].iter().filter_map(|a| Area::parse(a)).collect(),
    };
    TableReport {
        kind: "allegato1".into(),
        title: "Allegato 1 – Scheda di monitoraggio".to_owned(),
        variant: None,
        sheet: "Allegato 1".into(),
        sheet_index: 0,
        area: Area::parse("A2:F30").unwrap(),
        parts: Vec::new(),
        header: Area::parse("A2:F2").unwrap(),
        records: 28,
        entities: vec![EntityCount { name: "domanda".into(), number: 40, words: "40 domande".to_owned() }],
        has_rules: true,
        confidence: 0.98,
        columns: Vec::new(),
        record_places: Vec::new(),
        reading: Reading { notes: vec![note], ..Reading::default() },
    }
}

/// A report with findings of every kind on the sheet `Allegato 1`.
pub(super) fn report() -> Report {
    let sheet = "Allegato 1";
    let many = ["E15", "E17", "E19", "E20", "E21", "E22", "E23", "E24"];
    let mut law = finding(
        "LEG-001",
        Severity::Avviso,
        "il monitoraggio è stato fatto dopo il termine del piano («31/01/2021»), atteso entro il 15/12/2020",
        vec![place(sheet, "A6:B7", "domanda 5.1, RISPOSTA", Some("31/01/2021"))],
    );
    law.basis = String::from("l. 190/2012, art. 1, comma 14");
    let mut formula = finding(
        "A1-DET-009",
        Severity::Osservazione,
        "=la risposta comincia con un segno di formula",
        vec![place(sheet, "E3", "domanda 2.1, RISPOSTA", Some("=1+1"))],
    );
    formula.suggestion = Some("@SOMMA(A1)".to_owned());
    let findings = vec![
        finding(
            "A1-CMP-001",
            Severity::Errore,
            "la domanda 2.1 ha una risposta «forse» che la scheda non prevede: attesi «Si» o «No»",
            vec![place(sheet, "E3", "domanda 2.1, RISPOSTA", Some("forse"))],
        ),
        formula,
        law,
        finding(
            "A1-CMP-002",
            Severity::Avviso,
            "otto risposte mancano",
            many.iter().map(|c| place(sheet, c, "domande 14-23, RISPOSTA", None)).collect(),
        ),
        finding(
            "A1-CMP-003",
            Severity::Errore,
            "la domanda 4.1 non ha risposta",
            vec![place(sheet, "E5", "domanda 4.1, RISPOSTA", None)],
        ),
    ];
    Report { documents: vec![document(findings)], ..Report::default() }
}

/// A document with these findings.
pub(super) fn document(findings: Vec<Finding>) -> DocumentReport {
    let missing = Some("manca la colonna «Data di approvazione», che la regola deve confrontare con l'anno del piano");
    DocumentReport {
        path: "prove/comune/allegato1-lucca-2020.xlsx".to_owned(),
        kinds: vec!["allegato1".into()],
        tables: vec![table()],
        near_misses: vec![NearMiss {
            sheet: "Nascosto".into(),
            kind: Some("allegato2".into()),
            missing: vec![
                Bilingual::new("Obiettivi strategici", "Strategic objectives"),
                Bilingual::new("Valore", "Value"),
            ],
            empty: false,
            untold: false,
            foreign: None,
        }],
        rules: vec![
            outcome("A1-CMP-001", "Risposta non prevista", OutcomeKind::Findings, 1, None),
            outcome("A1-CMP-002", "Domanda senza risposta", OutcomeKind::Findings, 8, None),
            outcome("A1-DET-009", "Dettaglio troppo lungo", OutcomeKind::Passed, 0, None),
            outcome("A1-DET-010", "Dettaglio dove la risposta è «No»", OutcomeKind::NotApplicable, 0, None),
            outcome("A1-TMP-004", "Approvazione dopo la scadenza di legge", OutcomeKind::NotEvaluable, 0, missing),
            outcome(
                "A1-XXX-001",
                "Regola guasta",
                OutcomeKind::Error,
                0,
                Some("riga 3, colonna 7: campo ignoto «rispsta»"),
            ),
            outcome("LEG-001", "Monitoraggio tardivo", OutcomeKind::Findings, 1, None),
        ],
        findings,
        ..DocumentReport::default()
    }
}
