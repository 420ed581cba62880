//! Starts of browsers that refuse their sandbox.

#![allow(clippy::unwrap_used, reason = "a failure fails the test")]

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;
use crate::browser::find::Search;
use crate::browser::platform::Platform;

/// Starts a script in the folder, which becomes the browser of this machine, but without `--no-sandbox` does
/// something else.
async fn launch(folder: &Path, otherwise: &str) -> Result<Browser, LaunchError> {
    let home = std::env::home_dir();
    let variable = |name: &str| -> Option<OsString> { std::env::var_os(name) };
    let cache = home.as_ref().map(|home| home.join(".cache"));
    let search = Search::new(
        Platform::current(),
        home.as_deref(),
        cache.as_deref(),
        variable,
    );
    let real = search.find().unwrap().path;
    let executable = folder.join("headless-shell");
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *\" --no-sandbox \"*) exec {} \"$@\";; esac\n{otherwise}\n",
        real.display()
    );
    fs_err::write(&executable, script).unwrap();
    fs_err::set_permissions(&executable, std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = LaunchOptions {
        executable,
        headed: false,
        is_confined: false,
        deadline: Duration::from_secs(60),
    };
    loop {
        match Browser::launch_as(&options, &[], Sandbox::On).await {
            // A process that was forked meanwhile has the script open for writing.
            Err(LaunchError::Spawn { source, .. })
                if source.kind() == std::io::ErrorKind::ExecutableFileBusy => {}
            launched => return launched,
        }
    }
}

#[tokio::test]
async fn where_the_system_refuses_the_sandbox_the_browser_starts_without() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = "echo '[1:1:FATAL] No usable sandbox! If you are running' >&2; exit 1";
    let browser = launch(folder.path(), refusal).await.unwrap();
    assert_eq!(browser.sandbox, Sandbox::Refused);
    let again = browser.start_again().await.unwrap().unwrap();
    assert_eq!(again.sandbox, Sandbox::Refused);
    again.close().await;
    browser.close().await;
}

#[tokio::test]
async fn a_browser_that_fails_for_another_reason_keeps_its_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let failure = "echo 'no display' >&2; exit 1";
    let error = launch(folder.path(), failure).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("it printed:\n  no display"), "{text}");
}
