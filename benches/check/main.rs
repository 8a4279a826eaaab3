//! What checking costs, against calamine's bare stream of the same file in the same run: `cargo bench`.
//!
//! Each run of a case is a process of its own, so that each peak of memory is its own. Times are CPU seconds where
//! the system tells them (Linux), else wall time; the figure of a case is the median of its runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark stops at the first surprise"
)]

use std::fmt::Write as _;
mod plan;

use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, io};

use calamine::{Reader as _, Xlsx};
use riscontro::check::{self, Copies};
use riscontro::engine::RuleBook;
use riscontro::output::{self, Format, Style};
use riscontro::pack::Packs;
use riscontro::recognise::Recogniser;
use riscontro::{Options, annotate, ingest, package};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const ROWS: usize = 100_000;
const FORMS: u32 = 250;

/// The rules of the large workbook, of which the first ten that there are.
const RULES: [&str; 16] = [
    "PT-A01", "PT-A02", "PT-A03", "PT-A04", "PT-O01", "PT-O02", "PT-P01", "PT-P02", "PT-P04", "PT-N01", "PT-N02",
    "PT-S05", "PT-M01", "PT-A06", "PT-A14", "PT-S07",
];

/// The variable that tells a run which rules those are.
const CHOSEN: &str = "RISCONTRO_BENCH_RULES";

/// The targets of DESIGN.md, section 8.
struct Target {
    /// Times the bare stream of the same file.
    ratio: Option<f64>,
    /// Peak memory, MiB.
    peak: Option<f64>,
    /// Wall seconds from start to end of the process.
    wall: Option<f64>,
}

const NONE: Target = Target { ratio: None, peak: None, wall: None };

/// What one run of a case took.
#[derive(Clone, Copy)]
struct Sample {
    seconds: f64,
    wall: f64,
    peak: f64,
    items: f64,
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "--case") {
        return run_case(&arguments[at + 1], Path::new(&arguments[at + 2]), Path::new(&arguments[at + 3]));
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/allegato1-lucca-2020.xlsx");
    let plan = folder.path().join("ptpct.xlsx");
    plan::write(&plan);
    let forms = folder.path().join("moduli");
    fs::create_dir(&forms).unwrap();
    for number in 0..FORMS {
        fs::copy(&form, forms.join(format!("{number:03}.xlsx"))).unwrap();
    }
    let rules = ten_rules().join(" ");
    println!("rules on the large workbook: {rules}");
    let samples = |case: &'static str, file: &Path, runs| samples(case, file, &out, &rules, runs);

    println!("\nAllegato 1 of Lucca, {} KB, all rules", size_kb(&form));
    heading();
    let base = line("calamine stream", None, &NONE, &samples("stream", &form, 5));
    line("load the packs", Some(base), &NONE, &samples("packs", &form, 5));
    reading(base, &form, &samples);
    line("check, JSON", Some(base), &NONE, &samples("check", &form, 5));
    line("check, JSON, annotated copy", Some(base), &NONE, &samples("annotate", &form, 5));
    let cold = Target { wall: Some(0.015), ..NONE };
    line("the program, cold start to copy", None, &cold, &cold_starts(&form, &out, 15));

    println!("\nPTPCT of {ROWS} rows x 6 columns, {} KB, ten rules", size_kb(&plan));
    heading();
    let base = line("calamine stream", None, &NONE, &samples("stream", &plan, 5));
    reading(base, &plan, &samples);
    let checked = Target { ratio: Some(2.2), ..NONE };
    line("check, JSON", Some(base), &checked, &samples("check-ten", &plan, 5));
    let annotated = Target { ratio: Some(4.0), peak: Some(200.0), ..NONE };
    line("check, JSON, annotated copy", Some(base), &annotated, &samples("annotate-ten", &plan, 5));

    println!("\n{FORMS} forms of Lucca, side by side");
    let batch = samples("batch", &forms, 3);
    let wall = median(&batch, |s| s.wall);
    let speed = f64::from(FORMS) / wall;
    println!("{speed:.0} forms a second, peak {:.0} MiB; target 500 a second on two cores", median(&batch, |s| s.peak));

    println!("\nmeant to take long");
    heading();
    let (rules, marks) = (folder.path().join("regole"), folder.path().join("segni.xlsx"));
    write_rules(&rules);
    write_marks(&out.join("allegato1-lucca-2020.riscontro.xlsx"), &marks);
    let bounded = Target { wall: Some(5.0), ..NONE };
    line("load 200 rules of 40 conditions", None, &bounded, &samples("rules", &rules, 3));
    line("strip 3,000,000 marks", None, &bounded, &samples("marks", &marks, 3));
}

