//! Fetches documents of a site without a browser, to find its pages.

use std::io::Read as _;
use std::time::Duration;

use ureq::http::Response;
use ureq::http::header::{CONTENT_TYPE, LOCATION};
use url::{Host, Url};

use super::certificates::Trust;

/// Fetches documents, one after another or several at a time. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Client {
    agent: ureq::Agent,
    sent: Sent,
}

/// Headers with credentials and other secrets, which only some origins get.
#[derive(Clone, Default)]
pub struct Sent {
    /// Names with values.
    pub headers: Vec<(String, String)>,
    /// Origins such as `https://example.com`.
    pub origins: Vec<String>,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.headers.iter().map(|(name, _)| name);
        f.debug_list().entries(names).finish()
    }
}

/// A document.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The address after redirects.
    pub url: Url,
    /// The HTTP status.
    pub status: u16,
    /// The type of the content without its parameters, in lower case; empty where the server sends none.
    pub content_type: String,
    /// The content, without the encoding of HTTP.
    pub body: Vec<u8>,
}

/// Why a document could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No connection, or no valid answer.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// The server answered with an error.
    #[error("{url} answers with HTTP {status}{}", if *.status == 401 { "; `basic-auth: {user: .., password: ..}` in the case or in `defaults` sends credentials" } else { "" })]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// It is too large.
    #[error("{url} is larger than {most} bytes")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit in bytes.
        most: u64,
    },
}

impl Client {
    /// Makes a client that waits this long for each document, all in all.
    pub fn new(patience: Duration, base: &Url, trust: &Trust) -> Client {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // Redirects are followed here, so that secrets stay with their origins.
            .max_redirects(0)
            .timeout_global(Some(patience))
            .user_agent(concat!("ariasnap/", env!("CARGO_PKG_VERSION")));
        if is_loopback(base) {
            // A proxy cannot reach the server of this machine.
            config = config.proxy(None);
        }
        Client {
            agent: trust.agent(config),
            sent: Sent::default(),
        }
    }

    /// Sends these headers.
    #[must_use]
    pub fn sending(mut self, sent: Sent) -> Client {
        self.sent = sent;
        self
    }

    /// Fetches a document and follows redirects; blocks. An HTTP error is an answer too.
    ///
    /// # Errors
    /// [`FetchError`], but for [`FetchError::Status`].
    pub fn get(&self, url: &Url, most: u64) -> Result<Fetched, FetchError> {
        const MOST_REDIRECTS: usize = 10;
        let failed = |error: ureq::Error| FetchError::Unreachable {
            url: url.to_string(),
            reason: reason(&error),
        };
        let mut end = url.clone();
        end.set_fragment(None);
        let mut response = self.ask(&end).map_err(failed)?;
        for _ in 0..MOST_REDIRECTS {
            let location = response.headers().get(LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| end.join(location).ok());
            let (true, Some(next)) = (response.status().is_redirection(), next) else {
                break;
            };
            end = next;
            end.set_fragment(None);
            response = self.ask(&end).map_err(failed)?;
        }
        if response.status().is_redirection() && response.headers().contains_key(LOCATION) {
            return Err(failed(ureq::Error::TooManyRedirects));
        }
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

    fn ask(&self, url: &Url) -> Result<Response<ureq::Body>, ureq::Error> {
        let mut request = self.agent.get(url.as_str());
        if self
            .sent
            .origins
            .contains(&url.origin().ascii_serialization())
        {
            for (name, value) in &self.sent.headers {
                request = request.header(name, value);
            }
        }
        request.call()
    }
}

fn reason(error: &ureq::Error) -> String {
    let encryption = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => error.get_ref().and_then(|error| error.downcast_ref()),
        _ => None,
    };
    match encryption {
        Some(rustls::Error::InvalidCertificate(why)) => format!(
            "its certificate is not trusted ({why}); `certificates: accept` or `certificates: ca.pem` in \
             `site`, or --certificates, trusts it"
        ),
        Some(_) | None => error.to_string(),
    }
}

impl Fetched {
    /// Returns the document, unless the server answered with an error.
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

    /// Returns whether it is a page.
    pub fn is_html(&self) -> bool {
        match self.content_type.as_str() {
            "text/html" | "application/xhtml+xml" => true,
            "" => looks_like_html(&self.body),
            _ => false,
        }
    }
}

/// Returns whether a document begins like a page.
pub(crate) fn looks_like_html(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    start.contains("<!doctype html") || start.contains("<html")
}

/// Returns whether an address is one of this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
