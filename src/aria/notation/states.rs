//! The states of the notation, in brackets.

use std::fmt::{self, Formatter};

use crate::aria::tree::{Invalid, Node, StateName, Token, TokenName, Tristate};
use crate::source::nearest;

/// What is written in brackets; `None` where nothing is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct StateTests {
    /// `[checked]`, `[checked=mixed]`, `[checked=false]`
    pub checked: Option<Tristate>,
    /// `[disabled]`
    pub disabled: Option<bool>,
    /// `[expanded]`
    pub expanded: Option<bool>,
    /// `[invalid]`, `[invalid=grammar]`
    pub invalid: Option<Invalid>,
    /// `[level=2]`
    pub level: Option<u32>,
    /// `[pressed]`
    pub pressed: Option<Tristate>,
    /// `[selected]`
    pub selected: Option<bool>,
    /// `[active]`
    pub active: Option<bool>,
    /// `[aria-hidden]`
    pub aria_hidden: Option<bool>,
    /// `[required]`, `[current=page]`, in the order of [`TokenName`], each once.
    pub tokens: Vec<Token>,
    /// `[cursor=pointer]`
    pub cursor_pointer: bool,
    /// `[ref=e12]`: read, and nothing more.
    pub reference: Option<String>,
    /// `[box=...]` is there: read, and nothing more.
    pub has_box: bool,
}

pub(super) enum Wrong {
    Name(String),
    /// What the value can be.
    Value(String),
}

const NAMES: [&str; 12] = [
    "checked",
    "disabled",
    "expanded",
    "invalid",
    "level",
    "pressed",
    "selected",
    "active",
    "aria-hidden",
    "cursor",
    "ref",
    "box",
];
const BOOLEAN: &str = "`true` or `false`";
const TRISTATE: &str = "`true`, `false` or `mixed`";

impl StateTests {
    pub(super) fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), Wrong> {
        match name {
            "checked" => self.checked = Some(tristate(value)?),
            "disabled" => self.disabled = Some(boolean(value)?),
            "expanded" => self.expanded = Some(boolean(value)?),
            "invalid" => self.invalid = Some(invalid(value)?),
            "level" => self.level = Some(level(value)?),
            "pressed" => self.pressed = Some(tristate(value)?),
            "selected" => self.selected = Some(boolean(value)?),
            "active" => self.active = Some(boolean(value)?),
            "aria-hidden" => self.aria_hidden = Some(boolean(value)?),
            "cursor" => match value {
                Some("pointer") => self.cursor_pointer = true,
                _ => return Err(Wrong::Value("`pointer`".to_owned())),
            },
            "ref" => self.reference = value.map(str::to_owned),
            "box" => self.has_box = true,
            _ => match TokenName::from_text(name) {
                Some(name) => self.set_token(name, value)?,
                None => return Err(Wrong::Name(help_for(name))),
            },
        }
        Ok(())
    }

    fn set_token(&mut self, name: TokenName, value: Option<&str>) -> Result<(), Wrong> {
        let value = value.unwrap_or("true");
        if !name.values().contains(&value) {
            let values: Vec<String> = name.values().iter().map(|one| format!("`{one}`")).collect();
            return Err(Wrong::Value(values.join(" or ")));
        }
        self.tokens.retain(|token| token.name != name);
        self.tokens.push(Token {
            name,
            value: value.to_owned(),
        });
        self.tokens.sort();
        Ok(())
    }

    /// The brackets that a snapshot of the node has, without ref and box.
    pub(crate) fn written_for(node: &Node) -> StateTests {
        /// False is written where its author wrote it.
        fn shown<T: PartialEq>(
            node: &Node,
            name: StateName,
            value: Option<T>,
            off: T,
        ) -> Option<T> {
            value.filter(|value| *value != off || node.is_written_false(name))
        }
        let states = &node.states;
        StateTests {
            checked: shown(node, StateName::Checked, states.checked, Tristate::False),
            disabled: shown(node, StateName::Disabled, states.disabled, false),
            expanded: shown(node, StateName::Expanded, states.expanded, false),
            invalid: shown(node, StateName::Invalid, states.invalid, Invalid::False),
            level: states.level.filter(|level| *level > 0),
            pressed: shown(node, StateName::Pressed, states.pressed, Tristate::False),
            selected: shown(node, StateName::Selected, states.selected, false),
            tokens: node.tokens.clone(),
            active: node.active.then_some(true),
            aria_hidden: node.aria_hidden.then_some(true),
            cursor_pointer: node.cursor_pointer,
            reference: None,
            has_box: false,
        }
    }

    /// The same brackets with the node's values; those that it has not go.
    pub(crate) fn updated_to(&self, node: &Node) -> StateTests {
        let states = &node.states;
        StateTests {
            checked: self.checked.and(states.checked),
            disabled: self.disabled.and(states.disabled),
            expanded: self.expanded.and(states.expanded),
            invalid: self.invalid.and(states.invalid),
            level: self.level.and(states.level),
            pressed: self.pressed.and(states.pressed),
            selected: self.selected.and(states.selected),
            tokens: node
                .tokens
                .iter()
                .filter(|token| self.tokens.iter().any(|own| own.name == token.name))
                .cloned()
                .collect(),
            ..self.clone()
        }
    }

    /// Whether a state is written as false here and not written at all there.
    pub(crate) fn says_false_beyond(&self, other: &StateTests) -> bool {
        fn tells<T: PartialEq>(own: Option<T>, other: Option<T>, off: T) -> bool {
            own == Some(off) && other.is_none()
        }
        tells(self.checked, other.checked, Tristate::False)
            || tells(self.disabled, other.disabled, false)
            || tells(self.expanded, other.expanded, false)
            || tells(self.invalid, other.invalid, Invalid::False)
            || tells(self.pressed, other.pressed, Tristate::False)
            || tells(self.selected, other.selected, false)
    }

    /// Whether the node has every state that is written, as Playwright compares: an absent state
    /// is not a false one.
    pub fn hold_for(&self, node: &Node) -> bool {
        fn holds<T: PartialEq>(test: Option<T>, value: Option<T>) -> bool {
            test.is_none() || test == value
        }
        let states = &node.states;
        holds(self.checked, states.checked)
            && holds(self.disabled, states.disabled)
            && holds(self.expanded, states.expanded)
            && holds(self.invalid, states.invalid)
            && holds(self.level, states.level)
            && holds(self.pressed, states.pressed)
            && holds(self.selected, states.selected)
            && self.tokens.iter().all(|token| node.tokens.contains(token))
    }

    /// Whether the brackets are those that a snapshot of the node has: what is not written must
    /// be absent, or false without its author having said so.
    pub fn are_all_of(&self, node: &Node) -> bool {
        fn same<T: PartialEq>(test: Option<T>, written: Option<T>, value: Option<T>) -> bool {
            match test {
                Some(_) => test == value,
                None => written.is_none(),
            }
        }
        let states = &node.states;
        let written = StateTests::written_for(node);
        same(self.checked, written.checked, states.checked)
            && same(self.disabled, written.disabled, states.disabled)
            && same(self.expanded, written.expanded, states.expanded)
            && same(self.invalid, written.invalid, states.invalid)
            && same(self.level, written.level, states.level)
            && same(self.pressed, written.pressed, states.pressed)
            && same(self.selected, written.selected, states.selected)
            && self.tokens == written.tokens
            && self.active.unwrap_or(false) == node.active
            && self.aria_hidden.unwrap_or(false) == node.aria_hidden
            && self.cursor_pointer == node.cursor_pointer
    }
}

