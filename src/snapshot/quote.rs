//! When YAML would misread a plain scalar, and how it is quoted then.
//!
//! The rules are the reference's, stricter than YAML 1.2 demands
//! (<https://yaml.org/spec/1.2.2/#733-plain-style>), because 1.1 readers are about.

use std::borrow::Cow;

/// White space as JavaScript's `\s` has it: Unicode's `White_Space` without U+0085, with U+FEFF.
pub(crate) fn is_javascript_space(c: char) -> bool {
    c == '\u{feff}' || (c != '\u{85}' && c.is_whitespace())
}

/// A mapping key: single quotes where needed.
pub(crate) fn key(text: &str) -> Cow<'_, str> {
    if needs_quotes(text) {
        Cow::Owned(format!("'{}'", text.replace('\'', "''")))
    } else {
        Cow::Borrowed(text)
    }
}

/// A value: double quotes with escapes where needed.
pub(crate) fn value(text: &str) -> Cow<'_, str> {
    if !needs_quotes(text) {
        return Cow::Borrowed(text);
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(c)));
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// A JSON string literal as JavaScript's `JSON.stringify` writes it.
pub(crate) fn json_string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..='\u{1f}' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn needs_quotes(text: &str) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return true;
    };
    is_javascript_space(first)
        || is_javascript_space(last)
        || matches!(
            first,
            '-' | '&'
                | '*'
                | '['
                | ']'
                | ','
                | '?'
                | '!'
                | '>'
                | '|'
                | '@'
                | '"'
                | '\''
                | '#'
                | '%'
        )
        || has_unsafe_character(text)
        || is_javascript_number(text)
        || is_yaml_keyword(text)
}

/// Characters and pairs that end or start something in YAML wherever they stand.
fn has_unsafe_character(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    let mut after_space = false;
    while let Some(c) = chars.next() {
        match c {
            '\t' => {}
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '{' | '}' | '`' => return true,
            ':' if chars.peek().is_none_or(|next| is_javascript_space(*next)) => return true,
            '#' if after_space => return true,
            _ => {}
        }
        after_space = is_javascript_space(c);
    }
    false
}

fn is_yaml_keyword(text: &str) -> bool {
    const KEYWORDS: [&str; 18] = [
        "y", "n", "yes", "no", "true", "false", "on", "off", "null", "~", ".inf", "-.inf", "+.inf",
        ".nan", "-.nan", "+.nan", "nan", "",
    ];
    text.len() <= 5
        && KEYWORDS[..16]
            .iter()
            .any(|keyword| text.eq_ignore_ascii_case(keyword))
}

/// Whether JavaScript's `Number(text)` is a number.
/// <https://tc39.es/ecma262/#sec-stringtonumber>
fn is_javascript_number(text: &str) -> bool {
    let text = text.trim_matches(is_javascript_space);
    if text.is_empty() {
        return true;
    }
    for (prefix, radix) in [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned == "Infinity" || is_decimal_literal(unsigned)
}

fn is_decimal_literal(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    has_digits
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        })
}

#[cfg(test)]
mod tests {
    use super::{is_javascript_number, key, value};

    #[test]
    fn numbers_are_those_of_javascript() {
        for text in [
            "0x1f",
            "1e3",
            "Infinity",
            "-Infinity",
            "+5",
            ".5",
            "5.",
            "1_0",
            "0b2",
            "1n",
            ".",
        ] {
            let expected = !matches!(text, "1_0" | "0b2" | "1n" | ".");
            assert_eq!(is_javascript_number(text), expected, "{text}");
        }
    }

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
