//! One page, opened for a command of its own.

use std::path::Path;
use std::time::Instant;

use ariasnap::aria::{self, Request, Shape};
use ariasnap::browser::capture::Wanted;
use ariasnap::browser::find::Found;
use ariasnap::browser::launch::Browser;
use ariasnap::browser::page::{Page, Viewport};
use ariasnap::browser::settle::{Certainty, Settled, Settling};
use ariasnap::dom::Capture;
use ariasnap::dom::accessibility::AxNode;
use ariasnap::run::RunError;
use ariasnap::snapshot::{self, Rendering};

use super::args::PageOptions;
use super::context::Context;
use super::exit::Failure;
use super::{browser, output};

/// What is asked of a page.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) page: &'a PageOptions,
    /// The rectangle of every element.
    pub(super) rects: bool,
    /// The browser's own accessibility tree.
    pub(super) browser_tree: bool,
}

/// What was seen of it.
pub(super) struct Seen {
    pub(super) capture: Capture,
    /// Empty where it was not asked for.
    pub(super) browser_tree: Vec<AxNode>,
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
        Err(_) if is_page_file(target) => Err(Failure::usage(format!("there is no file {target}"))),
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

/// No domain ends like that.
fn is_page_file(target: &str) -> bool {
    let extension = Path::new(target).extension();
    extension.is_some_and(|extension| extension == "html" || extension == "htm")
}

/// Opens the page in a browser of its own, waits until it stands still, and captures it.
pub(super) fn see(url: &str, ask: Ask<'_>, found: &Found) -> Result<Seen, Failure> {
    browser::runtime()?.block_on(browser::unless_interrupted(async {
        let browser = browser::launch(found).await?;
        let seen = look(&browser, url, ask).await;
        browser.close().await;
        seen.map_err(Failure::page)
    }))
}

/// The text by which it shows whether work that goes on changes the tree.
async fn tree_text(page: &Page, wanted: Wanted, options: &PageOptions) -> Option<String> {
    let facts = page
        .capture_with(wanted, options.shadow.into())
        .await
        .ok()?;
    let capture = Capture::from_facts(facts).ok()?;
    let request = Request {
        shape: options.shape.into(),
        ..Request::default()
    };
    let tree = aria::snapshot_with(&capture, request, options.additions()).ok()?;
    Some(snapshot::write(&tree, Rendering::default()))
}

fn not_waited_for(settled: Settled) -> Vec<String> {
    match settled {
        Settled::Finished { not_waited_for, .. } => not_waited_for,
        Settled::Changing(what) => vec![format!("changes of {}", what.join(", "))],
        Settled::Unfinished(what) => what,
    }
}

async fn look(browser: &Browser, url: &str, ask: Ask<'_>) -> Result<Seen, RunError> {
    let options = ask.page;
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
        output::note(format!("note: {url} leads to {}", response.url));
    }
    let wanted = Wanted {
        layout: Shape::from(options.shape) != Shape::Test || options.frames,
        rects: ask.rects,
    };
    let settling = Settling {
        deadline: Instant::now() + timeout,
        certainty: Certainty::Doubt,
        stops_animations: false,
    };
    let tree = async || tree_text(&page, wanted, options).await;
    for what in not_waited_for(page.settle(settling, tree).await?) {
        output::note(format!(
            "note: {url}: not waited for, because it may never end: {what}"
        ));
    }
    let shadow = options.shadow.into();
    let facts = page.capture_with(wanted, shadow).await?;
    let capture = Capture::from_facts(facts)?;
    let mut browser_tree = Vec::new();
    if let Some(document) = capture.documents.first().filter(|_| ask.browser_tree) {
        let document = &document.document;
        let elements: Vec<_> = document
            .ids()
            .filter(|id| document.is_element(*id))
            .collect();
        browser_tree = page.accessibility_tree(&elements, shadow).await?;
    }
    page.close().await;
    Ok(Seen {
        capture,
        browser_tree,
    })
}
