//! Pages that only the site knows: of a sitemap or a crawl. And cases of many pages.

use url::{Origin, Url};

use super::SiteConfig;
use super::case::{Case, Target, shared_baselines};
use super::page_name;
use crate::baseline::BaselinePath;
use crate::filter::PageGlobs;
use crate::source::{Diagnostic, Spanned};

/// What the spec files say, in their order.
#[derive(Debug, Clone, Default)]
pub struct Specs {
    /// Cases, and collections that become cases.
    pub entries: Vec<Entry>,
}

/// A document of a spec file.
#[derive(Debug, Clone)]
pub enum Entry {
    /// A page.
    Case(Box<Case>),
    /// Pages that only the site knows.
    Collection(Box<Collection>),
}

/// Pages that only the site knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// The case that every page gets. Its target is where the pages are found.
    pub pattern: Case,
    /// Likewise for its variants.
    pub variants: Vec<Case>,
    /// How the pages are found.
    pub source: PageSource,
    /// Which of them are wanted.
    pub globs: PageGlobs,
    /// The greatest number of pages.
    pub limit: usize,
}

/// How the pages of a collection are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSource {
    /// By a sitemap.
    Sitemap {
        /// Its address, or a reference that the site completes.
        url: Spanned<String>,
        /// The address that the sitemap has in place of the site's.
        base: Option<Url>,
    },
    /// By following links.
    Crawl {
        /// The page to begin at.
        start: Spanned<String>,
        /// How many links in a row are followed.
        depth: u32,
    },
}

impl PageSource {
    /// Returns where the sitemap or the start of the crawl is.
    pub fn address(&self) -> &Spanned<String> {
        match self {
            PageSource::Sitemap { url, .. } => url,
            PageSource::Crawl { start, .. } => start,
        }
    }
}

/// The cases of a document, before their pages are known.
pub(super) struct Patterns {
    pub(super) own: Case,
    pub(super) variants: Vec<Case>,
}

impl Patterns {
    pub(super) fn all(&self) -> impl Iterator<Item = &Case> {
        std::iter::once(&self.own).chain(&self.variants)
    }
}

impl Entry {
    /// Returns the case, or what the cases of a collection are made from.
    pub fn patterns(&self) -> impl Iterator<Item = &Case> {
        let (first, variants) = match self {
            Entry::Case(case) => (case.as_ref(), &[][..]),
            Entry::Collection(collection) => (&collection.pattern, &collection.variants[..]),
        };
        std::iter::once(first).chain(variants)
    }

    /// As [`Entry::patterns`].
    pub(super) fn patterns_mut(&mut self) -> impl Iterator<Item = &mut Case> {
        let (first, variants) = match self {
            Entry::Case(case) => (case.as_mut(), &mut [][..]),
            Entry::Collection(collection) => {
                let Collection {
                    pattern, variants, ..
                } = collection.as_mut();
                (pattern, &mut variants[..])
            }
        };
        std::iter::once(first).chain(variants)
    }
}

impl Specs {
    /// Returns the cases whose pages are known without asking the site.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Case(case) => Some(case.as_ref()),
            Entry::Collection(_) => None,
        })
    }

    /// Returns the collections.
    pub fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Case(_) => None,
            Entry::Collection(collection) => Some(collection.as_ref()),
        })
    }

    /// Returns all cases, in order: those that are known, and for each collection one for every page that
    /// `pages` returns.
    ///
    /// # Errors
    /// Snapshots that would share a baseline.
    pub fn into_cases<'a>(
        self,
        mut pages: impl FnMut(&Collection) -> &'a [Url],
        own: Option<&Origin>,
    ) -> Result<Vec<Case>, Vec<Diagnostic>> {
        let mut cases = Vec::new();
        for entry in self.entries {
            match entry {
                Entry::Case(case) => cases.push(*case),
                Entry::Collection(collection) => {
                    cases.extend(collection.cases(pages(&collection), own)?);
                }
            }
        }
        let problems = shared_baselines(&cases);
        match problems.is_empty() {
            true => Ok(cases),
            false => Err(problems),
        }
    }
}

impl Collection {
    /// Returns where the sitemap or the start of the crawl is.
    pub fn address(&self) -> &Spanned<String> {
        self.source.address()
    }

