//! Which of many areas a cell lies in, without asking each of them.

use std::collections::BTreeMap;

use super::place::{Area, CellRef};

/// Areas that are told apart by comparing each.
const FEW: usize = 8;

/// Areas of which no two share a cell, to be found by a cell. A tree by rows and columns in turn: as large as the list of
/// the areas, however large these are.
#[derive(Debug, Clone, Default)]
pub(crate) struct AreaIndex(Option<Node>);

#[derive(Debug, Clone)]
struct Node {
    /// What all areas below lie in.
    bounds: Area,
    below: Below,
}

#[derive(Debug, Clone)]
enum Below {
    Areas(Box<[Area]>),
    Nodes(Box<[Node; 2]>),
}

impl AreaIndex {
    /// An index over areas of more than one cell. Where two overlap, which no program writes, the upper left one holds.
    pub(crate) fn new(areas: &[Area]) -> Self {
        let mut areas: Vec<Area> = areas.iter().filter(|a| !a.is_cell()).copied().collect();
        areas.sort_unstable();
        let mut apart = apart(&areas);
        Self(Node::over(&mut apart, true))
    }

    /// The area that a cell lies in.
    pub(crate) fn find(&self, at: CellRef) -> Option<Area> {
        self.0.as_ref()?.find(at)
    }
}

/// The areas, from sorted ones, that share no cell with an earlier one.
fn apart(sorted: &[Area]) -> Vec<Area> {
    // The areas that the row at hand may lie in, by their first column.
    let mut open: BTreeMap<u32, Area> = BTreeMap::new();
    let mut apart = Vec::with_capacity(sorted.len());
    for area in sorted {
        let clear = loop {
            let before = open.range(..=area.last.col).next_back().map(|(_, a)| *a);
            match before.filter(|a| a.last.col >= area.first.col) {
                Some(above) if above.last.row < area.first.row => drop(open.remove(&above.first.col)),
                Some(_) => break false,
                None => break true,
            }
        };
        if clear {
            open.insert(area.first.col, *area);
            apart.push(*area);
        }
    }
    apart
}

impl Node {
    fn over(areas: &mut [Area], by_rows: bool) -> Option<Self> {
        let bounds = areas.iter().copied().reduce(|a, b| a.union(&b))?;
        let leaf = |areas: &[Area]| Some(Self { bounds, below: Below::Areas(areas.into()) });
        if areas.len() <= FEW {
            return leaf(areas);
        }
        let middle = areas.len() / 2;
        areas.select_nth_unstable_by_key(middle, |a| if by_rows { a.first.row } else { a.first.col });
        let (left, right) = areas.split_at_mut(middle);
        match (Self::over(left, !by_rows), Self::over(right, !by_rows)) {
            (Some(left), Some(right)) => Some(Self { bounds, below: Below::Nodes(Box::new([left, right])) }),
            _ => leaf(areas),
        }
    }

    fn find(&self, at: CellRef) -> Option<Area> {
        if !self.bounds.contains(at) {
            return None;
        }
        match &self.below {
            Below::Areas(areas) => areas.iter().find(|a| a.contains(at)).copied(),
            Below::Nodes(nodes) => nodes.iter().find_map(|n| n.find(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> Area {
        Area::parse(text).unwrap()
    }

    #[test]
    fn every_cell_is_found_in_its_area_and_in_no_other() {
        // Blocks of 2 x 3 with a free row and column between them, tall and wide ones beside.
        let mut areas: Vec<Area> = (0..40u32)
            .flat_map(|r| (0..20u32).map(move |c| (r * 3 + 10, c * 4 + 2)))
            .map(|(r, c)| Area::new(CellRef::new(r, c), CellRef::new(r + 1, c + 2)))
            .collect();
        areas.extend(["A1:A1048576", "B2:XFD2", "ZZ10:ZZ1048576"].map(area));
        let index = AreaIndex::new(&areas);
        for row in 0..140 {
            for col in 0..100 {
                let at = CellRef::new(row, col);
                assert_eq!(index.find(at), areas.iter().find(|a| a.contains(at)).copied(), "{at}");
            }
        }
        assert_eq!(index.find(CellRef::new(900_000, 701)), Some(area("ZZ10:ZZ1048576")));
        assert_eq!(AreaIndex::new(&[]).find(CellRef::new(0, 0)), None);
        assert_eq!(AreaIndex::new(&[area("B2")]).find(CellRef::new(1, 1)), None);
    }

    #[test]
    fn of_overlapping_areas_the_upper_left_one_holds() {
        let index = AreaIndex::new(&["B2:D4", "A1:C3", "C4:E5", "E1:F2"].map(area));
        let found = ["B2", "D3", "C5", "F1"].map(|at| index.find(CellRef::parse(at).unwrap()).map(|a| a.to_string()));
        assert_eq!(found, [Some("A1:C3".to_owned()), None, Some("C4:E5".to_owned()), Some("E1:F2".to_owned())]);
    }
}
