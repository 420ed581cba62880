//! Finds the pages of a site, and writes a first configuration and spec.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::new_file::new_file_in;
use crate::site::certificates::Trust;
use crate::site::fetch::{Client, FetchError};
use crate::site::pages::{Pages, PagesError, Wanted};
use crate::site::{Server, crawl, folder, sitemap};

/// The time limit for one document.
const PATIENCE: Duration = Duration::from_secs(30);

/// The size limit of `robots.txt`, in bytes.
const MOST_BYTES: u64 = 4 << 20;

/// How many pages of a sitemap a spec uses by default.
const SITEMAP_LIMIT: usize = 5_000;

/// How many pages the search by links visits.
const CRAWL_LIMIT: usize = 100;
const CRAWL_DEPTH: u32 = 5;

/// The site to describe.
#[derive(Debug, Clone)]
pub enum Source {
    /// A folder of HTML.
    Folder {
        path: PathBuf,
        /// The path for the configuration.
        shown: String,
    },
    /// A running site.
    Url {
        url: Url,
        trust: Trust,
        /// The value of `certificates` for the configuration.
        certificates: Option<String>,
    },
}

/// The files to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The text of `ariasnap.yml`.
    pub config: String,
    /// The text of the spec.
    pub spec: String,
    pub pages: usize,
    /// How the pages were found.
    pub how: String,
    pub notes: Vec<String>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The site does not answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// No page was found.
    #[error(transparent)]
    Pages(#[from] PagesError),
    /// The folder has no page.
    #[error(
        "{} has no HTML pages; build the site first, or name the folder with the built site",
        .0.display()
    )]
    NoPages(PathBuf),
    /// The folder cannot be read or served.
    #[error("cannot read the folder: {0}")]
    Folder(#[from] io::Error),
    /// A file already exists.
    #[error(
        "{} already, so nothing was written; delete or rename {} first",
        exist(.0),
        if .0.len() == 1 { "it" } else { "them" }
    )]
    Exists(Vec<PathBuf>),
}

fn exist(files: &[PathBuf]) -> String {
    let names: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let verb = if names.len() == 1 { "exists" } else { "exist" };
    format!("{} {verb}", names.join(" and "))
}

/// Finds the pages of a site. Call it in a tokio runtime.
///
/// # Errors
/// The site cannot be read, or has no pages.
pub async fn plan(source: &Source) -> Result<Plan, InitError> {
    match source {
        Source::Folder { path, shown } => {
            let server = Server::start(path, None)
                .await
                .map_err(|error| io::Error::other(error.to_string()))?;
            let (base, path, shown) = (server.base().clone(), path.clone(), shown.clone());
            blocking(move || of_folder(&base, &path, &shown)).await
        }
        Source::Url {
            url,
            trust,
            certificates,
        } => {
            let (url, trust) = (url.clone(), trust.clone());
            let keys = certificates.as_ref().map_or_else(String::new, |value| {
                format!("  certificates: {}\n", scalar(value))
            });
            blocking(move || of_url(&url, &trust, &keys)).await
        }
    }
}

async fn blocking(
    work: impl FnOnce() -> Result<Plan, InitError> + Send + 'static,
) -> Result<Plan, InitError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(plan) => plan,
        Err(error) => Err(io::Error::other(error).into()),
    }
}

/// Writes both files, or neither if one of them exists.
///
/// # Errors
/// A file exists or cannot be written.
pub fn write(plan: &Plan, config: &Path, spec: &Path) -> Result<(), InitError> {
    let files = [config, spec];
    let there: Vec<PathBuf> = files
        .iter()
        .filter(|file| file.symlink_metadata().is_ok())
        .map(|file| file.to_path_buf())
        .collect();
    if !there.is_empty() {
        return Err(InitError::Exists(there));
    }
    for (file, text) in [(spec, &plan.spec), (config, &plan.config)] {
        let folder = file.parent().unwrap_or(Path::new("."));
        fs_err::create_dir_all(folder)?;
        let temporary = new_file_in(folder)?;
        fs_err::write(temporary.path(), text)?;
        temporary
            .persist_noclobber(file)
            .map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => InitError::Exists(vec![file.to_owned()]),
                _ => InitError::Folder(error.error),
            })?;
    }
    Ok(())
}

fn of_folder(base: &Url, path: &Path, shown: &str) -> Result<Plan, InitError> {
    let site = format!("site:\n  dir: {}\n", scalar(shown));
    if path.join("sitemap.xml").is_file()
        && let Some(found) = sitemap_of(&root(base, "sitemap.xml"), base, &Trust::Public)
        && is_there(&found, base)
    {
        return Ok(found.plan(&site));
    }
    let pages = folder::pages(path)?;
    if pages.is_empty() {
        return Err(InitError::NoPages(path.to_owned()));
    }
    let how = format!("HTML files in {shown}");
    Ok(listed(&site, &pages, how, Vec::new()))
}

/// `keys` are more keys of `site` for the configuration.
fn of_url(given: &Url, trust: &Trust, keys: &str) -> Result<Plan, InitError> {
    let client = Client::new(PATIENCE, given, trust);
    let start = client.get(given, 64 << 20)?.ok()?;
    let mut notes = Vec::new();
    let mut site = given.clone();
    if start.url.origin() != given.origin() {
        notes.push(format!("{given} redirects to {}, which is used", start.url));
        site = start.url.clone();
    }
    site.set_query(None);
    site.set_fragment(None);
    let text = format!("site:\n  url: {}\n{keys}", scalar(site.as_str()));
    for address in sitemap_addresses(&client, &site) {
        if let Some(found) = sitemap_of(&address, &site, trust) {
            let mut plan = found.plan(&text);
            plan.notes.splice(0..0, notes);
            return Ok(plan);
        }
    }
    let wanted = Wanted {
        limit: CRAWL_LIMIT,
        ..Wanted::default()
    };
    let found = crawl::pages(&client, &start.url, CRAWL_DEPTH, &wanted)?;
    notes.extend(found.notes);
    let pages: Vec<String> = found.urls.iter().map(reference).collect();
    let how = format!("links on {}", start.url);
    Ok(listed(&text, &pages, how, notes))
}

