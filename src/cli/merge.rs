//! `ariasnap merge`: git's merge driver for baselines

use std::process::Command;

use crate::compare::three_way;
use crate::regular_file::{self, LONGEST, Links};

use super::args::ThreeWayOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::{file, output};

pub(super) fn run(options: &ThreeWayOptions, context: &Context) -> Result<Exit, Failure> {
    let files = [&options.base, &options.ours, &options.theirs];
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        let path = context.folder.join(file);
        let bytes = regular_file::read(&path, LONGEST, Links::Followed).map_err(Failure::usage)?;
        texts.push(String::from_utf8(bytes));
    }
    let merged = match texts.as_slice() {
        [Ok(base), Ok(ours), Ok(theirs)] => three_way(base, ours, theirs),
        _ => return by_lines(options, context, "it is not UTF-8"),
    };
    let merged = match merged {
        Ok(merged) => merged,
        Err((version, error)) => {
            let reason = format!("{version} cannot be read: {error}");
            return by_lines(options, context, &reason);
        }
    };
    let target = context.folder.join(&options.ours);
    file::put(&target, &merged.text)
        .map_err(|error| Failure::usage(format!("{}: {error}", target.display())))?;
    Ok(match merged.conflicts {
        0 => Exit::AllMatch,
        count => {
            output::note(format!(
                "{}: both sides changed {count} {} differently; `ariasnap test` says which side matches the page",
                options.name.as_deref().unwrap_or(&options.ours).display(),
                if count == 1 { "place" } else { "places" },
            ));
            Exit::Different
        }
    })
}

/// Files that are no snapshots are merged by git as any other.
fn by_lines(options: &ThreeWayOptions, context: &Context, reason: &str) -> Result<Exit, Failure> {
    output::note(format!("merged by lines, not by nodes: {reason}"));
    let status = Command::new("git")
        .arg("merge-file")
        .args(["-L", "ours", "-L", "base", "-L", "theirs"])
        .args([&options.ours, &options.base, &options.theirs])
        .current_dir(&context.folder)
        .status()
        .map_err(|error| Failure::usage(format!("git cannot be run: {error}")))?;
    Ok(match status.code() {
        Some(0) => Exit::AllMatch,
        _ => Exit::Different,
    })
}
