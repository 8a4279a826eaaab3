//! Content types and relationships of a package.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rels::{key, resolve};
use super::splice::Splice;
use super::write::Part;
use super::xml::{Element, Outline, attribute, escape};
use crate::model::Error;

const NEW_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
                             <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";

/// One relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relationship {
    /// Its id, unique among those of one source.
    pub(crate) id: String,
    /// Its type, a URI.
    pub(crate) kind: String,
    /// Name of the part it leads to; a URI as written if it leads outside.
    pub(crate) target: String,
    /// Whether it leads out of the package.
    pub(crate) external: bool,
}

impl Relationship {
    /// Whether it leads to a part, by a type that ends so (`worksheet`): the types of strict and transitional
    /// workbooks differ in their beginning.
    pub(crate) fn is(&self, kind: &str) -> bool {
        !self.external && self.kind.rsplit('/').next() == Some(kind)
    }
}

/// The relationships of one source, and what to add to them.
pub(super) struct Relations {
    source: String,
    part: Option<Part>,
    root: Option<Element>,
    elements: Vec<(String, Element)>,
    list: Vec<Relationship>,
    fresh: String,
    splice: Splice,
}

impl Relations {
    pub(super) fn read(source: &str, part: Option<Part>) -> Result<Self, Error> {
        let mut relations = Self {
            source: source.to_owned(),
            part: None,
            root: None,
            elements: Vec::new(),
            list: Vec::new(),
            fresh: String::new(),
            splice: Splice::default(),
        };
        let Some(part) = part else { return Ok(relations) };
        let outline = Outline::of(&part.xml)?;
        for element in outline.children {
            let tag = element.tag(&part.xml);
            let text = |name| attribute(tag, name).unwrap_or_default();
            let external = text("TargetMode").eq_ignore_ascii_case("external");
            let target = text("Target");
            let target = if external { target } else { resolve(source, &target) };
            let relationship = Relationship { id: text("Id"), kind: text("Type"), target, external };
            relations.elements.push((relationship.id.clone(), element));
            relations.list.push(relationship);
        }
        relations.root = Some(outline.root);
        relations.part = Some(part);
        Ok(relations)
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    pub(super) fn list(&self) -> &[Relationship] {
        &self.list
    }

    pub(super) fn add(&mut self, kind: &str, target: &str) -> String {
        let mut number = self.list.len() + 1;
        let mut id = format!("rId{number}");
        while self.list.iter().any(|r| r.id == id) {
            number += 1;
            id = format!("rId{number}");
        }
        let prefix = self.root.as_ref().map(Element::prefix).unwrap_or_default();
        let _ = write!(
            self.fresh,
            "<{prefix}Relationship Id=\"{id}\" Type=\"{}\" Target=\"/{}\"/>",
            escape(kind),
            escape(target)
        );
        self.list.push(Relationship {
            id: id.clone(),
            kind: kind.to_owned(),
            target: target.to_owned(),
            external: false,
        });
        id
    }

    pub(super) fn remove(&mut self, id: &str) {
        for (_, element) in self.elements.iter().filter(|(own, _)| own == id) {
            self.splice.replace(element.start..element.end, "");
        }
        self.elements.retain(|(own, _)| own != id);
        self.list.retain(|r| r.id != id);
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.fresh.is_empty() || !self.splice.is_empty()
    }

    /// The part and its changes, or the text of a part to be made.
    pub(super) fn finish(mut self) -> (Option<Part>, String, Splice) {
        match (self.part, self.root) {
            (Some(part), Some(root)) => {
                self.splice.append_inside(&part.xml, &root, &self.fresh);
                (Some(part), String::new(), self.splice)
            }
            _ => (None, format!("{NEW_RELATIONS}{}</Relationships>", self.fresh), self.splice),
        }
    }
}

/// The content types of a package, and what to add to them.
pub(crate) struct Types {
    part: Part,
    outline: Outline,
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
    fresh_defaults: String,
    fresh_overrides: String,
    splice: Splice,
}

impl Types {
    pub(super) fn read(part: Part) -> Result<Self, Error> {
        let outline = Outline::of(&part.xml)?;
        let (mut defaults, mut overrides) = (BTreeMap::new(), BTreeMap::new());
        for element in &outline.children {
            let tag = element.tag(&part.xml);
            let content_type = attribute(tag, "ContentType").unwrap_or_default();
            if let Some(extension) = attribute(tag, "Extension") {
                defaults.insert(extension.to_lowercase(), content_type);
            } else if let Some(name) = attribute(tag, "PartName") {
                overrides.insert(key(&name), content_type);
            }
        }
        let (fresh_defaults, fresh_overrides) = (String::new(), String::new());
        Ok(Self { part, outline, defaults, overrides, fresh_defaults, fresh_overrides, splice: Splice::default() })
    }

    /// The type of a part.
    pub(crate) fn of(&self, name: &str) -> Option<&str> {
        let extension = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
        self.overrides.get(&key(name)).or_else(|| self.defaults.get(&extension)).map(String::as_str)
    }

    /// The parts (in lower case) that are declared by name to be of a type.
    pub(crate) fn parts_of(&self, content_type: &str) -> Vec<String> {
        self.overrides.iter().filter(|(_, t)| *t == content_type).map(|(name, _)| name.clone()).collect()
    }

    /// Declares the type of a part.
    pub(crate) fn set(&mut self, name: &str, content_type: &str) {
        let prefix = self.outline.prefix();
        let _ = write!(
            self.fresh_overrides,
            "<{prefix}Override PartName=\"/{}\" ContentType=\"{content_type}\"/>",
            escape(name)
        );
        self.overrides.insert(key(name), content_type.to_owned());
    }

    /// Declares the type of an extension, where none is declared.
    pub(crate) fn set_default(&mut self, extension: &str, content_type: &str) {
        if !self.defaults.contains_key(extension) {
            let prefix = self.outline.prefix();
            let _ = write!(
                self.fresh_defaults,
                "<{prefix}Default Extension=\"{extension}\" ContentType=\"{content_type}\"/>"
            );
            self.defaults.insert(extension.to_owned(), content_type.to_owned());
        }
    }

    /// Takes the declaration of a part out.
    pub(crate) fn forget(&mut self, name: &str) {
        let declares = |e: &&Element| {
            attribute(e.tag(&self.part.xml), "PartName").is_some_and(|declared| key(&declared) == key(name))
        };
        if let Some(element) = self.outline.children.iter().find(declares) {
            self.splice.replace(element.start..element.end, "");
        }
        self.overrides.remove(&key(name));
    }

    pub(super) fn finish(mut self) -> (Part, Splice) {
        let root = &self.outline.root;
        if root.is_empty_tag() {
            self.fresh_defaults.push_str(&self.fresh_overrides);
            self.splice.append_inside(&self.part.xml, root, &self.fresh_defaults);
        } else {
            if !self.fresh_defaults.is_empty() {
                self.splice.insert(root.open_end, self.fresh_defaults);
            }
            self.splice.append_inside(&self.part.xml, root, &self.fresh_overrides);
        }
        (self.part, self.splice)
    }
}
