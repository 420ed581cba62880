//! `ariasnap.yml`.

use std::path::{Path, PathBuf};

use url::Url;

use super::emulation::EMULATION_ROWS;
use super::settings::{SHARED_ROWS, Settings};
use super::state::{SESSIONS, STATE_ROWS, VARIABLE_ROWS};
use super::table::{self, Field, Problem, Row};
use super::value::{FailOn, Failing, Install, Jobs, Timeout, web_url};
use super::yaml::{self, Kind, Node};
use crate::error::{Located, Place, SourceText, Spanned};

/// The configuration, with the defaults of what it leaves out. Paths are joined to its folder.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of the configuration file.
    pub root: PathBuf,
    /// Where pages come from; `None` where every case brings a whole URL or its own markup.
    pub site: Option<SiteConfig>,
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
    /// Which browser.
    pub browser: BrowserConfig,
    pub(super) defaults: Settings,
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
    },
    /// A server elsewhere.
    Url(Url),
    /// A server that a command runs.
    Command(CommandConfig),
}

/// A server that is started for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandConfig {
    /// What the shell runs, in the folder of the configuration.
    pub command: String,
    /// The address that answers when it is ready.
    pub url: Url,
    /// How long that may take.
    pub timeout: Timeout,
    /// Whether a server that answers already is taken in its place.
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
    /// The configuration of a folder that has no file of its own.
    pub fn without_file(root: &Path) -> Config {
        Config {
            root: root.to_owned(),
            site: None,
            specs: root.join("specs"),
            sessions: root.join("specs").join(SESSIONS),
            snapshots: root.join("snapshots"),
            jobs: Jobs::default(),
            fail_on: FailOn::default(),
            browser: BrowserConfig::default(),
            defaults: Settings::default(),
        }
    }

    /// Reads the text of a configuration whose file is in the folder `root`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the text.
    pub fn parse(file: &SourceText, root: &Path) -> Result<Config, Vec<Located>> {
        let mut problems = Vec::new();
        let mut config = Config::without_file(root);
        let documents = yaml::documents(file, &mut problems).map_err(|error| vec![error])?;
        if let Some(second) = documents.get(1) {
            problems.push(
                Located::new(
                    "a configuration is one document",
                    file.place(second.span.clone()),
                )
                .with_help("remove the `---` between the two"),
            );
        }
        // A file of comments alone is a configuration of defaults.
        if let Some(document) = documents.first()
            && !matches!(document.kind, Kind::Null)
        {
            problems.extend(super::references::unread(file, document));
            let what = "the configuration";
            table::read(file, document, what, &[ROWS], &mut config, &mut problems);
        }
        super::in_order(problems).map(|()| config)
    }
}

const ROWS: &[Row<Config>] = &[
    Row {
        key: "site",
        expects: "the place where pages come from, as in `site: {dir: build}`, \
                  `site: {url: https://example.com}` or \
                  `site: {command: npm start, url: \"http://localhost:3000/\"}`",
        read: |config, field| {
            config.site = site(field, &config.root)?;
            Ok(())
        },
    },
    Row {
        key: "specs",
        expects: "the folder of specs, as in `specs: specs`",
        read: |config, field| {
            let own = config.specs.join(SESSIONS);
            config.specs = config.root.join(field.text()?.value);
            if config.sessions == own {
                config.sessions = config.specs.join(SESSIONS);
            }
            Ok(())
        },
    },
    Row {
        key: "sessions",
        expects: "the folder of sessions, as in `sessions: specs/sessions`",
        read: |config, field| {
            config.sessions = config.root.join(field.text()?.value);
            Ok(())
        },
    },
    Row {
        key: "snapshots",
        expects: "the folder of baselines, as in `snapshots: snapshots`",
        read: |config, field| {
            config.snapshots = config.root.join(field.text()?.value);
            Ok(())
        },
    },
    Row {
        key: "defaults",
        expects: "keys that all specs share, as in `defaults: {viewport: 1280x720}`",
        read: |config, field| {
            let tables = [SHARED_ROWS, EMULATION_ROWS, VARIABLE_ROWS, STATE_ROWS];
            field.table(&tables, &mut config.defaults);
            Ok(())
        },
    },
    Row {
        key: "jobs",
        expects: "the number of pages open at a time: `auto` or a number, as in `jobs: 4`",
        read: |config, field| {
            config.jobs = field.parsed()?;
            Ok(())
        },
    },
    Row {
        key: "fail-on",
        expects: "`any`, `regression`, or a list, as in `fail-on: [regression, content]`",
        read: |config, field| {
            config.fail_on = fail_on(field)?;
            Ok(())
        },
    },
    Row {
        key: "browser",
        expects: "the way to a browser, as in `browser: {install: auto}`",
        read: |config, field| {
            field.table(&[BROWSER_ROWS], &mut config.browser);
            // A bare name is looked up as a command; all other paths start at the file's folder.
            if let Some(path) = &mut config.browser.path
                && path.components().count() > 1
            {
                *path = config.root.join(&*path);
            }
            Ok(())
        },
    },
];

