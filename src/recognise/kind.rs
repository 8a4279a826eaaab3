//! A kind of schedule made ready to be recognised.

use std::sync::Arc;

use super::counts::Wordings;
use super::form::Form;
use super::heading::HeadingIndex;
use crate::pack::Pack;

/// A pack with its headings and labels ready for look-up.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) pack: Arc<Pack>,
    pub(super) index: HeadingIndex,
    /// The labels of a form of counts.
    pub(super) wordings: Option<Wordings>,
    /// The printed rows of a questionnaire.
    pub(super) form: Option<Form>,
}

impl Kind {
    pub(super) fn new(pack: &Arc<Pack>) -> Self {
        let index = HeadingIndex::new(&pack.schedule);
        Self { index, wordings: Wordings::of(pack), form: Form::of(pack), pack: pack.clone() }
    }
}
