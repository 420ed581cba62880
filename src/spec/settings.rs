//! The keys of a case, and those of them that `defaults` can hold. A new key is a row and a field.

use super::collection::{self, PagesKey};
use super::emulation::Emulation;
use super::state::State;
use super::table::{Field, Problem, Row, visible};
use super::value::{Allowed, Attributes, Timeout, check_page_url};
use super::yaml::{Kind, Node};
use crate::aria::{Additions, Shape};
use crate::baseline::check_name;
use crate::compare::Match;
use crate::dom::Shadow;
use crate::error::Spanned;

/// The keys of a case as written, over the defaults.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    pub(super) url: Option<Spanned<String>>,
    pub(super) html: Option<Spanned<String>>,
    pub(super) pages: Option<Spanned<PagesKey>>,
    pub(super) sitemap: Option<Spanned<PagesKey>>,
    pub(super) crawl: Option<Spanned<PagesKey>>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) snapshots: Option<Vec<SnapshotKey>>,
    pub(super) emulation: Emulation,
    pub(super) state: State,
    pub(super) timeout: Timeout,
    pub(super) shape: Shape,
    pub(super) matching: Match,
    pub(super) root: Option<Spanned<String>>,
    pub(super) additions: Additions,
    pub(super) shadow: Shadow,
    pub(super) allow: Vec<Allowed>,
    pub(super) source: Option<Spanned<String>>,
}

/// An item of `snapshots`.
#[derive(Debug, Clone)]
pub(super) struct SnapshotKey {
    pub(super) name: Spanned<String>,
    pub(super) locator: Option<Spanned<String>>,
}

/// The snapshot that is taken where none is named: the whole page.
pub(super) const WHOLE_PAGE: &str = "page";

/// Keys that say which page a case is about.
pub(super) const CASE_ROWS: &[Row<Settings>] = &[
    Row {
        key: "url",
        expects: "the address of a page, as in `url: /about/` or `url: https://example.com/`",
        read: |settings, field| {
            let url = field.text()?;
            check_page_url(&url.value).map_err(|why| field.wrong(why))?;
            settings.url = Some(url);
            Ok(())
        },
    },
    Row {
        key: "html",
        expects: "the markup of a page, as in `html: <button>Save</button>`, or after `html: |`",
        read: |settings, field| {
            settings.html = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "pages",
        expects: "a list of addresses, as in `pages: [/, /about/]`",
        read: |settings, field| {
            settings.pages = Some(collection::pages(field)?);
            Ok(())
        },
    },
    Row {
        key: "sitemap",
        expects: "the address of a sitemap, as in `sitemap: /sitemap.xml` or \
                  `sitemap: {url: /sitemap.xml, exclude: [/blog/*]}`",
        read: |settings, field| {
            settings.sitemap = collection::sitemap(field)?;
            Ok(())
        },
    },
    Row {
        key: "crawl",
        expects: "the page whose links are followed, as in `crawl: /` or \
                  `crawl: {start: /, depth: 3, limit: 100, exclude: [/blog/*]}`",
        read: |settings, field| {
            settings.crawl = collection::crawl(field)?;
            Ok(())
        },
    },
    Row {
        key: "source",
        expects: "the Markdown that the page is made from, as in `source: docs/about.md`",
        read: |settings, field| {
            settings.source = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "name",
        expects: "a name that can be a folder on every system, as in `name: search`",
        read: |settings, field| {
            let name = field.text()?;
            check_name(&name.value).map_err(|why| field.wrong(why))?;
            settings.name = Some(name);
            Ok(())
        },
    },
];

/// Keys that cases can share.
pub(super) const SHARED_ROWS: &[Row<Settings>] = &[
    Row {
        key: "snapshots",
        expects: "a list of `page` and of `name: locator`, as in \
                  `snapshots: [page, {sidebar: navigation \"Docs sidebar\"}]`",
        read: |settings, field| {
            settings.snapshots = Some(snapshots(field)?);
            Ok(())
        },
    },
    Row {
        key: "timeout",
        expects: "a span of time with its unit, as in `timeout: 30s` or `timeout: 500ms`",
        read: |settings, field| {
            settings.timeout = field.parsed()?;
            Ok(())
        },
    },
    Row {
        key: "shape",
        expects: "the form of the snapshot: `page`, `test` or `compact`",
        read: |settings, field| {
            settings.shape = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "match",
        expects: "the way of comparing: `exact` or `contain`",
        read: |settings, field| {
            settings.matching = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "attributes",
        expects: "which attributes are told: `plain`, as Playwright has it, or `all`",
        read: |settings, field| {
            let told: Attributes = field.choice()?;
            settings.additions.attributes = told == Attributes::All;
            Ok(())
        },
    },
    Row {
        key: "frames",
        expects: "whether shape `test` shows what stands in frames: `true` or `false`",
        read: |settings, field| {
            settings.additions.frames = field.flag()?;
            Ok(())
        },
    },
    Row {
        key: "shadow",
        expects: "which shadow trees are shown: `open`, or `all` with the closed ones",
        read: |settings, field| {
            settings.shadow = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "allow",
        expects: "what may come in place of an ordinary page: a list of `http-error`, `other-origin`, \
                  `login`, `error-page`, `failed-frames`, `no-content`, `failed-resources`, \
                  `failed-requests` and `script-errors`",
        read: |settings, field| {
            let items = collection::items(field.node);
            let allowed: Result<_, Problem> =
                items.iter().map(|item| field.choice_of(item)).collect();
            settings.allow = allowed?;
            Ok(())
        },
    },
    Row {
        key: "root",
        expects: "a locator of the part to take, as in `root: main`",
        read: |settings, field| {
            settings.root = Some(field.text()?);
            Ok(())
        },
    },
];

fn snapshots(field: &Field<'_>) -> Result<Vec<SnapshotKey>, Problem> {
    let Kind::List(items) = &field.node.kind else {
        let what = field.node.describe();
        return Err(field.wrong(format!("it must be a list, but this is {what}")));
    };
    if items.is_empty() {
        return Err(field.wrong("it is empty, so that there is nothing to compare"));
    }
    let mut snapshots = Vec::new();
    for item in items {
        match &item.kind {
            Kind::Map(entries) => {
                for entry in entries {
                    snapshots.push(SnapshotKey {
                        name: Spanned {
                            value: entry.key.clone(),
                            place: field.file.place(entry.key_span.clone()),
                        },
                        locator: Some(field.text_of(&entry.value)?),
                    });
                }
            }
            _ => snapshots.push(whole_page(field, item)?),
        }
    }
    for snapshot in &snapshots {
        check_snapshot_name(&snapshot.name)?;
    }
    Ok(snapshots)
}

/// The name becomes that of a file.
pub(super) fn check_snapshot_name(name: &Spanned<String>) -> Result<(), Problem> {
    check_name(&name.value).map_err(|why| Problem {
        title: format!(
            "`{}` cannot be the name of a snapshot: {why}",
            visible(&name.value)
        ),
        span: name.place.span.clone(),
        help: Some("give it a name that can be a file on every system, as in `results`"),
    })
}

/// Any other text is more likely a locator without a name than a name for the whole page.
fn whole_page(field: &Field<'_>, item: &Node) -> Result<SnapshotKey, Problem> {
    let name = field.text_of(item)?;
    if name.value != WHOLE_PAGE {
        let why = format!("`{}` is not `page`, and has no locator", name.value);
        return Err(field.wrong_at(item, why));
    }
    Ok(SnapshotKey {
        name,
        locator: None,
    })
}
