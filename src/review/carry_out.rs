//! What a session asks for, done to the snapshots folder.

use std::collections::{HashMap, HashSet};

use super::decide::decide;
use super::pile::{self, Item};
use super::session::{Action, Session, Step};
use crate::baseline::BaselinePath;
use crate::store::{Saved, Store, StoreError};

/// A session with the files that it is about, and what undoing needs.
#[derive(Debug)]
pub struct Review {
    /// The course of the review.
    pub session: Session,
    store: Store,
    saved: HashMap<usize, Vec<Saved>>,
    touched: HashSet<BaselinePath>,
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
        })
    }

    /// The snapshots folder.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Does what an action asks for. What could not be done is the answer; the rest is done.
    pub fn carry_out(&mut self, action: &Action) -> Vec<String> {
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
        for (path, part) in &step.parts {
            match decide(&self.store, path, part, step.choice) {
                Ok(before) => {
                    saved.push(before);
                    self.touched.insert(path.clone());
                    now.push(self.look(path));
                }
                Err(error) => {
                    problems.push(error.to_string());
                    // Somebody else may have decided it.
                    let seen = self.look(path);
                    self.session.replace(vec![seen]);
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
            }
            now.push(self.look(saved.path()));
        }
        self.session.undone(now);
        problems
    }

    fn look(&self, path: &BaselinePath) -> (BaselinePath, Option<Item>) {
        (path.clone(), pile::item(&self.store, path.clone()))
    }

    /// Removes the evidence of what is decided; nothing can be taken back any more.
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
