//! Text in a command that a person copies into a shell.

use std::borrow::Cow;

/// Returns an argument as a POSIX shell reads it: what it would take for something else is in quotes.
pub fn shell(argument: &str) -> Cow<'_, str> {
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '@' | '+' | ',' | ':' | '%')
    };
    let is_plain = !argument.is_empty() && argument.chars().all(plain);
    match is_plain {
        true => Cow::Borrowed(argument),
        false => Cow::Owned(format!("'{}'", argument.replace('\'', "'\\''"))),
    }
}

/// Returns what is written before an argument that would otherwise be an option.
pub fn end_of_options(argument: &str) -> &'static str {
    if argument.starts_with('-') { "-- " } else { "" }
}
