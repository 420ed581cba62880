//! `ariasnap bench`

use std::time::Instant;

use crate::browser::launch::Browser;
use crate::browser::page::Page;
use crate::browser::settle::{Certainty, Settling};
use crate::dom::Capture;
use crate::run::RunError;
use crate::snapshot::{self, Rendering};
use crate::text::Terminal;
use serde::Serialize;

use super::args::BenchOptions;
use super::context::Context;
use super::exit::{Exit, Failure};
use super::{browser, output, page};

#[derive(Debug, Serialize)]
struct Timing {
    url: String,
    elements: usize,
    phases: Phases,
}

/// Medians in milliseconds.
#[derive(Debug, Serialize)]
struct Phases {
    /// From an empty context to the load event.
    open: f64,
    /// Until the page has nothing left to do.
    settle: f64,
    /// The facts, from the page into the program.
    capture: f64,
    /// Decoding them, and the tree.
    rules: f64,
    /// The tree's text.
    text: f64,
}

pub(super) fn run(options: &BenchOptions, context: &Context) -> Result<Exit, Failure> {
    let urls: Result<Vec<String>, Failure> = options
        .targets
        .iter()
        .map(|target| page::address(target, context))
        .collect();
    let urls = urls?;
    let config = context.load_config().ok();
    let found = browser::get(context, config.as_ref())?;
    let trust = page::trust(&urls, &options.page, config.as_ref(), context)?;
    let switches = trust.switches(urls.iter().filter_map(|url| url::Url::parse(url).ok()));
    let timings = browser::runtime()?.block_on(browser::unless_interrupted(async {
        let browser = browser::launch(&found, &switches).await?;
        let mut timings = Vec::new();
        for url in &urls {
            let timing = time(&browser, url, options).await.map_err(Failure::page);
            match timing {
                Ok(timing) => timings.push(timing),
                Err(failure) => {
                    browser.close().await;
                    return Err(failure);
                }
            }
        }
        browser.close().await;
        Ok(timings)
    }))?;
    let text = if options.json {
        serde_json::to_string_pretty(&timings).map_err(Failure::usage)? + "\n"
    } else {
        table(&timings)
    };
    output::result(&Terminal::message(&text));
    Ok(Exit::AllMatch)
}

async fn time(browser: &Browser, url: &str, options: &BenchOptions) -> Result<Timing, RunError> {
    let asked = &options.page;
    let timeout = asked.timeout.0;
    let wanted = asked.capture_options(false);
    let started = Instant::now();
    let mut page = Page::open(&browser.session(), asked.viewport, timeout).await?;
    page.goto(url, timeout).await?;
    let open = since(started);
    let started = Instant::now();
    let settling = Settling {
        deadline: started + timeout,
        certainty: Certainty::Usual,
        stops_animations: false,
    };
    page.settle(settling, || Box::pin(std::future::ready(None)))
        .await?;
    let settle = since(started);
    let (mut captures, mut rules, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    let mut elements = 0;
    for _ in 0..options.repeat.get() {
        let started = Instant::now();
        let facts = page.capture_with(wanted, asked.shadow.into()).await?;
        captures.push(since(started));
        let started = Instant::now();
        let capture = Capture::from_facts(facts)?;
        let tree = asked.tree(&capture, asked.request())?;
        rules.push(since(started));
        let started = Instant::now();
        let text = snapshot::write(&tree, Rendering::default());
        texts.push(since(started));
        drop(text);
        elements = capture.documents.iter().map(count).sum();
    }
    page.close().await;
    Ok(Timing {
        url: url.to_owned(),
        elements,
        phases: Phases {
            open,
            settle,
            capture: median(captures),
            rules: median(rules),
            text: median(texts),
        },
    })
}

fn count(frame: &crate::dom::FrameDocument) -> usize {
    let document = &frame.document;
    document.ids().filter(|id| document.is_element(*id)).count()
}

fn since(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e5).round() / 100.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn table(timings: &[Timing]) -> String {
    let mut text = format!(
        "{:>9} {:>9} {:>9} {:>9} {:>9} {:>9}  page, times in ms\n",
        "elements", "open", "settle", "capture", "rules", "text"
    );
    for Timing {
        url,
        elements,
        phases,
    } in timings
    {
        text.push_str(&format!(
            "{elements:>9} {:>9.1} {:>9.1} {:>9.1} {:>9.1} {:>9.1}  {url}\n",
            phases.open, phases.settle, phases.capture, phases.rules, phases.text
        ));
    }
    text
}
