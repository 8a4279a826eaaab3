//! Packs: a kind of schedule as data.
//!
//! A pack is a folder: `schedule.toml` says what the document is and how to recognise and read it,
//! `lettura.toml` holds the texts of the reading notes, every other `.toml` is a catalogue, every `.rhai` a
//! rule. The shipped packs are embedded; others come from folders. Rules are kept as text here: the engine
//! compiles them.

mod added;
mod assemble;
mod catalogue;
mod cell;
mod codes;
mod cutter;
mod data;
mod declared;
mod deviations;
mod entity;
mod flow;
mod folder;
mod given;
mod load;
mod model;
mod named;
mod names;
mod pattern;
mod phrase;
mod places;
mod profile;
mod recognition;
mod register;
mod schedule;
mod schema;
mod shape;

pub use assemble::{assemble_counts, assemble_questionnaire, assemble_register, derived_fields};
pub use catalogue::{Catalogue, Entry};
pub use cell::{CellReader, decimal, number_of};
pub use cutter::Cutter;
pub use data::{Spanned, Toml, TomlTable, from_toml, parse_toml, position, toml_fault};
pub use declared::{Declared, DeclaredKind, declared_kind, declared_text, shown_declared, unknown_declared};
pub use entity::{AnchorSpec, EntitySpec};
pub use flow::{Flow, FlowSection};
pub use given::GivenSpec;
pub use load::{Packs, RuleSource};
pub(crate) use model::VARIANT;
pub use model::{Model, ModelColumn};
pub use named::{NameSpec, Named};
pub use pattern::Pattern;
pub use phrase::Phrase;
pub use places::{Places, TomlPath};
pub use profile::{Profile, ProfileChange, ProfileFile};
pub use recognition::Recognition;
pub use register::{ExchangeSpec, ImplySpec, MarkSpec, Register, SplitSpec};
pub use schedule::{
    Columns, Counts, FieldKind, FieldSource, FieldSpec, HeadRole, HeadSpec, Pack, Questionnaire, ReadingText, Schedule,
    ValueWords, VariantSpec,
};
pub use schema::{Anything, schedule_schema, schema_of};
pub use shape::Shape;