    /// Returns what it is, for people: ``sitemap `/sitemap.xml` ``.
    pub fn title(&self) -> String {
        let what = match &self.source {
            PageSource::Sitemap { .. } => "sitemap",
            PageSource::Crawl { .. } => "crawl",
        };
        format!("{what} `{}`", self.address().value)
    }

    /// Returns whether a baseline can be one of the collection's: it is in its folder, and its name is
    /// that of one of its snapshots.
    pub fn may_own(&self, path: &BaselinePath) -> bool {
        let patterns = std::iter::once(&self.pattern).chain(&self.variants);
        patterns.flat_map(|case| &case.snapshots).any(|snapshot| {
            let folder = snapshot.baseline.as_str();
            let folder = folder.strip_suffix(snapshot.baseline.name());
            let rest = folder.and_then(|folder| path.as_str().strip_prefix(folder));
            let page = rest.and_then(|rest| rest.strip_suffix(snapshot.baseline.name()));
            page.is_some_and(|page| page.len() > 1 && page.ends_with('/'))
        })
    }

    fn cases(&self, pages: &[Url], own: Option<&Origin>) -> Result<Vec<Case>, Vec<Diagnostic>> {
        let mut cases: Vec<Case> = Vec::new();
        let mut met = std::collections::HashSet::new();
        for (url, name) in pages.iter().zip(page_name::names(pages, own)) {
            // `/guide`, `/guide/` and `/guide.html` are addresses of one page.
            if !met.insert(name.clone()) {
                continue;
            }
            let url = Spanned {
                value: url.to_string(),
                place: self.pattern.place.clone(),
            };
            for pattern in std::iter::once(&self.pattern).chain(&self.variants) {
                let case = of_page(pattern, url.clone(), &name);
                cases.push(case.map_err(|problem| vec![*problem])?);
            }
        }
        Ok(cases)
    }
}

/// Returns the case of one page of many.
fn of_page(pattern: &Case, url: Spanned<String>, page: &[String]) -> Result<Case, Box<Diagnostic>> {
    let mut case = pattern.clone();
    let path = |name: &str| {
        let case = pattern.name.as_deref();
        BaselinePath::of_page(&pattern.spec, case, page, name).map_err(|why| {
            let message = format!("{} cannot have a baseline: {why}", url.value);
            Box::new(Diagnostic::new(message, url.place.clone()))
        })
    };
    for snapshot in &mut case.snapshots {
        if snapshot.shared.is_some() {
            snapshot.shared = Some(path(&snapshot.name.value)?);
        }
        snapshot.baseline = path(snapshot.baseline.name())?;
    }
    case.page = Some(page.join("/"));
    case.target = Target::Url(url);
    Ok(case)
}

/// Returns the cases of pages that a spec lists; the variants of a page follow it.
pub(super) fn of_list(
    patterns: &Patterns,
    list: &[Spanned<String>],
    site: Option<&SiteConfig>,
) -> Result<Vec<Case>, Box<Diagnostic>> {
    // A name that no host has: what is completed from it is the site's own.
    const SITE: &str = "http://site.invalid/";
    let site = match site {
        Some(SiteConfig::Url(url)) => Some(url.clone()),
        Some(SiteConfig::Command(command)) => Some(command.url.clone()),
        Some(SiteConfig::Dir { .. }) | None => Url::parse(SITE).ok(),
    };
    let mut urls = Vec::with_capacity(list.len());
    for page in list {
        let url = match &site {
            Some(site) => site.join(&page.value),
            None => Url::parse(&page.value),
        };
        urls.push(url.map_err(|error| {
            let message = format!("`{}` is not the address of a page: {error}", page.value);
            Box::new(Diagnostic::new(message, page.place.clone()))
        })?);
    }
    let own = site.map(|site| site.origin());
    let names = page_name::names(&urls, own.as_ref());
    let mut cases = Vec::new();
    for (page, name) in list.iter().zip(names) {
        for pattern in patterns.all() {
            let mut case = of_page(pattern, page.clone(), &name)?;
            case.place = page.place.clone();
            cases.push(case);
        }
    }
    Ok(cases)
}
