//! Starts a site by a command, waits until it answers, and ends it with everything it started.

use std::collections::VecDeque;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use url::Url;

use super::certificates::Trust;
use super::fetch::{Client, FetchError};

/// How a site is started.
#[derive(Debug, Clone)]
pub struct StartOptions {
    /// What the shell runs.
    pub command: String,
    /// The folder that it runs in.
    pub folder: PathBuf,
    /// The address that answers once the site is ready, and that references are completed from.
    pub url: Url,
    /// How long that may take.
    pub patience: Duration,
    /// Whether a server that answers already is used, and nothing is started.
    pub reuse: bool,
    /// The certificates that the site may answer with.
    pub trust: Trust,
}

/// Why a site that a command serves is not available.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no shell, or no folder to run it in.
    #[error("`{command}` cannot be started in {}: {source}", folder.display())]
    Spawn {
        /// The command.
        command: String,
        /// The folder.
        folder: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// Another server would be tested in place of the site.
    #[error(
        "something already answers at {url}, and `{command}` was not started: end it, give the \
         site another port, or set `reuse: true` in `site` to test that server"
    )]
    InUse {
        /// The command.
        command: String,
        /// The address.
        url: Box<Url>,
    },
    /// The command ended before the site was ready, or during the run.
    #[error("`{command}` ended ({status}) {}{output}", if *.was_ready { "while its site was being tested" } else { "before its site answered" })]
    Ended {
        /// The command.
        command: String,
        /// Its exit status.
        status: String,
        /// Whether the site had answered.
        was_ready: bool,
        /// Its last lines.
        output: Output,
    },
    /// The address does not answer.
    #[error(
        "`{command}` runs, but {url} did not answer within {} s ({last}); correct `url`, or raise `timeout` in `site`{output}",
        patience.as_secs_f32()
    )]
    NoAnswer {
        /// The command.
        command: String,
        /// The address.
        url: Box<Url>,
        /// The limit.
        patience: Duration,
        /// The last answer.
        last: String,
        /// Its last lines.
        output: Output,
    },
}

/// The last lines that a command printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output(pub Vec<String>);

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return f.write_str("; it printed nothing");
        }
        f.write_str("; its last lines:")?;
        self.0.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// A site that was started, or found running. The command ends with this value.
#[derive(Debug)]
pub struct Started {
    url: Url,
    process: Option<Box<Process>>,
}

/// A command with everything it started.
#[derive(Debug)]
struct Process {
    command: String,
    child: Child,
    group: Option<Pid>,
    tail: Arc<Mutex<Tail>>,
    readers: Vec<JoinHandle<()>>,
}

impl Started {
    /// Starts the command and waits until its address answers. To be called in a tokio runtime.
    ///
    /// # Errors
    /// [`StartError`]; the command is ended then.
    pub async fn start(options: &StartOptions) -> Result<Started, StartError> {
        let url = options.url.clone();
        if answers_already(&url).await {
            if options.reuse {
                return Ok(Started { url, process: None });
            }
            return Err(StartError::InUse {
                command: options.command.clone(),
                url: Box::new(url),
            });
        }
        let mut process = Process::spawn(options)?;
        process.wait_until_ready(options).await?;
        Ok(Started {
            url,
            process: Some(Box::new(process)),
        })
    }

    /// Returns the address that references are completed from.
    pub fn base(&self) -> &Url {
        &self.url
    }

    /// Ends the command, by force after a while. Returns its failure where it ended by itself before.
    pub async fn stop(mut self) -> Option<StartError> {
        const PATIENCE: Duration = Duration::from_secs(3);
        let mut process = self.process.take()?;
        if let Ok(Some(status)) = process.child.try_wait() {
            return Some(process.ended(status, true).await);
        }
        process.signal(Signal::TERM);
        let _ = tokio::time::timeout(PATIENCE, process.child.wait()).await;
        None
    }
}

