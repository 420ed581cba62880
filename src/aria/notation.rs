//! A node in the notation of snapshots, `role "name" [state]`: the keys of templates, and locators.

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
    /// Its role.
    pub role: Role,
    /// Its name; `None` where nothing, or an empty string, is written.
    pub name: Option<NameTest>,
    /// Its states, and the marks that stand in brackets like states.
    pub states: StateTests,
}

/// What a name must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameTest {
    /// This text, white space normalised.
    Text(String),
    /// A text in which the pattern is found.
    Pattern(Pattern),
}

/// What is wrong with a text in this notation, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NotationError {
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
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

/// Reads a node from the beginning of the text; gives also how many bytes it takes, white space
/// behind it included.
pub(super) fn parse_prefix(text: &str) -> Result<(NodeTest, usize), NotationError> {
    let mut reader = Reader { text, at: 0 };
    let node = reader.node()?;
    Ok((node, reader.at))
}

/// The error for what stands behind a node and is no part of it.
pub(super) fn unexpected(text: &str, at: usize) -> NotationError {
    let rest = &text[at..];
    let help = if rest
        .trim_start()
        .starts_with(['\'', '\u{201c}', '\u{201d}'])
    {
        "names are written in straight double quotes"
    } else {
        "behind the role stand a name, as \"text\" or /regular expression/, and states in brackets"
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

    fn error(&self, at: Range<usize>, message: impl Into<String>) -> NotationError {
        NotationError {
            at,
            message: message.into(),
            help: None,
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
        Ok(NodeTest { role, name, states })
    }

    fn role(&mut self) -> Result<Role, NotationError> {
        let (word, at) = self.word();
        if let Some(role) = Role::from_snapshot(word) {
            return Ok(role);
        }
        if word.is_empty() {
            let end = (at.start + self.peek().map_or(0, char::len_utf8)).max(at.end);
            return Err(NotationError {
                at: at.start..end,
                message: "a role is expected here".to_owned(),
                help: Some(
                    "write `role \"name\" [state]`, such as `button \"Save\" [disabled]`"
                        .to_owned(),
                ),
            });
        }
        let help = match word {
            "text" => Some("text is written with a value: `text: ...`".to_owned()),
            _ => {
                let roles: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
                nearest(word, &roles).map(|role| format!("did you mean `{role}`?"))
            }
        };
        Err(NotationError {
            at,
            message: format!("there is no role `{word}`"),
            help,
        })
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
                    self.error(at, error.to_string())
                })?;
                if self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
                    let (_, at) = self.word();
                    return Err(NotationError {
                        at,
                        message: "a regular expression has no flags here".to_owned(),
                        help: Some("for letters of both cases write `/(?i:...)/`".to_owned()),
                    });
                }
                Ok(Some(NameTest::Pattern(pattern)))
            }
            _ => Ok(None),
        }
    }

    /// The escapes of JSON, which snapshots are written with; a backslash before anything else
    /// only takes its special meaning away.
    fn string(&mut self, start: usize) -> Result<String, NotationError> {
        let mut text = String::new();
        loop {
            match self.next() {
                None => {
                    return Err(NotationError {
                        at: start..self.at,
                        message: "a name without its closing quote".to_owned(),
                        help: Some(
                            "close it with `\"`; a quote inside is written `\\\"`".to_owned(),
                        ),
                    });
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
        // Half a pair is what it is in the name of a node.
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
                    return Err(NotationError {
                        at: start..self.at,
                        message: "a regular expression without its closing slash".to_owned(),
                        help: Some("close it with `/`; a slash inside is written `\\/`".to_owned()),
                    });
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
            return Err(self.error(open..self.at, "a `]` is missing"));
        }
        states.set(name, value).map_err(|wrong| match wrong {
            states::Wrong::Name(help) => NotationError {
                at: name_at,
                message: format!("there is no state `{name}`"),
                help: Some(help),
            },
            states::Wrong::Value(allowed) => NotationError {
                at: value_at,
                message: format!("`{name}` cannot be `{}`", value.unwrap_or("true")),
                help: Some(format!("it can be {allowed}")),
            },
        })
    }
}

/// As much of a text as an error can quote.
fn cut(text: &str) -> String {
    const LIMIT: usize = 40;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
