//! What the template needs, worked out beforehand: templates hold no logic.

use serde::Serialize;

use super::{Live, Pictures};
use crate::compare::lines::{self, DiffLine, Sign};
use crate::compare::recurring::{Group, GroupId, sentence, spread};
use crate::compare::{Change, Impact};
use crate::report::changes::counted;
use crate::report::headline::headline;
use crate::report::tries;
use crate::run::{CaseReport, Outcome, Problem, RunResult, SnapshotReport};
use crate::store::evidence::{ChangedNode, Evidence};
use crate::text::{lines as lines_of, one_line};

/// New snapshots are shown so far in a report; their files hold the rest. Where they are decided, all
/// of them is shown.
const LONGEST_NEW: usize = 400;

/// What the views of all snapshots are made from.
struct Page<'a> {
    result: &'a RunResult,
    groups: &'a [Group],
    pictures: &'a Pictures,
    longest_new: usize,
}

#[derive(Serialize)]
pub(super) struct Report {
    headline: String,
    browser: String,
    seconds: String,
    interrupted: bool,
    /// What was not looked at, since enough failed.
    skipped: Option<String>,
    impacts: Vec<ImpactCount>,
    groups: Vec<GroupView>,
    snapshots: Vec<SnapshotView>,
    fine: Vec<String>,
    problems: Vec<ProblemView>,
    to_decide: usize,
}

/// What is wrong with a page that loaded.
#[derive(Serialize)]
struct ProblemView {
    case: String,
    problem: String,
}

