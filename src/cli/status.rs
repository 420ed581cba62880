//! `ariasnap status`

use std::fmt::Write as _;

use ariasnap::baseline::BaselinePath;
use ariasnap::report::style::{BOLD, DIM, WARN, paint};
use ariasnap::spec;
use ariasnap::store::{Fingerprint, Store};
use serde::Serialize;

use super::args::StatusOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::known::Known;
use super::output;

/// What waits to be decided, by place.
#[derive(Debug, Default, Serialize)]
struct Status {
    /// Pending snapshots that differ from their baselines.
    pending: Vec<BaselinePath>,
    /// Pending snapshots without a baseline.
    new: Vec<BaselinePath>,
    /// Baselines that no spec knows any more.
    obsolete: Vec<BaselinePath>,
}

pub(super) fn run(options: &StatusOptions, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let filters = context.filters(&config, &options.filters)?;
    let known = Known::of(spec::load(&config, &context.folder)?, &config)?;
    let store = Store::new(&config.snapshots);
    let listing = store.list()?;
    let mut status = Status::default();
    for path in listing.pending.iter().filter(|path| filters.matches(path)) {
        let is_new = store
            .pending(path)?
            .is_some_and(|pending| pending.against == Fingerprint::None);
        let list = if is_new {
            &mut status.new
        } else {
            &mut status.pending
        };
        list.push(path.clone());
    }
    status.obsolete = known
        .obsolete(&listing)
        .filter(|path| filters.matches(path))
        .cloned()
        .collect();
    if options.json {
        let json = serde_json::to_string_pretty(&status).map_err(Failure::usage)?;
        output::result(&format!("{json}\n"));
    } else {
        output::result(&text(&status));
        for note in known.notes(&listing) {
            output::note(&note);
        }
    }
    Ok(Exit::AllMatch)
}

fn text(status: &Status) -> String {
    let mut text = String::new();
    let parts = [
        ("changed", &status.pending),
        ("new", &status.new),
        ("obsolete", &status.obsolete),
    ];
    for (word, paths) in parts {
        for path in paths {
            let _ = writeln!(
                text,
                "{} {}",
                paint(WARN, format!("{word:<8}")),
                paint(BOLD, path)
            );
        }
    }
    if text.is_empty() {
        return "nothing is pending\n".to_owned();
    }
    let advice = "accept with `ariasnap accept FILTER` or `--all`, drop with `ariasnap reject`, remove obsolete baselines with `ariasnap check --prune`";
    let _ = writeln!(text, "{}", paint(DIM, advice));
    text
}
