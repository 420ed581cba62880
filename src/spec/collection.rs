//! Cases of many pages: `pages`, `sitemap`, `crawl`.

use std::str::FromStr;

use url::{Origin, Url};

use super::case::{Case, Target, shared_baselines};
use super::page_name;
use super::settings::Settings;
use super::table::{Field, Problem, Row};
use super::value::{check_page_url, web_url};
use super::yaml::{Kind, Node};
use super::{Config, SiteConfig};
use crate::baseline::BaselinePath;
use crate::error::{Located, Place, Spanned};
use crate::filter::PageGlobs;

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
    /// What the case of every page is like. Its target is where the pages are found.
    pub pattern: Case,
    /// Likewise for its variants.
    pub variants: Vec<Case>,
    /// How.
    pub source: PageSource,
    /// Which of them are wanted.
    pub globs: PageGlobs,
    /// At most so many.
    pub limit: usize,
}

/// How the pages of a collection are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageSource {
    /// By a sitemap.
    Sitemap {
        /// Its address, or a reference that the site completes.
        url: Spanned<String>,
        /// The address in the sitemap that stands for the site.
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

/// What the cases of a document are like.
pub(super) struct Patterns {
    pub(super) own: Case,
    pub(super) variants: Vec<Case>,
}

impl Entry {
    /// The case, or what its cases are like.
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
    /// Cases whose pages are known without asking the site.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Case(case) => Some(case.as_ref()),
            Entry::Collection(_) => None,
        })
    }

    /// Collections, whose pages only the site knows.
    pub fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Case(_) => None,
            Entry::Collection(collection) => Some(collection.as_ref()),
        })
    }

    /// All cases: those that are known, and for collections those of what `pages` yields, in order.
    ///
    /// # Errors
    /// Snapshots that would share a baseline.
    pub fn into_cases<'a>(
        self,
        mut pages: impl FnMut(&Collection) -> &'a [Url],
        own: Option<&Origin>,
    ) -> Result<Vec<Case>, Vec<Located>> {
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
        if problems.is_empty() {
            Ok(cases)
        } else {
            Err(problems)
        }
    }
}

impl Collection {
    /// Where the sitemap or the start of the crawl is.
    pub fn address(&self) -> &Spanned<String> {
        match &self.source {
            PageSource::Sitemap { url, .. } => url,
            PageSource::Crawl { start, .. } => start,
        }
    }

    /// What it is, for people: ``sitemap `/sitemap.xml` ``.
    pub fn title(&self) -> String {
        let what = match &self.source {
            PageSource::Sitemap { .. } => "sitemap",
            PageSource::Crawl { .. } => "crawl",
        };
        format!("{what} `{}`", self.address().value)
    }

    /// Whether a baseline can be one of the collection's: it is in its folder, and its name is
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

