//! Findings put into a text of Markdown, as comments at the end of their lines; and taken out again.

use std::collections::BTreeMap;

use crate::model::{DocumentReport, Finding, Lang, Status};

/// What a comment of ours begins and ends with: a comment of Markdown is not shown.
const COMMENT: (&str, &str) = ("<!-- riscontro: ", " -->");
/// The same in front matter, where a comment is a line.
const REMARK: &str = "# riscontro: ";

/// The text with a comment on every line that a finding stands on. Comments of an earlier run are replaced; everything else
/// stays as it is, the ends of lines too. `front` is the number of lines that are front matter.
///
/// Findings in front matter stand in comments of YAML before its end.
pub fn annotate_lines(text: &str, front: u32, document: &DocumentReport, lang: Lang) -> String {
    let mut marks: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for finding in document.findings.iter().filter(|finding| finding.status == Status::New) {
        let mut lines: Vec<u32> =
            finding.places.iter().filter(|place| place.path.is_none()).filter_map(|place| place.line).collect();
        lines.sort_unstable();
        lines.dedup();
        for line in lines {
            marks.entry(line).or_default().push(told(finding, lang));
        }
    }
    // What stands on a line that is not there is told on the last.
    let mut out = String::with_capacity(text.len());
    let mut in_front: Vec<String> = Vec::new();
    for (number, whole) in (1u32..).zip(text.split_inclusive('\n')) {
        let (line, end) = parted(whole);
        if number <= front && line.starts_with(REMARK) {
            continue;
        }
        let own = marks.remove(&number).unwrap_or_default();
        if number < front {
            in_front.extend(own);
            out.push_str(whole);
            continue;
        }
        let own = if number == front {
            in_front.extend(own);
            let end = if end.is_empty() { "\n" } else { end };
            out.extend(in_front.drain(..).flat_map(|mark| [REMARK.to_owned(), mark, end.to_owned()]));
            Vec::new()
        } else {
            own
        };
        let line = without(line);
        let text = line.trim_end_matches([' ', '\t']);
        out.push_str(text);
        for mark in own {
            let blank = if text.is_empty() && out.ends_with(['\n', '\r']) || out.is_empty() { "" } else { " " };
            out.extend([blank, COMMENT.0, &mark, COMMENT.1]);
        }
        out.push_str(line.get(text.len()..).unwrap_or_default());
        out.push_str(end);
    }
    out
}

/// A line and its end.
fn parted(whole: &str) -> (&str, &str) {
    let line = whole.strip_suffix('\n').unwrap_or(whole);
    let line = line.strip_suffix('\r').unwrap_or(line);
    whole.split_at(line.len())
}

/// A line without comments of ours.
fn without(line: &str) -> String {
    let mut rest = line;
    let mut kept = String::new();
    while let Some((before, comment)) = rest.split_once(COMMENT.0) {
        let Some((_, after)) = comment.split_once(COMMENT.1) else { break };
        kept.push_str(before.strip_suffix(' ').unwrap_or(before));
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// A finding in one line, without what would end the comment.
fn told(finding: &Finding, lang: Lang) -> String {
    let label = finding.severity.label(lang);
    let remedy = lang.pick("Rimedio", "Remedy");
    let basis = lang.pick("Norma", "Basis");
    let told = format!(
        "{label} {}: {}. {remedy}: {} {basis}: {}",
        finding.code, finding.message, finding.remedy, finding.basis
    );
    told.split_whitespace().collect::<Vec<_>>().join(" ").replace("--", "–").replace('>', "›")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Place, Severity};

    fn document(lines: &[u32]) -> DocumentReport {
        let place = |line: &u32| Place {
            path: None,
            sheet_index: 0,
            sheet: None,
            area: None,
            line: Some(*line),
            anchor: crate::model::Anchor::default(),
            value: None,
        };
        let finding = |line: &u32| Finding {
            code: "FLW-001".into(),
            name: "a".into(),
            severity: Severity::Avviso,
            message: "manca --> qualcosa".to_owned(),
            places: vec![place(line)],
            expected: None,
            remedy: "Scriverlo.".to_owned(),
            suggestion: None,
            basis: "n".to_owned(),
            related: Vec::new(),
            fingerprint: String::new(),
            value_hash: String::new(),
            status: Status::New,
            waiver: None,
        };
        DocumentReport { findings: lines.iter().map(finding).collect(), ..DocumentReport::default() }
    }

    const MARK: &str = "avviso FLW-001: manca –› qualcosa. Rimedio: Scriverlo. Norma: n";

    #[test]
    fn comments_stand_at_the_end_of_the_line_and_ends_of_lines_stay() {
        let text = "## Uno\r\n- **Ordine**: 1  \r\n\r\nfine";
        let marked = annotate_lines(text, 0, &document(&[2, 4]), Lang::It);
        let comment = format!("<!-- riscontro: {MARK} -->");
        assert_eq!(marked, format!("## Uno\r\n- **Ordine**: 1 {comment}  \r\n\r\nfine {comment}"));
        assert_eq!(annotate_lines(&marked, 0, &document(&[2, 4]), Lang::It), marked);
        assert_eq!(annotate_lines(&marked, 0, &document(&[]), Lang::It), text);
    }

    #[test]
    fn in_front_matter_they_are_comments_of_yaml_before_its_end() {
        let text = "---\nid: a\ntitle: |\n  b\n---\n# Uno\n";
        let marked = annotate_lines(text, 5, &document(&[3, 6]), Lang::It);
        assert_eq!(
            marked,
            format!("---\nid: a\ntitle: |\n  b\n# riscontro: {MARK}\n---\n# Uno <!-- riscontro: {MARK} -->\n")
        );
    }
}
