//! Starts and ends a browser: private profile, no background traffic, no process and no folder left behind.

mod arguments;
mod profile;

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, waitpid};
use serde::Deserialize;
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};

use super::contexts::Contexts;
use super::devtools::{BrowserEnds, CallError, Connection, Session, pipe_pair};
use super::find::Kind;
use super::sandbox::{self, Sandbox};
use crate::new_file::HeldFolder;

/// How to start a browser.
#[derive(Debug, Clone)]
pub struct LaunchOptions {
    pub executable: PathBuf,
    /// A window instead of headless.
    pub headed: bool,
    /// Whether the browser sends nothing that bypasses the proxy of a page.
    pub is_confined: bool,
    /// How long the start and every later call may take.
    pub deadline: Duration,
}

/// A running browser; ended when dropped.
#[derive(Debug)]
pub struct Browser {
    pub connection: Connection,
    /// Its name and version, such as `HeadlessChrome/156.0.8078.73`.
    pub version: String,
    /// The address of a browser that ariasnap did not start.
    pub endpoint: Option<url::Url>,
    pub sandbox: Sandbox,
    pub(super) contexts: Contexts,
    deadline: Duration,
    process: Option<Process>,
    /// How it was started.
    started: Option<(LaunchOptions, Vec<String>)>,
}

#[derive(Debug)]
struct Process {
    child: Child,
    group: Option<Pid>,
    kind: Kind,
    /// Removed with the browser.
    _profile: HeldFolder,
}

/// Why a browser did not start.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error("{executable} cannot be started: {source}")]
    Spawn {
        executable: PathBuf,
        source: std::io::Error,
    },
    /// No folder for the profile, no pipe.
    #[error("cannot prepare the start of the browser: {0}")]
    Prepare(#[from] std::io::Error),
    #[error(
        "{executable} started, but did not answer: {source}{}",
        last_lines(output)
    )]
    NoAnswer {
        executable: PathBuf,
        source: CallError,
        /// What it printed.
        output: String,
    },
}

fn last_lines(output: &str) -> String {
    match super::command::last_lines(output, 5) {
        lines if lines.is_empty() => String::new(),
        lines => format!("\nit printed:\n  {}", lines.join("\n  ")),
    }
}

#[derive(Deserialize)]
struct Version {
    product: String,
}

impl Browser {
    /// Starts a browser and waits until it answers.
    pub async fn launch(options: &LaunchOptions) -> Result<Browser, LaunchError> {
        Browser::launch_with(options, &[]).await
    }

    /// As [`Browser::launch`], with more switches, such as `--site-per-process`.
    pub async fn launch_with(
        options: &LaunchOptions,
        switches: &[String],
    ) -> Result<Browser, LaunchError> {
        Browser::launch_as(options, switches, Sandbox::to_try()).await
    }

    /// Starts a browser with its sandbox, and without where the system refuses it.
    async fn launch_as(
        options: &LaunchOptions,
        switches: &[String],
        sandbox: Sandbox,
    ) -> Result<Browser, LaunchError> {
        match Browser::start(options, switches, sandbox).await {
            Err(LaunchError::NoAnswer { output, .. })
                if sandbox == Sandbox::On && sandbox::is_refused(&output) =>
            {
                Browser::start(options, switches, Sandbox::Refused).await
            }
            started => started,
        }
    }

