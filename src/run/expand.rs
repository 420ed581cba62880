//! From specs to cases: the site is asked for the pages that only it knows.

use std::time::Duration;

use url::{Origin, Url};

use super::RunError;
use crate::error::Located;
use crate::site::fetch::Client;
use crate::site::pages::{Pages, PagesError, Wanted};
use crate::site::{Site, crawl, sitemap};
use crate::spec::{Case, Collection, PageSource, Specs};

/// How long a document may take that only serves to find pages.
const PATIENCE: Duration = Duration::from_secs(30);

/// All cases of the specs.
#[derive(Debug)]
pub struct Expanded {
    /// In the order of the specs.
    pub cases: Vec<Case>,
    /// What people should know about what was left out.
    pub notes: Vec<String>,
}

/// Why the cases are not known.
#[derive(Debug, thiserror::Error)]
pub enum ExpandError {
    /// The pages of a collection are not known.
    #[error("{}", crate::error::render_all(std::slice::from_ref(.0), crate::error::Colour::Plain).trim_end())]
    Pages(Box<Located>),
    /// Pages cannot be tested beside each other.
    #[error("{}", crate::error::render_all(.0, crate::error::Colour::Plain).trim_end())]
    Cases(Vec<Located>),
    /// The asking was cut short.
    #[error("the search for pages was interrupted: {0}")]
    Cut(String),
}

/// Asks the site for the pages of every collection. To be called in a tokio runtime.
///
/// # Errors
/// [`ExpandError`]
pub async fn expand(specs: Specs, site: Option<&Site>) -> Result<Expanded, ExpandError> {
    let own = site.map(|site| site.base().origin());
    let mut found = Vec::new();
    let mut notes = Vec::new();
    for collection in specs.collections() {
        let pages = pages(collection, site).await?;
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
) -> Result<Vec<Case>, Vec<Located>> {
    let mut found = found.iter();
    let next = |_: &Collection| found.next().map(Vec::as_slice).unwrap_or_default();
    specs.into_cases(next, own)
}

async fn pages(collection: &Collection, site: Option<&Site>) -> Result<Pages, ExpandError> {
    let address = collection.address();
    let failed = |title: String| {
        let place = address.place.clone();
        ExpandError::Pages(Box::new(Located::new(title, place)))
    };
    let url = super::visit::complete(&address.value, site)
        .map_err(|error: RunError| failed(error.to_string()))?;
    let wanted = Wanted {
        globs: collection.globs.clone(),
        limit: collection.limit,
    };
    let source = collection.source.clone();
    let base = site.map_or_else(|| root_of(&url), |site| site.base().clone());
    let search = move || -> Result<Pages, PagesError> {
        let client = Client::new(PATIENCE, &url);
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

/// The root of the host.
fn root_of(url: &Url) -> Url {
    url.join("/").unwrap_or_else(|_| url.clone())
}
