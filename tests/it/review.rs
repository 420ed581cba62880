//! Deciding in real folders: groups, parts, undo, and what must not be overwritten.

use std::fs;
use std::path::Path;

use ariasnap::internals::baseline::BaselinePath;
use ariasnap::internals::compare::{Accept, Match, compare, merge};
use ariasnap::internals::review::Review;
use ariasnap::internals::review::decide::Choice;
use ariasnap::internals::review::session::{Action, Event, RowKey};
use ariasnap::internals::snapshot;
use ariasnap::internals::store::evidence::{Evidence, RECORD_VERSION, Record, fingerprint};
use ariasnap::internals::store::{Fingerprint, Store};
use libtest_mimic::Trial;
use tempfile::TempDir;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        a_group_comes_into_every_baseline_and_the_rest_stays_pending,
        what_is_rejected_does_not_come_with_the_rest,
        accepting_all_of_a_rejected_part_leaves_it_out_too,
        a_baseline_that_changed_is_left_alone,
        two_reviews_do_not_undo_each_others_work,
        without_evidence_a_snapshot_is_decided_as_a_whole,
        a_group_on_400_pages_is_one_row,
        a_variant_shares_its_cases_baseline_until_it_differs,
    ]
}

const OLD: &str = "# by hand\n- navigation \"Docs\":\n  - link \"A\"\n- main:\n  - heading /Page \\d+/ [level=1]\n  - text: old\n";
const NEW: &str = "- navigation \"Docs\":\n  - link \"A\"\n  - link \"New\"\n- main:\n  - heading \"Page 7\" [level=1]\n  - text: new\n";

fn path(text: &str) -> BaselinePath {
    BaselinePath::try_from(text.to_owned()).expect("a place")
}

/// Puts a baseline and what a run would leave beside it.
fn put(store: &Store, place: &str, old: &str, new: &str) {
    let file = store.baseline_file(&path(place));
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(&file, old).expect("written");
    put_pending(store, place, None, old, new);
}

/// Puts what a run would leave of a page that differs from its baseline, or from a shared one.
fn put_pending(store: &Store, place: &str, shared: Option<&str>, old: &str, new: &str) {
    let path = path(place);
    let template = snapshot::read(old).expect("a baseline");
    let tree = snapshot::read(new).expect("a page").to_tree();
    let changes = compare(&template, &tree, Match::Exact).expect("compared");
    let text = merge(&template, &tree, Match::Exact, Accept::All).expect("merged");
    let record = Record {
        version: RECORD_VERSION,
        pending: fingerprint(&text),
        shared: shared.map(self::path),
        evidence: Evidence {
            case: place.to_owned(),
            url: "http://127.0.0.1/".to_owned(),
            browser: "none".to_owned(),
            viewport: (1280, 720),
            matching: Match::Exact,
            nodes: vec![None; changes.len()],
            screenshot: None,
        },
        changes,
        rejected: Vec::new(),
    };
    store
        .write_evidence(&path, &record, &tree, None)
        .expect("evidence");
    let against = match shared {
        None => Fingerprint::of(old.as_bytes()),
        Some(_) => Fingerprint::None,
    };
    store.write_pending(&path, &text, against).expect("pending");
}

fn folder(pages: usize) -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path());
    for page in 0..pages {
        put(&store, &format!("p{page:03}/page"), OLD, NEW);
    }
    (folder, store)
}

fn baseline(store: &Store, place: &str) -> String {
    fs::read_to_string(store.baseline_file(&path(place))).expect("a baseline")
}

/// Every file with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let bytes = fs::read(entry.path()).expect("a file");
            (entry.path().display().to_string(), bytes)
        })
        .collect();
    found.sort();
    found
}

fn decide(review: &mut Review, says: &str, choice: Choice) -> Vec<String> {
    let row = review
        .session
        .rows()
        .iter()
        .find(|row| row.title.contains(says))
        .unwrap_or_else(|| panic!("{says} in {:?}", review.session.rows()));
    let key = row.key.clone();
    let action = review.session.decide_row(&key, choice);
    assert!(matches!(action, Action::Decide(_)));
    review.carry_out(&action)
}

fn undo(review: &mut Review) -> Vec<String> {
    let action = review.session.event(Event::Undo);
    review.carry_out(&action)
}

fn a_group_comes_into_every_baseline_and_the_rest_stays_pending() {
    let (folder, store) = folder(3);
    let before = files(folder.path());
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    assert_eq!(
        decide(&mut review, "gained link \"New\"", Choice::Accept),
        [""; 0]
    );
    let expected = "# by hand\n- navigation \"Docs\":\n  - link \"A\"\n  - link \"New\"\n- main:\n  - heading /Page \\d+/ [level=1]\n  - text: old\n";
    for place in ["p000/page", "p001/page", "p002/page"] {
        assert_eq!(baseline(&store, place), expected);
        let pending = store.pending(&path(place)).expect("read").expect("pending");
        assert_eq!(pending.against, Fingerprint::of(expected.as_bytes()));
        assert_eq!(pending.text, expected.replace("old", "new"));
    }
    assert_eq!(undo(&mut review), [""; 0]);
    assert_eq!(files(folder.path()), before, "undo brings every byte back");
}

