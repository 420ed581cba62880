//! Attacks on the program as a user runs it: signals at any moment, text that is a command to a terminal
//! or a log, files that are none.
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use libtest_mimic::Trial;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::machine;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        no_signal_is_swallowed_while_accepting,
        no_signal_is_swallowed_while_updating,
        what_a_killed_run_left_goes_with_the_next_and_what_is_held_stays,
        profiles_that_another_process_holds_are_not_taken_for_abandoned,
        what_a_page_says_is_no_command,
        colours_do_not_hide_a_command,
        a_name_is_no_command_of_a_shell,
        a_device_in_place_of_a_snapshot_does_not_fill_the_memory,
        a_file_that_is_none_is_refused_with_its_kind,
        a_page_that_hangs_or_downloads_is_told_in_words,
        check_and_test_agree_on_what_cannot_be_read,
    ]
}

pub(crate) fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in files {
        write(folder.path(), file, text);
    }
    folder
}

pub(crate) fn write(folder: &Path, file: &str, text: &str) {
    let file = folder.join(file);
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(file, text).expect("written");
}

pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .env("ARIASNAP_BROWSER", machine::browser())
        .stdin(Stdio::null());
    command
}

pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().expect("run")
}

pub(crate) fn all(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    both.concat()
}

/// How many times each attack with signals is tried: `ARIASNAP_SIGNALS=200` for more.
fn tries() -> u64 {
    let count = std::env::var("ARIASNAP_SIGNALS").ok();
    count.and_then(|count| count.parse().ok()).unwrap_or(8)
}

fn baselines(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("snapshots")).into_iter().flatten();
    let entries = entries.flatten().map(|entry| entry.path());
    let files = walkdir::WalkDir::new(folder.join("snapshots"))
        .into_iter()
        .flatten();
    drop(entries);
    files
        .filter(|file| file.file_name().to_string_lossy().ends_with(".aria.yml"))
        .map(|file| fs::read_to_string(file.path()).expect("read"))
        .collect()
}

/// Sends the signal in the middle of the work: the process is held, looked at, and goes on with it.
/// Returns how many baselines there were in that moment; `None` where it had ended before.
fn interrupt(child: &Child, folder: &Path, signal: Signal) -> Option<usize> {
    let pid = Pid::from_child(child);
    kill_process(pid, Signal::STOP).expect("it is ours");
    let state = || fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    let letter = |text: &str| text.rsplit(')').next().unwrap_or("").trim().chars().next();
    let mut now = letter(&state());
    while !matches!(now, Some('T' | 'Z') | None) {
        std::thread::yield_now();
        now = letter(&state());
    }
    let done = baselines(folder).len();
    kill_process(pid, signal).expect("it is ours");
    kill_process(pid, Signal::CONT).expect("it is ours");
    (now == Some('T')).then_some(done)
}

/// Tries the command many times, each in a project of its own, with a signal at another moment of its
/// first second.
fn attack(arguments: &[&str], make: impl Fn() -> TempDir, of: usize, expected: &str) {
    let (mut met, mut swallowed) = (0, Vec::new());
    for number in 0..tries() {
        let folder = make();
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        // The moments are spread over the second; no two are the same.
        let moment = number * 1_000 / tries() + number * 7 % 13;
        std::thread::sleep(Duration::from_millis(moment));
        let signal = [Signal::INT, Signal::TERM][usize::from(number % 2 == 0)];
        let done = interrupt(&child, folder.path(), signal);
        let status = child.wait().expect("ended");
        for text in baselines(folder.path()) {
            assert!(text == expected, "half-written: {text:?}");
        }
        if let Some(done) = done {
            met += 1;
            // What had its work done may say so.
            if status.success() && done + 1 < of {
                swallowed.push(moment);
            }
        }
    }
    assert!(swallowed.is_empty(), "swallowed at {swallowed:?} ms");
    assert!(
        met > 0,
        "no signal of {} met {arguments:?} at work",
        tries()
    );
}

