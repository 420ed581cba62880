//! Which cases a run is about, and the errors where that is none.

use std::collections::BTreeSet;

use crate::baseline::BaselinePath;
use crate::run::shard::{self, Part};
use crate::run::{CaseReport, RunResult};
use crate::spec::{Case, Config};
use crate::store::history::Told;
use crate::store::{History, Store, StoreError};

use super::args::TestOptions;
use super::context::Context;
use super::exit::{Exit, Failure};

/// What is run, and what is known of it.
pub(super) struct Chosen {
    /// Those that are meant, with those of their snapshots that are.
    pub(super) cases: Vec<Case>,
    /// What they are a part of, where they are not the whole.
    pub(super) part: Option<Part>,
    history: History,
    /// The titles of all cases that there are.
    titles: BTreeSet<String>,
    /// The places of all their snapshots.
    paths: BTreeSet<BaselinePath>,
}

impl Chosen {
    /// Keeps what a run tells for the next one.
    pub(super) fn remember(
        mut self,
        result: &RunResult,
        config: &Config,
    ) -> Result<(), StoreError> {
        self.history.learn(told(result));
        self.history.keep_only(&self.titles, &self.paths);
        self.history.write(&config.root).map(|_| ())
    }
}

/// What there is to remember of a result.
pub(super) fn told(result: &RunResult) -> impl Iterator<Item = Told> {
    let failed = |case: &CaseReport| {
        let snapshots = case.snapshots.iter();
        snapshots
            .map(|one| (one.path.clone(), one.outcome.fails()))
            .collect()
    };
    result.cases.iter().map(move |case| Told {
        case: case.name.clone(),
        took: case.elapsed,
        snapshots: failed(case),
    })
}

/// Chooses among all cases.
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
    let mut cases = meant(all, options, &history, config, context)?;
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

fn meant(
    all: Vec<Case>,
    options: &TestOptions,
    history: &History,
    config: &Config,
    context: &Context,
) -> Result<Vec<Case>, Failure> {
    if all.is_empty() {
        return Err(nothing(format!(
            "there are no specs in {}",
            context.shown(&config.specs)
        )));
    }
    let filters = context.filters(config, &options.filters)?;
    let named = with_snapshots(all, |path| filters.matches(path));
    if named.is_empty() {
        return Err(nothing(format!(
            "no snapshot matches {}; `ariasnap test --list` lists what there is",
            options.filters.join(" ")
        )));
    }
    let tagged = tagged(named, &options.tags)?;
    if !options.last_failed {
        return Ok(tagged);
    }
    let failed = with_snapshots(tagged, |path| history.failed().contains(path));
    if failed.is_empty() {
        return Err(nothing(match history.failed().len() {
            0 => "nothing failed when it was last run here; run without --last-failed".to_owned(),
            count => format!(
                "nothing of what failed last ({count}) is among those that were asked \
                 for; `ariasnap test --last-failed --list` lists them"
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
            [] => "none has any: write `tags: [smoke]` into a spec".to_owned(),
            known => format!("they have: {}", known.join(", ")),
        };
        return Err(nothing(format!(
            "no case has the tag {}; {help}",
            tags.join(" or ")
        )));
    }
    let is_meant = |case: &Case| case.tags.iter().any(|tag| tags.contains(tag));
    Ok(cases.into_iter().filter(is_meant).collect())
}

fn nothing(message: String) -> Failure {
    Failure {
        exit: Exit::NothingRan,
        message: message.into(),
    }
}

/// What `--list` prints.
pub(super) fn list(cases: &[Case]) -> String {
    let snapshots = cases.iter().flat_map(|case| &case.snapshots);
    snapshots.map(|one| format!("{}\n", one.baseline)).collect()
}
