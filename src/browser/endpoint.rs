//! Browsers that somebody else started, by the addresses of their DevTools endpoints.
//!
//! <https://chromedevtools.github.io/devtools-protocol/#endpoints>

use std::io;
use std::time::Duration;

use serde::Deserialize;
use tokio_tungstenite::tungstenite::Error as SocketError;
use url::Url;

use super::devtools::{CallError, Connection, socket_config};
use super::launch::Browser;

/// The oldest Chromium whose pages tell all that is collected: they have `checkVisibility`.
pub const OLDEST: u32 = 105;

/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a browser elsewhere is not used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Nobody is there.
    #[error(
        "the browser endpoint {endpoint} cannot be reached: {reason}; start the browser with \
         --remote-debugging-port, and look whether this machine may reach it"
    )]
    Unreachable {
        /// As configured.
        endpoint: Url,
        /// The system's reason.
        reason: String,
    },
    /// Somebody is there who does not speak the protocol.
    #[error(
        "the browser endpoint {endpoint} is no browser: {reason}; name the port that it was given \
         as --remote-debugging-port, or the ws:// address that it prints"
    )]
    NoBrowser {
        /// As configured.
        endpoint: Url,
        /// What came.
        reason: String,
    },
    /// Nothing comes.
    #[error(
        "the browser endpoint {endpoint} does not answer within {} s; start that browser again",
        patience.as_secs()
    )]
    Hangs {
        /// As configured.
        endpoint: Url,
        /// How long was waited.
        patience: Duration,
    },
    /// A browser of long ago.
    #[error(
        "the browser endpoint {endpoint} is {version}, which is too old; version {OLDEST} or later \
         is needed"
    )]
    TooOld {
        /// As configured.
        endpoint: Url,
        /// Its name and version.
        version: String,
    },
}

/// Speaks to the browser of an endpoint: `ws://`, or `http://`, which is asked for the former.
/// `deadline` is for every later call.
///
/// # Errors
/// [`EndpointError`]
pub async fn connect(endpoint: &Url, deadline: Duration) -> Result<Browser, EndpointError> {
    let hangs = || EndpointError::Hangs {
        endpoint: endpoint.clone(),
        patience: PATIENCE,
    };
    let address = match endpoint.scheme() {
        "http" | "https" => address(endpoint).await?,
        _ => endpoint.clone(),
    };
    let opening =
        tokio_tungstenite::connect_async_with_config(address.as_str(), Some(socket_config()), true);
    let (socket, _) = tokio::time::timeout(PATIENCE, opening)
        .await
        .map_err(|_| hangs())?
        .map_err(|error| of_socket(endpoint, &error))?;
    let browser = Browser::elsewhere(Connection::over_socket(socket), endpoint, deadline);
    let browser = browser
        .greeted(PATIENCE)
        .await
        .map_err(|error| match error {
            CallError::Deadline { .. } => hangs(),
            error => no_browser(endpoint, error),
        })?;
    match major(&browser.version) {
        Some(version) if version < OLDEST => Err(EndpointError::TooOld {
            endpoint: endpoint.clone(),
            version: browser.version.clone(),
        }),
        Some(_) => Ok(browser),
        None => Err(no_browser(
            endpoint,
            format!("it calls itself {}", browser.version),
        )),
    }
}

/// `156` of `HeadlessChrome/156.0.8078.79`
fn major(version: &str) -> Option<u32> {
    version.split_once('/')?.1.split('.').next()?.parse().ok()
}

fn no_browser(endpoint: &Url, reason: impl ToString) -> EndpointError {
    EndpointError::NoBrowser {
        endpoint: endpoint.clone(),
        reason: reason.to_string(),
    }
}

fn of_socket(endpoint: &Url, error: &SocketError) -> EndpointError {
    match error {
        SocketError::Io(error) => EndpointError::Unreachable {
            endpoint: endpoint.clone(),
            reason: error.to_string(),
        },
        SocketError::Http(response) => no_browser(
            endpoint,
            format!("it answers with HTTP {}", response.status()),
        ),
        error => no_browser(endpoint, error),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    web_socket_debugger_url: String,
}

/// Asks `/json/version` for the address of the socket.
async fn address(endpoint: &Url) -> Result<Url, EndpointError> {
    let mut question = endpoint.clone();
    let path = format!("{}/json/version", endpoint.path().trim_end_matches('/'));
    question.set_path(&path);
    let asked = tokio::task::spawn_blocking(move || ask(&question)).await;
    let answer = asked.map_err(|error| no_browser(endpoint, error))?;
    let text = answer.map_err(|error| of_question(endpoint, &error))?;
    let told = serde_json::from_str(&text).ok();
    let address = told.and_then(|told: Told| Url::parse(&told.web_socket_debugger_url).ok());
    let mut address = address
        .ok_or_else(|| no_browser(endpoint, format!("{path} does not answer as browsers do")))?;
    // Behind a forwarded port the browser does not know by which address it is reached.
    let scheme = if endpoint.scheme() == "https" {
        "wss"
    } else {
        "ws"
    };
    let moved = address.set_scheme(scheme).is_ok()
        && address.set_host(endpoint.host_str()).is_ok()
        && address.set_port(endpoint.port()).is_ok();
    if !moved {
        return Err(no_browser(
            endpoint,
            format!("it is said to be at {address}"),
        ));
    }
    if address.query().is_none() {
        address.set_query(endpoint.query());
    }
    Ok(address)
}

fn ask(question: &Url) -> Result<String, ureq::Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
    let agent = ureq::Agent::new_with_config(config.build());
    agent
        .get(question.as_str())
        .call()?
        .body_mut()
        .read_to_string()
}

fn of_question(endpoint: &Url, error: &ureq::Error) -> EndpointError {
    let is_refusal = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    match error {
        ureq::Error::Timeout(_) => EndpointError::Hangs {
            endpoint: endpoint.clone(),
            patience: PATIENCE,
        },
        ureq::Error::Io(error) if !is_refusal(error) => no_browser(endpoint, error),
        ureq::Error::Io(_) | ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => {
            EndpointError::Unreachable {
                endpoint: endpoint.clone(),
                reason: error.to_string(),
            }
        }
        error => no_browser(endpoint, error),
    }
}

#[cfg(test)]
mod tests {
    use super::major;

    #[test]
    fn versions_of_chromium_and_its_kin() {
        assert_eq!(major("HeadlessChrome/156.0.8078.79"), Some(156));
        assert_eq!(major("Edg/99.1"), Some(99));
        assert_eq!(major("Chrome"), None);
        assert_eq!(major("node.js/v22.1.0"), None);
    }
}
