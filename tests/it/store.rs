//! Baselines and pending snapshots in real folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ariasnap::internals::baseline::BaselinePath;
use ariasnap::internals::store::{Accepted, Fingerprint, Store, StoreError};
use libtest_mimic::Trial;
use tempfile::TempDir;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        a_new_snapshot_waits_and_becomes_the_baseline,
        a_changed_snapshot_replaces_the_baseline_it_was_compared_with,
        a_baseline_that_changed_meanwhile_is_not_overwritten,
        an_acceptance_that_was_cut_short_is_finished_by_the_next,
        what_a_crash_left_is_no_snapshot_and_disturbs_nothing,
        rejecting_leaves_the_baseline_and_no_empty_folder,
        a_listing_knows_baselines_without_a_case,
        a_markdown_file_serves_as_baseline_until_one_is_accepted,
        git_ignores_what_waits_and_a_hand_written_file_stays,
        a_pending_file_that_hands_changed_is_not_guessed_at,
        a_failed_write_says_where_and_loses_nothing,
        a_failed_replacement_keeps_the_pending_snapshot,
        a_folder_without_the_right_to_write_is_an_error_and_stays_as_it_is,
        no_link_is_followed_out_of_the_folder,
        a_written_file_can_be_read_by_those_who_can_read_other_new_files,
        many_writers_do_not_disturb_each_other,
    ]
}

const OLD: &str = "- heading \"Old\" [level=1]\n";
const NEW: &str = "- heading \"New\" [level=1]\n";

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("snapshots"));
    (folder, store)
}

fn place(path: &str) -> BaselinePath {
    BaselinePath::try_from(path.to_owned()).unwrap()
}

