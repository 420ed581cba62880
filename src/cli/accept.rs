//! `ariasnap accept` and `ariasnap reject`

use crate::baseline::BaselinePath;
use crate::review::decide::{self, Choice, Part, Target};
use crate::review::pile::{self, Item};
use crate::spec::Config;
use crate::store::{Accepted, Store};

use super::args::DecideOptions;
use super::context::Context;
use super::exit::{Exit, Failure, chain};
use super::output;
use super::signals::{self, Polling};

pub(super) fn accept(options: &DecideOptions, context: &Context) -> Result<Exit, Failure> {
    if !options.groups.is_empty() {
        return decide_groups(options, context, Choice::Accept);
    }
    decide(options, context, "accepted", |store, path| {
        let _lock = store.lock()?;
        Ok(match store.accept(path)? {
            Accepted::Created => "new baseline",
            Accepted::Replaced | Accepted::AlreadyThere => "accepted",
        })
    })
}

pub(super) fn reject(options: &DecideOptions, context: &Context) -> Result<Exit, Failure> {
    if !options.groups.is_empty() {
        return decide_groups(options, context, Choice::Reject);
    }
    decide(options, context, "rejected", |store, path| {
        let _lock = store.lock()?;
        store.reject(path)?;
        Ok("rejected")
    })
}

/// Decides the changes of groups, and leaves the other changes of their snapshots pending.
fn decide_groups(
    options: &DecideOptions,
    context: &Context,
    choice: Choice,
) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let filters = context.filters(&config, &options.filters)?;
    let store = Store::new(&config.snapshots);
    let items = pile::load(&store, |path| filters.matches(path))?;
    let has = |item: &&Item| item.groups().iter().any(|id| options.groups.contains(id));
    let chosen: Vec<&Item> = items.iter().filter(has).collect();
    if chosen.is_empty() {
        return Err(Failure {
            exit: Exit::NothingRan,
            message:
                "nothing that is pending has such a change; `ariasnap status` lists the groups"
                    .into(),
        });
    }
    let (word, mut refused) = match choice {
        Choice::Accept => ("accepted", 0),
        Choice::Reject => ("rejected", 0),
    };
    let _polling = Polling::begin();
    let part = Part::Groups(options.groups.clone());
    for (done, item) in chosen.iter().enumerate() {
        if signals::came() {
            return Ok(interrupted(done, chosen.len(), word));
        }
        let target = Target {
            path: item.path.clone(),
            part: part.clone(),
            shown: item.shown,
        };
        match decide::decide(&store, &target, choice) {
            Ok(_) => {
                if !store.pending_file(&item.path).exists() {
                    store.remove_evidence(&item.path)?;
                }
                output::result(&terminal!("{} in {}\n", word, item.path));
            }
            Err(error) => {
                refused += 1;
                output::error(chain(&error));
            }
        }
    }
    if refused > 0 {
        return Err(Failure::usage(format!(
            "{refused} of {} could not be {word}",
            chosen.len()
        )));
    }
    Ok(Exit::AllMatch)
}

/// Says how far it came: every file is whole, what is left is pending.
fn interrupted(done: usize, of: usize, what: &str) -> Exit {
    output::note(format!(
        "interrupted: {done} of {of} {what}, the rest is pending"
    ));
    Exit::Interrupted
}

fn decide(
    options: &DecideOptions,
    context: &Context,
    what: &str,
    decision: impl Fn(&Store, &BaselinePath) -> Result<&'static str, crate::store::StoreError>,
) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let store = Store::new(&config.snapshots);
    let chosen = chosen(options, &config, &store, context)?;
    if chosen.is_empty() {
        output::note("nothing is pending");
        return Ok(Exit::NothingRan);
    }
    let _polling = Polling::begin();
    let mut refused = 0;
    for (done, path) in chosen.iter().enumerate() {
        if signals::came() {
            return Ok(interrupted(done, chosen.len(), what));
        }
        match decision(&store, path) {
            Ok(word) => output::result(&terminal!("{} {}\n", word, path)),
            Err(error) => {
                refused += 1;
                output::error(chain(&error));
            }
        }
    }
    if refused > 0 {
        return Err(Failure::usage(format!(
            "{refused} of {} could not be {what}",
            chosen.len()
        )));
    }
    Ok(Exit::AllMatch)
}

fn chosen(
    options: &DecideOptions,
    config: &Config,
    store: &Store,
    context: &Context,
) -> Result<Vec<BaselinePath>, Failure> {
    let pending = store.list()?.pending;
    if pending.is_empty() {
        return Ok(Vec::new());
    }
    if !options.all && options.filters.is_empty() {
        let list: Vec<String> = pending.iter().map(|path| format!("\n  {path}")).collect();
        return Err(Failure::usage(format!(
            "name what is meant, or a --group, or say --all; pending are:{}",
            list.concat()
        )));
    }
    let filters = context.filters(config, &options.filters)?;
    let chosen: Vec<BaselinePath> = pending
        .iter()
        .filter(|path| filters.matches(path))
        .cloned()
        .collect();
    if chosen.is_empty() {
        return Err(Failure {
            exit: Exit::NothingRan,
            message: format!(
                "nothing that is pending matches {}; `ariasnap status` lists it",
                options.filters.join(" ")
            )
            .into(),
        });
    }
    Ok(chosen)
}
