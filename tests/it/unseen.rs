//! A decision is about what was shown: what a run writes meanwhile is not accepted.

use std::fs;

use ariasnap::internals::baseline::BaselinePath;
use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::review::Review;
use ariasnap::internals::review::decide::Choice;
use ariasnap::internals::review::session::{Action, Event, RowKey};
use ariasnap::internals::review::web::Web;
use ariasnap::internals::snapshot;
use ariasnap::internals::store::evidence::{Evidence, RECORD_VERSION, Record, fingerprint};
use ariasnap::internals::store::{Fingerprint, Store};
use libtest_mimic::Trial;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        what_a_run_wrote_after_it_was_shown_is_not_decided,
        the_rest_takes_what_was_shown_and_leaves_what_was_not,
        taking_back_does_not_overwrite_what_a_run_wrote_since,
        a_record_that_says_less_than_the_text_decides_nothing,
        async the_web_review_refuses_what_its_page_did_not_show,
    ]
}

pub(crate) const OLD: &str = "- main:\n  - heading \"Page\" [level=1]\n  - text: old\n";
pub(crate) const SEEN: &str = "- main:\n  - heading \"Page\" [level=1]\n  - text: seen\n";
const UNSEEN: &str = "- main:\n  - heading \"Page\" [level=1]\n  - text: unseen\n  - button\n";

pub(crate) fn place(text: &str) -> BaselinePath {
    BaselinePath::try_from(text.to_owned()).expect("a place")
}

pub(crate) fn record(old: &str, new: &str, text: &str) -> Record {
    let template = snapshot::read(old).expect("a baseline");
    let tree = snapshot::read(new).expect("a page").to_tree();
    let changes = match old {
        "" => Vec::new(),
        _ => compare(&template, &tree, Match::Exact).expect("compared"),
    };
    Record {
        version: RECORD_VERSION,
        pending: fingerprint(text),
        shared: None,
        evidence: Evidence {
            case: "a".to_owned(),
            url: "http://127.0.0.1/".to_owned(),
            browser: "none".to_owned(),
            viewport: (1280, 720),
            matching: Match::Exact,
            nodes: vec![None; changes.len()],
            screenshot: None,
        },
        changes,
        rejected: Vec::new(),
    }
}

/// Leaves what a run leaves of a page that says `new`.
pub(crate) fn run(store: &Store, name: &str, new: &str, with_evidence: bool) {
    let path = place(name);
    let tree = snapshot::read(new).expect("a page").to_tree();
    let baseline = store.baseline(&path).expect("read");
    let (old, against) = match &baseline {
        Some(baseline) => (baseline.file.text.to_string(), baseline.fingerprint),
        None => (String::new(), Fingerprint::None),
    };
    let text = match &baseline {
        Some(_) => {
            let template = snapshot::read(&old).expect("a baseline");
            merge(&template, &tree, Match::Exact, Accept::All).expect("merged")
        }
        None => new.to_owned(),
    };
    if with_evidence {
        let record = record(&old, new, &text);
        store
            .write_evidence(&path, &record, &tree, None)
            .expect("evidence");
    }
    store.write_pending(&path, &text, against).expect("pending");
}

/// `changed` has a baseline, `new` has none.
pub(crate) fn folder(with_evidence: bool) -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path());
    let file = store.baseline_file(&place("changed"));
    fs::write(file, OLD).expect("written");
    for name in ["changed", "new"] {
        run(&store, name, SEEN, with_evidence);
    }
    (folder, store)
}

fn baselines(store: &Store) -> [Option<String>; 2] {
    ["changed", "new"].map(|name| fs::read_to_string(store.baseline_file(&place(name))).ok())
}

fn what_a_run_wrote_after_it_was_shown_is_not_decided() {
    for with_evidence in [true, false] {
        for choice in [Choice::Accept, Choice::Reject] {
            for name in ["changed", "new"] {
                let (_folder, store) = folder(with_evidence);
                let mut review = Review::new(store.clone(), |_| true).expect("a review");
                run(&store, name, UNSEEN, with_evidence);
                let key = RowKey::Snapshot(place(name));
                let action = review.session.decide_row(&key, choice);
                let problems = review.carry_out(&action);
                assert_eq!(problems.len(), 1, "{problems:?}");
                assert!(problems[0].contains("tested again"), "{problems:?}");
                assert_eq!(review.renewed(), [place(name)]);
                assert_eq!(baselines(&store), [Some(OLD.to_owned()), None]);
                let pending = store.pending(&place(name)).expect("read").expect("pending");
                assert!(pending.text.contains("unseen"));
                let tally = review.session.tally();
                assert_eq!((tally.accepted, tally.rejected), (0, 0));
                // What is shown now can be decided.
                let action = review.session.decide_row(&key, Choice::Accept);
                assert!(review.carry_out(&action).is_empty());
                let file = store.baseline_file(&place(name));
                assert!(
                    fs::read_to_string(file)
                        .expect("accepted")
                        .contains("unseen")
                );
            }
        }
    }
}

fn the_rest_takes_what_was_shown_and_leaves_what_was_not() {
    let (_folder, store) = folder(true);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    run(&store, "new", UNSEEN, true);
    let action = review.session.event(Event::DecideRest(Choice::Accept));
    let problems = review.carry_out(&action);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(review.session.tally().accepted, 1);
    assert_eq!(baselines(&store), [Some(SEEN.to_owned()), None]);
}

