//! Which certificates of a site are trusted: those of public authorities, any, or those of a file too.

mod connector;
mod verifier;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use ureq::config::{Config, ConfigBuilder};
use ureq::tls::TlsConfig;
use ureq::typestate::AgentScope;
use ureq::unversioned::resolver::DefaultResolver;
use url::Url;

use super::fetch::Client;
use verifier::Verifier;

/// The longest wait for the certificate of a server.
const PATIENCE: Duration = Duration::from_secs(10);

/// The size limit of the page that a server answers with.
const MOST_BYTES: u64 = 64 << 20;

/// Which certificates are trusted.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// Those of public authorities.
    #[default]
    Public,
    /// Any.
    All,
    /// Those of public authorities, of a file, and of authorities in that file.
    Listed(Arc<Verifier>),
}

/// Why a file of certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error("cannot read the certificates in {}", file.display())]
    Read {
        file: PathBuf,
        source: std::io::Error,
    },
    #[error("{} has no certificate in the format PEM", .0.display())]
    Empty(PathBuf),
    #[error("{} has a certificate that cannot be read: {reason}", file.display())]
    Content { file: PathBuf, reason: String },
}

impl Trust {
    /// Trusts the certificates in a file too.
    ///
    /// # Errors
    /// It cannot be read, or has no certificates.
    pub fn of_file(file: &Path) -> Result<Trust, TrustError> {
        let text = std::fs::read(file).map_err(|source| TrustError::Read {
            file: file.to_owned(),
            source,
        })?;
        let wrong = |reason: String| TrustError::Content {
            file: file.to_owned(),
            reason,
        };
        let listed: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(&text).collect();
        let listed = listed.map_err(|error| wrong(error.to_string()))?;
        if listed.is_empty() {
            return Err(TrustError::Empty(file.to_owned()));
        }
        let verifier = Verifier::new(listed).map_err(|error| wrong(error.to_string()))?;
        Ok(Trust::Listed(Arc::new(verifier)))
    }

    /// Makes an HTTP client that trusts these certificates.
    pub(super) fn agent(&self, config: ConfigBuilder<AgentScope>) -> ureq::Agent {
        match self {
            Trust::Public => config.build().into(),
            Trust::All => {
                let tls = TlsConfig::builder().disable_verification(true).build();
                config.tls_config(tls).build().into()
            }
            Trust::Listed(verifier) => {
                let config: Config = config.build();
                let connector = connector::with(Arc::clone(verifier));
                ureq::Agent::with_parts(config, connector, DefaultResolver::default())
            }
        }
    }

    /// Returns the browser's switches to trust the same certificates on these servers; blocks.
    ///
    /// A browser has no switch for an authority, only for the keys of servers. So the servers are asked for
    /// their certificates, and the keys of those that the file proves are passed on.
    pub fn switches(&self, servers: impl IntoIterator<Item = Url>) -> Vec<String> {
        let verifier = match self {
            Trust::Public => return Vec::new(),
            Trust::All => return vec!["--ignore-certificate-errors".to_owned()],
            Trust::Listed(verifier) => verifier,
        };
        for server in servers.into_iter().filter(|url| url.scheme() == "https") {
            // The browser reports what is wrong with a server.
            let _ = Client::new(PATIENCE, &server, self).get(&server, MOST_BYTES);
        }
        match verifier.keys() {
            keys if keys.is_empty() => Vec::new(),
            keys => vec![format!(
                "--ignore-certificate-errors-spki-list={}",
                keys.join(",")
            )],
        }
    }
}
