//! Chooses the cases of a run.

use std::collections::BTreeSet;

use crate::baseline::BaselinePath;
use crate::run::shard::{self, Part};
use crate::run::{CaseReport, RunResult};
use crate::spec::{Case, Config};
use crate::store::history::CaseRun;
use crate::store::{History, Store, StoreError};

use super::args::TestOptions;
use super::context::Context;
use super::exit::Failure;

/// The chosen cases.
pub(super) struct Chosen {
    /// The cases, each with the chosen ones of its snapshots.
    pub(super) cases: Vec<Case>,
    /// The shard, if they are one.
    pub(super) part: Option<Part>,
    history: History,
    /// The titles of all cases, chosen or not.
    titles: BTreeSet<String>,
    /// The baselines of all cases.
    paths: BTreeSet<BaselinePath>,
}

impl Chosen {
    /// Writes the history for the next run.
    pub(super) fn remember(
        mut self,
        result: &RunResult,
        config: &Config,
    ) -> Result<(), StoreError> {
        self.history.learn(runs(result));
        self.history.keep_only(&self.titles, &self.paths);
        self.history.write(&config.root).map(|_| ())
    }
}

/// Returns what the history keeps of a result.
pub(super) fn runs(result: &RunResult) -> impl Iterator<Item = CaseRun> {
    let failed = |case: &CaseReport| {
        let snapshots = case.snapshots.iter();
        snapshots
            .map(|one| (one.path.clone(), one.outcome.fails()))
            .collect()
    };
    result.cases.iter().map(move |case| CaseRun {
        case: case.name.clone(),
        took: case.elapsed,
        snapshots: failed(case),
    })
}

/// Applies FILTER, `--tag`, `--last-failed` and `--shard`.
pub(super) fn cases(
    all: Vec<Case>,
    options: &TestOptions,
    config: &Config,
    context: &Context,
) -> Result<Chosen, Failure> {
    let history = History::read(&config.root)?;
    let snapshots = all.iter().flat_map(|case| &case.snapshots);
    let paths = snapshots.map(|one| one.baseline.clone()).collect();
    let titles = all.iter().map(Case::title).collect();
    let mut cases = asked_for(all, options, &history, config, context)?;
    let mut part = None;
    if let Some(shard) = options.shard {
        let store = Store::new(&config.snapshots);
        let run = context.ci_run.clone();
        let (own, of) = shard::split(&cases, shard, run, |case| history.took(case), &store)?;
        (cases, part) = (own, Some(of));
    }
    Ok(Chosen {
        cases,
        part,
        history,
        titles,
        paths,
    })
}

fn asked_for(
    all: Vec<Case>,
    options: &TestOptions,
    history: &History,
    config: &Config,
    context: &Context,
) -> Result<Vec<Case>, Failure> {
    if all.is_empty() {
        return Err(Failure::nothing_ran(format!(
            "there are no specs in {}",
            context.shown(&config.specs)
        )));
    }
    let filters = context.filters(config, &options.filters)?;
    let named = with_snapshots(all, |path| filters.matches(path));
    if named.is_empty() {
        return Err(Failure::nothing_ran(format!(
            "no snapshot matches {}; `ariasnap test --list` lists all of them",
            options.filters.join(" ")
        )));
    }
    let tagged = tagged(named, &options.tags)?;
    if !options.last_failed {
        return Ok(tagged);
    }
    let failed = with_snapshots(tagged, |path| history.failed().contains(path));
    if failed.is_empty() {
        return Err(Failure::nothing_ran(match history.failed().len() {
            0 => "nothing failed in the last run; run without --last-failed".to_owned(),
            count => format!(
                "none of the chosen snapshots is among the {count} that failed in the last run; \
                 `ariasnap test --last-failed --list` lists those"
            ),
        }));
    }
    Ok(failed)
}

fn with_snapshots(cases: Vec<Case>, is_meant: impl Fn(&BaselinePath) -> bool) -> Vec<Case> {
    let meant = |mut case: Case| {
        case.snapshots.retain(|one| is_meant(&one.baseline));
        (!case.snapshots.is_empty()).then_some(case)
    };
    cases.into_iter().filter_map(meant).collect()
}

fn tagged(cases: Vec<Case>, tags: &[String]) -> Result<Vec<Case>, Failure> {
    if tags.is_empty() {
        return Ok(cases);
    }
    let known: BTreeSet<&String> = cases.iter().flat_map(|case| &case.tags).collect();
    if !tags.iter().any(|tag| known.contains(tag)) {
        let known: Vec<&str> = known.iter().map(|tag| tag.as_str()).collect();
        let help = match known.as_slice() {
            [] => "the specs have no tags, add them as in `tags: [smoke]`".to_owned(),
            known => format!("existing tags: {}", known.join(", ")),
        };
        return Err(Failure::nothing_ran(format!(
            "no case has the tag {}; {help}",
            tags.join(" or ")
        )));
    }
    let is_meant = |case: &Case| case.tags.iter().any(|tag| tags.contains(tag));
    Ok(cases.into_iter().filter(is_meant).collect())
}

/// Returns the output of `--list`.
pub(super) fn list(cases: &[Case]) -> String {
    let snapshots = cases.iter().flat_map(|case| &case.snapshots);
    snapshots.map(|one| format!("{}\n", one.baseline)).collect()
}
