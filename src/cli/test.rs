//! `ariasnap test`

mod watch;

use std::collections::BTreeSet;

use crate::browser::launch::{Browser, LaunchOptions};
use crate::run::{self, Patience, Pause, Progress, RunContext, RunResult, Update};
use crate::site::Site;
use crate::spec::{self, Case, Collection, Config, Entry, Jobs, Secrets, Specs};
use crate::store::Store;
use crate::text::{Terminal, one_line};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use tokio::sync::mpsc;

use super::args::{TestOptions, UpdateChoice};
use super::choose::Chosen;
use super::context::Context;
use super::exit::{self, Exit, Failure, chain};
use super::signals::{self, Polling};
use super::{browser, choose, output, reporter, saved, site};

pub(super) fn run(options: &TestOptions, context: &Context) -> Result<Exit, Failure> {
    let _polling = Polling::begin();
    reporter::check(&options.reporters, context)?;
    if options.watch {
        return watch::run(options, context);
    }
    if let Some(folder) = &options.save {
        saved::check(folder, context)?;
    }
    if options.untrusted && context.has_linked_config() {
        return Err(Failure::usage(
            "--untrusted does not allow this:\n  the configuration is a link; replace it by what it leads to",
        ));
    }
    let config = context.load_config_for(options)?;
    if options.untrusted {
        // Before reading specs, which may be links.
        refuse(&config, [], [])?;
    }
    Store::new(&config.snapshots).remove_leftovers()?;
    let specs = load_specs(&config, context)?;
    if options.untrusted {
        let sessions = spec::load_sessions(&config, &context.folder)?;
        let cases = specs.entries.iter().flat_map(Entry::patterns);
        refuse(&config, cases.chain(sessions.values()), specs.collections())?;
    }
    let runtime = browser::runtime()?;
    let outcome = runtime.block_on(async {
        let mut opened = None;
        let prepare = async {
            let site = opened.insert(site::open(&config).await?.map(Arc::new));
            chosen_cases(options, &config, context, specs, site.as_deref()).await
        };
        let prepared = tokio::select! {
            biased;
            () = signals::stopped() => Ok(None),
            cases = prepare => cases.map(Some),
        };
        let outcome = match prepared {
            Ok(Some(chosen)) if options.list => {
                output::result(&Terminal::message(&choose::list(&chosen.cases)));
                Ok(Done::Listed)
            }
            // A shard without cases succeeds.
            Ok(Some(chosen)) if chosen.cases.is_empty() => {
                Ok(Done::Ran(RunResult::default(), Box::new(chosen)))
            }
            Ok(Some(chosen)) => {
                let site = opened.clone().flatten();
                run_once(options, &config, context, &chosen.cases, site)
                    .await
                    .map(|result| Done::Ran(result, Box::new(chosen)))
            }
            Ok(None) => Ok(Done::Interrupted),
            Err(failure) => Err(failure),
        };
        site::close(opened.flatten().and_then(Arc::into_inner)).await;
        outcome
    });
    // Do not wait for requests whose answers are no longer needed.
    runtime.shutdown_background();
    match outcome? {
        Done::Interrupted => Ok(Exit::Interrupted),
        Done::Listed => Ok(Exit::AllMatch),
        Done::Ran(result, chosen) => finish(options, &config, context, result, *chosen),
    }
}

/// Refuses an untrusted project that asks for more than its own pages.
fn refuse<'a>(
    config: &Config,
    cases: impl IntoIterator<Item = &'a Case>,
    collections: impl IntoIterator<Item = &'a Collection>,
) -> Result<(), Failure> {
    let refused = spec::untrusted(config, cases, collections);
    match refused.as_slice() {
        [] => Ok(()),
        all => Err(Failure::usage(format!(
            "--untrusted does not allow this:\n  {}",
            all.join("\n  ")
        ))),
    }
}

enum Done {
    Interrupted,
    Listed,
    Ran(RunResult, Box<Chosen>),
}

fn load_specs(config: &Config, context: &Context) -> Result<Specs, Failure> {
    Ok(spec::load(config, &context.folder)?)
}

