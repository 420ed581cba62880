//! `ariasnap.yml`.

use std::path::{Path, PathBuf};

use url::Url;

use super::pages::{take_credentials, whole_url};
use super::reader::{Field, Problem, Reader, keys};
use super::settings::{DEFAULT_KEYS, SESSIONS, Settings};
use super::value::{FailOn, Failing, Install, Jobs, Timeout, web_url};
use super::variables::Variables;
use super::yaml::{self, Kind, Node};
use crate::source::{Diagnostic, Place, SourceText, Spanned};

/// The configuration, with defaults for what it leaves out. Paths are joined to its folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the configuration file.
    pub root: PathBuf,
    /// Where pages come from; `None` where every case has a whole URL or its own markup.
    pub site: Option<SiteConfig>,
    /// Which certificates of the site are trusted besides those of public authorities.
    pub certificates: Option<Certificates>,
    /// The folder of specs.
    pub specs: PathBuf,
    /// The folder of sessions, within that of specs by default.
    pub sessions: PathBuf,
    /// The folder of baselines.
    pub snapshots: PathBuf,
    /// How many pages are open at a time.
    pub jobs: Jobs,
    /// Which changes make a run fail.
    pub fail_on: FailOn,
    /// How the browser is found.
    pub browser: BrowserConfig,
    pub(super) defaults: Settings,
    pub(super) variables: Variables,
    /// `site` could not be read: whether there is one is not known.
    pub(super) is_site_unknown: bool,
    /// The command line has the address of the site; `site` is not read.
    is_site_given: bool,
}

/// Where the pages of a site come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteConfig {
    /// A folder that is served.
    Dir {
        /// The folder.
        dir: PathBuf,
        /// Where it was named, for errors about it.
        place: Place,
        /// The file that is served in place of a missing one, relative to the folder.
        fallback: Option<PathBuf>,
        /// The path that the site was built for, with slashes around it: `/` or `/handbook/`.
        base: String,
    },
    /// A server elsewhere.
    Url(Url),
    /// A server that a command runs.
    Command(CommandConfig),
}

/// Which certificates of a site are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certificates {
    /// Any.
    Accept,
    /// Those in a file in the format PEM, and of authorities in it.
    File(Spanned<PathBuf>),
}

impl Certificates {
    /// Reads a value; a path starts at the folder `root`.
    pub fn new(text: Spanned<String>, root: &Path) -> Certificates {
        match text.value.as_str() {
            "accept" => Certificates::Accept,
            file => Certificates::File(Spanned {
                value: root.join(file),
                place: text.place,
            }),
        }
    }
}

/// A server that is started for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandConfig {
    /// What the shell runs, in the folder of the configuration.
    pub command: String,
    /// The address that answers once the site is ready.
    pub url: Url,
    /// How long that may take.
    pub timeout: Timeout,
    /// Whether a server that answers already is used instead.
    pub reuse: bool,
}

/// How the browser is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BrowserConfig {
    /// The program to run.
    pub path: Option<PathBuf>,
    /// Whether a missing one is installed.
    pub install: Install,
    /// DevTools endpoints of browsers elsewhere, in place of a local one.
    pub endpoints: Vec<Url>,
}

impl Config {
    /// Returns the configuration of a folder that has no file of its own.
    pub fn without_file(root: &Path) -> Config {
        Config {
            root: root.to_owned(),
            site: None,
            certificates: None,
            specs: root.join("specs"),
            sessions: root.join("specs").join(SESSIONS),
            snapshots: root.join("snapshots"),
            jobs: Jobs::default(),
            fail_on: FailOn::default(),
            browser: BrowserConfig::default(),
            defaults: Settings::default(),
            variables: Variables::default(),
            is_site_unknown: false,
            is_site_given: false,
        }
    }

    /// Returns the same configuration, whose specs read these variables.
    #[must_use]
    pub fn with_variables(mut self, variables: Variables) -> Config {
        self.variables = variables;
        self
    }

