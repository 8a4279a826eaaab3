//! The nouns of the program: places, values, grids, documents, rules, findings and reports.
//!
//! Everything above speaks in these types; nothing here reads a file, knows a form or prints.

mod areas;
mod attained;
mod blank;
mod card;
mod cell;
mod comparison;
mod counted;
mod document;
mod error;
mod flowmap;
mod grid;
mod indicatormap;
mod lang;
mod near;
mod panic;
mod place;
mod report;
mod riskmap;
mod rule;
mod said;
mod setting;
mod slots;
mod timing;
mod value;
mod waiver;

pub(crate) use areas::AreaIndex;
pub use attained::{Direction, DirectionRead, DirectionSign, Signal, Trend, Unjudged, Verdict};
pub(crate) use blank::GUIDE;
pub use blank::{AnswerList, BlankCell, BlankColumn, BlankDatum, BlankForm, BlankRow, BlankSheet, GuideSection, Holds};
pub use card::{Card, TablePart};
pub use cell::{Cell, Content};
pub use comparison::{CellChange, Comparison, Comparisons, Fate, FindingChange, RecordChange, RecordFate, TableChange};
pub(crate) use counted::evidence_headings;
pub use counted::{Allegato2, Choice, CountedRow, CountedTable, Declared, Evidence, LeftOut, Level, Mark};
pub use document::{
    Column, Deviation, Document, Entity, EntityCount, Head, HeadEntry, Parent, Reading, ReadingNote, Record, Repair,
    RunnerUp, SkippedRow, Table, Unit, UnitId,
};
pub use error::{Error, ErrorKind, RuleFault};
pub(crate) use flowmap::STEPS;
pub use flowmap::{FlowMap, FlowMark, FlowRole, FlowStep, Raci, Workflow};
pub(crate) use grid::UNCALCULATED;
pub use grid::{
    Block, Dropdown, Format, FrontDatum, Grid, GridCell, Note, Outline, Scalar, Sheet, TextBox, Visibility,
};
pub(crate) use indicatormap::INDICATORS;
pub use indicatormap::{IndicatorMap, IndicatorRow, Overall, OverallRule, YearValue};
pub(crate) use lang::named_of;
pub use lang::{Bilingual, Lang};
pub use near::NearMiss;
pub use panic::{Panicked, guarded, note_panic};
pub use place::{Anchor, Area, CellRef, Place, column_name};
pub(crate) use report::no_rule;
pub use report::{
    DocumentReport, Finding, Outcome, OutcomeKind, Report, RuleOutcome, Severity, Status, Summary, TableReport,
    fingerprint, sha256_hex,
};
pub(crate) use riskmap::{LACKING, MEASURES};
pub use riskmap::{Lack, PlannedMeasure, RiskMap, RiskRow, SpeltName, Timing as MeasureTiming};
pub use rule::{Basis, Certainty, Method, RuleInfo};
pub use setting::{Origin, Setting, SettingValue};
pub use slots::{CellId, FieldSlot, SlotCells, Slots};
pub use timing::Timing;
pub use value::{Flag, Flags, Missing, Operator, Value};
pub use waiver::Waiver;
pub(crate) use waiver::printed;
