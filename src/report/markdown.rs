//! A comment on a pull request, or a job summary.

use std::fmt::Write as _;

use anstream::adapter::strip_str;

use super::changes::{counted, headline as headline_of};
use super::headline::headline;
use super::tries;
use crate::compare::recurring::{Group, spread};
use crate::compare::{Change, Impact};
use crate::run::{Outcome, RunResult, SnapshotReport, Try};

/// GitHub takes 65,536 characters for a comment; what is longer is not posted at all.
const LONGEST: usize = 60_000;

/// How many rows each list shows.
const MOST: usize = 50;

/// The report. It is cut, with a count of what is left out, where it would not fit a comment.
pub fn report(result: &RunResult) -> String {
    let mut most = MOST;
    loop {
        let text = with_rows(result, most);
        if text.len() <= LONGEST || most == 0 {
            return text;
        }
        most /= 2;
    }
}

/// The changes between two snapshots: a table, and each of them as a diff.
pub fn changes(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "No difference.\n".to_owned();
    }
    let mut text = String::from("| impact | change | where |\n| --- | --- | --- |\n");
    for change in changes.iter().take(MOST) {
        let _ = writeln!(
            text,
            "| {} {} | {} | {} |",
            mark(change.impact),
            change.impact.as_str(),
            change.rule.what(),
            cell(&change.path),
        );
    }
    text.push('\n');
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
    let fence = fence(&lines);
    let _ = writeln!(text, "{fence}diff\n{lines}{fence}");
    text
}

fn push_sides(lines: &mut String, change: &Change) {
    for (side, sign) in [(&change.old, '-'), (&change.new, '+')] {
        for line in side.iter().flat_map(|side| side.text.lines()).take(20) {
            let _ = writeln!(lines, "{sign} {line}");
        }
    }
}

fn with_rows(result: &RunResult, most: usize) -> String {
    let mut text = String::from("## Accessibility snapshots\n\n");
    let strong = |count: usize| format!("**{count}**");
    text += &headline(&result.tally(), strong);
    if result.skipped > 0 {
        let skipped = strong(result.skipped);
        let _ = write!(text, ", {skipped} not looked at, since enough failed");
    }
    if result.interrupted {
        text += ", the run was interrupted";
    }
    text += "\n\n";
    let snapshots: Vec<&SnapshotReport> = result.snapshots().map(|(_, one)| one).collect();
    let groups = result.groups();
    if !groups.is_empty() {
        text.push_str("| impact | change | pages | group |\n| --- | --- | ---: | --- |\n");
        for group in groups.iter().take(most) {
            let _ = writeln!(
                text,
                "| {} {} | {} | {} | `{}` |",
                mark(group.impact),
                group.impact.as_str(),
                cell(&group.sentence),
                group.snapshots.len(),
                group.id,
            );
        }
        text.push('\n');
        push_rest(&mut text, groups.len(), most, "group");
        push_examples(&mut text, &groups, &snapshots, most);
    }
    push_list(&mut text, "New snapshots", most, &snapshots, |one| {
        matches!(one.outcome, Outcome::New { .. }).then(|| code(one.path.as_str()))
    });
    push_list(&mut text, "Flaky", most, &snapshots, |one| {
        let Outcome::Flaky { tries } = &one.outcome else {
            return None;
        };
        let what = tries.iter().map(|one| match one {
            Try::Changed { changes } => strip_str(&headline_of(changes)).to_string(),
            Try::Failed(failure) => failure.message.lines().take(1).collect(),
        });
        let what: Vec<String> = what.map(|text| cell(&text)).collect();
        let (path, summary) = (code(one.path.as_str()), tries::summary(tries));
        Some(format!("{path} {summary}; before: {}", what.join("; ")))
    });
    push_list(&mut text, "Without a verdict", most, &snapshots, |one| {
        let Outcome::Failed(failure) = &one.outcome else {
            return None;
        };
        let first = failure.message.lines().next().unwrap_or_default();
        Some(format!("{}: {}", code(one.path.as_str()), cell(first)))
    });
    let tally = result.tally();
    if tally.new + tally.changed + tally.tolerated > 0 {
        text.push_str("To decide: run `ariasnap test` and `ariasnap review`, or `ariasnap accept --group ID`, and commit the baselines.\n");
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

/// One diff for each group, folded away.
fn push_examples(text: &mut String, groups: &[Group], snapshots: &[&SnapshotReport], most: usize) {
    for group in groups.iter().take(most.min(20)) {
        let (snapshot, change) = group.example;
        let Some(snapshot) = snapshots.get(snapshot) else {
            continue;
        };
        let Some(change) = snapshot.changes().get(change) else {
            continue;
        };
        let _ = writeln!(
            text,
            "<details><summary>{}{}</summary>\n\n{}{}\n",
            html(&group.sentence),
            spread(group.snapshots.len()),
            code(snapshot.path.as_str()),
            if change.path.is_empty() {
                String::new()
            } else {
                format!(", in {}", code(&change.path))
            },
        );
        let mut lines = String::new();
        push_sides(&mut lines, change);
        let fence = fence(&lines);
        let _ = writeln!(text, "{fence}diff\n{lines}{fence}\n</details>\n");
    }
}

fn push_list(
    text: &mut String,
    title: &str,
    most: usize,
    snapshots: &[&SnapshotReport],
    row: impl Fn(&SnapshotReport) -> Option<String>,
) {
    let rows: Vec<String> = snapshots.iter().filter_map(|one| row(one)).collect();
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(text, "### {title}\n");
    for row in rows.iter().take(most) {
        let _ = writeln!(text, "- {row}");
    }
    text.push('\n');
    push_rest(text, rows.len(), most, "snapshot");
}

fn push_rest(text: &mut String, count: usize, most: usize, what: &str) {
    if count > most {
        let _ = writeln!(text, "… and {} more\n", counted(count - most, what));
    }
}

/// Text in an element of HTML, where Markdown has no say.
fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('@', "&#64;")
}

/// Text that stays text in a table of Markdown.
fn cell(text: &str) -> String {
    escaped(text).replace('|', "\\|").replace('\n', " ")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A name such as `@team` would call people, `#12` refer to something.
            '*' | '_' | '`' | '[' | ']' | '\\' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '@' => out.push_str("@\u{200b}"),
            '#' => out.push_str("&#35;"),
            _ => out.push(c),
        }
    }
    out
}

fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn fence(text: &str) -> String {
    "`".repeat((longest_run(text) + 1).max(3))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
