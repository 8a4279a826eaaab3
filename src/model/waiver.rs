//! Why a finding does not count.

use std::sync::Arc;

use jiff::civil::Date;

use super::lang::Lang;

/// A decision of the body to except a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Why.
    pub reason: Arc<str>,
    /// Who decided it, if that is written.
    pub approved_by: Option<Arc<str>>,
    /// The last day on which it holds; `None` for one that does not end.
    pub expires: Option<Date>,
}

impl Waiver {
    /// Until when it holds: `fino al 31/03/2027`.
    pub fn term(&self, lang: Lang) -> String {
        match self.expires {
            Some(day) => lang.pick(format!("fino al {}", printed(day, lang)), format!("until {}", printed(day, lang))),
            None => lang.pick("senza scadenza", "without expiry").to_owned(),
        }
    }

    /// All of it in one line: `fino al 31/03/2027, motivo: …; approvata da …`.
    pub fn told(&self, lang: Lang) -> String {
        let (term, reason) = (self.term(lang), &self.reason);
        let told = lang.pick(format!("{term}, motivo: {reason}"), format!("{term}, reason: {reason}"));
        match &self.approved_by {
            Some(who) => format!("{told}; {} {who}", lang.pick("approvata da", "approved by")),
            None => told,
        }
    }
}

/// A day as each language writes it.
pub(crate) fn printed(day: Date, lang: Lang) -> String {
    match lang {
        Lang::It => format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year()),
        Lang::En => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_is_told_with_its_term() {
        let mut waiver = Waiver {
            reason: "ufficio soppresso".into(),
            approved_by: Some("RPCT".into()),
            expires: Some(jiff::civil::date(2027, 3, 31)),
        };
        assert_eq!(waiver.told(Lang::It), "fino al 31/03/2027, motivo: ufficio soppresso; approvata da RPCT");
        assert_eq!(waiver.told(Lang::En), "until 2027-03-31, reason: ufficio soppresso; approved by RPCT");
        waiver.expires = None;
        waiver.approved_by = None;
        assert_eq!(waiver.told(Lang::It), "senza scadenza, motivo: ufficio soppresso");
    }
}
