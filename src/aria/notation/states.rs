//! The states of the notation, in brackets.

use std::fmt::{self, Formatter};

use crate::aria::tree::{Invalid, Node, StateName, States, Token, TokenName, Tristate};
use crate::source::nearest;

/// What is written in brackets. `None`: not written.
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
    /// `[ref=e12]`, not compared.
    pub reference: Option<String>,
    /// Whether there is `[box=...]`, not compared.
    pub has_box: bool,
}

pub(super) enum Wrong {
    Name(String),
    /// The allowed values.
    Value(String),
}

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
            return Err(Wrong::Value(alternatives(name.values().iter().copied())));
        }
        self.tokens.retain(|token| token.name != name);
        self.tokens.push(Token {
            name,
            value: value.to_owned(),
        });
        self.tokens.sort();
        Ok(())
    }

    /// Returns the states that a node can have.
    pub(crate) fn values(&self) -> States {
        States {
            checked: self.checked,
            disabled: self.disabled,
            expanded: self.expanded,
            invalid: self.invalid,
            level: self.level,
            pressed: self.pressed,
            selected: self.selected,
        }
    }

    fn with_values(self, states: &States) -> StateTests {
        StateTests {
            checked: states.checked,
            disabled: states.disabled,
            expanded: states.expanded,
            invalid: states.invalid,
            level: states.level,
            pressed: states.pressed,
            selected: states.selected,
            ..self
        }
    }

    /// Returns the brackets that a snapshot of the node has, without ref and box.
    pub(crate) fn written_for(node: &Node) -> StateTests {
        let mut states = node.states;
        for state in StateName::ALL {
            if states.is_false(*state) && !node.is_written_false(*state) {
                states.clear(*state);
            }
        }
        states.level = states.level.filter(|level| *level > 0);
        let tests = StateTests {
            tokens: node.tokens.clone(),
            active: node.active.then_some(true),
            aria_hidden: node.aria_hidden.then_some(true),
            cursor_pointer: node.cursor_pointer,
            ..StateTests::default()
        };
        tests.with_values(&states)
    }

    /// Returns the same brackets with the node's values, without those that the node does not have.
    pub(crate) fn updated_to(&self, node: &Node) -> StateTests {
        let (own, mut states) = (self.values(), node.states);
        for state in StateName::ALL {
            if own.get(*state).is_none() {
                states.clear(*state);
            }
        }
        states.level = own.level.and(states.level);
        let is_written = |token: &&Token| self.tokens.iter().any(|own| own.name == token.name);
        let tests = StateTests {
            tokens: node.tokens.iter().filter(is_written).cloned().collect(),
            ..self.clone()
        };
        tests.with_values(&states)
    }

    /// Whether a state is written as false here and not written at all in `other`.
    pub(crate) fn says_false_beyond(&self, other: &StateTests) -> bool {
        let (own, other) = (self.values(), other.values());
        let mut states = StateName::ALL.iter();
        states.any(|state| own.is_false(*state) && other.get(*state).is_none())
    }

    /// Whether the node has every state that is written. As in Playwright, an absent state is not a
    /// false one.
    pub fn hold_for(&self, node: &Node) -> bool {
        let own = self.values();
        StateName::ALL
            .iter()
            .all(|state| own.get(*state).is_none() || own.get(*state) == node.states.get(*state))
            && (own.level.is_none() || own.level == node.states.level)
            && self.tokens.iter().all(|token| node.tokens.contains(token))
    }

    /// Whether the brackets are those that a snapshot of the node has: a state that is not written must
    /// be absent, or false without the author having written it.
    pub fn are_all_of(&self, node: &Node) -> bool {
        let own = self.values();
        let tests = StateTests::written_for(node);
        let written = tests.values();
        StateName::ALL.iter().all(|state| match own.get(*state) {
            None => written.get(*state).is_none(),
            value => value == node.states.get(*state),
        }) && match own.level {
            None => written.level.is_none(),
            level => level == node.states.level,
        } && self.tokens == tests.tokens
            && self.active.unwrap_or(false) == node.active
            && self.aria_hidden.unwrap_or(false) == node.aria_hidden
            && self.cursor_pointer == node.cursor_pointer
    }
}

impl fmt::Display for StateTests {
    /// Writes the brackets in the order of snapshots.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let values = self.values();
        let mut brackets = Brackets { f, is_first: true };
        brackets.state(StateName::Checked, &values)?;
        brackets.state(StateName::Disabled, &values)?;
        brackets.state(StateName::Expanded, &values)?;
        brackets.named("active", self.active.map(boolean_text))?;
        brackets.state(StateName::Invalid, &values)?;
        if let Some(level) = self.level {
            brackets.put(format_args!("[level={level}]"))?;
        }
        brackets.state(StateName::Pressed, &values)?;
        brackets.state(StateName::Selected, &values)?;
        for token in &self.tokens {
            brackets.put(format_args!("{token}"))?;
        }
        brackets.named("aria-hidden", self.aria_hidden.map(boolean_text))?;
        if let Some(reference) = &self.reference {
            brackets.put(format_args!("[ref={reference}]"))?;
        }
        brackets.named("cursor", self.cursor_pointer.then_some("pointer"))
    }
}

/// Writes brackets with a space between.
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

    fn state(&mut self, name: StateName, values: &States) -> fmt::Result {
        self.named(name.as_str(), values.get(name))
    }

    fn named(&mut self, name: &str, value: Option<&str>) -> fmt::Result {
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

fn help_for(name: &str) -> String {
    let states = StateName::ALL.iter().map(|state| state.as_str());
    let tokens = TokenName::ALL.iter().map(|name| name.as_str());
    let states: Vec<&str> = states.chain(["level", "active", "aria-hidden"]).collect();
    let others = tokens.chain(["cursor", "ref", "box"]);
    let known: Vec<&str> = states.iter().copied().chain(others).collect();
    match nearest(name, &known) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("the states are {}", states.join(", ")),
    }
}

fn boolean(value: Option<&str>) -> Result<bool, Wrong> {
    one_of(value, [("true", true), ("false", false)])
}

fn tristate(value: Option<&str>) -> Result<Tristate, Wrong> {
    let values = [Tristate::True, Tristate::False, Tristate::Mixed];
    one_of(value, values.map(|value| (value.as_str(), value)))
}

fn invalid(value: Option<&str>) -> Result<Invalid, Wrong> {
    use Invalid::{False, Grammar, Spelling, True};
    let values = [True, False, Grammar, Spelling];
    one_of(value, values.map(|value| (value.as_str(), value)))
}

/// Reads one of a few values; without a value, `true`.
fn one_of<T: Copy, const N: usize>(
    value: Option<&str>,
    allowed: [(&str, T); N],
) -> Result<T, Wrong> {
    let value = value.unwrap_or("true");
    let found = allowed.iter().find(|(text, _)| *text == value);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| Wrong::Value(alternatives(allowed.iter().map(|(text, _)| *text))))
}

fn alternatives<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    match values.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => values.concat(),
    }
}

fn level(value: Option<&str>) -> Result<u32, Wrong> {
    value
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| Wrong::Value("a whole number, such as `2`".to_owned()))
}
