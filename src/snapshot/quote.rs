//! Quoting where YAML would misread a plain scalar.
//!
//! The rules are Playwright's. They are stricter than YAML 1.2
//! (<https://yaml.org/spec/1.2.2/#733-plain-style>), because YAML 1.1 readers exist.

use std::borrow::Cow;

use crate::dom::ecmascript;
use crate::dom::facts::lone_surrogate;

/// Writes a mapping key, in single quotes if needed.
pub(crate) fn key(text: &str) -> Cow<'_, str> {
    if needs_quotes(text) {
        Cow::Owned(format!("'{}'", text.replace('\'', "''")))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes a value, in double quotes with escapes if needed.
pub(crate) fn value(text: &str) -> Cow<'_, str> {
    if !needs_quotes(text) {
        return if text.contains(|c| lone_surrogate(c).is_some()) {
            Cow::Owned(text.chars().map(in_utf8).collect())
        } else {
            Cow::Borrowed(text)
        };
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            _ if push_escape(&mut quoted, c) => {}
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(c)));
            }
            '\u{fffe}' | '\u{ffff}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => quoted.push(in_utf8(c)),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// Writes the escapes that YAML and JSON have in common.
fn push_escape(quoted: &mut String, c: char) -> bool {
    quoted.push_str(match c {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => return false,
    });
    true
}

/// Writes a JSON string literal as JavaScript's `JSON.stringify` does.
pub(crate) fn json_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte) && !matches!(byte, b'"' | b'\\');
    if text.bytes().all(is_plain) {
        quoted.push_str(text);
        quoted.push('"');
        return quoted;
    }
    for c in text.chars() {
        match c {
            _ if push_escape(&mut quoted, c) => {}
            // JavaScript does not escape all of these, but YAML readers refuse them.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => match lone_surrogate(c) {
                Some(half) => quoted.push_str(&format!("\\u{half:04x}")),
                None => quoted.push(c),
            },
        }
    }
    quoted.push('"');
    quoted
}

/// Replaces half of a surrogate pair, which has no encoding.
fn in_utf8(c: char) -> char {
    match lone_surrogate(c) {
        Some(_) => char::REPLACEMENT_CHARACTER,
        None => c,
    }
}

fn needs_quotes(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return true;
    };
    ecmascript::is_white_space(first)
        || ecmascript::is_white_space(last)
        || "-&*[],?!>|@\"'#%".contains(first)
        || has_unsafe_character(text)
        || ecmascript::number(text).is_some()
        || is_yaml_keyword(text)
}

/// Whether the text has characters with a meaning in YAML at any position.
fn has_unsafe_character(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut after_space = false;
    while let Some(c) = chars.next() {
        match c {
            '\t' => {}
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '{' | '}' | '`' | '\u{fffe}' | '\u{ffff}' => {
                return true;
            }
            ':' if chars
                .peek()
                .is_none_or(|next| ecmascript::is_white_space(*next)) =>
            {
                return true;
            }
            '#' if after_space => return true,
            _ => {}
        }
        after_space = ecmascript::is_white_space(c);
    }
    false
}

fn is_yaml_keyword(text: &str) -> bool {
    const KEYWORDS: [&str; 16] = [
        "y", "n", "yes", "no", "true", "false", "on", "off", "null", "~", ".inf", "-.inf", "+.inf",
        ".nan", "-.nan", "+.nan",
    ];
    KEYWORDS
        .iter()
        .any(|keyword| text.eq_ignore_ascii_case(keyword))
}

#[cfg(test)]
mod tests {
    use super::{key, value};

    #[test]
    fn quotes_only_where_needed() {
        assert_eq!(value("plain text"), "plain text");
        assert_eq!(value("a: b"), "\"a: b\"");
        assert_eq!(value("a:b"), "a:b");
        assert_eq!(value("tab\there"), "tab\there");
        assert_eq!(key("button \"it's\": x"), "'button \"it''s\": x'");
        assert_eq!(value("\u{85}x"), "\"\\x85x\"");
    }
}
