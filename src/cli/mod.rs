//! The command line: parses arguments, runs a command, returns an exit code. Only this module prints and
//! exits.

mod accept;
mod args;
mod bench;
mod browser;
mod check;
mod choose;
mod context;
mod diff;
mod exit;
mod file;
mod init;
mod known;
mod manual;
mod merge;
mod output;
mod page;
mod report;
mod reporter;
mod review;
mod saved;
mod signals;
mod site;
mod snapshot;
mod status;
mod test;

use std::process::ExitCode;

use clap::Parser;

use crate::review::decide::Choice;
use args::{Arguments, Command};
use context::Context;
use exit::{Exit, Failure};

/// Runs the program.
pub fn main() -> ExitCode {
    signals::listen();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let exit = if error.use_stderr() {
                Exit::Usage
            } else {
                Exit::AllMatch
            };
            // If even this cannot be printed, nothing can report it.
            let _ = error.print();
            return exit.into();
        }
    };
    let context = match Context::from_environment(&arguments) {
        Ok(context) => context,
        Err(failure) => {
            output::error(failure.message);
            return failure.exit.into();
        }
    };
    let done = dispatch(arguments.command, &context);
    if let Some(why) = output::lost() {
        output::error(format!(
            "the result cannot be written to standard output: {why}"
        ));
    }
    match done {
        // Interrupted, even if the work was finished.
        Ok(_) if signals::came() => Exit::Interrupted.into(),
        // A result that was not printed is not a success.
        Ok(Exit::AllMatch) if output::lost().is_some() => Exit::Usage.into(),
        Ok(exit) => exit.into(),
        Err(failure) => {
            if failure.exit == Exit::Interrupted {
                output::note(failure.message);
            } else {
                output::error(failure.message);
            }
            failure.exit.into()
        }
    }
}

fn dispatch(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Test(options) => test::run(&options, context),
        Command::Review(options) => review::run(&options, context),
        Command::Accept(options) => accept::run(&options, context, Choice::Accept),
        Command::Reject(options) => accept::run(&options, context, Choice::Reject),
        Command::Status(options) => status::run(&options, context),
        Command::Snapshot(options) => snapshot::run(&options, context),
        Command::Diff(options) => diff::run(&options, context),
        Command::Merge(options) => merge::run(&options, context),
        Command::Bench(options) => bench::run(&options, context),
        Command::Init(options) => init::run(&options, context),
        Command::Check(options) => check::run(&options, context),
        Command::Report { command } => report::run(&command, context),
        Command::Completions { shell } => Ok(manual::completions(shell)),
        Command::Man => manual::page(),
        Command::Browser { command } => browser::run(command, context),
    }
}
