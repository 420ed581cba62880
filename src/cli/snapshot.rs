//! `ariasnap snapshot`

use std::path::Path;

use crate::aria::locator::Locator;
use crate::aria::{self, Request, Shape, Tree};
use crate::compare::against_browser;
use crate::dom::Capture;
use crate::dom::accessibility::AxNode;
use crate::report;
use crate::run::RunError;
use crate::snapshot::{self, Rendering};
use crate::text::Data;

use super::args::SnapshotOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::page::{self, Ask, Seen};
use super::{browser, file, output};

pub(super) fn run(options: &SnapshotOptions, context: &Context) -> Result<Exit, Failure> {
    let url = page::address(&options.target, context)?;
    let root = options
        .root
        .as_deref()
        .map(Locator::parse)
        .transpose()
        .map_err(|error| {
            let help = error
                .help
                .map(|help| format!("; {help}"))
                .unwrap_or_default();
            Failure::usage(format!("--root: {}{help}", error.message))
        })?;
    let config = context.load_config().ok();
    let found = browser::get(context, config.as_ref())?;
    let urls = std::slice::from_ref(&url);
    let trust = page::trust(urls, &options.page, config.as_ref(), context)?;
    let ask = Ask {
        page: &options.page,
        rects: options.boxes,
        browser_tree: options.against_browser,
    };
    let Seen {
        capture,
        browser_tree,
    } = page::see(&url, ask, &found, &trust)?;
    if options.against_browser {
        return against_browser(&capture, &browser_tree, options);
    }
    let tree = tree(&capture, options, root.as_ref())?;
    let text = text(&tree, options)?;
    match &options.output {
        None => output::data(&text),
        Some(file) => save(file, &text)?,
    }
    Ok(Exit::AllMatch)
}

fn against_browser(
    capture: &Capture,
    browser: &[AxNode],
    options: &SnapshotOptions,
) -> Result<Exit, Failure> {
    let exposed = Request {
        shape: Shape::Test,
        ..Request::default()
    };
    let tree = options.page.tree(capture, options.page.request());
    let tree = tree.map_err(Failure::page)?;
    let exposed = aria::snapshot(capture, exposed).map_err(Failure::page)?;
    let Some(page) = capture.documents.first() else {
        return Ok(Exit::AllMatch);
    };
    let findings = against_browser::findings(&page.document, (&tree, &exposed), browser);
    output::result(&report::against_browser::text(&findings));
    Ok(
        match findings.iter().any(|finding| finding.reason.is_none()) {
            true => Exit::Different,
            false => Exit::AllMatch,
        },
    )
}

fn tree(
    capture: &Capture,
    options: &SnapshotOptions,
    root: Option<&Locator>,
) -> Result<Tree, Failure> {
    let mut request = options.page.request();
    if let Some(locator) = root {
        let whole = options.page.tree(capture, request);
        let whole = whole.map_err(Failure::page)?;
        let node = locator.resolve(&whole).map_err(|error| {
            Failure::page(RunError::Locate {
                place: "--root".to_owned(),
                error,
            })
        })?;
        request.root = node.source;
    }
    request.depth = options.depth;
    options.page.tree(capture, request).map_err(Failure::page)
}

fn text(tree: &Tree, options: &SnapshotOptions) -> Result<Data, Failure> {
    if options.json {
        return Data::json(&tree.children).map_err(Failure::usage);
    }
    let rendering = Rendering {
        refs: !options.no_refs,
        boxes: options.boxes,
    };
    Ok(Data::snapshot(snapshot::write(tree, rendering)))
}

fn save(file: &Path, text: &str) -> Result<(), Failure> {
    file::put(file, text).map_err(|error| {
        Failure::usage(format!(
            "cannot write {}: {error}; {}",
            file.display(),
            file::help(&error)
        ))
    })
}
