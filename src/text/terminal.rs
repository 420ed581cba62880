//! Text for a terminal, or for the log that takes a terminal's place.

use anstyle::Style;

use super::characters::{is_control, lines, one_line, written_out};
use super::{Reader, Shown, Text, log};

/// A terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForTerminal;

/// Text for a terminal. Its colours are ours; what others wrote has none.
pub type Terminal = Text<ForTerminal>;

impl Reader for ForTerminal {
    fn escape(text: &str) -> String {
        one_line(text).into_owned()
    }
}

impl Terminal {
    /// Returns a message that has line breaks of its own.
    pub fn message(text: &str) -> Terminal {
        let mut message = Terminal::new();
        message.text.push_str(&lines(text));
        message
    }

    /// Returns what a library rendered with colours: of all escape sequences the colours stay.
    pub fn coloured(text: &str) -> Terminal {
        let mut coloured = Terminal::new();
        let mut rest = text;
        while let Some(at) = rest.find('\u{1b}') {
            coloured.text.push_str(&lines(&rest[..at]));
            rest = &rest[at..];
            let length = colour(rest).unwrap_or(0);
            coloured.text.push_str(&rest[..length]);
            if length == 0 {
                coloured.text.push_str(&one_line("\u{1b}"));
                rest = &rest[1..];
            } else {
                rest = &rest[length..];
            }
        }
        coloured.text.push_str(&lines(rest));
        coloured
    }

    /// Returns the text without colours.
    pub fn plain(&self) -> String {
        anstream::adapter::strip_str(&self.text).to_string()
    }

    /// Returns the text as it is printed: no line of it is a command of a CI system.
    pub fn printed(&self) -> String {
        log::without_commands(&self.text)
    }
}

impl From<String> for Terminal {
    fn from(text: String) -> Terminal {
        Terminal::message(&text)
    }
}

impl From<&str> for Terminal {
    fn from(text: &str) -> Terminal {
        Terminal::message(text)
    }
}

/// Returns the length of the colour sequence that a text begins with: `ESC [ 1 ; 31 m`.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some(end + 3)
}

/// Returns a text in that style.
pub fn paint<T: Shown<ForTerminal> + ?Sized>(style: Style, text: &T) -> Terminal {
    let mut painted = Terminal::new();
    painted.text = format!("{style}{}{style:#}", text.shown());
    painted
}

/// Returns text of a file as a terminal shows it: lines and tabs stay, everything else that is no
/// character to be seen is written out.
pub fn file(text: &str) -> Terminal {
    let mut file = Terminal::new();
    let is_written_out = |c| !matches!(c, '\n' | '\t') && is_control(c);
    file.text.push_str(&written_out(text, is_written_out));
    file
}
