//! Folders, archives, servers.

use std::io::{Cursor, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ariasnap::internals::browser::install::{
    Build, Event, InstallError, Installed, Installer, Limits,
};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use crate::server;
pub(crate) use crate::server::Download as Answer;
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

/// A server of the archive that an installer asks for.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Arc<AtomicUsize>,
    _server: server::TestServer,
}

impl Server {
    pub(crate) fn new(answer: Answer) -> Server {
        let requests = Arc::new(AtomicUsize::new(0));
        let path = format!("/{VERSION}/linux64/chrome-headless-shell-linux64.zip");
        let routes = server::download(&path, answer, Arc::clone(&requests));
        let server = server::TestServer::start(routes);
        Server {
            url: format!("http://{}", server.host()),
            requests,
            _server: server,
        }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// A place to install into, and a `PATH` that holds only what the test puts there.
pub(crate) struct World {
    folder: tempfile::TempDir,
    refused: server::Refused,
}

impl World {
    pub(crate) fn new() -> World {
        World {
            folder: tempfile::tempdir().unwrap(),
            refused: server::Refused::bind(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address of a server that is not there.
    pub(crate) fn no_server(&self) -> String {
        self.refused.url()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// A script on `PATH`.
    pub(crate) fn program(&self, name: &str, text: &str) {
        let script = format!("#!/bin/sh\n{text}\n");
        make_executable(&self.file(&format!("bin/{name}"), &script));
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
