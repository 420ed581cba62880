//! Differences between a snapshot and the browser's accessibility tree, for people.

use crate::compare::against_browser::{Difference, Finding, Reason};
use crate::compare::visible::show;
use crate::text::Terminal;

/// Returns a paragraph for each finding, those without a known reason first, and their number.
pub fn text(findings: &[Finding]) -> Terminal {
    let (open, known): (Vec<&Finding>, Vec<&Finding>) = findings
        .iter()
        .partition(|finding| finding.reason.is_none());
    let mut text = Terminal::new();
    for finding in open.iter().chain(&known) {
        text.push(&paragraph(finding));
    }
    match (open.len(), known.len()) {
        (0, 0) => put!(text, "snapshot and browser agree on every role and name\n"),
        (open, known) => {
            put!(
                text,
                "{} without a known reason, {} with a known reason\n",
                open,
                known
            );
        }
    }
    text
}

fn paragraph(finding: &Finding) -> Terminal {
    let what = match &finding.difference {
        Difference::Role { snapshot, browser } => {
            format!("role: snapshot {}, browser {browser}", show(snapshot))
        }
        Difference::Name {
            role,
            snapshot,
            browser,
        } => format!(
            "name of {role}: snapshot \"{}\", browser \"{}\"",
            show(snapshot),
            show(browser)
        ),
        Difference::Missing { snapshot, browser } if browser.is_empty() => {
            format!("only in the snapshot: {}", show(snapshot))
        }
        Difference::Missing { snapshot, browser } => format!(
            "only in the snapshot: {} (the browser says: {})",
            show(snapshot),
            browser.join(", ")
        ),
        Difference::Extra { browser } => format!("only in the browser: {}", show(browser)),
    };
    let place = match finding.path.as_str() {
        "" => String::new(),
        path => format!("  in {}\n", show(path)),
    };
    let reason = finding.reason.map(Reason::explain);
    let reason = reason.map_or_else(String::new, |reason| format!("  why: {reason}\n"));
    Terminal::message(&format!("{what}\n{place}{reason}\n"))
}