    /// Tests a server elsewhere in place of the site.
    pub(super) fn use_url(&mut self, url: &str) -> Result<(), Diagnostic> {
        self.is_site_given = true;
        let place = SourceText::new("--url", url).part(0..url.len());
        let parse = |text: &str| {
            let parsed = web_url(text, &["https", "http"]);
            parsed.map_err(|why| Diagnostic::new(why, place.clone()))
        };
        let mut plain = Spanned {
            value: parse(url)?.to_string(),
            place: place.clone(),
        };
        let auth = take_credentials(&mut plain);
        self.site = Some(SiteConfig::Url(parse(&plain.value)?));
        self.add_credentials(auth);
        Ok(())
    }

    /// Credentials that the address of the site has belong to every case without its own.
    fn add_credentials(&mut self, auth: Option<super::BasicAuth>) {
        let Some(auth) = auth else { return };
        self.defaults.hidden.0.push(auth.password.value.clone());
        self.defaults.emulation.basic_auth.get_or_insert(auth);
    }

    /// Reads the text of a configuration whose file is in the folder `root`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(
        file: &SourceText,
        root: &Path,
        variables: &Variables,
    ) -> Result<Config, Vec<Diagnostic>> {
        let (config, problems) = Config::read(file, root, variables, None);
        match problems.is_empty() {
            true => Ok(config),
            false => Err(problems),
        }
    }

    /// Reads as much of a configuration as can be read.
    pub(super) fn read(
        file: &SourceText,
        root: &Path,
        variables: &Variables,
        url: Option<&str>,
    ) -> (Config, Vec<Diagnostic>) {
        let mut config = Config::without_file(root).with_variables(variables.clone());
        let mut problems = Vec::new();
        if let Some(url) = url {
            problems.extend(config.use_url(url).err());
        }
        let documents = match yaml::documents(file, &mut problems) {
            Ok(documents) => documents,
            Err(error) => {
                config.is_site_unknown = true;
                return (config, vec![error]);
            }
        };
        if let Some(second) = documents.get(1) {
            let place = file.place(second.span);
            problems.push(
                Diagnostic::new("a configuration is one document", place)
                    .with_help("remove the `---` between the two"),
            );
        }
        // A file of comments alone is a configuration of defaults.
        if let Some(document) = documents.first()
            && !matches!(document.kind, Kind::Null)
        {
            let reader = Reader::new(file, variables);
            reader.mapping(document, "the configuration", &[KEYS], &mut config);
            problems.extend(reader.problems.into_inner());
            config.defaults.hidden.0.extend(reader.hidden.into_inner());
        }
        (config, super::sorted(problems))
    }
}

keys! {
    KEYS: Config {
        "site" "the place where pages come from, as in `site: {dir: build}`, `site: {url: https://example.com}` or `site: {command: npm start, url: \"http://localhost:3000/\"}`"
            => |to, field| site(to, field);
        "specs" "the folder of specs, as in `specs: specs`"
            => |to, field| field.text().map(|folder| {
                let own = to.specs.join(SESSIONS);
                to.specs = to.root.join(folder.value);
                if to.sessions == own {
                    to.sessions = to.specs.join(SESSIONS);
                }
            });
        "sessions" "the folder of sessions, as in `sessions: specs/sessions`"
            => |to, field| field.text().map(|folder| to.sessions = to.root.join(folder.value));
        "snapshots" "the folder of baselines, as in `snapshots: snapshots`"
            => |to, field| field.text().map(|folder| to.snapshots = to.root.join(folder.value));
        "defaults" "keys that all specs share, as in `defaults: {viewport: 1280x720}`"
            => |to, field| { field.mapping(DEFAULT_KEYS, &mut to.defaults); Ok(()) };
        "jobs" "the number of pages open at a time: `auto` or a number, as in `jobs: 4`"
            => |to, field| field.parsed().map(|value| to.jobs = value);
        "fail-on" "`any`, `regression`, or a list, as in `fail-on: [regression, content]`"
            => |to, field| fail_on(field).map(|value| to.fail_on = value);
        "browser" "how to find a browser, as in `browser: {install: auto}`"
            => |to, field| { browser(to, field); Ok(()) };
    }
}

