//! `ariasnap test --watch`

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::baseline::BaselinePath;
use crate::browser::launch::Browser;
use crate::run::{Outcome, RunResult};
use crate::site::Site;
use crate::spec::{self, BrowserConfig, Case, Certificates, Config, SiteConfig};
use crate::store::Fingerprint;
use crate::watch::{Changed, Project, WatchError, Watcher};
use tokio::sync::{mpsc, watch};

use super::{Places, browsers, chosen_cases, close, finish, load_specs, run_cases};
use crate::cli::args::TestOptions;
use crate::cli::choose::Chosen;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure, chain};
use crate::cli::{browser, output, signals, site};

pub(super) fn run(options: &TestOptions, context: &Context) -> Result<Exit, Failure> {
    if context.is_ci {
        return Err(Failure::usage(
            "--watch runs until somebody stops it, so it does not work in CI",
        ));
    }
    let runtime = browser::runtime()?;
    let exit = runtime.block_on(async {
        let mut watch = Watch::start(options, context)?;
        let exit = watch.stay().await;
        close(std::mem::take(&mut watch.browsers.1)).await;
        site::close(watch.site.1.take().and_then(Arc::into_inner)).await;
        exit
    });
    runtime.shutdown_background();
    exit
}

/// The state between runs.
struct Watch<'a> {
    options: &'a TestOptions,
    context: &'a Context,
    /// Whether a signal came.
    stop: watch::Receiver<bool>,
    /// Receives a value for each Enter.
    enter: mpsc::UnboundedReceiver<()>,
    files: Watcher,
    /// What changed since the last run that could start.
    changed: Changed,
    /// The configuration of the running site, and the site.
    site: (Option<SiteConfig>, Option<Arc<Site>>),
    /// The same for the browsers.
    browsers: (BrowsersBy, Arc<Vec<Browser>>),
    /// The cases that were chosen for the last run that could start.
    cases: Vec<Case>,
    /// The fingerprints of baselines that runs wrote.
    written: HashMap<PathBuf, Fingerprint>,
}

/// The parts of the configuration that browsers are opened by.
type BrowsersBy = (BrowserConfig, Option<Certificates>);

