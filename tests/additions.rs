//! What a snapshot can tell beyond what the reference does.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

mod reference;

use std::fs;

use ariasnap::aria::{self, Additions, Request, Shape};
use ariasnap::dom::{Capture, Shadow};
use ariasnap::site::Server;
use ariasnap::snapshot::{self, Rendering};
use reference::{
    browser, capture, cases_with, differences, facts_with, folder, report, settled_page,
};

/// With all shadow roots, a closed one must give what the reference says of an open one.
#[tokio::test]
async fn closed_shadow_roots_are_shown_like_open_ones() {
    let pages = tempfile::tempdir().expect("a folder");
    let mut closed = Vec::new();
    for case in cases_with("") {
        let page = fs::read_to_string(folder().join(&case).join("page.html"));
        // A file in another encoding is no case of shadow roots.
        let Ok(page) = page else { continue };
        // A script that looks for the root would not find it, and focus stops at the host.
        let is_fit = !page.contains(".shadowRoot") && !case.starts_with("active");
        let changed = page
            .replace("shadowrootmode=\"open\"", "shadowrootmode=\"closed\"")
            .replace("mode: 'open'", "mode: 'closed'");
        if is_fit && changed != page && !page.contains("closed") {
            let copy = pages.path().join(&case);
            fs::create_dir(&copy).expect("a folder is made");
            for entry in fs::read_dir(folder().join(&case)).expect("a case has files") {
                let file = entry.expect("an entry can be read");
                fs::copy(file.path(), copy.join(file.file_name())).expect("a file is copied");
            }
            fs::write(copy.join("page.html"), changed).expect("a page is written");
            closed.push(case);
        }
    }
    assert!(closed.len() > 10, "few cases with shadow roots: {closed:?}");
    let site = Server::start(pages.path(), None)
        .await
        .expect("a server starts");
    let browser = browser(&[]).await;
    let mut different = Vec::new();
    for case in &closed {
        let url = site
            .base()
            .join(&format!("{case}/page.html"))
            .expect("a URL");
        let page = settled_page(&browser, url.as_str()).await;
        different.extend(differences(case, facts_with(&page, Shadow::All).await));
        page.close().await;
    }
    browser.close().await;
    report(&different, closed.len());
}

#[tokio::test]
async fn frames_have_content_in_shape_test_where_it_is_asked_for() {
    let pages = tempfile::tempdir().expect("a folder");
    let html = "<!doctype html><h1>Out</h1><iframe srcdoc='<h2>In</h2><iframe srcdoc=&quot;<p>Inmost</p>&quot;></iframe>'></iframe>";
    fs::write(pages.path().join("index.html"), html).expect("a page is written");
    let site = Server::start(pages.path(), None)
        .await
        .expect("a server starts");
    let browser = browser(&[]).await;
    let facts = capture(&browser, site.base().as_str()).await;
    browser.close().await;
    let capture = Capture::from_facts(facts).expect("whole facts");
    let request = Request {
        shape: Shape::Test,
        ..Request::default()
    };
    let text = |frames| {
        let tree = aria::snapshot_with(
            &capture,
            request,
            Additions {
                frames,
                ..Additions::default()
            },
        );
        snapshot::write(&tree, Rendering::default())
    };
    assert_eq!(text(false), "- heading \"Out\" [level=1]\n- iframe\n");
    assert_eq!(
        text(true),
        "- heading \"Out\" [level=1]\n- iframe:\n  - heading \"In\" [level=2]\n  - iframe:\n    - paragraph: Inmost\n"
    );
}