keys! {
    BROWSER_KEYS: BrowserConfig {
        "path" "the program to run, as in `path: /usr/bin/chromium`, or `~` for the one found"
            => |to, field| match field.node.kind {
                Kind::Null => Ok(()),
                _ => field.text().map(|path| to.path = Some(path.value.into())),
            };
        "install" "what to do without a browser: `never`, `ask` or `auto`"
            => |to, field| field.choice().map(|value| to.install = value);
        "endpoint" "DevTools endpoints, as in `endpoint: [\"ws://127.0.0.1:9222/devtools/browser/1\"]`, or `~` for a local browser"
            => |to, field| { to.endpoints = endpoints(field); Ok(()) };
    }
}

fn browser(config: &mut Config, field: Field<'_>) {
    field.mapping(&[BROWSER_KEYS], &mut config.browser);
    // A bare name is looked up as a command; all other paths start at the file's folder.
    if let Some(path) = &mut config.browser.path
        && path.components().count() > 1
    {
        *path = config.root.join(&*path);
    }
}

/// Builds are often made before the first answer.
const START_TIMEOUT: Timeout = Timeout(std::time::Duration::from_secs(60));

#[derive(Default)]
pub(super) struct SiteKeys {
    dir: Option<Spanned<String>>,
    url: Option<Spanned<Url>>,
    base: Option<Spanned<String>>,
    fallback: Option<Spanned<String>>,
    command: Option<Spanned<String>>,
    timeout: Option<Spanned<Timeout>>,
    reuse: Option<Spanned<bool>>,
    certificates: Option<Spanned<String>>,
    auth: Option<super::BasicAuth>,
}

keys! {
    SITE_KEYS: SiteKeys {
        "dir" "the folder to serve, as in `dir: build`"
            => |to, field| field.text().map(|value| to.dir = Some(value));
        "url" "a whole URL, as in `url: https://staging.example.com`"
            => |to, field| site_url(to, field);
        "base" "the path that the site was built for, as in `base: /handbook/`"
            => |to, field| base(field).map(|value| to.base = Some(value));
        "command" "what starts the site, as in `command: npm start`"
            => |to, field| field.foreign().map(|value| to.command = Some(value));
        "timeout" "how long the site may take until it answers, as in `timeout: 2m`"
            => |to, field| field.parsed().map(|value| to.timeout = Some(field.spanned(value, field.node.span)));
        "reuse" "`true` where a site that answers already is to be tested, else `false`"
            => |to, field| field.flag().map(|value| to.reuse = Some(field.spanned(value, field.node.span)));
        "certificates" "`accept`, or a file of certificates in the format PEM, as in `certificates: ca.pem`"
            => |to, field| field.text().map(|value| to.certificates = Some(value));
        "fallback" "the file to serve for paths that have none, as in `fallback: index.html`"
            => |to, field| field.text().map(|value| to.fallback = Some(value));
    }
}

fn site_url(keys: &mut SiteKeys, field: Field<'_>) -> Result<(), Problem> {
    let whole = whole_url(field, &["https", "http"])?;
    let mut plain = field.spanned(whole.value.to_string(), field.node.span);
    keys.auth = take_credentials(&mut plain);
    let value = web_url(&plain.value, &["https", "http"]).map_err(|why| field.wrong(why))?;
    keys.url = Some(field.spanned(value, field.node.span));
    Ok(())
}

fn base(field: Field<'_>) -> Result<Spanned<String>, Problem> {
    let mut base = field.text()?;
    let path = base.value.trim_matches('/').to_owned();
    if !base.value.starts_with('/') || path.contains(['?', '#']) {
        return Err(field.wrong(format!("`{}` is not a path", base.value)));
    }
    base.value = match path.is_empty() {
        true => "/".to_owned(),
        false => format!("/{path}/"),
    };
    Ok(base)
}

fn site(config: &mut Config, field: Field<'_>) -> Result<(), Problem> {
    if config.is_site_given {
        return certificates(config, field);
    }
    // Until it is read.
    config.is_site_unknown = true;
    let mut keys = SiteKeys::default();
    if !field.is_mapped(&[SITE_KEYS], &mut keys) {
        return Ok(());
    }
    config.add_credentials(keys.auth.take());
    if let (Some(key), Some(_)) = (&keys.certificates, &keys.dir) {
        let what = "`certificates` belongs to `url`: a served folder has none";
        return Err(Problem::new(what, key.place.span).with_help("remove it"));
    }
    let certificates = keys.certificates.take();
    config.certificates = certificates.map(|text| Certificates::new(text, &config.root));
    config.site = Some(site_of(keys, field, &config.root)?);
    config.is_site_unknown = false;
    Ok(())
}