#[derive(Serialize)]
struct ImpactCount {
    name: &'static str,
    label: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct GroupView {
    id: String,
    impact: &'static str,
    sentence: String,
    spread: String,
    what: &'static str,
    reason: &'static str,
    command: String,
    members: Vec<Link>,
    old: Vec<String>,
    new: Vec<String>,
}

#[derive(Serialize)]
struct Link {
    path: String,
    anchor: String,
}

#[derive(Serialize)]
struct SnapshotView {
    anchor: String,
    path: String,
    /// The pending snapshot that is shown, where it is decided on the page.
    shown: String,
    /// `changed`, `new`, `failed` or `flaky`
    kind: &'static str,
    impacts: Vec<&'static str>,
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
    /// In how many snapshots it is.
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
    /// What is read before the line.
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

/// Where a changed node is, in parts of a hundred of the picture.
#[derive(Serialize)]
struct Outline {
    change: usize,
    impact: &'static str,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Report {
    pub(super) fn of(result: &RunResult, pictures: &Pictures, live: Option<Live<'_>>) -> Report {
        let groups = result.groups();
        let all: Vec<(&CaseReport, &SnapshotReport)> = result.snapshots().collect();
        let page = Page {
            result,
            groups: &groups,
            pictures,
            longest_new: live.map_or(LONGEST_NEW, |_| usize::MAX),
        };
        let snapshots: Vec<SnapshotView> = all
            .iter()
            .enumerate()
            .filter_map(|(index, (case, snapshot))| {
                let mut view = SnapshotView::of(index, case, snapshot, &page)?;
                let shown = live.and_then(|live| live.shown.get(&snapshot.path));
                view.shown = shown.map(ToString::to_string).unwrap_or_default();
                Some(view)
            })
            .collect();
        let is_fine = |one: &&SnapshotReport| {
            matches!(one.outcome, Outcome::Matched | Outcome::Updated { .. })
        };
        let fine = all.iter().map(|(_, one)| *one).filter(is_fine);
        let tally = result.tally();
        Report {
            headline: headline(&tally),
            browser: result.browser.clone(),
            seconds: format!("{:.1}", result.elapsed.as_secs_f32()),
            interrupted: result.interrupted,
            skipped: (result.skipped > 0).then(|| counted(result.skipped, "snapshot")),
            impacts: impacts(&all),
            groups: groups
                .iter()
                .filter(|group| group.snapshots.len() > 1)
                .map(|group| GroupView::of(group, &all))
                .collect(),
            fine: fine.map(|one| one.path.to_string()).collect(),
            problems: problems(result),
            to_decide: tally.new + tally.changed + tally.tolerated,
            snapshots: sorted(snapshots),
        }
    }
}

fn problems(result: &RunResult) -> Vec<ProblemView> {
    let of_case = |case: &CaseReport| -> Vec<ProblemView> {
        let view = |problem: &Problem| ProblemView {
            case: one_line(&case.name).into_owned(),
            problem: one_line(&problem.to_string()).into_owned(),
        };
        case.problems.iter().map(view).collect()
    };
    result.cases.iter().flat_map(of_case).collect()
}

fn impacts(all: &[(&CaseReport, &SnapshotReport)]) -> Vec<ImpactCount> {
    let has = |snapshot: &SnapshotReport, impact| {
        snapshot
            .changes()
            .iter()
            .any(|change| change.impact == impact)
    };
    let count = |impact: Impact| ImpactCount {
        name: impact.as_str(),
        label: label(impact),
        count: all.iter().filter(|(_, one)| has(one, impact)).count(),
    };
    Impact::ALL.into_iter().map(count).collect()
}

fn label(impact: Impact) -> &'static str {
    match impact {
        Impact::Regression => "Regression",
        Impact::Improvement => "Improvement",
        Impact::Content => "Content",
        Impact::Structure => "Structure",
    }
}

/// Failures, then regressions, then the other impacts in order, then new ones.
fn sorted(mut snapshots: Vec<SnapshotView>) -> Vec<SnapshotView> {
    let rank = |one: &SnapshotView| match one.kind {
        "failed" => 0,
        "new" => 9,
        "flaky" => 10,
        _ => {
            let order = Impact::ALL.map(Impact::as_str);
            let first = one.impacts.first();
            1 + order
                .iter()
                .position(|name| Some(name) == first)
                .unwrap_or(4)
        }
    };
    snapshots.sort_by_key(rank);
    snapshots
}

fn anchor(index: usize) -> String {
    format!("snapshot-{}", index + 1)
}

impl GroupView {
    fn of(group: &Group, all: &[(&CaseReport, &SnapshotReport)]) -> GroupView {
        let example = all
            .get(group.example.0)
            .and_then(|(_, snapshot)| snapshot.changes().get(group.example.1));
        let side = |side: Option<&crate::compare::Side>| -> Vec<String> {
            side.map(|side| {
                side.text
                    .lines()
                    .map(|line| one_line(line).into_owned())
                    .collect()
            })
            .unwrap_or_default()
        };
        let link = |index: &usize| Link {
            path: all
                .get(*index)
                .map_or(String::new(), |(_, one)| one.path.to_string()),
            anchor: anchor(*index),
        };
        GroupView {
            id: group.id.to_string(),
            impact: group.impact.as_str(),
            sentence: one_line(&group.sentence).into_owned(),
            spread: spread(group.snapshots.len()),
            what: group.rule.what(),
            reason: group.rule.reason(),
            command: format!("ariasnap accept --group {}", group.id),
            members: group.snapshots.iter().map(link).collect(),
            old: side(example.and_then(|change| change.old.as_ref())),
            new: side(example.and_then(|change| change.new.as_ref())),
        }
    }
}

impl SnapshotView {
    fn of(
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
                let summary = "no verdict".to_owned();
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
            // Anything else would be an address that does something when it is clicked.
            url: Some(&case.url)
                .filter(|url| url.starts_with("http://") || url.starts_with("https://"))
                .cloned()
                .unwrap_or_default(),
            browser: evidence.map_or(&result.browser, |one| &one.browser).clone(),
            viewport: evidence.map_or(String::new(), |one| {
                format!("{}×{}", one.viewport.0, one.viewport.1)
            }),
            command: format!("ariasnap accept {}", snapshot.path),
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
        group: id.to_string(),
        selector: node.map_or(String::new(), |node| one_line(&node.selector).into_owned()),
        html: node.map_or(String::new(), |node| lines_of(&node.html).into_owned()),
    }
}

/// Lines that differ stand in blocks of their own, so that old and new can be put side by side.
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
        text: one_line(&line.text).into_owned(),
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
