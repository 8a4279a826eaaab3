//! The zip container of a workbook: what a file is, bounded reading of its parts, splicing them, and writing
//! the result safely.
//!
//! Nothing here knows what a cell is. A container is checked before anything is inflated, and every XML part
//! is measured in one linear pass before anybody parses it.

mod archive;
mod atomic;
mod compound;
mod envelope;
mod fault;
mod gather;
mod limits;
mod lint;
mod markup;
mod nameable;
mod opc;
mod preflight;
mod read;
mod rels;
mod scan;
mod sniff;
mod splice;
mod tags;
mod write;
mod xml;

pub use archive::ZipFolder;
pub use atomic::{meant, remove_unfinished, write_atomic};
pub(crate) use limits::size;
pub use limits::{Limit, Limits, Unit};
pub use lint::Skeleton;
pub use markup::{Markup, Node, Tag, unescape};
pub use nameable::nameable;
pub use read::Package;
pub use rels::Rel;
#[cfg(test)]
pub(crate) use scan::scan_text;
pub use scan::{Piece, tag_attributes, tag_name};
pub use sniff::{Container, TextKind, sniff};

pub(crate) use compound::compound_stream;
pub(crate) use envelope::enveloped;
pub(crate) use fault::{corrupt, too_large, within};
pub(crate) use gather::read_shared;
pub(crate) use opc::Relationship;
pub(crate) use rels::rels_part as relations_of;
pub(crate) use splice::{Change, Splice};
pub(crate) use tags::{Tag as StartTag, Tags};
pub(crate) use write::{Overlay, Part, PartChange};
pub(crate) use xml::{
    Element, Outline, attribute, attribute_local, attribute_span, attributes, damaged, escape, numbers_after, prefixed,
    tag_end, with_attribute, without_attribute,
};