/// Returns the masks and ignore rules that found no node in any case.
fn never_matched(cases: &[Case]) -> BTreeSet<String> {
    let rules: Vec<_> = cases.iter().flat_map(|case| case.rules.matched()).collect();
    let matched = rules.iter().filter(|(_, is_matched)| *is_matched);
    let matched: BTreeSet<&String> = matched.map(|(rule, _)| rule).collect();
    let all = rules.iter().map(|(rule, _)| rule);
    all.filter(|rule| !matched.contains(rule))
        .cloned()
        .collect()
}

/// Writes history, reports and `--save`.
fn finish(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    mut result: RunResult,
    chosen: Chosen,
) -> Result<Exit, Failure> {
    result.part.clone_from(&chosen.part);
    let is_whole = options.filters.is_empty() && options.tags.is_empty() && !options.last_failed;
    let is_whole = is_whole && !options.watch && chosen.part.is_none() && !result.interrupted;
    // A page that failed may have had what a rule is for.
    if is_whole && result.tally().failed == 0 {
        for rule in never_matched(&chosen.cases) {
            output::note(format!("note: `{rule}` matched nothing in this run"));
        }
    }
    // Shards are split by the history, which must be the same for all of them.
    if chosen.part.is_none()
        && let Err(error) = chosen.remember(&result, config)
    {
        let why = chain(&error);
        output::note(format!(
            "note: cannot write the history for the next run: {why}"
        ));
    }
    if result.interrupted {
        output::note("interrupted");
    }
    reporter::write(&options.reporters, &result, context)?;
    if let Some(folder) = &options.save {
        saved::write(folder, &result, &Store::new(&config.snapshots), context)?;
    }
    Ok(exit::of_run(&result))
}

async fn chosen_cases(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    specs: Specs,
    site: Option<&Site>,
) -> Result<Chosen, Failure> {
    let collections = specs.collections().map(|collection| &collection.pattern);
    let secrets = Secrets::new(collections, |name| context.variable(name))
        .map_err(spec::LoadError::Invalid)?;
    let expanded = run::expand(specs, site, &secrets, &site::trust(config)?).await?;
    for note in &expanded.notes {
        output::note(format!("note: {note}"));
    }
    choose::cases(expanded.cases, options, config, context)
}

/// Fails once where the site of many cases cannot be reached.
async fn reach(site: Option<&Site>, cases: &[Case]) -> Result<(), Failure> {
    let Some(site) = site else { return Ok(()) };
    if !cases.iter().any(|case| site.has(case.address())) {
        return Ok(());
    }
    site.reach().await.map_err(Failure::page)
}

/// Starts browsers, runs the cases, and closes the browsers.
async fn run_once(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    cases: &[Case],
    site: Option<Arc<Site>>,
) -> Result<RunResult, Failure> {
    reach(site.as_deref(), cases).await?;
    let browsers = Arc::new(browsers(options, config, context, cases, site.as_deref()).await?);
    let places = Places {
        browsers: Arc::clone(&browsers),
        site,
    };
    let stop = signals::stopped();
    let result = run_cases(options, config, context, cases, places, stop).await;
    close(browsers).await;
    result
}

/// Browsers and site.
struct Places {
    browsers: Arc<Vec<Browser>>,
    site: Option<Arc<Site>>,
}

async fn run_cases(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    cases: &[Case],
    Places { browsers, site }: Places,
    stop: impl Future<Output = ()>,
) -> Result<RunResult, Failure> {
    if browsers.is_empty() {
        return Err(Failure::page("there is no browser"));
    }
    let (pauses, paused) = mpsc::unbounded_channel();
    let mut sessions = spec::load_sessions(config, &context.folder)?;
    let mut cases = cases.to_vec();
    if options.untrusted {
        for case in cases.iter_mut().chain(sessions.values_mut()) {
            case.emulation.is_confined = true;
        }
    }
    let asked = cases.iter().filter_map(|case| case.session.as_ref());
    let asked = asked.filter_map(|name| sessions.get(&name.value));
    let secrets = Secrets::new(cases.iter().chain(asked), |name| context.variable(name))
        .map_err(spec::LoadError::Invalid)?;
    let run_context = RunContext {
        browsers,
        site,
        store: Store::new(&config.snapshots),
        jobs: jobs(options, config),
        update: update(options.update),
        patience: Patience {
            retries: options.retries,
            max_failures: options.max_failures,
        },
        fail_on: config.fail_on.clone(),
        secrets,
        sessions,
        pauses: options.pause.then_some(pauses),
    };
    let (sender, progress) = mpsc::unbounded_channel();
    tokio::spawn(wait_for_enter(paused));
    let display = tokio::spawn(show(progress, cases.len(), context.has_progress));
    let result = run::run(cases, run_context, sender, stop).await;
    // The progress bar disappears before the report.
    let _ = display.await;
    Ok(result)
}

