//! Whatever a part of a run or an artifact holds, it names no file but a picture in its own folder and
//! no address but of the web, and nothing of it is taken over where it does.
#![no_main]

use ariasnap::internals::baseline::BaselinePath;
use ariasnap::internals::report::json::Report;
use ariasnap::internals::store::evidence::{Record, fingerprint};
use ariasnap::internals::store::Store;
use libfuzzer_sys::fuzz_target;

const PENDING: &str = "- main\n";

fuzz_target!(|input: (&[u8], &[u8], &[u8])| {
    let (evidence, tree, result) = input;
    if let Ok(report) = serde_json::from_slice::<Report>(result) {
        let _ = report.problem();
    }
    let Ok(path) = BaselinePath::try_from("a/page".to_owned()) else {
        return;
    };
    let (Ok(from), Ok(to)) = (tempfile::tempdir(), tempfile::tempdir()) else {
        return;
    };
    let (part, store) = (Store::new(from.path()), Store::new(to.path()));
    let folder = part.evidence_folder(&path);
    let file = part.pending_file(&path);
    let pending = format!("# ariasnap: pending, compared with none\n{PENDING}");
    if std::fs::create_dir_all(&folder).is_err()
        || std::fs::write(file, pending).is_err()
        || std::fs::write(folder.join("evidence.json"), of_this_text(evidence)).is_err()
        || std::fs::write(folder.join("tree.json"), tree).is_err()
    {
        return;
    }
    if store.adopt(&part, &path).is_err() {
        assert!(!store.pending_file(&path).exists());
        return;
    }
    if let Ok(Some(record)) = store.record(&path, PENDING) {
        assert_eq!(record.evidence.problem(), None);
        let picture = record.evidence.screenshot.map(|shot| shot.file);
        assert!(picture.is_none_or(|file| file.components().count() == 1));
    }
});

/// The record under the fingerprint of the text, so that it is not left out for that alone.
fn of_this_text(evidence: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Record>(evidence) {
        Ok(record) => serde_json::to_vec(&Record {
            pending: fingerprint(PENDING),
            ..record
        })
        .unwrap_or_default(),
        Err(_) => evidence.to_vec(),
    }
}
