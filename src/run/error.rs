//! Why a snapshot has no verdict.

use std::time::Duration;

use crate::aria::locator::LocateError;
use crate::aria::pattern::PatternTooSlow;
use crate::browser::devtools::CallError;
use crate::browser::page::PageError;
use crate::dom::FactsError;
use crate::error::Located;
use crate::store::StoreError;

/// Why a snapshot has no verdict. The texts say what to do where there is something to do.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The page could not be brought to be looked at.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The browser crashed or was killed.
    #[error(
        "the browser {browser} is gone: it crashed or was killed; run `ariasnap test` again, and if it \
         happens again, `ariasnap browser doctor` tells what may be wrong"
    )]
    BrowserGone {
        /// Its name and version.
        browser: String,
    },
    /// What came from the page cannot be read.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// It is another site than the one that was asked for.
    #[error(
        "{from} leads to another site: {to}; give that address in the spec if it is the one to test"
    )]
    OtherOrigin {
        /// What was to be opened.
        from: String,
        /// What came.
        to: String,
    },
    /// Nothing on it for anybody.
    #[error("{url} shows no content: its snapshot is empty")]
    NoContent {
        /// The page.
        url: String,
    },
    /// It never stands still.
    #[error("{url} still changes after {} s; raise `timeout` if it needs longer", patience.as_secs_f32())]
    NeverSettles {
        /// The page.
        url: String,
        /// How long was waited.
        patience: Duration,
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
    /// A baseline that is no snapshot; it is left as it is.
    #[error("the baseline cannot be read, and is left as it is\n{}", crate::error::render_all(.0, crate::error::Colour::Plain).trim_end())]
    Baseline(Vec<Located>),
    /// Reading or writing files.
    #[error("{}", chain(.0))]
    Store(#[from] StoreError),
    /// The case has an address that the site cannot complete.
    #[error("`{reference}` is no address of the site: {reason}")]
    Address {
        /// As the spec has it.
        reference: String,
        /// What is wrong.
        reason: String,
    },
}

impl RunError {
    /// The same, with the name of the browser where that is what is gone.
    #[must_use]
    pub(super) fn of_browser(self, browser: &str) -> RunError {
        match self {
            RunError::Page(PageError::Call(CallError::BrowserGone)) => RunError::BrowserGone {
                browser: browser.to_owned(),
            },
            other => other,
        }
    }

    /// Whether the project's own files are at fault, not a page or the browser.
    pub fn is_in_files(&self) -> bool {
        match self {
            RunError::Baseline(_)
            | RunError::Pattern { .. }
            | RunError::Store(_)
            | RunError::Address { .. } => true,
            RunError::Page(_)
            | RunError::BrowserGone { .. }
            | RunError::Facts(_)
            | RunError::OtherOrigin { .. }
            | RunError::NoContent { .. }
            | RunError::NeverSettles { .. }
            | RunError::Locate { .. } => false,
        }
    }
}

impl From<CallError> for RunError {
    fn from(error: CallError) -> RunError {
        RunError::Page(PageError::Call(error))
    }
}

fn chain(error: &StoreError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn candidates(error: &LocateError) -> String {
    let (intro, list) = match error {
        LocateError::NotFound { nearest, .. } if nearest.is_empty() => return String::new(),
        LocateError::NotFound { nearest, .. } => ("; the nearest are", nearest),
        LocateError::Ambiguous { found, .. } => (":", found),
        LocateError::Css { .. } => return String::new(),
    };
    let lines: Vec<String> = list
        .iter()
        .map(|candidate| {
            let inside = if candidate.inside.is_empty() {
                String::new()
            } else {
                format!("  in {}", candidate.inside)
            };
            format!("\n  {}{inside}", candidate.node)
        })
        .collect();
    format!("{intro}{}", lines.concat())
}
