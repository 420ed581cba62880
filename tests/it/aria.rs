//! Every case under `tests/aria/` against the reference's snapshots: once from recorded facts,
//! without a browser, and once from the page, in the browser.
//!
//! `ARIASNAP_CASES=FOLDER cargo test --test it aria::snapshots_of_pages` does so with the cases of
//! another folder, such as one that `tests/aria/random.mjs` filled.
//!
//! A new case is a new folder with a `page.html`; `tests/aria/record.mjs` records what the reference
//! says, and `ARIASNAP_RECORD_FACTS=1 cargo test --test it aria::` the facts.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

use std::fs;

use crate::reference::{browser, capture, cases, differences, folder, report};
use ariasnap::dom::CaptureFacts;
use ariasnap::site::Server;

#[test]
fn snapshots_from_recorded_facts_are_the_references() {
    let cases = cases();
    let mut different = Vec::new();
    for case in &cases {
        let file = folder().join(case).join("facts.json");
        let facts = fs::read_to_string(&file).unwrap_or_else(|error| {
            panic!(
                "{}: {error}; record it as the head of tests/it/aria.rs says",
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
        let browser = browser(&[]).await;
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

/// The port of the day does not belong into a file.
fn record(case: &str, facts: &CaptureFacts, base: &str) {
    let json = serde_json::to_string(facts).expect("facts can be written");
    let json = json.replace(base, "http://127.0.0.1/");
    let other_name = base.replace("127.0.0.1", "localhost");
    let json = json.replace(&other_name, "http://localhost/");
    fs::write(folder().join(case).join("facts.json"), json + "\n").expect("facts can be saved");
}
