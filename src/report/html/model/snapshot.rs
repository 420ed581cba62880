//! The values of one snapshot.

use serde::Serialize;

use super::{Page, anchor};
use crate::compare::lines::{self, DiffLine, Sign};
use crate::compare::recurring::{Group, GroupId, sentence};
use crate::compare::visible::show;
use crate::compare::{Change, Impact};
use crate::report::changes::counted;
use crate::report::html::Pictures;
use crate::report::tries;
use crate::run::{CaseReport, Outcome, SnapshotReport};
use crate::store::evidence::{ChangedNode, Evidence};
use crate::text::{end_of_options, lines as lines_of, one_line, shell};

#[derive(Serialize)]
pub(super) struct SnapshotView {
    anchor: String,
    path: String,
    /// The fingerprint of the pending snapshot, in a review.
    pub(super) shown: String,
    /// `changed`, `new`, `failed` or `flaky`
    pub(super) kind: &'static str,
    pub(super) impacts: Vec<&'static str>,
    summary: String,
    case: String,
    url: String,
    browser: String,
    viewport: String,
    command: String,
    message: String,
    changes: Vec<ChangeView>,
    hunks: Vec<Hunk>,
    picture: Option<PictureView>,
}

#[derive(Serialize)]
struct ChangeView {
    number: usize,
    impact: &'static str,
    sentence: String,
    what: &'static str,
    reason: &'static str,
    path: String,
    group: String,
    /// The number of snapshots with this change.
    pages: usize,
    selector: String,
    html: String,
}

#[derive(Serialize)]
struct Hunk {
    differs: bool,
    lines: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    /// `same`, `removed`, `added` or `gap`
    kind: &'static str,
    /// What screen readers read before the line.
    spoken: &'static str,
    sign: &'static str,
    text: String,
    change: Option<usize>,
    number: Option<usize>,
}

#[derive(Serialize)]
struct PictureView {
    address: String,
    width: u32,
    height: u32,
    part: Option<Part>,
    outlines: Vec<Outline>,
}

/// Which part of the page a picture shows, in pixels from its top.
#[derive(Serialize)]
struct Part {
    top: u32,
    bottom: u32,
    of: u32,
}

/// The box of a changed node, in percent of the picture.
#[derive(Serialize)]
struct Outline {
    change: usize,
    impact: &'static str,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl SnapshotView {
    pub(super) fn of(
        index: usize,
        case: &CaseReport,
        snapshot: &SnapshotReport,
        page: &Page<'_>,
    ) -> Option<SnapshotView> {
        let Page {
            result,
            groups,
            pictures,
            longest_new,
        } = *page;
        let changes = snapshot.changes();
        let evidence = snapshot.evidence();
        let (kind, summary, message, lines) = match &snapshot.outcome {
            Outcome::Matched | Outcome::Updated { .. } => return None,
            Outcome::Flaky { tries } => {
                let message = tries::list(tries).plain();
                ("flaky", tries::summary(tries), message, Vec::new())
            }
            Outcome::New { text, .. } => {
                let mut lines = lines::diff("", text, &[], None);
                let summary = format!("new, {}", counted(lines.len(), "line"));
                lines.truncate(longest_new);
                ("new", summary, String::new(), lines)
            }
            Outcome::Changed { diff, .. } => {
                let summary = counted(changes.len(), "change");
                ("changed", summary, String::new(), diff.clone())
            }
            Outcome::Failed(failure) => {
                let summary = "failed".to_owned();
                ("failed", summary, failure.message.clone(), Vec::new())
            }
        };
        let has = |impact: &Impact| changes.iter().any(|change| change.impact == *impact);
        Some(SnapshotView {
            anchor: anchor(index),
            path: snapshot.path.to_string(),
            shown: String::new(),
            kind,
            impacts: Impact::ALL
                .into_iter()
                .filter(has)
                .map(Impact::as_str)
                .collect(),
            summary,
            case: case.name.clone(),
            // Other schemes could run something when they are clicked.
            url: Some(&case.url)
                .filter(|url| url.starts_with("http://") || url.starts_with("https://"))
                .cloned()
                .unwrap_or_default(),
            browser: evidence.map_or(&result.browser, |one| &one.browser).clone(),
            viewport: evidence.map_or(String::new(), |one| {
                format!("{}×{}", one.viewport.0, one.viewport.1)
            }),
            command: accept(snapshot.path.as_str()),
            message,
            changes: changes
                .iter()
                .enumerate()
                .map(|(number, change)| {
                    let node = evidence.and_then(|one| one.nodes.get(number)?.as_ref());
                    change_view(number, change, node, groups)
                })
                .collect(),
            hunks: hunks(lines),
            picture: evidence.and_then(|evidence| picture(evidence, changes, pictures)),
        })
    }
}

