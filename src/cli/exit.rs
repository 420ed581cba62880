//! Exit codes, and their conversion from errors.

use std::process::ExitCode;

use crate::run::{Fault, Outcome, RunResult};
use crate::source::{Colour, Diagnostic, render_all};
use crate::spec::LoadError;
use crate::store::StoreError;
use crate::text::Terminal;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All snapshots match, or the command succeeded.
    AllMatch = 0,
    /// A snapshot differs or is new.
    Different = 1,
    /// Usage, configuration, specs or baselines are wrong.
    Usage = 2,
    /// A page or the browser failed.
    PageFailed = 3,
    /// There was nothing to run.
    NothingRan = 4,
    /// A signal stopped the command: 128 plus the number of SIGINT, as in shells.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: Terminal,
}

impl Failure {
    fn new(exit: Exit, message: impl ToString) -> Failure {
        Failure {
            exit,
            message: message.to_string().into(),
        }
    }

    pub(super) fn usage(message: impl ToString) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    pub(super) fn page(message: impl ToString) -> Failure {
        Failure::new(Exit::PageFailed, message)
    }

    pub(super) fn nothing_ran(message: impl ToString) -> Failure {
        Failure::new(Exit::NothingRan, message)
    }

    pub(super) fn located(problems: &[Diagnostic]) -> Failure {
        Failure {
            exit: Exit::Usage,
            message: shown(problems),
        }
    }
}

/// Renders problems with the lines of their files.
pub(super) fn shown(problems: &[Diagnostic]) -> Terminal {
    Terminal::coloured(render_all(problems, Colour::Ansi).trim_end())
}

/// Joins an error and its sources.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        match error {
            LoadError::NoSpecs(_) => Failure::nothing_ran(error),
            LoadError::Invalid(_) | LoadError::Read { .. } => Failure::usage(chain(&error)),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::usage(chain(&error))
    }
}

/// Returns the exit code of a run: that of its most serious outcome.
pub(super) fn of_run(result: &RunResult) -> Exit {
    let tally = result.tally();
    let errors = || {
        result
            .snapshots()
            .filter_map(|(_, snapshot)| match &snapshot.outcome {
                Outcome::Failed(failure) => Some(failure.fault),
                _ => None,
            })
    };
    if result.interrupted {
        Exit::Interrupted
    } else if tally.total() == 0 && result.part.is_none() {
        Exit::NothingRan
    } else if errors().any(|fault| fault == Fault::Page) {
        Exit::PageFailed
    } else if errors().any(|fault| fault == Fault::Files) {
        Exit::Usage
    } else if tally.changed > 0 || tally.new > 0 || tally.failed > 0 {
        Exit::Different
    } else {
        Exit::AllMatch
    }
}