/// Lists the possible addresses of a sitemap: <https://www.sitemaps.org/protocol.html#submit_robots>
fn sitemap_addresses(client: &Client, site: &Url) -> Vec<Url> {
    let mut addresses = Vec::new();
    let robots = client.get(&root(site, "/robots.txt"), MOST_BYTES);
    if let Ok(robots) = robots.and_then(crate::site::fetch::Fetched::ok)
        && !robots.is_html()
    {
        let text = String::from_utf8_lossy(&robots.body).into_owned();
        let named = text.lines().filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            let is_sitemap = key.trim().eq_ignore_ascii_case("sitemap");
            is_sitemap.then(|| site.join(value.trim()).ok())?
        });
        addresses.extend(named);
    }
    for usual in ["sitemap.xml", "/sitemap.xml", "/sitemap_index.xml"] {
        addresses.push(root(site, usual));
    }
    let mut met = std::collections::HashSet::new();
    addresses.retain(|address| met.insert(address.clone()));
    addresses
}

fn root(site: &Url, path: &str) -> Url {
    site.join(path).unwrap_or_else(|_| site.clone())
}

/// A sitemap.
struct Found {
    address: Url,
    site: Url,
    base: Option<Url>,
    /// The folder of the site, if the sitemap has pages outside it.
    include: Option<String>,
    pages: Pages,
}

fn sitemap_of(address: &Url, site: &Url, trust: &Trust) -> Option<Found> {
    let client = Client::new(PATIENCE, address, trust);
    let mut wanted = Wanted {
        limit: usize::MAX,
        ..Wanted::default()
    };
    let read =
        |base: Option<&Url>, wanted: &Wanted| sitemap::pages(&client, address, site, base, wanted);
    let (base, pages) = match read(None, &wanted) {
        Ok(pages) => (None, pages),
        Err(PagesError::OtherHosts { others, .. }) => {
            let base = Url::parse(others.first()?).ok()?;
            let pages = read(Some(&base), &wanted).ok()?;
            (Some(base), pages)
        }
        Err(_) => return None,
    };
    let mut found = Found {
        address: address.clone(),
        site: site.clone(),
        base,
        include: None,
        pages,
    };
    let folder = root(site, ".");
    if folder.path() != "/" && found.base.is_none() {
        let glob = format!("{}*", folder.path());
        wanted.globs.include(&glob).ok()?;
        if let Ok(inside) = read(None, &wanted)
            && inside.urls.len() < found.pages.urls.len()
        {
            found.pages = inside;
            found.include = Some(glob);
        }
    }
    Some(found)
}

/// Whether the pages of a sitemap exist: a published site may be in a subfolder, unlike the built one.
fn is_there(found: &Found, base: &Url) -> bool {
    let client = Client::new(PATIENCE, base, &Trust::Public);
    let mut sample = found.pages.urls.iter().take(3);
    sample.any(|page| {
        client
            .get(page, 64 << 20)
            .is_ok_and(|page| page.status < 400)
    })
}

impl Found {
    fn plan(self, site: &str) -> Plan {
        let own = self.address.origin() == self.site.origin();
        let address = if own {
            reference(&self.address)
        } else {
            self.address.to_string()
        };
        let count = self.pages.urls.len();
        let mut spec =
            "# All pages of the sitemap. Their baselines are in snapshots/pages/.\n".to_owned();
        let mut keys = Vec::new();
        if let Some(base) = &self.base {
            keys.push(format!("  base: {}\n", scalar(base.as_str())));
        }
        if let Some(include) = &self.include {
            keys.push(format!("  include: [{}]\n", scalar(include)));
        }
        if count > SITEMAP_LIMIT {
            keys.push(format!("  limit: {}\n", count.next_multiple_of(1000)));
        }
        if keys.is_empty() {
            let _ = writeln!(spec, "sitemap: {}", scalar(&address));
            spec.push_str("# To exclude some: sitemap: {url: /sitemap.xml, exclude: [/blog/*]}\n");
        } else {
            let _ = write!(
                spec,
                "sitemap:\n  url: {}\n{}",
                scalar(&address),
                keys.concat()
            );
        }
        Plan {
            config: config(site),
            spec,
            pages: count,
            how: format!("sitemap {address}"),
            notes: self.pages.notes,
        }
    }
}

fn listed(site: &str, pages: &[String], how: String, notes: Vec<String>) -> Plan {
    let mut spec =
        format!("# Pages from the {how}. Their baselines are in snapshots/pages/.\npages:\n");
    for page in pages {
        let _ = writeln!(spec, "  - {}", scalar(page));
    }
    Plan {
        config: config(site),
        spec,
        pages: pages.len(),
        how,
        notes,
    }
}

fn config(site: &str) -> String {
    format!(
        "# The configuration of ariasnap.\n\
         # If a command serves the site: site: {{command: npm start, url: \"http://localhost:3000/\"}}\n\
         {site}\
         defaults:\n  viewport: 1280x720\n  timeout: 30s\n"
    )
}

fn reference(url: &Url) -> String {
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}

/// Writes a text as YAML, without quotes if it is unambiguous.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/._~%+-=?&".contains(c));
    if is_plain {
        return text.to_owned();
    }
    // A JSON string is a YAML string: <https://yaml.org/spec/1.2.2/#12-yaml-history>
    serde_json::Value::from(text).to_string()
}
