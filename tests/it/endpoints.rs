//! Browsers that were started elsewhere: the work is spread over them, and survives them.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::time::Duration;

use crate::machine::elsewhere::Elsewhere;
use crate::machine::process::{Ended, Running};
use crate::server::{Faults, Hanging};
use libtest_mimic::Trial;
use rustix::process::Signal;
use tokio_tungstenite::tungstenite;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        what_is_no_browser_of_today_is_told_before_anything_runs,
        the_work_of_a_browser_that_dies_is_done_elsewhere,
        the_work_of_a_browser_that_hangs_is_done_elsewhere,
        a_run_whose_only_browser_hangs_ends_without_verdicts,
        what_finds_no_room_is_no_half_file,
        browsers_elsewhere_outlive_the_run_and_keep_nothing_of_it,
        a_run_without_any_browser_left_ends,
    ]
}

/// Far longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// A project of twelve pages, of which the first three hang when they are asked for first.
struct Project {
    folder: tempfile::TempDir,
    server: Faults,
}

impl Project {
    fn new(endpoints: &[String]) -> Project {
        let project = Project {
            folder: tempfile::tempdir().unwrap(),
            server: Faults::start(),
        };
        project.write_config(endpoints, "");
        for number in 0..12 {
            let kind = if number < 3 { "hang-first" } else { "page" };
            let url = project.server.url(&format!("/{kind}/{number}"));
            project.write(&format!("specs/{number:02}.yml"), &format!("url: {url}\n"));
            project.write(
                &format!("snapshots/{number:02}/page.aria.yml"),
                "- main:\n  - heading \"Page 200\" [level=1]\n",
            );
        }
        project
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn write_config(&self, endpoints: &[String], more: &str) {
        let list: Vec<String> = endpoints.iter().map(|one| format!("{one:?}")).collect();
        let list = list.join(", ");
        self.write(
            "ariasnap.yml",
            &format!("jobs: 1\nbrowser: {{endpoint: [{list}]}}\n{more}"),
        );
    }

    fn start(&self) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
        command
            .args(["test", "--reporter", "json=report.json"])
            .current_dir(self.folder.path())
            .env_remove("CI");
        Running::start(&mut command)
    }

    /// Waits until every browser has a page that hangs.
    fn wait_for_three(&self) -> Vec<Hanging> {
        (0..3)
            .map(|_| self.server.wait_for_hanging(DEADLINE))
            .collect()
    }

    /// Every snapshot of the report; none is told twice.
    fn told(&self) -> BTreeSet<String> {
        let text = fs::read_to_string(self.folder.path().join("report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        let cases = report["cases"].as_array().unwrap();
        let snapshots = cases
            .iter()
            .flat_map(|case| case["snapshots"].as_array().unwrap());
        let mut told = BTreeSet::new();
        for snapshot in snapshots {
            let path = snapshot["path"].as_str().unwrap().to_owned();
            assert!(told.insert(path), "{snapshot} is told twice");
        }
        told
    }
}

fn go_on(pages: Vec<Hanging>) {
    pages.into_iter().for_each(Hanging::answer);
}

fn text(ended: &Ended) -> String {
    let both = [&ended.stdout, &ended.stderr];
    both.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        .concat()
}

fn three() -> [Elsewhere; 3] {
    [(); 3].map(|()| Elsewhere::start())
}

/// What a browser of long ago says of itself; none runs on machines of today.
fn of_long_ago() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let endpoint = format!("ws://{}/devtools/browser/1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut socket = tungstenite::accept(stream).unwrap();
        let call = socket.read().unwrap().into_text().unwrap();
        let call: serde_json::Value = serde_json::from_str(&call).unwrap();
        let result = serde_json::json!({"product": "HeadlessChrome/90.0.4430.212"});
        let answer = serde_json::json!({"id": call["id"], "result": result}).to_string();
        socket.send(tungstenite::Message::text(answer)).unwrap();
        let _ = socket.read();
    });
    endpoint
}

fn what_is_no_browser_of_today_is_told_before_anything_runs() {
    let server = Faults::start();
    let socket = |path: &str| server.url(path).replace("http://", "ws://");
    for (endpoint, told) in [
        (
            of_long_ago(),
            "is HeadlessChrome/90.0.4430.212, which is too old",
        ),
        (socket("/page"), "is no browser: it answers with HTTP 200"),
        (socket("/hang"), "does not answer within 10 s"),
    ] {
        let project = Project::new(&[endpoint]);
        let ended = project.start().end(DEADLINE);
        assert_eq!(ended.code, Some(3), "{}", text(&ended));
        assert!(text(&ended).contains(told), "{}", text(&ended));
        assert!(!project.folder.path().join("report.json").exists());
    }
}