/// Reads what holds for the address of the command line too.
fn certificates(config: &mut Config, field: Field<'_>) -> Result<(), Problem> {
    let Kind::Map(entries) = &field.node.kind else {
        return Ok(());
    };
    if let Some(entry) = entries.iter().find(|entry| entry.key == "certificates") {
        let text = field.text_of(&entry.value)?;
        config.certificates = Some(Certificates::new(text, &config.root));
    }
    Ok(())
}

/// Returns the one kind of site that the keys describe.
fn site_of(keys: SiteKeys, field: Field<'_>, root: &Path) -> Result<SiteConfig, Problem> {
    let foreign =
        |what: &str, place: &Place, help| Err(Problem::new(what, place.span).with_help(help));
    let of_dir = [("fallback", &keys.fallback), ("base", &keys.base)];
    for (name, key) in of_dir {
        if let (Some(key), None) = (key, &keys.dir) {
            let what = format!("`{name}` belongs to `dir`: only a served folder has one");
            return foreign(&what, &key.place, "remove it, or serve a folder with `dir`");
        }
    }
    let timeout = keys.timeout.as_ref().map(|key| &key.place);
    let reuse = keys.reuse.as_ref().map(|key| &key.place);
    for (name, place) in [("timeout", timeout), ("reuse", reuse)] {
        if let (Some(place), None) = (place, &keys.command) {
            let what = format!("`{name}` belongs to `command`: only a started site has one");
            return foreign(&what, place, "remove it, or start the site with `command`");
        }
    }
    let two = |one, other, place: &Place| {
        let what = format!("`site` has both `{one}` and `{other}`");
        foreign(&what, place, "remove one of the two")
    };
    match (keys.dir, keys.url, keys.command) {
        (Some(dir), None, None) => Ok(SiteConfig::Dir {
            dir: root.join(&dir.value),
            place: dir.place,
            fallback: keys.fallback.map(|fallback| PathBuf::from(fallback.value)),
            base: keys.base.map_or_else(|| "/".to_owned(), |base| base.value),
        }),
        (None, Some(url), None) => Ok(SiteConfig::Url(url.value)),
        (None, Some(url), Some(command)) => Ok(SiteConfig::Command(CommandConfig {
            command: command.value,
            url: url.value,
            timeout: keys.timeout.map_or(START_TIMEOUT, |timeout| timeout.value),
            reuse: keys.reuse.is_some_and(|reuse| reuse.value),
        })),
        (Some(_), Some(url), _) => two("dir", "url", &url.place),
        (Some(_), None, Some(command)) => two("dir", "command", &command.place),
        (None, None, Some(command)) => foreign(
            "`command` needs the `url` that answers once the site is ready",
            &command.place,
            "add it to `site`, as in `url: \"http://localhost:3000/\"`",
        ),
        (None, None, None) => Err(field.wrong("it has none of `dir`, `url` and `command`")),
    }
}

fn fail_on(field: Field<'_>) -> Result<FailOn, Problem> {
    if let Kind::List(items) = &field.node.kind {
        let list: Vec<Failing> = field.each(items, |item| field.choice_of(item));
        return Ok(FailOn::Only(list));
    }
    if field.text()?.value == "any" {
        return Ok(FailOn::Any);
    }
    field.choice().map(|failing| FailOn::Only(vec![failing]))
}

fn endpoints(field: Field<'_>) -> Vec<Url> {
    let nodes: &[Node] = match &field.node.kind {
        Kind::Null => &[],
        _ => field.node.items(),
    };
    field.each(nodes, |node| {
        let text = field.text_of(node)?.value;
        web_url(&text, &["ws", "wss", "http", "https"]).map_err(|why| field.wrong_at(node, why))
    })
}
