//! From specs to cases: finds the pages that only the site knows.

use std::time::Duration;

use url::{Origin, Url};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::RunError;
use crate::site::certificates::Trust;
use crate::site::fetch::{Client, Sent};
use crate::site::pages::{Pages, PagesError, Wanted};
use crate::site::{Site, crawl, sitemap};
use crate::source::{Diagnostic, Spanned};
use crate::spec::{Case, Collection, PageSource, Secrets, Specs};

/// How long a document may take that only serves to find pages.
const PATIENCE: Duration = Duration::from_secs(30);

/// All cases of the specs.
#[derive(Debug)]
pub struct Expanded {
    /// In the order of the specs.
    pub cases: Vec<Case>,
    /// What was left out.
    pub notes: Vec<String>,
}

/// Why the cases are not known.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// The pages of a collection are not known.
    #[error("{}", crate::source::render_all(std::slice::from_ref(.0), crate::source::Colour::Plain).trim_end())]
    Pages(Box<Diagnostic>),
    /// Pages cannot be tested beside each other.
    #[error("{}", crate::source::render_all(.0, crate::source::Colour::Plain).trim_end())]
    Cases(Vec<Diagnostic>),
    /// The asking was cut short.
    #[error("the search for pages was interrupted: {0}")]
    Cut(String),
}

/// Finds the pages of every collection. To be called in a tokio runtime.
///
/// # Errors
/// `ExpandError`
pub async fn expand(
    specs: Specs,
    site: Option<&Site>,
    secrets: &Secrets,
    trust: &Trust,
) -> Result<Expanded, ExpandError> {
    let own = site.map(|site| site.base().origin());
    let mut found = Vec::new();
    let mut notes = Vec::new();
    for collection in specs.collections() {
        let pages = pages(collection, site, secrets, trust).await?;
        found.push(pages.urls);
        notes.extend(pages.notes);
    }
    let cases = cases(specs, &found, own.as_ref()).map_err(ExpandError::Cases)?;
    Ok(Expanded { cases, notes })
}

fn cases(
    specs: Specs,
    found: &[Vec<Url>],
    own: Option<&Origin>,
) -> Result<Vec<Case>, Vec<Diagnostic>> {
    let mut found = found.iter();
    let next = |_: &Collection| found.next().map(Vec::as_slice).unwrap_or_default();
    specs.into_cases(next, own)
}

async fn pages(
    collection: &Collection,
    site: Option<&Site>,
    secrets: &Secrets,
    trust: &Trust,
) -> Result<Pages, ExpandError> {
    let address = collection.address();
    let failed = |title: String| {
        let place = address.place.clone();
        ExpandError::Pages(Box::new(Diagnostic::new(secrets.mask(&title), place)))
    };
    let url = super::visit::complete(&address.value, site)
        .map_err(|error: RunError| failed(error.to_string()))?;
    let wanted = Wanted {
        globs: collection.globs.clone(),
        limit: collection.limit,
    };
    let source = collection.source.clone();
    let base = site.map_or_else(|| root_of(&url), |site| site.base().clone());
    let sent = sent(&collection.pattern, &base, secrets);
    let trust = trust.clone();
    let search = move || -> Result<Pages, PagesError> {
        let client = Client::new(PATIENCE, &url, &trust).sending(sent);
        match source {
            PageSource::Sitemap {
                base: published, ..
            } => sitemap::pages(&client, &url, &base, published.as_ref(), &wanted),
            PageSource::Crawl { depth, .. } => crawl::pages(&client, &url, depth, &wanted),
        }
    };
    let pages = tokio::task::spawn_blocking(search).await;
    match pages {
        Ok(pages) => pages.map_err(|error| failed(error.to_string())),
        Err(error) => Err(ExpandError::Cut(error.to_string())),
    }
}

/// Returns the headers with which a case opens pages of its site.
fn sent(case: &Case, site: &Url, secrets: &Secrets) -> Sent {
    let keys = &case.emulation;
    let expand = |text: &Spanned<String>| secrets.expand(&text.value);
    let own = keys.headers.iter();
    let mut headers: Vec<_> = own
        .map(|(name, value)| (name.clone(), expand(value)))
        .collect();
    let cookies = keys.cookies.iter();
    let cookies: Vec<_> = cookies
        .map(|(name, value)| format!("{name}={}", expand(value)))
        .collect();
    if !cookies.is_empty() {
        headers.push(("Cookie".to_owned(), cookies.join("; ")));
    }
    if let Some(auth) = &keys.basic_auth {
        let pair = format!("{}:{}", expand(&auth.user), expand(&auth.password));
        let value = format!("Basic {}", BASE64_STANDARD.encode(pair));
        headers.push(("Authorization".to_owned(), value));
    }
    let trusted = keys.trusted_origins.iter();
    let trusted = trusted.filter_map(|one| Url::parse(&one.value).ok());
    let origins = std::iter::once(site.clone()).chain(trusted);
    Sent {
        headers,
        origins: origins
            .map(|url| url.origin().ascii_serialization())
            .collect(),
    }
}

/// Returns the root of the host.
fn root_of(url: &Url) -> Url {
    url.join("/").unwrap_or_else(|_| url.clone())
}
