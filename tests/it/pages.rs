//! Hard pages: every folder of `tests/pages/` holds a case (`case.yml`), the page it is about, and
//! what comes of it, the snapshot in `expected.yml` or the error in `expected.txt`. Run in the real
//! browser, against a server whose answers can be slow, stay open, or lead elsewhere.
//!
//! `ARIASNAP_CASE=part` runs those whose name has that part; `ARIASNAP_TIMES=1` tells how long each took.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test says so by failing"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::page_server::PageServer;
use ariasnap::browser::find::Search;
use ariasnap::browser::launch::{Browser, LaunchOptions};
use ariasnap::browser::platform::Platform;
use ariasnap::error::SourceText;
use ariasnap::run::{self, CaseReport, Outcome, Patience, Setting, Update};
use ariasnap::site::Site;
use ariasnap::spec::{Case, Config, Entry, FailOn, Secrets, SiteConfig, parse_spec};
use ariasnap::store::Store;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

fn names() -> Vec<String> {
    let wanted = std::env::var("ARIASNAP_CASE").unwrap_or_default();
    let mut names: Vec<String> = fs::read_dir(folder())
        .expect("tests/pages can be read")
        .map(|entry| entry.expect("an entry can be read"))
        .filter(|entry| entry.path().join("case.yml").exists())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(&wanted))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no case under tests/pages");
    names
}

fn case(name: &str, config: &Config) -> Case {
    let path = PathBuf::from(format!("{name}/case.yml"));
    let bytes = fs::read(folder().join(&path)).expect("the case can be read");
    let text = SourceText::from_bytes(&path, &bytes).expect("the case is text");
    let entries = parse_spec(&text, Path::new(&format!("{name}.yml")), config);
    let mut entries = entries.unwrap_or_else(|errors| panic!("{errors:?}"));
    match (entries.pop(), entries.is_empty()) {
        (Some(Entry::Case(case)), true) => *case,
        _ => panic!("{name} is one case"),
    }
}

async fn browser() -> Browser {
    let home = std::env::home_dir();
    let search = Search::new(Platform::current(), home.as_deref(), None, |name| {
        std::env::var_os(name)
    });
    let found = search.find().expect("there is a browser");
    Browser::launch(&LaunchOptions {
        executable: found.path,
        headed: false,
        deadline: Duration::from_secs(30),
    })
    .await
    .expect("the browser starts")
}

/// What came, in the form of the expected files.
fn told(report: &CaseReport, server: &PageServer, snapshots: &Path) -> (&'static str, String) {
    let mut names = "expected.yml";
    let mut text = String::new();
    for snapshot in &report.snapshots {
        match &snapshot.outcome {
            Outcome::New { pending, .. } => {
                let pending = fs::read_to_string(pending).expect("it is there");
                text += pending.split_once('\n').map_or("", |(_, rest)| rest);
            }
            Outcome::Failed(failure) => {
                names = "expected.txt";
                text += &format!("{}\n", failure.message);
            }
            other => panic!("{}: {other:?}", report.name),
        }
    }
    for note in &report.notes {
        text += &format!("# note: {note}\n");
    }
    let text = text
        .replace(&server.host(), "SITE")
        .replace(&server.other_host(), "OTHER")
        .replace(&snapshots.display().to_string(), "SNAPSHOTS");
    (names, without_times(&text))
}

/// `after 5.2 s` says `after TIME s`.
fn without_times(text: &str) -> String {
    let mut parts = text.split(" after ");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let time = if rest.len() < part.len() && rest.starts_with(" s") {
            "TIME"
        } else {
            &part[..part.len() - rest.len()]
        };
        whole += &format!(" after {time}{rest}");
    }
    whole
}

#[tokio::test(flavor = "multi_thread")]
async fn hard_pages() {
    let server = PageServer::start(&folder()).await;
    let mut config = Config::without_file(&folder());
    let site = url::Url::parse(&server.base()).expect("it is a URL");
    config.site = Some(SiteConfig::Url(site.clone()));
    let cases: Vec<Case> = names().iter().map(|name| case(name, &config)).collect();
    let snapshots = tempfile::tempdir().expect("there is room for snapshots");
    let browser = browser().await;
    let setting = Setting {
        browser: &browser,
        browsers: std::slice::from_ref(&browser),
        site: Some(&Site::Url(site)),
        store: &Store::new(snapshots.path()),
        jobs: 4,
        update: Update::Never,
        fail_on: &FailOn::Any,
        secrets: &Secrets::default(),
        sessions: &std::collections::BTreeMap::new(),
        pauses: None,
        patience: Patience::default(),
    };
    let (progress, _) = tokio::sync::mpsc::unbounded_channel();
    let result = run::run(&cases, &setting, &progress, std::future::pending()).await;
    browser.close().await;
    let mut failures = Vec::new();
    for report in &result.cases {
        let (file, actual) = told(report, &server, snapshots.path());
        let expected = fs::read_to_string(folder().join(&report.name).join(file));
        if std::env::var_os("ARIASNAP_TIMES").is_some() {
            eprintln!("{:20} {:6} ms", report.name, report.elapsed.as_millis());
        }
        if expected.as_deref().ok() != Some(actual.as_str()) {
            let expected = expected.unwrap_or_else(|_| format!("no {file}\n"));
            failures.push(format!("==== {}\n{expected}---- is\n{actual}", report.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
