//! A page that a test drives through headless_chrome, captured and held against what the reference
//! says of the same page, and the assertions on it.

use std::ffi::OsStr;
use std::sync::Arc;

use ariasnap::internals::dom::Capture;
use ariasnap::internals::site::Server;
use ariasnap::{Match, Mismatch, Shape, assert_aria_snapshot, check_snapshot, snapshot_of};
use headless_chrome::{Browser, LaunchOptions, Tab};
use libtest_mimic::Trial;

use crate::archive::Archive;
use crate::reference::{self, differences};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        captures_through_a_tab_are_the_references,
        the_text_can_be_kept_by_insta,
        a_part_and_regular_expressions_can_be_expected,
        a_tab_that_is_closed_is_an_error,
    ]
}

/// One of each kind of rule: every call through headless_chrome costs a tenth of a second. Of all cases
/// only those differ that number frames by what was on the page before the capture.
const CASES: [&str; 16] = [
    "active-in-shadow",
    "css-content-before-after",
    "cursor-inherited",
    "details-closed",
    "dialog-backdrop",
    "frame-in-shadow",
    "frame-nested",
    "frame-sandboxed",
    "frame-siblings",
    "frame-srcdoc",
    "name-descendant-roles",
    "owns-in-shadow",
    "role-many-siblings",
    "slot-named",
    "state-checked-native",
    "table-spans-and-headers",
];

fn cases() -> Vec<Archive> {
    let cases = reference::cases().into_iter();
    let cases = cases.filter(|archive| CASES.contains(&archive.name()));
    cases.collect()
}

/// A browser that headless_chrome started, and a tab of it with the viewport of the recorded cases.
fn open() -> (Browser, Arc<Tab>) {
    let options = LaunchOptions {
        path: Some(crate::machine::browser()),
        window_size: Some((1280, 720)),
        // Not as root, in containers.
        sandbox: false,
        args: vec![OsStr::new("--hide-scrollbars")],
        ..LaunchOptions::default()
    };
    let browser = Browser::new(options).expect("headless_chrome starts the browser");
    let tab = browser.new_tab().expect("a tab opens");
    (browser, tab)
}

fn visit(tab: &Tab, url: &str) -> Capture {
    tab.navigate_to(url)
        .and_then(Tab::wait_until_navigated)
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    ariasnap::capture(tab).unwrap_or_else(|error| panic!("{url}: {error}"))
}

/// A page of markup.
fn show(tab: &Tab, html: &str) -> Capture {
    visit(tab, &format!("data:text/html,{html}"))
}

fn captures_through_a_tab_are_the_references() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = cases();
    assert_eq!(cases.len(), CASES.len());
    let folder = tempfile::tempdir().unwrap();
    for case in &cases {
        case.unpack(&folder.path().join(case.name()));
    }
    let site = runtime
        .block_on(Server::start(folder.path(), None))
        .unwrap();
    let (_browser, tab) = open();
    let mut different = Vec::new();
    for case in &cases {
        let url = format!("{}/page.html", case.name());
        let url = site.base().join(&url).unwrap();
        let capture = visit(&tab, url.as_str());
        let found = differences(case, &capture);
        different.extend(found.err().map(|text| format!("{}: {text}", case.name())));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

fn the_text_can_be_kept_by_insta() {
    let (_browser, tab) = open();
    let capture = show(&tab, "<main><h1>Sign in</h1><button disabled>Go</button>");
    assert_aria_snapshot!(&capture, @r#"
    - main:
      - heading "Sign in" [level=1]
      - button "Go" [disabled]
    "#);
    assert_eq!(
        snapshot_of(&capture, Shape::Test),
        "- main:\n  - heading \"Sign in\" [level=1]\n  - button \"Go\" [disabled]\n"
    );
}

fn a_part_and_regular_expressions_can_be_expected() {
    let (_browser, tab) = open();
    let capture = show(
        &tab,
        "<main><h1>Version 3.2</h1><p>Text<nav><a href=/>Home</a></nav></main>",
    );
    let expected = "- main:\n  - heading /Version \\d/\n  - navigation\n";
    let check = |mode| check_snapshot(&capture, expected, Shape::Test, mode);
    assert!(check(Match::Contain).is_ok());
    let exact = check(Match::Exact).unwrap_err();
    assert!(matches!(exact, Mismatch::Different(_)), "{exact}");

    let wrong = "- heading \"Version 4\" [level=1]";
    let wrong = check_snapshot(&capture, wrong, Shape::Test, Match::Contain);
    let wrong = wrong.unwrap_err().to_string();
    assert!(wrong.contains("- heading \"Version 4\""), "{wrong}");
    assert!(wrong.contains("+ heading \"Version 3.2\""), "{wrong}");
    assert!(!wrong.contains('\u{1b}'), "{wrong}");

    let unreadable = check_snapshot(&capture, "- heading [level=", Shape::Test, Match::Exact);
    let unreadable = unreadable.unwrap_err().to_string();
    assert!(unreadable.contains("expected snapshot:1:"), "{unreadable}");
}

fn a_tab_that_is_closed_is_an_error() {
    let (_browser, tab) = open();
    tab.close_target().unwrap();
    let error = ariasnap::capture(&tab).unwrap_err();
    assert!(
        error.to_string().starts_with("Page.createIsolatedWorld"),
        "{error}"
    );
}
