//! `ariasnap check`

use std::collections::BTreeSet;

use ariasnap::aria::locator::Locator;
use ariasnap::baseline::BaselinePath;
use ariasnap::error::{Located, Spanned};
use ariasnap::run;
use ariasnap::spec::{self, Case};
use ariasnap::store::{Store, StoreError};

use super::args::CheckOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::output;

pub(super) fn run(options: &CheckOptions, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let cases = spec::load_cases(&config, &context.folder)?;
    let store = Store::new(&config.snapshots);
    let listing = store.list()?;
    let mut problems = locators(&cases);
    for path in &listing.baselines {
        match store.baseline(path) {
            Ok(Some(baseline)) => {
                problems.extend(run::template(&baseline.file).err().into_iter().flatten())
            }
            Ok(None) => {}
            Err(StoreError::Content(problem)) => problems.push(*problem),
            Err(error) => return Err(error.into()),
        }
    }
    if !problems.is_empty() {
        let colour = ariasnap::error::Colour::Ansi;
        output::note(ariasnap::error::render_all(&problems, colour).trim_end());
        return Ok(Exit::Usage);
    }
    let known: BTreeSet<BaselinePath> = cases
        .iter()
        .flat_map(|case| &case.snapshots)
        .map(|snapshot| snapshot.baseline.clone())
        .collect();
    let obsolete: Vec<&BaselinePath> = listing.obsolete(&known).collect();
    for path in &obsolete {
        if options.prune {
            store.remove_baseline(path)?;
            output::result(&format!("removed  {path}\n"));
        } else {
            output::result(&format!("obsolete {path}\n"));
        }
    }
    if !obsolete.is_empty() && !options.prune {
        output::note(
            "no spec knows these baselines any more; `ariasnap check --prune` removes them",
        );
    }
    output::result(&format!(
        "{} cases with {} snapshots, {} baselines: all can be read\n",
        cases.len(),
        known.len(),
        listing.baselines.len()
    ));
    Ok(Exit::AllMatch)
}

/// Locators of specs that cannot be read.
pub(super) fn locators(cases: &[Case]) -> Vec<Located> {
    let written = cases.iter().flat_map(|case| {
        let parts = case.snapshots.iter().filter_map(|one| one.locator.as_ref());
        parts.chain(&case.root)
    });
    let problem = |locator: &Spanned<String>| {
        let error = Locator::parse(&locator.value).err()?;
        Some(Located {
            title: error.message,
            place: locator.place.clone(),
            related: None,
            help: error.help,
        })
    };
    written.filter_map(problem).collect()
}
