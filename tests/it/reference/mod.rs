//! Cases with what the reference says of them, and how pages are brought to be held against it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses its part, and says by failing what is wrong"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ariasnap::internals::aria::{self, Request, Shape};
use ariasnap::internals::browser::capture::CaptureOptions;
use ariasnap::internals::browser::find::Search;
use ariasnap::internals::browser::launch::{Browser, LaunchOptions};
use ariasnap::internals::browser::page::{Page, Viewport};
use ariasnap::internals::browser::platform::Platform;
use ariasnap::internals::browser::settle::{Certainty, Settling};
use ariasnap::internals::dom::{Capture, CaptureFacts, Shadow};
use ariasnap::internals::site::Server;
use ariasnap::internals::snapshot::{self, Rendering};
use tokio::runtime::Runtime;
use url::Url;

use crate::archive::{Archive, tests};
use crate::harness::{self, Shared};

pub const DEADLINE: Duration = Duration::from_secs(30);
/// A page that says for ever that it is busy is captured all the same: the reference does not wait for it either.
const PATIENCE: Duration = Duration::from_secs(5);
const SHAPES: [(Shape, &str); 3] = [
    (Shape::Page, "page"),
    (Shape::Test, "test"),
    (Shape::Compact, "compact"),
];

/// The cases of `tests/aria/`; those of the folder `$ARIASNAP_CASES` where it is set.
pub fn cases() -> Vec<Archive> {
    let folder = std::env::var_os("ARIASNAP_CASES");
    let folder = folder.map_or_else(|| tests("aria"), PathBuf::from);
    let subjects = Archive::all(&folder);
    subjects.iter().flat_map(Archive::cases).collect()
}

/// A browser, and a server of all cases: each has its files in the folder of its name.
pub struct Lab {
    runtime: Runtime,
    browser: Browser,
    site: Server,
    folder: tempfile::TempDir,
}

/// What the tests of cases share: a browser with some switches.
pub struct Labs {
    switches: &'static [&'static str],
    shared: Shared<Lab>,
}

/// Frames are in the page's process, as headless shells have it.
pub static LAB: Labs = Labs::with(&[]);
/// Each site is in a process of its own.
pub static LAB_OF_PROCESSES: Labs = Labs::with(&["--site-per-process"]);

/// Ends the browsers.
pub fn end() {
    LAB.shared.end();
    LAB_OF_PROCESSES.shared.end();
}

impl Labs {
    const fn with(switches: &'static [&'static str]) -> Labs {
        Labs {
            switches,
            shared: Shared::new(),
        }
    }

    pub fn start(&self) -> Arc<Lab> {
        self.shared.get(|| {
            let folder = tempfile::tempdir().expect("a folder for all cases");
            for archive in cases() {
                archive.unpack(&folder.path().join(archive.name()));
            }
            let switches: Vec<String> = self.switches.iter().map(ToString::to_string).collect();
            let runtime = harness::runtime();
            let (site, browser) = runtime.block_on(async {
                let site = Server::start(folder.path(), None).await;
                (site.expect("a server starts"), browser(&switches).await)
            });
            Lab {
                runtime,
                browser,
                site,
                folder,
            }
        })
    }
}

impl Lab {
    /// The URL of the page in a folder.
    pub fn page(&self, folder: &str) -> Url {
        let page = self.site.base().join(&format!("{folder}/page.html"));
        page.expect("a folder has a plain name")
    }

    /// The folder that is served.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn capture(&self, url: &Url) -> Capture {
        let facts = self.runtime.block_on(capture(&self.browser, url.as_str()));
        Capture::from_facts(facts).expect("the facts are whole")
    }

    /// Captures a page with the content of all its shadow roots.
    pub fn capture_all(&self, url: &Url) -> Capture {
        let facts = self.runtime.block_on(async {
            let page = settled_page(&self.browser, url.as_str()).await;
            let facts = facts_with(&page, Shadow::All).await;
            page.close().await;
            facts
        });
        Capture::from_facts(facts).expect("the facts are whole")
    }
}

pub fn text(capture: &Capture, shape: Shape) -> String {
    let request = Request {
        shape,
        ..Request::default()
    };
    let tree = aria::snapshot(capture, request).expect("not too deep");
    let rendering = Rendering {
        refs: true,
        ..Rendering::default()
    };
    snapshot::write(&tree, rendering)
}

/// Holds the snapshots of a capture against what the reference recorded.
///
/// # Errors
/// Where they differ.
pub fn differences(archive: &Archive, capture: &Capture) -> Result<(), String> {
    let mut different = String::new();
    for (shape, name) in SHAPES {
        let file = format!("expected.{name}.yml");
        let expected = archive.text(&file);
        let expected = expected.unwrap_or_else(|| panic!("no {file}: tests/aria/record.mjs"));
        let actual = text(capture, shape);
        if actual != expected {
            different += &format!("{file}\n{}", harness::difference(expected, &actual));
        }
    }
    match different.is_empty() {
        true => Ok(()),
        false => Err(different),
    }
}

pub async fn browser(switches: &[String]) -> Browser {
    let home = std::env::home_dir();
    let cache = home.as_ref().map(|home| home.join(".cache"));
    let search = Search::new(
        Platform::current(),
        home.as_deref(),
        cache.as_deref(),
        |name| std::env::var_os(name),
    );
    let found = search.find().expect("a browser is installed");
    let options = LaunchOptions {
        executable: found.path,
        headed: false,
        is_confined: false,
        deadline: DEADLINE,
    };
    Browser::launch_with(&options, switches)
        .await
        .expect("the browser starts")
}

pub async fn capture(browser: &Browser, url: &str) -> CaptureFacts {
    let page = settled_page(browser, url).await;
    let facts = facts(&page).await;
    page.close().await;
    facts
}

/// A page that stands still.
pub async fn settled_page(browser: &Browser, url: &str) -> Page {
    let viewport = Viewport {
        width: 1280,
        height: 720,
    };
    let mut page = Page::open(&browser.session(), viewport, DEADLINE)
        .await
        .expect("a page opens");
    page.goto(url, DEADLINE)
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    let settling = Settling {
        deadline: Instant::now() + PATIENCE,
        certainty: Certainty::Usual,
        stops_animations: false,
    };
    let settled = page
        .settle(settling, || Box::pin(std::future::ready(None)))
        .await;
    settled.expect("the page is there");
    page
}

/// Everything that a snapshot in any shape asks for.
pub async fn facts(page: &Page) -> CaptureFacts {
    facts_with(page, Shadow::Open).await
}

/// Likewise, with the content of such shadow roots.
pub async fn facts_with(page: &Page, shadow: Shadow) -> CaptureFacts {
    let wanted = CaptureOptions {
        layout: true,
        rects: false,
    };
    page.capture_with(wanted, shadow)
        .await
        .expect("the page is captured")
}
