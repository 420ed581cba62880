//! The pages that a sitemap or a crawl finds.

use url::Url;

use super::fetch::FetchError;
use crate::filter::PageGlobs;

/// The pages of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// In the order of finding, each once.
    pub urls: Vec<Url>,
    /// What was left out.
    pub notes: Vec<String>,
}

/// Which of the pages that are found are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Which addresses.
    pub globs: PageGlobs,
    /// The greatest number of pages.
    pub limit: usize,
}

/// Why the pages of a site could not be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PagesError {
    /// A document could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// A page in place of a sitemap.
    #[error(
        "{url} is a page, not a sitemap: servers that answer every address with their start page \
         do so; correct the address"
    )]
    Html {
        /// The address.
        url: String,
    },
    /// Something else in place of a sitemap.
    #[error("{url} is not a sitemap: {reason}")]
    NotASitemap {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// A sitemap that names no page.
    #[error("the sitemap {url} names no page")]
    Empty {
        /// The address.
        url: String,
    },
    /// A sitemap of another site.
    #[error(
        "the sitemap {url} names no page of {site}, but pages of {}; to test them as pages of \
         {site}, write `base: {}` into `sitemap`",
        others.join(", "),
        others.first().map(String::as_str).unwrap_or_default()
    )]
    OtherHosts {
        /// The address.
        url: String,
        /// The site.
        site: String,
        /// The origins of the pages.
        others: Vec<String>,
    },
    /// Nothing is left after filtering.
    #[error(
        "`include` and `exclude` leave none of the {found} pages of {url}; they match the address \
         from its first slash, as in `/docs/*`"
    )]
    NoneWanted {
        /// The sitemap or the start of the crawl.
        url: String,
        /// How many pages there were.
        found: usize,
    },
    /// More pages than the limit.
    #[error(
        "the sitemap {url} names more than {limit} pages; narrow it with `include` or `exclude`, or raise `limit`"
    )]
    TooMany {
        /// The address.
        url: String,
        /// The limit.
        limit: usize,
    },
    /// An index without end.
    #[error("the sitemap {url} has more than {most} {what}")]
    Endless {
        /// The address.
        url: String,
        /// The limit.
        most: usize,
        /// What was counted.
        what: &'static str,
    },
    /// A crawl cannot begin there.
    #[error("a crawl cannot begin at {url}: {reason}")]
    Start {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
}

/// Returns what globs match of an address: everything after the host, without the fragment.
pub(super) fn reference(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// Endings of files that are not pages. A page may end in anything else: `/v1.2`, `/index.php`.
const NOT_PAGES: &str = "7z atom avi avif bin bmp bz2 css csv deb dmg doc docx eot epub exe gif gz ico ics iso \
    jar jpeg jpg js json map md mjs mov mp3 mp4 mpeg msi ods odt ogg otf pdf pkg png ppt \
    pptx ps rar rpm rss svg tar tgz tif tiff ttf txt wasm wav webm webmanifest webp woff \
    woff2 xls xlsx xml xz yaml yml zip zst";

/// Returns whether an address may be that of a page, by its ending.
pub(super) fn may_be_page(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else {
        return true;
    };
    let ending = ending.to_ascii_lowercase();
    !NOT_PAGES.split(' ').any(|one| one == ending)
}

#[cfg(test)]
mod tests {
    use super::may_be_page;

    #[test]
    fn pages_are_recognised_by_their_endings() -> Result<(), url::ParseError> {
        for (path, is_page) in [
            ("/", true),
            ("/about", true),
            ("/v1.2/", true),
            ("/v1.2", true),
            ("/a.html", true),
            ("/a.php?x=a.pdf", true),
            ("/a.PDF", false),
            ("/feed.xml", false),
            ("/logo.webp", false),
        ] {
            let url = url::Url::parse("http://x/")?.join(path)?;
            assert_eq!(may_be_page(&url), is_page, "{path}");
        }
        Ok(())
    }
}
