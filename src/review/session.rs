//! The course of a review: an event in, an action out. No file, no terminal, no clock.

mod rows;

use std::collections::{HashMap, HashSet};

use super::decide::{Choice, Part, Target};
use super::pile::Item;
use crate::baseline::BaselinePath;
use crate::compare::recurring::{self, GroupId};
use crate::compare::{Change, Impact};
pub use rows::{Row, RowKey};

/// A review that is going on.
#[derive(Debug)]
pub struct Session {
    items: Vec<Item>,
    /// Groups that are decided snapshot by snapshot.
    split: HashSet<GroupId>,
    /// Rows that were left for later.
    skipped: HashSet<RowKey>,
    filter: Option<Impact>,
    search: String,
    rows: Vec<Row>,
    cursor: usize,
    tally: Tally,
    history: Vec<Step>,
    next_step: usize,
}

/// How far the review is, in snapshots' changes and new snapshots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Decisions that took something.
    pub accepted: usize,
    /// Decisions that dropped something.
    pub rejected: usize,
}

/// What somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The next row, or so many further or back.
    Move(isize),
    /// The first row.
    First,
    /// The last row.
    Last,
    /// Takes or drops the row.
    Decide(Choice),
    /// Takes or drops all rows that are shown and not decided.
    DecideRest(Choice),
    /// Leaves the row for later.
    Skip,
    /// Leaves all the rest: the end.
    SkipRest,
    /// Takes the last decision back.
    Undo,
    /// Decides a group snapshot by snapshot, or again as one.
    Split,
    /// Shows rows that say this; all where it is empty.
    Search(String),
    /// Shows rows of the next impact, then all again.
    NextFilter,
}

/// What is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing but to show how it is now.
    Show,
    /// The caller carries this out and then calls `Session::decided`.
    Decide(Step),
    /// The caller restores the files of a step and then calls `Session::undone`.
    Undo(Step),
    /// To end.
    Quit,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number, by which the files before it are found again.
    pub number: usize,
    /// In words.
    pub title: String,
    /// Taken or dropped.
    pub choice: Choice,
    /// The row that it was decided at.
    pub key: Option<RowKey>,
    /// Of what.
    pub parts: Vec<Target>,
}

impl Session {
    /// A review of these items.
    pub fn new(items: Vec<Item>) -> Session {
        let mut session = Session {
            items,
            split: HashSet::new(),
            skipped: HashSet::new(),
            filter: None,
            search: String::new(),
            rows: Vec::new(),
            cursor: 0,
            tally: Tally::default(),
            history: Vec::new(),
            next_step: 0,
        };
        session.arrange();
        session
    }

    /// What can be decided, as far as it is shown.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row that keys are about.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// That row.
    pub fn current(&self) -> Option<&Row> {
        self.rows.get(self.cursor)
    }

    /// What is pending still.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// How far it is.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Which impact alone is shown.
    pub fn filter(&self) -> Option<Impact> {
        self.filter
    }

    /// What rows have to say to be shown.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Whether the row was left for later.
    pub fn is_skipped(&self, row: &Row) -> bool {
        self.skipped.contains(&row.key)
    }

