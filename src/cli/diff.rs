//! `ariasnap diff`

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::Command;

use crate::compare::{self, Match};
use crate::regular_file::LONGEST;
use crate::report::{changes, markdown};
use crate::run::template;
use crate::snapshot::{self, Rendering, Template};
use crate::source::SourceText;
use crate::text::Data;
use serde_json::json;

use super::args::{DiffFormat, DiffOptions};
use super::context::Context;
use super::exit::{Exit, Failure};
use super::page::{self, Ask};
use super::{browser, output};

pub(super) fn run(options: &DiffOptions, context: &Context) -> Result<Exit, Failure> {
    let old = read(&options.old, options, context)?;
    let new = read(&options.new, options, context)?;
    let changes = compare::compare(&old, &new.to_tree(), Match::Exact).map_err(Failure::usage)?;
    match options.format {
        DiffFormat::Json => {
            let json = Data::json(&json!({"changes": changes}));
            output::data(&json.map_err(Failure::usage)?);
        }
        DiffFormat::Markdown => output::data(&markdown::changes(&changes).into()),
        DiffFormat::Terminal if changes.is_empty() => output::note("no differences"),
        DiffFormat::Terminal => {
            let headline = changes::headline(&changes);
            output::result(&terminal!("{}\n{}", headline, changes::list(&changes)));
        }
    }
    Ok(if changes.is_empty() {
        Exit::AllMatch
    } else {
        Exit::Different
    })
}

fn read(side: &str, options: &DiffOptions, context: &Context) -> Result<Template, Failure> {
    let is_url = side.contains("://") && !context.folder.join(side).exists();
    let file = if is_url {
        page(side, options, context)?
    } else {
        source(side, context)?
    };
    template(&file).map_err(|problems| Failure::located(&problems))
}

/// The snapshot of a page.
fn page(url: &str, options: &DiffOptions, context: &Context) -> Result<SourceText, Failure> {
    let config = context.load_config().ok();
    let found = browser::get(context, config.as_ref())?;
    let ask = Ask {
        page: &options.page,
        rects: false,
        browser_tree: false,
    };
    let address = page::address(url, context)?;
    let urls = std::slice::from_ref(&address);
    let trust = page::trust(urls, &options.page, config.as_ref(), context)?;
    let seen = page::see(&address, ask, &found, &trust)?;
    let tree = options.page.tree(&seen.capture, options.page.request());
    let tree = tree.map_err(Failure::page)?;
    let text = snapshot::write(&tree, Rendering::default());
    SourceText::from_bytes(url, text.as_bytes()).map_err(|problem| Failure::located(&[problem]))
}

/// Reads a file that the user named, which may be what another command writes: `<(ariasnap snapshot URL)`.
fn given(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = File::open(file)?.take(LONGEST + 1);
    file.read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!(
            "longer than {} MiB",
            LONGEST >> 20
        )));
    }
    Ok(bytes)
}

/// A file, or what git has at a revision.
fn source(side: &str, context: &Context) -> Result<SourceText, Failure> {
    let file = context.folder.join(side);
    if file.exists() {
        let bytes =
            given(&file).map_err(|error| Failure::usage(format!("cannot read {side}: {error}")))?;
        return SourceText::from_bytes(side, &bytes)
            .map_err(|problem| Failure::located(&[problem]));
    }
    if !side.contains(':') {
        return Err(Failure::usage(format!(
            "there is no file {side}; name a snapshot file, a URL, or REV:path in git"
        )));
    }
    let shown = Command::new("git")
        .args(["show", "--end-of-options", side])
        .current_dir(&context.folder)
        .output()
        .map_err(|error| Failure::usage(format!("{side}: git does not run: {error}")))?;
    if !shown.status.success() {
        let reason = String::from_utf8_lossy(&shown.stderr);
        return Err(Failure::usage(format!("{side}: {}", reason.trim())));
    }
    SourceText::from_bytes(side, &shown.stdout).map_err(|problem| Failure::located(&[problem]))
}
