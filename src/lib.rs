//! Riscontro checks the monitoring schedules that Italian public administrations must keep, and tells the
//! faults cell by cell.

pub mod annotate;
pub mod engine;
pub mod ingest;
pub mod model;
pub mod output;
pub mod pack;
pub mod package;
pub mod recognise;
pub mod sheets;
pub mod text;
