//! What is done to a page before, between and after its snapshots.

mod read;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use globset::GlobMatcher;

use crate::aria::Locator;
use crate::error::{Place, Spanned};

pub(super) use read::{STEPS_EXPECTED, Written, steps};

/// Something done to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub action: Action,
    /// Where it is written.
    pub place: Place,
}

/// What is done. Texts can hold `${NAME}`, except scripts, where that is JavaScript's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The mouse is moved over a node, and pressed there or not.
    Point(Pointing, Spanned<Locator>),
    /// The keyboard's focus goes to a node.
    Focus(Spanned<Locator>),
    /// What a field holds is replaced, as if typed.
    Fill(Spanned<Locator>, Spanned<String>),
    /// Keys are pressed one after the other, in the node or where the focus is.
    Press(Option<Spanned<Locator>>, Vec<Spanned<String>>),
    /// A checkbox, radio button or switch is clicked unless it is already so.
    Check(Checking, Spanned<Locator>),
    /// The options of these names are selected, and no others.
    Select(Spanned<Locator>, Vec<Spanned<String>>),
    /// Files are given to a file chooser.
    Upload(Spanned<Locator>, Vec<Spanned<PathBuf>>),
    /// A node is scrolled into view.
    ScrollTo(Spanned<Locator>),
    /// Nothing is done until something is so.
    WaitFor(Condition),
    /// Another address is opened.
    Goto(Spanned<String>),
    /// A script of the page's own world.
    Evaluate(Spanned<String>),
    /// A snapshot is taken: the request that names this step.
    Snapshot(Spanned<String>),
}

/// What the mouse does over a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointing {
    /// It is pressed once.
    Click,
    /// It is pressed twice.
    DoubleClick,
    /// It rests there.
    Hover,
}

/// Which way a checkbox goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checking {
    /// On.
    Check,
    /// Off.
    Uncheck,
}

/// What is waited for.
#[derive(Debug, Clone)]
pub enum Condition {
    /// A node is there.
    There(Spanned<Locator>),
    /// No such node is there.
    Gone(Spanned<Locator>),
    /// The page's address is one of these.
    Url(Spanned<String>, GlobMatcher),
    /// So much time has passed.
    Time(Duration),
}

impl PartialEq for Condition {
    fn eq(&self, other: &Condition) -> bool {
        match (self, other) {
            (Condition::There(one), Condition::There(two))
            | (Condition::Gone(one), Condition::Gone(two)) => one == two,
            (Condition::Url(one, _), Condition::Url(two, _)) => one == two,
            (Condition::Time(one), Condition::Time(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for Condition {}

impl Action {
    /// The key by which specs know it.
    pub fn keyword(&self) -> &'static str {
        match self {
            Action::Point(Pointing::Click, _) => "click",
            Action::Point(Pointing::DoubleClick, _) => "double-click",
            Action::Point(Pointing::Hover, _) => "hover",
            Action::Focus(_) => "focus",
            Action::Fill(..) => "fill",
            Action::Press(..) => "press",
            Action::Check(Checking::Check, _) => "check",
            Action::Check(Checking::Uncheck, _) => "uncheck",
            Action::Select(..) => "select",
            Action::Upload(..) => "upload",
            Action::ScrollTo(_) => "scroll-to",
            Action::WaitFor(_) => "wait-for",
            Action::Goto(_) => "goto",
            Action::Evaluate(_) => "evaluate",
            Action::Snapshot(_) => "snapshot",
        }
    }

    /// The node that it is about.
    pub fn locator(&self) -> Option<&Spanned<Locator>> {
        match self {
            Action::Point(_, locator)
            | Action::Focus(locator)
            | Action::Fill(locator, _)
            | Action::Check(_, locator)
            | Action::Select(locator, _)
            | Action::Upload(locator, _)
            | Action::ScrollTo(locator)
            | Action::WaitFor(Condition::There(locator) | Condition::Gone(locator)) => {
                Some(locator)
            }
            Action::Press(locator, _) => locator.as_ref(),
            Action::WaitFor(Condition::Url(..) | Condition::Time(_))
            | Action::Goto(_)
            | Action::Evaluate(_)
            | Action::Snapshot(_) => None,
        }
    }

    /// Texts in which `${NAME}` stands for a variable of the environment.
    pub fn texts(&self) -> Vec<&Spanned<String>> {
        match self {
            Action::Fill(_, text) | Action::Goto(text) => vec![text],
            Action::Select(_, texts) => texts.iter().collect(),
            Action::Point(..)
            | Action::Focus(_)
            | Action::Press(..)
            | Action::Check(..)
            | Action::Upload(..)
            | Action::ScrollTo(_)
            | Action::WaitFor(_)
            | Action::Evaluate(_)
            | Action::Snapshot(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Action {
    /// As a spec has it, without what is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.keyword())?;
        match self {
            Action::WaitFor(Condition::Gone(locator)) => write!(f, ": {{gone: {}}}", locator.value),
            Action::WaitFor(Condition::Url(glob, _)) => write!(f, ": {{url: {}}}", glob.value),
            Action::WaitFor(Condition::Time(time)) => write!(f, ": {{time: {time:?}}}"),
            Action::Press(_, keys) => {
                let keys: Vec<&str> = keys.iter().map(|key| key.value.as_str()).collect();
                write!(f, ": {}", keys.join(", "))
            }
            Action::Goto(text) | Action::Snapshot(text) => write!(f, ": {}", text.value),
            _ => match self.locator() {
                Some(locator) => write!(f, ": {}", locator.value),
                None => Ok(()),
            },
        }
    }
}
