//! Why a snapshot has no verdict.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::Fault;
use super::{Doubt, Problem};
use crate::aria::TooDeep;
use crate::aria::locator::LocateError;
use crate::aria::pattern::PatternTooSlow;
use crate::baseline::BaselinePath;
use crate::browser::devtools::CallError;
use crate::browser::page::PageError;
use crate::compare::source::SourceFinding;
use crate::dom::FactsError;
use crate::source::{Colour, Diagnostic};
use crate::store::{Store, StoreError};
use crate::text::one_line;

/// Why a snapshot failed. The messages say what to do.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The page could not be opened.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The browser crashed or was killed.
    #[error(
        "the browser {browser} crashed or was killed; run `ariasnap test` again, and if it happens \
         again, run `ariasnap browser doctor`"
    )]
    BrowserGone {
        /// Its name and version.
        browser: String,
    },
    /// The captured data is inconsistent.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// The page is nested too deeply for a snapshot.
    #[error(transparent)]
    TooDeep(#[from] TooDeep),
    /// The page is not the one that was asked for.
    #[error(transparent)]
    Doubt(#[from] Doubt),
    /// The page lacks parts of its source.
    #[error("the page does not match its source {}:{}", file.display(), lines(findings))]
    Source {
        /// The Markdown.
        file: PathBuf,
        /// What is not on the page, or is different there.
        findings: Vec<SourceFinding>,
    },
    /// The source of a page cannot be read.
    #[error("{place}: cannot read the source {}: {reason}", file.display())]
    SourceFile {
        /// Where it is named.
        place: String,
        /// The Markdown.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The tree changes all the time.
    #[error(
        "{url} keeps changing: {}; hide the changes with `mask` or `ignore`, or capture the page anyway with \
         `settle: relaxed`",
        one_line(what)
    )]
    NeverSettles {
        /// The page.
        url: String,
        /// What changes, as in a selector.
        what: String,
    },
    /// Something that surely ends was outstanding when the time was over.
    #[error(
        "{url} was still busy after {:.1} s, so its snapshot may change (waiting for: {}); increase `timeout`, \
         or capture the page anyway with `settle: relaxed`", patience.as_secs_f32(), one_line(what)
    )]
    Unfinished {
        /// The page.
        url: String,
        /// How long was waited.
        patience: Duration,
        /// What was outstanding.
        what: String,
    },
    /// A page with problems cannot become a first baseline.
    #[error("{}", broken(.0))]
    Broken(Vec<Problem>),
    /// The browser died again and again while the page was open.
    #[error(
        "the browser crashed {times} times while this page was open; run `ariasnap browser doctor`"
    )]
    BrowserDied {
        /// How often.
        times: u32,
    },
    /// The page's process crashed again and again.
    #[error("the page crashed {times} times: its process ran out of memory or was killed")]
    PageCrashed {
        /// How often.
        times: u32,
    },
    /// A step that could not be done.
    #[error("{0}")]
    Step(Box<StepError>),
    /// The session that the case starts in failed; that is reported on its own.
    #[error("the session `{name}` failed, so this was not tested")]
    Session {
        /// Its name.
        name: String,
    },
    /// A locator that finds none or several.
    #[error("{place}: {error}{}", candidates(error))]
    Locate {
        /// Where the locator is written.
        place: String,
        /// What it found instead.
        error: LocateError,
    },
    /// A regular expression of the baseline that takes too long.
    #[error("{baseline}: {error}")]
    Pattern {
        /// The baseline's file.
        baseline: String,
        /// Which one.
        error: PatternTooSlow,
    },
    /// The page has something that no snapshot file can hold.
    #[error(
        "{path} was not written, because it could not be read again ({}); exclude that part of the page \
         with `root`, `ignore` or `mask`",
        one_line(reason)
    )]
    Unwritable {
        /// The snapshot.
        path: BaselinePath,
        /// What the text that would be written says otherwise than the page.
        reason: String,
    },
    /// A secret would go to a foreign origin.
    #[error("{place}: {reason}")]
    Secret {
        /// Where the secret is written.
        place: String,
        /// Why not.
        reason: String,
    },
    /// A baseline that is no snapshot; it is left as it is.
    #[error("cannot read the baseline, so it was not changed\n{}", crate::source::render_all(.0, crate::source::Colour::Plain).trim_end())]
    Baseline(Vec<Diagnostic>),
    /// Reading or writing files.
    #[error("{}", chain(.0))]
    Store(#[from] StoreError),
    /// The case has an address that the site cannot complete.
    #[error("`{reference}` is not an address of the site: {reason}")]
    Address {
        /// As the spec has it.
        reference: String,
        /// What is wrong.
        reason: String,
    },
}

/// A step that could not be done.
#[derive(Debug)]
pub struct StepError {
    /// What was being done, where, and what is there instead.
    pub located: Diagnostic,
    /// Further lines of it.
    pub more: Vec<String>,
    /// The page at that moment, until it is in files.
    pub(super) moment: Option<FailedMoment>,
    /// A screenshot and the snapshot of that moment.
    pub evidence: Vec<PathBuf>,
}