fn no_signal_is_swallowed_while_accepting() {
    const COUNT: usize = 400;
    let make = || {
        let folder = project(&[]);
        for number in 0..COUNT {
            let file = format!("snapshots/p{number}.aria.yml.new");
            let text = "# ariasnap: pending, compared with none\n- text: x\n";
            write(folder.path(), &file, text);
        }
        folder
    };
    attack(&["accept", "--all"], make, COUNT, "- text: x\n");
}

fn no_signal_is_swallowed_while_updating() {
    const COUNT: usize = 12;
    let make = || {
        let folder = project(&[("ariasnap.yml", "jobs: 1\n")]);
        for number in 0..COUNT {
            write(
                folder.path(),
                &format!("specs/p{number}.yml"),
                "html: <p>x</p>\n",
            );
        }
        folder
    };
    attack(&["test", "--update"], make, COUNT, "- paragraph: x\n");
}

fn what_a_killed_run_left_goes_with_the_next_and_what_is_held_stays() {
    let folder = project(&[("specs/a.yml", "html: <p>x</p>\n")]);
    let snapshots = folder.path().join("snapshots");
    fs::create_dir_all(snapshots.join("a/.ariasnap-abcdef")).expect("made");
    write(&snapshots, "a/.ariasnap-abcdef/evidence.json", "{");
    write(&snapshots, ".ariasnap-gh1jkl.tmp", "- half");
    let held = ariasnap::internals::new_file::new_file_in(&snapshots).expect("a file");
    let output = run(folder.path(), &["test"]);
    assert_eq!(output.status.code(), Some(1), "{}", all(&output));
    assert!(!snapshots.join(".ariasnap-gh1jkl.tmp").exists());
    assert!(!snapshots.join("a/.ariasnap-abcdef").exists());
    assert!(held.path().exists(), "another process writes it");
}

fn profiles_that_another_process_holds_are_not_taken_for_abandoned() {
    let folder = project(&[("specs/a.yml", "html: <p>x</p>\n")]);
    let temporary = tempfile::tempdir().expect("a folder");
    // A number that no process has here, as that of a process in another container.
    let prefix = "ariasnap-profile-4194303-";
    let held =
        ariasnap::internals::new_file::new_folder_in(temporary.path(), prefix).expect("a folder");
    let left = temporary.path().join(format!("{prefix}left"));
    fs::create_dir(&left).expect("made");
    let output = command(folder.path(), &["test"])
        .env("TMPDIR", temporary.path())
        .output()
        .expect("run");
    assert_eq!(output.status.code(), Some(1), "{}", all(&output));
    assert!(held.path().exists());
    assert!(!left.exists());
}

/// Sets a window's title, clears the screen, reorders, and writes commands of logs.
const HOSTILE: &str = "a\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{2066}b\r\n::error::x\n##[error]y\u{7f}\u{fffe}";

fn assert_harmless(text: &str) {
    for c in text.chars() {
        let is_text = c == '\n'
            || !(c.is_control()
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c));
        assert!(is_text, "U+{:04X} in {text}", u32::from(c));
    }
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::error::x"), "{text}");
        assert!(!line.contains("##["), "{text}");
    }
}

