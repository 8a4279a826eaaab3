//! Indicators with their results: in which direction each improves, whether its target is met, how much of it was
//! reached.
//!
//! Nothing is guessed silently: where nobody tells the direction, or what tells it contradicts itself, there is no
//! outcome, and the reason is told.

mod amount;
mod assess;
mod direction;
mod overview;
mod verdict;
mod years;

pub(crate) use amount::{Said, date_as_ratio};
pub(crate) use assess::{Assessed, BASELINE, FIELDS, InYear, RESULT, TARGET, assess, field_of};
pub use overview::{Source, is_indicators, overview};
