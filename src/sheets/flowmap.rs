//! Information flows at a glance as a workbook: the matrix of roles and workflows, the steps with what the rules find, the
//! roles that own and approve.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::lines::whole_place;
use super::look::{Look, write_text};
use super::{failed, measure, properties, row_of, within_a_sheet};
use crate::model::{CellRef, Error, FlowMap, FlowMark, Lang, Raci, STEPS, Severity, Workflow};

/// Columns of the matrix before those of the workflows.
const BEFORE: u16 = 1;

/// The bytes of the workbook. Equal flows give equal bytes.
///
/// # Errors
///
/// More steps or roles than a sheet takes lines, more workflows than it takes columns.
pub fn flowmap_workbook(map: &FlowMap) -> Result<Vec<u8>, Error> {
    let steps = map.workflows.iter().map(|workflow| workflow.steps.len().max(1)).sum::<usize>();
    within_a_sheet(steps.max(map.roles.len()).max(map.marks.len()))?;
    if map.workflows.len() > CellRef::MAX_COL as usize {
        within_a_sheet(usize::MAX)?;
    }
    build(map).map_err(failed)
}

struct Page<'a> {
    map: &'a FlowMap,
    lang: Lang,
    look: Look,
    letters: Format,
}

fn build(map: &FlowMap) -> Result<Vec<u8>, XlsxError> {
    let look = Look::centred();
    let letters = look.strong.clone().set_align(FormatAlign::Center);
    let page = Page { map, lang: map.lang, look, letters };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(page.pick("Flussi informativi", "Information flows"))?);
    page.matrix(workbook.add_worksheet().set_name(page.pick("Matrice", "Matrix"))?)?;
    page.steps(workbook.add_worksheet().set_name(page.pick("Step", "Steps"))?)?;
    page.roles(workbook.add_worksheet().set_name(page.pick("Chi risponde e approva", "Who owns and approves"))?)?;
    workbook.save_to_buffer()
}