/// A page as a step left it that could not be done.
#[derive(Debug)]
pub(super) struct FailedMoment {
    /// How it looked, if that is known.
    pub(super) picture: Option<Vec<u8>>,
    /// What it said.
    pub(super) snapshot: String,
}

impl StepError {
    /// Writes the page of that moment beside a snapshot. That it cannot be written is not what is to
    /// be reported first.
    fn keep(&mut self, store: &Store, path: &BaselinePath) {
        let Some(moment) = self.moment.take() else {
            return;
        };
        let picture = moment.picture.as_deref();
        if let Ok(failure) = store.write_failure(path, picture, &moment.snapshot) {
            self.evidence.extend(failure.screenshot);
            self.evidence.push(failure.snapshot);
        }
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.located.render(Colour::Plain))?;
        for line in &self.more {
            write!(f, "\n{line}")?;
        }
        for file in &self.evidence {
            write!(f, "\nthe page at that moment: {}", file.display())?;
        }
        Ok(())
    }
}

impl RunError {
    /// Its message, with the name of the browser if that is what is gone.
    pub(super) fn message(&self, browser: &str) -> String {
        match self {
            RunError::Page(PageError::Call(CallError::BrowserGone)) => RunError::BrowserGone {
                browser: browser.to_owned(),
            }
            .to_string(),
            other => other.to_string(),
        }
    }

    /// The same, with what shows it in files beside a snapshot that it kept from a verdict.
    #[must_use]
    pub(super) fn kept(mut self, store: &Store, path: &BaselinePath) -> RunError {
        if let RunError::Step(step) = &mut self {
            step.keep(store, path);
        }
        self
    }

    /// Whether the page is gone.
    pub(super) fn is_page_gone(&self) -> bool {
        matches!(
            self,
            RunError::Page(PageError::Call(
                CallError::BrowserGone | CallError::Crashed | CallError::Detached
            ))
        )
    }

    /// Whether a document went away while it was looked at; another may follow.
    pub(super) fn is_of_document(&self) -> bool {
        matches!(self, RunError::Page(PageError::Call(error)) if error.is_of_document())
    }

    /// What is at fault.
    pub fn fault(&self) -> Fault {
        match self {
            RunError::Baseline(_)
            | RunError::Pattern { .. }
            | RunError::Store(_)
            | RunError::SourceFile { .. }
            | RunError::Secret { .. }
            | RunError::Address { .. } => Fault::Files,
            RunError::Page(_)
            | RunError::Unwritable { .. }
            | RunError::BrowserGone { .. }
            | RunError::Facts(_)
            | RunError::TooDeep(_)
            | RunError::Doubt(_)
            | RunError::NeverSettles { .. }
            | RunError::Unfinished { .. }
            | RunError::Broken(_)
            | RunError::BrowserDied { .. }
            | RunError::PageCrashed { .. }
            | RunError::Step(_)
            | RunError::Session { .. }
            | RunError::Locate { .. } => Fault::Page,
            RunError::Source { .. } => Fault::Difference,
        }
    }
}

impl From<CallError> for RunError {
    fn from(error: CallError) -> RunError {
        RunError::Page(PageError::Call(error))
    }
}

fn broken(problems: &[Problem]) -> String {
    let mut allowed: Vec<&str> = Vec::new();
    for problem in problems {
        let name = problem.allowed_by().as_str();
        if !allowed.contains(&name) {
            allowed.push(name);
        }
    }
    let list: String = problems
        .iter()
        .map(|problem| format!("\n  {}", one_line(&problem.to_string())))
        .collect();
    format!(
        "the page has problems, so it cannot become a first baseline:{list}\nFix the page, or allow this \
         with `allow: [{}]`",
        allowed.join(", ")
    )
}

fn chain(error: &StoreError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn lines(findings: &[SourceFinding]) -> String {
    findings.iter().map(|one| format!("\n  {one}")).collect()
}

pub(super) fn candidates(error: &LocateError) -> String {
    let (intro, list) = match error {
        LocateError::NotFound { nearest, .. } if nearest.is_empty() => return String::new(),
        LocateError::NotFound { nearest, .. } => ("; the nearest are", nearest),
        LocateError::Ambiguous { found, .. } if found.is_empty() => return String::new(),
        LocateError::Ambiguous { found, .. } => (":", found),
        LocateError::Css { .. } => return String::new(),
    };
    let lines: Vec<String> = list
        .iter()
        .map(|candidate| {
            let inside = if candidate.inside.is_empty() {
                String::new()
            } else {
                format!("  in {}", one_line(&candidate.inside))
            };
            format!("\n  {}{inside}", one_line(&candidate.node))
        })
        .collect();
    format!("{intro}{}", lines.concat())
}