const BROWSER_ROWS: &[Row<BrowserConfig>] = &[
    Row {
        key: "path",
        expects: "the program to run, as in `path: /usr/bin/chromium`, or `~` for the one found",
        read: |browser, field| {
            if !matches!(field.node.kind, Kind::Null) {
                browser.path = Some(field.text()?.value.into());
            }
            Ok(())
        },
    },
    Row {
        key: "install",
        expects: "what to do without a browser: `never`, `ask` or `auto`",
        read: |browser, field| {
            browser.install = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "endpoint",
        expects: "DevTools endpoints, as in `endpoint: [\"ws://127.0.0.1:9222/devtools/browser/1\"]`, \
                  or `~` for a local browser",
        read: |browser, field| {
            browser.endpoints = endpoints(field)?;
            Ok(())
        },
    },
];

/// Builds are often made before the first answer.
const START_TIMEOUT: Timeout = Timeout(std::time::Duration::from_secs(60));

#[derive(Default)]
struct SiteKeys {
    dir: Option<Spanned<String>>,
    url: Option<Spanned<Url>>,
    fallback: Option<Spanned<String>>,
    command: Option<Spanned<String>>,
    timeout: Option<Spanned<Timeout>>,
    reuse: Option<Spanned<bool>>,
}

const SITE_ROWS: &[Row<SiteKeys>] = &[
    Row {
        key: "dir",
        expects: "the folder to serve, as in `dir: build`",
        read: |site, field| {
            site.dir = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "url",
        expects: "a whole URL, as in `url: https://staging.example.com`",
        read: |site, field| {
            let Spanned { value, place } = field.text()?;
            let value = web_url(&value, &["https", "http"]).map_err(|why| field.wrong(why))?;
            site.url = Some(Spanned { value, place });
            Ok(())
        },
    },
    Row {
        key: "command",
        expects: "what starts the site, as in `command: npm start`",
        read: |site, field| {
            site.command = Some(field.text()?);
            Ok(())
        },
    },
    Row {
        key: "timeout",
        expects: "how long the site may take until it answers, as in `timeout: 2m`",
        read: |site, field| {
            let Spanned { place, .. } = field.text()?;
            let value = field.parsed()?;
            site.timeout = Some(Spanned { value, place });
            Ok(())
        },
    },
    Row {
        key: "reuse",
        expects: "`true` where a site that answers already is to be tested, else `false`",
        read: |site, field| {
            let Spanned { place, .. } = field.text()?;
            let value = field.parsed()?;
            site.reuse = Some(Spanned { value, place });
            Ok(())
        },
    },
    Row {
        key: "fallback",
        expects: "the file to serve for paths that have none, as in `fallback: index.html`",
        read: |site, field| {
            site.fallback = Some(field.text()?);
            Ok(())
        },
    },
];

fn site(field: &mut Field<'_>, root: &Path) -> Result<Option<SiteConfig>, Problem> {
    let before = field.problems.len();
    let mut keys = SiteKeys::default();
    field.table(&[SITE_ROWS], &mut keys);
    if field.problems.len() > before {
        return Ok(None);
    }
    if let Some(fallback) = &keys.fallback
        && keys.dir.is_none()
    {
        return Err(Problem {
            title: "`fallback` belongs to `dir`: only a served folder has one".to_owned(),
            span: fallback.place.span.clone(),
            help: Some("remove it, or serve a folder with `dir`"),
        });
    }
    let of_command = [
        (
            "timeout",
            keys.timeout.as_ref().map(|timeout| &timeout.place),
        ),
        ("reuse", keys.reuse.as_ref().map(|reuse| &reuse.place)),
    ];
    for (name, place) in of_command {
        if let (Some(place), None) = (place, &keys.command) {
            return Err(Problem {
                title: format!("`{name}` belongs to `command`: only a started site has one"),
                span: place.span.clone(),
                help: Some("remove it, or start the site with `command`"),
            });
        }
    }
    match (keys.dir, keys.url, keys.command) {
        (Some(dir), None, None) => Ok(Some(SiteConfig::Dir {
            dir: root.join(&dir.value),
            place: dir.place,
            fallback: keys.fallback.map(|fallback| PathBuf::from(fallback.value)),
        })),
        (None, Some(url), None) => Ok(Some(SiteConfig::Url(url.value))),
        (None, Some(url), Some(command)) => Ok(Some(SiteConfig::Command(CommandConfig {
            command: command.value,
            url: url.value,
            timeout: keys
                .timeout
                .map(|timeout| timeout.value)
                .unwrap_or(START_TIMEOUT),
            reuse: keys.reuse.is_some_and(|reuse| reuse.value),
        }))),
        (Some(_), Some(url), _) => Err(two("dir", "url", &url.place)),
        (Some(_), None, Some(command)) => Err(two("dir", "command", &command.place)),
        (None, None, Some(command)) => Err(Problem {
            title: "`command` needs the `url` that answers when the site is ready".to_owned(),
            span: command.place.span,
            help: Some("add it to `site`, as in `url: \"http://localhost:3000/\"`"),
        }),
        (None, None, None) => Err(field.wrong("it has none of `dir`, `url` and `command`")),
    }
}

fn two(one: &str, other: &str, place: &Place) -> Problem {
    Problem {
        title: format!("`site` has both `{one}` and `{other}`"),
        span: place.span.clone(),
        help: Some("remove one of the two"),
    }
}

fn fail_on(field: &Field<'_>) -> Result<FailOn, Problem> {
    if let Kind::List(items) = &field.node.kind {
        let list: Result<Vec<Failing>, Problem> =
            items.iter().map(|item| field.choice_of(item)).collect();
        return list.map(FailOn::Only);
    }
    if field.text()?.value == "any" {
        return Ok(FailOn::Any);
    }
    field.choice().map(|failing| FailOn::Only(vec![failing]))
}

fn endpoints(field: &Field<'_>) -> Result<Vec<Url>, Problem> {
    let nodes: &[Node] = match &field.node.kind {
        Kind::Null => &[],
        Kind::List(items) => items,
        _ => std::slice::from_ref(field.node),
    };
    let endpoint = |node: &Node| {
        let text = field.text_of(node)?.value;
        web_url(&text, &["ws", "wss", "http", "https"]).map_err(|why| field.wrong_at(node, why))
    };
    nodes.iter().map(endpoint).collect()
}
