//! Text for programs and files.

use std::fmt::Write as _;
use std::ops::Deref;

use serde::Serialize;

use super::characters::{code_point, is_control, is_noncharacter};
use super::log::without_commands;
use super::{Text, Workflow};

/// A document that a program reads, or a log that it may be printed into: what others wrote in it is no
/// command to either. There is no way to make one from any text, so that no place can forget it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data(String);

impl Data {
    /// Returns a document of JSON, which says the same to every reader of JSON.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Data, serde_json::Error> {
        let document = serde_json::to_string_pretty(value)?;
        let mut out = String::with_capacity(document.len() + 1);
        let mut last = ' ';
        for c in document.chars() {
            let is_text = c == '\n' || !(is_control(c) || is_noncharacter(c));
            // Neither can be in it but inside of a string.
            if is_text && (c, last) != ('#', '#') {
                out.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            last = c;
        }
        out.push('\n');
        Ok(Data(out))
    }

    /// Returns a document of XML: see [`xml`].
    pub fn xml(document: &str) -> Data {
        Data(xml(document))
    }

    /// Returns a page of HTML, which no log gets.
    pub fn html(page: String) -> Data {
        Data(page)
    }

    /// Returns the text of a snapshot, byte for byte as it is compared.
    pub fn snapshot(text: String) -> Data {
        Data(text)
    }

    /// Returns a text of the program itself.
    pub fn own(text: &[u8]) -> Data {
        Data(String::from_utf8_lossy(text).into_owned())
    }
}

/// Returns a text in which every character is allowed in a document of XML 1.0, and none of those that
/// it discourages or that move a terminal's cursor: <https://www.w3.org/TR/xml/#charsets>. Line breaks
/// and tabs stay. The markup of a document stays as it is, so that a whole document can be given too.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in without_commands(text).chars() {
        match c {
            '\n' | '\t' => out.push(c),
            _ if is_control(c) || is_noncharacter(c) => out.push_str(&code_point(c)),
            _ => out.push(c),
        }
    }
    out
}

impl From<Text<super::markdown::ForMarkdown>> for Data {
    fn from(text: Text<super::markdown::ForMarkdown>) -> Data {
        Data(text.text)
    }
}

impl From<Workflow> for Data {
    fn from(text: Workflow) -> Data {
        Data(text.text)
    }
}

impl From<&super::Terminal> for Data {
    fn from(text: &super::Terminal) -> Data {
        Data(text.printed())
    }
}

impl Deref for Data {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
