//! The keys that name the page or the pages of a case: `url`, `html`, `pages`, `sitemap`, `crawl`.

use url::Url;

use super::Config;
use super::case::Target;
use super::collection::PageSource;
use super::emulation::BasicAuth;
use super::reader::{Field, Key, Problem, keys};
use super::settings::Settings;
use super::value::{check_page_url, web_url};
use super::yaml::{Kind, Node};
use crate::filter::PageGlobs;
use crate::source::{Diagnostic, Place, Spanned};

/// What a case is about, by one of its keys.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    key: &'static str,
    /// Of the value.
    place: Place,
    pub(super) named: Named,
    /// User name and password of its address.
    auth: Option<BasicAuth>,
}

#[derive(Debug, Clone)]
pub(super) enum Named {
    Page(Target),
    List(Vec<Spanned<String>>),
    Source(Source),
}

#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) source: PageSource,
    pub(super) globs: PageGlobs,
    pub(super) limit: usize,
}

/// Enough for a site of a few menus; for a larger one, a note says that the crawl ended here.
const CRAWL_LIMIT: usize = 100;
const CRAWL_DEPTH: u32 = 5;
const SITEMAP_LIMIT: usize = 5_000;

/// An address without its user name and password, which stay apart from it.
pub(super) struct Address {
    pub(super) url: Spanned<String>,
    auth: Option<BasicAuth>,
}

/// Reads an `http(s)` URL, or a reference that the site completes.
pub(super) fn address(field: Field<'_>, node: &Node) -> Result<Address, Problem> {
    let mut url = field.text_of(node)?;
    check_page_url(&url.value).map_err(|why| field.wrong_at(node, why))?;
    let auth = take_credentials(&mut url);
    if let Some(auth) = &auth {
        let password = auth.password.value.clone();
        field.reader.hidden.borrow_mut().push(password);
    }
    if let Kind::Scalar(raw) = &node.kind {
        let secrets = field.reader.variables.in_query(raw);
        field.reader.hidden.borrow_mut().extend(secrets);
    }
    Ok(Address { url, auth })
}

/// Removes user name and password from a URL, which is printed in many places.
pub(super) fn take_credentials(url: &mut Spanned<String>) -> Option<BasicAuth> {
    let mut parsed = Url::parse(&url.value).ok()?;
    if parsed.username().is_empty() && parsed.password().is_none() {
        return None;
    }
    let decoded = |text: &str| Spanned {
        value: percent_decoded(text),
        place: url.place.clone(),
    };
    let user = decoded(parsed.username());
    let password = decoded(parsed.password().unwrap_or_default());
    parsed.set_username("").ok()?;
    parsed.set_password(None).ok()?;
    url.value = parsed.to_string();
    Some(BasicAuth { user, password })
}

/// A form's value is decoded in the same way, but for `+`, `&` and `=`.
pub(super) fn percent_decoded(text: &str) -> String {
    let form = text
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let decoded = url::form_urlencoded::parse(form.as_bytes()).next();
    decoded.map_or_else(String::new, |(text, _)| text.into_owned())
}

fn subject(key: &'static str, field: Field<'_>, named: Named, auth: Option<BasicAuth>) -> Subject {
    let place = match &named {
        Named::Source(source) => source.source.address().place.clone(),
        _ => field.reader.file.place(field.node.span),
    };
    Subject {
        key,
        place,
        named,
        auth,
    }
}

pub(super) fn url(field: Field<'_>) -> Result<Subject, Problem> {
    let Address { url, auth } = address(field, field.node)?;
    Ok(subject("url", field, Named::Page(Target::Url(url)), auth))
}

pub(super) fn html(field: Field<'_>) -> Result<Subject, Problem> {
    let html = Named::Page(Target::Html(field.foreign()?));
    Ok(subject("html", field, html, None))
}

pub(super) fn pages(field: Field<'_>) -> Result<Subject, Problem> {
    let pages = field.each(field.list()?, |item| address(field, item));
    let auth = pages.iter().find_map(|page| page.auth.clone());
    let list = pages.into_iter().map(|page| page.url).collect();
    Ok(subject("pages", field, Named::List(list), auth))
}

#[derive(Default)]
pub(super) struct SourceKeys {
    address: Option<Address>,
    base: Option<Url>,
    depth: Option<u32>,
    limit: Option<usize>,
    globs: PageGlobs,
}

keys! {
    SITEMAP_KEYS: SourceKeys {
        "url" "the address of the sitemap, as in `url: /sitemap.xml`"
            => |to, field| address(field, field.node).map(|value| to.address = Some(value));
        "base" "the address that the sitemap has in place of the site's, as in `base: https://docs.example.com/`"
            => |to, field| whole_url(field, &["https", "http"]).map(|url| to.base = Some(url.value));
    }
}

keys! {
    CRAWL_KEYS: SourceKeys {
        "start" "the page to begin at, as in `start: /`"
            => |to, field| address(field, field.node).map(|value| to.address = Some(value));
        "depth" "how many links in a row are followed, as in `depth: 3`"
            => |to, field| field.number(0).map(|value| to.depth = Some(value));
    }
}

keys! {
    CHOICE_KEYS: SourceKeys {
        "limit" "the greatest number of pages, as in `limit: 100`"
            => |to, field| field.number(1).map(|value| to.limit = Some(value));
        "include" "globs of the addresses that are wanted, as in `include: [/docs/*]`"
            => |to, field| globs(field, |glob| to.globs.include(glob));
        "exclude" "globs of the addresses that are not wanted, as in `exclude: [/blog/*]`"
            => |to, field| globs(field, |glob| to.globs.exclude(glob));
    }
}

