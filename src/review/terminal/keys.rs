//! Which key means what.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::review::decide::Choice;
use crate::review::session::Event;

/// What keys are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// The list.
    #[default]
    List,
    /// The explanation of the keys is shown.
    Help,
    /// A search is typed.
    Search(String),
}

/// What a key asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    None,
    Quit,
    Event(Event),
    Scroll(i16),
    Whole,
    Open,
    Mode(Mode),
}

/// Keys and what they do, for the help.
pub(super) const HELP: [(&str, &str); 13] = [
    ("a  r  s", "accept, reject, skip the row"),
    ("A  R  S", "accept, reject, skip all rows that are left"),
    ("u", "undo the last decision"),
    ("Down Up, j k", "next and previous row"),
    ("g  G", "first and last row"),
    ("Tab", "split a group into its snapshots, or join them"),
    ("d", "show the whole text or only the changes"),
    ("Space b", "scroll the details"),
    ("o", "open the page in a browser"),
    ("/", "search; Esc ends it"),
    (
        "f",
        "only regressions, improvements, content, structure; all",
    ),
    ("?", "this help"),
    ("q, Ctrl-C", "quit and keep the decisions"),
];

pub(super) fn command(mode: &Mode, key: KeyEvent) -> Command {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('c') => Command::Quit,
            KeyCode::Char('d') => Command::Scroll(10),
            KeyCode::Char('u') => Command::Scroll(-10),
            _ => Command::None,
        };
    }
    match mode {
        Mode::Help => Command::Mode(Mode::List),
        Mode::Search(text) => search(text, key.code),
        Mode::List => list(key.code),
    }
}

fn search(text: &str, code: KeyCode) -> Command {
    match code {
        KeyCode::Enter => Command::Mode(Mode::List),
        // Ends the search, and shows all rows with the next key for it.
        KeyCode::Esc if text.is_empty() => Command::Mode(Mode::List),
        KeyCode::Esc => Command::Event(Event::Search(String::new())),
        KeyCode::Backspace => {
            let mut shorter = text.to_owned();
            shorter.pop();
            Command::Event(Event::Search(shorter))
        }
        KeyCode::Char(c) => Command::Event(Event::Search(format!("{text}{c}"))),
        _ => Command::None,
    }
}

fn list(code: KeyCode) -> Command {
    const PAGE: isize = 10;
    match code {
        KeyCode::Char('a') => Command::Event(Event::Decide(Choice::Accept)),
        KeyCode::Char('r') => Command::Event(Event::Decide(Choice::Reject)),
        KeyCode::Char('s') => Command::Event(Event::Skip),
        KeyCode::Char('A') => Command::Event(Event::DecideRest(Choice::Accept)),
        KeyCode::Char('R') => Command::Event(Event::DecideRest(Choice::Reject)),
        KeyCode::Char('S') => Command::Event(Event::SkipRest),
        KeyCode::Char('u') => Command::Event(Event::Undo),
        KeyCode::Char('j') | KeyCode::Down => Command::Event(Event::Move(1)),
        KeyCode::Char('k') | KeyCode::Up => Command::Event(Event::Move(-1)),
        KeyCode::PageDown => Command::Event(Event::Move(PAGE)),
        KeyCode::PageUp => Command::Event(Event::Move(-PAGE)),
        KeyCode::Char('g') | KeyCode::Home => Command::Event(Event::First),
        KeyCode::Char('G') | KeyCode::End => Command::Event(Event::Last),
        KeyCode::Tab => Command::Event(Event::Split),
        KeyCode::Char('f') => Command::Event(Event::NextFilter),
        KeyCode::Char('d') => Command::Whole,
        KeyCode::Char('o') => Command::Open,
        KeyCode::Char(' ') => Command::Scroll(8),
        KeyCode::Char('b') => Command::Scroll(-8),
        KeyCode::Char('/') => Command::Mode(Mode::Search(String::new())),
        KeyCode::Char('?') => Command::Mode(Mode::Help),
        KeyCode::Esc => Command::Event(Event::Search(String::new())),
        KeyCode::Char('q') => Command::Quit,
        _ => Command::None,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::{Command, Mode, command};
    use crate::review::session::Event;

    #[test]
    fn letters_are_typed_while_searching() {
        let key = |code| KeyEvent::new(code, KeyModifiers::NONE);
        let search = Mode::Search("n".to_owned());
        let typed = command(&search, key(KeyCode::Char('a')));
        assert_eq!(typed, Command::Event(Event::Search("na".to_owned())));
        let shorter = command(&search, key(KeyCode::Backspace));
        assert_eq!(shorter, Command::Event(Event::Search(String::new())));
        for mode in [Mode::List, Mode::Help, search] {
            let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            assert_eq!(command(&mode, ctrl_c), Command::Quit);
        }
    }
}
