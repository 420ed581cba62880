//! Where pages come from: a folder that is served, a server that a command starts, or one elsewhere;
//! and which pages there are, by sitemap, links or files.

pub mod command;
pub mod crawl;
pub mod fetch;
pub mod folder;
pub mod pages;
mod serve;
pub mod sitemap;

pub use serve::{ServeError, Server};

use command::{StartError, Started};

use url::Url;

/// A site, from which the references of cases are completed.
#[derive(Debug)]
pub enum Site {
    /// A folder that is served as long as this value lives.
    Dir(Server),
    /// A server that a command runs as long as this value lives.
    Command(Started),
    /// A server elsewhere.
    Url(Url),
}

impl Site {
    /// The address that references are completed from.
    pub fn base(&self) -> &Url {
        match self {
            Site::Dir(server) => server.base(),
            Site::Command(started) => started.base(),
            Site::Url(url) => url,
        }
    }

    /// Ends what was started for the site; why it ended before, where it did.
    pub async fn stop(self) -> Option<StartError> {
        match self {
            Site::Command(started) => started.stop().await,
            Site::Dir(_) | Site::Url(_) => None,
        }
    }

    /// The whole URL of a page, as a browser completes a link on the base page: `/about/` starts
    /// at the host, `about/` at the path of the base, and a whole URL stays as it is.
    /// <https://url.spec.whatwg.org/#concept-basic-url-parser>
    ///
    /// # Errors
    /// The reference cannot be completed to a URL.
    pub fn resolve(&self, reference: &str) -> Result<Url, url::ParseError> {
        self.base().join(reference)
    }
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