/// Reads a URL with its scheme.
pub(super) fn whole_url(field: Field<'_>, schemes: &[&str]) -> Result<Spanned<Url>, Problem> {
    let Spanned { value, place } = field.text()?;
    let value = web_url(&value, schemes).map_err(|why| field.wrong(why))?;
    Ok(Spanned { value, place })
}

fn globs(field: Field<'_>, mut add: impl FnMut(&str) -> Result<(), String>) -> Result<(), Problem> {
    field.each(field.node.items(), |node| {
        let glob = field.text_of(node)?.value;
        add(&glob).map_err(|why| field.wrong_at(node, why))
    });
    Ok(())
}

pub(super) fn sitemap(field: Field<'_>) -> Result<Option<Subject>, Problem> {
    let Some((keys, address)) = source(field, SITEMAP_KEYS, "url")? else {
        return Ok(None);
    };
    let source = Source {
        source: PageSource::Sitemap {
            url: address.url,
            base: keys.base,
        },
        globs: keys.globs,
        limit: keys.limit.unwrap_or(SITEMAP_LIMIT),
    };
    let named = Named::Source(source);
    Ok(Some(subject("sitemap", field, named, address.auth)))
}

pub(super) fn crawl(field: Field<'_>) -> Result<Option<Subject>, Problem> {
    let Some((keys, address)) = source(field, CRAWL_KEYS, "start")? else {
        return Ok(None);
    };
    let source = Source {
        source: PageSource::Crawl {
            start: address.url,
            depth: keys.depth.unwrap_or(CRAWL_DEPTH),
        },
        globs: keys.globs,
        limit: keys.limit.unwrap_or(CRAWL_LIMIT),
    };
    let named = Named::Source(source);
    Ok(Some(subject("crawl", field, named, address.auth)))
}

/// Reads an address, or a mapping that has it among its keys.
fn source(
    field: Field<'_>,
    keys: &'static [Key<SourceKeys>],
    address_key: &str,
) -> Result<Option<(SourceKeys, Address)>, Problem> {
    let mut written = SourceKeys::default();
    let Kind::Map(_) = field.node.kind else {
        let address = address(field, field.node)?;
        return Ok(Some((written, address)));
    };
    if !field.is_mapped(&[keys, CHOICE_KEYS], &mut written) {
        return Ok(None);
    }
    match written.address.take() {
        Some(address) => Ok(Some((written, address))),
        None => Err(field.wrong(format!("it has no `{address_key}`"))),
    }
}

/// Returns what a case is about.
///
/// # Errors
/// The case names no page, two, or one that needs a site where there is none.
pub(super) fn subject_of(
    settings: &mut Settings,
    config: &Config,
    place: &Place,
) -> Result<Named, Box<Diagnostic>> {
    // In the order of their precedence in messages, not of the file.
    let mut subjects = std::mem::take(&mut settings.subjects);
    let rank = |subject: &Subject| {
        let keys = ["url", "html", "pages", "sitemap", "crawl"];
        keys.iter().position(|key| *key == subject.key)
    };
    subjects.sort_by_key(rank);
    let mut subjects = subjects.into_iter();
    let Some(first) = subjects.next() else {
        let help = "write its address, as in `url: /about/`, or its markup after `html: |`";
        return Err(Box::new(
            Diagnostic::new("the case names no page", place.clone()).with_help(help),
        ));
    };
    if let (Some(source), Named::List(_) | Named::Source(_)) = (&settings.source, &first.named) {
        let message = "`source` belongs to one page, and the case has many";
        return Err(Box::new(
            Diagnostic::new(message, source.place.clone())
                .with_related(first.place, "here")
                .with_help("give the page a case of its own, with `url`"),
        ));
    }
    if let Some(other) = subjects.next() {
        let message = format!("the case has both `{}` and `{}`", first.key, other.key);
        return Err(Box::new(
            Diagnostic::new(message, other.place)
                .with_related(first.place, "the other one")
                .with_help("remove one, or make two cases of it with `---` between them"),
        ));
    }
    if let Some(auth) = first.auth
        && settings.emulation.basic_auth.is_none()
    {
        settings.emulation.basic_auth = Some(auth);
    }
    match relative(&first.named) {
        Some(url) if config.site.is_none() && !config.is_site_unknown => {
            Err(Box::new(no_site(url)))
        }
        _ => Ok(first.named),
    }
}

/// The first address that only a site can complete.
fn relative(named: &Named) -> Option<&Spanned<String>> {
    let is_relative = |url: &&Spanned<String>| Url::parse(&url.value).is_err();
    match named {
        Named::Page(Target::Url(url)) => Some(url).filter(is_relative),
        Named::Page(Target::Html(_)) => None,
        Named::List(list) => list.iter().find(is_relative),
        Named::Source(source) => Some(source.source.address()).filter(is_relative),
    }
}

fn no_site(url: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "`{}` is relative, but ariasnap.yml has no `site:`",
        url.value
    );
    Diagnostic::new(message, url.place.clone()).with_help(
        "write the whole URL, or `site: {dir: build}` or `site: {url: https://example.com}` into \
         ariasnap.yml",
    )
}
