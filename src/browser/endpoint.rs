//! Connects to running browsers by the addresses of their DevTools endpoints.
//!
//! <https://chromedevtools.github.io/devtools-protocol/#endpoints>

use std::io;
use std::time::Duration;

use serde::Deserialize;
use tokio_tungstenite::tungstenite::Error as SocketError;
use url::Url;

use super::devtools::{CallError, Connection, socket_config};
use super::launch::Browser;

/// The oldest Chromium that has all that the collector uses, such as `checkVisibility`.
pub const OLDEST: u32 = 105;

/// How long an endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Error while connecting to an endpoint.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error(
        "the browser endpoint {endpoint} cannot be reached: {reason}; start the browser with \
         --remote-debugging-port, and check that this machine can reach it"
    )]
    Unreachable { endpoint: Url, reason: String },
    #[error(
        "the browser endpoint {endpoint} is no browser: {reason}; use the port from the browser's \
         --remote-debugging-port, or the ws:// address that it prints"
    )]
    NoBrowser { endpoint: Url, reason: String },
    #[error(
        "the browser endpoint {endpoint} does not answer within {} s; restart that browser",
        patience.as_secs()
    )]
    Hangs { endpoint: Url, patience: Duration },
    #[error(
        "the browser endpoint {endpoint} is {version}, which is too old; ariasnap needs version {OLDEST} \
         or later"
    )]
    TooOld { endpoint: Url, version: String },
}

/// Connects to the browser of an endpoint: `ws://`, or `http://`, which is asked for the former.
/// `deadline` limits every later call.
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
            format!("its version is {}", browser.version),
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
struct JsonVersion {
    web_socket_debugger_url: String,
}

/// Requests the address of the socket from `/json/version`.
async fn address(endpoint: &Url) -> Result<Url, EndpointError> {
    let mut url = endpoint.clone();
    let path = format!("{}/json/version", endpoint.path().trim_end_matches('/'));
    url.set_path(&path);
    let asked = tokio::task::spawn_blocking(move || ask(&url)).await;
    let answer = asked.map_err(|error| no_browser(endpoint, error))?;
    let text = answer.map_err(|error| of_request(endpoint, &error))?;
    let mut address = serde_json::from_str(&text)
        .ok()
        .and_then(|it: JsonVersion| Url::parse(&it.web_socket_debugger_url).ok())
        .ok_or_else(|| no_browser(endpoint, format!("{path} does not answer like a browser")))?;
    // Behind a forwarded port the browser does not know its own address.
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
            format!("it reports the address {address}"),
        ));
    }
    if address.query().is_none() {
        address.set_query(endpoint.query());
    }
    Ok(address)
}

fn ask(url: &Url) -> Result<String, ureq::Error> {
    let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE));
    let agent = ureq::Agent::new_with_config(config.build());
    agent.get(url.as_str()).call()?.body_mut().read_to_string()
}

fn of_request(endpoint: &Url, error: &ureq::Error) -> EndpointError {
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
    fn versions_of_chromium_and_others() {
        assert_eq!(major("HeadlessChrome/156.0.8078.79"), Some(156));
        assert_eq!(major("Edg/99.1"), Some(99));
        assert_eq!(major("Chrome"), None);
        assert_eq!(major("node.js/v22.1.0"), None);
    }
}
