//! Finds the pages that a sitemap names: <https://www.sitemaps.org/protocol.html>

mod document;

use std::collections::HashSet;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use url::Url;

use super::fetch::{Client, FetchError, is_loopback, looks_like_html};
use super::pages::{Pages, PagesError, Wanted, may_be_page, reference};
use document::Document;

/// "... must be no larger than 50MB": <https://www.sitemaps.org/protocol.html#index>
const MOST_BYTES: u64 = 52_428_800;

/// A guard against an index without end.
const MOST_FILES: usize = 500;

/// The protocol has no index in an index; some servers do.
const DEEPEST: usize = 4;

/// Reads the sitemap at `url`, and those that it refers to; blocks.
///
/// Pages become pages of `site`: those below `base`, where it is given. Else those of the same host;
/// and where `site` is on this machine, which the sitemap of a site that is yet to be published
/// cannot know, those of the one host that the sitemap names.
///
/// # Errors
/// [`PagesError`]
pub fn pages(
    client: &Client,
    url: &Url,
    site: &Url,
    base: Option<&Url>,
    wanted: &Wanted,
) -> Result<Pages, PagesError> {
    let mut reading = Reading {
        client,
        site,
        base,
        read: HashSet::new(),
        locations: Vec::new(),
    };
    reading.file(url, 0)?;
    let locations = reading.locations;
    if locations.is_empty() {
        let url = url.to_string();
        return Err(PagesError::Empty { url });
    }
    choose(url, &own_pages(url, site, base, &locations)?, wanted)
}

struct Reading<'a> {
    client: &'a Client,
    site: &'a Url,
    base: Option<&'a Url>,
    /// Files that were read, since an index may name itself.
    read: HashSet<Url>,
    locations: Vec<Url>,
}

impl Reading<'_> {
    fn file(&mut self, url: &Url, depth: usize) -> Result<(), PagesError> {
        if !self.read.insert(url.clone()) {
            return Ok(());
        }
        let endless = |most, what| PagesError::Endless {
            url: url.to_string(),
            most,
            what,
        };
        if self.read.len() > MOST_FILES {
            return Err(endless(MOST_FILES, "files"));
        }
        if depth > DEEPEST {
            return Err(endless(DEEPEST, "indexes in one another"));
        }
        let fetched = self.client.get(url, MOST_BYTES)?.ok()?;
        let bytes = unpacked(url, fetched.body)?;
        if looks_like_html(&bytes) {
            let url = url.to_string();
            return Err(PagesError::Html { url });
        }
        let document = document::read(&bytes).map_err(|reason| PagesError::NotASitemap {
            url: url.to_string(),
            reason,
        })?;
        let complete = |text: &String| fetched.url.join(text).ok();
        match document {
            Document::Pages(locations) => {
                self.locations
                    .extend(locations.iter().filter_map(complete).filter(is_web));
            }
            Document::Index(files) => {
                for file in files.iter().filter_map(complete).filter(is_web) {
                    self.file(&self.own_file(file), depth + 1)?;
                }
            }
        }
        Ok(())
    }

    /// Returns the address of a file of an index: published indexes name the published host.
    fn own_file(&self, file: Url) -> Url {
        let mapped = self.base.and_then(|base| below(&file, base, self.site));
        match mapped {
            Some(own) => own,
            None if is_loopback(self.site) => at_origin(&file, self.site),
            None => file,
        }
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn unpacked(url: &Url, bytes: Vec<u8>) -> Result<Vec<u8>, PagesError> {
    // <https://www.rfc-editor.org/rfc/rfc1952#page-6>
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes.as_slice())
        .take(MOST_BYTES + 1)
        .read_to_end(&mut unpacked)
        .map_err(|error| PagesError::NotASitemap {
            url: url.to_string(),
            reason: format!("it cannot be unpacked: {error}"),
        })?;
    if unpacked.len() as u64 > MOST_BYTES {
        return Err(PagesError::Fetch(FetchError::TooLarge {
            url: url.to_string(),
            most: MOST_BYTES,
        }));
    }
    Ok(unpacked)
}

/// Returns the locations as pages of the site.
fn own_pages(
    sitemap: &Url,
    site: &Url,
    base: Option<&Url>,
    locations: &[Url],
) -> Result<Vec<Url>, PagesError> {
    let own: Vec<Url> = match base {
        Some(base) => locations
            .iter()
            .filter_map(|location| below(location, base, site))
            .collect(),
        None => locations
            .iter()
            .filter(|location| is_same_host(location, site))
            .map(|location| at_origin(location, site))
            .collect(),
    };
    if !own.is_empty() {
        return Ok(own);
    }
    let mut others: Vec<String> = Vec::new();
    for location in locations {
        let origin = location.origin().ascii_serialization();
        if !others.contains(&origin) {
            others.push(origin);
        }
    }
    if base.is_none() && others.len() == 1 && is_loopback(site) {
        let at_site = |location| at_origin(location, site);
        return Ok(locations.iter().map(at_site).collect());
    }
    others.truncate(5);
    Err(PagesError::OtherHosts {
        url: sitemap.to_string(),
        site: base.unwrap_or(site).to_string(),
        others,
    })
}