fn accept(path: &str) -> String {
    format!("ariasnap accept {}{}", end_of_options(path), shell(path))
}

fn change_view(
    number: usize,
    change: &Change,
    node: Option<&ChangedNode>,
    groups: &[Group],
) -> ChangeView {
    let id = GroupId::of(change);
    let group = groups.iter().find(|group| group.id == id);
    ChangeView {
        number,
        impact: change.impact.as_str(),
        sentence: one_line(&sentence(change)).into_owned(),
        what: change.rule.what(),
        reason: change.rule.reason(),
        path: one_line(&change.path).into_owned(),
        pages: group.map_or(1, |group| group.snapshots.len()),
        group: id.as_str().to_owned(),
        selector: node.map_or(String::new(), |node| one_line(&node.selector).into_owned()),
        html: node.map_or(String::new(), |node| lines_of(&node.html).into_owned()),
    }
}

/// Puts changed lines into blocks of their own, so that old and new can appear side by side.
fn hunks(lines: Vec<DiffLine>) -> Vec<Hunk> {
    let mut hunks: Vec<Hunk> = Vec::new();
    for line in lines {
        let differs = matches!(line.sign, Sign::Removed | Sign::Added);
        let view = line_view(line);
        match hunks.last_mut() {
            Some(hunk) if hunk.differs == differs => hunk.lines.push(view),
            _ => hunks.push(Hunk {
                differs,
                lines: vec![view],
            }),
        }
    }
    hunks
}

fn line_view(line: DiffLine) -> LineView {
    let (kind, spoken, sign) = match line.sign {
        Sign::Same => ("same", "", " "),
        Sign::Removed => ("removed", "removed: ", "−"),
        Sign::Added => ("added", "added: ", "+"),
        Sign::Gap => ("gap", "", "⋯"),
    };
    LineView {
        kind,
        spoken,
        sign,
        text: one_line(&show(&line.text)).into_owned(),
        change: line.change,
        number: line.new.or(line.old),
    }
}

fn picture(evidence: &Evidence, changes: &[Change], pictures: &Pictures) -> Option<PictureView> {
    let screenshot = evidence.screenshot.as_ref()?;
    let (width, height) = (f64::from(screenshot.width), f64::from(screenshot.height));
    let share = |part: i32, whole: f64| (f64::from(part) / whole * 10_000.0).round() / 100.0;
    let outline = |(number, (change, node)): (usize, (&Change, &Option<ChangedNode>))| {
        let rect = node.as_ref()?.rect?;
        Some(Outline {
            change: number,
            impact: change.impact.as_str(),
            left: share(rect.x, width),
            top: share(rect.y.saturating_sub_unsigned(screenshot.top), height),
            width: share(rect.width, width),
            height: share(rect.height, height),
        })
    };
    Some(PictureView {
        address: pictures.get(&screenshot.file)?.clone(),
        width: screenshot.width,
        height: screenshot.height,
        part: (screenshot.page_height > screenshot.height).then_some(Part {
            top: screenshot.top,
            bottom: screenshot
                .top
                .saturating_add(screenshot.height)
                .min(screenshot.page_height),
            of: screenshot.page_height,
        }),
        outlines: changes
            .iter()
            .zip(&evidence.nodes)
            .enumerate()
            .filter_map(outline)
            .collect(),
    })
}
