//! What is done to a page before, between and after its snapshots.

mod read;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use globset::GlobMatcher;

use crate::aria::Locator;
use crate::source::{Place, Spanned};

pub(super) use read::{Written, steps};

/// A step of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Where it is written.
    pub place: Place,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Moves the mouse over a node, and presses it or not.
    Point(Pointing, Spanned<Locator>),
    /// Focuses a node.
    Focus(Spanned<Locator>),
    /// Replaces the value of a field, as if typed.
    Fill(Spanned<Locator>, Spanned<String>),
    /// Presses keys one after the other, in the node or where the focus is.
    Press(Option<Spanned<Locator>>, Vec<Spanned<String>>),
    /// Clicks a checkbox, radio button or switch unless it is in that state already.
    Check(Checking, Spanned<Locator>),
    /// Selects the options of these names, and no others.
    Select(Spanned<Locator>, Vec<Spanned<String>>),
    /// Gives files to a file chooser.
    Upload(Spanned<Locator>, Vec<Spanned<PathBuf>>),
    /// Scrolls a node into view.
    ScrollTo(Spanned<Locator>),
    /// Waits until a condition holds.
    WaitFor(Condition),
    /// Opens another address.
    Goto(Spanned<String>),
    /// Runs a script in the page's own world.
    Evaluate(Spanned<String>),
    /// Takes a snapshot: the request that names this step.
    Snapshot(Spanned<String>),
}

/// What the mouse does over a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointing {
    /// Presses once.
    Click,
    /// Presses twice.
    DoubleClick,
    /// Only moves there.
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

/// What a step waits for.
#[derive(Debug, Clone)]
pub enum Condition {
    /// A node exists.
    There(Spanned<Locator>),
    /// No such node exists.
    Gone(Spanned<Locator>),
    /// A text is in the snapshot.
    Text(Spanned<String>),
    /// The page's address matches.
    Url(Spanned<String>, GlobMatcher),
    /// So much time has passed.
    Time(Duration),
}

impl PartialEq for Condition {
    fn eq(&self, other: &Condition) -> bool {
        match (self, other) {
            (Condition::There(one), Condition::There(two))
            | (Condition::Gone(one), Condition::Gone(two)) => one == two,
            (Condition::Text(one), Condition::Text(two))
            | (Condition::Url(one, _), Condition::Url(two, _)) => one == two,
            (Condition::Time(one), Condition::Time(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for Condition {}

impl Action {
    /// Returns its key in specs.
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

    /// Returns the node that it acts on.
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
            Action::WaitFor(Condition::Text(_) | Condition::Url(..) | Condition::Time(_))
            | Action::Goto(_)
            | Action::Evaluate(_)
            | Action::Snapshot(_) => None,
        }
    }

    /// Returns the texts whose variables are secrets.
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
    /// Writes it as a spec does, without what is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.keyword())?;
        match self {
            Action::WaitFor(Condition::Gone(locator)) => write!(f, ": {{gone: {}}}", locator.value),
            Action::WaitFor(Condition::Text(text)) => write!(f, ": {{text: {}}}", text.value),
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