    async fn start(
        options: &LaunchOptions,
        switches: &[String],
        sandbox: Sandbox,
    ) -> Result<Browser, LaunchError> {
        let profile = profile::create()?;
        let ((sender, receiver), ends) = pipe_pair()?;
        let arguments = arguments::arguments(options, switches, sandbox, profile.path());
        let mut child = spawn(options, &arguments, ends)?;
        let stderr = child.stderr.take();
        let process = Process {
            kind: Kind::of_file(&options.executable),
            group: child
                .id()
                .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)),
            child,
            _profile: profile,
        };
        let browser = Browser {
            connection: Connection::over_pipe(sender, receiver),
            version: String::new(),
            endpoint: None,
            sandbox,
            contexts: Contexts::default(),
            deadline: options.deadline,
            process: Some(process),
            started: Some((options.clone(), switches.to_vec())),
        };
        match browser.greeted(options.deadline).await {
            Ok(browser) => {
                // The rest of the output is of no use, but a full pipe would stop the browser.
                tokio::spawn(read_output(stderr));
                Ok(browser)
            }
            Err(source) => Err(LaunchError::NoAnswer {
                executable: options.executable.clone(),
                source,
                output: read_output(stderr).await,
            }),
        }
    }

    /// Returns a browser that ariasnap did not start.
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
            contexts: Contexts::default(),
            deadline,
            process: None,
            started: None,
        }
    }

    /// Asks for the browser's version, and attaches to shared workers, which belong to no page, and to
    /// pages. A window that a page opens stops both until it is resumed.
    pub(super) async fn greeted(mut self, patience: Duration) -> Result<Browser, CallError> {
        let session = self.session().with_deadline(patience);
        let version = session.call::<Version>("Browser.getVersion", json!({}));
        // Where the browser refuses, shared workers are not waited for.
        drop(session.send(
            "Target.setAutoAttach",
            json!({
                "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
                "filter": [{"type": "shared_worker"}, {"type": "page"}, {"exclude": true}],
            }),
        ));
        self.version = version.await?.product;
        Ok(self)
    }

    /// Accepts any certificate in all of its pages.
    pub async fn ignore_certificate_errors(&self) -> Result<(), CallError> {
        let params = json!({"ignore": true});
        let ignoring = self
            .session()
            .send("Security.setIgnoreCertificateErrors", params);
        ignoring.await
    }

    /// Returns whether it still answers. One that does not answer in time counts as gone from then on.
    pub async fn answers(&self, patience: Duration) -> bool {
        let session = self.session().with_deadline(patience);
        let answers = session.send("Browser.getVersion", json!({})).await.is_ok();
        if !answers {
            self.connection.give_up();
        }
        answers
    }

    /// Starts another browser in the same way; `None` where ariasnap did not start this one.
    pub async fn start_again(&self) -> Option<Result<Browser, LaunchError>> {
        let (options, switches) = self.started.as_ref()?;
        Some(Browser::launch_as(options, switches, self.sandbox).await)
    }

    /// Returns whether [`Browser::start_again`] can start one.
    pub fn can_start_again(&self) -> bool {
        self.started.is_some()
    }

    /// Ends the processes of a browser that is gone or hangs. Its profile goes with the value.
    pub async fn end_processes(&self) {
        let Some(group) = self.process.as_ref().and_then(|process| process.group) else {
            return;
        };
        let _ = kill_process_group(group, Signal::KILL);
        // The first process of the group is our child. A killed process ends at once, unless it is stuck in
        // the kernel.
        for _ in 0..200 {
            match waitpid(Some(group), WaitOptions::NOHANG) {
                Ok(None) => tokio::time::sleep(Duration::from_millis(5)).await,
                Ok(Some(_)) | Err(_) => break,
            }
        }
    }

    /// Returns its name and version, and its address.
    pub fn called(&self) -> String {
        match &self.endpoint {
            None => self.version.clone(),
            Some(endpoint) => format!("{} at {endpoint}", self.version),
        }
    }

    /// Returns the session of the browser itself.
    pub fn session(&self) -> Session {
        self.connection.browser(self.deadline)
    }

    /// Ends the browser, and waits until it is gone and its profile removed. A browser that ariasnap did not
    /// start forgets our pages with the connection.
    pub async fn close(mut self) {
        const PATIENCE: Duration = Duration::from_secs(5);
        let session = self.session().with_deadline(PATIENCE);
        if let Some(process) = &mut self.process {
            match process.group {
                Some(group) if process.kind == Kind::HeadlessShell => {
                    let _ = kill_process_group(group, Signal::KILL);
                }
                // Desktop browsers keep files outside of their profile, and without a group, children
                // outlive their parents: they are asked to end, which takes much longer.
                Some(_) | None => {
                    let _ = session.send("Browser.close", json!({})).await;
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
        // A process that is gone writes no more into the profile, which is removed now. The next start
        // removes what is left of it.
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

/// Starts the process in a group of its own, with its ends of the pipe as descriptors 3 and 4.
fn spawn(
    options: &LaunchOptions,
    arguments: &[String],
    ends: BrowserEnds,
) -> Result<Child, LaunchError> {
    let mut command = Command::new(&options.executable);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    let mapping = |parent_fd, child_fd| FdMapping {
        parent_fd,
        child_fd,
    };
    // The command holds the browser's ends of the pipe; they have to close with the browser.
    command
        .as_std_mut()
        .fd_mappings(vec![mapping(ends.reads, 3), mapping(ends.writes, 4)])
        .map_err(std::io::Error::other)?;
    command.spawn().map_err(|source| LaunchError::Spawn {
        executable: options.executable.clone(),
        source,
    })
}

async fn read_output(stderr: Option<ChildStderr>) -> String {
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

#[cfg(test)]
#[path = "launch/tests.rs"]
mod tests;