    fn cases(&self, pages: &[Url], own: Option<&Origin>) -> Result<Vec<Case>, Vec<Located>> {
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

/// The case of one page of many.
fn of_page(pattern: &Case, url: Spanned<String>, page: &[String]) -> Result<Case, Box<Located>> {
    let mut case = pattern.clone();
    let path = |name: &str| {
        let case = pattern.name.as_deref();
        BaselinePath::of_page(&pattern.spec, case, page, name).map_err(|why| {
            let title = format!("{} cannot have a baseline: {why}", url.value);
            Box::new(Located::new(title, url.place.clone()))
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

/// `pages`, `sitemap` or `crawl` as written.
#[derive(Debug, Clone, Default)]
pub(super) struct PagesKey {
    list: Vec<Spanned<String>>,
    url: Option<Spanned<String>>,
    base: Option<Url>,
    depth: Option<u32>,
    limit: Option<usize>,
    globs: PageGlobs,
}

/// The page, list or source that a case names.
pub(super) enum Named {
    Page(Target),
    List(Vec<Spanned<String>>),
    Source(PageSource, Box<Spanned<PagesKey>>),
}

/// Enough for a site of a few menus; a larger one says so.
const CRAWL_LIMIT: usize = 100;
const CRAWL_DEPTH: u32 = 5;
const SITEMAP_LIMIT: usize = 5_000;

/// Which page or pages a case is about.
pub(super) fn named(
    settings: &mut Settings,
    config: &Config,
    place: &Place,
) -> Result<Named, Box<Located>> {
    let mut found: Vec<(&str, Place, Named)> = Vec::new();
    if let Some(url) = settings.url.take() {
        found.push(("url", url.place.clone(), Named::Page(Target::Url(url))));
    }
    if let Some(html) = settings.html.take() {
        found.push(("html", html.place.clone(), Named::Page(Target::Html(html))));
    }
    if let Some(pages) = settings.pages.take() {
        found.push(("pages", pages.place, Named::List(pages.value.list)));
    }
    let sources = [
        ("sitemap", settings.sitemap.take()),
        ("crawl", settings.crawl.take()),
    ];
    for (key, source) in sources {
        if let Some(mut written) = source
            && let Some(url) = written.value.url.take()
        {
            let place = url.place.clone();
            let source = match key {
                "sitemap" => PageSource::Sitemap {
                    url,
                    base: written.value.base.take(),
                },
                _ => PageSource::Crawl {
                    start: url,
                    depth: written.value.depth.unwrap_or(CRAWL_DEPTH),
                },
            };
            found.push((key, place, Named::Source(source, Box::new(written))));
        }
    }
    let mut found = found.into_iter();
    let Some((key, key_place, named)) = found.next() else {
        return Err(Box::new(
            Located::new("the case names no page", place.clone()).with_help(
                "write its address, as in `url: /about/`, or its markup after `html: |`",
            ),
        ));
    };
    if let (Some(source), Named::List(_) | Named::Source(..)) = (&settings.source, &named) {
        let title = "`source` is that of one page, and the case is about many".to_owned();
        return Err(Box::new(
            Located::new(title, source.place.clone())
                .with_related(key_place, "here")
                .with_help("give the page a case of its own, with `url`"),
        ));
    }
    if let Some((other, other_place, _)) = found.next() {
        return Err(Box::new(
            Located::new(
                format!("the case has both `{key}` and `{other}`"),
                other_place,
            )
            .with_related(key_place, "the other one")
            .with_help("remove one, or make two cases of it with `---` between them"),
        ));
    }
    let unknown = match &named {
        Named::Page(Target::Url(url)) => Some(url),
        Named::Page(Target::Html(_)) => None,
        Named::List(list) => list.iter().find(|page| Url::parse(&page.value).is_err()),
        Named::Source(
            PageSource::Sitemap { url, .. } | PageSource::Crawl { start: url, .. },
            _,
        ) => Some(url),
    };
    if config.site.is_none()
        && let Some(url) = unknown
        && Url::parse(&url.value).is_err()
    {
        return Err(Box::new(no_site(url)));
    }
    Ok(named)
}

fn no_site(url: &Spanned<String>) -> Located {
    let title = format!("`{}` is part of a site, and no site is known", url.value);
    Located::new(title, url.place.clone()).with_help(
        "write the whole URL, or `site: {dir: build}` or `site: {url: https://example.com}` into \
         ariasnap.yml",
    )
}

/// The entries of a case that names pages.
pub(super) fn entries(
    named: Named,
    config: &Config,
    patterns: impl Fn(Target) -> Result<Patterns, Box<Located>>,
) -> Result<Vec<Entry>, Box<Located>> {
    match named {
        Named::Page(target) => {
            let Patterns { own, variants } = patterns(target)?;
            let cases = std::iter::once(own).chain(variants);
            Ok(cases.map(|case| Entry::Case(Box::new(case))).collect())
        }
        Named::List(list) => {
            let Some(first) = list.first() else {
                return Ok(Vec::new());
            };
            let patterns = patterns(Target::Url(first.clone()))?;
            let entry = |case| Entry::Case(Box::new(case));
            Ok(listed(&patterns, list, config)?
                .into_iter()
                .map(entry)
                .collect())
        }
        Named::Source(source, written) => {
            let url = match &source {
                PageSource::Sitemap { url, .. } => url.clone(),
                PageSource::Crawl { start, .. } => start.clone(),
            };
            let limit = match &source {
                PageSource::Sitemap { .. } => SITEMAP_LIMIT,
                PageSource::Crawl { .. } => CRAWL_LIMIT,
            };
            let Patterns { own, variants } = patterns(Target::Url(url))?;
            Ok(vec![Entry::Collection(Box::new(Collection {
                pattern: own,
                variants,
                source,
                globs: written.value.globs,
                limit: written.value.limit.unwrap_or(limit),
            }))])
        }
    }
}

/// The cases of pages that the spec lists.
fn listed(
    patterns: &Patterns,
    list: Vec<Spanned<String>>,
    config: &Config,
) -> Result<Vec<Case>, Box<Located>> {
    // A name that no host has: what is completed from it is the site's own.
    const SITE: &str = "http://site.invalid/";
    let site = match &config.site {
        Some(SiteConfig::Url(url)) => Some(url.clone()),
        Some(SiteConfig::Command(command)) => Some(command.url.clone()),
        Some(SiteConfig::Dir { .. }) | None => Url::parse(SITE).ok(),
    };
    let mut urls = Vec::with_capacity(list.len());
    for page in &list {
        let url = match &site {
            Some(site) => site.join(&page.value),
            None => Url::parse(&page.value),
        };
        urls.push(url.map_err(|error| {
            let title = format!("`{}` is not the address of a page: {error}", page.value);
            Box::new(Located::new(title, page.place.clone()))
        })?);
    }
    let own = site.map(|site| site.origin());
    let names = page_name::names(&urls, own.as_ref());
    let mut cases = Vec::new();
    for (page, name) in list.into_iter().zip(names) {
        // The variants of a page stand behind it.
        for pattern in std::iter::once(&patterns.own).chain(&patterns.variants) {
            let mut case = of_page(pattern, page.clone(), &name)?;
            case.place = page.place.clone();
            cases.push(case);
        }
    }
    Ok(cases)
}

const SITEMAP_ROWS: &[Row<PagesKey>] = &[
    Row {
        key: "url",
        expects: "the address of the sitemap, as in `url: /sitemap.xml`",
        read: |key, field| address(key, field),
    },
    Row {
        key: "base",
        expects: "the address that stands for the site in the sitemap, as in \
                  `base: https://docs.example.com/`",
        read: |key, field| {
            let text = field.text()?.value;
            let base = web_url(&text, &["https", "http"]).map_err(|why| field.wrong(why))?;
            key.base = Some(base);
            Ok(())
        },
    },
];

const CRAWL_ROWS: &[Row<PagesKey>] = &[
    Row {
        key: "start",
        expects: "the page to begin at, as in `start: /`",
        read: |key, field| address(key, field),
    },
    Row {
        key: "depth",
        expects: "how many links in a row are followed, as in `depth: 3`",
        read: |key, field| {
            key.depth = Some(number(field, 0)?);
            Ok(())
        },
    },
];

const CHOICE_ROWS: &[Row<PagesKey>] = &[
    Row {
        key: "limit",
        expects: "the greatest number of pages, as in `limit: 100`",
        read: |key, field| {
            key.limit = Some(number(field, 1)?);
            Ok(())
        },
    },
    Row {
        key: "include",
        expects: "globs of the addresses that are wanted, as in `include: [/docs/*]`",
        read: |key, field| globs(field, |glob| key.globs.include(glob)),
    },
    Row {
        key: "exclude",
        expects: "globs of the addresses that are not wanted, as in `exclude: [/blog/*]`",
        read: |key, field| globs(field, |glob| key.globs.exclude(glob)),
    },
];

fn address(key: &mut PagesKey, field: &Field<'_>) -> Result<(), Problem> {
    key.url = Some(page_of(field, field.node)?);
    Ok(())
}

fn page_of(field: &Field<'_>, node: &Node) -> Result<Spanned<String>, Problem> {
    let url = field.text_of(node)?;
    check_page_url(&url.value).map_err(|why| field.wrong_at(node, why))?;
    Ok(url)
}

fn number<N: FromStr + PartialOrd + From<u8>>(field: &Field<'_>, least: u8) -> Result<N, Problem> {
    let text = field.text()?.value;
    text.parse()
        .ok()
        .filter(|number| *number >= N::from(least))
        .ok_or_else(|| field.wrong(format!("`{text}` is not a number from {least}")))
}

fn globs(
    field: &Field<'_>,
    mut add: impl FnMut(&str) -> Result<(), String>,
) -> Result<(), Problem> {
    for node in items(field.node) {
        let glob = field.text_of(node)?.value;
        add(&glob).map_err(|why| field.wrong_at(node, why))?;
    }
    Ok(())
}

/// The items of a list, or a single value as the only one.
pub(super) fn items(node: &Node) -> &[Node] {
    match &node.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

pub(super) fn pages(field: &Field<'_>) -> Result<Spanned<PagesKey>, Problem> {
    let Kind::List(items) = &field.node.kind else {
        let what = field.node.describe();
        return Err(field.wrong(format!("it must be a list, but this is {what}")));
    };
    if items.is_empty() {
        return Err(field.wrong("it is empty, so that there is nothing to look at"));
    }
    let list: Result<_, Problem> = items.iter().map(|item| page_of(field, item)).collect();
    let list = PagesKey {
        list: list?,
        ..PagesKey::default()
    };
    Ok(spanned(field, list))
}

pub(super) fn sitemap(field: &mut Field<'_>) -> Result<Option<Spanned<PagesKey>>, Problem> {
    source(field, SITEMAP_ROWS, "url")
}

pub(super) fn crawl(field: &mut Field<'_>) -> Result<Option<Spanned<PagesKey>>, Problem> {
    source(field, CRAWL_ROWS, "start")
}

fn source(
    field: &mut Field<'_>,
    rows: &[Row<PagesKey>],
    address_key: &str,
) -> Result<Option<Spanned<PagesKey>>, Problem> {
    let mut key = PagesKey::default();
    if let Kind::Map(_) = field.node.kind {
        let before = field.problems.len();
        field.table(&[rows, CHOICE_ROWS], &mut key);
        if field.problems.len() > before {
            return Ok(None);
        }
        if key.url.is_none() {
            return Err(field.wrong(format!("it has no `{address_key}`")));
        }
    } else {
        address(&mut key, field)?;
    }
    Ok(Some(spanned(field, key)))
}

fn spanned<T>(field: &Field<'_>, value: T) -> Spanned<T> {
    Spanned {
        value,
        place: field.file.place(field.node.span.clone()),
    }
}
