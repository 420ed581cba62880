//! The notation of a node, `role "name" [state]`, in the keys of templates and in locators.

mod states;

use std::ops::Range;

use super::white_space::normalize_white_space;
use super::{Pattern, Role};
use crate::dom::ecmascript;
use crate::dom::facts::of_lone_surrogate;
use crate::source::nearest;

pub use states::StateTests;

/// What a node must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeTest {
    /// The role.
    pub role: Role,
    /// The name; `None` if nothing or an empty string is written.
    pub name: Option<NameTest>,
    /// Everything in brackets.
    pub states: StateTests,
    /// Its own text, in locators alone.
    pub text: Option<NameTest>,
}

/// What a name must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameTest {
    /// This text, with normalised white space.
    Text(String),
    /// A text in which the pattern is found.
    Pattern(Pattern),
}

/// A mistake in this notation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NotationError {
    /// The bytes of the text that are wrong.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// Reads the whole text as one node.
pub fn parse(text: &str) -> Result<NodeTest, NotationError> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.node()?;
    if reader.at < text.len() {
        return Err(unexpected(text, reader.at));
    }
    Ok(node)
}

/// Reads a node from the start of the text, and returns how many bytes it takes, with the white space
/// after it.
pub(super) fn parse_prefix(text: &str) -> Result<(NodeTest, usize), NotationError> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.node()?;
    Ok((node, reader.at))
}

