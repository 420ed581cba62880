//! `ariasnap status`

use crate::baseline::BaselinePath;
use crate::compare::Impact;
use crate::compare::recurring::{self, Group, GroupId, spread};
use crate::report::changes;
use crate::report::style::{BOLD, DIM, WARN, paint};
use crate::review::pile::{self, Item};
use crate::spec;
use crate::store::Store;
use crate::text::{Data, Terminal};
use serde::Serialize;

use super::args::StatusOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::known::Known;
use super::output;

/// The output of `--json`.
#[derive(Debug, Default, Serialize)]
struct Status {
    /// Pending snapshots that differ from their baselines.
    pending: Vec<BaselinePath>,
    /// Pending snapshots without a baseline.
    new: Vec<BaselinePath>,
    /// Baselines and pending snapshots that no spec uses.
    obsolete: Vec<BaselinePath>,
    /// Changes that occur in several snapshots, each once.
    groups: Vec<GroupStatus>,
}

#[derive(Debug, Serialize)]
struct GroupStatus {
    id: GroupId,
    impact: Impact,
    sentence: String,
    snapshots: Vec<BaselinePath>,
}

pub(super) fn run(options: &StatusOptions, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let filters = context.filters(&config, &options.filters)?;
    let known = Known::of(spec::load(&config, &context.folder)?, &config)?;
    let store = Store::new(&config.snapshots);
    let mut items = pile::load(&store, |path| filters.matches(path))?;
    let wanted = pile::meant(&options.groups, &items).map_err(Failure::usage)?;
    if !options.groups.is_empty() {
        items.retain(|item| item.groups().iter().any(|id| wanted.contains(id)));
    }
    let mut status = Status {
        groups: groups(&items, &wanted),
        ..Status::default()
    };
    for item in items {
        let list = if !known.has(&item.path) {
            // No spec describes the page any longer, so that no run can confirm it.
            &mut status.obsolete
        } else if item.is_new {
            &mut status.new
        } else {
            &mut status.pending
        };
        list.push(item.path);
    }
    let listing = store.list()?;
    let baselines = known
        .obsolete(&listing)
        .filter(|path| filters.matches(path));
    status.obsolete.extend(baselines.cloned());
    status.obsolete.sort();
    status.obsolete.dedup();
    let is_known = items_of(&status)
        .chain(&known.paths)
        .any(|path| filters.matches(path));
    if !options.filters.is_empty() && !is_known {
        let filters = options.filters.join(" ");
        return Err(Failure::nothing_ran(format!(
            "no snapshot matches {filters}"
        )));
    }
    if options.json {
        output::data(&Data::json(&status).map_err(Failure::usage)?);
    } else {
        output::result(&text(&status));
        for note in known.notes(&listing) {
            output::note(note);
        }
    }
    Ok(Exit::AllMatch)
}

fn items_of(status: &Status) -> impl Iterator<Item = &BaselinePath> {
    let lists = [&status.new, &status.pending, &status.obsolete];
    lists.into_iter().flatten()
}

fn groups(items: &[Item], wanted: &[GroupId]) -> Vec<GroupStatus> {
    let group = |group: Group| GroupStatus {
        snapshots: group
            .snapshots
            .iter()
            .map(|at| items[*at].path.clone())
            .collect(),
        id: group.id,
        impact: group.impact,
        sentence: group.sentence,
    };
    recurring::groups(items.iter().map(|item| item.changes.as_slice()))
        .into_iter()
        .filter(|group| wanted.is_empty() || wanted.contains(&group.id))
        .map(group)
        .collect()
}

fn text(status: &Status) -> Terminal {
    let mut text = Terminal::new();
    let parts = [
        ("changed", &status.pending),
        ("new", &status.new),
        ("obsolete", &status.obsolete),
    ];
    for (word, paths) in parts {
        for path in paths {
            put!(
                text,
                "{} {}\n",
                paint(WARN, &format!("{word:<8}")),
                paint(BOLD, path)
            );
        }
    }
    for group in &status.groups {
        put!(
            text,
            "{} {} {}{}\n",
            paint(DIM, &format!("group {}", group.id)),
            paint(
                changes::style(group.impact),
                &format!("{:<11}", group.impact.as_str())
            ),
            group.sentence,
            spread(group.snapshots.len()),
        );
    }
    if text.is_empty() {
        return terminal!("nothing is pending\n");
    }
    let advice = "Review: `ariasnap review`. Accept: `ariasnap accept --all`, or FILTER or --group ID. Reject: `ariasnap reject`. Delete obsolete baselines: `ariasnap check --prune`.";
    put!(text, "{}\n", paint(DIM, advice));
    text
}
