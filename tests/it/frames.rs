//! Frames in processes of their own: what the reference says of the cases with frames, and frames
//! that go away, crash, hang or never load.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::harness::case;
use crate::reference::{
    self, DEADLINE, LAB_OF_PROCESSES, browser, capture, differences, facts, settled_page, text,
};
use crate::server;
use ariasnap::internals::aria::Shape;
use ariasnap::internals::browser::devtools::Session;
use ariasnap::internals::browser::launch::Browser;
use ariasnap::internals::dom::Capture;
use ariasnap::internals::site::Server;
use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::json;

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![
        async the_switch_gives_frames_of_other_sites_their_own_process,
        async frames_that_come_and_go_while_capturing_do_no_harm,
        async what_a_frame_fetches_is_waited_for,
        async frames_hold_nobody_up,
        async a_frame_that_never_loads_is_shown_as_it_is,
        async a_frame_whose_process_crashed_is_empty,
        async a_frame_that_hangs_does_not_hold_up_the_page,
    ];
    // What the reference says of cases with frames holds for frames in processes of their own too.
    let cases = reference::cases().into_iter();
    let cases = cases.filter(|archive| archive.name().contains("frame"));
    list.extend(cases.map(|archive| {
        let name = format!("other_process::{}", archive.name());
        case(module_path!(), &name, move || {
            let lab = LAB_OF_PROCESSES.start();
            differences(&archive, &lab.capture(&lab.page(archive.name())))
        })
    }));
    list
}

/// In the page's process by default (as headless shells have it), or each site in its own.
const MODES: [&[&str]; 2] = [&[], &["--site-per-process"]];

async fn browser_in(mode: &[&str]) -> Browser {
    let switches: Vec<String> = mode.iter().map(ToString::to_string).collect();
    browser(&switches).await
}

/// Pages of a test, served.
async fn site(pages: &[(&str, &str)]) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, html) in pages {
        write(folder.path(), name, html);
    }
    let server = Server::start(folder.path(), None).await;
    (folder, server.expect("a server starts"))
}

fn write(folder: &Path, name: &str, html: &str) {
    fs::write(folder.join(name), format!("<!doctype html>{html}")).expect("a page is written");
}

/// Markup of a frame whose page is of another site.
const OTHER: &str = "<script>
    const other = `http://localhost:${location.port}/`;
    const add = (page, more = '') => document.body.insertAdjacentHTML('beforeend', `<iframe ${more} src='${other}${page}'></iframe>`);
</script>";

async fn page_text(browser: &Browser, server: &Server) -> String {
    let facts = capture(browser, server.base().as_str()).await;
    text(
        &Capture::from_facts(facts).expect("whole facts"),
        Shape::Page,
    )
}

async fn the_switch_gives_frames_of_other_sites_their_own_process() {
    let (_folder, server) = site(&[
        (
            "index.html",
            &format!("<p>outside</p>{OTHER}<script>add('inner.html')</script>"),
        ),
        ("inner.html", "<p>inside</p>"),
    ])
    .await;
    for (mode, frames) in MODES.into_iter().zip([0, 1]) {
        let browser = browser_in(mode).await;
        let page = settled_page(&browser, server.base().as_str()).await;
        assert_eq!(frame_targets(&browser.session()).await.len(), frames);
        page.close().await;
        browser.close().await;
    }
}

async fn frames_that_come_and_go_while_capturing_do_no_harm() {
    let (_folder, server) = site(&[
        (
            "index.html",
            &format!(
                "<p>outside</p>{OTHER}<script>
                onload = () => {{
                    add('inner.html'); add('nested.html');
                    setInterval(() => {{ document.querySelector('iframe')?.remove(); add('inner.html'); }}, 30);
                    setInterval(() => {{ document.querySelector('iframe')?.remove(); add('nested.html'); }}, 70);
                }}
                </script>"
            ),
        ),
        ("inner.html", "<p>inside</p>"),
        ("nested.html", "<p>around</p><iframe srcdoc='inmost'></iframe>"),
    ])
    .await;
    for mode in MODES {
        let browser = browser_in(mode).await;
        let mut page = empty_page(&browser).await;
        page.goto(server.base().as_str(), DEADLINE)
            .await
            .expect("the page opens");
        for _ in 0..10 {
            let capture = Capture::from_facts(facts(&page).await).expect("whole facts");
            assert!(text(&capture, Shape::Page).contains("- paragraph [ref=e2]: outside"));
        }
        page.close().await;
        browser.close().await;
    }
}

async fn what_a_frame_fetches_is_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server::TestServer::start(server::folder(folder.path()));
    let frame = format!(
        "<iframe src='http://{}/inner.html'></iframe>",
        server.other_host()
    );
    write(folder.path(), "index.html", &frame);
    write(
        folder.path(),
        "inner.html",
        "<script>fetch('/slow/800/late.txt').then(late => late.text()).then(text => document.body.append(text))</script>",
    );
    fs::write(folder.path().join("late.txt"), "inside").expect("a text is written");
    for mode in MODES {
        let browser = browser_in(mode).await;
        let facts = capture(&browser, &server.url("/index.html")).await;
        let capture = Capture::from_facts(facts).expect("whole facts");
        let text = text(&capture, Shape::Page);
        assert!(text.contains(": inside"), "{mode:?}: {text}");
        browser.close().await;
    }
}

