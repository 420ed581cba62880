//! A step that cannot be done: its error, and the page at that moment.

use crate::aria::locator::LocateError;
use crate::browser::evidence::PagePart;
use crate::browser::page::PageError;
use crate::run::error::{FailedMoment, StepError};
use crate::run::visit::Visit;
use crate::run::{RunError, error};
use crate::snapshot::{self, Rendering};
use crate::source::Diagnostic;
use crate::spec::Step;

/// Why a step was not done.
pub(super) enum Failed {
    /// What it met.
    Because { why: String, help: Option<String> },
    /// The page or the browser.
    Error(Box<RunError>),
}

impl Failed {
    pub(super) fn because(why: impl Into<String>) -> Failed {
        Failed::Because {
            why: why.into(),
            help: None,
        }
    }

    pub(super) fn with_help(self, advice: impl Into<String>) -> Failed {
        match self {
            Failed::Because { why, .. } => Failed::Because {
                why,
                help: Some(advice.into()),
            },
            other @ Failed::Error(_) => other,
        }
    }

    pub(super) fn missing(error: &LocateError) -> Failed {
        let nearest = error::candidates(error);
        let nearest = nearest.trim_start_matches([';', ':', ' ', '\n']);
        let failed = Failed::because(error.to_string());
        if nearest.is_empty() {
            failed
        } else {
            failed.with_help(nearest)
        }
    }
}

impl From<RunError> for Failed {
    fn from(error: RunError) -> Failed {
        Failed::Error(Box::new(error))
    }
}

impl From<PageError> for Failed {
    fn from(error: PageError) -> Failed {
        Failed::from(RunError::from(error))
    }
}

impl Visit<'_> {
    /// The error of a step, with the page of that moment.
    pub(super) async fn error_of(&self, step: &Step, failed: Failed) -> RunError {
        let (why, help) = match failed {
            Failed::Because { why, help } => (why, help),
            Failed::Error(error) if error.is_page_gone() => return *error,
            Failed::Error(error) => (error.to_string(), None),
        };
        let mut lines = why.lines();
        let first = lines.next().unwrap_or_default();
        let title = format!("`{}`: {first}", step.action);
        let mut located = Diagnostic::new(title, step.place.clone());
        located.help = help;
        RunError::Step(Box::new(StepError {
            located,
            more: lines.map(str::to_owned).collect(),
            moment: self.failed_moment().await,
            evidence: Vec::new(),
        }))
    }

    /// `None` if the page no longer answers; the error is then about the step alone.
    async fn failed_moment(&self) -> Option<FailedMoment> {
        let moment = self.look().await.ok()?;
        let picture = self
            .picture(&moment, PagePart::Whole)
            .await
            .map(|shot| shot.bytes);
        let mut tree = moment.whole;
        self.mask(&mut tree);
        let snapshot = snapshot::write(&tree, Rendering::default());
        Some(FailedMoment { picture, snapshot })
    }
}
