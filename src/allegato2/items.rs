//! Several things in one cell, told apart by their numbers or marks.

/// The items of a list: numbered from one on (`1) … 2) …`), or one a line behind a mark. One item where it is no list.
pub(super) fn of(found: &str) -> Vec<String> {
    numbered(found).or_else(|| marked(found)).unwrap_or_else(|| vec![found.trim().to_owned()])
}

fn numbered(found: &str) -> Option<Vec<String>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for number in 1..100_u32 {
        let from = starts.last().map_or(0, |(_, end)| *end);
        match start(found, from, number) {
            Some(start) => starts.push(start),
            None => break,
        }
    }
    if starts.len() < 2
        || starts.first().is_none_or(|(begin, _)| !found.get(..*begin).unwrap_or_default().trim().is_empty())
    {
        return None;
    }
    let ends = starts.iter().skip(1).map(|(begin, _)| *begin).chain([found.len()]);
    let items = starts.iter().zip(ends).map(|((_, from), to)| found.get(*from..to).unwrap_or_default());
    kept(items)
}

/// Where `number)` or, at the beginning of a line, `number.` begins and ends.
fn start(found: &str, from: usize, number: u32) -> Option<(usize, usize)> {
    let rest = found.get(from..)?;
    let label = number.to_string();
    rest.match_indices(&label).find_map(|(at, _)| {
        let before = found.get(..from + at)?.chars().next_back();
        let end = from + at + label.len();
        let mut behind = found.get(end..)?.chars();
        let (sign, next) = (behind.next()?, behind.next());
        let begins_line = before.is_none_or(|c| c == '\n' || c == '\r');
        let is_start = begins_line || before.is_some_and(char::is_whitespace) && sign == ')';
        let is_sign = sign == ')' || sign == '.' && begins_line && next.is_some_and(|c| !c.is_ascii_digit());
        (is_start && is_sign).then_some((from + at, end + sign.len_utf8()))
    })
}

fn marked(found: &str) -> Option<Vec<String>> {
    let lines: Vec<&str> = found.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let is_marked = |line: &&str| {
        line.starts_with(['-', '–', '•', '*', '·']) && line.chars().nth(1).is_some_and(char::is_whitespace)
    };
    if lines.len() < 2 || !lines.iter().all(is_marked) {
        return None;
    }
    kept(lines.into_iter().map(|l| l.trim_start_matches(['-', '–', '•', '*', '·'])))
}

fn kept<'a>(items: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let items: Vec<String> = items
        .map(|i| i.trim().trim_end_matches([';', ',']).trim_end().to_owned())
        .filter(|i| i.chars().any(char::is_alphanumeric))
        .collect();
    (items.len() > 1).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_apart() {
        assert_eq!(of("1) Pratiche evase; 2) Tempo medio"), ["Pratiche evase", "Tempo medio"]);
        assert_eq!(of("1. Pratiche evase\n2. Tempo medio"), ["Pratiche evase", "Tempo medio"]);
        assert_eq!(of("- a b\n- c d"), ["a b", "c d"]);
    }

    #[test]
    fn other_texts_are_one() {
        for text in
            ["Pratiche evase", "Tempo medio (giorni 1.5)", "n. 1) pratiche", "1) sola voce", "a - b", "Legge 1. 2. 3"]
        {
            assert_eq!(of(text), [text], "{text}");
        }
    }
}
