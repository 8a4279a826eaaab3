//! Where a finding stands.

use serde::Serialize;

use super::each::Shown;
use crate::model::{Anchor, Area, Place};

/// A place: `path` only in another document, `cell` or `range`, or `line` in a text.
#[derive(Serialize, Default)]
pub(super) struct Spot<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<Shown<Area>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Shown<Area>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<Shown<&'a Anchor>>,
    #[serde(skip_serializing_if = "Content::is_untold")]
    value: Content<'a>,
}

/// What a cell holds, where it is told at all: a reading note only names its cells.
#[derive(Serialize, Default)]
#[serde(untagged)]
enum Content<'a> {
    #[default]
    Untold,
    Found(Option<&'a str>),
}

impl Content<'_> {
    fn is_untold(&self) -> bool {
        matches!(self, Self::Untold)
    }
}

impl<'a> Spot<'a> {
    pub(super) fn of_place(place: &'a Place, (): ()) -> Self {
        Self {
            path: place.path.as_deref(),
            sheet: place.sheet.as_deref(),
            line: place.line,
            anchor: Some(Shown(&place.anchor)),
            value: Content::Found(place.value.as_deref()),
            ..Self::default()
        }
        .at(place.area.as_ref())
    }

    pub(super) fn of_area(area: &'a Area, sheet: &'a str) -> Self {
        Self { sheet: Some(sheet), ..Self::default() }.at(Some(area))
    }

    fn at(mut self, area: Option<&Area>) -> Self {
        match area {
            Some(area) if area.is_cell() => self.cell = Some(Shown(*area)),
            Some(area) => self.range = Some(Shown(*area)),
            None => {}
        }
        self
    }
}