/// Makes the error for text after a node.
pub(super) fn unexpected(text: &str, at: usize) -> NotationError {
    let rest = &text[at..];
    let help = if rest
        .trim_start()
        .starts_with(['\'', '\u{201c}', '\u{201d}'])
    {
        "write names in straight double quotes"
    } else {
        "after the role, write a name as \"text\" or /regular expression/, and states in brackets"
    };
    NotationError {
        at: at..text.len(),
        message: format!("`{}` is not expected here", cut(rest)),
        help: Some(help.to_owned()),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(ecmascript::is_white_space).len();
    }

    fn error(at: Range<usize>, message: &str, help: Option<&str>) -> NotationError {
        NotationError {
            at,
            message: message.to_owned(),
            help: help.map(str::to_owned),
        }
    }

    fn word(&mut self) -> (&'a str, Range<usize>) {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !c.is_ascii_alphabetic() && c != '-')
            .unwrap_or(rest.len());
        let start = self.at;
        self.at += length;
        (&rest[..length], start..self.at)
    }

    fn node(&mut self) -> Result<NodeTest, NotationError> {
        self.skip_space();
        let role = self.role()?;
        self.skip_space();
        let name = self.name()?;
        let mut states = StateTests::default();
        loop {
            self.skip_space();
            if self.peek() != Some('[') {
                break;
            }
            self.state(&mut states)?;
        }
        Ok(NodeTest {
            role,
            name,
            states,
            text: None,
        })
    }

    fn role(&mut self) -> Result<Role, NotationError> {
        let (word, at) = self.word();
        if let Some(role) = Role::from_snapshot(word) {
            return Ok(role);
        }
        if word.is_empty() {
            let end = (at.start + self.peek().map_or(0, char::len_utf8)).max(at.end);
            let help = "write `role \"name\" [state]`, such as `button \"Save\" [disabled]`";
            let message = "a role is expected here";
            return Err(Self::error(at.start..end, message, Some(help)));
        }
        let help = match word {
            "text" => Some("write a text with its value: `text: ...`".to_owned()),
            _ => {
                let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
                nearest(word, &roles).map(|role| format!("did you mean `{role}`?"))
            }
        };
        let message = format!("there is no role `{word}`");
        Err(Self::error(at, &message, help.as_deref()))
    }

    fn name(&mut self) -> Result<Option<NameTest>, NotationError> {
        let start = self.at;
        match self.peek() {
            Some('"') => {
                self.next();
                let text = self.string(start)?;
                let text = normalize_white_space(&text);
                Ok((!text.is_empty()).then_some(NameTest::Text(text)))
            }
            Some('/') => {
                self.next();
                let source = self.pattern_source(start)?;
                let pattern = Pattern::new(&source).map_err(|error| {
                    let offset = start + 1;
                    let at = offset + error.at.start..offset + error.at.end;
                    Self::error(at, &error.to_string(), None)
                })?;
                if self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
                    let (_, at) = self.word();
                    let message = "a regular expression cannot have flags here";
                    return Err(Self::error(
                        at,
                        message,
                        Some("write `/(?i:...)/` to ignore case"),
                    ));
                }
                Ok(Some(NameTest::Pattern(pattern)))
            }
            _ => Ok(None),
        }
    }

    /// Reads the rest of a string with JSON's escapes, as snapshots have them. A backslash before any
    /// other character is ignored.
    fn string(&mut self, start: usize) -> Result<String, NotationError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => {
                    let message = "a name without its closing quote";
                    let help = "close it with `\"`; write `\\\"` for a quote inside";
                    return Err(Self::error(start..self.at, message, Some(help)));
                }
                Some('"') => return Ok(text),
                Some('\\') => match self.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('r') => text.push('\r'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{c}'),
                    Some('u') => text.push(self.unicode_escape()),
                    Some(c) => text.push(c),
                    None => {}
                },
                Some(c) => text.push(c),
            }
        }
    }

    fn unicode_escape(&mut self) -> char {
        let Some(unit) = self.hex_unit() else {
            return 'u';
        };
        if (0xd800..0xdc00).contains(&unit) && self.rest().starts_with("\\u") {
            let back = self.at;
            self.at += 2;
            if let Some(low @ 0xdc00..=0xdfff) = self.hex_unit() {
                let point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
            }
            self.at = back;
        }
        char::from_u32(unit).unwrap_or_else(|| of_lone_surrogate(unit))
    }

    fn hex_unit(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn pattern_source(&mut self, start: usize) -> Result<String, NotationError> {
        let mut in_class = false;
        let from = self.at;
        loop {
            let before = self.at;
            match self.next() {
                None => {
                    let message = "a regular expression without its closing slash";
                    let help = "close it with `/`; write `\\/` for a slash inside";
                    return Err(Self::error(start..self.at, message, Some(help)));
                }
                Some('\\') => {
                    self.next();
                }
                Some('/') if !in_class => return Ok(self.text[from..before].to_owned()),
                Some('[') => in_class = true,
                Some(']') => in_class = false,
                Some(_) => {}
            }
        }
    }

    fn state(&mut self, states: &mut StateTests) -> Result<(), NotationError> {
        let open = self.at;
        self.next();
        self.skip_space();
        let (name, name_at) = self.word();
        self.skip_space();
        let mut value = None;
        let mut value_at = name_at.clone();
        if self.peek() == Some('=') {
            self.next();
            self.skip_space();
            let start = self.at;
            let rest = self.rest();
            self.at += rest
                .find(|c| c == ']' || ecmascript::is_white_space(c))
                .unwrap_or(rest.len());
            value = Some(&self.text[start..self.at]).filter(|value| !value.is_empty());
            value_at = start..self.at;
        }
        self.skip_space();
        if self.next() != Some(']') {
            return Err(Self::error(open..self.at, "a `]` is missing", None));
        }
        states.set(name, value).map_err(|wrong| match wrong {
            states::Wrong::Name(help) => {
                Self::error(name_at, &format!("there is no state `{name}`"), Some(&help))
            }
            states::Wrong::Value(allowed) => {
                let message = format!("`{name}` cannot be `{}`", value.unwrap_or("true"));
                Self::error(value_at, &message, Some(&format!("it can be {allowed}")))
            }
        })
    }
}

/// Shortens a text for an error.
fn cut(text: &str) -> String {
    const LIMIT: usize = 40;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