fn write(file: &Path, text: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Every file below the folder with its text, as `path: text`.
fn files(root: &Path) -> Vec<String> {
    let mut files: Vec<_> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir() && entry.file_name() != ".gitignore")
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(root)
                .unwrap()
                .display()
                .to_string();
            format!("{path}: {}", fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn a_new_snapshot_waits_and_becomes_the_baseline() {
    let (_folder, store) = store();
    let page = place("docs/start/page");
    assert_eq!(store.baseline(&page).unwrap(), None);
    assert_eq!(store.pending(&page).unwrap(), None);
    let written = store.write_pending(&page, NEW, Fingerprint::None).unwrap();
    assert_eq!(written, store.root().join("docs/start/page.aria.yml.new"));
    assert_eq!(
        files(store.root()),
        [format!(
            "docs/start/page.aria.yml.new: # ariasnap: pending, compared with none\n{NEW}"
        )]
    );
    assert_eq!(store.pending(&page).unwrap().unwrap().text, NEW);
    assert_eq!(store.baseline(&page).unwrap(), None);

    assert_eq!(store.accept(&page).unwrap(), Accepted::Created);
    assert_eq!(
        files(store.root()),
        [format!("docs/start/page.aria.yml: {NEW}")]
    );
    assert!(matches!(
        store.accept(&page),
        Err(StoreError::NothingPending { .. })
    ));
}

fn a_changed_snapshot_replaces_the_baseline_it_was_compared_with() {
    let (_folder, store) = store();
    let page = place("start/page");
    write(&store.baseline_file(&page), OLD);
    let baseline = store.baseline(&page).unwrap().unwrap();
    assert_eq!(&*baseline.file.text, OLD);
    store
        .write_pending(&page, "- main\n", baseline.fingerprint)
        .unwrap();
    store
        .write_pending(&page, NEW, baseline.fingerprint)
        .unwrap();
    assert_eq!(store.accept(&page).unwrap(), Accepted::Replaced);
    assert_eq!(files(store.root()), [format!("start/page.aria.yml: {NEW}")]);
}

fn a_baseline_that_changed_meanwhile_is_not_overwritten() {
    let edits: [(&str, Fingerprint, Option<&str>); 3] = [
        ("edited", Fingerprint::of(OLD.as_bytes()), Some("- main\n")),
        ("removed", Fingerprint::of(OLD.as_bytes()), None),
        ("added", Fingerprint::None, Some("- main\n")),
    ];
    for (what, against, now) in edits {
        let (_folder, store) = store();
        let page = place("start/page");
        store.write_pending(&page, NEW, against).unwrap();
        if let Some(text) = now {
            write(&store.baseline_file(&page), text);
        }
        let before = files(store.root());
        let refused = store.accept(&page);
        assert!(
            matches!(refused, Err(StoreError::BaselineChanged { .. })),
            "{what}"
        );
        assert_eq!(files(store.root()), before, "{what}");
    }
}

fn an_acceptance_that_was_cut_short_is_finished_by_the_next() {
    // After the baseline was replaced and before the pending snapshot was removed.
    let (_folder, store) = store();
    let page = place("start/page");
    store
        .write_pending(&page, NEW, Fingerprint::of(OLD.as_bytes()))
        .unwrap();
    write(&store.baseline_file(&page), NEW);
    assert_eq!(store.accept(&page).unwrap(), Accepted::AlreadyThere);
    assert_eq!(files(store.root()), [format!("start/page.aria.yml: {NEW}")]);
}

fn what_a_crash_left_is_no_snapshot_and_disturbs_nothing() {
    let (_folder, store) = store();
    let page = place("start/page");
    let leftover = store.root().join("start/.ariasnap-x1y2z3.tmp");
    write(&leftover, "- heading \"Ne");
    write(&store.baseline_file(&page), OLD);
    store
        .write_pending(&page, NEW, Fingerprint::of(OLD.as_bytes()))
        .unwrap();
    let listing = store.list().unwrap();
    assert_eq!(listing.baselines, BTreeSet::from([page.clone()]));
    assert_eq!(listing.pending, BTreeSet::from([page.clone()]));
    assert_eq!(listing.leftovers, [leftover]);
    assert_eq!(store.accept(&page).unwrap(), Accepted::Replaced);
}

fn rejecting_leaves_the_baseline_and_no_empty_folder() {
    let (_folder, store) = store();
    let (kept, dropped) = (place("start/page"), place("a/b/page"));
    write(&store.baseline_file(&kept), OLD);
    store
        .write_pending(&kept, NEW, Fingerprint::of(OLD.as_bytes()))
        .unwrap();
    store
        .write_pending(&dropped, NEW, Fingerprint::None)
        .unwrap();
    write(
        &store.root().join("a/b/page.aria.yml.evidence/page.png"),
        "png",
    );
    assert!(store.reject(&kept).unwrap());
    assert!(store.reject(&dropped).unwrap());
    assert!(!store.reject(&dropped).unwrap());
    assert_eq!(files(store.root()), [format!("start/page.aria.yml: {OLD}")]);
    assert!(!store.root().join("a").exists());
}

fn a_listing_knows_baselines_without_a_case() {
    let (_folder, store) = store();
    assert_eq!(
        store.list().unwrap(),
        ariasnap::internals::store::Listing::default()
    );
    for path in ["a/page", "a/side", "b/page"] {
        write(&store.baseline_file(&place(path)), OLD);
    }
    write(&store.root().join("README.md"), "# Baselines");
    write(
        &store.root().join("a/page.aria.yml.evidence/page.aria.yml"),
        OLD,
    );
    let known = BTreeSet::from([place("a/page"), place("c/page")]);
    let listing = store.list().unwrap();
    let obsolete: Vec<_> = listing.obsolete(&known).map(BaselinePath::as_str).collect();
    assert_eq!(obsolete, ["a/side", "b/page"]);
    assert!(store.remove_baseline(&place("b/page")).unwrap());
    assert!(!store.remove_baseline(&place("b/page")).unwrap());
    assert!(!store.root().join("b").exists());
}

fn a_markdown_file_serves_as_baseline_until_one_is_accepted() {
    let (_folder, store) = store();
    let page = place("start/page");
    let markdown = "# Page snapshot\n\n```yaml\n- main\n```\n";
    write(&store.root().join("start/page.md"), markdown);
    let baseline = store.baseline(&page).unwrap().unwrap();
    assert_eq!(&*baseline.file.text, markdown);
    store
        .write_pending(&page, NEW, baseline.fingerprint)
        .unwrap();
    assert_eq!(store.accept(&page).unwrap(), Accepted::Replaced);
    assert_eq!(&*store.baseline(&page).unwrap().unwrap().file.text, NEW);
    assert_eq!(
        fs::read_to_string(store.root().join("start/page.md")).unwrap(),
        markdown
    );
}

fn git_ignores_what_waits_and_a_hand_written_file_stays() {
    let (_folder, store) = store();
    store
        .write_pending(&place("a/page"), NEW, Fingerprint::None)
        .unwrap();
    let ignore = store.root().join(".gitignore");
    let text = fs::read_to_string(&ignore).unwrap();
    for line in ["*.aria.yml.new", "*.aria.yml.evidence/", ".ariasnap-*"] {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    fs::write(&ignore, "mine\n").unwrap();
    store
        .write_pending(&place("b/page"), NEW, Fingerprint::None)
        .unwrap();
    assert_eq!(fs::read_to_string(&ignore).unwrap(), "mine\n");
}

fn a_pending_file_that_hands_changed_is_not_guessed_at() {
    let (_folder, store) = store();
    let page = place("start/page");
    write(&store.pending_file(&page), NEW);
    let message = store.accept(&page).unwrap_err().to_string();
    assert!(
        message.contains("page.aria.yml.new:1:1: the first line"),
        "{message}"
    );
    fs::write(store.pending_file(&page), b"\xff\n").unwrap();
    let message = store.accept(&page).unwrap_err().to_string();
    assert!(message.contains("not UTF-8"), "{message}");
    assert!(store.pending_file(&page).exists());
}

fn a_failed_write_says_where_and_loses_nothing() {
    let (_folder, store) = store();
    let page = place("start/page");
    // A file stands where a folder is needed.
    write(&store.root().join("start"), "mine");
    let failed = store
        .write_pending(&page, NEW, Fingerprint::None)
        .unwrap_err();
    let StoreError::Read { source } = &failed else {
        unreachable!("{failed:?}");
    };
    assert!(
        source.to_string().contains("snapshots/start/page.aria.yml"),
        "{source}"
    );
    assert_eq!(files(store.root()), ["start: mine"]);
}

fn a_failed_replacement_keeps_the_pending_snapshot() {
    let (_folder, store) = store();
    let page = place("start/page");
    store.write_pending(&page, NEW, Fingerprint::None).unwrap();
    // A dangling link is no baseline, and nothing can be put behind it.
    let kept = files(store.root());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", store.baseline_file(&page)).unwrap();
        assert!(matches!(store.accept(&page), Err(StoreError::Escape(_))));
        fs::remove_file(store.baseline_file(&page)).unwrap();
    }
    fs::create_dir(store.baseline_file(&page)).unwrap();
    assert!(store.accept(&page).is_err());
    fs::remove_dir(store.baseline_file(&page)).unwrap();
    assert_eq!(files(store.root()), kept);
}

#[cfg(unix)]
fn a_folder_without_the_right_to_write_is_an_error_and_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, store) = store();
    let page = place("start/page");
    write(&store.baseline_file(&page), OLD);
    let folder = store.root().join("start");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write everywhere but into what the kernel itself shows.
    let writable = fs::write(folder.join("probe"), "").is_ok();
    let refused = if writable {
        Store::new("/proc").write_pending(&page, NEW, Fingerprint::None)
    } else {
        store.write_pending(&page, NEW, Fingerprint::of(OLD.as_bytes()))
    };
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let _ = fs::remove_file(folder.join("probe"));
    assert!(
        matches!(refused, Err(StoreError::Write { .. })),
        "{refused:?}"
    );
    assert_eq!(files(store.root()), [format!("start/page.aria.yml: {OLD}")]);
}

