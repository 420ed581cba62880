//! Where pages come from: a folder that is served, a server that a command starts, or one elsewhere; and
//! how pages are found, by sitemap, links or files.

pub mod certificates;
pub mod command;
pub mod crawl;
pub mod fetch;
pub mod folder;
pub mod pages;
mod serve;
pub mod sitemap;

pub use serve::{ServeError, Server};

use std::time::Duration;

use command::{StartError, Started};

use url::Url;

/// A site, from which the references of cases are completed.
#[derive(Debug)]
pub enum Site {
    /// A folder, which is served as long as this value lives.
    Dir(Server),
    /// A server, which a command runs as long as this value lives.
    Command(Started),
    /// A server elsewhere.
    Url(Url),
}

impl Site {
    /// Returns the address that references are completed from.
    pub fn base(&self) -> &Url {
        match self {
            Site::Dir(server) => server.base(),
            Site::Command(started) => started.base(),
            Site::Url(url) => url,
        }
    }

    /// Returns whether an address is one of the site's.
    pub fn has(&self, address: Option<&str>) -> bool {
        let url = address.and_then(|address| self.resolve(address).ok());
        url.is_some_and(|url| url.origin() == self.base().origin())
    }

    /// Checks that a server elsewhere takes connections.
    ///
    /// # Errors
    /// It does not, and there is no proxy in between.
    pub async fn reach(&self) -> Result<(), Unreachable> {
        let Site::Url(url) = self else { return Ok(()) };
        let proxies = ["http_proxy", "https_proxy", "all_proxy"];
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_proxied = proxies
            .iter()
            .any(|name| is_set(name) || is_set(&name.to_uppercase()));
        if is_proxied && !fetch::is_loopback(url) {
            return Ok(());
        }
        let connected = command::connect(url, Duration::from_secs(10)).await;
        connected.map_err(|reason| Unreachable {
            url: url.clone(),
            reason,
        })
    }

    /// Ends what was started for the site, and returns why it ended before.
    pub async fn stop(self) -> Option<StartError> {
        match self {
            Site::Command(started) => started.stop().await,
            Site::Dir(_) | Site::Url(_) => None,
        }
    }

    /// Returns the whole URL of a page, as a browser completes a link on the base page: `/about/` starts
    /// at the host, `about/` at the path of the base, and a whole URL stays as it is.
    /// <https://url.spec.whatwg.org/#concept-basic-url-parser>
    ///
    /// # Errors
    /// The reference cannot be completed to a URL.
    pub fn resolve(&self, reference: &str) -> Result<Url, url::ParseError> {
        self.base().join(reference)
    }
}

/// The server of the site takes no connections.
#[derive(Debug, thiserror::Error)]
#[error(
    "the site {url} cannot be reached: {reason}; start it, or correct `site.url` in ariasnap.yml"
)]
pub struct Unreachable {
    url: Url,
    reason: String,
}

#[cfg(test)]
mod tests {
    use super::Site;

    #[test]
    fn references_are_completed_like_links() -> Result<(), url::ParseError> {
        let site = Site::Url("https://example.com/docs/".parse()?);
        for (reference, url) in [
            ("/about/", "https://example.com/about/"),
            (
                "about?q=ä#top",
                "https://example.com/docs/about?q=%C3%A4#top",
            ),
            ("http://other.example/x", "http://other.example/x"),
            ("?q=1", "https://example.com/docs/?q=1"),
        ] {
            assert_eq!(site.resolve(reference)?.as_str(), url);
        }
        Ok(())
    }
}
