//! Colours, as text to put before and after.

use crate::model::Severity;

/// What switches a colour on and off again; empty for none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paint {
    /// Before the text.
    pub on: String,
    /// After it.
    pub off: String,
}

impl Paint {
    /// The text in this colour.
    pub fn paint(&self, text: &str) -> String {
        format!("{}{text}{}", self.on, self.off)
    }
}

/// The colours of a report. The default has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Painter {
    /// Errors and refusals.
    pub errore: Paint,
    /// Warnings.
    pub avviso: Paint,
    /// Observations.
    pub osservazione: Paint,
    /// What is in order.
    pub good: Paint,
    /// Names and messages that should stand out.
    pub strong: Paint,
    /// Frames and arrows.
    pub faint: Paint,
}

impl Painter {
    /// The colour of a severity.
    pub fn of(&self, severity: Severity) -> &Paint {
        match severity {
            Severity::Errore => &self.errore,
            Severity::Avviso => &self.avviso,
            Severity::Osservazione => &self.osservazione,
        }
    }
}
