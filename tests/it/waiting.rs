//! Pages with every kind of work that a page can have outstanding (`tests/waiting/ends`), and with work
//! that never ends (`tests/waiting/endless`). Each shows the right text, however busy the machine is.
//!
//! `ARIASNAP_WAITING_RUNS=20` runs each way so often, on all pages, and counts. `ARIASNAP_PROGRAM` names
//! another build of the program, to compare.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness;
use crate::server::TestServer;
use crate::server::slow::slow;

/// What a page shows that has no text of its own.
const READY: &str = "- heading \"ready\" [level=1]\n";

/// Pages whose scripts work for a while: those that a slow processor makes slow.
const HEAVY: [&str; 12] = [
    "slices",
    "hydration",
    "worker-file",
    "worker-slices",
    "long-task",
    "indexeddb",
    "scheduler",
    "frame-srcdoc",
    "crypto-digest",
    "promise",
    "generator",
    "wasm",
];

/// A way of running pages.
#[derive(Clone, Copy)]
struct Way {
    jobs: u32,
    throttling: u32,
    only: &'static [&'static str],
}

pub(crate) fn tests() -> Vec<Trial> {
    let plain = Way {
        jobs: 2,
        throttling: 1,
        only: &[],
    };
    let many = Way { jobs: 8, ..plain };
    let throttled = Way {
        throttling: 20,
        only: &HEAVY,
        ..plain
    };
    let mut tests = vec![harness::case(
        module_path!(),
        "endless::costs_little",
        endless_work_costs_little,
    )];
    let ways = [
        ("ends::two_at_a_time", "ends", plain),
        ("ends::eight_at_a_time", "ends", many),
        ("ends::on_a_processor_20_times_slower", "ends", throttled),
        (
            "endless::four_at_a_time",
            "endless",
            Way { jobs: 4, ..plain },
        ),
        ("endless::eight_at_a_time", "endless", many),
    ];
    tests.extend(ways.into_iter().map(|(name, folder, way)| {
        harness::case(module_path!(), name, move || times(folder, way))
    }));
    tests
}

/// Runs a way as often as `ARIASNAP_WAITING_RUNS` says.
fn times(folder: &str, way: Way) -> Result<(), String> {
    let runs = std::env::var("ARIASNAP_WAITING_RUNS").ok();
    let Some(runs) = runs.and_then(|runs| runs.parse::<u32>().ok()) else {
        return run(folder, way);
    };
    let way = Way { only: &[], ..way };
    let failures: Vec<String> = (0..runs).filter_map(|_| run(folder, way).err()).collect();
    if failures.is_empty() {
        return Ok(());
    }
    let wrong: usize = failures.iter().map(|one| one.lines().count()).sum();
    Err(format!(
        "{wrong} wrong in {runs} runs\n{}",
        failures.concat()
    ))
}

fn waiting() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/waiting")
}

/// The pages of a folder, by name, with what they show.
fn pages(folder: &str, only: &[&str]) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(waiting().join(folder)).expect("there are pages") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if only.is_empty() || only.iter().any(|start| name.starts_with(start)) {
            let own = fs::read_to_string(path.with_extension("aria.yml"));
            pages.push((name, own.unwrap_or_else(|_| READY.to_owned())));
        }
    }
    pages.sort();
    assert!(!pages.is_empty(), "no pages of {only:?} in {folder}");
    pages
}

/// A project with a case and a baseline for each page.
fn project(folder: &str, pages: &[(String, String)], base: &str, way: Way) -> tempfile::TempDir {
    let project = tempfile::tempdir().expect("a folder");
    let write = |path: String, text: &str| {
        let path = project.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    let defaults = format!(
        "{{shape: test, frames: true, timeout: 120s, cpu-throttling: {}}}",
        way.throttling
    );
    write(
        "ariasnap.yml".to_owned(),
        &format!("site: {{url: \"{base}\"}}\ndefaults: {defaults}\n"),
    );
    let mut spec = String::new();
    for (name, text) in pages {
        let _ = write!(spec, "---\nname: {name}\nurl: /{folder}/{name}.html\n");
        write(format!("snapshots/pages/{name}/page.aria.yml"), text);
    }
    write("specs/pages.yml".to_owned(), &spec);
    project
}

/// Runs the cases, and returns them as the report has them.
pub(crate) fn cases(project: &Path, jobs: u32) -> Result<Vec<Value>, String> {
    let program = std::env::var_os("ARIASNAP_PROGRAM");
    let done = Command::new(program.unwrap_or_else(|| env!("CARGO_BIN_EXE_ariasnap").into()))
        .args(["test", "--reporter", "json"])
        .args(["--jobs", &jobs.to_string()])
        .current_dir(project)
        .env_remove("CI")
        .output()
        .expect("it starts");
    let result: Value = serde_json::from_slice(&done.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&done.stderr)))?;
    Ok(result["cases"].as_array().expect("cases").clone())
}

