//! Every case under `tests/aria/` against the reference's snapshots: once from recorded facts,
//! without a browser, and once from the page, in the browser.
//!
//! A new case is a new folder with a `page.html`; `tests/aria/record.mjs` records what the reference
//! says, and `ARIASNAP_RECORD_FACTS=1 cargo test --test aria` the facts.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
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
use ariasnap::dom::{Capture, CaptureFacts};
use ariasnap::site::Server;
use ariasnap::snapshot::{self, Rendering};

const DEADLINE: Duration = Duration::from_secs(30);
const SHAPES: [(Shape, &str); 3] = [
    (Shape::Page, "page"),
    (Shape::Test, "test"),
    (Shape::Compact, "compact"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aria")
}

/// The names of all cases; those that contain `$ARIASNAP_CASE` where it is set.
fn cases() -> Vec<String> {
    let wanted = std::env::var("ARIASNAP_CASE").unwrap_or_default();
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("tests/aria can be read")
        .map(|entry| entry.expect("an entry can be read"))
        .filter(|entry| entry.path().join("page.html").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(&wanted))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no case under tests/aria");
    names
}

fn text(capture: &Capture, shape: Shape) -> String {
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
fn differences(case: &str, facts: CaptureFacts) -> Vec<String> {
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

fn report(different: &[String], total: usize) {
    assert!(
        different.is_empty(),
        "{} snapshots of {total} cases differ from the reference's:\n\n{}",
        different.len(),
        different.join("\n")
    );
}

#[test]
fn snapshots_from_recorded_facts_are_the_references() {
    let cases = cases();
    let mut different = Vec::new();
    for case in &cases {
        let file = folder().join(case).join("facts.json");
        let facts = fs::read_to_string(&file).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; record it as the head of tests/aria.rs says",
                file.display()
            )
        });
        let facts = serde_json::from_str(&facts).expect("facts are JSON");
        different.extend(differences(case, facts));
    }
    report(&different, cases.len());
}

#[test]
fn snapshots_of_pages_are_the_references() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let cases = cases();
        let site = Server::start(&folder(), None)
            .await
            .expect("a server starts");
        let browser = browser().await;
        let mut different = Vec::new();
        for case in &cases {
            let url = site
                .base()
                .join(&format!("{case}/page.html"))
                .expect("a case names a URL");
            let facts = capture(&browser, url.as_str()).await;
            if std::env::var_os("ARIASNAP_RECORD_FACTS").is_some() {
                record(case, &facts, site.base().as_str());
            }
            different.extend(differences(case, facts));
        }
        browser.close().await;
        report(&different, cases.len());
    });
}

async fn browser() -> Browser {
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
    Browser::launch(&options).await.expect("the browser starts")
}

async fn capture(browser: &Browser, url: &str) -> CaptureFacts {
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
    page.settle(DEADLINE).await.expect("the page settles");
    let wanted = Wanted {
        layout: true,
        rects: false,
    };
    let facts = page
        .capture(wanted)
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    page.close().await;
    facts
}

/// The port of the day does not belong into a file.
fn record(case: &str, facts: &CaptureFacts, base: &str) {
    let json = serde_json::to_string(facts).expect("facts can be written");
    let json = json.replace(base, "http://127.0.0.1/");
    fs::write(folder().join(case).join("facts.json"), json + "\n").expect("facts can be saved");
}
