//! A run in parts says the same as one run, and leaves the same to decide.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::machine::process::{Ended, Running};
use libtest_mimic::Trial;
use serde_json::Value;

pub(crate) fn tests() -> Vec<Trial> {
    tests![four_parts_are_one_run,]
}

const DEADLINE: Duration = Duration::from_secs(120);

fn write(folder: &Path, file: &str, text: &str) {
    let file = folder.join(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

/// Seven cases with every kind of verdict.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for name in ["a", "b", "c"] {
        write(root, &format!("specs/{name}.yml"), "html: <h1>Same</h1>\n");
        let baseline = format!("snapshots/{name}/page.aria.yml");
        write(root, &baseline, "- heading \"Same\" [level=1]\n");
    }
    // The same change twice: a group over two parts.
    for name in ["d", "e"] {
        let spec = format!("specs/{name}.yml");
        write(root, &spec, "html: <button>Save</button>\n");
        let baseline = format!("snapshots/{name}/page.aria.yml");
        write(root, &baseline, "- button \"Send\"\n");
    }
    let variants = "html: <h1>New</h1>\nvariants:\n  dark: {color-scheme: dark}\n";
    write(root, "specs/f.yml", variants);
    let failing = "html: <h1>One</h1>\nsnapshots: [{none: button}]\ntimeout: 2s\n";
    write(root, "specs/g.yml", failing);
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .env_remove("GITHUB_RUN_ID")
        .env("ARIASNAP_BROWSER", crate::machine::browser());
    let Ended {
        stdout,
        stderr,
        code,
    } = Running::start(&mut command).end(DEADLINE);
    let text = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (code, text.concat())
}

/// A report without its times.
fn report(file: &Path) -> Value {
    fn without_times(value: &mut Value) {
        match value {
            Value::Object(map) => {
                map.remove("elapsed");
                map.values_mut().for_each(without_times);
            }
            Value::Array(items) => items.iter_mut().for_each(without_times),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    without_times(&mut value);
    value
}

/// The files below a folder by their names, with their texts.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).unwrap();
            let text = fs::read(entry.path()).unwrap();
            (name.to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn four_parts_are_one_run() {
    let (whole, parts, merged) = (project(), project(), project());
    let (code, text) = run(whole.path(), &["test", "--reporter", "json=report.json"]);
    assert_eq!(code, Some(3), "{text}");

    for number in 1..=4 {
        let shard = format!("{number}/4");
        let save = merged.path().join(format!("artifacts/part-{number}"));
        let save = save.to_str().unwrap();
        let (code, text) = run(parts.path(), &["test", "--shard", &shard, "--save", save]);
        assert!(matches!(code, Some(0 | 1 | 3)), "{text}");
    }
    let merge = [
        "report",
        "merge",
        "artifacts",
        "--reporter",
        "json=report.json",
    ];
    let (code, text) = run(merged.path(), &merge);
    assert_eq!(code, Some(3), "{text}");

    let reports = [&whole, &merged].map(|folder| report(&folder.path().join("report.json")));
    assert_eq!(reports[0], reports[1]);
    let pending = [&whole, &merged].map(|folder| files(&folder.path().join("snapshots")));
    let names = pending
        .each_ref()
        .map(|files| files.keys().collect::<Vec<_>>());
    assert_eq!(names[0], names[1]);
    for (name, text) in &pending[0] {
        // A picture may be compressed in another way.
        assert!(
            pending[1][name] == *text || name.ends_with(".jpg"),
            "{name}"
        );
    }
    // Nothing is taken twice into the merged folder.
    for folder in [&whole, &merged] {
        let (code, text) = run(folder.path(), &["accept", "--all"]);
        assert_eq!(code, Some(0), "{text}");
    }
    let accepted = [&whole, &merged].map(|folder| files(&folder.path().join("snapshots")));
    assert_eq!(accepted[0], accepted[1]);
    assert!(accepted[0].contains_key("f/page.aria.yml"));

    // What all parts took is known to the next run.
    let history = fs::read_to_string(merged.path().join(".ariasnap/history.json")).unwrap();
    assert!(history.contains("\"g\""), "{history}");
}
