//! White space as the texts of snapshots have it.

use std::borrow::Cow;

use crate::dom::ecmascript;
use crate::dom::facts::join_surrogates;

/// One space for every run of white space, none at the ends; soft hyphens and zero-width spaces go.
pub fn normalize_white_space(text: &str) -> String {
    normalized(text).into_owned()
}

/// The same; borrowed where the text is normal already.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if is_plainly_normal(text) {
        return Cow::Borrowed(text);
    }
    let mut normalized = String::with_capacity(text.len());
    let mut pending = false;
    for c in text.chars() {
        if ecmascript::is_white_space(c) {
            pending = !normalized.is_empty();
        } else if !matches!(c, '\u{200b}' | '\u{ad}') {
            if std::mem::take(&mut pending) {
                normalized.push(' ');
            }
            normalized.push(c);
        }
    }
    Cow::Owned(join_surrogates(normalized))
}

/// Most texts are ASCII and normal. What else there is has to be looked at closely.
fn is_plainly_normal(text: &str) -> bool {
    let mut previous = b' ';
    for byte in text.bytes() {
        if !byte.is_ascii() || byte < b' ' || (byte == b' ' && previous == b' ') {
            return false;
        }
        previous = byte;
    }
    previous != b' ' || text.is_empty()
}
