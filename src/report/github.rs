//! Annotations of GitHub Actions, on the baseline's lines.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use std::path::Path;

use super::headline::untested;
use super::tries;
use crate::compare::Impact;
use crate::compare::recurring::{Group, spread};
use crate::run::{Outcome, RunResult, SnapshotReport};
use crate::text::Workflow;

/// GitHub shows ten annotations of each kind and step, and drops the rest.
const MOST: usize = 10;

/// Returns the commands, a line each: one for a group, at its first occurrence.
pub fn report(result: &RunResult) -> Workflow {
    let snapshots: Vec<&SnapshotReport> = result.snapshots().map(|(_, one)| one).collect();
    let mut lines = Vec::new();
    for snapshot in &snapshots {
        match &snapshot.outcome {
            Outcome::Failed(failure) => {
                let text = format!("{}: {}", snapshot.path, failure.message);
                lines.push(command("error", None, "Failed", &text));
            }
            Outcome::New { baseline, .. } => {
                let text = format!(
                    "{} has no baseline. Run `ariasnap test` locally, accept, and commit it",
                    snapshot.path
                );
                lines.push(command(
                    "warning",
                    Some((baseline.as_path(), 1)),
                    "New snapshot",
                    &text,
                ));
            }
            Outcome::Flaky { tries } => {
                let tried = tries::list(tries).plain();
                let text = format!("{} {}\n{tried}", snapshot.path, tries::summary(tries));
                lines.push(command("notice", None, "Flaky snapshot", text.trim_end()));
            }
            Outcome::Matched | Outcome::Updated { .. } | Outcome::Changed { .. } => {}
        }
    }
    if let Some(untested) = untested(result) {
        lines.push(command("error", None, "Not tested", &untested));
    }
    for group in result.groups() {
        lines.extend(of_group(&group, &snapshots));
    }
    let mut text = Workflow::new();
    let left_out = lines.len().saturating_sub(MOST);
    let shown = if left_out > 0 { MOST - 1 } else { lines.len() };
    for line in &lines[..shown] {
        text.push(line);
    }
    if left_out > 0 {
        let more = format!(
            "{} more are in the job summary and the other reports",
            lines.len() - shown
        );
        text.push(&command("notice", None, "ariasnap", &more));
    }
    text
}

fn of_group(group: &Group, snapshots: &[&SnapshotReport]) -> Option<Workflow> {
    let (snapshot, change) = group.example;
    let Outcome::Changed {
        changes,
        baseline,
        fails,
        ..
    } = &snapshots.get(snapshot)?.outcome
    else {
        return None;
    };
    let change = changes.get(change)?;
    let level = match (fails, group.impact) {
        (false, _) => "notice",
        (true, Impact::Regression) => "error",
        (true, Impact::Improvement | Impact::Content | Impact::Structure) => "warning",
    };
    let line = change.anchor.map_or(1, |span| span.line);
    let text = format!(
        "{}{}. Accept: ariasnap accept --group {}",
        group.sentence,
        spread(group.snapshots.len()),
        group.id
    );
    Some(command(
        level,
        Some((baseline.as_path(), line)),
        group.rule.what(),
        &text,
    ))
}

fn command(
    level: &'static str,
    place: Option<(&Path, usize)>,
    title: &str,
    text: &str,
) -> Workflow {
    let mut command = Workflow::new();
    put!(command, "::{} ", level);
    if let Some((file, line)) = place {
        let file = file.to_string_lossy().replace('\\', "/");
        put!(command, "file={},line={},", file, line);
    }
    put!(command, "title={}::{}\n", title, Workflow::message(text));
    command
}
