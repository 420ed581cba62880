//! The keys of a case, and those of them that `defaults` and variants can have. A new key is a line in a
//! table and a field.

use std::sync::Arc;

use super::emulation::{EMULATION_KEYS, Emulation};
use super::pages::{self, Subject};
use super::reader::{Field, Key, Problem, Reader, keys, visible};
use super::steps::{Written, steps};
use super::value::{Allowed, Animations, Attributes, Dialogs, Isolation, Scroll, Settle, Timeout};
use super::variables::{Hidden, Variables};
use super::yaml::{Kind, Node};
use crate::aria::{Additions, Locator, Shape};
use crate::baseline::check_name;
use crate::compare::Match;
use crate::compare::mask::{Mask, Part, Rules};
use crate::dom::Shadow;
use crate::source::{SourceText, Spanned};

/// The folder of sessions within that of specs, unless the configuration names another.
pub const SESSIONS: &str = "sessions";

/// The snapshot that is taken where none is named: the whole page.
pub(super) const WHOLE_PAGE: &str = "page";

/// The keys of a case as written, over the defaults.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// What `url`, `html`, `pages`, `sitemap` and `crawl` name: one of them in a valid case.
    pub(super) subjects: Vec<Subject>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) source: Option<Spanned<String>>,
    pub(super) snapshots: Option<Vec<SnapshotKey>>,
    pub(super) emulation: Emulation,
    pub(super) timeout: Timeout,
    pub(super) shape: Shape,
    pub(super) matching: Match,
    pub(super) root: Option<Spanned<Locator>>,
    pub(super) additions: Additions,
    pub(super) shadow: Shadow,
    pub(super) allow: Vec<Allowed>,
    pub(super) steps: Written,
    pub(super) dialogs: Dialogs,
    pub(super) settle: Settle,
    pub(super) animations: Animations,
    pub(super) isolation: Isolation,
    pub(super) scroll: Scroll,
    pub(super) masks: Vec<Mask>,
    pub(super) ignore: Vec<Locator>,
    pub(super) session: Option<Spanned<String>>,
    pub(super) variants: Vec<VariantKey>,
    pub(super) tags: Vec<String>,
    pub(super) hidden: Hidden,
}

impl Settings {
    pub(super) fn rules(&self) -> Rules {
        // Locators with selectors are refused while they are read.
        Rules::new(self.masks.clone(), self.ignore.clone()).unwrap_or_default()
    }
}

/// An item of `snapshots`.
#[derive(Debug, Clone)]
pub(super) struct SnapshotKey {
    pub(super) name: Spanned<String>,
    pub(super) locator: Option<Spanned<Locator>>,
}

/// A variant: keys over those of its case.
#[derive(Debug, Clone)]
pub(super) struct VariantKey {
    pub(super) name: Spanned<String>,
    file: SourceText,
    keys: Arc<Node>,
}

impl VariantKey {
    /// Returns the settings of a case in this variant.
    pub(super) fn over(&self, settings: &Settings, variables: &Variables) -> Settings {
        let mut varied = settings.clone();
        // What is wrong with the keys was reported when they were read first.
        let reader = Reader::new(&self.file, variables);
        reader.mapping(&self.keys, "a variant", VARIANT_KEYS, &mut varied);
        varied
    }
}

const VARIANT_KEYS: &[&[Key<Settings>]] = &[EMULATION_KEYS, VARIABLE_KEYS];

/// The keys of `defaults`.
pub(super) const DEFAULT_KEYS: &[&[Key<Settings>]] = &[SHARED_KEYS, EMULATION_KEYS, VARIABLE_KEYS];

/// The keys of a case.
pub(super) const CASE_KEYS: &[&[Key<Settings>]] =
    &[PAGE_KEYS, SHARED_KEYS, EMULATION_KEYS, VARIABLE_KEYS];

