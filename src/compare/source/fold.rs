//! Texts in the form in which source and page are compared.

/// Without white space and invisible characters, quotation marks and dashes in their plainest form.
///
/// White space goes because the two sides break lines and split text over nodes in different
/// places; the rest because of what processors of Markdown do to punctuation:
/// <https://daringfireball.net/projects/smartypants/>.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_whitespace() => {}
            '\u{2018}'..='\u{201b}' | '\u{2bc}' | '\u{2032}' => folded.push('\''),
            // Two single marks are how some write a double one.
            '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2033}' => folded.push('"'),
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                if !folded.ends_with('-') {
                    folded.push('-');
                }
            }
            '\u{2026}' => folded.push_str("..."),
            c => folded.push(c),
        }
    }
    folded
}

/// One line, each white space one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_processors_set_is_the_same() {
        for (source, page) in [
            ("It's \"so\"", "It’s “so”"),
            ("a -- b --- c", "a – b — c"),
            ("wait...", "wait…"),
            ("one\ntwo  three", "one two\u{a0}three"),
            ("Title", "Title\u{200b}"),
            ("with [link] , and", "with [link], and"),
        ] {
            assert_eq!(fold(source), fold(page));
        }
        assert_ne!(fold("a"), fold("A"));
        assert_ne!(fold("12"), fold("15"));
    }
}
