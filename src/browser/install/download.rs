//! Downloads the archive into a file, and counts and hashes it on the way.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::{Build, BuildError, Event, Installer};

/// The longest archive that is accepted where no length is pinned; the largest build has an eighth of it.
const MOST_BYTES: u64 = 1 << 30;

/// How long a download may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub connect: Duration,
    /// Without a byte.
    pub silence: Duration,
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

impl Installer {
    /// Downloads the build's archive into a file and checks its length and hash.
    pub(super) fn download(
        &self,
        build: &Build,
        into: &Path,
        on: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), BuildError> {
        let url = build.url(&self.base_url);
        let response = self.request(&url)?;
        let announced = response.body().content_length();
        if let Some(announced) = announced {
            check_size(&url, build, announced)?;
        }
        on(Event::Downloading {
            url: &url,
            bytes: announced.or(build.bytes),
        });
        let most = build.bytes.unwrap_or(MOST_BYTES);
        let body = response.into_body().into_reader().take(most + 1);
        let mut received = 0;
        let sha256 = copy(body, into, &mut |bytes| {
            received = bytes;
            on(Event::Received { bytes });
        });
        let truncated = |reason: String| BuildError::Truncated {
            url: url.clone(),
            received,
            announced,
            reason,
        };
        let sha256 = sha256.map_err(|error| match error {
            CopyError::Read(reason) => truncated(reason.to_string()),
            CopyError::Write(source) => BuildError::File {
                path: into.to_owned(),
                source,
            },
        })?;
        if announced.is_some_and(|announced| received < announced) {
            return Err(truncated("the server closed the connection".into()));
        }
        check_size(&url, build, received)?;
        match &build.sha256 {
            Some(expected) if *expected != sha256 => Err(BuildError::Checksum {
                url,
                expected: expected.clone(),
                got: sha256,
            }),
            _ => Ok(()),
        }
    }

    fn request(&self, url: &str) -> Result<ureq::http::Response<ureq::Body>, BuildError> {
        let failed = |source: ureq::Error| match source {
            ureq::Error::StatusCode(status) => BuildError::Status {
                url: url.to_owned(),
                status,
            },
            source => BuildError::Unreachable {
                url: url.to_owned(),
                source: Box::new(source),
            },
        };
        let proxy = self.proxy.as_deref().map(ureq::Proxy::new);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .proxy(proxy.transpose().map_err(failed)?)
            .timeout_connect(Some(self.limits.connect))
            .timeout_recv_response(Some(self.limits.silence))
            .timeout_per_read(Some(self.limits.silence))
            .timeout_global(Some(self.limits.whole))
            .user_agent(concat!("ariasnap/", env!("CARGO_PKG_VERSION")))
            // The length has to be that of the archive.
            .accept_encoding("identity")
            .build()
            .into();
        agent.get(url).call().map_err(failed)
    }
}

fn check_size(url: &str, build: &Build, got: u64) -> Result<(), BuildError> {
    match build.bytes {
        Some(expected) if expected != got => Err(BuildError::Size {
            url: url.to_owned(),
            expected,
            got,
        }),
        _ => Ok(()),
    }
}

enum CopyError {
    Read(std::io::Error),
    Write(std::io::Error),
}

/// Copies a body into a file and returns its SHA-256; reports the number of bytes so far.
fn copy(mut body: impl Read, into: &Path, on: &mut dyn FnMut(u64)) -> Result<String, CopyError> {
    let mut file = fs_err::File::create(into).map_err(CopyError::Write)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    let mut received = 0;
    loop {
        let count = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Read(error)),
        };
        file.write_all(&buffer[..count]).map_err(CopyError::Write)?;
        hash.update(&buffer[..count]);
        received += count as u64;
        on(received);
    }
    file.flush().map_err(CopyError::Write)?;
    let bytes = hash.finalize();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