/// The lines of reading without and with recognition, which together may take a quarter more than the bare stream, and what
/// recognition by itself takes of it.
fn reading(base: f64, file: &Path, samples: &impl Fn(&'static str, &Path, usize) -> Vec<Sample>) {
    let (read, recognised) = (samples("read", file, 5), samples("recognise", file, 5));
    let before = line("read", Some(base), &NONE, &read);
    let together = Target { ratio: Some(1.25), ..NONE };
    let after = line("read, recognise", Some(base), &together, &recognised);
    let share = (after - before) / base;
    let memory = median(&recognised, |s| s.peak) - median(&read, |s| s.peak);
    println!("recognition by itself: {:.0} % of the bare stream, {memory:.1} MiB", share * 100.0);
}

fn heading() {
    println!("{:32} {:>9} {:>9} {:>7} {:>9} {:>9}  target", "case", "CPU s", "wall s", "ratio", "peak MiB", "items");
}

/// Prints the medians of a case; its CPU seconds.
fn line(name: &str, base: Option<f64>, target: &Target, samples: &[Sample]) -> f64 {
    let (seconds, wall) = (median(samples, |s| s.seconds), median(samples, |s| s.wall));
    let peak = median(samples, |s| s.peak);
    let ratio = base.map(|base| seconds / base);
    let claims = [
        target.ratio.map(|t| (format!("{t} times"), ratio.is_some_and(|r| r <= t))),
        target.peak.map(|t| (format!("{t} MiB"), peak <= t)),
        target.wall.map(|t| (format!("{t} s"), wall <= t)),
    ];
    let claims =
        claims.into_iter().flatten().map(|(claim, met)| format!("{claim}: {}", if met { "met" } else { "NOT MET" }));
    println!(
        "{name:32} {:>9} {wall:9.4} {:>7} {:>9} {:>9}  {}",
        figure(seconds, 4),
        ratio.map_or_else(String::new, |r| figure(r, 2)),
        figure(peak, 1),
        figure(median(samples, |s| s.items), 0),
        claims.collect::<Vec<_>>().join(", ")
    );
    seconds
}

/// A figure; nothing where it is not known.
fn figure(number: f64, digits: usize) -> String {
    if number.is_nan() { String::new() } else { format!("{number:.digits$}") }
}

fn median(samples: &[Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    let mut figures: Vec<f64> = samples.iter().map(of).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn size_kb(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len() / 1000
}

/// Runs a case in processes of its own.
fn samples(case: &str, file: &Path, out: &Path, rules: &str, runs: usize) -> Vec<Sample> {
    let run = || {
        let this = env::current_exe().unwrap();
        let mut child = Command::new(this);
        child.arg("--case").arg(case).arg(file).arg(out).env(CHOSEN, rules);
        let done = child.output().unwrap();
        assert!(done.status.success(), "{case}: {}", String::from_utf8_lossy(&done.stderr));
        let text = String::from_utf8(done.stdout).unwrap();
        let figures: Vec<f64> = text.split_whitespace().map(|f| f.parse().unwrap()).collect();
        Sample { seconds: figures[0], wall: figures[1], peak: figures[2], items: figures[3] }
    };
    (0..runs).map(|_| run()).collect()
}

/// Runs the program itself, from its start to the copy on disk.
fn cold_starts(file: &Path, out: &Path, runs: usize) -> Vec<Sample> {
    let run = || {
        let start = Instant::now();
        let mut program = Command::new(env!("CARGO_BIN_EXE_riscontro"));
        program.arg("check").arg(file).arg("--out").arg(out).args(["--fail-on", "mai", "--quiet", "--format", "json"]);
        let done = program.output().unwrap();
        let wall = start.elapsed().as_secs_f64();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Sample { seconds: f64::NAN, wall, peak: f64::NAN, items: f64::NAN }
    };
    (0..runs).map(|_| run()).collect()
}

/// One run of a case: prints CPU seconds, wall seconds, peak MiB and the number of items: findings, or packs, cells,
/// records. A small file is taken many times, for the system tells CPU time no finer than its ticks.
fn run_case(case: &str, file: &Path, out: &Path) {
    // The packs are loaded before the clock of recognition starts: they have a line of their own.
    let recogniser = (case == "recognise").then(|| Recogniser::new(&Options::embedded().unwrap().packs));
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let times = if size_kb(file) < 100 && file.is_file() { 20 } else { 1 };
    let items = (0..times).fold(0, |_, _| match &recogniser {
        Some(recogniser) => recogniser.recognise(&read(file)).tables.iter().map(|t| t.records.len()).sum(),
        None => take(case, file, out),
    });
    let wall = wall.elapsed().as_secs_f64();
    let cpu = cpu_seconds().zip(cpu).map_or(wall, |(after, before)| after - before);
    println!("{} {} {} {items}", cpu / f64::from(times), wall / f64::from(times), peak_mib());
}

fn take(case: &str, file: &Path, out: &Path) -> usize {
    match case {
        "packs" => Options::embedded().unwrap().packs.packs.len(),
        "stream" => stream(file),
        "read" => read(file).sheets.iter().map(|s| s.cells.len()).sum(),
        "check" => findings(file, None, false),
        "annotate" | "batch" => findings(file, Some(out), false),
        "check-ten" => findings(file, None, true),
        "annotate-ten" => findings(file, Some(out), true),
        "rules" => {
            let packs = Packs::embedded().unwrap().with([Packs::from_dir(file).unwrap()]).unwrap();
            RuleBook::compile(&packs, None).unwrap().rules().len()
        }
        "marks" => annotate::strip(&fs::read(file).unwrap()).unwrap().len(),
        _ => panic!("no case {case}"),
    }
}

fn stream(file: &Path) -> usize {
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(file).unwrap())).unwrap();
    let mut cells = 0;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).unwrap();
        while reader.next_cell().unwrap().is_some() {
            cells += 1;
        }
    }
    cells
}

