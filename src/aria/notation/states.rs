//! The states of the notation, in brackets.

use crate::aria::tree::{Invalid, Node, Tristate};
use crate::source::nearest;

/// What is written in brackets; `None` where nothing is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
    Value(&'static str),
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
                _ => return Err(Wrong::Value("`pointer`")),
            },
            "ref" => self.reference = value.map(str::to_owned),
            "box" => self.has_box = true,
            _ => {
                return Err(Wrong::Name(match nearest(name, &NAMES) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("the states are {}", NAMES[..9].join(", ")),
                }));
            }
        }
        Ok(())
    }

    /// The brackets that a snapshot of the node has, without ref and box.
    pub(crate) fn written_for(node: &Node) -> StateTests {
        let states = &node.states;
        StateTests {
            checked: states.checked.filter(|value| *value != Tristate::False),
            disabled: states.disabled.filter(|value| *value),
            expanded: states.expanded.filter(|value| *value),
            invalid: states.invalid.filter(|value| *value != Invalid::False),
            level: states.level.filter(|level| *level > 0),
            pressed: states.pressed.filter(|value| *value != Tristate::False),
            selected: states.selected.filter(|value| *value),
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
            ..self.clone()
        }
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
    }

    /// Whether the brackets are those that a snapshot of the node has: what is not written must
    /// be false or absent.
    pub fn are_all_of(&self, node: &Node) -> bool {
        fn same<T: Copy + PartialEq>(test: Option<T>, value: Option<T>, off: T) -> bool {
            match test {
                Some(test) => value == Some(test),
                None => value.is_none_or(|value| value == off),
            }
        }
        let states = &node.states;
        same(self.checked, states.checked, Tristate::False)
            && same(self.disabled, states.disabled, false)
            && same(self.expanded, states.expanded, false)
            && same(self.invalid, states.invalid, Invalid::False)
            && same(self.level, states.level, 0)
            && same(self.pressed, states.pressed, Tristate::False)
            && same(self.selected, states.selected, false)
            && self.active.unwrap_or(false) == node.active
            && self.aria_hidden.unwrap_or(false) == node.aria_hidden
            && self.cursor_pointer == node.cursor_pointer
    }
}

impl std::fmt::Display for StateTests {
    /// The brackets, in the order of snapshots.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let boolean = |name: &str, value: Option<bool>| match value? {
            true => Some(format!("[{name}]")),
            false => Some(format!("[{name}=false]")),
        };
        let tristate = |name: &str, value: Option<Tristate>| match value? {
            Tristate::True => Some(format!("[{name}]")),
            Tristate::False => Some(format!("[{name}=false]")),
            Tristate::Mixed => Some(format!("[{name}=mixed]")),
        };
        let invalid = self.invalid.map(|invalid| match invalid {
            Invalid::True => "[invalid]".to_owned(),
            Invalid::False => "[invalid=false]".to_owned(),
            Invalid::Grammar => "[invalid=grammar]".to_owned(),
            Invalid::Spelling => "[invalid=spelling]".to_owned(),
        });
        let brackets = [
            tristate("checked", self.checked),
            boolean("disabled", self.disabled),
            boolean("expanded", self.expanded),
            boolean("active", self.active),
            invalid,
            self.level.map(|level| format!("[level={level}]")),
            tristate("pressed", self.pressed),
            boolean("selected", self.selected),
            boolean("aria-hidden", self.aria_hidden),
            self.reference
                .as_ref()
                .map(|reference| format!("[ref={reference}]")),
            self.cursor_pointer.then(|| "[cursor=pointer]".to_owned()),
        ];
        let brackets: Vec<String> = brackets.into_iter().flatten().collect();
        f.write_str(&brackets.join(" "))
    }
}

fn boolean(value: Option<&str>) -> Result<bool, Wrong> {
    match value {
        None | Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(_) => Err(Wrong::Value(BOOLEAN)),
    }
}

fn tristate(value: Option<&str>) -> Result<Tristate, Wrong> {
    match value {
        None | Some("true") => Ok(Tristate::True),
        Some("false") => Ok(Tristate::False),
        Some("mixed") => Ok(Tristate::Mixed),
        Some(_) => Err(Wrong::Value(TRISTATE)),
    }
}

fn invalid(value: Option<&str>) -> Result<Invalid, Wrong> {
    match value {
        None | Some("true") => Ok(Invalid::True),
        Some("false") => Ok(Invalid::False),
        Some("grammar") => Ok(Invalid::Grammar),
        Some("spelling") => Ok(Invalid::Spelling),
        Some(_) => Err(Wrong::Value("`true`, `false`, `grammar` or `spelling`")),
    }
}

fn level(value: Option<&str>) -> Result<u32, Wrong> {
    value
        .and_then(|value| value.parse().ok())
        .ok_or(Wrong::Value("a whole number, such as `2`"))
}
