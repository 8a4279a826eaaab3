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

    /// What each group holds of the first match; nothing for a text that does not match.
    pub fn parts<'t>(&mut self, text: &'t str) -> Vec<Option<&'t str>> {
        // The rest of a text is that of its line.
        match &mut self.short {
            Some((short, rest)) if ![b'\n', b'\r'].iter().any(|end| text.as_bytes().contains(end)) => {
                short.parts(text, Some(*rest))
            }
            _ => self.whole.as_mut().map(|whole| whole.parts(text, None)).unwrap_or_default(),
        }
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

    /// The groups, of which one may be `rest`, to the end of the text.
    fn parts<'t>(&mut self, text: &'t str, rest: Option<usize>) -> Vec<Option<&'t str>> {
        if self.regex.captures_read(&mut self.found, text).is_none() {
            return Vec::new();
        }
        let groups = self.groups.iter().enumerate();
        let part = |(place, group): (usize, &usize)| {
            let (from, to) = self.found.get(*group)?;
            if rest == Some(place) { text.get(from..) } else { text.get(from..to) }
        };
        groups.map(part).collect()
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
                let found: Vec<_> = (0..groups.len()).map(|i| parts.get(i).copied().flatten()).collect();
                assert_eq!(found, expected, "{pattern} on {text:?}");
            }
        }
        assert!(shortened > 2);
    }
}
