//! Folders, archives, servers.

use std::io::{Cursor, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use ariasnap::browser::install::{Build, Event, InstallError, Installed, Installer, Limits};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub(crate) const VERSION: &str = "1.2.3.4";
pub(crate) const EXECUTABLE: &str = "chrome-headless-shell-linux64/chrome-headless-shell";

/// A browser that gives a version.
pub(crate) fn browser(version: &str) -> String {
    format!("#!/bin/sh\necho Google Chrome for Testing {version}\n")
}

/// An archive with these files; the executable among them may be executed.
pub(crate) fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    zip(CompressionMethod::Deflated, files)
}

/// The same, uncompressed, so that a test can damage a file's bytes and nothing else.
pub(crate) fn stored(files: &[(&str, &str)]) -> Vec<u8> {
    zip(CompressionMethod::Stored, files)
}

fn zip(method: CompressionMethod, files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, text) in files {
        let mode = if *name == EXECUTABLE { 0o755 } else { 0o644 };
        zip.start_file(*name, options.unix_permissions(mode))
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The archive as it should be.
pub(crate) fn good() -> Vec<u8> {
    archive(&[
        (EXECUTABLE, &browser(VERSION)),
        ("chrome-headless-shell-linux64/resources.pak", "resources"),
    ])
}

/// The build that an archive is, all of it pinned.
pub(crate) fn pinned(archive: &[u8]) -> Build {
    let sha256 = Sha256::digest(archive)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Build {
        version: VERSION.to_owned(),
        platform: "linux64".to_owned(),
        bytes: Some(archive.len() as u64),
        sha256: Some(sha256),
    }
}

/// The build of which nothing is known beforehand.
pub(crate) fn unpinned() -> Build {
    Build {
        bytes: None,
        sha256: None,
        ..pinned(&[])
    }
}

/// What the server does with each connection.
#[derive(Clone)]
pub(crate) enum Answer {
    /// Sends the body with its length.
    Body(Vec<u8>),
    /// Announces the length and closes after so many bytes.
    Part(Vec<u8>, usize),
    /// Sends the body without a length, and more of it until the client hangs up.
    Endless(Vec<u8>),
    /// Answers with a status and nothing else.
    Status(u16),
    /// Announces a body and then says nothing until the client hangs up.
    Silence,
}

/// A server on a free port of loopback; it ends with the test's process.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn new(answer: Answer) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, counter) = (answer.clone(), Arc::clone(&counter));
                // A client that hangs up early is part of some tests.
                thread::spawn(move || drop(serve(stream.unwrap(), &answer, &counter)));
            }
        });
        Server { url, requests }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// A server that is not there.
    pub(crate) fn gone() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, requests: &AtomicUsize) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    requests.fetch_add(1, Ordering::SeqCst);
    let request = String::from_utf8_lossy(&head);
    assert!(
        request.starts_with(&format!(
            "GET /{VERSION}/linux64/chrome-headless-shell-linux64.zip HTTP/1.1\r\n"
        )),
        "{request}"
    );
    let lengthy = |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    match answer {
        Answer::Body(body) => {
            stream.write_all(lengthy(body.len()).as_bytes())?;
            stream.write_all(body)?;
        }
        Answer::Part(body, sent) => {
            stream.write_all(lengthy(body.len()).as_bytes())?;
            stream.write_all(&body[..*sent])?;
        }
        Answer::Endless(body) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(body)?;
            }
        }
        Answer::Status(status) => {
            let head = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(head.as_bytes())?;
        }
        Answer::Silence => {
            stream.write_all(lengthy(100).as_bytes())?;
            stream.read_exact(&mut byte)?;
        }
    }
    stream.shutdown(Shutdown::Write)?;
    // Closing while the client still writes would reset what it has not yet read.
    stream.read_to_end(&mut head).map(drop)
}

/// A place to install into, and a `PATH` that holds only what the test puts there.
pub(crate) struct World(tempfile::TempDir);

impl World {
    pub(crate) fn new() -> World {
        World(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A script on `PATH` that first writes its name and arguments into the log.
    pub(crate) fn program(&self, name: &str, text: &str) {
        let log = self.path("log").display().to_string();
        let script = format!("#!/bin/sh\necho {name} \"$@\" >> '{log}'\n{text}\n");
        make_executable(&self.file(&format!("bin/{name}"), &script));
    }

    /// The commands that were run.
    pub(crate) fn log(&self) -> Vec<String> {
        std::fs::read_to_string(self.path("log"))
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    pub(crate) fn installer(&self, url: &str, build: Build) -> Installer {
        let path = vec![self.path("bin")];
        let mut installer = Installer::new(self.path("browsers"), path);
        installer.build = Some(build);
        installer.base_url = url.to_owned();
        installer.limits = Limits {
            connect: Duration::from_secs(10),
            silence: Duration::from_secs(10),
            whole: Duration::from_secs(60),
        };
        installer
    }

    pub(crate) fn executable(&self) -> PathBuf {
        self.path("browsers")
            .join(format!("chrome-headless-shell-{VERSION}"))
            .join(EXECUTABLE)
    }

    /// The names in the folder of builds.
    pub(crate) fn builds(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path("browsers"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

pub(crate) fn make_executable(path: &Path) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Installs and gives the outcome with the events, each as its debug text.
pub(crate) fn install(installer: &Installer) -> (Result<Installed, InstallError>, Vec<String>) {
    let mut events = Vec::new();
    let outcome = installer.install(&mut |event: Event<'_>| events.push(format!("{event:?}")));
    (outcome, events)
}
