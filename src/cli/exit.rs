//! Exit codes, and the one place where errors become them.

use std::process::ExitCode;

use crate::error::{Colour, Located, render_all};
use crate::run::{Fault, Outcome, RunResult};
use crate::spec::LoadError;
use crate::store::StoreError;
use crate::text::Terminal;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Everything is as the baselines say, or the command did its work.
    AllMatch = 0,
    /// A snapshot differs or is new.
    Different = 1,
    /// Usage, configuration, specs or baselines are wrong.
    Usage = 2,
    /// A page or the browser failed.
    PageFailed = 3,
    /// There was nothing to do.
    NothingRan = 4,
    /// Somebody stopped it: 128 and the number of the signal, as shells have it.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) message: Terminal,
}

impl Failure {
    pub(super) fn usage(message: impl ToString) -> Failure {
        Failure {
            exit: Exit::Usage,
            message: message.to_string().into(),
        }
    }

    /// Of a file whose text is shown, with colours.
    pub(super) fn located(problems: &[Located]) -> Failure {
        Failure {
            exit: Exit::Usage,
            message: shown(problems),
        }
    }

    pub(super) fn page(message: impl ToString) -> Failure {
        Failure {
            exit: Exit::PageFailed,
            message: message.to_string().into(),
        }
    }
}

/// What is wrong with files, with the lines that are.
pub(super) fn shown(problems: &[Located]) -> Terminal {
    Terminal::coloured(render_all(problems, Colour::Ansi).trim_end())
}

/// An error with what led to it.
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
            LoadError::NoSpecs(_) => Failure {
                exit: Exit::NothingRan,
                message: error.to_string().into(),
            },
            LoadError::Invalid(_) | LoadError::Read { .. } => Failure::usage(chain(&error)),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::usage(chain(&error))
    }
}

/// A run's exit code: the gravest of what happened. `tolerates_new` where a snapshot without baseline
/// was written on purpose.
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
