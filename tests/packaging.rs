//! What packages and CI take from here: the action's steps, completions, the manual page.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

mod machine;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ariasnap(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command.args(arguments).output().unwrap()
}

/// The steps of `action.yml` that run something, in a project, as GitHub runs them:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
#[test]
fn the_steps_of_the_action_run_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join("project").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    file("specs/same.yml", "html: <h1>Same</h1>\n");
    file(
        "snapshots/same/page.aria.yml",
        "- heading \"Same\" [level=1]\n",
    );
    file("specs/other.yml", "html: <h1>Other</h1>\n");
    file(
        "snapshots/other/page.aria.yml",
        "- heading \"One\" [level=1]\n",
    );
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    let action: serde_yaml::Value = serde_yaml::from_str(&action).unwrap();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let commands: Vec<&str> = steps.iter().filter_map(|one| one["run"].as_str()).collect();
    assert_eq!(commands.len(), 3, "install, browser, test");
    let program = Path::new(env!("CARGO_BIN_EXE_ariasnap"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let temporary = folder.path().join("temporary");
    let summary = folder.path().join("summary.md");
    let run = |command: &str, arguments: &str| {
        Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", command])
            .current_dir(folder.path().join("project"))
            .env("PATH", &path)
            .env("CI", "true")
            .env("RUNNER_TEMP", &temporary)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_ACTION_PATH", root())
            .env("ARIASNAP_BROWSER", machine::browser())
            .env("ARGS", arguments)
            .output()
            .unwrap()
    };
    for command in &commands[..2] {
        let output = run(command, "");
        assert!(output.status.success(), "{command}: {output:?}");
    }
    let output = run(commands[2], "--retries 1");
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(told.contains("1 match, 1 differ"), "{told}");
    assert!(
        told.contains("::warning file=snapshots/other/page.aria.yml,line=1"),
        "{told}"
    );
    assert!(
        fs::read_to_string(summary)
            .unwrap()
            .contains("**1** differ")
    );
    assert!(temporary.join("ariasnap/report.html").is_file());
    assert!(temporary.join("ariasnap/result/result.json").is_file());
}

#[test]
fn completions_are_scripts_of_their_shells() {
    for (shell, mark) in [
        ("bash", "complete -F _ariasnap"),
        ("zsh", "#compdef ariasnap"),
        ("fish", "complete -c ariasnap"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let output = ariasnap(&["completions", shell]);
        assert!(output.status.success(), "{output:?}");
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(script.contains(mark), "{shell}: {script}");
        assert!(script.contains("last-failed"), "{shell}: {script}");
        if shell == "bash" {
            let read = Command::new("bash").args(["-n", "-c", &script]).output();
            assert!(read.unwrap().status.success());
        }
    }
}

#[test]
fn the_manual_page_is_roff() {
    let output = ariasnap(&["man"]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(page.contains(".TH ariasnap 1"), "{page}");
    assert!(page.contains("Exit codes"), "{page}");
}