    /// Whether a decision can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.history.is_empty()
    }

    /// The changes of a row in one of its items, with their places among the item's changes.
    pub fn changes<'a>(&'a self, item: usize, part: &'a Part) -> Vec<(usize, &'a Change)> {
        let is_in = |id: &GroupId| match part {
            Part::All => true,
            Part::Groups(groups) => groups.contains(id),
        };
        let Some(item) = self.items.get(item) else {
            return Vec::new();
        };
        let indexed = item.changes.iter().zip(&item.ids).enumerate();
        indexed
            .filter(|(_, (_, id))| is_in(id))
            .map(|(at, (change, _))| (at, change))
            .collect()
    }

    /// The row of a key.
    pub fn row(&self, key: &RowKey) -> Option<&Row> {
        self.rows.iter().find(|row| row.key == *key)
    }

    /// Takes an event.
    pub fn event(&mut self, event: Event) -> Action {
        match event {
            Event::Move(by) => {
                let last = self.rows.len().saturating_sub(1);
                self.cursor = self.cursor.saturating_add_signed(by).min(last);
            }
            Event::First => self.cursor = 0,
            Event::Last => self.cursor = self.rows.len().saturating_sub(1),
            Event::Decide(choice) => return self.decide(choice),
            Event::DecideRest(choice) => return self.decide_rest(choice),
            Event::Skip => self.skip(),
            Event::SkipRest => return Action::Quit,
            Event::Undo => {
                return match self.history.last() {
                    Some(step) => Action::Undo(step.clone()),
                    None => Action::Show,
                };
            }
            Event::Split => self.toggle_split(),
            Event::Search(text) => {
                self.search = text;
                self.arrange();
            }
            Event::NextFilter => {
                self.filter = match self.filter {
                    None => Some(Impact::ALL[0]),
                    Some(now) => Impact::ALL.into_iter().find(|impact| *impact > now),
                };
                self.arrange();
            }
        }
        Action::Show
    }

    /// Decides a row by its key, wherever the cursor is.
    pub fn decide_row(&mut self, key: &RowKey, choice: Choice) -> Action {
        match self.rows.iter().position(|row| row.key == *key) {
            Some(at) => {
                self.cursor = at;
                self.decide(choice)
            }
            None => Action::Show,
        }
    }

    fn decide(&mut self, choice: Choice) -> Action {
        let Some(row) = self.current().cloned() else {
            return Action::Show;
        };
        self.step(row.title.clone(), choice, std::slice::from_ref(&row))
    }

    fn decide_rest(&mut self, choice: Choice) -> Action {
        let rows: Vec<Row> = self
            .rows
            .iter()
            .filter(|row| !self.is_skipped(row))
            .cloned()
            .collect();
        let plural = if rows.len() == 1 { "" } else { "s" };
        self.step(
            format!("the rest ({} row{plural})", rows.len()),
            choice,
            &rows,
        )
    }

    fn step(&mut self, title: String, choice: Choice, rows: &[Row]) -> Action {
        let mut order: Vec<usize> = Vec::new();
        let mut of_item: HashMap<usize, Part> = HashMap::new();
        for (item, part) in rows.iter().flat_map(|row| &row.members) {
            match (of_item.get_mut(item), part) {
                (None, part) => {
                    order.push(*item);
                    of_item.insert(*item, part.clone());
                }
                (Some(Part::Groups(known)), Part::Groups(more)) => known.extend_from_slice(more),
                (Some(known), Part::All) => *known = Part::All,
                (Some(Part::All), Part::Groups(_)) => {}
            }
        }
        let parts: Vec<Target> = order
            .into_iter()
            .filter_map(|at| {
                let (item, part) = (self.items.get(at)?, of_item.remove(&at)?);
                Some(Target {
                    path: item.path.clone(),
                    part,
                    shown: item.shown,
                })
            })
            .collect();
        self.choose(title, choice, parts)
    }

    /// A decision about these places, whatever rows there are.
    pub fn choose(&mut self, title: String, choice: Choice, parts: Vec<Target>) -> Action {
        if parts.is_empty() {
            return Action::Show;
        }
        let number = self.next_step;
        self.next_step += 1;
        Action::Decide(Step {
            number,
            title,
            choice,
            key: self.current().map(|row| row.key.clone()),
            parts,
        })
    }

    /// Notes that a step was carried out for these places, with their items after it: `None`
    /// where nothing is left to decide.
    pub fn decided(&mut self, step: Step, now: Vec<(BaselinePath, Option<Item>)>) {
        let done: HashSet<&BaselinePath> = now.iter().map(|(path, _)| path).collect();
        let parts: Vec<_> = step
            .parts
            .into_iter()
            .filter(|target| done.contains(&target.path))
            .collect();
        self.replace(now);
        if parts.is_empty() {
            return;
        }
        match step.choice {
            Choice::Accept => self.tally.accepted += parts.len(),
            Choice::Reject => self.tally.rejected += parts.len(),
        }
        self.history.push(Step { parts, ..step });
    }

    /// Notes that the last step was undone.
    pub fn undone(&mut self, now: Vec<(BaselinePath, Option<Item>)>) {
        let step = self.history.pop();
        if let Some(step) = &step {
            match step.choice {
                Choice::Accept => self.tally.accepted -= step.parts.len(),
                Choice::Reject => self.tally.rejected -= step.parts.len(),
            }
        }
        self.replace(now);
        // The cursor goes back to where it was decided.
        let key = step.and_then(|step| step.key);
        if let Some(at) = key.and_then(|key| self.rows.iter().position(|row| row.key == key)) {
            self.cursor = at;
        }
    }

    /// Puts items as they are now in place of what was known of them.
    pub fn replace(&mut self, now: Vec<(BaselinePath, Option<Item>)>) {
        let gone: HashSet<&BaselinePath> = now.iter().map(|(path, _)| path).collect();
        self.items.retain(|item| !gone.contains(&item.path));
        self.items
            .extend(now.into_iter().filter_map(|(_, item)| item));
        self.items.sort_by(|one, other| one.path.cmp(&other.path));
        self.arrange();
    }

    fn skip(&mut self) {
        if let Some(row) = self.current() {
            let key = row.key.clone();
            self.skipped.insert(key);
        }
        if self.cursor + 1 < self.rows.len() {
            self.cursor += 1;
        }
    }

    fn toggle_split(&mut self) {
        let Some(row) = self.current() else {
            return;
        };
        match row.key.clone() {
            RowKey::Group(id) => {
                self.split.insert(id);
            }
            RowKey::Snapshot(_) => {
                let groups: Vec<GroupId> = row
                    .members
                    .iter()
                    .flat_map(|(at, part)| match part {
                        Part::Groups(groups) => groups.clone(),
                        Part::All => self.items[*at].groups(),
                    })
                    .collect();
                self.split.retain(|id| !groups.contains(id));
            }
        }
        self.arrange();
    }

    /// The rows anew; the cursor stays at its row as long as that is there.
    fn arrange(&mut self) {
        let at = self.current().map(|row| row.key.clone());
        let mut rows = self.all_rows();
        let needle = self.search.to_lowercase();
        rows.retain(|row| {
            let is_of_impact = self.filter.is_none_or(|filter| row.impact == Some(filter));
            is_of_impact && (needle.is_empty() || self.says(row, &needle))
        });
        // New snapshots come last: there is nothing that they could have broken.
        rows.sort_by_key(|row| (row.impact.is_none(), row.impact));
        self.rows = rows;
        let found = at.and_then(|key| self.rows.iter().position(|row| row.key == key));
        let last = self.rows.len().saturating_sub(1);
        self.cursor = found.unwrap_or(self.cursor.min(last));
    }

    fn says(&self, row: &Row, needle: &str) -> bool {
        row.title.to_lowercase().contains(needle)
            || row.members.iter().any(|(item, part)| {
                self.items[*item]
                    .path
                    .as_str()
                    .to_lowercase()
                    .contains(needle)
                    || self.changes(*item, part).iter().any(|(_, change)| {
                        recurring::sentence(change).to_lowercase().contains(needle)
                    })
            })
    }
}

#[cfg(test)]
mod tests;
