//! What Excel asks of a package before it opens it without a word of repair.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::parts::contents;

const SHEET: &str = "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection \
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr \
    conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks \
    colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF \
    picture oleObjects controls webPublishItems tableParts extLst";
const BOOK: &str = "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups \
    externalReferences definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes \
    webPublishing fileRecoveryPr webPublishObjects extLst";
const STYLES: &str = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst";

/// One element: depth, local name, attributes.
struct Tag {
    depth: usize,
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn of(tag: &BytesStart<'_>, depth: usize) -> Self {
        let attributes = tag.attributes().map(|a| a.unwrap());
        let attributes = attributes
            .map(|a| (a.key.as_ref().to_owned(), quick_xml::escape::unescape(&a.value).unwrap().into_owned()));
        Self { depth, name: tag.local_name().as_ref().to_owned(), attributes: attributes.collect() }
    }

    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// All elements in order; the part must be well formed.
fn tags(xml: &str) -> Vec<Tag> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let (mut tags, mut depth) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                tags.push(Tag::of(&tag, depth));
                depth += 1;
            }
            Event::Empty(tag) => tags.push(Tag::of(&tag, depth)),
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    tags
}

fn resolve(source: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = source.split('/').collect();
    path.pop();
    for step in target.split('/') {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/")
}

/// Whether a part's name has that extension.
pub(super) fn is(name: &str, extension: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| e == extension)
}

/// Checks a package; panics at the first fault.
pub(super) fn check(package: &[u8]) {
    let parts = contents(package);
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let xml: BTreeMap<&str, Vec<Tag>> =
        parts.keys().filter(|n| is(n, "xml") || is(n, "rels")).map(|n| (n.as_str(), tags(&text(n)))).collect();
    types(&xml, parts.keys());
    let mut reached = BTreeSet::new();
    for (name, tags) in xml.iter().filter(|(n, _)| is(n, "rels")) {
        let source = name.replace("_rels/", "");
        let source = source.trim_end_matches(".rels");
        let mut ids = BTreeSet::new();
        for tag in tags.iter().filter(|t| t.depth == 1) {
            assert!(ids.insert(tag.get("Id")), "{name}: {} twice", tag.get("Id"));
            if tag.get("TargetMode") != "External" {
                let target = resolve(source, tag.get("Target"));
                assert!(parts.contains_key(&target), "{name} leads to {target}");
                reached.insert(target);
            }
        }
        if let Some(tags) = xml.get(source) {
            let used = tags.iter().flat_map(|t| &t.attributes).filter(|(k, _)| k.starts_with("r:"));
            used.for_each(|(_, id)| assert!(ids.contains(id.as_str()), "{source} uses {id}"));
        }
    }
    for name in parts.keys().filter(|n| !is(n, "rels") && *n != "[Content_Types].xml") {
        assert!(reached.contains(name), "nothing leads to {name}");
    }
    for (name, tags) in &xml {
        ordered_and_counted(name, tags);
    }
    styles(&xml);
    drawings(&parts);
    book(&xml);
}

fn types<'a>(xml: &BTreeMap<&str, Vec<Tag>>, names: impl Iterator<Item = &'a String>) {
    let (mut defaults, mut overrides) = (BTreeSet::new(), BTreeSet::new());
    for tag in xml["[Content_Types].xml"].iter().filter(|t| t.depth == 1) {
        assert_ne!(tag.get("ContentType"), "");
        let fresh = match tag.name.as_str() {
            "Default" => defaults.insert(tag.get("Extension").to_lowercase()),
            _ => overrides.insert(tag.get("PartName").to_lowercase()),
        };
        assert!(fresh, "declared twice: {:?}", tag.attributes);
    }
    let mut parts = BTreeSet::new();
    for name in names {
        let typed = overrides.contains(&format!("/{}", name.to_lowercase()));
        let extension = name.rsplit('.').next().unwrap().to_lowercase();
        assert!(typed || defaults.contains(&extension) || name == "[Content_Types].xml", "{name} has no type");
        assert!(parts.insert(format!("/{}", name.to_lowercase())), "{name} twice");
    }
    for name in overrides {
        assert!(parts.contains(&name), "{name} is declared but not there");
    }
}