/// A browser is taken out, and its work done by the others, once.
fn all_match_without_one(run: Running, project: &Project) {
    let ended = run.end(DEADLINE);
    let text = text(&ended);
    assert_eq!(ended.code, Some(0), "{text}");
    assert!(text.contains("12 snapshots: 12 matched"), "{text}");
    assert!(text.contains("disappeared during the run"), "{text}");
    assert_eq!(project.told().len(), 12);
}

fn the_work_of_a_browser_that_dies_is_done_elsewhere() {
    let browsers = three();
    let [one, two, three] = &browsers;
    let project = Project::new(&[one.endpoint.clone(), two.http(), three.endpoint.clone()]);
    let run = project.start();
    let hanging = project.wait_for_three();
    two.signal(Signal::KILL);
    go_on(hanging);
    all_match_without_one(run, &project);
}

/// One that hangs says nothing at all, not even that it is gone.
fn the_work_of_a_browser_that_hangs_is_done_elsewhere() {
    let browsers = three();
    let endpoints = browsers.each_ref().map(|one| one.endpoint.clone());
    let project = Project::new(&endpoints);
    project.write_config(&endpoints, "defaults: {timeout: 3s}\n");
    let run = project.start();
    let hanging = project.wait_for_three();
    browsers[1].signal(Signal::STOP);
    go_on(hanging);
    all_match_without_one(run, &project);
}

fn a_run_whose_only_browser_hangs_ends_without_verdicts() {
    let browsers = [Elsewhere::start()];
    let endpoints = browsers.each_ref().map(|one| one.endpoint.clone());
    let project = Project::new(&endpoints);
    project.write_config(&endpoints, "defaults: {timeout: 3s}\n");
    let run = project.start();
    let hanging = project.server.wait_for_hanging(DEADLINE);
    browsers[0].signal(Signal::STOP);
    go_on(vec![hanging]);
    let ended = run.end(DEADLINE);
    let text = text(&ended);
    assert_eq!(ended.code, Some(3), "{text}");
    assert!(text.contains("12 failed"), "{text}");
    assert_eq!(project.told().len(), 12);
}

/// A process that may write no more than 8 KiB into a file stands for a disk that is full: the error is
/// another one, and comes at the same places. The browser is elsewhere, since it writes more.
fn what_finds_no_room_is_no_half_file() {
    let browser = Elsewhere::start();
    let project = Project::new(&[browser.http()]);
    let big = "<p>Of this there is too much</p>".repeat(2_000);
    project.write("specs/big.yml", &format!("html: <h1>Big</h1>{big}\n"));
    project.write("specs/small.yml", "html: <h1>Small</h1>\n");
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 16; exec \"$0\" test big small",
        ])
        .arg(env!("CARGO_BIN_EXE_ariasnap"))
        .current_dir(project.folder.path())
        .env_remove("CI");
    let ended = Running::start(&mut command).end(DEADLINE);
    let text = text(&ended);
    assert_eq!(ended.code, Some(2), "{text}");
    assert!(
        text.contains("cannot write to the snapshots folder"),
        "{text}"
    );
    assert!(text.contains("1 failed, 1 new"), "{text}");
    let folder = project.folder.path().join("snapshots");
    assert_eq!(fs::read_dir(folder.join("big")).unwrap().count(), 0);
    assert!(folder.join("small/page.aria.yml.new").exists());
}

fn browsers_elsewhere_outlive_the_run_and_keep_nothing_of_it() {
    let browsers = [Elsewhere::start()];
    for _ in 0..2 {
        let project = Project::new(&[browsers[0].http()]);
        let run = project.start();
        for _ in 0..3 {
            go_on(vec![project.server.wait_for_hanging(DEADLINE)]);
        }
        let ended = run.end(DEADLINE);
        assert_eq!(ended.code, Some(0), "{}", text(&ended));
        let list = format!("{}/json/list", browsers[0].http());
        let list = ureq::get(&list).call().unwrap();
        let list = list.into_body().read_to_string().unwrap();
        assert!(!list.contains("hang-first"), "{list}");
    }
}

fn a_run_without_any_browser_left_ends() {
    let browsers = three();
    let endpoints = browsers.each_ref().map(|one| one.endpoint.clone());
    let project = Project::new(&endpoints);
    let run = project.start();
    let hanging = project.wait_for_three();
    for browser in &browsers {
        browser.signal(Signal::KILL);
    }
    let ended = run.end(DEADLINE);
    drop(hanging);
    let text = text(&ended);
    assert_eq!(ended.code, Some(3), "{text}");
    assert!(text.contains("12 failed"), "{text}");
    assert_eq!(project.told().len(), 12);
}
