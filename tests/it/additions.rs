//! What a snapshot can tell beyond what the reference does.

use std::fs;

use crate::archive::{self, Archive};
use crate::harness::{case, difference};
use crate::reference::{self, LAB, browser, capture, differences, facts_with, settled_page};
use ariasnap::internals::aria::{self, Additions, Request, Shape};
use ariasnap::internals::compare::{self, Match, against_browser};
use ariasnap::internals::dom::{Capture, Shadow};
use ariasnap::internals::site::Server;
use ariasnap::internals::snapshot::{self, Rendering};
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![
        async frames_have_content_in_shape_test_where_it_is_asked_for,
        async the_browsers_own_tree_is_held_against_the_snapshot,
    ];
    list.extend(closed_shadow_roots());
    list.extend(attributes());
    list
}

/// The page of a case with its shadow roots closed, where that must give what the reference says of open
/// ones.
fn with_closed_roots(archive: &Archive) -> Option<String> {
    let page = archive.text("page.html")?;
    // A script that looks for the root would not find it, and focus stops at the host.
    let is_fit = !page.contains(".shadowRoot") && !archive.name().starts_with("active");
    let changed = page
        .replace("shadowrootmode=\"open\"", "shadowrootmode=\"closed\"")
        .replace("mode: 'open'", "mode: 'closed'");
    (is_fit && changed != page && !page.contains("closed")).then_some(changed)
}

/// With all shadow roots, a closed one is shown like an open one.
fn closed_shadow_roots() -> Vec<Trial> {
    let cases = reference::cases().into_iter().filter_map(|archive| {
        let page = with_closed_roots(&archive)?;
        let name = format!("closed_shadow_root::{}", archive.name());
        Some(case(module_path!(), &name, move || {
            let lab = LAB.start();
            let folder = format!("closed/{}", archive.name());
            archive.unpack(&lab.folder().join(&folder));
            let file = lab.folder().join(&folder).join("page.html");
            fs::write(file, page).expect("a page is written");
            differences(&archive, &lab.capture_all(&lab.page(&folder)))
        }))
    });
    cases.collect()
}

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
        )
        .expect("not too deep");
        snapshot::write(&tree, Rendering::default())
    };
    assert_eq!(text(false), "- heading \"Out\" [level=1]\n- iframe\n");
    assert_eq!(
        text(true),
        "- heading \"Out\" [level=1]\n- iframe:\n  - heading \"In\" [level=2]\n  - iframe:\n    - paragraph: Inmost\n"
    );
}

/// Cases of `attributes: all` under `tests/additions/attributes/`: `page.html` and what a shape shows of
/// it, written by hand from WAI-ARIA, as the reference has no say in it.
fn attributes() -> Vec<Trial> {
    let cases = Archive::all(&archive::tests("additions/attributes")).into_iter();
    let cases = cases.map(|archive| {
        let name = format!("attributes::{}", archive.name());
        case(module_path!(), &name, move || {
            let lab = LAB.start();
            let folder = format!("attributes/{}", archive.name());
            archive.unpack(&lab.folder().join(&folder));
            let capture = lab.capture(&lab.page(&folder));
            let mut expectations = 0;
            for shape in [Shape::Page, Shape::Test, Shape::Compact] {
                let name = format!("{shape:?}.aria.yml").to_lowercase();
                if let Some(expected) = archive.text(&name) {
                    expectations += 1;
                    attributes_differ(&capture, shape, expected)?;
                }
            }
            assert!(expectations > 0, "a case expects something");
            Ok(())
        })
    });
    cases.collect()
}

/// The text is the expected one, can be read, and matches the page; without the addition it does not.
fn attributes_differ(capture: &Capture, shape: Shape, expected: &str) -> Result<(), String> {
    let tree = |attributes| {
        let request = Request {
            shape,
            ..Request::default()
        };
        let additions = Additions {
            attributes,
            ..Additions::default()
        };
        aria::snapshot_with(capture, request, additions).expect("not too deep")
    };
    let text = snapshot::write(&tree(true), Rendering::default());
    if text != expected {
        return Err(difference(expected, &text));
    }
    let template = snapshot::read(&text).unwrap_or_else(|errors| panic!("{errors:#?}\n{text}"));
    let same = compare::matches(&template, &tree(true), Match::Exact).expect("bounded patterns");
    assert!(same, "does not match what it was written from:\n{text}");
    let plain = snapshot::write(&tree(false), Rendering::default());
    assert!(plain != text, "nothing is added:\n{text}");
    Ok(())
}

/// `tests/additions/against-browser/`: the page has what the two trees are known to see alike, and one
/// of each kind of difference.
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
        aria::snapshot(&capture, request).expect("not too deep")
    };
    let findings = against_browser::findings(document, (&of(Shape::Page), &of(Shape::Test)), &tree);
    let text = ariasnap::internals::report::against_browser::text(&findings).to_string();
    let expected = fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
    assert!(text == expected, "expected:\n{expected}\nfound:\n{text}");
}