impl Process {
    fn spawn(options: &StartOptions) -> Result<Process, StartError> {
        let failed = |source| StartError::Spawn {
            command: options.command.clone(),
            folder: options.folder.clone(),
            source,
        };
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(&options.command)
            .current_dir(&options.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // In its own group, so that all that the shell starts ends with it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let tail = Arc::new(Mutex::new(Tail::default()));
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(tokio::spawn(read(stdout, Arc::clone(&tail))));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(tokio::spawn(read(stderr, Arc::clone(&tail))));
        }
        Ok(Process {
            command: options.command.clone(),
            group: child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)),
            child,
            tail,
            readers,
        })
    }

    async fn wait_until_ready(&mut self, options: &StartOptions) -> Result<(), StartError> {
        const PAUSE: Duration = Duration::from_millis(40);
        let started = Instant::now();
        let mut last = "no connection".to_owned();
        let answer = async {
            loop {
                match probe(&options.url, &options.trust).await {
                    Ok(()) => return,
                    Err(what) => last = what,
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        let ended = tokio::select! {
            () = answer => None,
            status = self.child.wait() => Some(status),
            () = tokio::time::sleep(options.patience.saturating_sub(started.elapsed())) => {
                return Err(StartError::NoAnswer {
                    command: options.command.clone(),
                    url: Box::new(options.url.clone()),
                    patience: options.patience,
                    last,
                    output: self.last_lines().await,
                });
            }
        };
        match ended {
            None => Ok(()),
            Some(Ok(status)) => Err(self.ended(status, false).await),
            Some(Err(source)) => Err(StartError::Spawn {
                command: options.command.clone(),
                folder: options.folder.clone(),
                source,
            }),
        }
    }

    async fn ended(&mut self, status: ExitStatus, was_ready: bool) -> StartError {
        StartError::Ended {
            command: self.command.clone(),
            status: status.to_string(),
            was_ready,
            output: self.last_lines().await,
        }
    }

    /// Ends the command, and returns what it printed last.
    async fn last_lines(&mut self) -> Output {
        const PATIENCE: Duration = Duration::from_secs(1);
        self.signal(Signal::KILL);
        for reader in self.readers.drain(..) {
            let _ = tokio::time::timeout(PATIENCE, reader).await;
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.lines()
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // An empty group is an error that needs no handling.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
        for reader in &self.readers {
            reader.abort();
        }
    }
}

async fn answers_already(url: &Url) -> bool {
    connect(url, Duration::from_millis(500)).await.is_ok()
}

/// Connects to the server of an address.
///
/// # Errors
/// Why that failed, the last reason where the host has several addresses.
pub(super) async fn connect(url: &Url, patience: Duration) -> Result<(), String> {
    let url = url.clone();
    let look = move || {
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_matches(['[', ']']).to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let addresses = (host, port).to_socket_addrs();
        let mut last = "the host has no address".to_owned();
        for address in addresses.map_err(|error| error.to_string())? {
            match TcpStream::connect_timeout(&address, patience) {
                Ok(_) => return Ok(()),
                Err(error) => last = error.to_string(),
            }
        }
        Err(last)
    };
    let looked = tokio::task::spawn_blocking(look).await;
    looked.unwrap_or_else(|error| Err(error.to_string()))
}

/// Returns whether the site is ready; else what it answered. Servers that are starting answer with 404 or
/// 5xx; a page for people who are signed in answers with 401 or 403, and is there.
async fn probe(url: &Url, trust: &Trust) -> Result<(), String> {
    const PATIENCE: Duration = Duration::from_secs(10);
    const MOST: u64 = 64 << 20;
    let (url, trust) = (url.clone(), trust.clone());
    let ask = move || Client::new(PATIENCE, &url, &trust).get(&url, MOST);
    match tokio::task::spawn_blocking(ask).await {
        Ok(Ok(answer)) if answer.status == 404 || answer.status >= 500 => {
            Err(format!("it answers with HTTP {}", answer.status))
        }
        Ok(Ok(_) | Err(FetchError::TooLarge { .. } | FetchError::Status { .. })) => Ok(()),
        Ok(Err(FetchError::Unreachable { reason, .. })) => Err(reason),
        Err(error) => Err(error.to_string()),
    }
}

async fn read(mut stream: impl AsyncRead + Unpin, tail: Arc<Mutex<Tail>>) {
    let mut line = Vec::new();
    let mut buffer = [0; 4096];
    let keep = |line: &mut Vec<u8>| {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.push(line);
        line.clear();
    };
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        for byte in &buffer[..count] {
            if *byte == b'\n' {
                keep(&mut line);
            } else if line.len() < Tail::LONGEST {
                line.push(*byte);
            }
        }
    }
    if !line.is_empty() {
        keep(&mut line);
    }
}

/// The last lines of two streams, in the order of arrival.
#[derive(Debug, Default)]
struct Tail(VecDeque<String>);

impl Tail {
    const MOST: usize = 20;
    /// In bytes.
    const LONGEST: usize = 500;

    fn push(&mut self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let text = anstream::adapter::strip_str(&text).to_string();
        if text.trim().is_empty() {
            return;
        }
        if self.0.len() == Tail::MOST {
            self.0.pop_front();
        }
        self.0.push_back(text.trim_end().to_owned());
    }

    fn lines(&self) -> Output {
        Output(self.0.iter().cloned().collect())
    }
}