impl fmt::Display for StateTests {
    /// The brackets, in the order of snapshots.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut brackets = Brackets { f, is_first: true };
        brackets.state("checked", self.checked.map(tristate_text))?;
        brackets.state("disabled", self.disabled.map(boolean_text))?;
        brackets.state("expanded", self.expanded.map(boolean_text))?;
        brackets.state("active", self.active.map(boolean_text))?;
        brackets.state("invalid", self.invalid.map(invalid_text))?;
        if let Some(level) = self.level {
            brackets.put(format_args!("[level={level}]"))?;
        }
        brackets.state("pressed", self.pressed.map(tristate_text))?;
        brackets.state("selected", self.selected.map(boolean_text))?;
        for token in &self.tokens {
            brackets.put(format_args!("{token}"))?;
        }
        brackets.state("aria-hidden", self.aria_hidden.map(boolean_text))?;
        if let Some(reference) = &self.reference {
            brackets.put(format_args!("[ref={reference}]"))?;
        }
        brackets.state("cursor", self.cursor_pointer.then_some("pointer"))
    }
}

/// Brackets with a space between.
struct Brackets<'f, 'a> {
    f: &'f mut Formatter<'a>,
    is_first: bool,
}

impl Brackets<'_, '_> {
    fn put(&mut self, bracket: fmt::Arguments<'_>) -> fmt::Result {
        if !std::mem::take(&mut self.is_first) {
            self.f.write_str(" ")?;
        }
        self.f.write_fmt(bracket)
    }

    fn state(&mut self, name: &str, value: Option<&str>) -> fmt::Result {
        match value {
            None => Ok(()),
            Some("true") => self.put(format_args!("[{name}]")),
            Some(value) => self.put(format_args!("[{name}={value}]")),
        }
    }
}

fn boolean_text(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn tristate_text(value: Tristate) -> &'static str {
    match value {
        Tristate::True => "true",
        Tristate::False => "false",
        Tristate::Mixed => "mixed",
    }
}

fn invalid_text(value: Invalid) -> &'static str {
    match value {
        Invalid::True => "true",
        Invalid::False => "false",
        Invalid::Grammar => "grammar",
        Invalid::Spelling => "spelling",
    }
}

fn help_for(name: &str) -> String {
    let tokens = TokenName::ALL.iter().map(|name| name.as_str());
    let known: Vec<&str> = NAMES.into_iter().chain(tokens).collect();
    match nearest(name, &known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("the states are {}", NAMES[..9].join(", ")),
    }
}

fn boolean(value: Option<&str>) -> Result<bool, Wrong> {
    match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Wrong::Value(BOOLEAN.to_owned())),
    }
}

fn tristate(value: Option<&str>) -> Result<Tristate, Wrong> {
    match value {
        None | Some("true") => Ok(Tristate::True),
        Some("false") => Ok(Tristate::False),
        Some("mixed") => Ok(Tristate::Mixed),
        Some(_) => Err(Wrong::Value(TRISTATE.to_owned())),
    }
}

fn invalid(value: Option<&str>) -> Result<Invalid, Wrong> {
    match value {
        None | Some("true") => Ok(Invalid::True),
        Some("false") => Ok(Invalid::False),
        Some("grammar") => Ok(Invalid::Grammar),
        Some("spelling") => Ok(Invalid::Spelling),
        Some(_) => Err(Wrong::Value(
            "`true`, `false`, `grammar` or `spelling`".to_owned(),
        )),
    }
}

fn level(value: Option<&str>) -> Result<u32, Wrong> {
    value
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| Wrong::Value("a whole number, such as `2`".to_owned()))
}