impl Page<'_> {
    fn pick(&self, it: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(it, en)
    }

    fn head(&self, sheet: &mut Worksheet, headings: &[(String, f64)]) -> Result<(), XlsxError> {
        for (col, (heading, width)) in (0u16..).zip(headings) {
            sheet.set_column_width(col, *width)?;
            write_text(sheet, (0, col), heading, &self.look.head)?;
        }
        sheet.set_freeze_panes(1, BEFORE)?;
        sheet.set_landscape();
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        Ok(())
    }

    fn name(&self, workflow: &Workflow) -> String {
        match workflow.title() {
            title if title.is_empty() => self.pick("(senza nome)", "(unnamed)").to_owned(),
            title => title,
        }
    }

    /// Roles as rows, workflows as columns, in each cell the letters.
    fn matrix(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let mut headings = vec![(self.pick("Ruoli e lavori", "Roles and works").to_owned(), 38.0)];
        headings.extend(self.map.workflows.iter().map(|workflow| (self.name(workflow), 22.0)));
        self.head(sheet, &headings)?;
        let lines =
            headings.iter().map(|(text, width)| measure::lines(text, width - measure::INDENT)).max().unwrap_or(1);
        sheet.set_row_height(0, measure::height(lines))?;
        for (row, role) in (1u32..).zip(&self.map.roles) {
            write_text(sheet, (row, 0), &role.name, &self.look.text)?;
            for (col, own) in (BEFORE..).zip(&role.letters) {
                let letters: String = own.iter().map(|raci| raci.letter()).collect();
                let both = own.contains(&Raci::Accountable) && own.contains(&Raci::Signatory);
                let look = if both {
                    self.letters.clone().set_background_color(Color::RGB(0xF8_D7_DA))
                } else {
                    self.letters.clone()
                };
                write_text(sheet, (row, col), &letters, &look)?;
            }
        }
        for (row, raci) in (row_of(self.map.roles.len()) + 2..).zip(self.map.letters()) {
            let told = format!("{} = {}", raci.letter(), raci.label().get(self.lang));
            write_text(sheet, (row, 0), &told, &self.look.remark)?;
        }
        Ok(())
    }

    /// One line for each step, a workflow without steps on one of its own; then what concerns the documents as a whole.
    fn steps(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let headings: Vec<(String, f64)> =
            STEPS.iter().map(|(it, en, width)| (self.pick(it, en).to_owned(), *width)).collect();
        self.head(sheet, &headings)?;
        let mut row = 0;
        for workflow in &self.map.workflows {
            let of_workflow = [&workflow.flow, &workflow.id, &workflow.document];
            if workflow.steps.is_empty() || !workflow.marks.is_empty() {
                row += 1;
                self.line(sheet, row, of_workflow.into_iter().map(String::as_str), &workflow.marks)?;
                write_text(sheet, (row, 8), &whole_place(&workflow.place, self.lang), &self.look.text)?;
            }
            for step in &workflow.steps {
                row += 1;
                let name = if step.id.is_empty() { step.name.clone() } else { format!("{} {}", step.id, step.name) };
                let letters: String = step.letters.iter().map(|raci| raci.letter()).collect();
                let own = [&step.order, &name, &step.role, &letters];
                let texts = of_workflow.into_iter().chain(own).map(String::as_str);
                self.line(sheet, row, texts, &step.marks)?;
                write_text(sheet, (row, 8), &whole_place(&step.place, self.lang), &self.look.text)?;
            }
        }
        for (path, mark) in &self.map.marks {
            row += 1;
            self.line(sheet, row, std::iter::empty(), std::slice::from_ref(mark))?;
            write_text(sheet, (row, 8), path, &self.look.text)?;
        }
        sheet.autofilter(0, 0, row.max(1), 8)?;
        Ok(())
    }

    fn line<'t>(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        texts: impl Iterator<Item = &'t str>,
        marks: &[FlowMark],
    ) -> Result<(), XlsxError> {
        for (col, text) in (0u16..).zip(texts) {
            write_text(sheet, (row, col), text, &self.look.text)?;
        }
        let told = |mark: &FlowMark| format!("{} {}: {}", mark.severity.label(self.lang), mark.code, mark.message);
        let all = marks.iter().map(told).collect::<Vec<_>>().join("\n");
        let look = match marks.iter().map(|mark| mark.severity).max() {
            Some(Severity::Errore | Severity::Avviso) => &self.look.strong,
            _ => &self.look.text,
        };
        write_text(sheet, (row, 7), &all, look)?;
        let lines: u32 = all.lines().map(|line| measure::lines(line, 70.0 - measure::INDENT)).sum();
        if lines > 1 {
            sheet.set_row_height(row, measure::height(lines))?;
        }
        Ok(())
    }

    fn roles(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let headings = [
            ("Ruolo che risponde e approva", "Role that owns and approves", 38.0),
            ("Risponde di", "Owns", 60.0),
            ("Approva", "Approves", 60.0),
            ("Lo stesso documento", "The same document", 60.0),
        ];
        self.head(sheet, &headings.map(|(it, en, width)| (self.pick(it, en).to_owned(), width)))?;
        let named = |all: &mut dyn Iterator<Item = usize>| {
            let names = all.filter_map(|at| self.map.workflows.get(at)).map(|workflow| self.name(workflow));
            names.collect::<Vec<_>>().join("\n")
        };
        let both = self.map.roles.iter().filter(|role| role.owns_and_approves());
        let mut last = 0;
        for (row, role) in (1u32..).zip(both) {
            let texts = [
                named(&mut role.workflows_as(Raci::Accountable)),
                named(&mut role.workflows_as(Raci::Signatory)),
                named(&mut role.approves_its_own()),
            ];
            write_text(sheet, (row, 0), &role.name, &self.look.text)?;
            for (col, text) in (1u16..).zip(&texts) {
                write_text(sheet, (row, col), text, if col == 3 { &self.look.strong } else { &self.look.text })?;
            }
            let lines = |text: &String| text.lines().map(|line| measure::lines(line, 60.0 - measure::INDENT)).sum();
            let lines: u32 = texts.iter().map(lines).max().unwrap_or(1);
            if lines > 1 {
                sheet.set_row_height(row, measure::height(lines))?;
            }
            last = row;
        }
        if last == 0 {
            write_text(sheet, (1, 0), self.pick("Nessuno.", "None."), &self.look.remark)?;
        }
        Ok(())
    }
}