fn taking_back_does_not_overwrite_what_a_run_wrote_since() {
    let (_folder, store) = folder(true);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    let key = RowKey::Snapshot(place("changed"));
    let action = review.session.decide_row(&key, Choice::Accept);
    assert!(review.carry_out(&action).is_empty());
    run(&store, "changed", UNSEEN, true);
    let action = review.session.event(Event::Undo);
    assert!(matches!(action, Action::Undo(_)));
    let problems = review.carry_out(&action);
    assert!(problems[0].contains("tested again"), "{problems:?}");
    let pending = store.pending(&place("changed")).expect("read");
    assert!(pending.expect("pending").text.contains("unseen"));
}

fn a_record_that_says_less_than_the_text_decides_nothing() {
    let (_folder, store) = folder(true);
    let path = place("changed");
    run(&store, "changed", UNSEEN, true);
    let pending = store.pending(&path).expect("read").expect("pending");
    // The record of another page, put under the fingerprint of this text.
    let lie = record(OLD, SEEN, &pending.text);
    store.write_record(&path, &lie).expect("written");
    let review = Review::new(store.clone(), |_| true).expect("a review");
    let item = review.session.items().iter().find(|item| item.path == path);
    let item = item.expect("an item");
    assert_eq!(item.changes.len(), 2, "the texts say what changed");
    assert_eq!(item.evidence, None);
    // A tree that says more than the text.
    run(&store, "changed", SEEN, true);
    let tree = snapshot::read(UNSEEN).expect("a page").to_tree();
    let text = store.pending(&path).expect("read").expect("pending").text;
    store
        .write_evidence(&path, &record(OLD, SEEN, &text), &tree, None)
        .expect("evidence");
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    let action = review.session.event(Event::DecideRest(Choice::Accept));
    review.carry_out(&action);
    assert!(!baselines(&store).concat_all().contains("unseen"));
}

trait ConcatAll {
    fn concat_all(self) -> String;
}

impl ConcatAll for [Option<String>; 2] {
    fn concat_all(self) -> String {
        self.into_iter().flatten().collect()
    }
}

/// The answer of the review's server to a request with a body.
pub(crate) async fn ask(url: &str, what: &str, body: Option<&str>) -> (String, String) {
    let url = url::Url::parse(url).expect("an address");
    let host = format!("127.0.0.1:{}", url.port().expect("a port"));
    let token = url.path().trim_matches('/');
    let (method, body) = match body {
        Some(body) => ("POST", body),
        None => ("GET", ""),
    };
    let request = format!(
        "{method} /{token}/{what} HTTP/1.1\r\nhost: {host}\r\nx-ariasnap-token: {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(&host).await.expect("connected");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

/// What a page that was served says it shows, as a decision brings it back.
fn shown(page: &str) -> serde_json::Value {
    let html = scraper::Html::parse_document(page);
    let cards = scraper::Selector::parse(".snapshot").expect("a selector");
    let cards = html.select(&cards).map(|card| {
        let value = |name| card.value().attr(name).expect("an attribute").to_owned();
        (value("data-path"), value("data-shown").into())
    });
    serde_json::Value::Object(cards.collect())
}

async fn the_web_review_refuses_what_its_page_did_not_show() {
    let (_folder, store) = folder(true);
    let review = Review::new(store.clone(), |_| true).expect("a review");
    let web = Web::bind(review).await.expect("a port");
    let url = web.url();
    let served = tokio::spawn(web.serve(std::future::pending()));
    let (_, page) = ask(&url, "", None).await;
    let seen = shown(&page);
    run(&store, "changed", UNSEEN, true);
    run(&store, "new", UNSEEN, true);
    let decide = |path: Option<&str>, shown: &serde_json::Value| {
        serde_json::json!({"choice": "accept", "path": path, "group": null, "shown": shown})
            .to_string()
    };
    for path in [Some("changed"), Some("new"), None] {
        let (_, answer) = ask(&url, "decide", Some(&decide(path, &seen))).await;
        assert!(answer.contains("tested again"), "{answer}");
        assert!(answer.contains("could not be accepted"), "{answer}");
        assert!(answer.contains("\"renewed\":[\""), "{answer}");
        assert_eq!(baselines(&store), [Some(OLD.to_owned()), None]);
    }
    // Another tab was loaded since: what it shows is not what this one shows.
    let (_, other) = ask(&url, "", None).await;
    let (_, answer) = ask(&url, "decide", Some(&decide(None, &seen))).await;
    assert!(answer.contains("tested again"), "{answer}");
    // A decision that says nothing of what it was made on.
    let (_, answer) = ask(&url, "decide", Some(&decide(None, &serde_json::json!({})))).await;
    assert!(answer.contains("nothing was accepted"), "{answer}");
    let (_, answer) = ask(
        &url,
        "decide",
        Some(&decide(Some("new"), &serde_json::json!({}))),
    )
    .await;
    assert!(answer.contains("reload the page"), "{answer}");
    let old = r#"{"choice":"accept","path":null,"group":null}"#;
    let (head, _) = ask(&url, "decide", Some(old)).await;
    assert!(head.contains("422"), "{head}");
    assert_eq!(baselines(&store), [Some(OLD.to_owned()), None]);
    let (_, answer) = ask(&url, "decide", Some(&decide(None, &shown(&other)))).await;
    assert!(answer.contains("2 snapshots accepted"), "{answer}");
    assert!(baselines(&store).concat_all().contains("unseen"));
    served.abort();
}
