//! Texts told apart by a number, without making the form in which they are compared.

/// A number that all texts of one [`squeezed`](super::squeezed) form have in common, without making that form; `None` for a text with
/// characters beyond those of Italian.
pub fn squeezed_hash(text: &str) -> Option<u64> {
    let mut hash = Hash { sum: 0, block: 0, count: 0 };
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' => hash.take(c),
            'A'..='Z' => hash.take(c.to_ascii_lowercase()),
            '\0'..='\x7f' | '\u{a0}' | '«' | '»' | '°' | '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•' =>
                {}
            'à' | 'á' | 'À' | 'Á' => hash.take('a'),
            'è' | 'é' | 'È' | 'É' => hash.take('e'),
            'ì' | 'í' | 'Ì' | 'Í' => hash.take('i'),
            'ò' | 'ó' | 'Ò' | 'Ó' => hash.take('o'),
            'ù' | 'ú' | 'Ù' | 'Ú' => hash.take('u'),
            _ => return None,
        }
    }
    Some(hash.finish())
}

/// Eight letters at a time.
struct Hash {
    sum: u64,
    block: u64,
    count: u32,
}

impl Hash {
    fn take(&mut self, c: char) {
        self.block = self.block << 8 | u64::from(u32::from(c));
        self.count += 1;
        if self.count.is_multiple_of(8) {
            self.mix();
        }
    }

    fn mix(&mut self) {
        self.sum = (self.sum.rotate_left(5) ^ self.block).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.block = 0;
    }

    fn finish(mut self) -> u64 {
        self.mix();
        self.sum ^ u64::from(self.count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::squeezed;
    use super::*;

    #[test]
    fn texts_of_one_squeezed_form_share_its_number() {
        for text in ["N. processo", "nprocesso", "n-PROCESSO’", " n°\u{a0}Procèsso…"] {
            assert_eq!(squeezed_hash(text), squeezed_hash("nprocesso"), "{text}");
        }
        assert_ne!(squeezed_hash("processi"), squeezed_hash("processo"));
        assert_ne!(squeezed_hash("abcdefgh"), squeezed_hash("abcdefgh0"));
        assert_eq!(squeezed_hash("maßnahme"), None);
    }

    proptest! {
        #![proptest_config(crate::text::seeded())]

        #[test]
        fn the_number_of_a_squeezed_form_is_that_of_the_text(text in "[ -~àèéìòùÀÈÙ\u{a0}«»°‘’“”–—…•\n\t\u{0}\u{7f}]{0,40}") {
            prop_assert!(squeezed(&text).is_ascii());
            prop_assert_eq!(squeezed_hash(&text), squeezed_hash(&squeezed(&text)));
        }
    }
}
