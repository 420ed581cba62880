//! Evidence that others wrote, in a part, an artifact or a repository: what it may not say is refused, and
//! what it says of a text is true or not shown.

use std::fs;
use std::path::Path;
use std::process::Command;

use ariasnap::Impact;
use ariasnap::internals::compare::{Accept, Match, merge};
use ariasnap::internals::review::Review;
use ariasnap::internals::review::decide::{Choice, Part, Target, decide};
use ariasnap::internals::review::session::RowKey;
use ariasnap::internals::review::web::Web;
use ariasnap::internals::snapshot;
use ariasnap::internals::store::evidence::{Record, Screenshot};
use ariasnap::internals::store::{Fingerprint, Store, StoreError};
use libtest_mimic::Trial;

use crate::unseen::{OLD, SEEN, ask, folder, place, record, run};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        async evidence_names_no_file_outside_and_no_address_but_of_the_web,
        no_file_is_waited_for,
        no_part_names_a_file_or_an_address_outside,
        a_record_cannot_make_a_change_look_better,
        a_record_names_no_baseline_but_that_of_its_case,
        a_text_without_a_record_is_decided_by_a_group_only_where_that_is_all,
        changes_with_the_same_first_digits_are_two_groups,
        a_name_in_full_is_that_snapshot_alone,
    ]
}

/// Writes the record of `changed` after a change to it.
fn lie(store: &Store, change: impl FnOnce(&mut Record)) {
    let path = place("changed");
    let text = store.pending(&path).expect("read").expect("pending").text;
    let mut record = store.record(&path, &text).expect("read").expect("a record");
    change(&mut record);
    store.write_record(&path, &record).expect("written");
}

fn a_record_cannot_make_a_change_look_better() {
    let (_folder, store) = folder(false);
    run(&store, "changed", "- main:\n  - text: old\n", true);
    let review = Review::new(store.clone(), |_| true).expect("a review");
    let told = review.session.items()[0].changes.clone();
    assert_eq!(told[0].impact, Impact::Regression, "a heading is gone");
    assert!(review.session.items()[0].evidence.is_some());
    lie(&store, |record| {
        record.changes[0].impact = Impact::Improvement;
    });
    let review = Review::new(store.clone(), |_| true).expect("a review");
    assert_eq!(review.session.items()[0].changes, told);
    assert_eq!(review.session.items()[0].evidence, None);
}

fn a_record_names_no_baseline_but_that_of_its_case() {
    const PAGE: &str = "- main:\n  - text: old\n  - button \"Pay\"\n";
    let (_folder, store) = folder(false);
    let other = place("other");
    // It has no heading either, so that against it only the button is new.
    fs::write(store.baseline_file(&other), "- main:\n  - text: old\n").expect("written");
    let path = place("changed");
    let tree = snapshot::read(PAGE).expect("a page").to_tree();
    let against = store
        .baseline(&path)
        .expect("read")
        .expect("a baseline")
        .fingerprint;
    for against in [against, Fingerprint::None] {
        let mut lie = record("- main:\n  - text: old\n", PAGE, PAGE);
        lie.shared = Some(other.clone());
        store
            .write_evidence(&path, &lie, &tree, None)
            .expect("evidence");
        store.write_pending(&path, PAGE, against).expect("pending");
        let review = Review::new(store.clone(), |_| true).expect("a review");
        let item = &review.session.items()[0];
        assert!(
            item.changes.len() > 1,
            "the heading is gone: {:?}",
            item.changes
        );
        assert_eq!(item.shared, None);
    }
}

fn a_text_without_a_record_is_decided_by_a_group_only_where_that_is_all() {
    let (_folder, store) = folder(false);
    let path = place("changed");
    let text = store.pending(&path).expect("read").expect("pending").text;
    // The same change, and everything that comes to the page from now on is allowed.
    let loose = format!("- /children: contain\n{text}");
    for (text, is_taken) in [(loose, false), (text, true)] {
        let against = store
            .baseline(&path)
            .expect("read")
            .expect("a baseline")
            .fingerprint;
        store.write_pending(&path, &text, against).expect("pending");
        let review = Review::new(store.clone(), |_| true).expect("a review");
        let item = &review.session.items()[0];
        let target = Target {
            path: path.clone(),
            part: Part::Groups(item.groups()),
            shown: item.shown,
        };
        assert_eq!(
            decide(&store, &target, Choice::Accept).is_ok(),
            is_taken,
            "{text}"
        );
    }
    let tree = snapshot::read(SEEN).expect("a page").to_tree();
    let old = snapshot::read(OLD).expect("a baseline");
    let merged = merge(&old, &tree, Match::Exact, Accept::All).expect("merged");
    let baseline = fs::read_to_string(store.baseline_file(&path)).expect("read");
    assert_eq!(baseline, merged);
}

