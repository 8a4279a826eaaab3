//! Charts of horizontal bars, as all of the reports' are.

use rust_xlsxwriter::{Chart, ChartFont, ChartType, ObjectMovement};

/// The lettering of charts.
pub(super) fn small() -> ChartFont {
    ChartFont::new().set_name("Arial").set_size(9).clone()
}

/// A chart of horizontal bars, the first on top: without title or gridlines, and as large as it is made wherever it stands.
pub(super) fn bars(kind: ChartType, alt_text: &str) -> Chart {
    let mut chart = Chart::new(kind);
    chart.title().set_hidden();
    // Of a bar chart, the y axis is the one of the categories.
    chart.y_axis().set_reverse().set_font(&small()).set_major_gridlines(false);
    chart.x_axis().set_min(0);
    chart.set_object_movement(ObjectMovement::MoveButDontSizeWithCells).set_alt_text(alt_text);
    chart
}

/// The same where each bar bears its value, so that no axis and no legend is needed.
pub(super) fn valued_bars(alt_text: &str) -> Chart {
    let mut chart = bars(ChartType::Bar, alt_text);
    chart.legend().set_hidden();
    chart.x_axis().set_hidden(true).set_major_gridlines(false);
    chart
}
