//! Changes for people: what stood there, what stands there now, and where.

use std::fmt::Write as _;

use crate::compare::{Change, Impact, Kind};

use super::style::{BAD, BOLD, DIM, GOOD, WARN, paint};

/// `2 regressions, 1 content change`
pub fn headline(changes: &[Change]) -> String {
    let part = |impact: Impact| {
        let count = changes.iter().filter(|one| one.impact == impact).count();
        let plural = if count == 1 { "" } else { "s" };
        let (what, style) = match impact {
            Impact::Regression => (format!("regression{plural}"), BAD),
            Impact::Improvement => (format!("improvement{plural}"), GOOD),
            Impact::Content => (format!("content change{plural}"), WARN),
            Impact::Structure => (format!("structure change{plural}"), DIM),
        };
        (count > 0).then(|| paint(style, format!("{count} {what}")))
    };
    let parts: Vec<String> = Impact::ALL.into_iter().filter_map(part).collect();
    parts.join(", ")
}

/// The changes, one paragraph each, every line indented.
pub fn list(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        push(&mut text, change);
    }
    text
}

/// `1 snapshot`, `2 snapshots`
pub(super) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The colour of an impact.
pub fn style(impact: Impact) -> anstyle::Style {
    match impact {
        Impact::Regression => BAD,
        Impact::Improvement => GOOD,
        Impact::Content => WARN,
        Impact::Structure => DIM,
    }
}

fn push(text: &mut String, change: &Change) {
    let style = style(change.impact);
    let place = change
        .old
        .as_ref()
        .and_then(|old| old.span)
        .map(|span| format!(":{}", span.line))
        .unwrap_or_default();
    let path = if change.path.is_empty() {
        "top level"
    } else {
        &change.path
    };
    let _ = writeln!(
        text,
        "    {} {} {}",
        paint(style, change.impact.as_str()),
        paint(BOLD, what(change)),
        paint(DIM, format!("{path}{place}")),
    );
    let sides = [(&change.old, "-", BAD), (&change.new, "+", GOOD)];
    for (side, sign, style) in sides {
        for line in side.iter().flat_map(|side| side.text.lines()) {
            let _ = writeln!(text, "      {}", paint(style, format!("{sign} {line}")));
        }
    }
}

fn what(change: &Change) -> String {
    match change.kind {
        Kind::Name => "name changed",
        Kind::Role => "role changed",
        Kind::State => "state changed",
        Kind::Property => "property changed",
        Kind::Text => "text changed",
        Kind::Added => "added",
        Kind::Removed => "removed",
        Kind::Moved => "moved",
        Kind::Wrapped => "wrapped",
        Kind::Unwrapped => "unwrapped",
    }
    .to_owned()
}
