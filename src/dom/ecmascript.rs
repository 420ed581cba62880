//! White space and numbers of JavaScript.
//!
//! Browsers and Playwright read texts and attributes by these rules, which differ from Rust's in a few
//! characters.

/// Returns whether a character is white space of `\s` and `String.prototype.trim`.
/// <https://tc39.es/ecma262/#sec-white-space>
pub fn is_white_space(c: char) -> bool {
    match c {
        '\u{feff}' => true,
        '\u{85}' => false,
        _ => c.is_whitespace(),
    }
}

/// `text.trim()`
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_white_space)
}

/// `Number(text)`, `None` for NaN. <https://tc39.es/ecma262/#sec-stringtonumber>
pub fn number(text: &str) -> Option<f64> {
    let text = trim(text);
    if text.is_empty() {
        return Some(0.0);
    }
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        for prefix in prefixes {
            if let Some(digits) = text.strip_prefix(prefix) {
                return integer(digits, radix);
            }
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned {
        "Infinity" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        "Infinity" => Some(f64::INFINITY),
        _ if is_decimal_literal(unsigned) => text.parse().ok(),
        _ => None,
    }
}

fn integer(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |value, c| {
        Some(value * f64::from(radix) + f64::from(c.to_digit(radix)?))
    })
}

fn is_decimal_literal(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    (!whole.is_empty() || !fraction.is_empty())
        && digits(whole)
        && digits(fraction)
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        })
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_those_of_javascript() {
        for (text, expected) in [
            ("0x1f", Some(31.0)),
            ("1e3", Some(1000.0)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("+5", Some(5.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("  ", Some(0.0)),
            ("0b2", None),
            ("1_0", None),
            ("1n", None),
            (".", None),
            ("inf", None),
            ("nan", None),
            ("-0x1", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
