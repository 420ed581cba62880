//! `ariasnap accept` and `ariasnap reject`

use crate::baseline::BaselinePath;
use crate::review::decide::{self, Choice, DecideError, Part, Target};
use crate::review::pile::{self, Item};
use crate::spec::{self, Config};
use crate::store::{Accepted, Store};

use super::args::DecideOptions;
use super::context::Context;
use super::exit::{Exit, Failure, chain};
use super::known::Known;
use super::output;
use super::signals::{self, Polling};

pub(super) fn run(
    options: &DecideOptions,
    context: &Context,
    choice: Choice,
) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let store = Store::new(&config.snapshots);
    let filters = context.filters(&config, &options.filters)?;
    let filters = filters.or_whole(&store.list()?.pending);
    if !options.groups.is_empty() {
        let items = pile::load(&store, |path| filters.matches(path))?;
        let groups = pile::meant(&options.groups, &items).map_err(Failure::usage)?;
        let has = |item: &&Item| item.groups().iter().any(|id| groups.contains(id));
        let chosen: Vec<&Item> = items.iter().filter(has).collect();
        if chosen.is_empty() {
            return Err(Failure::nothing_ran(
                "no pending snapshot has this change; `ariasnap status` lists the groups",
            ));
        }
        let part = Part::Groups(groups.clone());
        return each(&chosen, choice, |item| {
            decide_groups(&store, item, &part, choice)
        });
    }
    let pending = store.list()?.pending;
    if pending.is_empty() {
        output::note("nothing is pending");
        return Ok(Exit::NothingRan);
    }
    if !options.all && options.filters.is_empty() {
        let list: Vec<String> = pending.iter().map(|path| format!("\n  {path}")).collect();
        return Err(Failure::usage(format!(
            "name snapshots or a --group, or use --all; these are pending:{}",
            list.concat()
        )));
    }
    let is_chosen = |path: &&BaselinePath| filters.matches(path);
    let chosen: Vec<&BaselinePath> = pending.iter().filter(is_chosen).collect();
    if chosen.is_empty() {
        return Err(Failure::nothing_ran(format!(
            "no pending snapshot matches {}; `ariasnap status` lists them",
            options.filters.join(" ")
        )));
    }
    let chosen = match choice {
        Choice::Accept => without_obsolete(chosen, &config, context),
        Choice::Reject => chosen,
    };
    if chosen.is_empty() {
        return Ok(Exit::NothingRan);
    }
    each(&chosen, choice, |path| decide_all(&store, path, choice))
}

/// Leaves out the snapshots that no spec has. Without readable specs, none is known to be obsolete.
fn without_obsolete<'a>(
    mut chosen: Vec<&'a BaselinePath>,
    config: &Config,
    context: &Context,
) -> Vec<&'a BaselinePath> {
    let specs = spec::load(config, &context.folder).ok();
    let Some(known) = specs.and_then(|specs| Known::of(specs, config).ok()) else {
        return chosen;
    };
    chosen.retain(|path| {
        let is_known = known.has(path);
        if !is_known {
            output::note(format!("not accepted, since no spec has it: {path}"));
        }
        is_known
    });
    chosen
}

/// Decides one after the other until a signal comes.
fn each<T>(
    chosen: &[T],
    choice: Choice,
    decide: impl Fn(&T) -> Result<String, DecideError>,
) -> Result<Exit, Failure> {
    let done = past(choice);
    let _polling = Polling::begin();
    let mut refused = 0;
    for (count, one) in chosen.iter().enumerate() {
        if signals::came() {
            output::note(format!(
                "interrupted: {count} of {} {done}, the others are still pending",
                chosen.len()
            ));
            return Ok(Exit::Interrupted);
        }
        match decide(one) {
            Ok(line) => output::result(&terminal!("{}\n", line)),
            Err(error) => {
                refused += 1;
                output::error(chain(&error));
            }
        }
    }
    match refused {
        0 => Ok(Exit::AllMatch),
        _ => Err(Failure::usage(format!(
            "{refused} of {} could not be {done}",
            chosen.len()
        ))),
    }
}

fn decide_all(store: &Store, path: &BaselinePath, choice: Choice) -> Result<String, DecideError> {
    let _lock = store.lock()?;
    let done = match choice {
        Choice::Accept if store.accept(path)? == Accepted::Created => "new baseline",
        Choice::Accept => "accepted",
        Choice::Reject => {
            store.reject(path)?;
            "rejected"
        }
    };
    Ok(format!("{done} {path}"))
}

/// Decides the changes of groups. Other changes of the snapshot stay pending.
fn decide_groups(
    store: &Store,
    item: &Item,
    part: &Part,
    choice: Choice,
) -> Result<String, DecideError> {
    let target = Target {
        path: item.path.clone(),
        part: part.clone(),
        shown: item.shown,
    };
    decide::decide(store, &target, choice)?;
    if !store.pending_file(&item.path).exists() {
        store.remove_evidence(&item.path)?;
    }
    Ok(format!("{} in {}", past(choice), item.path))
}

fn past(choice: Choice) -> &'static str {
    match choice {
        Choice::Accept => "accepted",
        Choice::Reject => "rejected",
    }
}
