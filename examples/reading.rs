//! Times reading 100,000 rows of 6 columns, beside calamine's bare stream of the same file.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "an example stops at the first surprise and prints"
)]

use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calamine::{Reader as _, Xlsx};
use riscontro::ingest;
use riscontro::package::{Limits, Package};
use rust_xlsxwriter::Workbook;

const RUNS: usize = 9;

fn made() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..100_000u32 {
        sheet.write(row, 0, row).unwrap();
        sheet.write(row, 1, format!("processo {}", row % 5_000)).unwrap();
        sheet.write(row, 2, ["Alto", "Medio", "Basso"][row as usize % 3]).unwrap();
        sheet.write(row, 3, f64::from(row) / 7.0).unwrap();
        sheet.write(row, 4, format!("responsabile dell'ufficio {}", row % 40)).unwrap();
        sheet.write(row, 5, format!("misura specifica numero {row}")).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// The shortest of several runs.
fn shortest(mut run: impl FnMut() -> usize) -> Duration {
    let time = |run: &mut dyn FnMut() -> usize| {
        let start = Instant::now();
        assert!(run() > 0);
        start.elapsed()
    };
    (0..RUNS).map(|_| time(&mut run)).min().unwrap_or_default()
}

fn main() {
    let bytes: Arc<[u8]> = made().into();
    let limits = Limits::default();
    let bare = shortest(|| {
        let mut book = Xlsx::new(Cursor::new(Arc::clone(&bytes))).unwrap();
        let mut reader = book.worksheet_cells_reader("Sheet1").unwrap();
        std::iter::from_fn(|| reader.next_cell().unwrap()).count()
    });
    let open = shortest(|| Package::open(Arc::clone(&bytes), &limits).unwrap().names().count());
    let read = shortest(|| ingest::read(Arc::clone(&bytes), "a.xlsx", &limits).unwrap().sheets.len());
    println!("{} KiB, 600,000 cells", bytes.len() >> 10);
    println!("calamine, bare stream {bare:>10.1?}");
    println!("Package::open         {open:>10.1?}  {:.2}", open.as_secs_f64() / bare.as_secs_f64());
    println!("ingest::read          {read:>10.1?}  {:.2}", read.as_secs_f64() / bare.as_secs_f64());
}
