//! The instructions that go with an empty form.

use super::Maker;
use crate::model::{BlankCell, BlankForm, GuideSection, Holds};

/// Answers named one by one; longer lists stand on their sheet alone.
const NAMED: usize = 6;

/// The instructions of a form that is otherwise made.
pub(super) fn sections(maker: &Maker<'_>, form: &BlankForm) -> Vec<GuideSection> {
    let t = |it: &str, en: &str| maker.lang.pick(it, en).to_owned();
    let paragraphs = |texts: Vec<String>| texts.into_iter().map(|text| (String::new(), text)).collect();
    let mut sections =
        vec![GuideSection { title: t("In generale", "In general"), lines: paragraphs(maker.filling_in(form)) }];
    let own = maker.model.guide.iter().map(|line| line.get(maker.lang).to_owned()).collect::<Vec<_>>();
    if !own.is_empty() {
        sections.push(GuideSection { title: t("Questa scheda", "This form"), lines: paragraphs(own) });
    }
    let columns = maker.column_lines(form);
    if !columns.is_empty() {
        sections.push(GuideSection { title: t("Le colonne", "The columns"), lines: columns });
    }
    sections.push(GuideSection {
        title: t("Quando è compilata", "When it is filled in"),
        lines: paragraphs(vec![t(
            "Salvare il file e controllarlo: riscontro check FILE.xlsx dice, cella per cella, che cosa manca o non torna. Le righe e le note che non servono possono restare: non contano.",
            "Save the file and check it: riscontro check FILE.xlsx tells, cell by cell, what is missing or does not add up. Rows and notes that are not needed may stay: they do not count.",
        )]),
    });
    sections
}

impl Maker<'_> {
    fn filling_in(&self, form: &BlankForm) -> Vec<String> {
        let t = |it: &str, en: &str| self.lang.pick(it, en).to_owned();
        let mut lines = vec![t(
            "Si scrive nelle celle gialle. Titoli e intestazioni sono protetti, perché il controllo li riconosca; la protezione è senza password e si toglie dal menu Revisione.",
            "Write in the yellow cells. Titles and headings are protected, so that the check recognises them; there is no password, and the Review menu takes the protection off.",
        )];
        let columns = || form.sheets.iter().flat_map(|s| &s.columns);
        if !form.lists.is_empty() {
            lines.push(t(
                "Dove la cella mostra una freccia si sceglie dall'elenco; le voci di tutti gli elenchi sono nel foglio «Elenchi». Una voce diversa si può scrivere, dopo un avviso.",
                "Where a cell shows an arrow, choose from the list; the entries of all lists are on the sheet “Elenchi”. Another entry can be written, after a warning.",
            ));
        }
        if columns().any(|c| c.holds == Holds::Text) {
            lines.push(t(
                "Le celle di testo conservano ciò che si scrive: «2/3» resta «2/3», e non diventa una data. Per andare a capo in una cella: Alt+Invio.",
                "Text cells keep what is typed: “2/3” stays “2/3”, and does not become a date. For a new line within a cell: Alt+Enter.",
            ));
        }
        if form.sheets.iter().any(|s| s.goes_on) {
            lines.push(t(
                "Ogni riga va compilata per intero: niente celle unite, e niente righe di titolo fra i dati. Se le righe gialle non bastano, si continua sotto.",
                "Fill in each row by itself: no merged cells, and no title rows among the data. If the yellow rows are too few, go on below.",
            ));
        }
        if self.before.is_there() {
            lines.push(self.about_hints(form));
        }
        lines
    }

    fn about_hints(&self, form: &BlankForm) -> String {
        let said = match (form.hints(), self.before.year()) {
            (0, _) => self.lang.pick(
                "Nel documento dell'anno precedente non c'è nulla da riportare come nota.".to_owned(),
                "The document of the year before says nothing to be noted.".to_owned(),
            ),
            (_, Some(year)) => self.lang.pick(
                format!("Una cella con un triangolo nell'angolo ha una nota: dice che cosa c'era nel documento del {year}. La nota non è una risposta."),
                format!("A cell with a triangle in its corner has a note: what the document of {year} said. The note is no answer."),
            ),
            (_, None) => self.lang.pick(
                "Una cella con un triangolo nell'angolo ha una nota: dice che cosa c'era nel documento dell'anno precedente. La nota non è una risposta.".to_owned(),
                "A cell with a triangle in its corner has a note: what the document of the year before said. The note is no answer.".to_owned(),
            ),
        };
        match self.before.records_left() {
            left if left > 0 && self.pack.schedule.shape.has_rows() => self.lang.pick(
                format!("{said} Le righe di quel documento sono troppe: le ultime {left} sono senza note."),
                format!("{said} That document has too many rows: the last {left} have no notes."),
            ),
            _ => said,
        }
    }

    /// What is to be written in each column to fill in: what the pack says of it, else what the field is and which
    /// answers it offers.
    fn column_lines(&self, form: &BlankForm) -> Vec<(String, String)> {
        let Some(sheet) = form.sheets.first() else { return Vec::new() };
        let is_to_fill =
            |at: usize| sheet.rows.iter().any(|row| matches!(row.cells.get(at), None | Some(BlankCell::ToFill { .. })));
        let columns = sheet.columns.iter().enumerate().filter(|(at, _)| is_to_fill(*at));
        let lines = columns.filter_map(|(_, column)| {
            let mut texts: Vec<String> = column.prompt.iter().map(|p| sentence(p)).collect();
            if let Some(list) = column.list.and_then(|at| form.lists.get(at)) {
                texts.push(if list.options.len() <= NAMED {
                    format!("{}: {}.", self.lang.pick("Elenco", "List"), list.options.join("; "))
                } else {
                    self.lang.pick("Elenco nel foglio «Elenchi».", "The list is on the sheet “Elenchi”.").to_owned()
                });
            }
            (!texts.is_empty()).then(|| (column.heading.clone(), texts.join(" ")))
        });
        lines.collect()
    }
}

/// A text that ends as a sentence does.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '…', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}
