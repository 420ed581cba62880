//! One page, opened for one command.

use std::path::Path;
use std::time::Instant;

use crate::browser::capture::CaptureOptions;
use crate::browser::find::Found;
use crate::browser::launch::Browser;
use crate::browser::page::Page;
use crate::browser::settle::{Certainty, Settled, Settling, TreeText};
use crate::dom::Capture;
use crate::dom::accessibility::AxNode;
use crate::run::RunError;
use crate::site::certificates::Trust;
use crate::snapshot::{self, Rendering};
use crate::source::{SourceText, Spanned};
use crate::spec::{Certificates, Config, SiteConfig};

use super::args::PageOptions;
use super::context::Context;
use super::exit::Failure;
use super::{browser, output, site};

/// What to capture.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) page: &'a PageOptions,
    pub(super) rects: bool,
    /// The browser's own accessibility tree.
    pub(super) browser_tree: bool,
}

/// The captured page.
pub(super) struct Seen {
    pub(super) capture: Capture,
    /// Empty unless it was asked for.
    pub(super) browser_tree: Vec<AxNode>,
}

/// Returns the address of an existing file, else of a URL. The scheme may be missing: `example.com`.
pub(super) fn address(target: &str, context: &Context) -> Result<String, Failure> {
    let file = context.folder.join(target);
    if file.is_dir() {
        return Err(Failure::usage(format!(
            "{target} is a folder; name an HTML file or a URL"
        )));
    }
    if file.exists() {
        return url::Url::from_file_path(&file)
            .map(String::from)
            .map_err(|()| Failure::usage(format!("{target} cannot be written as a file URL")));
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

/// Returns which certificates are trusted: those that the options name, or the configuration for its site.
pub(super) fn trust(
    urls: &[String],
    options: &PageOptions,
    config: Option<&Config>,
    context: &Context,
) -> Result<Trust, Failure> {
    if let Some(value) = &options.certificates {
        return given_trust(value, context);
    }
    let origin = |url: &str| url::Url::parse(url).ok().map(|url| url.origin());
    match config {
        Some(config) => {
            let site = match &config.site {
                Some(SiteConfig::Url(url)) => Some(url.origin()),
                Some(SiteConfig::Command(command)) => Some(command.url.origin()),
                Some(SiteConfig::Dir { .. }) | None => None,
            };
            let is_site = site.is_some() && urls.iter().all(|url| origin(url) == site);
            match is_site {
                true => site::trust(config),
                false => Ok(Trust::Public),
            }
        }
        None => Ok(Trust::Public),
    }
}

/// Reads the value of `--certificates`.
pub(super) fn given_trust(value: &str, context: &Context) -> Result<Trust, Failure> {
    let text = Spanned {
        value: value.to_owned(),
        place: SourceText::new("--certificates", value).part(0..value.len()),
    };
    let certificates = Certificates::new(text, &context.folder);
    site::load_trust(Some(&certificates)).map_err(|problem| Failure::located(&[*problem]))
}

/// Whether the target ends like an HTML file; no domain does.
fn is_page_file(target: &str) -> bool {
    let extension = Path::new(target).extension();
    extension.is_some_and(|extension| extension == "html" || extension == "htm")
}

/// Opens the page in a new browser, waits until it has nothing left to do, and captures it.
pub(super) fn see(url: &str, ask: Ask<'_>, found: &Found, trust: &Trust) -> Result<Seen, Failure> {
    let switches = trust.switches(url::Url::parse(url));
    browser::runtime()?.block_on(browser::unless_interrupted(async {
        let browser = browser::launch(found, &switches).await?;
        let seen = look(&browser, url, ask).await;
        browser.close().await;
        seen.map_err(Failure::page)
    }))
}

/// Returns the snapshot text, which shows whether unfinished work changes the tree.
async fn tree_text(page: &Page, wanted: CaptureOptions, options: &PageOptions) -> Option<String> {
    let facts = page
        .capture_with(wanted, options.shadow.into())
        .await
        .ok()?;
    let capture = Capture::from_facts(facts).ok()?;
    let tree = options.tree(&capture, options.request()).ok()?;
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
    let timeout = options.timeout.0;
    let mut page = Page::open(&browser.session(), options.viewport, timeout).await?;
    page.goto(url, timeout).await?;
    if let Some(response) = page.response()
        && response.url.split('#').next() != url.split('#').next()
    {
        output::note(format!("note: {url} redirects to {}", response.url));
    }
    let wanted = options.capture_options(ask.rects);
    let settling = Settling {
        deadline: Instant::now() + timeout,
        certainty: Certainty::Doubt,
        stops_animations: false,
    };
    let tree = || -> TreeText<'_> { Box::pin(tree_text(&page, wanted, options)) };
    for what in not_waited_for(page.settle(settling, tree).await?) {
        output::note(format!(
            "note: {url}: did not wait for {what}, which may never end"
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
