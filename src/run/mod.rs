//! Runs cases on pages of a browser, several at a time, and yields one plain result value.

mod browsers;
mod case;
mod doubt;
mod emulation;
mod error;
mod evidence;
mod expand;
mod locate;
mod masking;
mod problems;
mod queue;
mod result;
mod schedule;
mod secrecy;
mod session;
pub mod shard;
mod source;
mod steps;
mod tries;
mod verdict;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::browser::launch::Browser;
use crate::site::Site;
use crate::spec::{Case, FailOn, Secrets};
use crate::store::Store;

pub use doubt::Doubt;
pub use error::RunError;
pub use expand::{ExpandError, expand};
pub use problems::Problem;
pub use result::{CaseReport, Failure, Fault, Outcome, RunResult, SnapshotReport, Tally, Untested};
pub use schedule::run;
pub use tries::{Patience, Try};
pub use verdict::{template, warnings};

/// What the tasks of a run share, beside its cases.
#[derive(Debug)]
pub struct RunContext {
    /// Each opens pages; the others do the work of one that dies.
    pub browsers: Arc<Vec<Browser>>,
    /// Where pages come from; `None` if every case has its own address or markup.
    pub site: Option<Arc<Site>>,
    /// The baselines.
    pub store: Store,
    /// How many pages are open at a time in each browser, at least 1.
    pub jobs: usize,
    /// Which baselines are written at once, without review.
    pub update: Update,
    /// When the run is given up.
    pub patience: Patience,
    /// Which changes make the run fail.
    pub fail_on: FailOn,
    /// The values of `${NAME}`, which are never printed.
    pub secrets: Secrets,
    /// The sessions that cases can start in.
    pub sessions: BTreeMap<String, Case>,
    /// Receives each page before it is closed, and keeps it open until the pause is over.
    pub pauses: Option<mpsc::UnboundedSender<Pause>>,
}

/// The context of a run, as one task sees it that works with one browser.
#[derive(Debug, Clone, Copy)]
struct Setting<'a> {
    browser: &'a Browser,
    browsers: &'a [Browser],
    site: Option<&'a Site>,
    store: &'a Store,
    update: Update,
    patience: Patience,
    fail_on: &'a FailOn,
    secrets: &'a Secrets,
    sessions: &'a BTreeMap<String, Case>,
    pauses: Option<&'a mpsc::UnboundedSender<Pause>>,
}

impl RunContext {
    fn with<'a>(&'a self, browser: &'a Browser) -> Setting<'a> {
        Setting {
            browser,
            browsers: &self.browsers,
            site: self.site.as_deref(),
            store: &self.store,
            update: self.update,
            patience: self.patience,
            fail_on: &self.fail_on,
            secrets: &self.secrets,
            sessions: &self.sessions,
            pauses: self.pauses.as_ref(),
        }
    }
}

/// A page that stays open until somebody has looked at it.
#[derive(Debug)]
pub struct Pause {
    /// The case that it belongs to.
    pub case: String,
    /// Ends the pause; so does dropping it.
    pub resume: oneshot::Sender<()>,
}

/// Which baselines a run writes by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Update {
    /// None: what differs is pending.
    #[default]
    Never,
    /// Those that differ from their page.
    Changed,
    /// Those that are not there.
    Missing,
    /// Both.
    All,
}

impl Update {
    fn writes_changed(self) -> bool {
        matches!(self, Update::Changed | Update::All)
    }

    fn writes_missing(self) -> bool {
        matches!(self, Update::Missing | Update::All)
    }
}

/// Told while a run goes on, in the order in which cases end.
#[derive(Debug)]
pub struct Progress {
    /// How many cases have ended.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The place of the case that ended: `spec/case`.
    pub case: String,
}

/// The browser died while it did something, and there are others to do it.
struct BrowserLost;

/// Cases with their variants.
pub(crate) fn groups(cases: &[Case]) -> Vec<&[Case]> {
    let is_of_group = |one: &Case, next: &Case| {
        let is_same =
            |one: &Case| (&one.spec, &one.name, &one.page) == (&next.spec, &next.name, &next.page);
        next.variant.is_some() && is_same(one)
    };
    cases.chunk_by(is_of_group).collect()
}
