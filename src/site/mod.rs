//! Where pages come from: a folder that is served, or a server elsewhere.

mod serve;

pub use serve::{ServeError, Server};

use url::Url;

/// A site, from which the references of cases are completed.
#[derive(Debug)]
pub enum Site {
    /// A folder that is served as long as this value lives.
    Dir(Server),
    /// A server elsewhere.
    Url(Url),
}

impl Site {
    /// The address that references are completed from.
    pub fn base(&self) -> &Url {
        match self {
            Site::Dir(server) => server.base(),
            Site::Url(url) => url,
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
