//! What a snapshot can tell beyond what the reference does.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

mod reference;

use std::fs;

use ariasnap::aria::{self, Additions, Request, Shape};
use ariasnap::compare::{self, Match, against_browser};
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

/// Cases of `attributes: all` under `tests/additions/attributes/`: a folder each, with `page.html` and
/// what a shape shows of it, written by hand from WAI-ARIA, as the reference has no say in it.
#[tokio::test]
async fn attributes_are_told_where_they_are_asked_for() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/additions/attributes");
    let site = Server::start(&root, None).await.expect("a server starts");
    let browser = browser(&[]).await;
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(&root).expect("a folder of cases") {
        let case = entry.expect("an entry").file_name();
        let case = case.to_str().expect("a plain name");
        let url = site.base().join(&format!("{case}/page.html"));
        let facts = capture(&browser, url.expect("a URL").as_str()).await;
        let capture = Capture::from_facts(facts).expect("whole facts");
        for shape in [Shape::Page, Shape::Test, Shape::Compact] {
            let name = format!("{shape:?}").to_lowercase();
            let Ok(expected) = fs::read_to_string(root.join(case).join(format!("{name}.aria.yml")))
            else {
                continue;
            };
            seen += 1;
            wrong.extend(attributes_differ(&capture, shape, &expected));
        }
    }
    browser.close().await;
    assert!(seen > 5, "{seen} cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text is the expected one, can be read, and matches the page; without the addition it does not.
fn attributes_differ(capture: &Capture, shape: Shape, expected: &str) -> Option<String> {
    let tree = |attributes| {
        let request = Request {
            shape,
            ..Request::default()
        };
        let additions = Additions {
            attributes,
            ..Additions::default()
        };
        aria::snapshot_with(capture, request, additions)
    };
    let text = snapshot::write(&tree(true), Rendering::default());
    if text != expected {
        return Some(format!("expected:\n{expected}\nfound:\n{text}"));
    }
    let template = snapshot::read(&text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"));
    let same = compare::matches(&template, &tree(true), Match::Exact).expect("bounded patterns");
    assert!(same, "does not match what it was written from:\n{text}");
    let plain = snapshot::write(&tree(false), Rendering::default());
    assert!(plain != text, "nothing is added:\n{text}");
    None
}

/// `tests/additions/against-browser/`: the page has what the two trees are known to see alike, and one
/// of each kind of difference.
#[tokio::test]
async fn the_browsers_own_tree_is_held_against_the_snapshot() {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/additions/against-browser");
    let site = Server::start(&folder, None).await.expect("a server starts");
    let browser = browser(&[]).await;
    let url = site.base().join("page.html").expect("a URL");
    let page = settled_page(&browser, url.as_str()).await;
    let capture = Capture::from_facts(facts_with(&page, Shadow::Open).await).expect("whole facts");
    let document = &capture.documents[0].document;
    let elements: Vec<_> = document
        .ids()
        .filter(|id| document.is_element(*id))
        .collect();
    let tree = page
        .accessibility_tree(&elements, Shadow::Open)
        .await
        .expect("the browser tells its tree");
    browser.close().await;
    let of = |shape| {
        let request = Request {
            shape,
            ..Request::default()
        };
        aria::snapshot(&capture, request)
    };
    let findings = against_browser::findings(document, (&of(Shape::Page), &of(Shape::Test)), &tree);
    let text = ariasnap::report::against_browser::text(&findings).to_string();
    let expected = fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
    assert!(text == expected, "expected:\n{expected}\nfound:\n{text}");
}
