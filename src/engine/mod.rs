//! The rules: compiled from packs, checked when loaded, evaluated on documents.
//!
//! A rule is one expression of the script language over the fields of a unit, in a closed vocabulary. Everything
//! that can be known of it before it runs is checked when it is loaded ([`RuleBook::compile`]); at run time a value
//! that is missing or unreadable never turns into a yes or no, but into an outcome of its own. How tables and units
//! come about is the business of recognition, what a kind of schedule is that of packs.

mod before;
mod book;
mod check;
mod compile;
mod draft;
mod env;
mod evaluate;
mod examples;
mod fields;
mod ground;
mod guard;
mod header;
mod joined;
mod keys;
mod message;
mod mutants;
mod outcome;
mod overrides;
mod params;
mod place;
mod plan;
#[cfg(test)]
pub(crate) mod reference;
mod refers;
mod rule;
mod schema;
mod script;
mod select;
mod several;
mod source;
mod stop;
mod supersede;
mod template;
mod tree;
mod value;
mod view;
mod vocabulary;
mod whereabouts;

pub use before::Previous;
pub use book::{Context, RuleBook, Stopwatch};
pub use examples::{
    ExampleFailure, ExampleRun, Illustration, Said, ShownCell, ShownTable, illustrate, run_examples, run_examples_of,
};
pub use keys::{KeyInfo, KeyTable, key_tables};
pub use mutants::{MutationRun, Survivor, mutate};
pub use overrides::{Change, Overrides, left_out, profile_faults};
pub use params::{ParamFault, param_fault};
pub use rule::{CaseInfo, ExampleInfo, ParamInfo, Rule};
pub use schema::{described, rule_schema};
pub use select::{Selected, Selection};
pub use template::{free_code, template};
pub use vocabulary::{FunctionInfo, functions};
