//! Running a program to its end, with a deadline.

use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program that ended by itself.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Whether it ended with status 0.
    pub(crate) success: bool,
    /// How it ended, in words: `exit status: 100`.
    pub(crate) status: String,
    /// What it wrote to stdout and stderr, in the order of writing.
    pub(crate) output: String,
}

/// Why there is no end to tell of.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The system refused to start it.
    #[error("it could not be started: {0}")]
    NotStarted(#[source] std::io::Error),
    /// It was still running at its deadline, and was killed.
    #[error("it was still running after {} s and was stopped", .deadline.as_secs())]
    TimedOut {
        /// The time that it was given.
        deadline: Duration,
        /// What it had written until then.
        output: String,
    },
}

/// Runs a command without input and gives its end.
pub(crate) fn run(command: &mut Command, deadline: Duration) -> Result<Ended, RunError> {
    // A file takes the output, not a pipe: a daemon that the program leaves behind would hold a pipe
    // open and the end would never come.
    let mut output = tempfile::tempfile().map_err(RunError::NotStarted)?;
    let stdout = output.try_clone().map_err(RunError::NotStarted)?;
    let stderr = output.try_clone().map_err(RunError::NotStarted)?;
    command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);

    let started = Instant::now();
    let mut child = spawn(command, started, deadline).map_err(RunError::NotStarted)?;
    let mut pause = Duration::from_millis(2);
    let status = loop {
        if let Some(status) = child.try_wait().map_err(RunError::NotStarted)? {
            break Some(status);
        }
        if started.elapsed() >= deadline {
            // Either it ends by this or it has just ended: `wait` returns in both cases.
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
        .map_err(RunError::NotStarted)?;
    let output = String::from_utf8_lossy(&bytes).into_owned();
    match status {
        Some(status) => Ok(Ended {
            success: status.success(),
            status: status.to_string(),
            output,
        }),
        None => Err(RunError::TimedOut { deadline, output }),
    }
}

/// Starts the command; a file that was written a moment ago counts as busy while any process that was
/// forked meanwhile still holds it open for writing, which passes.
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

/// The last lines of an output that are not blank.
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