fn read(file: &Path) -> riscontro::model::Grid {
    ingest::read(fs::read(file).unwrap(), "", &package::Limits::default()).unwrap()
}

fn findings(path: &Path, out: Option<&Path>, ten: bool) -> usize {
    let mut options = Options::embedded().unwrap();
    if ten {
        options.selection.select = env::var(CHOSEN).unwrap().split(' ').map(str::to_owned).collect();
    }
    if let Some(out) = out {
        options.copies = Copies::Under(out.to_owned());
    }
    let report = check::check(&[PathBuf::from(path)], &options).unwrap();
    assert!(report.documents.iter().all(|d| d.error.is_none() && !d.tables.is_empty()));
    output::write(&report, Format::Json, &Style::default(), &mut io::sink()).unwrap();
    report.documents.iter().map(|d| d.findings.len()).sum()
}

fn ten_rules() -> Vec<String> {
    let options = Options::embedded().unwrap();
    let book = RuleBook::compile(&options.packs, None).unwrap();
    let is_there = |code: &&str| book.rules().iter().any(|r| *r.info().code == **code);
    RULES.into_iter().filter(is_there).take(10).map(str::to_owned).collect()
}

/// CPU seconds of this process, all its threads: to the nanosecond while they live, else in ticks of 10 ms.
fn cpu_seconds() -> Option<f64> {
    let of_task = |task: io::Result<fs::DirEntry>| {
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    let fine = fs::read_dir("/proc/self/task").ok()?.map(of_task).sum::<Option<f64>>()? / 1e9;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    // Threads that have ended are in the ticks only.
    Some(fine.max(ticks / 100.0 - 0.02))
}

/// The most memory this process has had resident.
fn peak_mib() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|l| l.trim().split(' ').next()).and_then(|kib| kib.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

/// Rules of many conditions each, beside those of a shipped pack.
fn write_rules(folder: &Path) {
    let pack = folder.join("ptpct");
    fs::create_dir_all(&pack).unwrap();
    fs::write(pack.join("schedule.toml"), "extends = \"ptpct\"\n").unwrap();
    let texts = "{ title = \"Prova\", message = \"difetto\", why = \"Prova.\", remedy = \"Correggere.\" }";
    let mut conditions = String::new();
    for n in 0..20 {
        write!(conditions, "\n    && (present(processo) || number(first(punteggio)) > {n})").unwrap();
    }
    for i in 0..200 {
        let header =
            format!("code = \"ZZ-{i:03}\"\nseverity = \"avviso\"\nbasis = \"colonna-processi\"\neach = \"processo\"");
        let rule = format!("/*---\n{header}\nit = {texts}\nen = {texts}\n---*/\ntrue{conditions}\n");
        fs::write(pack.join(format!("prova-{i}.rhai")), rule).unwrap();
    }
}

/// An annotated copy whose list of our marks has no end.
fn write_marks(copy: &Path, target: &Path) {
    let mut package = ZipArchive::new(File::open(copy).unwrap()).unwrap();
    let mut out = ZipWriter::new(File::create(target).unwrap());
    let many = format!("<marks version=\"1\">{}</marks>", "<added name=\"a\"/>".repeat(3_000_000));
    let mut replaced = 0;
    for number in 0..package.len() {
        let mut part = package.by_index(number).unwrap();
        let name = part.name().unwrap().into_owned();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        if name == "xl/riscontro/marks1.xml" {
            replaced += 1;
            out.write_all(many.as_bytes()).unwrap();
        } else {
            io::copy(&mut part, &mut out).unwrap();
        }
    }
    assert_eq!(replaced, 1, "{}", copy.display());
    out.finish().unwrap();
}
