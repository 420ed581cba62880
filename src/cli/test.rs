//! `ariasnap test`

use ariasnap::browser::launch::{Browser, LaunchOptions};
use ariasnap::report::terminal::{self, Telling};
use ariasnap::run::{self, Pause, Progress, RunResult, Setting, Update};
use ariasnap::site::{Server, Site};
use ariasnap::spec::{self, Case, Config, Jobs, Secrets, SiteConfig};
use ariasnap::store::Store;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;

use super::args::{TestOptions, UpdateChoice};
use super::context::Context;
use super::exit::{self, Exit, Failure, chain};
use super::{browser, output};

pub(super) fn run(options: &TestOptions, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let cases = chosen_cases(options, &config, context)?;
    let found = browser::get(context, Some(&config))?;
    let runtime = browser::runtime()?;
    runtime.block_on(async {
        let launch = LaunchOptions {
            headed: options.headed,
            ..browser::launch_options(&found)
        };
        let browser = browser::launch_with(&launch).await?;
        let work = run_cases(options, &config, context, &cases, &browser);
        let result = tokio::select! {
            result = work => Some(result),
            () = browser::interrupted() => None,
        };
        browser.close().await;
        let Some(result) = result else {
            output::note("interrupted: the browser is closed, nothing is half-written");
            return Ok(Exit::Interrupted);
        };
        let result = result?;
        output::result(&terminal::report(&result, telling(context)));
        Ok(exit::of_run(&result))
    })
}

fn telling(context: &Context) -> Telling<'_> {
    Telling {
        folder: &context.folder,
        is_ci: context.is_ci,
    }
}

fn chosen_cases(
    options: &TestOptions,
    config: &Config,
    context: &Context,
) -> Result<Vec<Case>, Failure> {
    let filters = context.filters(config, &options.filters)?;
    let mut cases = spec::load_cases(config, &context.folder)?;
    let problems = super::check::locators(&cases);
    if !problems.is_empty() {
        return Err(spec::LoadError::Invalid(problems).into());
    }
    for case in &mut cases {
        case.snapshots
            .retain(|snapshot| filters.matches(&snapshot.baseline));
    }
    cases.retain(|case| !case.snapshots.is_empty());
    if cases.is_empty() {
        let message = if options.filters.is_empty() {
            format!("there are no specs in {}", context.shown(&config.specs))
        } else {
            format!(
                "no snapshot matches {}; `ariasnap status` lists what there is",
                options.filters.join(" ")
            )
        };
        return Err(Failure {
            exit: Exit::NothingRan,
            message,
        });
    }
    Ok(cases)
}

async fn run_cases(
    options: &TestOptions,
    config: &Config,
    context: &Context,
    cases: &[Case],
    browser: &Browser,
) -> Result<RunResult, Failure> {
    let site = site(config).await?;
    let store = Store::new(&config.snapshots);
    let (pauses, paused) = mpsc::unbounded_channel();
    let sessions = spec::load_sessions(config, &context.folder)?;
    let asked = cases.iter().filter_map(|case| case.session.as_ref());
    let asked = asked.filter_map(|name| sessions.get(&name.value));
    let secrets = Secrets::new(cases.iter().chain(asked), |name| context.variable(name))
        .map_err(spec::LoadError::Invalid)?;
    let setting = Setting {
        browser,
        site: site.as_ref(),
        store: &store,
        jobs: jobs(options, config),
        update: update(options.update),
        fail_on: &config.fail_on,
        secrets: &secrets,
        sessions: &sessions,
        pauses: options.pause.then_some(&pauses),
    };
    let (sender, progress) = mpsc::unbounded_channel();
    tokio::spawn(wait_for_enter(paused));
    let display = tokio::spawn(show(progress, cases.len(), context.has_progress));
    let result = run::run(cases, &setting, &sender).await;
    drop(sender);
    // The bar goes before the report comes.
    let _ = display.await;
    Ok(result)
}

pub(super) async fn site(config: &Config) -> Result<Option<Site>, Failure> {
    match &config.site {
        None => Ok(None),
        Some(SiteConfig::Url(url)) => Ok(Some(Site::Url(url.clone()))),
        Some(SiteConfig::Dir { dir, fallback, .. }) => {
            let server = Server::start(dir, fallback.as_deref()).await;
            let server = server.map_err(|error| Failure::usage(chain(&error)))?;
            Ok(Some(Site::Dir(server)))
        }
    }
}

fn jobs(options: &TestOptions, config: &Config) -> usize {
    match (options.jobs, config.jobs) {
        _ if options.pause => 1,
        (Some(count), _) | (None, Jobs::Count(count)) => count.get(),
        (None, Jobs::Auto) => std::thread::available_parallelism().map_or(2, usize::from),
    }
}

/// Holds every page until somebody presses Enter. Where nobody can (the input is at its end), it
/// goes on at once.
async fn wait_for_enter(mut paused: mpsc::UnboundedReceiver<Pause>) {
    while let Some(Pause { case, resume }) = paused.recv().await {
        output::note(&format!("{case} is open; Enter closes it"));
        // A thread of its own: one that reads cannot be stopped, and nobody may have to wait for it.
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

/// The progress line, where somebody sees it.
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
        bar.set_message(ended.case);
    }
    bar.finish_and_clear();
}