/// Closes browsers, and reports which browsers of endpoints disappeared.
async fn close(browsers: Arc<Vec<Browser>>) {
    // The tasks of a run end before it does.
    for browser in Arc::into_inner(browsers).into_iter().flatten() {
        if browser.connection.is_gone() && browser.endpoint.is_some() {
            let called = browser.called();
            output::note(format!(
                "note: the browser {called} disappeared during the run"
            ));
        }
        browser.close().await;
    }
}

/// Connects to the configured endpoints, or starts a browser.
async fn browsers(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    cases: &[Case],
    site: Option<&Site>,
) -> Result<Vec<Browser>, Failure> {
    let trust = site::trust(config)?;
    if !config.browser.endpoints.is_empty() {
        return browser::elsewhere(&config.browser.endpoints, site, &trust).await;
    }
    // May ask on the terminal and download a browser.
    let found = tokio::task::block_in_place(|| browser::get(context, Some(config)))?;
    let launch = LaunchOptions {
        headed: options.headed,
        is_confined: options.untrusted,
        ..browser::launch_options(&found)
    };
    let switches = tokio::task::block_in_place(|| trust.switches(servers(cases, site)));
    Ok(vec![browser::launch_with(&launch, &switches).await?])
}

/// Returns an address of each server that the cases open or trust.
fn servers(cases: &[Case], site: Option<&Site>) -> Vec<url::Url> {
    let base = site.map(|site| site.base().clone());
    let opened = cases.iter().filter_map(Case::address);
    let opened = opened.filter_map(|address| match site {
        Some(site) => site.resolve(address).ok(),
        None => url::Url::parse(address).ok(),
    });
    let trusted = cases
        .iter()
        .flat_map(|case| &case.emulation.trusted_origins);
    let trusted = trusted.filter_map(|origin| url::Url::parse(&origin.value).ok());
    let mut met = BTreeSet::new();
    let all = base.into_iter().chain(opened).chain(trusted);
    all.filter(|url| met.insert(url.origin().ascii_serialization()))
        .collect()
}

fn jobs(options: &TestOptions, config: &Config) -> usize {
    match (options.jobs, config.jobs) {
        _ if options.pause => 1,
        (Some(count), _) | (None, Jobs::Count(count)) => count.get(),
        (None, Jobs::Auto) => std::thread::available_parallelism().map_or(2, usize::from),
    }
}

/// Keeps each page open until Enter, or until standard input ends.
async fn wait_for_enter(mut paused: mpsc::UnboundedReceiver<Pause>) {
    while let Some(Pause { case, resume }) = paused.recv().await {
        output::note(format!("{case} is open; press Enter to close it"));
        // A separate thread, because reading cannot be cancelled.
        std::thread::spawn(move || {
            let _ = std::io::stdin().read_line(&mut String::new());
            // The page may be gone by now.
            let _ = resume.send(());
        });
    }
}

fn update(choice: Option<UpdateChoice>) -> Update {
    match choice {
        None => Update::Never,
        Some(UpdateChoice::All) => Update::All,
        Some(UpdateChoice::Changed) => Update::Changed,
        Some(UpdateChoice::Missing) => Update::Missing,
    }
}

/// Shows the progress bar.
async fn show(mut progress: mpsc::UnboundedReceiver<Progress>, total: usize, is_shown: bool) {
    let bar = if is_shown {
        ProgressBar::new(total as u64)
    } else {
        ProgressBar::hidden()
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}") {
        bar.set_style(style);
    }
    while let Some(ended) = progress.recv().await {
        bar.set_position(ended.done as u64);
        bar.set_message(one_line(&ended.case).into_owned());
    }
    bar.finish_and_clear();
}