/// A link that came and a button that went, whose groups have the first eight digits in common.
const TWINS: [(&str, &str, &str); 2] = [
    (
        "one",
        "- main:\n  - paragraph: x\n",
        "- main:\n  - paragraph: x\n  - link \"Help 70722\"\n",
    ),
    (
        "two",
        "- main:\n  - paragraph: x\n  - button \"Pay 12427\"\n",
        "- main:\n  - paragraph: x\n",
    ),
];

fn ariasnap(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ariasnap"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("run");
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

fn changes_with_the_same_first_digits_are_two_groups() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("snapshots"));
    fs::create_dir_all(store.root()).expect("made");
    for (name, old, new) in TWINS {
        fs::write(store.baseline_file(&place(name)), old).expect("written");
        run(&store, name, new, true);
    }
    let review = Review::new(store.clone(), |_| true).expect("a review");
    let rows = review.session.rows();
    assert!(
        rows.iter()
            .all(|row| matches!(row.key, RowKey::Snapshot(_))),
        "{rows:?}"
    );
    let ids: Vec<_> = review
        .session
        .items()
        .iter()
        .flat_map(|item| item.groups())
        .collect();
    let [one, two] = ids.as_slice() else {
        panic!("{ids:?}");
    };
    assert_eq!(one.to_string(), two.to_string(), "found once, by trying");
    assert_ne!(one, two);
    fs::create_dir_all(folder.path().join("specs")).expect("made");
    fs::write(folder.path().join("specs/a.yml"), "html: x\n").expect("written");
    let (code, text) = ariasnap(folder.path(), &["accept", "--group", &one.to_string()]);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains(two.as_str()) && text.contains("more digits"),
        "{text}"
    );
    let (code, text) = ariasnap(folder.path(), &["accept", "--group", one.as_str()]);
    assert_eq!((code, text.as_str()), (Some(0), "accepted in one\n"));
    let two = fs::read_to_string(store.baseline_file(&place("two"))).expect("read");
    assert_eq!(two, TWINS[1].1);
}

fn a_name_in_full_is_that_snapshot_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("snapshots"));
    for name in ["a/page", "data/page", "a/page-2", "a/[b]"] {
        let pending = store.write_pending(&place(name), SEEN, Fingerprint::None);
        pending.expect("pending");
    }
    fs::create_dir_all(folder.path().join("specs")).expect("made");
    fs::write(folder.path().join("specs/a.yml"), "html: x\n").expect("written");
    let (_, text) = ariasnap(folder.path(), &["accept", "a/page"]);
    assert_eq!(text, "new baseline a/page\n");
    let (_, text) = ariasnap(folder.path(), &["reject", "a/[b]"]);
    assert_eq!(text, "rejected a/[b]\n");
    // Otherwise it is a part of the name, as before.
    let (_, text) = ariasnap(folder.path(), &["reject", "ta/pa"]);
    assert_eq!(text, "rejected data/page\n");
}

/// Puts a picture's name and an address into the record of `changed`.
fn tamper(store: &Store, picture: &str, url: &str) {
    let path = place("changed");
    let pending = store.pending(&path).expect("read").expect("pending");
    let mut record = record(OLD, SEEN, &pending.text);
    record.evidence.url = url.to_owned();
    record.evidence.screenshot = Some(Screenshot {
        file: picture.into(),
        top: 0,
        width: 10,
        height: 10,
        page_height: 10,
    });
    store.write_record(&path, &record).expect("written");
}

