//! A run's result for the terminal: one line when all is well, otherwise what to look at and what to do.

use std::fmt::Write as _;
use std::path::Path;

use super::changes;
use super::style::{BAD, BOLD, DIM, GOOD, WARN, paint};
use crate::run::{Outcome, RunResult, SnapshotReport};

/// How a result is told.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// The folder that paths are shown relative to.
    pub folder: &'a Path,
    /// Whether a new snapshot makes the run fail.
    pub is_ci: bool,
}

/// The whole report.
pub fn report(result: &RunResult, telling: Telling<'_>) -> String {
    let mut text = String::new();
    let mut last_error = String::new();
    let mut repeated = 0;
    for (_, snapshot) in result.snapshots() {
        if let Outcome::Failed(error) = &snapshot.outcome {
            let error = error.to_string();
            if error == last_error {
                repeated += 1;
                continue;
            }
            push_repeated(&mut text, &mut repeated);
            push_failed(&mut text, snapshot, &error, telling.folder);
            last_error = error;
        } else {
            push_verdict(&mut text, snapshot, telling);
        }
    }
    push_repeated(&mut text, &mut repeated);
    for case in &result.cases {
        for note in &case.notes {
            let _ = writeln!(text, "{} {}: {note}", paint(DIM, "note   "), case.name);
        }
    }
    push_summary(&mut text, result, telling);
    text
}

fn push_repeated(text: &mut String, repeated: &mut usize) {
    if *repeated > 0 {
        let _ = writeln!(text, "    and the same for {repeated} more");
        *repeated = 0;
    }
}

fn push_failed(text: &mut String, snapshot: &SnapshotReport, error: &str, folder: &Path) {
    let _ = writeln!(
        text,
        "{} {}",
        paint(BAD, "error  "),
        paint(BOLD, &snapshot.path)
    );
    let folder = format!("{}/", folder.display());
    for line in error.lines() {
        let _ = writeln!(text, "    {}", line.replace(&folder, ""));
    }
}

fn push_verdict(text: &mut String, snapshot: &SnapshotReport, telling: Telling<'_>) {
    let path = paint(BOLD, &snapshot.path);
    match &snapshot.outcome {
        Outcome::Matched | Outcome::Failed(_) => {}
        Outcome::New { pending } => {
            let file = relative(pending, telling.folder);
            let _ = writeln!(
                text,
                "{} {path} {}",
                paint(WARN, "new    "),
                paint(DIM, file)
            );
        }
        Outcome::Changed {
            changes,
            pending,
            fails,
            ..
        } => {
            let style = if *fails { BAD } else { WARN };
            let _ = writeln!(
                text,
                "{} {path}: {} {}",
                paint(style, "changed"),
                changes::headline(changes),
                paint(DIM, relative(pending, telling.folder)),
            );
            text.push_str(&changes::list(changes));
        }
        Outcome::Updated { baseline } => {
            let file = relative(baseline, telling.folder);
            let _ = writeln!(
                text,
                "{} {path} {}",
                paint(GOOD, "updated"),
                paint(DIM, file)
            );
        }
    }
}

fn relative<'a>(path: &'a Path, folder: &Path) -> std::path::Display<'a> {
    path.strip_prefix(folder).unwrap_or(path).display()
}

fn push_summary(text: &mut String, result: &RunResult, telling: Telling<'_>) {
    let tally = result.tally();
    let counts = [
        (tally.matched, "match", GOOD),
        (tally.updated, "updated", GOOD),
        (tally.new, "new", WARN),
        (tally.tolerated, "differ and are tolerated", WARN),
        (tally.changed, "differ", BAD),
        (tally.failed, "without a verdict", BAD),
    ];
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, what, style)| paint(style, format!("{count} {what}")))
        .collect();
    let total = tally.total();
    let plural = if total == 1 { "" } else { "s" };
    let _ = writeln!(
        text,
        "{total} snapshot{plural}: {} {}",
        parts.join(", "),
        paint(DIM, format!("in {:.1} s", result.elapsed.as_secs_f32())),
    );
    let waiting = tally.new + tally.changed + tally.tolerated;
    if waiting > 0 {
        let _ = writeln!(
            text,
            "To take what is pending as the new baselines: {} (or {} FILTER, or {} to drop it)",
            paint(BOLD, "ariasnap accept --all"),
            paint(BOLD, "ariasnap accept"),
            paint(BOLD, "ariasnap reject"),
        );
    }
    if telling.is_ci && tally.new > 0 {
        let _ = writeln!(
            text,
            "In CI a snapshot without a baseline fails: run `ariasnap test` locally, accept, and commit the baselines.",
        );
    }
}
