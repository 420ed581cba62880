//! Text in XML.

use super::characters::{code_point, is_control, is_noncharacter};
use super::log::without_commands;

/// Returns a text in which every character may stand in a document of XML 1.0, and none of those that
/// it discourages or that move a terminal's cursor: <https://www.w3.org/TR/xml/#charsets>. Line breaks
/// and tabs stay. The markup of a document stays as it is, so that a whole document can be given too.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A report may be printed into a log.
    for c in without_commands(text).chars() {
        match c {
            '\n' | '\t' => out.push(c),
            _ if is_control(c) || is_noncharacter(c) => out.push_str(&code_point(c)),
            _ => out.push(c),
        }
    }
    out
}

/// Returns a document of JSON in which no text is a command of a CI system, in whose log it may be printed.
/// It says the same to every reader of JSON.
pub fn json(document: &str) -> String {
    document.replace("##", "#\\u0023")
}