/// A line for each snapshot that did not match.
pub(crate) fn wrong(cases: &[Value]) -> String {
    let mut wrong = String::new();
    for case in cases {
        let snapshots = case["snapshots"].as_array().expect("snapshots");
        for snapshot in snapshots.iter().filter(|one| one["verdict"] != "matched") {
            let _ = writeln!(wrong, "{}: {}", case["name"], snapshot);
        }
    }
    wrong
}

fn run(folder: &str, way: Way) -> Result<(), String> {
    let server = TestServer::start(slow(&waiting()));
    let pages = pages(folder, way.only);
    let project = project(folder, &pages, server.base().as_str(), way);
    let cases = cases(project.path(), way.jobs)?;
    let mut wrong = wrong(&cases);
    if cases.len() != pages.len() {
        let _ = writeln!(
            wrong,
            "{} of {} pages have a verdict",
            cases.len(),
            pages.len()
        );
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// How much longer a page with endless work may be waited for than without it, in its own time.
const BOUND: f64 = 1.5;

/// Pages with a request without any answer. No one can see that none will come, so that they are waited
/// for as long as for a slow one.
const UNANSWERED: [&str; 2] = ["pages/long-poll", "pages/long-poll-again"];
const BOUND_UNANSWERED: f64 = 5.0 + BOUND;

/// A page that asks at another address each time. On a busy machine, one of these requests may be on its
/// way at each moment.
const ASKS_AFRESH: &str = "pages/poll-fetch-fresh-address";
const BOUND_ASKS_AFRESH: f64 = 2.0 * BOUND;

/// Pages whose tree changes while the endless work goes on: that is waited for as well.
const CHANGES_FIRST: &str = "-late-heading";
const BOUND_CHANGES_FIRST: f64 = 0.7 + BOUND;

/// A page is compared with itself without its endless work.
fn endless_work_costs_little() -> Result<(), String> {
    let site = tempfile::tempdir().expect("a folder");
    copy_without_endless_work(site.path());
    let pages = pages("endless", &[]);
    let way = Way {
        jobs: 2,
        throttling: 1,
        only: &[],
    };
    let [with, without] = [waiting(), site.path().to_owned()].map(|folder| {
        let server = TestServer::start(slow(&folder));
        let project = project("endless", &pages, server.base().as_str(), way);
        cases(project.path(), way.jobs)
    });
    let (with, without) = (with?, without?);
    let mut slow = wrong(&with);
    let mut longest: f64 = 0.0;
    for (with, without) in with.iter().zip(&without) {
        assert_eq!(with["name"], without["name"]);
        let [with_it, without_it] =
            [with, without].map(|case| case["waited"].as_f64().unwrap_or(0.0));
        longest = longest.max(with_it - without_it);
        let bound = match with["name"].as_str().expect("a name") {
            name if UNANSWERED.contains(&name) => BOUND_UNANSWERED,
            ASKS_AFRESH => BOUND_ASKS_AFRESH,
            name if name.ends_with(CHANGES_FIRST) => BOUND_CHANGES_FIRST,
            _ => BOUND,
        };
        if with_it - without_it > bound {
            let _ = writeln!(
                slow,
                "{}: waited for {with_it} s, without endless work {without_it} s",
                with["name"]
            );
        }
        if std::env::var_os("ARIASNAP_WAITING_RUNS").is_some() {
            let [a, b] = [with, without].map(|case| case["elapsed"].as_f64().unwrap_or(0.0));
            let _ = writeln!(slow, "{}: {a} s, {b} s on the wall", with["name"]);
        }
    }
    if slow.is_empty() {
        Ok(())
    } else {
        Err(format!("{slow}longest: {longest} s"))
    }
}

/// Copies the pages, but for the elements with `data-endless`.
fn copy_without_endless_work(to: &Path) {
    for entry in walkdir::WalkDir::new(waiting()) {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.path().strip_prefix(waiting()).expect("below"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).expect("it can be made");
            continue;
        }
        let mut bytes = fs::read(entry.path()).expect("it can be read");
        let is_endless = entry.path().starts_with(waiting().join("endless"));
        if is_endless && target.extension().is_some_and(|kind| kind == "html") {
            let text = String::from_utf8(bytes).expect("text");
            bytes = without_endless_elements(&text).into_bytes();
        }
        fs::write(target, bytes).expect("it can be written");
    }
}

fn without_endless_elements(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(at) = rest.find(" data-endless") {
        let start = rest[..at].rfind('<').expect("in a tag");
        let name: String = rest[start + 1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric())
            .collect();
        kept.push_str(&rest[..start]);
        let close = format!("</{name}>");
        let tag_end = at + rest[at..].find('>').expect("the tag ends") + 1;
        rest = match rest[tag_end..].find(&close) {
            Some(end) => &rest[tag_end + end + close.len()..],
            // An element without an end.
            None => &rest[tag_end..],
        };
    }
    kept.push_str(rest);
    kept
}
