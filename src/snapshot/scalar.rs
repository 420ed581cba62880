//! The meaning of plain scalars in YAML's core schema: <https://yaml.org/spec/1.2.2/#103-core-schema>
//!
//! Playwright compares with the value's text, not with the written one: `1.50` means `1.5`.

use granit_parser::ScalarStyle;

use crate::yaml::Scalar;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Text,
    Null,
    Boolean(bool),
    Number(f64),
}

pub(super) fn kind(plain: &str) -> Kind {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Boolean(true),
        "false" | "False" | "FALSE" => Kind::Boolean(false),
        _ => number(plain).map_or(Kind::Text, Kind::Number),
    }
}

/// Returns the text of a value as JavaScript converts it to a string; `None` for null.
pub(super) fn as_text(scalar: &Scalar) -> Option<String> {
    if scalar.style != ScalarStyle::Plain {
        return Some(scalar.value.clone());
    }
    match kind(&scalar.value) {
        Kind::Text => Some(scalar.value.clone()),
        Kind::Null => None,
        Kind::Boolean(value) => Some(value.to_string()),
        Kind::Number(value) => Some(javascript_number(value)),
    }
}

fn number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
            return Some(sign * f64::INFINITY);
        }
        ".nan" | ".NaN" | ".NAN" if text.len() == unsigned.len() => return Some(f64::NAN),
        _ => {}
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return valid.then(|| {
                digits.chars().fold(0.0, |value, c| {
                    value * f64::from(radix) + f64::from(c.to_digit(radix).unwrap_or(0))
                })
            });
        }
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let valid = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    } && exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    if valid { text.parse().ok() } else { None }
}

/// <https://tc39.es/ecma262/#sec-numeric-types-number-tostring>
fn javascript_number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&value.abs()) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, javascript_number, kind};

    #[test]
    fn numbers_become_the_text_of_javascript() {
        for (written, text) in [
            ("1.50", "1.5"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("1e3", "1000"),
            ("1e21", "1e+21"),
            ("-0", "0"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1e-7", "1e-7"),
            ("+12", "12"),
            (".inf", "Infinity"),
        ] {
            match kind(written) {
                Kind::Number(value) => assert_eq!(javascript_number(value), text, "{written}"),
                other => panic!("{written} is {other:?}"),
            }
        }
        for text in ["1_0", "0b1", "1e", ".", "+", "1.2.3", "0x", "yes", "inf"] {
            assert_eq!(kind(text), Kind::Text, "{text}");
        }
    }
}
