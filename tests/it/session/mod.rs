//! What is typed into a shell, and what comes of it, as a text that can be read and written.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses its part, and says by failing what is wrong"
)]

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use fancy_regex::Regex;

use crate::machine::process::Running;
use crate::server::Faults;

/// Far longer than any command takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// Lines in their order.
#[derive(Debug, PartialEq, Eq)]
pub struct Session(Vec<Line>);

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Comment(String),
    Command(Step),
}

#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    stdout: String,
    stderr: String,
    exit: i32,
}

impl Session {
    pub fn parse(text: &str) -> Session {
        let mut lines = Vec::new();
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                lines.push(Line::Command(Step {
                    command: command.to_owned(),
                    stdout: String::new(),
                    stderr: String::new(),
                    exit: 0,
                }));
                continue;
            }
            let step = match lines.last_mut() {
                Some(Line::Command(step)) => step,
                Some(Line::Comment(_)) | None => {
                    lines.push(Line::Comment(line.to_owned()));
                    continue;
                }
            };
            let after = |mark| {
                let rest = line.strip_prefix(mark)?;
                Some(rest.strip_prefix(' ').unwrap_or(rest))
            };
            if let Some(output) = after("1>") {
                step.stdout += &format!("{output}\n");
            } else if let Some(output) = after("2>") {
                step.stderr += &format!("{output}\n");
            } else if let Some(exit) = after("?") {
                step.exit = exit.parse().expect("`? N` has a number");
            } else {
                lines.push(Line::Comment(line.to_owned()));
            }
        }
        Session(lines)
    }

    /// The same commands with what comes of them now.
    pub fn run(&self, world: &World<'_>) -> Session {
        let run = |line: &Line| match line {
            Line::Comment(text) => Line::Comment(text.clone()),
            Line::Command(step) => Line::Command(world.run(&step.command)),
        };
        Session(self.0.iter().map(run).collect())
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            match line {
                Line::Comment(text) => writeln!(f, "{text}")?,
                Line::Command(step) => {
                    writeln!(f, "$ {}", step.command)?;
                    for (mark, output) in [("1>", &step.stdout), ("2>", &step.stderr)] {
                        for line in output.lines() {
                            writeln!(f, "{}", format!("{mark} {line}").trim_end())?;
                        }
                    }
                    if step.exit != 0 {
                        writeln!(f, "? {}", step.exit)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Where the commands are run.
pub struct World<'a> {
    folder: &'a Path,
    server: &'a Faults,
    browser: PathBuf,
    home: tempfile::TempDir,
}

impl World<'_> {
    pub fn new<'a>(folder: &'a Path, server: &'a Faults) -> World<'a> {
        World {
            folder,
            server,
            browser: crate::machine::browser(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn run(&self, command: &str) -> Step {
        let script = String::from_utf8(self.server.fill_in(command.as_bytes())).unwrap();
        let ended = Running::start(self.command().args(["-c", &script])).end(DEADLINE);
        let text = |bytes: &[u8]| {
            let bytes = self.placeholders(bytes);
            trimmed(&String::from_utf8_lossy(&bytes))
        };
        Step {
            command: command.to_owned(),
            stdout: without_sandbox(&text(&ended.stdout)),
            stderr: without_sandbox(&text(&ended.stderr)),
            exit: ended
                .code
                .unwrap_or_else(|| panic!("`{command}` did not end")),
        }
    }

    /// What a command prints, standard output and standard error in one.
    pub fn run_as_shown(&self, command: &str) -> String {
        self.run(&format!("{{ {command}; }} 2>&1")).stdout
    }

    /// A shell that finds ariasnap and the browser, and nothing of who runs the test.
    fn command(&self) -> Command {
        let bin = Path::new(env!("CARGO_BIN_EXE_ariasnap")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(bin.to_owned()).chain(std::env::split_paths(&path));
        let mut shell = Command::new("sh");
        shell
            .current_dir(self.folder)
            .env_clear()
            .env("PATH", std::env::join_paths(folders).unwrap())
            .env("HOME", self.home.path())
            .env("ARIASNAP_BROWSER", &self.browser)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_NAME", "A")
            .env("GIT_COMMITTER_EMAIL", "a@example.com")
            .stdin(Stdio::null());
        shell
    }

    /// A text with placeholders for what no two runs share.
    pub fn placeholders(&self, text: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(text) else {
            return text.to_owned();
        };
        let mut text = self
            .server
            .take_out(text)
            .replace(&*self.folder.to_string_lossy(), "[DIR]")
            .replace(&*self.browser.to_string_lossy(), "[BROWSER]");
        for (pattern, placeholder) in [
            (r"http://127\.0\.0\.1:\d+", "[SITE]"),
            (r"\bin \d+\.\d s\b", "in [TIME]"),
            // The second where there is no network at all.
            (
                "net::ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED)",
                "net::ERR_[NO SUCH HOST]",
            ),
        ] {
            let pattern = Regex::new(pattern).unwrap();
            text = pattern.replace_all(&text, placeholder).into_owned();
        }
        text.into_bytes()
    }
}

/// Without white space at the ends of lines, which editors take away.
fn trimmed(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

fn without_sandbox(stderr: &str) -> String {
    stderr
        .lines()
        .filter(|line| !(line.starts_with("note: ") && line.contains("without its sandbox")))
        .map(|line| format!("{line}\n"))
        .collect()
}
