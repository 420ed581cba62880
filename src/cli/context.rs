//! The environment: read once, passed on.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use crate::browser::find::Search;
use crate::browser::platform::Platform;
use crate::filter::Filters;
use crate::source::Diagnostic;
use crate::spec::{self, Config, Variables};
use etcetera::BaseStrategy as _;

use super::args::{Arguments, ColorChoice, TestOptions};
use super::exit::Failure;

/// The environment of a command.
#[derive(Debug)]
pub(super) struct Context {
    /// The folder that the command was started in.
    pub(super) folder: PathBuf,
    /// `--config`
    pub(super) config: Option<PathBuf>,
    /// `CI` is set.
    pub(super) is_ci: bool,
    /// Whether standard error is a terminal that shows progress.
    pub(super) has_progress: bool,
    /// Whether the user can answer questions.
    pub(super) can_ask: bool,
    /// `NO_COLOR` or `--color never`
    pub(super) is_plain: bool,
    /// `TERM=dumb`: the terminal cannot move its cursor.
    pub(super) is_dumb: bool,
    /// `GITHUB_STEP_SUMMARY`: the file of a GitHub Actions job summary.
    pub(super) job_summary: Option<PathBuf>,
    /// The id of the CI run, the same in all of its jobs.
    pub(super) ci_run: Option<String>,
    home: Option<PathBuf>,
    cache: Option<PathBuf>,
}

impl Context {
    pub(super) fn from_environment(arguments: &Arguments) -> Result<Context, Failure> {
        let folder = std::env::current_dir().map_err(|error| {
            Failure::usage(format!("the current folder cannot be read: {error}"))
        })?;
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

    pub(super) fn load_config(&self) -> Result<Config, Failure> {
        let given = self.config.as_deref();
        Ok(spec::load_config(&self.folder, given, &variables())?)
    }

    /// Loads the project's configuration for a run.
    pub(super) fn load_config_for(&self, options: &TestOptions) -> Result<Config, Failure> {
        let variables = match options.untrusted {
            true => Variables::forbidden(),
            false => variables(),
        };
        let (given, url) = (self.config.as_deref(), options.url.as_deref());
        let (config, problems) = spec::read_config(&self.folder, given, &variables, url)?;
        match problems.is_empty() {
            true => Ok(config),
            false => Err(Failure::located(&problems)),
        }
    }

    /// Reads as much of the project's configuration as can be read.
    pub(super) fn read_config(&self) -> Result<(Config, Vec<Diagnostic>), Failure> {
        let given = self.config.as_deref();
        Ok(spec::read_config(&self.folder, given, &variables(), None)?)
    }

    /// Returns whether the configuration is a symbolic link. Errors print lines of the file it leads to.
    pub(super) fn has_linked_config(&self) -> bool {
        let files = spec::configurations(&self.folder, self.config.as_deref());
        files.iter().any(|file| file.is_symlink())
    }

    /// Returns where to search for a browser.
    pub(super) fn search(&self, config: Option<&Config>) -> Search {
        let home = self.home.as_deref();
        let mut search = Search::new(Platform::current(), home, self.cache.as_deref(), variable);
        search.configured = config.and_then(|config| config.browser.path.clone());
        search
    }

    /// Returns an environment variable for a spec.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        variable(name)?.into_string().ok()
    }

    pub(super) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Returns the proxy for downloads.
    pub(super) fn proxy(&self) -> Option<String> {
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
            .into_iter()
            .filter_map(variable)
            .find_map(|value| value.into_string().ok().filter(|value| !value.is_empty()))
    }

    /// Parses FILTER arguments, which may be paths in the folders of the configuration.
    pub(super) fn filters(&self, config: &Config, filters: &[String]) -> Result<Filters, Failure> {
        let shown = |path: &Path| {
            let path = path.strip_prefix(&self.folder).unwrap_or(path);
            path.to_string_lossy().into_owned()
        };
        let folders = [shown(&config.specs), shown(&config.snapshots)];
        let folders = folders.each_ref().map(String::as_str);
        Filters::new(filters, &folders).map_err(Failure::usage)
    }

    /// Returns the current folder as seen from the root of the repository; empty outside of one.
    pub(super) fn folder_in_repository(&self) -> PathBuf {
        let of_ci = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];
        let of_ci = of_ci.into_iter().filter_map(variable).map(PathBuf::from);
        let of_git = self.folder.ancestors();
        let of_git = of_git.filter(|folder| folder.join(".git").exists());
        of_ci
            .chain(of_git.map(Path::to_owned))
            .find_map(|root| Some(self.folder.strip_prefix(root).ok()?.to_owned()))
            .unwrap_or_default()
    }

    /// Returns a path relative to the current folder if it is inside.
    pub(super) fn shown<'a>(&self, path: &'a Path) -> std::path::Display<'a> {
        path.strip_prefix(&self.folder).unwrap_or(path).display()
    }
}

/// Reads the run id of GitHub Actions, GitLab, Buildkite, CircleCI or Azure Pipelines; `ARIASNAP_RUN` is
/// for all others.
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

fn variables() -> Variables {
    let text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text).collect()
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn is_set(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}
