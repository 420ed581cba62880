//! White space in the texts of snapshots.

use std::borrow::Cow;

use crate::dom::ecmascript;
use crate::dom::facts::join_surrogates;

/// Replaces every run of white space by one space, and removes white space at the ends, soft hyphens and
/// zero-width spaces.
pub fn normalize_white_space(text: &str) -> String {
    normalized(text).into_owned()
}

/// As [`normalize_white_space`], borrowed if nothing changes.
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

/// Most texts are ASCII and normalised already.
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
