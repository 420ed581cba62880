//! The environment: read once, passed on.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use crate::browser::find::Search;
use crate::browser::platform::Platform;
use crate::filter::Filters;
use crate::spec::{self, Config};
use etcetera::BaseStrategy as _;

use super::args::{Arguments, ColorChoice};
use super::exit::Failure;

/// What commands know of where they run.
#[derive(Debug)]
pub(super) struct Context {
    /// The folder that the command was started in.
    pub(super) folder: PathBuf,
    /// `--config`
    pub(super) config: Option<PathBuf>,
    /// `CI` is set: nobody watches.
    pub(super) is_ci: bool,
    /// Whether somebody sees standard error as it comes.
    pub(super) has_progress: bool,
    /// Whether somebody can be asked.
    pub(super) can_ask: bool,
    /// `NO_COLOR` or `--color never`: nothing is told by colour.
    pub(super) is_plain: bool,
    /// `TERM=dumb`: a terminal that cannot be drawn on.
    pub(super) is_dumb: bool,
    /// `GITHUB_STEP_SUMMARY`: the file that shows on the page of a GitHub Actions run.
    pub(super) job_summary: Option<PathBuf>,
    /// What tells a run of a CI system from its others, the same in all of its jobs.
    pub(super) ci_run: Option<String>,
    home: Option<PathBuf>,
    cache: Option<PathBuf>,
}

impl Context {
    pub(super) fn from_environment(arguments: &Arguments) -> Result<Context, Failure> {
        let folder = std::env::current_dir()
            .map_err(|error| Failure::usage(format!("the current folder is gone: {error}")))?;
        let is_ci = is_set("CI");
        match arguments.color {
            ColorChoice::Auto => {}
            ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
            ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
        }
        let base = etcetera::choose_base_strategy().ok();
        let stderr_is_terminal = std::io::stderr().is_terminal();
        Ok(Context {
            folder,
            config: arguments.config.clone(),
            is_ci,
            has_progress: stderr_is_terminal && !is_ci,
            can_ask: stderr_is_terminal && std::io::stdin().is_terminal() && !is_ci,
            is_plain: is_plain(arguments.color),
            is_dumb: variable("TERM").is_some_and(|term| term == "dumb"),
            job_summary: variable("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            ci_run: ci_run(),
            home: base.as_ref().map(|base| base.home_dir().to_owned()),
            cache: base.as_ref().map(etcetera::BaseStrategy::cache_dir),
        })
    }

    /// The project's configuration.
    pub(super) fn load_config(&self) -> Result<Config, Failure> {
        Ok(spec::load_config(&self.folder, self.config.as_deref())?)
    }

    /// Where a browser may be.
    pub(super) fn search(&self, config: Option<&Config>) -> Search {
        let home = self.home.as_deref();
        let mut search = Search::new(Platform::current(), home, self.cache.as_deref(), variable);
        search.configured = config.and_then(|config| config.browser.path.clone());
        search
    }

    /// A variable that specs ask for.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        variable(name)?.into_string().ok()
    }

    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// The proxy for downloads.
    pub(super) fn proxy(&self) -> Option<String> {
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
            .into_iter()
            .filter_map(variable)
            .find_map(|value| value.into_string().ok().filter(|value| !value.is_empty()))
    }

    /// FILTER arguments, read against the folders of a configuration.
    pub(super) fn filters(&self, config: &Config, filters: &[String]) -> Result<Filters, Failure> {
        let shown = |path: &Path| {
            let path = path.strip_prefix(&self.folder).unwrap_or(path);
            path.to_string_lossy().into_owned()
        };
        let folders = [shown(&config.specs), shown(&config.snapshots)];
        let folders = folders.each_ref().map(String::as_str);
        Filters::new(filters, &folders).map_err(Failure::usage)
    }

    /// A path as the user is to read it.
    pub(super) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.folder).unwrap_or(path).display()
    }
}

/// Of GitHub Actions, GitLab, Buildkite, CircleCI and Azure Pipelines; `ARIASNAP_RUN` elsewhere.
fn ci_run() -> Option<String> {
    [
        "ARIASNAP_RUN",
        "GITHUB_RUN_ID",
        "CI_PIPELINE_ID",
        "BUILDKITE_BUILD_ID",
        "CIRCLE_WORKFLOW_ID",
        "BUILD_BUILDID",
    ]
    .into_iter()
    .filter_map(variable)
    .find_map(|value| value.into_string().ok().filter(|value| !value.is_empty()))
}

fn is_plain(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => false,
        ColorChoice::Never => true,
        // https://no-color.org
        ColorChoice::Auto => variable("NO_COLOR").is_some_and(|value| !value.is_empty()),
    }
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn is_set(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}
