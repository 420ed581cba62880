//! `ariasnap diff`

use std::process::Command;

use ariasnap::compare::{self, Match};
use ariasnap::error::{Colour, SourceText, render_all};
use ariasnap::report::changes;
use ariasnap::run::template;
use ariasnap::snapshot::Template;
use serde_json::json;

use super::args::{DiffFormat, DiffOptions};
use super::context::Context;
use super::exit::{Exit, Failure};
use super::output;

pub(super) fn run(options: &DiffOptions, context: &Context) -> Result<Exit, Failure> {
    let old = read(&options.old, context)?;
    let new = read(&options.new, context)?;
    let changes = compare::compare(&old, &new.to_tree(), Match::Exact).map_err(Failure::usage)?;
    match options.format {
        DiffFormat::Json => {
            let json = serde_json::to_string_pretty(&json!({"changes": changes}));
            output::result(&format!("{}\n", json.map_err(Failure::usage)?));
        }
        DiffFormat::Terminal if changes.is_empty() => output::note("no difference"),
        DiffFormat::Terminal => {
            let headline = changes::headline(&changes);
            output::result(&format!("{headline}\n{}", changes::list(&changes)));
        }
    }
    Ok(if changes.is_empty() {
        Exit::AllMatch
    } else {
        Exit::Different
    })
}

fn read(side: &str, context: &Context) -> Result<Template, Failure> {
    let file = source(side, context)?;
    template(&file)
        .map_err(|problems| Failure::usage(render_all(&problems, Colour::Ansi).trim_end()))
}

/// A file, or what git has at a revision.
fn source(side: &str, context: &Context) -> Result<SourceText, Failure> {
    let file = context.folder.join(side);
    if file.exists() {
        let bytes = std::fs::read(&file)
            .map_err(|error| Failure::usage(format!("cannot read {side}: {error}")))?;
        return SourceText::from_bytes(side, &bytes)
            .map_err(|problem| Failure::usage(problem.render(Colour::Ansi)));
    }
    if !side.contains(':') {
        return Err(Failure::usage(format!(
            "{side} is no file here; give a snapshot file, or REV:path of git"
        )));
    }
    let shown = Command::new("git")
        .args(["show", side])
        .current_dir(&context.folder)
        .output()
        .map_err(|error| Failure::usage(format!("{side}: git cannot be run: {error}")))?;
    if !shown.status.success() {
        let reason = String::from_utf8_lossy(&shown.stderr);
        return Err(Failure::usage(format!("{side}: {}", reason.trim())));
    }
    SourceText::from_bytes(side, &shown.stdout)
        .map_err(|problem| Failure::usage(problem.render(Colour::Ansi)))
}
