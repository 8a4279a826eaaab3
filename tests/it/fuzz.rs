//! The fuzz targets on their corpus and on seeded mutations of it, and every fixture damaged: never a panic.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use riscontro::engine::{Context, RuleBook, Selection};
use riscontro::model::{Area, CellRef, Grid, GridCell, OutcomeKind, Scalar};
use riscontro::pack::Packs;
use riscontro::package::Limits;
use riscontro::{ingest, recognise};

#[path = "../../fuzz/targets.rs"]
mod targets;

/// Mutations tried of each corpus.
const MUTATIONS: usize = 200;
/// Lengths at which each fixture is cut, and bytes flipped in it one at a time.
const CUTS: usize = 200;
const FLIPS: usize = 500;
/// Slips in the content of each spreadsheet.
const CONTENT_FLIPS: usize = 150;
/// Disturbances tried of each fixture, once read.
const DISTURBED: usize = 4;
/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 16] = [
    b"\0",
    b"\xff\xfe",
    b"\xf0\x9f\xa6\x80",
    b"<",
    b"</",
    b"/>",
    b"&#0;",
    b"&amp",
    b"]]>",
    b"\"",
    b"|",
    b";",
    b"1e308",
    b"-1",
    b"99999999999999999999",
    b"\r\n",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The same numbers in every run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// The files below a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A case with a few slips: bytes changed, taken out, said twice, put in, or the end of another case.
fn mutated(corpus: &[Vec<u8>], noise: &mut Noise) -> Vec<u8> {
    let mut bytes = corpus[noise.below(corpus.len())].clone();
    for _ in 0..=noise.below(4) {
        let at = noise.below(bytes.len() + 1);
        let end = (at + noise.below(12)).min(bytes.len());
        match noise.below(5) {
            0 if at < bytes.len() => bytes[at] = noise.byte(),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let again = bytes[at..end].repeat(1 + noise.below(40));
                bytes.splice(at..at, again);
            }
            3 => drop(bytes.splice(at..at, PIECES[noise.below(PIECES.len())].iter().copied())),
            _ => {
                let other = &corpus[noise.below(corpus.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[noise.below(other.len() + 1)..]);
            }
        }
    }
    bytes
}

#[test]
fn targets_come_back_from_their_corpus_and_from_slips_in_it() {
    for (name, target) in targets::ALL {
        let corpus: Vec<Vec<u8>> =
            files(&root().join("fuzz/corpus").join(name)).iter().map(|path| fs::read(path).unwrap()).collect();
        assert!(!corpus.is_empty(), "{name}");
        let mut noise = Noise(0x5DEE_CE66_D1A4_F087);
        let slips: Vec<Vec<u8>> = (0..MUTATIONS).map(|_| mutated(&corpus, &mut noise)).collect();
        for case in corpus.iter().chain(&slips) {
            assert!(catch_unwind(|| target(case)).is_ok(), "{name}: {}", case.escape_ascii());
        }
    }
}

#[test]
fn every_target_is_one_of_cargo_fuzz_too() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for (name, _) in targets::ALL {
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name}");
        let text = fs::read_to_string(root().join(format!("fuzz/fuzz_targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("targets::{name}(bytes)")), "{name}");
    }
}

/// What came of a damaged file: read, or refused; the case if it panicked.
fn outcome(bytes: &[u8], case: &str) -> Option<String> {
    catch_unwind(|| drop(ingest::read(bytes, "a.xlsx", &Limits::default()))).is_err().then(|| case.to_owned())
}

fn damaged(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap();
    let name = path.strip_prefix(root()).unwrap().display();
    let mut noise = Noise(u64::try_from(bytes.len()).unwrap() | 1);
    let mut panics = Vec::new();
    for i in 0..CUTS {
        let length = bytes.len() * i / CUTS;
        panics.extend(outcome(&bytes[..length], &format!("{name} cut at {length}")));
    }
    let mut flipped = bytes;
    for _ in 0..FLIPS {
        let at = noise.below(flipped.len());
        let byte = flipped[at];
        flipped[at] = noise.byte();
        panics.extend(outcome(&flipped, &format!("{name} byte {at} = {}", flipped[at])));
        flipped[at] = byte;
    }
    panics
}

#[test]
fn fixtures_cut_or_with_a_byte_changed_never_panic() {
    let is_document = |p: &PathBuf| p.extension().is_some_and(|e| e == "xlsx" || e == "ods" || e == "xls");
    let samples = files(&root().join("tests/it/cases"));
    let all: Vec<PathBuf> = files(&root().join("fixtures")).into_iter().chain(samples).filter(is_document).collect();
    assert!(all.iter().filter(|p| p.starts_with(root().join("tests"))).count() >= 4);
    let all = Arc::new(all);
    let workers: Vec<_> = (0..2)
        .map(|worker| {
            let all = Arc::clone(&all);
            thread::spawn(move || all.iter().skip(worker).step_by(2).flat_map(|p| damaged(p)).collect::<Vec<_>>())
        })
        .collect();
    let panics: Vec<String> = workers.into_iter().flat_map(|w| w.join().unwrap()).collect();
    assert!(panics.is_empty(), "{panics:#?}");
}

#[test]
fn content_of_a_spreadsheet_with_bytes_changed_never_panics() {
    let samples =
        files(&root().join("tests/it/cases")).into_iter().filter(|p| p.extension().is_some_and(|e| e == "ods"));
    for path in samples {
        let parts = crate::reading::parts_of(&fs::read(&path).unwrap());
        let content = parts.into_iter().find(|(name, _)| name == "content.xml").unwrap().1;
        let mut noise = Noise(0x2545_F491_4F6C_DD1D);
        for _ in 0..CONTENT_FLIPS {
            let mut changed = content.clone();
            for _ in 0..=noise.below(3) {
                let at = noise.below(changed.len());
                changed[at] = noise.byte();
            }
            let mimetype = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
            let parts = [("mimetype", mimetype), ("content.xml", changed)];
            let file = crate::cases::zip(zip::CompressionMethod::Stored, &parts);
            assert_eq!(outcome(&file, "content.xml"), None, "{}", path.display());
        }
    }
}

/// One disturbance of what was read: a cell lost, moved, of another value, over others; rows apart or twice.
fn disturbed(grid: &mut Grid, noise: &mut Noise) {
    let sheet = noise.below(grid.sheets.len());
    let Some(sheet) = grid.sheets.get_mut(sheet).filter(|s| !s.cells.is_empty()) else { return };
    let (one, other) = (noise.below(sheet.cells.len()), noise.below(sheet.cells.len()));
    let (from, to) = (sheet.cells[one].at, sheet.cells[other].at);
    match noise.below(8) {
        0 => drop(sheet.cells.remove(one)),
        1 => sheet.cells[one].value = sheet.cells[other].value.clone(),
        2 => sheet.cells.iter_mut().filter(|c| c.at.row >= from.row).for_each(|c| c.at.row += 2),
        3 => sheet.cells.iter_mut().filter(|c| c.at.col >= from.col).for_each(|c| c.at.col += 1),
        4 => {
            sheet.merged.push(Area::new(from, CellRef::new(from.row.max(to.row), from.col.max(to.col))));
            sheet.merged.sort_unstable();
        }
        5 => {
            let row: Vec<GridCell> = sheet.cells.iter().filter(|c| c.at.row == from.row).cloned().collect();
            let last = sheet.cells.last().map_or(0, |c| c.at.row);
            sheet.cells.extend(row.into_iter().map(|c| GridCell { at: CellRef::new(last + 1, c.at.col), ..c }));
        }
        6 => {
            let number = [f64::NAN, 1e308, -0.0, 45_000.5][noise.below(4)];
            sheet.cells[one].value = Scalar::Number(number);
        }
        _ => {
            if let Scalar::Text(text) = &sheet.cells[one].value {
                let cut: String = text.chars().take(noise.below(text.chars().count() + 1)).collect();
                sheet.cells[one].value = Scalar::Text(cut.into());
            }
        }
    }
}

#[test]
fn disturbed_tables_are_recognised_and_checked_without_panic() {
    let packs = Packs::embedded().unwrap();
    let book = RuleBook::compile(&packs, None).unwrap();
    let every = book.select(&Selection::default()).unwrap();
    let mut noise = Noise(0x9E37_79B9_7F4A_7C15);
    let mut tables = 0;
    for path in files(&root().join("fixtures")).iter().filter(|p| p.extension().is_some_and(|e| e == "xlsx")) {
        let whole = ingest::read(fs::read(path).unwrap(), "a.xlsx", &Limits::default()).unwrap();
        for round in 0..DISTURBED {
            let mut grid = whole.clone();
            (0..=noise.below(6)).for_each(|_| disturbed(&mut grid, &mut noise));
            let run = || {
                let document = recognise::recognise(&grid, &packs);
                let outcomes = book.evaluate(&document, &every, &Context::default());
                assert!(outcomes.iter().all(|o| o.rule.kind != OutcomeKind::Error), "a rule failed");
                document.tables.len()
            };
            let found = catch_unwind(AssertUnwindSafe(run));
            tables += found.unwrap_or_else(|_| panic!("{} in round {round}", path.display()));
        }
    }
    assert!(tables > 80, "{tables} tables: nothing was tried");
}
