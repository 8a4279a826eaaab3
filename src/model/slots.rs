//! The cells of a record or unit by field.

use std::sync::Arc;

/// Index of a cell in [`Table::cells`](super::Table::cells).
pub type CellId = u32;

/// The cells of a record or unit, one slot per field of its table. A unit on one record mostly has those of the record.
///
/// Most rows have one cell for each field, stored one after the other: of these the first is all that is kept. A table
/// has hundreds of thousands.
#[derive(Debug, Clone)]
pub struct Slots(Form);

impl PartialEq for Slots {
    /// Whether they hold the same cells, however they are kept.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(own, cells)| own.iter().eq(cells.iter()))
    }
}

#[derive(Debug, Clone)]
enum Form {
    /// One cell for each field, in the order of the fields.
    Row { first: CellId, count: u32 },
    /// Any others, each on its own.
    Apart(Arc<[FieldSlot]>),
}

/// The cells of one field in a record or unit.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum FieldSlot {
    /// The unit has no such field (a question without detail rows).
    #[default]
    None,
    /// One cell.
    One(CellId),
    /// Several, top to bottom.
    Many(Box<Several>),
}

/// Several cells of one field. They lie apart: most slots have one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Several(Box<[CellId]>);

impl FromIterator<CellId> for FieldSlot {
    /// A slot of several cells, however many they are.
    fn from_iter<I: IntoIterator<Item = CellId>>(cells: I) -> Self {
        Self::Many(Box::new(Several(cells.into_iter().collect())))
    }
}

impl FieldSlot {
    /// The first of the cells.
    pub fn first(&self) -> Option<CellId> {
        self.cells().first()
    }

    /// The cells with one more at the end.
    #[must_use]
    pub fn and(self, more: CellId) -> Self {
        self.cells().iter().chain([more]).collect()
    }

    fn cells(&self) -> SlotCells<'_> {
        match self {
            Self::None => SlotCells::default(),
            Self::One(id) => SlotCells { one: Some(*id), more: &[] },
            Self::Many(several) => SlotCells { one: None, more: &several.0 },
        }
    }
}

impl FromIterator<FieldSlot> for Slots {
    fn from_iter<I: IntoIterator<Item = FieldSlot>>(slots: I) -> Self {
        let slots: Arc<[FieldSlot]> = slots.into_iter().collect();
        in_a_row(&slots).map_or_else(|| Self(Form::Apart(slots.clone())), |first| Self::row(first, slots.len()))
    }
}

/// The first cell, where each field has one, in the order of the fields.
fn in_a_row(slots: &[FieldSlot]) -> Option<CellId> {
    let mut ids = slots.iter().map(|slot| if let FieldSlot::One(id) = slot { Some(*id) } else { None });
    let first = ids.next().flatten()?;
    ids.zip(1..).all(|(id, nth)| id == first.checked_add(nth)).then_some(first)
}

impl From<&[FieldSlot]> for Slots {
    fn from(slots: &[FieldSlot]) -> Self {
        in_a_row(slots).map_or_else(|| Self(Form::Apart(slots.into())), |first| Self::row(first, slots.len()))
    }
}

impl Slots {
    /// One cell for each field, from `first` on in the order of the fields.
    pub fn row(first: CellId, fields: usize) -> Self {
        Self(Form::Row { first, count: u32::try_from(fields).unwrap_or(u32::MAX) })
    }

    /// How many fields they have room for.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Row { count, .. } => *count as usize,
            Form::Apart(slots) => slots.len(),
        }
    }

    /// Whether there are none: the table has no fields.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cells of one field, top to bottom; none for a field that is not there.
    pub fn cells(&self, slot: usize) -> SlotCells<'_> {
        match &self.0 {
            Form::Row { first, count } => {
                let nth = u32::try_from(slot).ok().filter(|nth| nth < count);
                SlotCells { one: nth.and_then(|nth| first.checked_add(nth)), more: &[] }
            }
            Form::Apart(slots) => slots.get(slot).map(FieldSlot::cells).unwrap_or_default(),
        }
    }

    /// The first cell of a field.
    pub fn first(&self, slot: usize) -> Option<CellId> {
        self.cells(slot).first()
    }

    /// The cells of each field.
    pub fn iter(&self) -> impl Iterator<Item = SlotCells<'_>> {
        (0..self.len()).map(|slot| self.cells(slot))
    }

    /// Whether no field holds several cells, nor is made for several.
    pub fn are_single(&self) -> bool {
        match &self.0 {
            Form::Row { .. } => true,
            Form::Apart(slots) => !slots.iter().any(|slot| matches!(slot, FieldSlot::Many(_))),
        }
    }

    /// Gives a field other cells; a field that is not there gets none.
    pub fn set(&mut self, slot: usize, cells: FieldSlot) {
        let mut slots = self.apart();
        if let Some(place) = Arc::make_mut(&mut slots).get_mut(slot) {
            *place = cells;
        }
        self.0 = Form::Apart(slots);
    }

    /// Adds a field at the end.
    pub fn push(&mut self, cells: FieldSlot) {
        *self = self.apart().iter().cloned().chain([cells]).collect();
    }

    fn apart(&self) -> Arc<[FieldSlot]> {
        match &self.0 {
            Form::Row { first, count } => (0..*count).map(|nth| FieldSlot::One(first.saturating_add(nth))).collect(),
            Form::Apart(slots) => slots.clone(),
        }
    }
}

/// The cells of one field, top to bottom.
#[derive(Debug, Clone, Copy, Default)]
pub struct SlotCells<'a> {
    one: Option<CellId>,
    more: &'a [CellId],
}

impl<'a> SlotCells<'a> {
    /// The first of them.
    pub fn first(self) -> Option<CellId> {
        self.one.or_else(|| self.more.first().copied())
    }

    /// The one at a place.
    pub fn get(self, nth: usize) -> Option<CellId> {
        if self.one.is_some() { self.one.filter(|_| nth == 0) } else { self.more.get(nth).copied() }
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = CellId> + 'a {
        self.one.into_iter().chain(self.more.iter().copied())
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.first().is_none()
    }

    /// How many they are.
    pub fn len(self) -> usize {
        usize::from(self.one.is_some()) + self.more.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(slots: &Slots) -> Vec<Vec<CellId>> {
        slots.iter().map(|cells| cells.iter().collect()).collect()
    }

    #[test]
    fn cells_in_a_row_and_apart_are_read_alike() {
        let row: Slots = (4..7).map(FieldSlot::One).collect();
        assert_eq!(row, Slots::row(4, 3));
        assert_eq!(ids(&row), [[4], [5], [6]]);
        let mut apart: Slots = [FieldSlot::One(4), FieldSlot::None, [6, 9].into_iter().collect()].into_iter().collect();
        assert_eq!(ids(&apart), [vec![4], vec![], vec![6, 9]]);
        assert!(row.are_single() && !apart.are_single());
        assert_eq!(
            (apart.first(2), apart.cells(2).get(1), apart.cells(1).get(0), row.first(3)),
            (Some(6), Some(9), None, None)
        );
        apart.set(2, FieldSlot::One(6));
        apart.set(7, FieldSlot::One(1));
        assert!(apart.are_single());
        let mut more = row.clone();
        more.set(1, FieldSlot::None);
        more.push(FieldSlot::One(8));
        assert_eq!(ids(&more), [vec![4], vec![], vec![6], vec![8]]);
        assert_eq!(ids(&row), [[4], [5], [6]]);
    }
}