async fn frames_hold_nobody_up() {
    let (_folder, server) = site(&[
        (
            "index.html",
            &format!(
                "<p>outside</p>{OTHER}<script>add('inner.html'); add('inner.html', 'sandbox')</script>"
            ),
        ),
        ("inner.html", "<p>inside</p><script>for (let n = 0; n < 100; n++);</script>"),
    ])
    .await;
    for mode in MODES {
        let browser = browser_in(mode).await;
        let started = Instant::now();
        let text = page_text(&browser, &server).await;
        assert_eq!(text.matches(": inside").count(), 2, "{text}");
        // Far less than the deadlines of what does not answer.
        assert!(started.elapsed() < Duration::from_secs(4), "{mode:?}");
        browser.close().await;
    }
}

async fn a_frame_that_never_loads_is_shown_as_it_is() {
    // The system takes the connections, and nobody answers.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let html = format!(
        "<p>outside</p><script>onload = () => document.body.insertAdjacentHTML('beforeend', `<iframe src='http://localhost:{port}/'></iframe>`)</script>"
    );
    let (_folder, server) = site(&[("index.html", &html)]).await;
    for mode in MODES {
        let browser = browser_in(mode).await;
        let text = page_text(&browser, &server).await;
        assert_eq!(
            text,
            "- generic [active] [ref=e1]:\n  - paragraph [ref=e2]: outside\n  - iframe [ref=e3]\n"
        );
        browser.close().await;
    }
    drop(silent);
}

async fn a_frame_whose_process_crashed_is_empty() {
    let (_folder, server) = site(&[
        (
            "index.html",
            &format!("<p>outside</p>{OTHER}<script>add('inner.html'); add('about.html')</script>"),
        ),
        ("inner.html", "<p>inside</p>"),
        ("about.html", "<p>about</p>"),
    ])
    .await;
    let browser = browser_in(MODES[1]).await;
    let page = settled_page(&browser, server.base().as_str()).await;
    let inside = Capture::from_facts(facts(&page).await).expect("whole facts");
    assert!(text(&inside, Shape::Page).contains("[ref=f1e2]: inside"));

    let target = frame_targets(&browser.session()).await.remove(0);
    let attached: Attached = browser
        .session()
        .call(
            "Target.attachToTarget",
            json!({"targetId": target, "flatten": true}),
        )
        .await
        .expect("the frame is attached to");
    let (frame, mut events) = browser
        .connection
        .session(&attached.session_id, None, DEADLINE);
    frame
        .send("Inspector.enable", json!({}))
        .await
        .expect("the frame tells of its crash");
    drop(frame.send("Page.crash", json!({})));
    while let Some(event) = events.recv().await {
        if event.method == "Inspector.targetCrashed" {
            break;
        }
    }
    let started = Instant::now();
    let crashed = Capture::from_facts(facts(&page).await).expect("whole facts");
    // Both frames of that site lived in one process.
    assert_eq!(
        text(&crashed, Shape::Page),
        "- generic [active] [ref=e1]:\n  - paragraph [ref=e2]: outside\n  - iframe [ref=e3]\n  - iframe [ref=e4]\n"
    );
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "nothing waits for the dead"
    );
    page.close().await;
    browser.close().await;
}

async fn a_frame_that_hangs_does_not_hold_up_the_page() {
    let (_folder, server) = site(&[
        (
            "index.html",
            &format!("<p>outside</p>{OTHER}<script>add('busy.html')</script>"),
        ),
        (
            "busy.html",
            "<p>inside</p><script>onload = () => setTimeout(() => { for (;;); })</script>",
        ),
    ])
    .await;
    let browser = browser_in(MODES[1]).await;
    let started = Instant::now();
    let text = page_text(&browser, &server).await;
    assert_eq!(
        text,
        "- generic [active] [ref=e1]:\n  - paragraph [ref=e2]: outside\n  - iframe [ref=e3]\n"
    );
    assert!(started.elapsed() < Duration::from_secs(15));
    browser.close().await;
}

async fn empty_page(browser: &Browser) -> ariasnap::internals::browser::page::Page {
    settled_page(browser, "about:blank").await
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Targets {
    target_infos: Vec<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    target_id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// The ids of the frames that have targets of their own.
async fn frame_targets(browser: &Session) -> Vec<String> {
    let targets: Targets = browser
        .call("Target.getTargets", json!({}))
        .await
        .expect("the browser lists its targets");
    targets
        .target_infos
        .into_iter()
        .filter(|target| target.kind == "iframe")
        .map(|target| target.target_id)
        .collect()
}
