//! `ariasnap check`

use std::collections::BTreeSet;
use std::path::Path;

use crate::baseline::BaselinePath;
use crate::compare;
use crate::regular_file::{self, LONGEST, Links};
use crate::report::changes::counted;
use crate::run;
use crate::source::SourceText;
use crate::spec::{self, LoadError, Specs};
use crate::store::{Store, StoreError};

use super::args::CheckOptions;
use super::context::Context;
use super::exit::{Exit, Failure, shown};
use super::known::Known;
use super::{output, site};

pub(super) fn run(options: &CheckOptions, context: &Context) -> Result<Exit, Failure> {
    if let (Some(source), Some(snapshot)) = (&options.source, &options.snapshot) {
        return against_source(source, snapshot, context);
    }
    let (config, mut problems) = context.read_config()?;
    problems.extend(
        site::load_trust(config.certificates.as_ref())
            .map_err(|problem| *problem)
            .err(),
    );
    let specs = match spec::read_specs(&config, &context.folder) {
        Ok((specs, more)) => {
            problems.extend(more);
            specs
        }
        // The folder may be one that the configuration fails to name.
        Err(LoadError::NoSpecs(_)) if !problems.is_empty() => Specs::default(),
        Err(error) => return Err(error.into()),
    };
    let store = Store::new(&config.snapshots);
    let listing = store.list()?;
    let mut warnings = Vec::new();
    // A Markdown file is not in the listing, because it may be something other than a baseline.
    let snapshots = specs.cases().flat_map(|case| &case.snapshots);
    let named = snapshots.map(|snapshot| snapshot.baseline.clone());
    let baselines: BTreeSet<BaselinePath> =
        listing.baselines.iter().cloned().chain(named).collect();
    for path in &baselines {
        match store.baseline(path) {
            Ok(Some(baseline)) => match run::template(&baseline.file) {
                Ok(template) => warnings.extend(run::warnings(&baseline.file, &template)),
                Err(found) => problems.extend(found),
            },
            Ok(None) => {}
            Err(StoreError::Content(problem)) => problems.push(*problem),
            Err(error) => return Err(error.into()),
        }
    }
    for warning in warnings {
        output::note(format!("warning: {warning}"));
    }
    if !problems.is_empty() {
        output::note(shown(&problems));
        return Ok(Exit::Usage);
    }
    let known = Known::of(specs, &config)?;
    let obsolete: Vec<&BaselinePath> = known.obsolete(&listing).collect();
    for path in &obsolete {
        if options.prune {
            store.remove_baseline(path)?;
            output::result(&terminal!("deleted  {}\n", path));
        } else {
            output::result(&terminal!("obsolete {}\n", path));
        }
    }
    if !obsolete.is_empty() && !options.prune {
        output::note("no spec uses these baselines; `ariasnap check --prune` deletes them");
    }
    for note in known.notes(&listing) {
        output::note(note);
    }
    output::result(&terminal!(
        "{}, {}, {}: no errors\n",
        counted(known.cases, "case"),
        counted(known.paths.len(), "snapshot"),
        counted(listing.baselines.len(), "baseline")
    ));
    Ok(Exit::AllMatch)
}

/// Compares a snapshot with the Markdown source of its page.
fn against_source(source: &Path, snapshot: &Path, context: &Context) -> Result<Exit, Failure> {
    let read = |file: &Path| {
        let bytes = regular_file::read(&context.folder.join(file), LONGEST, Links::Followed);
        let bytes = bytes.map_err(Failure::usage)?;
        SourceText::from_bytes(file, &bytes).map_err(|error| Failure::located(&[error]))
    };
    let markdown = read(source)?;
    let template =
        run::template(&read(snapshot)?).map_err(|problems| Failure::located(&problems))?;
    let compared = compare::source::against_source(&markdown.text, &template.to_tree())
        .map_err(|error| Failure::usage(format!("{}: {error}", source.display())))?;
    let findings = compared.findings.len();
    for finding in &compared.findings {
        output::result(&terminal!("{}: {}\n", source.display(), finding));
    }
    output::note(format!(
        "{}: {} parts, {findings} of them missing or different on the page",
        source.display(),
        compared.parts
    ));
    Ok(if findings == 0 {
        Exit::AllMatch
    } else {
        Exit::Different
    })
}
