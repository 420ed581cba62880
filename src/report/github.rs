//! Annotations of GitHub Actions, on the baseline's lines.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use std::fmt::Write as _;
use std::path::Path;

use super::tries;
use crate::compare::Impact;
use crate::compare::recurring::{Group, spread};
use crate::run::{Outcome, RunResult, SnapshotReport};
use crate::text::{one_line, without_marks};

/// GitHub shows ten annotations of each kind and step, and drops the rest.
const MOST: usize = 10;

/// Returns the commands, a line each: one for a group, at its first occurrence.
pub fn report(result: &RunResult) -> String {
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
    for group in result.groups() {
        lines.extend(of_group(&group, &snapshots));
    }
    let mut text = String::new();
    let left_out = lines.len().saturating_sub(MOST);
    let shown = if left_out > 0 { MOST - 1 } else { lines.len() };
    for line in &lines[..shown] {
        let _ = writeln!(text, "{line}");
    }
    if left_out > 0 {
        let more = format!(
            "{} more are in the job summary and the other reports",
            lines.len() - shown
        );
        let _ = writeln!(text, "{}", command("notice", None, "ariasnap", &more));
    }
    text
}

fn of_group(group: &Group, snapshots: &[&SnapshotReport]) -> Option<String> {
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

fn command(level: &str, place: Option<(&Path, usize)>, title: &str, text: &str) -> String {
    let place = place.map_or(String::new(), |(file, line)| {
        let file = file.to_string_lossy().replace('\\', "/");
        format!("file={},line={line},", property(&file))
    });
    format!("::{level} {place}title={}::{}", property(title), data(text))
}

/// Returns the message of a command, with characters that the runner interprets escaped.
fn data(text: &str) -> String {
    let kept = |c| matches!(c, '\r' | '\n');
    let lines = text.split_inclusive(kept).map(|line| {
        let (content, end) = line.split_at(line.trim_end_matches(kept).len());
        one_line(content).into_owned() + end
    });
    let text: String = lines.collect();
    // The runner shows the message on its own line, which other systems may read.
    without_marks(&text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