#[cfg(unix)]
fn no_link_is_followed_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let (folder, store) = store();
    let elsewhere = folder.path().join("elsewhere");
    write(&elsewhere.join("page.aria.yml"), OLD);
    write(
        &elsewhere.join("page.aria.yml.new"),
        "# ariasnap: pending, compared with none\n",
    );
    write(&store.root().join("inside/page.aria.yml"), OLD);
    symlink(&elsewhere, store.root().join("out")).unwrap();
    symlink("inside", store.root().join("in")).unwrap();
    let before = files(&elsewhere);

    let out = place("out/page");
    let none = Fingerprint::None;
    assert!(matches!(store.baseline(&out), Err(StoreError::Escape(_))));
    assert!(matches!(
        store.write_pending(&out, NEW, none),
        Err(StoreError::Escape(_))
    ));
    assert!(matches!(store.accept(&out), Err(StoreError::Escape(_))));
    assert!(matches!(store.reject(&out), Err(StoreError::Escape(_))));
    assert!(matches!(
        store.remove_baseline(&out),
        Err(StoreError::Escape(_))
    ));
    assert_eq!(files(&elsewhere), before);
    assert_eq!(
        store.list().unwrap().baselines,
        BTreeSet::from([place("inside/page")])
    );

    // A link that stays within is a way like any other.
    let baseline = store.baseline(&place("in/page")).unwrap().unwrap();
    assert_eq!(&*baseline.file.text, OLD);
}

#[cfg(unix)]
fn a_written_file_can_be_read_by_those_who_can_read_other_new_files() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, store) = store();
    let page = place("start/page");
    store.write_pending(&page, NEW, Fingerprint::None).unwrap();
    store.accept(&page).unwrap();
    let plain = store.root().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode(&store.baseline_file(&page)), mode(&plain));
}

fn many_writers_do_not_disturb_each_other() {
    let (_folder, store) = store();
    let places: Vec<_> = (0..40)
        .map(|number| place(&format!("a/p{number}")))
        .collect();
    std::thread::scope(|scope| {
        let store = &store;
        for part in places.chunks(10) {
            scope.spawn(move || {
                for path in part {
                    store.write_pending(path, NEW, Fingerprint::None).unwrap();
                    store.accept(path).unwrap();
                    // Its folder comes and goes.
                    let passing = place(&format!("b/{}", path.name()));
                    store
                        .write_pending(&passing, NEW, Fingerprint::None)
                        .unwrap();
                    store.reject(&passing).unwrap();
                }
            });
        }
    });
    let listing = store.list().unwrap();
    assert_eq!(listing.baselines.len(), 40);
    assert!(listing.pending.is_empty() && listing.leftovers.is_empty());
}