fn what_a_page_says_is_no_command() {
    let json = serde_json::to_string(HOSTILE).expect("a text");
    let script = format!(
        "<!doctype html><title>x</title><main><p id=p></p></main><script>const t = {json};\
         for (const tag of ['button', 'nav', 'section', 'a']) {{ const e = document.createElement(tag);\
         e.id = t; e.className = t; e.textContent = t; e.setAttribute('aria-label', tag + t); e.setAttribute('href', t);\
         document.querySelector('main').append(e); }}\
         const i = document.createElement('input'); i.placeholder = t; document.querySelector('main').append(i);\
         throw new Error(t);</script>"
    );
    let folder = project(&[
        ("site/index.html", &script),
        (
            "ariasnap.yml",
            "site: {dir: site}\ndefaults: {timeout: 3s}\n",
        ),
        ("specs/a.yml", "url: /\nallow: [script-errors]\n"),
        ("specs/b.yml", "url: /\nsteps:\n- click: button \"none\"\n"),
        ("specs/c.yml", "url: /\nroot: button /^b/\n"),
        (
            "snapshots/a/page.aria.yml",
            "- main:\n  - button \"x\"\n  - text: y\n",
        ),
    ]);
    for arguments in [
        &["test"][..],
        &["status"],
        &["review"],
        &["test", "--reporter", "junit"],
        &["test", "--reporter", "markdown"],
        &["test", "--reporter", "github"],
        &["test", "--reporter", "json"],
        &["test", "--reporter", "sarif"],
        &["status", "--json"],
        &["test", "--color", "never"],
    ] {
        let output = run(folder.path(), arguments);
        let text = all(&output);
        let is_told = arguments[0] == "review" || text.contains("owned");
        assert!(is_told, "{arguments:?} says nothing of it: {text}");
        assert_harmless(&text);
    }
    // What it wrote can be read again, and says the same as the page.
    let output = run(folder.path(), &["accept", "a/page"]);
    assert!(output.status.success(), "{}", all(&output));
    let output = run(folder.path(), &["test", "specs/a.yml"]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", all(&output));
    let file = "snapshots/a/page.aria.yml";
    write(folder.path(), "old.aria.yml", "- text: y\n");
    for format in ["terminal", "json", "markdown"] {
        let output = run(
            folder.path(),
            &["diff", "old.aria.yml", file, "--format", format],
        );
        assert_harmless(&all(&output));
    }
}

/// The words that differ are set off with colours, which are taken out before a log gets the line.
fn colours_do_not_hide_a_command() {
    let folder = project(&[
        (
            "old.aria.yml",
            "- text: \"#a\"\n- button \"# [x]\"\n- link \"##a\"\n",
        ),
        (
            "new.aria.yml",
            "- text: \"##[error]a\"\n- button \"##[error]x\"\n- link \"##vso[a\"\n",
        ),
    ]);
    for colour in ["never", "always"] {
        let arguments = ["diff", "old.aria.yml", "new.aria.yml", "--color", colour];
        let text = all(&run(folder.path(), &arguments));
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.contains("error") && !text.contains("##["), "{text}");
        assert!(!text.contains("##vso["), "{text}");
    }
}

/// A page chooses the names of a crawl's snapshots, and `ariasnap review` prints commands with them.
fn a_name_is_no_command_of_a_shell() {
    let names = [
        "$(touch owned)",
        "`touch owned`",
        "a; touch owned",
        "a & touch owned #",
        "it's",
        "-x",
    ];
    let folder = project(&[]);
    for name in names {
        let text = "# ariasnap: pending, compared with none\n- text: x\n";
        write(
            folder.path(),
            &format!("snapshots/{name}.aria.yml.new"),
            text,
        );
    }
    let text = all(&run(folder.path(), &["review"]));
    let commands: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("ariasnap accept ") && !line.ends_with("--all"))
        .collect();
    assert_eq!(commands.len(), names.len(), "{text}");
    let script = format!(
        "ariasnap() {{ {} \"$@\"; }}\n{}\n",
        env!("CARGO_BIN_EXE_ariasnap"),
        commands.join("\n")
    );
    let output = Command::new("sh")
        .args(["-ec", &script])
        .current_dir(folder.path())
        .output()
        .expect("run");
    assert!(output.status.success(), "{}", all(&output));
    assert_eq!(
        baselines(folder.path()).len(),
        names.len(),
        "{}",
        all(&output)
    );
    assert!(!folder.path().join("owned").exists());
}