/// The scheme may differ: many sitemaps were written before their sites moved to `https`.
fn is_same_host(location: &Url, site: &Url) -> bool {
    location.host() == site.host() && location.port() == site.port()
}

/// Returns the same path on the site.
fn at_origin(location: &Url, site: &Url) -> Url {
    site.join(&reference(location))
        .unwrap_or_else(|_| site.clone())
}

/// Returns what is below `base`, at the same place below the site.
fn below(location: &Url, base: &Url, site: &Url) -> Option<Url> {
    if !is_same_host(location, base) {
        return None;
    }
    let folder = base.path().trim_end_matches('/');
    let path = reference(location);
    let rest = path.strip_prefix(folder)?;
    if !(rest.is_empty() || rest.starts_with(['/', '?'])) {
        return None;
    }
    let mut own = site.clone();
    own.set_query(None);
    let site_folder = site.path().trim_end_matches('/').to_owned();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    own.set_path(&format!("{site_folder}/{}", rest.trim_start_matches('/')));
    if !query.is_empty() {
        own.set_query(Some(query));
    }
    Some(own)
}

/// Returns the pages that are wanted, each once.
fn choose(sitemap: &Url, own: &[Url], wanted: &Wanted) -> Result<Pages, PagesError> {
    let mut met = HashSet::new();
    let mut pages = Pages::default();
    let mut left_out = 0;
    for url in own.iter().filter(|url| met.insert(*url)) {
        if !may_be_page(url) {
            left_out += 1;
        } else if wanted.globs.matches(&reference(url)) {
            if pages.urls.len() == wanted.limit {
                return Err(PagesError::TooMany {
                    url: sitemap.to_string(),
                    limit: wanted.limit,
                });
            }
            pages.urls.push(url.clone());
        }
    }
    if pages.urls.is_empty() {
        return Err(PagesError::NoneWanted {
            url: sitemap.to_string(),
            found: met.len() - left_out,
        });
    }
    if left_out > 0 {
        pages.notes.push(format!(
            "{sitemap} names {left_out} files that are not pages; they are left out"
        ));
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use super::{below, own_pages};
    use url::{ParseError, Url};

    fn own(site: &str, base: Option<&str>, locations: &[&str]) -> Result<Vec<String>, ParseError> {
        let base = base.map(Url::parse).transpose()?;
        let locations: Result<Vec<Url>, _> = locations.iter().map(|one| Url::parse(one)).collect();
        let sitemap = Url::parse("http://s/sitemap.xml")?;
        let pages = own_pages(&sitemap, &Url::parse(site)?, base.as_ref(), &locations?);
        Ok(match pages {
            Ok(pages) => pages.iter().map(Url::to_string).collect(),
            Err(error) => vec![error.to_string()],
        })
    }

    #[test]
    fn pages_become_pages_of_the_site() -> Result<(), ParseError> {
        let published = ["https://docs.example/a/", "https://docs.example/b?q=1"];
        assert_eq!(
            own("http://127.0.0.1:9/", None, &published)?,
            ["http://127.0.0.1:9/a/", "http://127.0.0.1:9/b?q=1"]
        );
        assert_eq!(
            own(
                "https://docs.example/",
                None,
                &["http://docs.example/a", "https://other.example/b"]
            )?,
            ["https://docs.example/a"]
        );
        assert_eq!(
            own(
                "http://localhost:3000/x/",
                Some("https://docs.example/a"),
                &published
            )?,
            ["http://localhost:3000/x/"]
        );
        let refused = own("https://staging.example/", None, &published)?;
        assert!(
            refused[0].contains("`base: https://docs.example`"),
            "{refused:?}"
        );
        let two = ["https://a.example/", "https://b.example/"];
        let refused = own("http://localhost/", None, &two)?;
        assert!(
            refused[0].contains("https://a.example, https://b.example"),
            "{refused:?}"
        );
        Ok(())
    }

    #[test]
    fn a_base_is_a_folder() -> Result<(), ParseError> {
        let base = Url::parse("https://h/repo/")?;
        let site = Url::parse("http://localhost:1/")?;
        for (location, expected) in [
            ("https://h/repo/", Some("http://localhost:1/")),
            ("https://h/repo", Some("http://localhost:1/")),
            ("https://h/repo/a/b?c", Some("http://localhost:1/a/b?c")),
            ("https://h/repository/", None),
            ("https://h/", None),
            ("https://g/repo/", None),
        ] {
            let own = below(&Url::parse(location)?, &base, &site);
            assert_eq!(own.as_ref().map(Url::as_str), expected, "{location}");
        }
        Ok(())
    }
}
