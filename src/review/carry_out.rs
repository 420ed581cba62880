//! What a session asks for, done to the snapshots folder.

use std::collections::{HashMap, HashSet};

use super::decide::{Target, decide};
use super::pile::{self, Item};
use super::session::{Action, Session, Step};
use crate::baseline::BaselinePath;
use crate::store::{Fingerprint, Saved, Store, StoreError};

/// A session with the files that it is about, and what undoing needs.
#[derive(Debug)]
pub struct Review {
    /// The course of the review.
    pub session: Session,
    store: Store,
    saved: HashMap<usize, Vec<Saved>>,
    touched: HashSet<BaselinePath>,
    /// What the last action found to be another than was shown.
    renewed: Vec<BaselinePath>,
    /// What the last action left of its snapshots.
    left: Vec<(BaselinePath, Fingerprint)>,
}

impl Review {
    /// A review of the pending snapshots that are wanted.
    ///
    /// # Errors
    /// The snapshots folder cannot be read.
    pub fn new(
        store: Store,
        is_wanted: impl Fn(&BaselinePath) -> bool,
    ) -> Result<Review, StoreError> {
        let items = pile::load(&store, is_wanted)?;
        Ok(Review {
            session: Session::new(items),
            store,
            saved: HashMap::new(),
            touched: HashSet::new(),
            renewed: Vec::new(),
            left: Vec::new(),
        })
    }

    /// The snapshots folder.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the snapshots that the last action found to be others than were shown. They are to be
    /// shown anew.
    pub fn renewed(&self) -> &[BaselinePath] {
        &self.renewed
    }

    /// Returns what the last action left pending, with the fingerprints: a part of what was shown.
    pub fn left(&self) -> &[(BaselinePath, Fingerprint)] {
        &self.left
    }

    /// Reads all snapshots of the review again.
    pub fn refresh(&mut self) {
        let paths = self.session.items().iter().map(|item| item.path.clone());
        for path in paths.collect::<Vec<_>>() {
            self.refresh_one(&path);
        }
    }

    /// Reads one snapshot again.
    pub fn refresh_one(&mut self, path: &BaselinePath) {
        let seen = self.look(path);
        self.session.replace(vec![seen]);
    }

    /// Does what an action asks for. What could not be done is the answer; the rest is done.
    pub fn carry_out(&mut self, action: &Action) -> Vec<String> {
        self.renewed.clear();
        self.left.clear();
        match action {
            Action::Decide(step) => self.decide(step),
            Action::Undo(step) => self.undo(step),
            Action::Show | Action::Quit => Vec::new(),
        }
    }

    fn decide(&mut self, step: &Step) -> Vec<String> {
        let mut problems = Vec::new();
        let mut saved = Vec::new();
        let mut now = Vec::new();
        for target in &step.parts {
            let Target { path, .. } = target;
            match decide(&self.store, target, step.choice) {
                Ok(before) => {
                    let seen = self.look(path);
                    // A run may have been faster than this look.
                    let shown = seen.1.as_ref().and_then(|item| item.shown);
                    let left = before.pending_after();
                    if shown.unwrap_or(Fingerprint::None) != left {
                        self.renewed.push(path.clone());
                    } else if left != Fingerprint::None {
                        self.left.push((path.clone(), left));
                    }
                    saved.push(before);
                    self.touched.insert(path.clone());
                    now.push(seen);
                }
                Err(error) => {
                    problems.push(error.to_string());
                    // Another process may have decided it, or made it anew.
                    self.refresh_one(path);
                    self.renewed.push(path.clone());
                }
            }
        }
        self.saved.insert(step.number, saved);
        self.session.decided(step.clone(), now);
        problems
    }

    fn undo(&mut self, step: &Step) -> Vec<String> {
        let mut problems = Vec::new();
        let mut now = Vec::new();
        for saved in self.saved.remove(&step.number).unwrap_or_default() {
            let restored = self
                .store
                .lock()
                .and_then(|_lock| self.store.restore(&saved));
            if let Err(error) = restored {
                problems.push(error.to_string());
                self.renewed.push(saved.path().clone());
            }
            let seen = self.look(saved.path());
            if let Some(shown) = seen.1.as_ref().and_then(|item| item.shown) {
                self.left.push((saved.path().clone(), shown));
            }
            now.push(seen);
        }
        self.session.undone(now);
        problems
    }

    fn look(&self, path: &BaselinePath) -> (BaselinePath, Option<Item>) {
        (path.clone(), pile::item(&self.store, path.clone()))
    }

    /// Removes the evidence of what is decided; nothing can be undone after that.
    ///
    /// # Errors
    /// A folder cannot be removed.
    pub fn finish(&mut self) -> Result<(), StoreError> {
        self.saved.clear();
        for path in std::mem::take(&mut self.touched) {
            if !self.store.pending_file(&path).exists() {
                self.store.remove_evidence(&path)?;
            }
        }
        Ok(())
    }
}
