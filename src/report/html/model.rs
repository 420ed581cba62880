//! The values of the template, which has no logic itself.

mod snapshot;

use serde::Serialize;

use super::{Live, Pictures};
use crate::compare::Impact;
use crate::compare::recurring::{Group, spread};
use crate::compare::visible::show;
use crate::report::changes::counted;
use crate::report::headline::headline;
use crate::run::{CaseReport, Outcome, Problem, RunResult, SnapshotReport};
use crate::text::one_line;
use snapshot::SnapshotView;

/// How many lines of a new snapshot a report shows. A review shows all of them.
const LONGEST_NEW: usize = 400;

/// The source of all views.
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
    /// The snapshots that were not tested.
    skipped: Option<String>,
    impacts: Vec<ImpactCount>,
    groups: Vec<GroupView>,
    snapshots: Vec<SnapshotView>,
    fine: Vec<String>,
    problems: Vec<ProblemView>,
    to_decide: usize,
}

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
            skipped: (!result.untested.is_empty())
                .then(|| counted(result.untested.len(), "snapshot")),
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
                    .map(|line| one_line(&show(line)).into_owned())
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
            id: group.id.as_str().to_owned(),
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
