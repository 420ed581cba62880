//! Runs a program to its end, with a deadline.

use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program that ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) success: bool,
    /// Such as `exit status: 100`.
    pub(crate) status: String,
    /// Its stdout and stderr, interleaved.
    pub(crate) output: String,
}

/// Error while running a program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("it could not be started: {0}")]
    NotStarted(#[source] std::io::Error),
    #[error("it was still running after {} s and was stopped", .0.as_secs())]
    TimedOut(Duration),
}

/// Runs a command without input and waits for its end.
pub(crate) fn run(command: &mut Command, deadline: Duration) -> Result<Ended, CommandError> {
    // The output goes to a file: a daemon that the program leaves behind would keep a pipe open.
    let mut output = tempfile::tempfile().map_err(CommandError::NotStarted)?;
    let stdout = output.try_clone().map_err(CommandError::NotStarted)?;
    let stderr = output.try_clone().map_err(CommandError::NotStarted)?;
    command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);

    let started = Instant::now();
    let mut child = spawn(command, started, deadline).map_err(CommandError::NotStarted)?;
    let mut pause = Duration::from_millis(2);
    let status = loop {
        if let Some(status) = child.try_wait().map_err(CommandError::NotStarted)? {
            break Some(status);
        }
        if started.elapsed() >= deadline {
            // `wait` returns in any case.
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        thread::sleep(pause.min(deadline.saturating_sub(started.elapsed())));
        pause = (pause * 2).min(Duration::from_millis(50));
    };

    let mut bytes = Vec::new();
    output
        .rewind()
        .and_then(|()| output.read_to_end(&mut bytes))
        .map_err(CommandError::NotStarted)?;
    let output = String::from_utf8_lossy(&bytes).into_owned();
    match status {
        Some(status) => Ok(Ended {
            success: status.success(),
            status: status.to_string(),
            output,
        }),
        None => Err(CommandError::TimedOut(deadline)),
    }
}

/// Starts the command. A file that was just written is busy while a process that was forked meanwhile has it
/// open for writing, which ends soon.
fn spawn(
    command: &mut Command,
    started: Instant,
    deadline: Duration,
) -> std::io::Result<std::process::Child> {
    loop {
        match command.spawn() {
            Err(error)
                if error.kind() == std::io::ErrorKind::ExecutableFileBusy
                    && started.elapsed() < deadline =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            result => return result,
        }
    }
}

/// Returns the last lines of an output that are not blank.
pub(crate) fn last_lines(output: &str, count: usize) -> Vec<String> {
    let lines: Vec<&str> = output
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.trim().is_empty())
        .collect();
    let first = lines.len().saturating_sub(count);
    lines[first..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}
