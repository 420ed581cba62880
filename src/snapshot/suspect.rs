//! Values that look like regular expressions but are not: cut off by a YAML comment, with flags, or
//! with one slash only. Each gets a warning with the line to write.

use super::quote;
use super::template::TextTest;
use crate::source::{Diagnostic, SourceText, Span};

/// The flags of JavaScript's regular expressions.
const FLAGS: &str = "dgimsuvy";

/// A warning about a value that is no expression.
pub(super) fn value(file: &SourceText, test: &TextTest) -> Option<Diagnostic> {
    let (text, source) = (test.raw.as_str(), &*file.text);
    let warn = |message: &str, expression: &str| {
        let line = line_with(source, test.span, &quote::value(expression));
        let message = format!("`{text}` is not a regular expression: {message}");
        let warning = Diagnostic::new(message, file.place(test.span));
        Some(warning.with_help(format!("write `{line}`")))
    };
    if let Some(inside) = text.strip_prefix('/') {
        if let Some(comment) = comment_behind(source, test.span)
            && !inside.ends_with('/')
            && let Some(end) = comment.rfind('/')
        {
            let whole = format!("{text}{}", &comment[..=end]);
            return warn("YAML takes the rest of the line as a comment", &whole);
        }
        if let Some((expression, flags)) = inside.rsplit_once('/')
            && is_flags(flags)
            && !expression.replace("\\/", "").contains('/')
            && !expression.is_empty()
        {
            let without = match flags.contains('i') {
                true => either_case(expression),
                false => expression.to_owned(),
            };
            return warn("flags are not read", &format!("/{without}/"));
        }
        if !inside.ends_with('/') && looks_like_expression(inside) {
            return warn("there is no `/` at its end", &format!("{text}/"));
        }
        return None;
    }
    (text.ends_with('/') && looks_like_expression(text))
        .then(|| warn("there is no `/` at its beginning", &format!("/{text}")))
        .flatten()
}

/// The key to write where a comment cut off the expression in a key.
pub(super) fn key(source: &str, key: Span) -> Option<String> {
    let written = key.slice(source);
    let comment = comment_behind(source, key)?;
    let (_, expression) = written.split_once(" /")?;
    if expression.ends_with('/') {
        return None;
    }
    let end = comment.rfind('/')?;
    let whole = format!("{written}{}", &comment[..=end]);
    let colon = comment[end..].trim_start_matches('/').trim_end();
    Some(format!(
        "YAML takes the rest of the line as a comment; write `- '{}'{colon}`",
        whole.replace('\'', "''"),
    ))
}

fn is_flags(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= FLAGS.len()
        && text.chars().all(|c| FLAGS.contains(c))
        && text.chars().all(|c| text.matches(c).count() == 1)
}

/// Whether a text has what only regular expressions have.
fn looks_like_expression(text: &str) -> bool {
    ["\\d", "\\w", "\\s", "\\.", ".*", ".+", "]+", "]*", ")?"]
        .iter()
        .any(|part| text.contains(part))
}

/// The comment on the line behind a plain value, from its white space on.
fn comment_behind(source: &str, span: Span) -> Option<&str> {
    if span.slice(source).starts_with(['"', '\'']) {
        return None;
    }
    let rest = source.get(span.end..)?.lines().next()?;
    rest.trim_start().starts_with('#').then_some(rest)
}

/// The line of a value with another value.
fn line_with(source: &str, span: Span, value: &str) -> String {
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    format!("{}{value}", source[start..span.start].trim_start())
}

/// The expression with both cases of each letter; as it is where that is more than plain letters.
fn either_case(expression: &str) -> String {
    if expression.contains(['[', '\\']) {
        return expression.to_owned();
    }
    expression
        .chars()
        .map(|c| match c.is_ascii_alphabetic() {
            true => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
            false => c.to_string(),
        })
        .collect()
}
