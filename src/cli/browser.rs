//! `ariasnap browser`, and the browser of the other commands.

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

use crate::browser::doctor;
use crate::browser::endpoint;
use crate::browser::find::{FindError, Found, Search};
use crate::browser::install::{Event, Installer};
use crate::browser::launch::{Browser, LaunchOptions};
use crate::browser::system;
use crate::site::Site;
use crate::site::certificates::Trust;
use crate::spec::{Config, Install};
use crate::text::Terminal;
use indicatif::{ProgressBar, ProgressStyle};

use super::args::BrowserCommand;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::output;
use super::signals::{self, Polling};

/// The time limit for the start of the browser and for each call.
const DEADLINE: Duration = Duration::from_secs(30);

pub(super) fn run(command: BrowserCommand, context: &Context) -> Result<Exit, Failure> {
    let config = context.load_config()?;
    let search = context.search(Some(&config));
    match command {
        BrowserCommand::Path => {
            let found = search.find().map_err(Failure::page)?;
            output::result(&terminal!("{}\n", found.path.display()));
        }
        BrowserCommand::Install => {
            let found = install(&search, context)?;
            output::result(&terminal!("{}\n", found.path.display()));
        }
        BrowserCommand::Doctor => return doctor(&search, context),
    }
    Ok(Exit::AllMatch)
}

fn doctor(search: &Search, context: &Context) -> Result<Exit, Failure> {
    let runtime = runtime()?;
    let start = |found: &Found| {
        runtime.block_on(async {
            let browser = Browser::launch(&launch_options(found))
                .await
                .map_err(|error| error.to_string())?;
            let started = (browser.version.clone(), browser.sandbox);
            browser.close().await;
            Ok(started)
        })
    };
    let report = doctor::examine(search, &system::font_folders(context.home()), start);
    output::result(&Terminal::message(&report.to_string()));
    Ok(match report.verdict() {
        doctor::Verdict::Good | doctor::Verdict::Warning => Exit::AllMatch,
        doctor::Verdict::Problem => Exit::PageFailed,
    })
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Deep pages are walked by recursion.
        .thread_stack_size(64 << 20)
        .build()
        .map_err(|error| Failure::page(format!("cannot start threads: {error}")))
}

/// Finds the browser, or installs one if the configuration allows it.
pub(super) fn get(context: &Context, config: Option<&Config>) -> Result<Found, Failure> {
    let search = context.search(config);
    let missing = match search.find() {
        Ok(found) => return Ok(found),
        Err(error @ FindError::Named { .. }) => return Err(Failure::usage(error)),
        Err(error @ FindError::Nothing { .. }) => error,
    };
    let wish = config.map_or(Install::Ask, |config| config.browser.install);
    let may_install = match wish {
        Install::Auto => true,
        Install::Ask => context.can_ask && confirm("No browser found. Install one now? [Y/n] "),
        Install::Never => false,
    };
    if !may_install {
        return Err(Failure::page(format!(
            "{missing}\nrun `ariasnap browser install`, or set `browser: {{install: auto}}` in ariasnap.yml"
        )));
    }
    install(&search, context)
}