/// Children in the order of the schema, `count` as many as there are.
fn ordered_and_counted(name: &str, tags: &[Tag]) {
    let order: Vec<&str> = match tags[0].name.as_str() {
        "worksheet" => SHEET,
        "workbook" => BOOK,
        "styleSheet" => STYLES,
        "comments" => "authors commentList extLst",
        _ => "",
    }
    .split_whitespace()
    .collect();
    if !order.is_empty() {
        let ranks = tags.iter().filter(|t| t.depth == 1).map(|t| order.iter().position(|o| *o == t.name).unwrap());
        assert!(ranks.is_sorted(), "{name}: children out of order");
    }
    for (at, tag) in tags.iter().enumerate().filter(|(_, t)| t.attributes.contains_key("count")) {
        if ["numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs", "tableParts", "mergeCells", "tableColumns"]
            .contains(&tag.name.as_str())
        {
            let inside = tags[at + 1..].iter().take_while(|t| t.depth > tag.depth);
            let children = inside.filter(|t| t.depth == tag.depth + 1).count();
            assert_eq!(tag.get("count"), children.to_string(), "{name}: {}", tag.name);
        }
    }
}

/// Style indices lead somewhere, priorities of conditional formats stand once.
fn styles(xml: &BTreeMap<&str, Vec<Tag>>) {
    let styles = xml.values().find(|tags| tags[0].name == "styleSheet").unwrap();
    let count = |list: &str| styles.iter().find(|t| t.name == list).map_or(0, |t| t.get("count").parse().unwrap());
    let (formats, differential): (usize, usize) = (count("cellXfs"), count("dxfs"));
    for tag in styles.iter().filter(|t| t.name == "xf") {
        for (index, list) in [("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")] {
            assert!(tag.get(index).parse::<usize>().unwrap() < count(list), "{index} {}", tag.get(index));
        }
    }
    for (name, tags) in xml.iter().filter(|(_, t)| t[0].name == "worksheet") {
        let mut priorities = BTreeSet::new();
        for tag in tags {
            let (index, bound) = match tag.name.as_str() {
                "c" => (tag.get("s"), formats),
                "col" => (tag.get("style"), formats),
                "cfRule" => {
                    assert!(priorities.insert(tag.get("priority")), "{name}: priority {}", tag.get("priority"));
                    (tag.get("dxfId"), differential)
                }
                _ => continue,
            };
            assert!(index.is_empty() || index.parse::<usize>().unwrap() < bound, "{name}: style {index}");
        }
        let cells = tags.iter().filter(|t| t.name == "c").map(|t| t.get("r"));
        assert_eq!(cells.clone().count(), cells.collect::<BTreeSet<_>>().len(), "{name}: a cell twice");
    }
}

/// Shape ids stand once in the package, and in the blocks that their drawing declares.
fn drawings(parts: &BTreeMap<String, Vec<u8>>) {
    let mut ids = BTreeSet::new();
    for (name, bytes) in parts.iter().filter(|(n, _)| is(n, "vml")) {
        let vml = String::from_utf8(bytes.clone()).unwrap();
        let data = vml.split("<o:idmap").nth(1).and_then(|t| t.split("data=\"").nth(1)).unwrap_or("");
        let blocks: Vec<u64> = data.split('"').next().unwrap().split(',').filter_map(|n| n.parse().ok()).collect();
        for rest in vml.split("id=\"_x0000_s").skip(1) {
            let id: u64 = rest.split('"').next().unwrap().parse().unwrap();
            assert!(ids.insert(id), "{name}: shape {id} twice");
            assert!(blocks.contains(&(id / 1024)), "{name}: shape {id} outside of {blocks:?}");
        }
    }
}

/// Names and ids of sheets, tables and defined names stand once.
fn book(xml: &BTreeMap<&str, Vec<Tag>>) {
    let book = xml.values().find(|tags| tags[0].name == "workbook").unwrap();
    let sheets: Vec<&Tag> = book.iter().filter(|t| t.name == "sheet").collect();
    let unique = |values: Vec<String>| {
        let set: BTreeSet<String> = values.iter().map(|v| v.to_lowercase()).collect();
        assert_eq!(set.len(), values.len(), "{values:?}");
    };
    for key in ["name", "sheetId"] {
        unique(sheets.iter().map(|t| t.get(key).to_owned()).collect());
    }
    let defined = book.iter().filter(|t| t.name == "definedName");
    unique(defined.clone().map(|t| format!("{} {}", t.get("name"), t.get("localSheetId"))).collect());
    for tag in defined.filter(|t| t.attributes.contains_key("localSheetId")) {
        assert!(tag.get("localSheetId").parse::<usize>().unwrap() < sheets.len());
    }
    let tables: Vec<&Tag> = xml.values().filter(|t| t[0].name == "table").map(|t| &t[0]).collect();
    for key in ["id", "displayName"] {
        unique(tables.iter().map(|t| t.get(key).to_owned()).collect());
    }
    let selected = xml.values().filter(|t| t[0].name == "worksheet");
    let selected = selected.flatten().filter(|t| t.name == "sheetView" && t.get("tabSelected") == "1").count();
    assert!(selected <= 1, "{selected} tabs selected");
}
