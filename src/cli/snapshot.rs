//! `ariasnap snapshot`

use std::path::Path;

use ariasnap::aria::locator::Locator;
use ariasnap::aria::{self, Request, Shape, Tree};
use ariasnap::browser::capture::Wanted;
use ariasnap::browser::launch::Browser;
use ariasnap::browser::page::{Page, Viewport};
use ariasnap::compare::against_browser;
use ariasnap::dom::Capture;
use ariasnap::dom::accessibility::AxNode;
use ariasnap::report;
use ariasnap::run::RunError;
use ariasnap::snapshot::{self, Rendering};

use super::args::SnapshotOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::{browser, output};

pub(super) fn run(options: &SnapshotOptions, context: &Context) -> Result<Exit, Failure> {
    let url = address(&options.target, context)?;
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
    let (capture, browser_tree) = capture(&url, options, &found)?;
    if options.against_browser {
        return Ok(against_browser(&capture, &browser_tree, options));
    }
    let tree = tree(&capture, options, root.as_ref())?;
    let text = text(&tree, options)?;
    match &options.output {
        None => output::result(&text),
        Some(file) => save(file, &text)?,
    }
    Ok(Exit::AllMatch)
}

fn against_browser(capture: &Capture, browser: &[AxNode], options: &SnapshotOptions) -> Exit {
    let request = Request {
        shape: options.shape.into(),
        ..Request::default()
    };
    let exposed = Request {
        shape: Shape::Test,
        ..Request::default()
    };
    let tree = aria::snapshot_with(capture, request, options.additions());
    let exposed = aria::snapshot(capture, exposed);
    let Some(page) = capture.documents.first() else {
        return Exit::AllMatch;
    };
    let findings = against_browser::findings(&page.document, (&tree, &exposed), browser);
    output::result(&report::against_browser::text(&findings));
    match findings.iter().any(|finding| finding.reason.is_none()) {
        true => Exit::Different,
        false => Exit::AllMatch,
    }
}

/// A file where there is one, else a URL; `example.com` without a scheme is one too.
pub(super) fn address(target: &str, context: &Context) -> Result<String, Failure> {
    let file = context.folder.join(target);
    if file.exists() {
        return url::Url::from_file_path(&file)
            .map(String::from)
            .map_err(|()| Failure::usage(format!("{target} has no address as a file")));
    }
    match url::Url::parse(target) {
        Ok(url) => Ok(url.into()),
        Err(_)
            if target.contains('.') && !target.contains(std::path::MAIN_SEPARATOR)
                || target.starts_with("localhost") =>
        {
            Ok(format!("http://{target}"))
        }
        Err(_) => Err(Failure::usage(format!(
            "{target} is neither a file nor a URL such as https://example.com/"
        ))),
    }
}

fn capture(
    url: &str,
    options: &SnapshotOptions,
    found: &ariasnap::browser::find::Found,
) -> Result<(Capture, Vec<AxNode>), Failure> {
    let wanted = Wanted {
        layout: Shape::from(options.shape) != Shape::Test || options.frames,
        rects: options.boxes,
    };
    browser::runtime()?.block_on(browser::unless_interrupted(async {
        let browser = browser::launch(found).await?;
        let captured = look(&browser, url, options, wanted).await;
        browser.close().await;
        captured.map_err(Failure::page)
    }))
}

async fn look(
    browser: &Browser,
    url: &str,
    options: &SnapshotOptions,
    wanted: Wanted,
) -> Result<(Capture, Vec<AxNode>), RunError> {
    let viewport = Viewport {
        width: options.viewport.width,
        height: options.viewport.height,
    };
    let timeout = options.timeout.0;
    let mut page = Page::open(&browser.session(), viewport, timeout).await?;
    page.goto(url, timeout).await?;
    if let Some(response) = page.response()
        && response.url.split('#').next() != url.split('#').next()
    {
        output::note(&format!("note: {url} leads to {}", response.url));
    }
    if !page.settle(timeout).await? {
        output::note(&format!(
            "note: {url} still changes after {} s; this is what it shows now",
            timeout.as_secs_f32()
        ));
    }
    let shadow = options.shadow.into();
    let facts = page.capture_with(wanted, shadow).await?;
    let capture = Capture::from_facts(facts)?;
    let mut browser_tree = Vec::new();
    if let Some(document) = capture
        .documents
        .first()
        .filter(|_| options.against_browser)
    {
        let document = &document.document;
        let elements: Vec<_> = document
            .ids()
            .filter(|id| document.is_element(*id))
            .collect();
        browser_tree = page.accessibility_tree(&elements, shadow).await?;
    }
    page.close().await;
    Ok((capture, browser_tree))
}

fn tree(
    capture: &Capture,
    options: &SnapshotOptions,
    root: Option<&Locator>,
) -> Result<Tree, Failure> {
    let request = Request {
        shape: options.shape.into(),
        root: None,
        depth: options.depth,
    };
    let Some(locator) = root else {
        return Ok(aria::snapshot_with(capture, request, options.additions()));
    };
    let whole = Request {
        depth: None,
        ..request
    };
    let whole = aria::snapshot_with(capture, whole, options.additions());
    let node = locator.resolve(&whole).map_err(|error| {
        Failure::page(RunError::Locate {
            place: "--root".to_owned(),
            error,
        })
    })?;
    let request = Request {
        root: node.source,
        ..request
    };
    Ok(aria::snapshot_with(capture, request, options.additions()))
}

fn text(tree: &Tree, options: &SnapshotOptions) -> Result<String, Failure> {
    if options.json {
        let json = serde_json::to_string_pretty(&tree.children).map_err(Failure::usage)?;
        return Ok(format!("{json}\n"));
    }
    let rendering = Rendering {
        refs: !options.no_refs,
        boxes: options.boxes,
    };
    Ok(snapshot::write(tree, rendering))
}

fn save(file: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::usage(format!("cannot write {}: {}", file.display(), error.kind()))
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let temporary = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::fs::write(temporary.path(), text).map_err(failed)?;
    temporary
        .persist(file)
        .map_err(|error| failed(error.error))?;
    Ok(())
}
