//! Documents of a site without a browser: for finding its pages.

use std::io::Read as _;
use std::time::Duration;

use ureq::ResponseExt as _;
use ureq::http::header::CONTENT_TYPE;
use url::{Host, Url};

/// Asks for documents, one after another or several at a time. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
}

/// What came.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The address after redirects.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The type of the content without its parameters, in small letters; empty where none is named.
    pub content_type: String,
    /// The content, decoded as far as HTTP encoded it.
    pub body: Vec<u8>,
}

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No connection, no answer, or an answer that is none.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// What went wrong.
        reason: String,
    },
    /// The server answered with an error.
    #[error("{url} answers with HTTP {status}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// More than is taken.
    #[error("{url} is larger than {most} bytes, more than is read")]
    TooLarge {
        /// The address.
        url: String,
        /// How much is taken, in bytes.
        most: u64,
    },
}

impl Client {
    /// A client that waits so long for each document, all in all.
    pub fn new(patience: Duration, base: &Url) -> Client {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(patience))
            .user_agent(concat!("ariasnap/", env!("CARGO_PKG_VERSION")));
        if is_loopback(base) {
            // A proxy cannot reach the server of this machine.
            config = config.proxy(None);
        }
        Client {
            agent: config.build().into(),
        }
    }

    /// Asks for a document and follows redirects; blocks. An HTTP error is an answer too.
    ///
    /// # Errors
    /// [`FetchError`], but for [`FetchError::Status`].
    pub fn get(&self, url: &Url, most: u64) -> Result<Fetched, FetchError> {
        let failed = |error: ureq::Error| FetchError::Unreachable {
            url: url.to_string(),
            reason: error.to_string(),
        };
        let mut address = url.clone();
        address.set_fragment(None);
        let response = self.agent.get(address.as_str()).call().map_err(failed)?;
        let end = Url::parse(&response.get_uri().to_string()).unwrap_or(address);
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .unwrap_or_default();
        let content_type = content_type.trim().to_ascii_lowercase();
        let mut body = Vec::new();
        let mut reader = response.into_body().into_reader().take(most + 1);
        reader
            .read_to_end(&mut body)
            .map_err(|error| failed(error.into()))?;
        if body.len() as u64 > most {
            return Err(FetchError::TooLarge {
                url: url.to_string(),
                most,
            });
        }
        Ok(Fetched {
            url: end,
            status,
            content_type,
            body,
        })
    }
}

impl Fetched {
    /// The document, unless the server answered with an error.
    ///
    /// # Errors
    /// [`FetchError::Status`]
    pub fn ok(self) -> Result<Fetched, FetchError> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(FetchError::Status {
            url: self.url.into(),
            status: self.status,
        })
    }

    /// Whether it is a page.
    pub fn is_html(&self) -> bool {
        match self.content_type.as_str() {
            "text/html" | "application/xhtml+xml" => true,
            "" => looks_like_html(&self.body),
            _ => false,
        }
    }
}

/// Whether a document begins like a page.
pub(crate) fn looks_like_html(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    start.contains("<!doctype html") || start.contains("<html")
}

/// Whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