keys! {
    /// Keys that say which page a case is about.
    PAGE_KEYS: Settings {
        "url" "the address of a page, as in `url: /about/` or `url: https://example.com/`"
            => |to, field| pages::url(field).map(|one| to.subjects.push(one));
        "html" "the markup of a page, as in `html: <button>Save</button>`, or after `html: |`"
            => |to, field| pages::html(field).map(|one| to.subjects.push(one));
        "pages" "a list of addresses, as in `pages: [/, /about/]`"
            => |to, field| pages::pages(field).map(|one| to.subjects.push(one));
        "sitemap" "the address of a sitemap, as in `sitemap: /sitemap.xml` or `sitemap: {url: /sitemap.xml, exclude: [/blog/*]}`"
            => |to, field| pages::sitemap(field).map(|one| to.subjects.extend(one));
        "crawl" "the page whose links are followed, as in `crawl: /` or `crawl: {start: /, depth: 3, limit: 100, exclude: [/blog/*]}`"
            => |to, field| pages::crawl(field).map(|one| to.subjects.extend(one));
        "source" "the Markdown that the page is made from, as in `source: docs/about.md`"
            => |to, field| field.text().map(|value| to.source = Some(value));
        "name" "a name that can be a folder on every system, as in `name: search`"
            => |to, field| name(field).map(|value| to.name = Some(value));
    }
}

keys! {
    /// Keys that cases and defaults can have, and variants cannot.
    SHARED_KEYS: Settings {
        "snapshots" "a list of `page` and of `name: locator`, as in `snapshots: [page, {sidebar: navigation \"Docs sidebar\"}]`"
            => |to, field| snapshots(field).map(|value| to.snapshots = Some(value));
        "timeout" "a span of time with its unit, as in `timeout: 30s` or `timeout: 500ms`"
            => |to, field| field.parsed().map(|value| to.timeout = value);
        "shape" "the form of the snapshot: `page`, `test` or `compact`"
            => |to, field| field.choice().map(|value| to.shape = value);
        "match" "the way of comparing: `exact` or `contain`"
            => |to, field| field.choice().map(|value| to.matching = value);
        "attributes" "the attributes that snapshots hold: `plain`, as in Playwright's, or `all`"
            => |to, field| field.choice::<Attributes>().map(|value| to.additions.attributes = value == Attributes::All);
        "frames" "`true` where shape `test` shows the content of frames, or `false`"
            => |to, field| field.flag().map(|value| to.additions.frames = value);
        "shadow" "which shadow trees are shown: `open`, or `all` with the closed ones"
            => |to, field| field.choice().map(|value| to.shadow = value);
        "allow" "what may come in place of an ordinary page: a list of `http-error`, `other-origin`, `login`, `error-page`, `failed-frames`, `no-content`, `failed-resources`, `failed-requests` and `script-errors`"
            => |to, field| { to.allow = field.each(field.node.items(), |item| field.choice_of(item)); Ok(()) };
        "root" "a locator of the part to take, as in `root: main`"
            => |to, field| field.locator(field.node).map(|value| to.root = Some(value));
        "steps" "a list of steps, as in `steps: [{click: button \"Menu\"}, {press: Escape}, {snapshot: closed}]`"
            => |to, field| steps(field).map(|value| to.steps = value);
        "isolation" "`traces` (a page may follow another in its browser context if that left nothing there) or `case` (each case has a context of its own)"
            => |to, field| field.choice().map(|value| to.isolation = value);
        "session" "the name of a file in specs/sessions, as in `session: login`"
            => |to, field| name(field).map(|value| to.session = Some(value));
        "variants" "names with the keys that differ, as in `variants: {mobile: {viewport: 390x844}}`"
            => |to, field| variants(field).map(|more| to.variants.extend(more));
        "tags" "words to choose cases by, as in `tags: [smoke]`"
            => |to, field| field.one_or_more(field.node).map(|more| to.tags.extend(more.into_iter().map(|tag| tag.value)));
    }
}

keys! {
    /// Keys of cases and defaults that variants can have too, beside emulation.
    VARIABLE_KEYS: Settings {
        "dialogs" "the answer to the page's dialogs: `accept`, `dismiss`, or `{prompt: text}`"
            => |to, field| dialogs(field).map(|value| to.dialogs = value);
        "settle" "`strict` (a page that does not settle is an error) or `relaxed`"
            => |to, field| field.choice().map(|value| to.settle = value);
        "animations" "`run` or `stop`"
            => |to, field| field.choice().map(|value| to.animations = value);
        "scroll" "`none`, or `through` to scroll the page to its end and back before the snapshot"
            => |to, field| field.choice().map(|value| to.scroll = value);
        "mask" "locators with what to mask of their nodes (`name`, `text`, `url`, `children` or `node`), as in `mask: [{contentinfo: text}]`"
            => |to, field| { to.masks.extend(masks(field)); Ok(()) };
        "ignore" "locators of nodes to leave out, as in `ignore: [region \"Advertisement\"]`"
            => |to, field| {
                to.ignore.extend(field.each(field.node.items(), |node| in_tree(field, field.locator(node)?)));
                Ok(())
            };
    }
}

