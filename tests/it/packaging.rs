//! What packages and CI use: the package itself, workflows, the action, completions, the manual page.

use libtest_mimic::Trial;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        the_steps_of_the_action_run_in_their_order,
        the_workflow_of_the_readme_tests_a_project,
        the_shards_of_the_readme_are_joined,
        completions_are_scripts_of_their_shells,
        the_manual_page_is_roff,
        the_workflows_are_sound,
        the_package_has_what_users_need,
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn ariasnap(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command.args(arguments).output().unwrap()
}

/// The steps of `action.yml` that run something, in a project, as GitHub runs them:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell>
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
            .env("ARIASNAP_BROWSER", crate::machine::browser())
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
    assert!(told.contains("1 changed, 1 matched"), "{told}");
    assert!(
        told.contains("::warning file=snapshots/other/page.aria.yml,line=1"),
        "{told}"
    );
    assert!(
        fs::read_to_string(summary)
            .unwrap()
            .contains("**1** changed")
    );
    assert!(temporary.join("ariasnap/report.html").is_file());
    assert!(temporary.join("ariasnap/result/result.json").is_file());
}

/// The workflow of the README that has the text in it.
fn workflow(with: &str) -> serde_yaml::Value {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let blocks = readme.split("```yaml\n# .github/workflows/").skip(1);
    let mut blocks = blocks.map(|one| one.split("```").next().unwrap());
    let block = blocks.find(|block| block.contains(with)).unwrap();
    // The rest of the first line is the file's name.
    let (_, text) = block.split_once('\n').unwrap();
    serde_yaml::from_str(text).unwrap()
}

/// The commands of a job. That `cargo install` finds the program is tried where there is a network.
fn commands(job: &serde_yaml::Value) -> Vec<String> {
    let steps = job["steps"].as_sequence().unwrap();
    let commands = steps.iter().filter_map(|one| one["run"].as_str());
    let commands: Vec<String> = commands.map(str::to_owned).collect();
    assert!(commands[0].starts_with("cargo install --locked --git "));
    commands[1..].to_vec()
}

/// Runs a command of a workflow as GitHub does, and gives its exit code.
fn run_step(folder: &Path, command: &str) -> i32 {
    let program = Path::new(env!("CARGO_BIN_EXE_ariasnap")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-e", "-c", command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("CI", "true")
        .env("GITHUB_RUN_ID", "7")
        .env("GITHUB_STEP_SUMMARY", folder.join("summary.md"))
        .env("ARIASNAP_BROWSER", crate::machine::browser())
        .output()
        .unwrap();
    output.status.code().unwrap()
}

fn project_of_two() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("specs/same.yml", "html: <h1>Same</h1>\n"),
        (
            "snapshots/same/page.aria.yml",
            "- heading \"Same\" [level=1]\n",
        ),
        ("specs/other.yml", "html: <h1>Other</h1>\n"),
        (
            "snapshots/other/page.aria.yml",
            "- heading \"Other\" [level=1]\n",
        ),
    ] {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn the_workflow_of_the_readme_tests_a_project() {
    let project = project_of_two();
    let commands = commands(&workflow("run: ariasnap test\n")["jobs"]["pages"]);
    let codes: Vec<i32> = commands
        .iter()
        .map(|one| run_step(project.path(), one))
        .collect();
    assert_eq!(codes, [0, 0], "{commands:?}");
    fs::write(
        project.path().join("specs/other.yml"),
        "html: <h2>Other</h2>\n",
    )
    .unwrap();
    assert_eq!(run_step(project.path(), commands.last().unwrap()), 1);
}

fn the_shards_of_the_readme_are_joined() {
    let project = project_of_two();
    let folder = project.path();
    fs::write(folder.join("specs/other.yml"), "html: <h2>Other</h2>\n").unwrap();
    let workflow = workflow("ariasnap report merge");
    let mut worst = 0;
    for shard in workflow["jobs"]["pages"]["strategy"]["matrix"]["shard"]
        .as_sequence()
        .unwrap()
    {
        let shard = shard.as_u64().unwrap();
        for command in commands(&workflow["jobs"]["pages"]) {
            let command = command.replace("${{ matrix.shard }}", &shard.to_string());
            worst = worst.max(run_step(folder, &command));
        }
        // As artifacts go from one job to another.
        fs::create_dir_all(folder.join("parts")).unwrap();
        fs::rename(
            folder.join("part"),
            folder.join(format!("parts/part-{shard}")),
        )
        .unwrap();
    }
    assert_eq!(worst, 1);
    let merge = commands(&workflow["jobs"]["report"]);
    let codes: Vec<i32> = merge.iter().map(|one| run_step(folder, one)).collect();
    assert_eq!(codes, [1], "{merge:?}");
    assert!(folder.join("report.html").is_file());
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(summary.contains("**1** changed"), "{summary}");
}

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

fn the_manual_page_is_roff() {
    let output = ariasnap(&["man"]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(page.contains(".TH ariasnap 1"), "{page}");
    assert!(page.contains("Exit codes"), "{page}");
}

/// The checks of actionlint that need no table of actions.
fn the_workflows_are_sound() {
    let folder = root().join(".github/workflows");
    let mut steps_seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let workflow: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        assert!(workflow["on"].is_mapping() && workflow["permissions"].is_mapping());
        let jobs = workflow["jobs"].as_mapping().unwrap();
        for (name, job) in jobs {
            let name = name.as_str().unwrap();
            assert!(job["runs-on"].is_string(), "{name}");
            assert!(job["timeout-minutes"].is_number(), "{name}");
            if let Some(needed) = job["needs"].as_str() {
                assert!(jobs.contains_key(needed), "{name} needs {needed}");
            }
            for step in job["steps"].as_sequence().unwrap() {
                steps_seen += 1;
                match (step["uses"].as_str(), step["run"].as_str()) {
                    (Some(action), None) => assert!(action.contains('@'), "{name}: {action}"),
                    (None, Some(script)) => {
                        let read = Command::new("bash").args(["-n", "-c", script]).output();
                        assert!(read.unwrap().status.success(), "{name}: {script}");
                    }
                    _ => panic!("{name}: a step either uses or runs: {step:?}"),
                }
            }
        }
        for used in text.split("${{ matrix.").skip(1) {
            let key = used.split(' ').next().unwrap();
            assert!(text.contains(&format!("        {key}: [")), "matrix.{key}");
        }
    }
    assert!(steps_seen > 10, "{steps_seen}");
}

fn the_package_has_what_users_need() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let list = Command::new(cargo)
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(list.status.success(), "{list:?}");
    let list = String::from_utf8(list.stdout).unwrap();
    let files: Vec<&str> = list.lines().collect();
    for needed in [
        "src/main.rs",
        "schemas/report.schema.json",
        "README.md",
        "LICENSE-MIT",
        "Cargo.lock",
    ] {
        assert!(files.contains(&needed), "{needed} is missing");
    }
    let others: Vec<&&str> = files
        .iter()
        .filter(|file| file.contains('/'))
        .filter(|file| !file.starts_with("src/") && !file.starts_with("schemas/"))
        .collect();
    assert_eq!(others, [&"tests/readme/review.jpg"]);
}
