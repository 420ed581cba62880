//! The terminal report: one line if all snapshots match, otherwise the changes and what to do.

use std::collections::HashSet;

use super::headline::{untested, verdicts};
use super::style::{BAD, BOLD, DIM, GOOD, WARN, paint};
use super::{Surroundings, changes, tries};
use crate::baseline::BaselinePath;
use crate::compare::Change;
use crate::compare::recurring::{Group, GroupId, spread};
use crate::run::{Outcome, RunResult, SnapshotReport};
use crate::text::Terminal;

/// Returns the report.
pub fn report(result: &RunResult, surroundings: Surroundings) -> Terminal {
    let mut text = Terminal::new();
    let groups = result.groups();
    let shared: Vec<&Group> = groups
        .iter()
        .filter(|group| group.snapshots.len() > 1)
        .collect();
    push_groups(&mut text, result, &shared);
    let in_groups: HashSet<&GroupId> = shared.iter().map(|group| &group.id).collect();
    let mut last_error = String::new();
    let mut repeated = 0;
    for (_, snapshot) in result.snapshots() {
        if let Outcome::Failed(error) = &snapshot.outcome {
            let error = error.message.clone();
            if error == last_error {
                repeated += 1;
                continue;
            }
            push_repeated(&mut text, &mut repeated);
            push_failed(&mut text, snapshot, &error);
            last_error = error;
        } else {
            push_verdict(&mut text, snapshot, &in_groups);
        }
    }
    push_repeated(&mut text, &mut repeated);
    for case in &result.cases {
        for note in &case.notes {
            put!(text, "{} {}: {}\n", paint(DIM, "note   "), case.name, note);
        }
        for problem in &case.problems {
            put!(
                text,
                "{} {}: {}\n",
                paint(BAD, "problem"),
                case.name,
                problem
            );
        }
    }
    push_summary(&mut text, result, surroundings);
    text
}

fn push_repeated(text: &mut Terminal, repeated: &mut usize) {
    if *repeated > 0 {
        put!(text, "    the same for {} more\n", repeated);
        *repeated = 0;
    }
}

fn push_failed(text: &mut Terminal, snapshot: &SnapshotReport, error: &str) {
    put!(
        text,
        "{} {}\n",
        paint(BAD, "failed "),
        paint(BOLD, &snapshot.path)
    );
    for line in error.lines() {
        put!(text, "    {}\n", line);
    }
}

/// Prints the changes that several snapshots share, each once.
fn push_groups(text: &mut Terminal, result: &RunResult, shared: &[&Group]) {
    const NAMED: usize = 3;
    if shared.is_empty() {
        return;
    }
    let paths: Vec<&BaselinePath> = result.snapshots().map(|(_, one)| &one.path).collect();
    for group in shared {
        put!(
            text,
            "{} {}{} {}\n",
            paint(
                changes::style(group.impact),
                &format!("{:<11}", group.impact.as_str())
            ),
            paint(BOLD, &group.sentence),
            paint(BOLD, &spread(group.snapshots.len())),
            paint(DIM, &format!("group {}", group.id)),
        );
        let named = group
            .snapshots
            .iter()
            .filter_map(|at| paths.get(*at))
            .take(NAMED);
        for path in named {
            put!(text, "    {}\n", paint(DIM, path));
        }
        if group.snapshots.len() > NAMED {
            let more = format!("and {} more", group.snapshots.len() - NAMED);
            put!(text, "    {}\n", paint(DIM, &more));
        }
    }
}

fn push_verdict(text: &mut Terminal, snapshot: &SnapshotReport, in_groups: &HashSet<&GroupId>) {
    let path = paint(BOLD, &snapshot.path);
    match &snapshot.outcome {
        Outcome::Matched | Outcome::Failed(_) => {}
        Outcome::Flaky { tries } => {
            let flaky = paint(WARN, "flaky  ");
            put!(text, "{} {} {}\n", flaky, path, tries::summary(tries));
            text.push(&tries::list(tries));
        }
        Outcome::New { pending, .. } => {
            let file = pending.display();
            put!(
                text,
                "{} {} {}\n",
                paint(WARN, "new    "),
                path,
                paint(DIM, &file)
            );
        }
        Outcome::Changed {
            changes,
            pending,
            fails,
            ..
        } => {
            let is_in_group = |change: &&Change| in_groups.contains(&GroupId::of(change));
            let own: Vec<Change> = changes
                .iter()
                .filter(|change| !is_in_group(change))
                .cloned()
                .collect();
            if own.is_empty() {
                return;
            }
            let style = if *fails { BAD } else { WARN };
            put!(
                text,
                "{} {}: {} {}\n",
                paint(style, "changed"),
                path,
                changes::headline(&own),
                paint(DIM, &pending.display()),
            );
            text.push(&changes::list(&own));
        }
        Outcome::Updated { baseline } => {
            let file = baseline.display();
            put!(
                text,
                "{} {} {}\n",
                paint(GOOD, "updated"),
                path,
                paint(DIM, &file)
            );
        }
    }
}

fn push_summary(text: &mut Terminal, result: &RunResult, surroundings: Surroundings) {
    let tally = result.tally();
    let parts: Vec<Terminal> = verdicts(&tally)
        .map(|(count, what, style)| paint(style, &format!("{count} {what}")))
        .collect();
    if let Some(untested) = untested(result) {
        put!(text, "{}\n", paint(BAD, &untested));
    }
    put!(
        text,
        "{}: {} {}\n",
        changes::counted(tally.total(), "snapshot"),
        match parts.as_slice() {
            [] => terminal!("nothing ran"),
            parts => changes::joined(parts),
        },
        paint(DIM, &format!("in {:.1} s", result.elapsed.as_secs_f32())),
    );
    let waiting = tally.new + tally.changed + tally.tolerated;
    if waiting > 0 {
        put!(
            text,
            "Review: {}. Accept: {}, or FILTER or --group ID. Reject: {}.\n",
            paint(BOLD, "ariasnap review"),
            paint(BOLD, "ariasnap accept --all"),
            paint(BOLD, "ariasnap reject"),
        );
    }
    if surroundings.is_ci && tally.new > 0 {
        put!(
            text,
            "In CI, a snapshot without a baseline fails. Run `ariasnap test` locally, accept, and commit the baselines.\n",
        );
    }
}