fn name(field: Field<'_>) -> Result<Spanned<String>, Problem> {
    let name = field.text()?;
    check_name(&name.value).map_err(|why| field.wrong(why))?;
    Ok(name)
}

fn snapshots(field: Field<'_>) -> Result<Vec<SnapshotKey>, Problem> {
    let lists = field.each(field.list()?, |item| match &item.kind {
        Kind::Map(_) => Ok(named_parts(field, item)),
        // Any other text is rather a locator without a name than a name for the whole page.
        _ => {
            let name = field.text_of(item)?;
            if name.value != WHOLE_PAGE {
                let why = format!("`{}` is not `page`, and has no locator", name.value);
                return Err(field.wrong_at(item, why));
            }
            Ok(vec![SnapshotKey {
                name,
                locator: None,
            }])
        }
    });
    Ok(lists.into_iter().flatten().collect())
}

/// Reads a mapping of names to locators.
pub(super) fn named_parts(field: Field<'_>, node: &Node) -> Vec<SnapshotKey> {
    let Kind::Map(entries) = &node.kind else {
        return Vec::new();
    };
    field.each(entries, |entry| {
        let name = field.key(entry)?;
        check_snapshot_name(&name)?;
        let locator = Some(field.locator(&entry.value)?);
        Ok(SnapshotKey { name, locator })
    })
}

/// The name becomes that of a file.
pub(super) fn check_snapshot_name(name: &Spanned<String>) -> Result<(), Problem> {
    check_name(&name.value).map_err(|why| {
        let name_shown = visible(&name.value);
        let message = format!("`{name_shown}` cannot be the name of a snapshot: {why}");
        Problem::new(message, name.place.span)
            .with_help("give it a name that can be a file on every system, as in `results`")
    })
}

fn dialogs(field: Field<'_>) -> Result<Dialogs, Problem> {
    match &field.node.kind {
        Kind::Map(entries) => match entries.as_slice() {
            [entry] if entry.key == "prompt" => Ok(match &entry.value.kind {
                Kind::Null => Dialogs::Prompt(String::new()),
                Kind::Scalar(text) if text.is_empty() => Dialogs::Prompt(String::new()),
                _ => Dialogs::Prompt(field.text_of(&entry.value)?.value),
            }),
            _ => Err(field.wrong("its one key is `prompt`")),
        },
        _ => match field.text()?.value.as_str() {
            "accept" => Ok(Dialogs::Accept),
            "dismiss" => Ok(Dialogs::Dismiss),
            other => Err(field.wrong(format!("unknown value `{other}`"))),
        },
    }
}

fn masks(field: Field<'_>) -> Vec<Mask> {
    let lists = field.each(field.node.items(), |node| {
        let Kind::Map(entries) = &node.kind else {
            let locator = in_tree(field, field.locator(node)?)?;
            let part = Part::Node;
            return Ok(vec![Mask { locator, part }]);
        };
        Ok(field.each(entries, |entry| {
            let locator = in_tree(field, field.key_locator(entry)?)?;
            let part = field.choice_of(&entry.value)?;
            Ok(Mask { locator, part })
        }))
    });
    lists.into_iter().flatten().collect()
}

/// Returns a locator that can be found in a snapshot, without the page.
fn in_tree(field: Field<'_>, locator: Spanned<Locator>) -> Result<Locator, Problem> {
    match Rules::new(Vec::new(), vec![locator.value.clone()]) {
        Ok(_) => Ok(locator.value),
        Err(error) => {
            let message = format!("`{}` is not valid: {error}", field.name);
            Err(Problem::new(message, locator.place.span)
                .with_help("name the node by its role and name, as in `contentinfo`"))
        }
    }
}

fn variants(field: Field<'_>) -> Result<Vec<VariantKey>, Problem> {
    Ok(field.each(field.entries()?, |entry| {
        let name = field.key(entry)?;
        check_name(&name.value).map_err(|why| {
            let message = format!("`{}` cannot be the name of a variant: {why}", name.value);
            Problem::new(message, entry.key_span)
                .with_help("give it a name that can be a file on every system, as in `mobile`")
        })?;
        let mut unused = Settings::default();
        let reader = field.reader;
        reader.mapping(&entry.value, "a variant", VARIANT_KEYS, &mut unused);
        Ok(VariantKey {
            name,
            file: reader.file.clone(),
            keys: Arc::new(entry.value.clone()),
        })
    }))
}
