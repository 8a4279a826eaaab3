//! The large workbook: a plan of many processes.

use std::path::Path;

use rust_xlsxwriter::Workbook;

use super::ROWS;

const HEADINGS: [&str; 6] = [
    "Processi di supporto/processi primari",
    "Funzioni istituzionali",
    "MACRO PROCESSO",
    "PROCESSO",
    "Area di rischio",
    "Ufficio",
];

const AREAS: [&str; 9] = [
    "A) Acquisizione e gestione del personale",
    "B) Contratti pubblici",
    "C) Provvedimenti ampliativi della sfera giuridica dei destinatari privi di effetto economico diretto",
    "D) Provvedimenti ampliativi della sfera giuridica dei destinatari con effetto economico diretto",
    "E) Gestione delle entrate, delle spese e del patrimonio",
    "F) Controlli, verifiche, ispezioni e sanzioni",
    "G) Incarichi e nomine",
    "H) Affari legali e contenzioso",
    "I) Pianificazione urbanistica",
];

const OBJECTS: [&str; 16] = [
    "Servizi demografici",
    "Tributi",
    "Edilizia privata",
    "Lavori pubblici",
    "Politiche sociali",
    "Polizia locale",
    "Ragioneria",
    "Personale",
    "Istruzione",
    "Cultura e biblioteca",
    "Ambiente",
    "Patrimonio",
    "Contratti",
    "Avvocatura",
    "Servizi informatici",
    "Protezione civile",
];

const ACTS: [&str; 8] = [
    "Rilascio di certificazioni",
    "Istruttoria delle domande",
    "Verifica delle dichiarazioni",
    "Pagamento delle fatture",
    "Programmazione annuale",
    "Aggiornamento della banca dati",
    "Gestione del procedimento",
    "Controllo a campione",
];

/// A plan of many processes: six columns as printed plans have them, 160 offices, 9 areas, each process once.
/// One row in ten lacks its area and one in ten its office: 20,000 findings.
pub(super) fn write(path: &Path) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Processi").unwrap();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write(0, column, heading).unwrap();
    }
    for (row, number) in (1_u32..).zip(1..=ROWS) {
        let object = OBJECTS[number / ACTS.len() % OBJECTS.len()];
        let class = if number % 3 == 0 { "Processo di supporto" } else { "Processo primario" };
        sheet.write(row, 0, class).unwrap();
        sheet.write(row, 1, format!("Servizi istituzionali, generali e di gestione: {object}")).unwrap();
        sheet.write(row, 2, format!("{object}: gestione ordinaria e programmazione")).unwrap();
        let act = ACTS[number % ACTS.len()];
        sheet.write(row, 3, format!("n. {number} {act}: {object}, pratica di tipo {number}")).unwrap();
        if number % 10 != 3 {
            sheet.write(row, 4, AREAS[number % AREAS.len()]).unwrap();
        }
        if number % 10 != 7 {
            sheet.write(row, 5, format!("Ufficio {} - {object}", number / 128 % 10 + 1)).unwrap();
        }
    }
    book.save(path).unwrap();
}
