//! Changes for people: the kind, the place, the old and the new text.

use anstyle::Style;

use crate::compare::recurring::sentence;
use crate::compare::visible::{self, Of, Piece};
use crate::compare::{Change, Impact, Kind, Side};

use super::style::{BAD, BOLD, DIM, GOOD, WARN, paint};
use crate::text::{Terminal, one_line};

/// Returns `2 regressions, 1 content change`.
pub fn headline(changes: &[Change]) -> Terminal {
    let part = |impact: Impact| {
        let count = changes.iter().filter(|one| one.impact == impact).count();
        let what = match impact {
            Impact::Regression | Impact::Improvement => impact.as_str().to_owned(),
            Impact::Content | Impact::Structure => format!("{} change", impact.as_str()),
        };
        (count > 0).then(|| paint(style(impact), &counted(count, &what)))
    };
    let parts: Vec<Terminal> = Impact::ALL.into_iter().filter_map(part).collect();
    joined(&parts)
}

/// Returns the parts with a comma between them.
pub(super) fn joined(parts: &[Terminal]) -> Terminal {
    let mut text = Terminal::new();
    for (at, part) in parts.iter().enumerate() {
        put!(text, "{}{}", if at == 0 { "" } else { ", " }, part);
    }
    text
}

/// Returns the changes, a paragraph each, indented.
pub fn list(changes: &[Change]) -> Terminal {
    let mut text = Terminal::new();
    for change in changes {
        push(&mut text, change);
    }
    text
}

/// Returns `1 snapshot` or `2 snapshots`.
pub fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Returns the colour of an impact.
pub fn style(impact: Impact) -> anstyle::Style {
    match impact {
        Impact::Regression => BAD,
        Impact::Improvement => GOOD,
        Impact::Content => WARN,
        Impact::Structure => DIM,
    }
}

fn push(text: &mut Terminal, change: &Change) {
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
    put!(
        text,
        "    {} {} {}\n",
        paint(style, change.impact.as_str()),
        paint(BOLD, &what(change)),
        paint(DIM, &format!("{path}{place}")),
    );
    let is_told_by_sides = change.about.is_none() && change.to.is_none() && !change.missing;
    if !is_told_by_sides {
        put!(text, "      {}\n", one_line(&sentence(change)));
    }
    push_sides(text, change);
}

/// Prints both sides, with changed words underlined and invisible characters as code points.
fn push_sides(text: &mut Terminal, change: &Change) {
    // A text may be on its own line on one side and after its node on the other.
    let side_text = |side: &Option<Side>| {
        let side = side.as_ref()?;
        let value = side.value.as_ref().filter(|_| change.kind == Kind::Text);
        Some(value.unwrap_or(&side.text).clone())
    };
    let (old, new) = match (side_text(&change.old), side_text(&change.new)) {
        (Some(old), Some(new))
            if change.kind != Kind::Moved && !old.contains('\n') && !new.contains('\n') =>
        {
            let (old, new) = visible::show_both(&old, &new);
            let pieces = visible::shortened(visible::words(&old, &new));
            (
                Some(vec![marked(&pieces, Of::Old, BAD)]),
                Some(vec![marked(&pieces, Of::New, GOOD)]),
            )
        }
        (Some(_), Some(new)) if change.kind == Kind::Moved => (None, Some(plain(&new, WARN))),
        (old, new) => (
            old.map(|old| plain(&old, BAD)),
            new.map(|new| plain(&new, GOOD)),
        ),
    };
    let signs = match change.kind {
        Kind::Moved => ["-", "~"],
        _ => ["-", "+"],
    };
    for ((side, sign), style) in [old, new].into_iter().zip(signs).zip([BAD, GOOD]) {
        for line in side.iter().flatten() {
            put!(text, "      {} {}\n", paint(style, sign), line);
        }
    }
}

fn plain(text: &str, style: Style) -> Vec<Terminal> {
    let lines = text.lines();
    lines
        .map(|line| paint(style, &visible::show(line)))
        .collect()
}

fn marked(pieces: &[Piece], side: Of, style: Style) -> Terminal {
    let shown = pieces
        .iter()
        .filter(|piece| piece.of == Of::Both || piece.of == side);
    let part = |piece: &Piece| {
        let style = if piece.of == side {
            style.bold().underline()
        } else {
            style
        };
        paint(style, &piece.text)
    };
    let mut text = Terminal::new();
    for piece in shown.map(part) {
        text.push(&piece);
    }
    text
}

fn what(change: &Change) -> String {
    let kind = change.kind.as_str();
    match change.kind {
        _ if change.missing => "not found".to_owned(),
        Kind::Name | Kind::Role | Kind::State | Kind::Property | Kind::Text => {
            format!("{kind} changed")
        }
        Kind::Added | Kind::Removed | Kind::Moved | Kind::Wrapped | Kind::Unwrapped => {
            kind.to_owned()
        }
    }
}
