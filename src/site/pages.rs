//! The pages that a site turns out to have.

use url::Url;

use super::fetch::FetchError;
use crate::filter::PageGlobs;

/// What looking for pages yields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pages {
    /// In the order of finding, each once.
    pub urls: Vec<Url>,
    /// What people should know about what was left out.
    pub notes: Vec<String>,
}

/// Which of the pages that are found are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// By their addresses.
    pub globs: PageGlobs,
    /// At most so many.
    pub limit: usize,
}

/// Why the pages of a site are not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PagesError {
    /// A document did not come.
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
    #[error("{url} is no sitemap: {reason}")]
    NotASitemap {
        /// The address.
        url: String,
        /// What is wrong.
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
        "none of the {found} pages of {url} is wanted by `include` and `exclude`; they are held \
         against the address from its first slash, as in `/docs/*`"
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
        /// How many are taken.
        limit: usize,
    },
    /// An index that goes on and on.
    #[error("the sitemap {url} does not come to an end: more than {most} {what}")]
    Endless {
        /// The address.
        url: String,
        /// How many are read.
        most: usize,
        /// Of what.
        what: &'static str,
    },
    /// A crawl cannot begin there.
    #[error("{url} is no page to begin a crawl at: {reason}")]
    Start {
        /// The address.
        url: String,
        /// What is wrong.
        reason: String,
    },
}

/// What an address without a fragment says to the globs: everything behind the host.
pub(super) fn reference(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// Endings of files that are no pages. A page may end in anything else: `/v1.2`, `/index.php`.
const NOT_PAGES: &[&str] = &[
    "7z",
    "atom",
    "avi",
    "avif",
    "bin",
    "bmp",
    "bz2",
    "css",
    "csv",
    "deb",
    "dmg",
    "doc",
    "docx",
    "eot",
    "epub",
    "exe",
    "gif",
    "gz",
    "ico",
    "ics",
    "iso",
    "jar",
    "jpeg",
    "jpg",
    "js",
    "json",
    "map",
    "md",
    "mjs",
    "mov",
    "mp3",
    "mp4",
    "mpeg",
    "msi",
    "ods",
    "odt",
    "ogg",
    "otf",
    "pdf",
    "pkg",
    "png",
    "ppt",
    "pptx",
    "ps",
    "rar",
    "rpm",
    "rss",
    "svg",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "txt",
    "wasm",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "woff",
    "woff2",
    "xls",
    "xlsx",
    "xml",
    "xz",
    "yaml",
    "yml",
    "zip",
    "zst",
];

/// Whether an address may be one of a page, as far as it tells.
pub(super) fn may_be_page(url: &Url) -> bool {
    let name = url.path().rsplit('/').next().unwrap_or_default();
    let Some((_, ending)) = name.rsplit_once('.') else {
        return true;
    };
    let ending = ending.to_ascii_lowercase();
    NOT_PAGES.binary_search(&ending.as_str()).is_err()
}

#[cfg(test)]
mod tests {
    use super::{NOT_PAGES, may_be_page};

    #[test]
    fn endings_of_files_tell_pages_from_others() -> Result<(), url::ParseError> {
        let mut sorted = NOT_PAGES.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, NOT_PAGES);
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
