//! Whole documents, the command line and the shape of the source.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test stops at the first surprise"
)]

mod allegato2;
mod annotate;
mod author_mistakes;
mod baseline;
mod cases;
mod catalogo;
mod catalogo_ptpct;
mod cli;
mod cli_coverage;
mod cli_documents;
mod cli_findings;
mod cli_outputs;
mod cli_rules_new;
mod cli_usage;
mod config;
mod config_command;
mod config_keys;
mod config_profiles;
mod containers;
mod diff;
mod docs;
mod dossier;
mod engine;
mod engine_attainment;
mod engine_findings;
mod engine_forms;
mod engine_hostile;
mod engine_let;
mod engine_mistakes;
mod engine_trees;
mod engine_words;
mod findings;
mod fixtures;
mod flowmap;
mod flussi;
mod fuzz;
mod hostile;
mod indicatori;
mod indicators;
mod layering;
mod layouts;
mod letture;
mod macros;
mod markdown;
mod modello;
mod moduli;
mod mutants;
mod obiettivi;
mod output;
mod packs;
mod previous;
mod project;
mod reading;
mod recognise;
mod riskmap;
mod samples;
mod schemas;
mod signed;
mod text;
mod uncalculated;
mod waivers;
mod whole_plan;
mod xlsb;
mod xlsb_around;