fn what_is_rejected_does_not_come_with_the_rest() {
    let (_folder, store) = folder(2);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    assert_eq!(decide(&mut review, "gained link", Choice::Reject), [""; 0]);
    assert_eq!(baseline(&store, "p000/page"), OLD);
    assert_eq!(
        decide(&mut review, "text \"old\" is now \"new\"", Choice::Accept),
        [""; 0]
    );
    assert_eq!(
        baseline(&store, "p000/page"),
        OLD.replace("text: old", "text: new")
    );
    assert!(review.session.items().is_empty());
    review.finish().expect("finished");
    let listing = store.list().expect("listed");
    assert!(listing.pending.is_empty());
    assert!(!store.evidence_folder(&path("p000/page")).exists());
}

fn accepting_all_of_a_rejected_part_leaves_it_out_too() {
    let (_folder, store) = folder(1);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    let groups = review.session.items()[0].groups();
    let target = ariasnap::internals::review::decide::Target {
        path: path("p000/page"),
        part: ariasnap::internals::review::decide::Part::Groups(vec![groups[0].clone()]),
        shown: review.session.items()[0].shown,
    };
    ariasnap::internals::review::decide::decide(&store, &target, Choice::Reject).expect("rejected");
    // Another process, later: `ariasnap accept --all`.
    store.accept(&path("p000/page")).expect("accepted");
    assert_eq!(
        baseline(&store, "p000/page"),
        OLD.replace("text: old", "text: new")
    );
    drop(review.finish());
}

fn a_baseline_that_changed_is_left_alone() {
    let (_folder, store) = folder(2);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    fs::write(store.baseline_file(&path("p001/page")), "- main\n").expect("written");
    let problems = decide(&mut review, "gained link", Choice::Accept);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("p001/page changed"), "{problems:?}");
    assert_eq!(baseline(&store, "p001/page"), "- main\n");
    assert!(baseline(&store, "p000/page").contains("New"));
}

fn two_reviews_do_not_undo_each_others_work() {
    let (_folder, store) = folder(1);
    let mut one = Review::new(store.clone(), |_| true).expect("a review");
    let mut other = Review::new(store.clone(), |_| true).expect("a review");
    let rest = one.session.event(Event::DecideRest(Choice::Accept));
    assert!(one.carry_out(&rest).is_empty());
    let rest = other.session.event(Event::DecideRest(Choice::Reject));
    let problems = other.carry_out(&rest);
    assert!(
        problems[0].contains("has no pending snapshot"),
        "{problems:?}"
    );
    assert!(other.session.items().is_empty(), "it is seen as decided");
    // And what one wrote by hand after accepting is not undone.
    fs::write(store.baseline_file(&path("p000/page")), "- main\n").expect("written");
    assert_eq!(undo(&mut one).len(), 1);
    assert_eq!(baseline(&store, "p000/page"), "- main\n");
}

fn without_evidence_a_snapshot_is_decided_as_a_whole() {
    let (_folder, store) = folder(1);
    let place = path("p000/page");
    fs::remove_dir_all(store.evidence_folder(&place)).expect("removed");
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    assert_eq!(review.session.items()[0].changes.len(), 2);
    let row = review
        .session
        .row(&RowKey::Snapshot(place.clone()))
        .expect("a row");
    assert_eq!(row.counts.iter().sum::<usize>(), 2);
    assert!(decide(&mut review, "p000/page", Choice::Accept).is_empty());
    assert!(undo(&mut review).is_empty());
    assert_eq!(baseline(&store, "p000/page"), OLD);
}

fn a_group_on_400_pages_is_one_row() {
    let (_folder, store) = folder(400);
    let mut review = Review::new(store, |_| true).expect("a review");
    assert_eq!(review.session.rows().len(), 2);
    assert!(decide(&mut review, "400 pages: navigation", Choice::Accept).is_empty());
    assert_eq!(review.session.tally().accepted, 400);
}

fn a_variant_shares_its_cases_baseline_until_it_differs() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path());
    let own = NEW.replace("text: new", "text: narrow");
    put(&store, "a/page", OLD, NEW);
    put_pending(&store, "a/page@mobile", Some("a/page"), OLD, &own);
    let mut review = Review::new(store.clone(), |_| true).expect("a review");
    let variant = review
        .session
        .items()
        .iter()
        .find(|item| item.path == path("a/page@mobile"));
    let variant = variant.expect("the variant is pending");
    assert!(!variant.is_new, "it is held against the case's baseline");
    assert!(
        ariasnap::internals::review::pile::diff(&store, variant, None)
            .expect("a diff")
            .len()
            > OLD.lines().count(),
        "the lines of both"
    );
    // What both have comes into the baseline that both share.
    assert_eq!(
        decide(&mut review, "gained link \"New\"", Choice::Accept),
        [""; 0]
    );
    assert!(baseline(&store, "a/page").contains("link \"New\""));
    assert!(!store.baseline_file(&path("a/page@mobile")).exists());
    // What is the variant's alone comes into its own.
    assert_eq!(
        decide(&mut review, "a/page@mobile", Choice::Accept),
        [""; 0]
    );
    let mobile = baseline(&store, "a/page@mobile");
    assert!(
        mobile.contains("text: narrow") && mobile.contains("# by hand"),
        "{mobile}"
    );
    assert!(!baseline(&store, "a/page").contains("narrow"));
    assert!(!store.pending_file(&path("a/page@mobile")).exists());
}