async fn evidence_names_no_file_outside_and_no_address_but_of_the_web() {
    let (folder, store) = folder(true);
    let outside = folder.path().join("secret.jpg");
    fs::write(&outside, b"\xff\xd8\xffsecret").expect("written");
    let absolute = outside.display().to_string();
    let web = "http://127.0.0.1/";
    for (picture, url) in [
        ("../../../../etc/passwd", web),
        ("../secret.jpg", web),
        (&absolute, web),
        ("evidence.json", web),
        ("page.jpg", "file:///etc/passwd"),
        ("page.jpg", "/etc/passwd"),
        ("page.jpg", "javascript:alert(1)"),
        ("page.jpg", "ms-calculator:"),
    ] {
        tamper(&store, picture, url);
        let text = store
            .pending(&place("changed"))
            .expect("read")
            .expect("pending")
            .text;
        let read = store.record(&place("changed"), &text);
        assert!(matches!(read, Err(StoreError::Evidence { .. })), "{read:?}");
        let review = Review::new(store.clone(), |_| true).expect("a review");
        let item = &review.session.items()[0];
        assert_eq!(item.evidence, None);
        let problem = item.problem.clone().unwrap_or_default();
        assert!(problem.contains("evidence.json is invalid"), "{problem}");
        // Nor is it taken over from a part.
        let other = tempfile::tempdir().expect("a folder");
        let adopted = Store::new(other.path()).adopt(&store, &place("changed"));
        assert!(matches!(adopted, Err(StoreError::Evidence { .. })));
        assert!(
            fs::read_dir(other.path())
                .expect("a folder")
                .next()
                .is_none()
        );
    }
    // A name that is allowed, and a link or something else behind it.
    let evidence = store.evidence_folder(&place("changed"));
    let picture = evidence.join("page.jpg");
    let served = async |expected: bool| {
        let review = Review::new(store.clone(), |_| true).expect("a review");
        let web = Web::bind(review).await.expect("a port");
        let url = web.url();
        let task = tokio::spawn(web.serve(std::future::pending()));
        let (head, body) = ask(&url, "shot/changed", None).await;
        task.abort();
        assert_eq!(head.contains("200"), expected, "{head} {body}");
        assert_eq!(body.contains("secret"), expected, "{body}");
    };
    tamper(&store, "page.jpg", web);
    std::os::unix::fs::symlink(&outside, &picture).expect("a link");
    served(false).await;
    fs::remove_file(&picture).expect("removed");
    fs::write(&picture, b"secret: no picture").expect("written");
    served(false).await;
    fs::write(&picture, b"\xff\xd8\xffsecret").expect("written");
    served(true).await;
    // The whole folder is a link.
    let moved = folder.path().join("moved");
    fs::rename(&evidence, &moved).expect("moved");
    std::os::unix::fs::symlink(&moved, &evidence).expect("a link");
    served(false).await;
}

fn no_file_is_waited_for() {
    let (folder, store) = folder(false);
    let file = store.baseline_file(&place("changed"));
    let replace = |make: &dyn Fn(&Path)| {
        let _ = fs::remove_file(&file);
        let _ = fs::remove_dir(&file);
        make(&file);
        let error = store.baseline(&place("changed")).expect_err("refused");
        std::error::Error::source(&error)
            .map(ToString::to_string)
            .unwrap_or_default()
    };
    let fifo = |file: &Path| {
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mkfifoat(rustix::fs::CWD, file, mode).expect("a FIFO");
    };
    assert!(replace(&fifo).contains("is a FIFO, not a file"));
    let dir = |file: &Path| fs::create_dir(file).expect("a folder");
    assert!(replace(&dir).contains("is a folder, not a file"));
    let socket = |file: &Path| drop(std::os::unix::net::UnixListener::bind(file).expect("bound"));
    assert!(replace(&socket).contains("is a socket, not a file"));
    let device = |file: &Path| std::os::unix::fs::symlink("/dev/zero", file).expect("a link");
    let _ = fs::remove_file(&file);
    device(&file);
    assert!(store.baseline(&place("changed")).is_err());
    drop(folder);
}

/// The part of `fuzz/fuzz_targets/parts.rs` that every test run does: random changes of a record's text.
fn no_part_names_a_file_or_an_address_outside() {
    let (_folder, store) = folder(true);
    let path = place("changed");
    let text = store.pending(&path).expect("read").expect("pending").text;
    let mut whole = record(OLD, SEEN, &text);
    whole.evidence.screenshot = Some(Screenshot {
        file: "page.jpg".into(),
        top: 0,
        width: 1,
        height: 1,
        page_height: 1,
    });
    let whole = serde_json::to_string(&whole).expect("JSON");
    let pieces = [
        "../",
        "/",
        "\\u0000",
        "\"",
        "file:",
        "javascript:",
        "..",
        "1e9",
        "null",
        "\\n",
        "{}",
        "[]",
        "\\ud800",
        "\u{202e}",
    ];
    let file = store.evidence_folder(&path).join("evidence.json");
    let mut state = 1u64;
    let mut next = |end: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("a number") % end.max(1)
    };
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..3_000 {
        let mut changed = whole.clone();
        for _ in 0..=next(3) {
            let mut at = next(changed.len());
            while !changed.is_char_boundary(at) {
                at -= 1;
            }
            let piece = pieces[next(pieces.len())];
            changed.insert_str(at, piece);
        }
        fs::write(&file, &changed).expect("written");
        match store.record(&path, &text) {
            Err(StoreError::Evidence { .. }) => refused += 1,
            Err(error) => panic!("{error}"),
            Ok(None) => {}
            Ok(Some(record)) => {
                taken += 1;
                let shot = record.evidence.screenshot.map(|shot| shot.file);
                let is_plain = shot.is_none_or(|file| file.components().count() == 1);
                assert!(is_plain, "{changed}");
                let url = &record.evidence.url;
                assert!(url.is_empty() || url.starts_with("http"), "{changed}");
            }
        }
    }
    assert!(refused > 10 && taken > 10, "{refused} {taken}");
}
