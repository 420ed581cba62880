//! Finds pages by following links.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use scraper::{Html, Selector};
use url::Url;

use super::fetch::{Client, FetchError, Fetched};
use super::pages::{Pages, PagesError, Wanted, may_be_page, reference};

/// How many pages are fetched at a time: a crawl is not a load test.
const AT_A_TIME: usize = 4;

/// A page of 35,000 elements has 5 MB.
const MOST_BYTES: u64 = 32 << 20;

/// Follows the links of the same origin from `start`, at most `depth` of them in a row; blocks. The
/// order is that of the links, level by level, whatever answer arrives first. Pages that are not wanted are
/// followed, but not counted.
///
/// # Errors
/// The start is not a page, or no page is wanted.
pub fn pages(
    client: &Client,
    start: &Url,
    depth: u32,
    wanted: &Wanted,
) -> Result<Pages, PagesError> {
    let mut crawl = Crawl {
        client,
        wanted,
        met: HashSet::new(),
        pages: Pages::default(),
        found: 0,
        broken: Vec::new(),
    };
    let first = crawl.start(start)?;
    let origin = first.page.clone();
    let mut level = crawl.take(first, &origin);
    for _ in 0..depth {
        if level.is_empty() || crawl.is_full() {
            break;
        }
        level = crawl.follow(&level, &origin);
    }
    crawl.end(start)
}

struct Crawl<'a> {
    client: &'a Client,
    wanted: &'a Wanted,
    /// Addresses that were fetched, and those that they redirected to.
    met: HashSet<Url>,
    pages: Pages,
    found: usize,
    broken: Vec<String>,
}

/// A page with the addresses that it leads to.
struct Linked {
    page: Url,
    links: Vec<Url>,
}

impl Crawl<'_> {
    fn start(&mut self, start: &Url) -> Result<Linked, PagesError> {
        let fetched = self.client.get(start, MOST_BYTES)?.ok()?;
        if fetched.url.origin() != start.origin() {
            return Err(PagesError::Start {
                url: start.to_string(),
                reason: format!("it redirects to another site, {}", fetched.url),
            });
        }
        if !fetched.is_html() {
            return Err(PagesError::Start {
                url: start.to_string(),
                reason: format!("its type is `{}`", fetched.content_type),
            });
        }
        self.met.insert(plain(start));
        Ok(linked(fetched))
    }

    /// Counts a page, and returns its new links.
    fn take(&mut self, linked: Linked, origin: &Url) -> Vec<Url> {
        self.met.insert(linked.page.clone());
        self.found += 1;
        if self.wanted.globs.matches(&reference(&linked.page)) && !self.is_full() {
            self.pages.urls.push(linked.page);
        }
        let is_own = |link: &Url| link.origin() == origin.origin() && may_be_page(link);
        let links = linked.links.into_iter().filter(is_own);
        links.filter(|link| self.met.insert(link.clone())).collect()
    }

    fn is_full(&self) -> bool {
        self.pages.urls.len() >= self.wanted.limit
    }

    /// Fetches a level of links, and returns the next one.
    fn follow(&mut self, level: &[Url], origin: &Url) -> Vec<Url> {
        let mut next = Vec::new();
        let mut rest = level;
        while !rest.is_empty() && !self.is_full() {
            // Pages behind the limit are not fetched.
            let room = self.wanted.limit - self.pages.urls.len();
            let (now, later) = rest.split_at(room.min(rest.len()));
            rest = later;
            for (asked, answer) in now.iter().zip(self.fetch_all(now)) {
                next.extend(self.arrived(asked, answer, origin));
            }
        }
        next
    }

    fn arrived(
        &mut self,
        asked: &Url,
        answer: Result<Fetched, FetchError>,
        origin: &Url,
    ) -> Vec<Url> {
        let fetched = match answer.and_then(Fetched::ok) {
            Ok(fetched) => fetched,
            Err(error) => {
                self.broken.push(error.to_string());
                return Vec::new();
            }
        };
        let page = plain(&fetched.url);
        let is_new = page == *asked || !self.met.contains(&page);
        if !is_new || page.origin() != origin.origin() || !fetched.is_html() {
            return Vec::new();
        }
        self.take(linked(fetched), origin)
    }

    /// Returns the answers in the order of the addresses.
    fn fetch_all(&self, urls: &[Url]) -> Vec<Result<Fetched, FetchError>> {
        let next = AtomicUsize::new(0);
        let answers = Mutex::new(Vec::with_capacity(urls.len()));
        std::thread::scope(|scope| {
            for _ in 0..AT_A_TIME.min(urls.len()) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(url) = urls.get(at) else { return };
                        let answer = self.client.get(url, MOST_BYTES);
                        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
                        answers.push((at, answer));
                    }
                });
            }
        });
        let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        answers.sort_by_key(|(at, _)| *at);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    fn end(mut self, start: &Url) -> Result<Pages, PagesError> {
        if self.pages.urls.is_empty() {
            return Err(PagesError::NoneWanted {
                url: start.to_string(),
                found: self.found,
            });
        }
        if self.is_full() {
            self.pages.notes.push(format!(
                "the crawl of {start} ended at its limit of {} pages",
                self.wanted.limit
            ));
        }
        let broken = self.broken.iter();
        let notes = broken.map(|error| format!("left out of the crawl of {start}: {error}"));
        self.pages.notes.extend(notes);
        Ok(self.pages)
    }
}

fn plain(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

fn linked(fetched: Fetched) -> Linked {
    let page = plain(&fetched.url);
    let links = links(&String::from_utf8_lossy(&fetched.body), &page);
    Linked { page, links }
}

/// Returns the addresses of the links of a page, without fragments, in their order.
pub(super) fn links(html: &str, page: &Url) -> Vec<Url> {
    let document = Html::parse_document(html);
    let select = |selector: &str| Selector::parse(selector).ok();
    let base = select("base[href]")
        .and_then(|selector| document.select(&selector).next()?.attr("href"))
        .and_then(|href| page.join(href).ok())
        .unwrap_or_else(|| page.clone());
    let Some(selector) = select("a[href]:not([download]), area[href]") else {
        return Vec::new();
    };
    document
        .select(&selector)
        .filter(|link| !is_in_template(link))
        .filter_map(|link| base.join(link.attr("href")?.trim()).ok())
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .map(|url| plain(&url))
        .collect()
}

/// The content of a template is not on the page.
fn is_in_template(link: &scraper::ElementRef<'_>) -> bool {
    let mut ancestors = link.ancestors().filter_map(scraper::ElementRef::wrap);
    ancestors.any(|element| element.value().name() == "template")
}

#[cfg(test)]
mod tests {
    use super::links;
    use url::Url;

    #[test]
    fn links_are_completed_as_browsers_do() -> Result<(), url::ParseError> {
        let page = Url::parse("http://x/docs/a.html")?;
        let of = |html: &str| {
            let links = links(html, &page);
            links.iter().map(Url::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            of(
                "<p><a href=b.html#top>b</a><a href=' /c '>c</a><a href=mailto:x@y>m</a>\
                <a href='javascript:f()'>j</a><a>n</a><a download href=d>d</a><map><area href=?q></map>"
            ),
            [
                "http://x/docs/b.html",
                "http://x/c",
                "http://x/docs/a.html?q"
            ]
        );
        assert_eq!(
            of("<base href='/v2/'><a href=b>b</a><template><a href=t>t</a></template>"),
            ["http://x/v2/b"]
        );
        Ok(())
    }
}
