//! Starts a browser of our own and ends it: private profile, no background traffic, no process and
//! no folder left behind.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, waitpid};
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use super::devtools::{CallError, Connection, Session, pipe_pair};
use super::find::Kind;
use crate::new_file::{self, HeldFolder};

/// How to start a browser.
#[derive(Debug, Clone)]
pub struct LaunchOptions {
    /// The browser's binary itself, no script around it.
    pub executable: PathBuf,
    /// A window instead of headless.
    pub headed: bool,
    /// How long the start and every later call may take.
    pub deadline: Duration,
}

/// Whether page processes are locked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// They are.
    On,
    /// Not as root: the browser refuses.
    OffForRoot,
    /// Not where the kernel gives no user namespaces to ordinary users.
    OffByKernel,
}

/// A running browser; ended when dropped.
#[derive(Debug)]
pub struct Browser {
    /// What carries calls to it.
    pub connection: Connection,
    /// Its name and version, such as `HeadlessChrome/156.0.8078.73`.
    pub version: String,
    /// Where it is, if it is not our own.
    pub endpoint: Option<url::Url>,
    /// Whether it is sandboxed.
    pub sandbox: Sandbox,
    deadline: Duration,
    process: Option<Process>,
    /// How it was started, where it is our own.
    started: Option<(LaunchOptions, Vec<String>)>,
}

#[derive(Debug)]
struct Process {
    child: tokio::process::Child,
    group: Option<Pid>,
    kind: Kind,
    /// Removed with the browser.
    _profile: HeldFolder,
}