fn a_file_that_is_none_is_refused_with_its_kind() {
    let fifo = |folder: &Path, file: &str| {
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        let file = folder.join(file);
        let _ = fs::remove_file(&file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        rustix::fs::mkfifoat(rustix::fs::CWD, file, mode).expect("a FIFO");
    };
    for file in ["ariasnap.yml", "specs/a.yml", "snapshots/a/page.aria.yml"] {
        let folder = project(&[
            ("ariasnap.yml", "jobs: 1\n"),
            ("specs/a.yml", "html: <p>x</p>\n"),
            ("specs/b.yml", "html: <p>x</p>\n"),
        ]);
        fifo(folder.path(), file);
        let given = match file {
            "ariasnap.yml" => &["--config", "ariasnap.yml", "test"][..],
            _ => &["test"],
        };
        let output = run(folder.path(), given);
        assert_eq!(output.status.code(), Some(2), "{file}: {}", all(&output));
        assert!(
            all(&output).contains("is a FIFO, not a file"),
            "{}",
            all(&output)
        );
    }
}

fn a_device_in_place_of_a_snapshot_does_not_fill_the_memory() {
    let folder = project(&[("a.aria.yml", "- text: x\n")]);
    let output = run(folder.path(), &["diff", "/dev/zero", "a.aria.yml"]);
    assert_eq!(output.status.code(), Some(2), "{}", all(&output));
    assert!(all(&output).contains("longer than"), "{}", all(&output));
}

fn a_page_that_hangs_or_downloads_is_told_in_words() {
    let folder = project(&[
        ("site/loop.html", "<p>x</p><script>for (;;) {}</script>"),
        (
            "site/late.html",
            "<p>x</p><script>setTimeout(() => { for (;;) {} }, 0)</script>",
        ),
        ("site/file.zip", "PK"),
        ("ariasnap.yml", "site: {dir: site}\n"),
        ("specs/loop.yml", "url: /loop.html\ntimeout: 3s\n"),
        ("specs/late.yml", "url: /late.html\ntimeout: 3s\n"),
        ("specs/download.yml", "url: /file.zip\ntimeout: 3s\n"),
    ]);
    let output = run(folder.path(), &["test"]);
    let text = all(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("download"), "{text}");
    for name in [
        "Runtime.",
        "Page.",
        "Target.",
        "callFunctionOn",
        "no answer within",
    ] {
        assert!(!text.contains(name), "{text}");
    }
}

fn check_and_test_agree_on_what_cannot_be_read() {
    for (specs, says) in [
        (
            &[
                ("specs/a.yml", "html: x\nname: Page\n"),
                ("specs/A.yml", "html: x\nname: page\n"),
            ][..],
            "differ only",
        ),
        (
            &[(
                "specs/a.yml",
                "name: caf\u{e9}\nhtml: x\n---\nname: cafe\u{301}\nhtml: x\n",
            )],
            "differ only",
        ),
        (
            &[(
                "specs/a.yml",
                "name: stra\u{df}e\nhtml: x\n---\nname: STRASSE\nhtml: x\n",
            )],
            "differ only",
        ),
        (
            &[("specs/a.yml", "name: \"a\u{202e}b\"\nhtml: x\n")],
            "202e",
        ),
        (&[("specs/a.yml", "name: \"a\\u2066b\"\nhtml: x\n")], "2066"),
        (
            &[
                ("specs/a.yml", "html: x\n"),
                (
                    "snapshots/a/page.aria.yml",
                    "- button /(?:(?:a{1000}){1000}){1000}/\n",
                ),
            ],
            "regular expression",
        ),
        (
            &[
                ("specs/a.yml", "html: x\n"),
                ("snapshots/a/page.aria.yml", "- button /a++/\n"),
            ],
            "regular expression",
        ),
        (
            &[("specs/a.yml", "html: x\nroot: button /a++/\n")],
            "regular expression",
        ),
    ] {
        let folder = project(specs);
        for arguments in [&["check"][..], &["test"]] {
            let output = run(folder.path(), arguments);
            let text = all(&output);
            assert_eq!(
                output.status.code(),
                Some(2),
                "{arguments:?} {specs:?}: {text}"
            );
            assert!(
                text.to_lowercase().contains(says),
                "{arguments:?} {specs:?}: {text}"
            );
        }
    }
    // A text between slashes is text, whatever it would be as an expression.
    let page = "html: <p>/(?:(?:a{1000}){1000}){1000}/</p>\n";
    let baseline = "- paragraph: /(?:(?:a{1000}){1000}){1000}/\n";
    let quoted = "- paragraph: \"/(?:(?:a{1000}){1000}){1000}/\"\n";
    let folder = project(&[("specs/a.yml", page)]);
    for text in [baseline, quoted] {
        write(folder.path(), "snapshots/a/page.aria.yml", text);
        for arguments in [&["check"][..], &["test"]] {
            let output = run(folder.path(), arguments);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{arguments:?}: {}",
                all(&output)
            );
        }
    }
}
