//! Why the browser does not start, and what to do about it.
//!
//! [`examine`] looks and gives plain data. Only the start itself is the caller's, so that it is the
//! start that is used elsewhere.

mod memory;
mod sandbox;

use std::fmt;
use std::path::PathBuf;

pub use sandbox::Sandbox;

use super::find::{FindError, Found, Looked, Origin, Search, Unusable};
use super::install::packages::Manager;
use super::install::{self, fonts, libraries};
use super::platform::System;

/// What the examination is told about the machine. Plain data: nothing here reads the environment.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The root of the file system: `/`.
    pub root: PathBuf,
    /// Whether this process runs as root: [`super::install::packages::superuser`].
    pub superuser: bool,
    /// Where fonts would be: [`super::install::fonts::folders`].
    pub fonts: Vec<PathBuf>,
}

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Whether there is a browser.
    Browser,
    /// Which version it says it is.
    Version,
    /// The shared libraries that it needs.
    Libraries,
    /// Whether it starts.
    Start,
    /// Whether it can lock its pages in.
    Sandbox,
    /// Whether there are fonts.
    Fonts,
    /// The room in `/dev/shm`.
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

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
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

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What about.
    pub subject: Subject,
    /// How bad.
    pub verdict: Verdict,
    /// What was found.
    pub fact: String,
    /// What the user can do, sentences and commands, one a line; empty where all is well.
    pub advice: Vec<String>,
}

/// All that was found.
#[derive(Debug)]
pub struct Report {
    /// Every place that was looked at, in order.
    pub looked: Vec<Looked>,
    /// What was checked, in order.
    pub checks: Vec<Check>,
}

impl Report {
    /// The worst of the verdicts.
    pub fn verdict(&self) -> Verdict {
        self.checks
            .iter()
            .map(|check| check.verdict)
            .max()
            .unwrap_or(Verdict::Good)
    }
}

/// Examines the browser and the machine.
///
/// `start` starts the browser as it is started for pages, closes it, and gives what it said of itself
/// or why it failed.
pub fn examine(
    search: &Search,
    machine: &Machine,
    start: impl FnOnce(&Found) -> Result<String, String>,
) -> Report {
    let looked = search.survey();
    let browser = search.find();
    let mut checks = vec![found(&browser)];
    if let Ok(found) = &browser {
        checks.push(version(found));
        checks.extend(libraries(search, found));
        checks.push(started(start(found)));
    }
    if search.platform.system == System::Linux {
        let executable = browser.as_ref().ok().map(|found| found.path.as_path());
        checks.push(Sandbox::examine(machine, &search.path, executable).check());
        checks.push(has_fonts(search, machine));
        checks.extend(memory::shared(&machine.root));
    }
    Report { looked, checks }
}

fn good(subject: Subject, fact: String) -> Check {
    Check {
        subject,
        verdict: Verdict::Good,
        fact,
        advice: Vec::new(),
    }
}

fn found(browser: &Result<Found, FindError>) -> Check {
    match browser {
        Ok(found) => good(
            Subject::Browser,
            format!(
                "{} at {} ({})",
                found.kind,
                found.path.display(),
                found.origin
            ),
        ),
        Err(error) => {
            let text = error.to_string();
            let mut lines = text.lines().map(|line| line.trim().to_owned());
            Check {
                subject: Subject::Browser,
                verdict: Verdict::Problem,
                fact: lines.next().unwrap_or_default(),
                advice: lines.collect(),
            }
        }
    }
}

fn version(found: &Found) -> Check {
    match install::version(&found.path) {
        Ok(answer) if answer.trim().is_empty() => Check {
            subject: Subject::Version,
            verdict: Verdict::Warning,
            fact: "it gives no version".into(),
            advice: Vec::new(),
        },
        Ok(answer) => good(Subject::Version, answer.trim().to_owned()),
        Err(error) => Check {
            subject: Subject::Version,
            verdict: Verdict::Problem,
            fact: error.to_string(),
            advice: Vec::new(),
        },
    }
}

fn libraries(search: &Search, found: &Found) -> Option<Check> {
    if search.platform.system != System::Linux {
        return None;
    }
    let names = libraries::missing(&search.path, &found.path);
    Some(if names.is_empty() {
        good(Subject::Libraries, "none is missing".into())
    } else {
        Check {
            subject: Subject::Libraries,
            verdict: Verdict::Problem,
            fact: format!("missing: {}", names.join(", ")),
            advice: libraries::advice(&names),
        }
    })
}

fn started(outcome: Result<String, String>) -> Check {
    match outcome {
        Ok(said) => good(Subject::Start, said),
        Err(reason) => Check {
            subject: Subject::Start,
            verdict: Verdict::Problem,
            fact: reason,
            advice: vec![
                "if no other problem is listed here, try another browser: `ariasnap browser install`, or `browser.path` in ariasnap.yml".into(),
            ],
        },
    }
}

fn has_fonts(search: &Search, machine: &Machine) -> Check {
    if fonts::present(&search.path, &machine.fonts) {
        return good(Subject::Fonts, "there are fonts".into());
    }
    let commands = Manager::ALL
        .into_iter()
        .filter_map(|manager| Some(format!("  {}", manager.command_to_type(manager.fonts()?))));
    Check {
        subject: Subject::Fonts,
        verdict: Verdict::Problem,
        fact: "there are none: text has no size, and elements that hold text alone may count as hidden".into(),
        advice: std::iter::once("install some, one of:".to_owned()).chain(commands).collect(),
    }
}

impl fmt::Display for Report {
    /// Places that hold something, how many do not, then the checks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "looked at {} places:", self.looked.len())?;
        for looked in &self.looked {
            let place = &looked.place;
            let named = matches!(place.origin, Origin::Configured | Origin::Environment);
            let text = match &looked.outcome {
                Ok(found) if found.path != place.path => {
                    format!(
                        "{}, a script that starts {}",
                        found.kind,
                        found.path.display()
                    )
                }
                Ok(found) => found.kind.to_string(),
                Err(Unusable::Missing) if !named => continue,
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

#[cfg(all(test, unix))]
#[path = "doctor/tests.rs"]
mod tests;