/// Why a browser did not start.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The system did not start the process.
    #[error("{executable} cannot be started: {source}")]
    Spawn {
        /// The binary.
        executable: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// No folder for the profile, no pipe.
    #[error("preparing the start of the browser: {0}")]
    Prepare(#[from] std::io::Error),
    /// It started and ended, or does not speak the protocol.
    #[error("{executable} started, but gave no answer: {source}{}", tail(output))]
    NoAnswer {
        /// The binary.
        executable: PathBuf,
        /// What went wrong with the first call.
        source: CallError,
        /// The end of what it printed.
        output: String,
    },
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.trim().lines().rev().take(5).collect();
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<&str> = lines.into_iter().rev().collect();
    format!("\nit printed:\n  {}", lines.join("\n  "))
}

#[derive(Deserialize)]
struct Version {
    product: String,
}

impl Browser {
    /// Starts a browser and waits until it answers.
    ///
    /// # Errors
    /// [`LaunchError`] where it does not.
    pub async fn launch(options: &LaunchOptions) -> Result<Browser, LaunchError> {
        Browser::launch_with(options, &[]).await
    }

    /// As [`Browser::launch`], with switches behind our own, such as `--site-per-process`.
    ///
    /// # Errors
    /// [`LaunchError`] where it does not start or does not answer.
    pub async fn launch_with(
        options: &LaunchOptions,
        switches: &[String],
    ) -> Result<Browser, LaunchError> {
        let sandbox = sandbox();
        let profile = profile_folder()?;
        let ((sender, receiver), ends) = pipe_pair()?;
        let mut command = tokio::process::Command::new(&options.executable);
        command
            .args(arguments(options.headed, sandbox, profile.path(), switches))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mapping = |parent_fd, child_fd| FdMapping {
            parent_fd,
            child_fd,
        };
        command
            .as_std_mut()
            .fd_mappings(vec![mapping(ends.reads, 3), mapping(ends.writes, 4)])
            .map_err(std::io::Error::other)?;
        let spawned = command.spawn();
        // The command holds the browser's ends of the pipe, which must close with the browser.
        drop(command);
        let mut child = spawned.map_err(|source| LaunchError::Spawn {
            executable: options.executable.clone(),
            source,
        })?;
        let stderr = child.stderr.take();
        let process = Process {
            kind: Kind::of_file(&options.executable),
            group: child
                .id()
                .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)),
            child,
            _profile: profile,
        };
        let connection = Connection::over_pipe(sender, receiver);
        let mut browser = Browser {
            connection,
            version: String::new(),
            endpoint: None,
            sandbox,
            deadline: options.deadline,
            process: Some(process),
            started: Some((options.clone(), switches.to_vec())),
        };
        let answer = browser
            .session()
            .call::<Version>("Browser.getVersion", serde_json::json!({}));
        match answer.await {
            Ok(version) => {
                browser.version = version.product;
                browser.attach_shared_workers();
            }
            Err(source) => {
                browser.kill();
                return Err(LaunchError::NoAnswer {
                    executable: options.executable.clone(),
                    source,
                    output: read_output(stderr).await,
                });
            }
        }
        // What it prints from now on is of no use, but a full pipe would stop it.
        tokio::spawn(read_output(stderr));
        Ok(browser)
    }

    /// A browser that somebody else started.
    pub(super) fn elsewhere(
        connection: Connection,
        endpoint: &url::Url,
        deadline: Duration,
    ) -> Browser {
        Browser {
            connection,
            version: String::new(),
            endpoint: Some(endpoint.clone()),
            sandbox: Sandbox::On,
            deadline,
            process: None,
            started: None,
        }
    }

    /// The same, with its version.
    pub(super) async fn greeted(mut self, patience: Duration) -> Result<Browser, CallError> {
        let session = self.session().with_deadline(patience);
        let answer = session.call::<Version>("Browser.getVersion", serde_json::json!({}));
        self.version = answer.await?.product;
        self.attach_shared_workers();
        Ok(self)
    }

    /// A shared worker belongs to no page, but to the browser.
    fn attach_shared_workers(&self) {
        // Where the browser refuses, shared workers are not waited for.
        drop(self.session().send(
            "Target.setAutoAttach",
            serde_json::json!({
                "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
                "filter": [{"type": "shared_worker"}, {"exclude": true}],
            }),
        ));
    }

    /// Whether it still answers. One that does not in that time is taken for gone from then on.
    pub async fn answers(&self, patience: Duration) -> bool {
        let session = self.session().with_deadline(patience);
        let answer = session.send("Browser.getVersion", serde_json::json!({}));
        let answers = answer.await.is_ok();
        if !answers {
            self.connection.give_up();
        }
        answers
    }

    /// Starts another browser in the same way; `None` where this one is not our own.
    pub async fn start_again(&self) -> Option<Result<Browser, LaunchError>> {
        let (options, switches) = self.started.as_ref()?;
        // Boxed, for a start is part of a start again.
        Some(Box::pin(Browser::launch_with(options, switches)).await)
    }

    /// Whether [`Browser::start_again`] can start one.
    pub fn can_start_again(&self) -> bool {
        self.started.is_some()
    }

    /// Ends the processes of a browser that is gone or hangs. Its profile goes with the value.
    pub async fn end_processes(&self) {
        let Some(group) = self.process.as_ref().and_then(|process| process.group) else {
            return;
        };
        let _ = kill_process_group(group, Signal::KILL);
        // The first process of the group is our child. What is killed ends at once, unless it is stuck in
        // the kernel.
        for _ in 0..200 {
            match waitpid(Some(group), WaitOptions::NOHANG) {
                Ok(None) => tokio::time::sleep(Duration::from_millis(5)).await,
                Ok(Some(_)) | Err(_) => break,
            }
        }
    }

    /// Its name and version, and where it is.
    pub fn called(&self) -> String {
        match &self.endpoint {
            None => self.version.clone(),
            Some(endpoint) => format!("{} at {endpoint}", self.version),
        }
    }

    /// The browser's own session.
    pub fn session(&self) -> Session {
        self.connection.browser(self.deadline)
    }

    /// Ends the browser and waits until it is gone and its profile removed.
    pub async fn close(mut self) {
        const PATIENCE: Duration = Duration::from_secs(5);
        let session = self.session().with_deadline(PATIENCE);
        // Where there is none, it is somebody else's, and forgets our pages with the connection.
        if let Some(process) = &mut self.process {
            match process.group {
                Some(group) if process.kind == Kind::HeadlessShell => {
                    let _ = kill_process_group(group, Signal::KILL);
                }
                // Desktop browsers keep files outside of their profile, and without a group, children
                // outlive theirs: they are asked to end, which takes much longer.
                Some(_) | None => {
                    let _ = session.send("Browser.close", serde_json::json!({})).await;
                }
            }
            let _ = tokio::time::timeout(PATIENCE, process.child.wait()).await;
        }
        self.kill();
    }

    fn kill(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        if let Some(group) = process.group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = process.child.start_kill();
        // Reaped here: hardly anything writes into the profile any more while it is removed. What is left of
        // it all the same goes with the next start.
        for _ in 0..200 {
            match process.child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Ok(Some(_)) | Err(_) => break,
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn read_output(stderr: Option<tokio::process::ChildStderr>) -> String {
    const ENOUGH: usize = 1 << 16;
    let mut output = Vec::new();
    if let Some(mut stderr) = stderr {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = stderr.read(&mut buffer).await {
            if output.len() < ENOUGH {
                output.extend_from_slice(&buffer[..count]);
            }
        }
    }
    String::from_utf8_lossy(&output).into_owned()
}

/// A folder that its owner holds, so that what a killed run left can be told from what is in use, here
/// or in another container.
fn profile_folder() -> std::io::Result<HeldFolder> {
    remove_abandoned_profiles();
    let prefix = format!("{PROFILE_PREFIX}{}-", std::process::id());
    new_file::new_folder_in(&std::env::temp_dir(), &prefix)
}

const PROFILE_PREFIX: &str = "ariasnap-profile-";

fn remove_abandoned_profiles() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name
            .to_str()
            .is_some_and(|name| name.starts_with(PROFILE_PREFIX))
        {
            new_file::remove_abandoned(&entry.path());
        }
    }
}