fn confirm(question: &str) -> bool {
    let mut stderr = anstream::stderr().lock();
    let _ = write!(stderr, "{question}");
    let _ = stderr.flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

fn install(search: &Search, context: &Context) -> Result<Found, Failure> {
    let folder = search
        .own_cache
        .clone()
        .ok_or_else(|| Failure::page("there is no cache folder for the browser; set HOME"))?;
    let mut installer = Installer::new(folder, search.path.clone());
    installer.proxy = context.proxy();
    let mut display = Display::new(context.has_progress);
    let installed = installer
        .install(&mut |event| display.on(&event))
        .map_err(Failure::page)?;
    display.clear();
    output::note(format!(
        "Chrome Headless Shell {} is {}installed: {}",
        installed.version,
        if installed.is_old { "already " } else { "" },
        installed.executable.display()
    ));
    if !system::has_fonts(&search.path, &system::font_folders(context.home())) {
        output::note(format!(
            "note: this system has no fonts, without which text has no size; {}",
            system::how_to_install_fonts(&search.path)
        ));
    }
    search.find().map_err(Failure::page)
}

/// The progress of an installation.
struct Display {
    bar: ProgressBar,
}

impl Display {
    fn new(has_progress: bool) -> Display {
        let bar = if has_progress {
            ProgressBar::no_length()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) =
            ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}")
        {
            bar.set_style(style);
        }
        Display { bar }
    }

    fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Downloading { url, bytes } => {
                self.say(&format!("Downloading {url}"));
                if let Some(bytes) = bytes {
                    self.bar.set_length(*bytes);
                }
            }
            Event::Received { bytes } => self.bar.set_position(*bytes),
            Event::Unpacking => self.say("Unpacking"),
            Event::Checking { executable } => {
                self.say(&format!("Checking {}", executable.display()));
            }
        }
    }

    fn say(&self, text: &str) {
        self.bar.suspend(|| output::note(text));
    }

    fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

pub(super) fn launch_options(found: &Found) -> LaunchOptions {
    LaunchOptions {
        executable: found.path.clone(),
        headed: false,
        is_confined: false,
        deadline: DEADLINE,
    }
}

/// Starts the browser, and prints a note if it has no sandbox.
pub(super) async fn launch(found: &Found, switches: &[String]) -> Result<Browser, Failure> {
    launch_with(&launch_options(found), switches).await
}

/// Starts the browser, with or without its window.
pub(super) async fn launch_with(
    options: &LaunchOptions,
    switches: &[String],
) -> Result<Browser, Failure> {
    let launched = Browser::launch_with(options, switches).await;
    let browser = launched.map_err(|error| {
        Failure::page(format!(
            "{error}\nrun `ariasnap browser doctor` to see what is wrong"
        ))
    })?;
    if let Some(reason) = browser.sandbox.reason() {
        output::note(format!(
            "note: {reason}, so the browser runs without its sandbox; test only pages that you trust"
        ));
    }
    Ok(browser)
}

/// Connects to all endpoints. A missing one is an error: without it, the run would be slower and not say
/// why.
pub(super) async fn elsewhere(
    endpoints: &[url::Url],
    site: Option<&Site>,
    trust: &Trust,
) -> Result<Vec<Browser>, Failure> {
    if let Trust::Listed(_) = trust {
        return Err(Failure::usage(
            "a browser of `browser.endpoint` cannot be given a file of certificates; install the authority \
             there, or set `certificates: accept`",
        ));
    }
    if let Some(Site::Dir(_)) = site
        && let Some(far) = endpoints.iter().find(|one| !is_this_machine(one))
    {
        return Err(Failure::usage(format!(
            "the browser at {far} cannot reach the folder, which ariasnap serves on this machine \
             only; serve it elsewhere and set `site: {{url: ..}}`"
        )));
    }
    let mut browsers = Vec::new();
    for endpoint in endpoints {
        let browser = endpoint::connect(endpoint, DEADLINE).await;
        let browser = browser.map_err(Failure::page)?;
        if let Trust::All = trust {
            let ignoring = browser.ignore_certificate_errors().await;
            ignoring.map_err(Failure::page)?;
        }
        browsers.push(browser);
    }
    Ok(browsers)
}

fn is_this_machine(endpoint: &url::Url) -> bool {
    match endpoint.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Runs the work until a signal arrives. Dropping the work closes the browser.
pub(super) async fn unless_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let _polling = Polling::begin();
    tokio::select! {
        // A signal that arrived before the work starts counts too.
        biased;
        () = signals::stopped() => Err(Failure {
            exit: Exit::Interrupted,
            message: "interrupted".into(),
        }),
        done = work => done,
    }
}
