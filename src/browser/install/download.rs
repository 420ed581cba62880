//! From the server to a file, counted and hashed on the way.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Build, Event};

/// The most that is taken where no length is pinned; the largest build has an eighth of it.
const MOST_BYTES: u64 = 1 << 30;

/// How long a download may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Without a byte arriving.
    pub silence: Duration,
    /// All in all.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(15),
            silence: Duration::from_secs(30),
            whole: Duration::from_secs(30 * 60),
        }
    }
}

/// Why a build did not come by download.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// No connection, no answer, or an answer that is none.
    #[error("{url} cannot be reached: {source}")]
    Unreachable {
        /// The archive.
        url: String,
        /// What went wrong.
        source: Box<ureq::Error>,
    },
    /// The server answered with an error.
    #[error("{url} cannot be downloaded: the server answered with status {status}")]
    Status {
        /// The archive.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The connection broke on the way.
    #[error("the download of {url} broke off after {received} bytes{}: {reason}", of(*.announced))]
    Truncated {
        /// The archive.
        url: String,
        /// What arrived.
        received: u64,
        /// What was to arrive.
        announced: Option<u64>,
        /// The system's words.
        reason: String,
    },
    /// Something else than the pinned archive, by its length.
    #[error(
        "{url} is not the expected archive: it has {}, not {expected} bytes; a proxy or a sign-in page may answer in the server's place",
        at_least(*.got, *.expected)
    )]
    Size {
        /// The archive.
        url: String,
        /// What is pinned.
        expected: u64,
        /// What the server announced or sent; one more than expected where it was sending on.
        got: u64,
    },
    /// Something else than the pinned archive, by its content.
    #[error("{url} is not the expected archive: its SHA-256 is {got}, not {expected}")]
    Checksum {
        /// The archive.
        url: String,
        /// What is pinned.
        expected: String,
        /// What arrived.
        got: String,
    },
    /// The archive is damaged.
    #[error("the archive cannot be unpacked: {0}")]
    Archive(#[source] zip::result::ZipError),
    /// The archive names a file outside its folder.
    #[error(
        "the archive is refused: its entry `{entry}` leads out of the folder it is unpacked into"
    )]
    Outside {
        /// The entry's name.
        entry: String,
    },
    /// The archive is whole and holds something else.
    #[error("the archive holds no `{name}`")]
    NoExecutable {
        /// The missing entry.
        name: String,
    },
    /// The browser is of another version.
    #[error("the downloaded browser is not of version {expected}: it answers `{answer}`")]
    Version {
        /// What is pinned.
        expected: String,
        /// What `--version` gave.
        answer: String,
    },
    /// The browser does not run here.
    #[error("{} does not start: {reason}", .executable.display())]
    DoesNotStart {
        /// The browser.
        executable: PathBuf,
        /// What is known.
        reason: String,
    },
    /// The browser does not run here for want of libraries.
    #[error("the downloaded browser needs libraries that this system does not have: {}", .names.join(", "))]
    Libraries {
        /// Their file names.
        names: Vec<String>,
    },
    /// A file could not be written, renamed or read.
    #[error("{}: {source}", .path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
}

fn of(announced: Option<u64>) -> String {
    announced.map_or_else(String::new, |bytes| format!(" of {bytes}"))
}

fn at_least(got: u64, expected: u64) -> String {
    if got == expected + 1 {
        format!("more than {expected}")
    } else {
        got.to_string()
    }
}

/// Downloads the build's archive into a file and checks its length and hash.
pub(super) fn fetch(
    url: &str,
    build: &Build,
    proxy: Option<&str>,
    limits: &Limits,
    into: &Path,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(), DownloadError> {
    let response = request(url, proxy, limits)?;
    let announced = response.body().content_length();
    if let (Some(expected), Some(got)) = (build.bytes, announced)
        && expected != got
    {
        return Err(DownloadError::Size {
            url: url.to_owned(),
            expected,
            got,
        });
    }
    on(Event::Downloading {
        url,
        bytes: announced.or(build.bytes),
    });

    let body = response.into_body().into_reader();
    let (received, sha256) = copy(url, body, announced, build.bytes, into, on)?;
    if let Some(expected) = build.bytes
        && expected != received
    {
        return Err(DownloadError::Size {
            url: url.to_owned(),
            expected,
            got: received,
        });
    }
    match &build.sha256 {
        Some(expected) if *expected != sha256 => Err(DownloadError::Checksum {
            url: url.to_owned(),
            expected: expected.clone(),
            got: sha256,
        }),
        _ => Ok(()),
    }
}

fn request(
    url: &str,
    proxy: Option<&str>,
    limits: &Limits,
) -> Result<ureq::http::Response<ureq::Body>, DownloadError> {
    let failed = |source: ureq::Error| match source {
        ureq::Error::StatusCode(status) => DownloadError::Status {
            url: url.to_owned(),
            status,
        },
        source => DownloadError::Unreachable {
            url: url.to_owned(),
            source: Box::new(source),
        },
    };
    let proxy = proxy.map(ureq::Proxy::new).transpose().map_err(failed)?;
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(proxy)
        .timeout_connect(Some(limits.connect))
        .timeout_recv_response(Some(limits.silence))
        .timeout_per_read(Some(limits.silence))
        .timeout_global(Some(limits.whole))
        .user_agent(concat!("ariasnap/", env!("CARGO_PKG_VERSION")))
        // The length is to be that of the archive.
        .accept_encoding("identity")
        .build()
        .into();
    agent.get(url).call().map_err(failed)
}

/// The bytes that arrived, and their SHA-256.
fn copy(
    url: &str,
    body: impl Read,
    announced: Option<u64>,
    pinned: Option<u64>,
    into: &Path,
    on: &mut dyn FnMut(Event<'_>),
) -> Result<(u64, String), DownloadError> {
    let unwritable = |source| DownloadError::File {
        path: into.to_owned(),
        source,
    };
    let broken = |received, reason| DownloadError::Truncated {
        url: url.to_owned(),
        received,
        announced,
        reason,
    };
    let mut file = fs_err::File::create(into).map_err(unwritable)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut received = 0;
    let mut body = body.take(pinned.unwrap_or(MOST_BYTES) + 1);
    loop {
        let count = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken(received, error.to_string())),
        };
        file.write_all(&buffer[..count]).map_err(unwritable)?;
        hash.update(&buffer[..count]);
        received += count as u64;
        on(Event::Received { bytes: received });
    }
    if announced.is_some_and(|announced| received < announced) {
        return Err(broken(received, "the server closed the connection".into()));
    }
    file.flush().map_err(unwritable)?;
    let sha256 = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((received, sha256))
}