impl<'a> Watch<'a> {
    fn start(options: &'a TestOptions, context: &'a Context) -> Result<Watch<'a>, Failure> {
        let (stopping, stop) = watch::channel(false);
        tokio::spawn(async move {
            signals::stopped().await;
            let _ = stopping.send(true);
        });
        Ok(Watch {
            options,
            context,
            stop,
            enter: lines(),
            files: Watcher::start()?,
            changed: Changed {
                is_all: true,
                ..Changed::default()
            },
            site: (None, None),
            browsers: (Default::default(), Arc::default()),
            cases: Vec::new(),
            written: HashMap::new(),
        })
    }

    /// Runs and waits until a signal comes. An error in the first run ends it, as without `--watch`; a
    /// later error is printed.
    async fn stay(&mut self) -> Result<Exit, Failure> {
        let mut is_first = true;
        loop {
            match self.round().await {
                Ok(Some(Exit::Interrupted)) => return Ok(Exit::Interrupted),
                Ok(Some(_)) => {}
                // The change affects no case.
                Ok(None) => {
                    self.wait().await?;
                    continue;
                }
                Err(failure) if is_first => return Err(failure),
                Err(failure) => output::error(failure.message),
            }
            is_first = false;
            let snapshots: usize = self.cases.iter().map(|case| case.snapshots.len()).sum();
            output::note(format!(
                "watching {snapshots} snapshots; press Enter to test all, Ctrl-C to quit"
            ));
            self.wait().await?;
        }
    }

    /// Waits for a change, Enter, or a signal.
    async fn wait(&mut self) -> Result<(), Failure> {
        loop {
            let changed = tokio::select! {
                changed = self.files.changed() => changed?,
                Some(()) = self.enter.recv() => Changed { is_all: true, ..Changed::default() },
                () = stopped(self.stop.clone()) => return Ok(()),
            };
            let is_own = |file: &PathBuf| {
                let written = self.written.get(file);
                written.is_some_and(|written| fingerprint(file).as_ref() == Some(written))
            };
            self.changed.is_all |= changed.is_all;
            let files = changed.files.into_iter().filter(|file| !is_own(file));
            self.changed.files.extend(files);
            if self.changed.is_all || !self.changed.files.is_empty() {
                return Ok(());
            }
        }
    }

    /// Runs the cases that the changes affect; `None` if they affect no case.
    async fn round(&mut self) -> Result<Option<Exit>, Failure> {
        let stop = stopped(self.stop.clone());
        let prepared = tokio::select! {
            biased;
            () = stop => return Ok(Some(Exit::Interrupted)),
            prepared = self.prepare() => prepared?,
        };
        let Some((config, chosen)) = prepared else {
            return Ok(None);
        };
        let places = Places {
            browsers: Arc::clone(&self.browsers.1),
            site: self.site.1.clone(),
        };
        let (options, context) = (self.options, self.context);
        let stop = stopped(self.stop.clone());
        let result = run_cases(options, &config, context, &chosen.cases, places, stop).await?;
        self.changed = Changed::default();
        self.note_written(&result);
        finish(options, &config, context, result, chosen).map(Some)
    }

    /// Reads the project again and prepares its run; `None` if the changes affect no case.
    async fn prepare(&mut self) -> Result<Option<(Config, Chosen)>, Failure> {
        let config = self.context.load_config_for(self.options)?;
        // Watch first, so that a change during reading is not missed.
        self.follow(&config)?;
        let specs = load_specs(&config, self.context)?;
        self.open_site(&config).await?;
        let site = self.site.1.as_deref();
        let mut chosen = chosen_cases(self.options, &config, self.context, specs, site).await?;
        let before: BTreeSet<BaselinePath> = baselines(&self.cases);
        let touched = self.to_run(&chosen.cases, &config, &before);
        self.cases.clone_from(&chosen.cases);
        self.follow(&config)?;
        let mut touched = touched.into_iter();
        chosen.cases.retain(|_| touched.next().unwrap_or(true));
        if chosen.cases.is_empty() {
            self.changed = Changed::default();
            return Ok(None);
        }
        self.open_browsers(&config).await?;
        self.print_changed();
        Ok(Some((config, chosen)))
    }

    fn follow(&mut self, config: &Config) -> Result<(), Failure> {
        let project = self.project(config);
        Ok(self.files.follow(project)?)
    }

    fn project(&self, config: &Config) -> Project {
        let folder = &self.context.folder;
        let reports = self.options.reporters.iter().filter_map(|one| one.file());
        Project {
            configuration: spec::configurations(folder, self.context.config.as_deref()),
            reports: reports.map(|file| folder.join(file)).collect(),
            ..Project::new(config, &self.cases)
        }
    }

    /// Says for each case whether the changes affect it or it is new.
    fn to_run(
        &self,
        cases: &[Case],
        config: &Config,
        before: &BTreeSet<BaselinePath>,
    ) -> Vec<bool> {
        if self.changed.is_all {
            return vec![true; cases.len()];
        }
        let project = self.project(config);
        let site = self.site.1.as_deref().map(Site::base);
        let is_new = |case: &Case| {
            let mut snapshots = case.snapshots.iter();
            snapshots.any(|one| !before.contains(&one.baseline))
        };
        let mut all: Vec<bool> = cases.iter().map(is_new).collect();
        let files = self.changed.files.iter();
        for rerun in files.filter_map(|file| project.rerun(file)) {
            for (one, also) in all.iter_mut().zip(rerun.chosen(cases, site)) {
                *one |= also;
            }
        }
        all
    }

    async fn open_site(&mut self, config: &Config) -> Result<(), Failure> {
        if self.site.1.is_some() && self.site.0 == config.site {
            return Ok(());
        }
        site::close(self.site.1.take().and_then(Arc::into_inner)).await;
        self.site = (config.site.clone(), site::open(config).await?.map(Arc::new));
        Ok(())
    }

    /// Reuses the browsers unless one disappeared or the configuration changed.
    async fn open_browsers(&mut self, config: &Config) -> Result<(), Failure> {
        let (by, open) = &self.browsers;
        let is_gone = |browser: &Browser| browser.connection.is_gone();
        if !open.is_empty()
            && *by == (config.browser.clone(), config.certificates.clone())
            && !open.iter().any(is_gone)
        {
            return Ok(());
        }
        close(std::mem::take(&mut self.browsers.1)).await;
        let site = self.site.1.as_deref();
        let opened = browsers(self.options, config, self.context, &self.cases, site).await?;
        let by = (config.browser.clone(), config.certificates.clone());
        self.browsers = (by, Arc::new(opened));
        Ok(())
    }

    /// Prints the changed files.
    fn print_changed(&self) {
        const SHOWN: usize = 3;
        let files = &self.changed.files;
        if self.changed.is_all || files.is_empty() {
            return;
        }
        let shown = files.iter().take(SHOWN);
        let shown: Vec<String> = shown
            .map(|file| self.context.shown(file).to_string())
            .collect();
        let more = match files.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        output::note(format!("changed: {}{more}", shown.join(", ")));
    }

    fn note_written(&mut self, result: &RunResult) {
        for (_, snapshot) in result.snapshots() {
            if let Outcome::Updated { baseline } = &snapshot.outcome
                && let Some(fingerprint) = fingerprint(baseline)
            {
                self.written.insert(baseline.clone(), fingerprint);
            }
        }
    }
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Failure {
        Failure::usage(chain(&error))
    }
}

fn baselines(cases: &[Case]) -> BTreeSet<BaselinePath> {
    let snapshots = cases.iter().flat_map(|case| &case.snapshots);
    snapshots.map(|one| one.baseline.clone()).collect()
}

fn fingerprint(file: &Path) -> Option<Fingerprint> {
    let bytes = std::fs::read(file).ok()?;
    Some(Fingerprint::of(&bytes))
}

/// Waits for a signal.
async fn stopped(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stopped| *stopped).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Sends a value for each line of standard input, from a separate thread because reading cannot be
/// cancelled.
fn lines() -> mpsc::UnboundedReceiver<()> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        while std::io::stdin()
            .read_line(&mut line)
            .is_ok_and(|count| count > 0)
        {
            if sender.send(()).is_err() {
                return;
            }
            line.clear();
        }
    });
    lines
}
