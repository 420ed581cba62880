//! Cases with what the reference says of them, and how pages are brought to be held against it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses its part, and says by failing what is wrong"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ariasnap::aria::{self, Request, Shape};
use ariasnap::browser::capture::Wanted;
use ariasnap::browser::find::Search;
use ariasnap::browser::launch::{Browser, LaunchOptions};
use ariasnap::browser::page::{Page, Viewport};
use ariasnap::browser::platform::Platform;
use ariasnap::dom::{Capture, CaptureFacts, Shadow};
use ariasnap::snapshot::{self, Rendering};

pub const DEADLINE: Duration = Duration::from_secs(30);
/// A page that says for ever that it is busy is captured all the same: the reference does not wait for it either.
const PATIENCE: Duration = Duration::from_secs(5);
const SHAPES: [(Shape, &str); 3] = [
    (Shape::Page, "page"),
    (Shape::Test, "test"),
    (Shape::Compact, "compact"),
];

/// The folder of cases; `$ARIASNAP_CASES` where it is set.
pub fn folder() -> PathBuf {
    std::env::var_os("ARIASNAP_CASES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aria"),
        PathBuf::from,
    )
}

/// The names of all cases; those that contain `$ARIASNAP_CASE` where it is set.
pub fn cases() -> Vec<String> {
    cases_with(&std::env::var("ARIASNAP_CASE").unwrap_or_default())
}

/// The names of the cases that contain a text.
pub fn cases_with(wanted: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("tests/aria can be read")
        .map(|entry| entry.expect("an entry can be read"))
        .filter(|entry| entry.path().join("page.html").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(wanted))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no case under tests/aria");
    names
}

pub fn text(capture: &Capture, shape: Shape) -> String {
    let request = Request {
        shape,
        ..Request::default()
    };
    let tree = aria::snapshot(capture, request);
    let rendering = Rendering {
        refs: true,
        ..Rendering::default()
    };
    snapshot::write(&tree, rendering)
}

/// Where the snapshots of a capture differ from what the reference recorded.
pub fn differences(case: &str, facts: CaptureFacts) -> Vec<String> {
    let capture = Capture::from_facts(facts).expect("the facts are whole");
    let mut different = Vec::new();
    for (shape, name) in SHAPES {
        let file = folder().join(case).join(format!("expected.{name}.yml"));
        let expected =
            fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let actual = text(&capture, shape);
        if actual != expected {
            let diff = similar::TextDiff::from_lines(&expected, &actual);
            let diff = diff.unified_diff().context_radius(2).to_string();
            different.push(format!("{case} ({name})\n{diff}"));
        }
    }
    different
}

pub fn report(different: &[String], total: usize) {
    assert!(
        different.is_empty(),
        "{} snapshots of {total} cases differ from the reference's:\n\n{}",
        different.len(),
        different.join("\n")
    );
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
    page.settle(PATIENCE).await.expect("the page settles");
    page
}

/// Everything that a snapshot in any shape asks for.
pub async fn facts(page: &Page) -> CaptureFacts {
    facts_with(page, Shadow::Open).await
}

/// Likewise, with the content of such shadow roots.
pub async fn facts_with(page: &Page, shadow: Shadow) -> CaptureFacts {
    let wanted = Wanted {
        layout: true,
        rects: false,
    };
    page.capture_with(wanted, shadow)
        .await
        .expect("the page is captured")
}
