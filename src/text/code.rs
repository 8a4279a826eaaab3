//! Codes as registers write them.

use super::normal::normal;

/// A code as it is compared: `OB 1.2` is `ob1.2`, `OB-1-2.` too; `OB 12` is another.
pub fn coded(code: &str) -> String {
    let sign = |c: char| if matches!(c, '-' | '_' | '/' | '–') { '.' } else { c };
    let plain: String = normal(code).chars().filter(|c| !c.is_whitespace()).map(sign).collect();
    let first = plain.find(|c: char| c.is_ascii_digit());
    // Letters and figures may stand with or without a sign between.
    let (letters, rest) = plain.split_at(first.unwrap_or(plain.len()));
    format!("{}{}", letters.trim_matches('.'), rest.trim_end_matches('.'))
}

/// Whether a code, as [`coded`] gives it, goes on from a shorter one: `2b0101` and `2b01` from `2b`, `1.2.1` from `1.2`;
/// `12` does not from `1`, nor `4bis` from `4`.
pub fn extends(code: &str, shorter: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let Some(rest) = code.strip_prefix(shorter).filter(|rest| !rest.is_empty()) else { return false };
    if !shorter.contains(|c: char| c.is_ascii_digit()) || matches!(rest, "bis" | "ter" | "quater") {
        return false;
    }
    let (last, next) = (shorter.chars().next_back(), rest.chars().next());
    match (digit(last), digit(next)) {
        _ if next == Some('.') => rest.len() > 1,
        // «2B01», «2B0101»: figures in pairs.
        (true, true) => {
            let ending = shorter.chars().rev().take_while(char::is_ascii_digit).count();
            let beginning = rest.chars().take_while(char::is_ascii_digit).count();
            ending >= 2 && beginning >= 2 && shorter.contains(|c: char| c.is_ascii_alphabetic())
        }
        (false, false) => last == Some('.'),
        _ => true,
    }
}

/// A code without the letters it begins with: `1.2` of `ob1.2`.
pub fn path_of(code: &str) -> &str {
    code.trim_start_matches(|c: char| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_however_they_are_spaced_and_signed() {
        assert!(["OB 1.2", "ob.1.2", "OB-1-2", "OB_1.2."].iter().all(|code| coded(code) == "ob1.2"));
        assert_ne!(coded("S1.1"), coded("S11"));
    }

    #[test]
    fn a_longer_code_goes_on_from_a_shorter_one() {
        for (code, shorter) in [("2b0101", "2b"), ("2b0101", "2b01"), ("1.2.1", "1.2"), ("1a01", "1a"), ("os3a", "os3")]
        {
            assert!(extends(code, shorter), "{code} {shorter}");
        }
        for (code, shorter) in [("12", "1"), ("1", "1"), ("4bis", "4"), ("obx", "ob"), ("os10", "os1"), ("1000", "10")]
        {
            assert!(!extends(code, shorter), "{code} {shorter}");
        }
        assert_eq!(path_of("op1.2"), "1.2");
    }
}
