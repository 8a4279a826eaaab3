//! Riscontro checks the monitoring schedules that Italian public administrations must keep, and tells the
//! faults cell by cell.
//!
//! The way of the data: bytes, grid ([`model::Grid`]), document ([`model::Document`]), report
//! ([`model::Report`]), output. Modules depend downwards only; `tests/it/layering.rs` holds that.
//!
//! The library is the whole program but the command line. It reads the files it is given, and the nearest
//! `riscontro.toml` above them if [`Options`] say so; nothing else: no clock, network, locale or home folder.
//!
//! ```
//! let options = riscontro::Options::embedded()?;
//! let report = riscontro::check(&["fixtures/allegato1-lucca-2020.xlsx"], &options)?;
//!
//! let document = &report.documents[0];
//! assert!(document.error.is_none());
//! assert_eq!(document.kinds.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["allegato1", "allegato2"]);
//! for finding in &document.findings {
//!     println!("{}: {}", finding.severity.name(), finding.message);
//! }
//! # Ok::<(), riscontro::Error>(())
//! ```
//!
//! [`check()`] takes files, folders and patterns; [`check_bytes`] a workbook in memory. Both take [`Options`]:
//! the packs, which rules to evaluate, the language, a date, limits. [`output::write()`] makes text of a report.

pub mod allegato2;
pub mod annotate;
pub mod check;
pub(crate) mod compare;
pub mod config;
pub mod engine;
pub mod flows;
pub mod forms;
pub mod indicators;
pub mod ingest;
pub mod model;
pub mod output;
pub mod pack;
pub mod package;
pub mod recognise;
pub mod riskmap;
pub mod sheets;
pub mod text;

pub use check::{Options, check, check_bytes};
pub use model::{Error, Lang, Report, Severity};