fn sandbox() -> Sandbox {
    if rustix::process::geteuid().is_root() {
        return Sandbox::OffForRoot;
    }
    let forbids = |path: &str, value: &str| {
        std::fs::read_to_string(path).is_ok_and(|text| text.trim() == value)
    };
    let is_forbidden = forbids("/proc/sys/kernel/unprivileged_userns_clone", "0")
        || forbids("/proc/sys/user/max_user_namespaces", "0")
        || forbids(
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "1",
        );
    if is_forbidden {
        Sandbox::OffByKernel
    } else {
        Sandbox::On
    }
}

fn arguments(headed: bool, sandbox: Sandbox, profile: &Path, switches: &[String]) -> Vec<String> {
    const ALWAYS: &[&str] = &[
        "--remote-debugging-pipe",
        "--no-first-run",
        "--no-default-browser-check",
        // Every page is opened in a context of its own: a window at the start is one too many.
        "--no-startup-window",
        // Background traffic.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--disable-field-trial-config",
        "--disable-domain-reliability",
        "--metrics-recording-only",
        "--no-pings",
        "--disable-breakpad",
        // Pages in the background run like the one in front.
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-back-forward-cache",
        "--disable-ipc-flooding-protection",
        "--disable-hang-monitor",
        "--disable-popup-blocking",
        "--disable-prompt-on-repost",
        "--disable-dev-shm-usage",
        "--password-store=basic",
        "--use-mock-keychain",
        "--mute-audio",
        // The same layout on every machine.
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        // A mouse that hovers, as on a desktop.
        "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
        "--disable-features=Translate,OptimizationHints,MediaRouter,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,PaintHolding,DestroyProfileOnBrowserClose",
        "--disable-gpu",
        "--enable-unsafe-swiftshader",
    ];
    let mut arguments: Vec<String> = ALWAYS.iter().map(ToString::to_string).collect();
    if !headed {
        arguments.push("--headless".to_owned());
    }
    if sandbox != Sandbox::On {
        arguments.push("--no-sandbox".to_owned());
    }
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.extend(switches.iter().cloned());
    arguments
}
