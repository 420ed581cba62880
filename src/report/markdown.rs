//! The Markdown report: a pull request comment, or a job summary.

use super::changes::{counted, headline as headline_of};
use super::headline::{untested, verdicts};
use super::tries;
use crate::compare::recurring::{Group, spread};
use crate::compare::{Change, Impact};
use crate::run::{Outcome, RunResult, SnapshotReport, Try};
use crate::text::Markdown;

/// GitHub refuses a comment of more than 65,536 characters.
const LONGEST: usize = 60_000;

/// How many rows each list shows.
const MOST: usize = 50;

/// Returns the report, shortened with a count of the omitted rows if it would not fit into a comment.
pub fn report(result: &RunResult) -> Markdown {
    let mut most = MOST;
    loop {
        let text = with_rows(result, most);
        if text.len() <= LONGEST || most == 0 {
            return text;
        }
        most /= 2;
    }
}

/// Returns the changes between two snapshots: a table, and a diff of each.
pub fn changes(changes: &[Change]) -> Markdown {
    if changes.is_empty() {
        return markdown!("No differences.\n");
    }
    let mut text = markdown!("| impact | change | where |\n| --- | --- | --- |\n");
    for change in changes.iter().take(MOST) {
        put!(
            text,
            "| {} {} | {} | {} |\n",
            mark(change.impact),
            change.impact.as_str(),
            change.rule.what(),
            change.path,
        );
    }
    put!(text, "\n");
    push_rest(&mut text, changes.len(), MOST, "change");
    let mut lines = String::new();
    for change in changes {
        let start = lines.len();
        push_sides(&mut lines, change);
        if text.len() + lines.len() > LONGEST {
            lines.truncate(start);
            break;
        }
    }
    text.push(&Markdown::block("diff", &lines));
    text
}

fn push_sides(lines: &mut String, change: &Change) {
    for (side, sign) in [(&change.old, '-'), (&change.new, '+')] {
        for line in side.iter().flat_map(|side| side.text.lines()).take(20) {
            lines.push_str(&format!("{sign} {line}\n"));
        }
    }
}

fn with_rows(result: &RunResult, most: usize) -> Markdown {
    let mut text = markdown!("## Accessibility snapshots\n\n");
    let tally = result.tally();
    put!(text, "{}: ", counted(tally.total(), "snapshot"));
    let mut next = "";
    for (count, what, _) in verdicts(&tally) {
        put!(text, "{}**{}** {}", next, count, what);
        next = ", ";
    }
    if let Some(untested) = untested(result) {
        put!(text, ", {}", untested);
    }
    put!(text, "\n\n");
    let snapshots: Vec<&SnapshotReport> = result.snapshots().map(|(_, one)| one).collect();
    let groups = result.groups();
    if !groups.is_empty() {
        put!(
            text,
            "| impact | change | snapshots | group |\n| --- | --- | ---: | --- |\n"
        );
        for group in groups.iter().take(most) {
            put!(
                text,
                "| {} {} | {} | {} | `{}` |\n",
                mark(group.impact),
                group.impact.as_str(),
                group.sentence,
                group.snapshots.len(),
                group.id,
            );
        }
        put!(text, "\n");
        push_rest(&mut text, groups.len(), most, "group");
        push_examples(&mut text, &groups, &snapshots, most);
    }
    push_list(&mut text, "New snapshots", most, &snapshots, |one| {
        matches!(one.outcome, Outcome::New { .. }).then(|| Markdown::code(one.path.as_str()))
    });
    push_list(&mut text, "Flaky", most, &snapshots, |one| {
        let Outcome::Flaky { tries } = &one.outcome else {
            return None;
        };
        let what = tries.iter().map(|one| match one {
            Try::Changed { changes } => headline_of(changes).plain(),
            Try::Failed(failure) => failure.message.lines().take(1).collect(),
        });
        let what = what.collect::<Vec<String>>().join("; ");
        let path = Markdown::code(one.path.as_str());
        Some(markdown!(
            "{} {}; first: {}",
            path,
            tries::summary(tries),
            what
        ))
    });
    push_list(&mut text, "Failed", most, &snapshots, |one| {
        let Outcome::Failed(failure) = &one.outcome else {
            return None;
        };
        let first = failure.message.lines().next().unwrap_or_default();
        Some(markdown!(
            "{}: {}",
            Markdown::code(one.path.as_str()),
            first
        ))
    });
    let tally = result.tally();
    if tally.new + tally.changed + tally.tolerated > 0 {
        put!(
            text,
            "Next: run `ariasnap test` and `ariasnap review`, or `ariasnap accept --group ID`, and commit the baselines.\n"
        );
    }
    text
}

fn mark(impact: Impact) -> &'static str {
    match impact {
        Impact::Regression => "❌",
        Impact::Improvement => "✅",
        Impact::Content => "✏️",
        Impact::Structure => "🧱",
    }
}

/// Adds a folded diff for each group.
fn push_examples(
    text: &mut Markdown,
    groups: &[Group],
    snapshots: &[&SnapshotReport],
    most: usize,
) {
    for group in groups.iter().take(most.min(20)) {
        let (snapshot, change) = group.example;
        let Some(snapshot) = snapshots.get(snapshot) else {
            continue;
        };
        let Some(change) = snapshot.changes().get(change) else {
            continue;
        };
        put!(
            text,
            "<details><summary>{}{}</summary>\n\n{}{}\n\n",
            Markdown::html(&group.sentence),
            spread(group.snapshots.len()),
            Markdown::code(snapshot.path.as_str()),
            match change.path.as_str() {
                "" => Markdown::new(),
                path => markdown!(", in {}", Markdown::code(path)),
            },
        );
        let mut lines = String::new();
        push_sides(&mut lines, change);
        put!(text, "{}</details>\n\n", Markdown::block("diff", &lines));
    }
}

fn push_list(
    text: &mut Markdown,
    title: &str,
    most: usize,
    snapshots: &[&SnapshotReport],
    row: impl Fn(&SnapshotReport) -> Option<Markdown>,
) {
    let rows: Vec<Markdown> = snapshots.iter().filter_map(|one| row(one)).collect();
    if rows.is_empty() {
        return;
    }
    put!(text, "### {}\n\n", title);
    for row in rows.iter().take(most) {
        put!(text, "- {}\n", row);
    }
    put!(text, "\n");
    push_rest(text, rows.len(), most, "snapshot");
}

fn push_rest(text: &mut Markdown, count: usize, most: usize, what: &str) {
    if count > most {
        put!(text, "… and {} more\n\n", counted(count - most, what));
    }
}
