//! Finds out why the browser does not start, and what the user can do.

use std::fmt;
use std::path::PathBuf;

use super::find::{FindError, Found, Origin, Search, Searched, Unusable};
use super::install;
use super::platform::System;
use super::sandbox::Sandbox;
use super::system;

/// The smallest `/dev/shm` without a warning: Docker's default of 64 MiB crashes large pages.
const ENOUGH_MEMORY: u64 = 256 << 20;

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Browser,
    Version,
    Libraries,
    Start,
    Sandbox,
    Fonts,
    SharedMemory,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Subject::Browser => "browser",
            Subject::Version => "version",
            Subject::Libraries => "libraries",
            Subject::Start => "start",
            Subject::Sandbox => "sandbox",
            Subject::Fonts => "fonts",
            Subject::SharedMemory => "shared memory",
        })
    }
}

/// The result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Good,
    /// Works, with a drawback.
    Warning,
    /// Does not work.
    Problem,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Good => "ok",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub subject: Subject,
    pub verdict: Verdict,
    pub fact: String,
    /// What the user can do: one sentence or command a line.
    pub advice: Vec<String>,
}

impl Check {
    fn new(subject: Subject, verdict: Verdict, fact: impl Into<String>) -> Check {
        Check {
            subject,
            verdict,
            fact: fact.into(),
            advice: Vec::new(),
        }
    }

    fn advise(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Check {
        self.advice.extend(lines.into_iter().map(Into::into));
        self
    }
}

#[derive(Debug)]
pub struct Report {
    /// Every place that was searched, in order.
    pub searched: Vec<Searched>,
    pub checks: Vec<Check>,
}

impl Report {
    /// Returns the worst verdict.
    pub fn verdict(&self) -> Verdict {
        let verdicts = self.checks.iter().map(|check| check.verdict);
        verdicts.max().unwrap_or(Verdict::Good)
    }
}

/// A start of the browser: its version and sandbox, or why it failed.
pub type Start = Result<(String, Sandbox), String>;

/// Examines the browser and the machine. `start` starts the browser as it is started for pages, and closes
/// it.
pub fn examine(
    search: &Search,
    font_folders: &[PathBuf],
    start: impl FnOnce(&Found) -> Start,
) -> Report {
    let browser = search.find();
    let mut checks = vec![check_browser(&browser)];
    if let Ok(found) = &browser {
        checks.push(check_version(found));
        checks.extend(check_libraries(search, found));
        checks.extend(check_start(start(found)));
    }
    if search.platform.system == System::Linux {
        checks.push(check_fonts(search, font_folders));
        checks.extend(system::shared_memory().map(check_memory));
    }
    Report {
        searched: search.survey(),
        checks,
    }
}

fn check_browser(browser: &Result<Found, FindError>) -> Check {
    match browser {
        Ok(found) => {
            let path = found.path.display();
            let fact = format!("{} at {path} ({})", found.kind, found.origin);
            Check::new(Subject::Browser, Verdict::Good, fact)
        }
        Err(error) => {
            let text = error.to_string();
            let mut lines = text.lines().map(str::trim);
            let fact = lines.next().unwrap_or_default();
            Check::new(Subject::Browser, Verdict::Problem, fact).advise(lines)
        }
    }
}

fn check_version(found: &Found) -> Check {
    let (verdict, fact) = match install::version(&found.path) {
        Ok(answer) if answer.trim().is_empty() => {
            (Verdict::Warning, "it prints no version".to_owned())
        }
        Ok(answer) => (Verdict::Good, answer.trim().to_owned()),
        Err(error) => (Verdict::Problem, error.to_string()),
    };
    Check::new(Subject::Version, verdict, fact)
}

fn check_libraries(search: &Search, found: &Found) -> Option<Check> {
    if search.platform.system != System::Linux {
        return None;
    }
    let names = system::missing_libraries(&search.path, &found.path);
    if names.is_empty() {
        return Some(Check::new(
            Subject::Libraries,
            Verdict::Good,
            "none is missing",
        ));
    }
    let fact = format!("missing: {}", names.join(", "));
    let advice = system::how_to_install_libraries(&search.path);
    Some(Check::new(Subject::Libraries, Verdict::Problem, fact).advise([advice]))
}

fn check_start(start: Start) -> Vec<Check> {
    const ADVICE: &str = "if no other problem is listed here, try another browser: `ariasnap browser install`, or `browser.path` in ariasnap.yml";
    match start {
        Ok((version, sandbox)) => {
            let sandbox = match sandbox.reason() {
                None => Check::new(Subject::Sandbox, Verdict::Good, "on"),
                Some(reason) => {
                    let fact = format!("off, because {reason}");
                    let check = Check::new(Subject::Sandbox, Verdict::Warning, fact);
                    check.advise(sandbox.advice().iter().copied())
                }
            };
            vec![Check::new(Subject::Start, Verdict::Good, version), sandbox]
        }
        Err(reason) => {
            let check = Check::new(Subject::Start, Verdict::Problem, reason);
            vec![check.advise([ADVICE])]
        }
    }
}

fn check_fonts(search: &Search, folders: &[PathBuf]) -> Check {
    if system::has_fonts(&search.path, folders) {
        return Check::new(Subject::Fonts, Verdict::Good, "installed");
    }
    let fact = "none: text has no size, and elements that contain only text may count as hidden";
    let advice = system::how_to_install_fonts(&search.path);
    Check::new(Subject::Fonts, Verdict::Problem, fact).advise([advice])
}

fn check_memory(bytes: u64) -> Check {
    let fact = format!("/dev/shm has {} MiB", bytes >> 20);
    if bytes >= ENOUGH_MEMORY {
        return Check::new(Subject::SharedMemory, Verdict::Good, fact);
    }
    let fact = format!("{fact}, too little for large pages");
    Check::new(Subject::SharedMemory, Verdict::Warning, fact)
        .advise(["in a container: docker run --shm-size=1g"])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "searched {} places:", self.searched.len())?;
        for Searched { place, outcome } in &self.searched {
            let is_named = matches!(place.origin, Origin::Configured | Origin::Environment);
            let text = match outcome {
                Ok(found) if found.path != place.path => {
                    format!("{}, a script for {}", found.kind, found.path.display())
                }
                Ok(found) => found.kind.to_string(),
                Err(Unusable::Missing) if !is_named => continue,
                Err(problem) => problem.to_string(),
            };
            writeln!(f, "  {} ({}): {text}", place.path.display(), place.origin)?;
        }
        for check in &self.checks {
            let fact = check.fact.replace('\n', "\n    ");
            writeln!(f, "{}: {}: {fact}", check.verdict, check.subject)?;
            for line in &check.advice {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "doctor/tests.rs"]
mod tests;
