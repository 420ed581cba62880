//! Characters that do something to their reader instead of being shown.

use std::borrow::Cow;

/// Returns the code point of a character, as changes show what has no shape: `⟨U+200B⟩`.
pub(super) fn code_point(c: char) -> String {
    format!("⟨U+{:04X}⟩", u32::from(c))
}

/// Returns whether a character moves the cursor, ends a line, or changes the order of those around it:
/// controls (C0, DEL, C1), the line and paragraph separators, and the bidirectional controls of
/// <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{206a}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0001}'
                | '\u{e0020}'..='\u{e007f}'
        )
}

/// Returns whether a code point is never a character: <https://www.unicode.org/faq/private_use.html#nonchar1>
pub(super) fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0xfdd0..=0xfdef) || code & 0xfffe == 0xfffe
}

/// Returns a text of others with everything written out that is no shown character, line breaks too.
pub fn one_line(text: &str) -> Cow<'_, str> {
    written_out(text, is_control)
}

/// Returns a message, which has line breaks of its own, with every other control written out.
pub fn lines(text: &str) -> Cow<'_, str> {
    written_out(text, |c| c != '\n' && is_control(c))
}

pub(super) fn written_out(text: &str, is_written_out: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_written_out) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_written_out(c) {
            true => out.push_str(&code_point(c)),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}
