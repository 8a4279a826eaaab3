//! Texts taken apart by the named groups of a pattern, many at a time.

use regex::{CaptureLocations, Regex};

use super::pattern::build;

/// How a last group ends that takes all that is left of a text.
const REST: &str = r"\S.*)$";

/// A pattern whose last group is the rest of the text, with no more of it than its first character; and that group.
fn without_rest(pattern: &str) -> Option<(String, &str)> {
    let start = pattern.strip_suffix(REST)?;
    let (_, group) = start.strip_suffix('>')?.rsplit_once("(?P<")?;
    group.chars().all(|c| c.is_alphanumeric() || c == '_').then(|| (format!(r"{start}\S)"), group))
}

/// Takes texts apart into the groups of a pattern.
#[derive(Debug)]
pub struct Cutter {
    whole: Option<Cut>,
    /// The same up to the rest of the text, which need not be walked through, and the place of the group that is the rest.
    short: Option<(Cut, usize)>,
}

impl Cutter {
    /// For a compiled pattern, the same as it is compiled, and its groups.
    pub(super) fn new(regex: Option<&Regex>, pattern: &str, groups: &[&str]) -> Self {
        let whole = regex.map(|regex| Cut::new(regex.clone(), groups));
        let short = whole.as_ref().and_then(|_| {
            let (start, group) = without_rest(pattern)?;
            Some((Cut::new(build(&start).ok()?, groups), groups.iter().position(|g| *g == group)?))
        });
        Self { whole, short }
    }

    /// What each group holds of the first match; nothing of a text that does not match.
    pub fn parts<'a>(&'a mut self, text: &'a str) -> Parts<'a> {
        // The rest of a text is that of its line.
        let of_one_line = || ![b'\n', b'\r'].iter().any(|end| text.as_bytes().contains(end));
        let (cut, rest) = match (&mut self.short, &mut self.whole) {
            (Some((short, rest)), _) if of_one_line() => (Some(short), Some(*rest)),
            (_, whole) => (whole.as_mut(), None),
        };
        let cut = cut.and_then(|cut| cut.regex.captures_read(&mut cut.found, text).is_some().then_some(&*cut));
        Parts { cut, text, rest }
    }
}

/// The parts of a text, one for each group.
#[derive(Debug)]
pub struct Parts<'a> {
    cut: Option<&'a Cut>,
    text: &'a str,
    /// The group that goes on to the end of the text.
    rest: Option<usize>,
}

impl<'a> Parts<'a> {
    /// What a group holds, by its place among the groups.
    pub fn get(&self, group: usize) -> Option<&'a str> {
        let cut = self.cut?;
        let (from, to) = cut.found.get(*cut.groups.get(group)?)?;
        if self.rest == Some(group) { self.text.get(from..) } else { self.text.get(from..to) }
    }
}

#[derive(Debug)]
struct Cut {
    regex: Regex,
    /// The numbers of the groups.
    groups: Vec<usize>,
    found: CaptureLocations,
}

impl Cut {
    fn new(regex: Regex, names: &[&str]) -> Self {
        let number = |name: &&str| regex.capture_names().position(|n| n == Some(*name));
        let groups = names.iter().map(|n| number(n).unwrap_or(usize::MAX)).collect();
        Self { groups, found: regex.capture_locations(), regex }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::Pattern;

    #[test]
    fn the_rest_of_a_text_is_the_group_of_the_whole_pattern() {
        let packs = crate::pack::Packs::embedded().unwrap();
        let own = packs.packs.iter().flat_map(|p| &p.schedule.register.split).map(|s| s.pattern.clone());
        let others = [r"^a(?P<x>\d)?-?\s*(?P<rest>\S.*)$", r"^b|(?P<x>\d+)[.: -]*(?P<rest>\S.*)$"].map(Pattern::new);
        let mut shortened = 0;
        for pattern in own.chain(others) {
            let groups: Vec<&str> = pattern.groups().collect();
            let mut cutter = pattern.cutter(&groups);
            shortened += usize::from(cutter.short.is_some());
            for text in [
                "n. 12 Rilascio",
                "n. 12: - Rilascio",
                "12.3 Rilascio di atti n. 4 ",
                "N°7-Concorsi",
                "a1 - x",
                "a-",
                "b",
                "3: 4 5",
                "n. 12 Rilascio\ndi atti",
                "n. 12\nRilascio",
                "12",
                "",
                "OB1 Qualità",
                "1.1.2 – Più servizi\r",
            ] {
                let expected: Vec<_> = groups.iter().map(|group| pattern.group(text, group)).collect();
                let parts = cutter.parts(text);
                let found: Vec<_> = (0..groups.len()).map(|i| parts.get(i)).collect();
                assert_eq!(found, expected, "{pattern} on {text:?}");
            }
        }
        assert!(shortened > 2);
    }
}
