//! How much a run asks of the browser, in counts that no busy machine changes: a run goes through a
//! proxy that counts what it says to the browser and what comes back.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::machine::elsewhere::Elsewhere;
use crate::machine::process::Running;
use futures_util::{SinkExt, StreamExt};
use libtest_mimic::Trial;
use tokio::net::TcpListener;
use tokio_tungstenite::{accept_async, connect_async};

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        async a_page_that_matches_is_captured_once_and_asked_little,
        async larger_pages_ask_no_more_and_answer_in_proportion,
    ]
}

/// Far longer than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// What went through.
#[derive(Debug, Default, Clone)]
struct Counts {
    /// Commands by their method.
    commands: BTreeMap<String, usize>,
    /// Commands that run the collector.
    captures: usize,
    /// What the collector's answers are long.
    captured_bytes: usize,
    waiting: HashSet<u64>,
}

impl Counts {
    fn sent(&mut self, text: &str) {
        let message: serde_json::Value = serde_json::from_str(text).unwrap();
        let method = message["method"].as_str().unwrap_or_default();
        *self.commands.entry(method.to_owned()).or_default() += 1;
        let function = &message["params"]["functionDeclaration"];
        if function
            .as_str()
            .is_some_and(|source| source.contains("findPseudoTargets"))
        {
            self.captures += 1;
            self.waiting.insert(message["id"].as_u64().unwrap());
        }
    }

    fn received(&mut self, text: &str) {
        if self.waiting.is_empty() {
            return;
        }
        let message: serde_json::Value = serde_json::from_str(text).unwrap();
        if message["id"]
            .as_u64()
            .is_some_and(|id| self.waiting.remove(&id))
        {
            self.captured_bytes += text.len();
        }
    }

    fn all(&self) -> usize {
        self.commands.values().sum()
    }
}

/// Stands between a run and a browser.
async fn proxy(endpoint: String) -> (String, Arc<Mutex<Counts>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/", listener.local_addr().unwrap());
    let counts = Arc::new(Mutex::new(Counts::default()));
    let seen = Arc::clone(&counts);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let seen = Arc::clone(&seen);
            let (browser, _) = connect_async(endpoint.as_str()).await.unwrap();
            let client = accept_async(stream).await.unwrap();
            let (mut to_browser, mut from_browser) = browser.split();
            let (mut to_client, mut from_client) = client.split();
            let answers = Arc::clone(&seen);
            tokio::spawn(async move {
                while let Some(Ok(message)) = from_browser.next().await {
                    if let Ok(text) = message.to_text() {
                        answers.lock().unwrap().received(text);
                    }
                    if to_client.send(message).await.is_err() {
                        break;
                    }
                }
            });
            tokio::spawn(async move {
                while let Some(Ok(message)) = from_client.next().await {
                    if let Ok(text) = message.to_text()
                        && !text.is_empty()
                        && !message.is_close()
                    {
                        seen.lock().unwrap().sent(text);
                    }
                    if to_browser.send(message).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    (address, counts)
}

/// A site of equal pages with so many list items each, and what a run of it that matches asks for.
async fn counted(browser: &Elsewhere, pages: usize, items: usize) -> Counts {
    let folder = tempfile::tempdir().unwrap();
    let item = "<li><a href=\"/0.html\">Item</a> of the list</li>\n";
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>List</title><main><h1>List</h1><ul>{}</ul></main>",
        item.repeat(items)
    );
    let write = |file: &str, text: &str| {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let mut spec = "pages:\n".to_owned();
    for number in 0..pages {
        write(&format!("site/{number}.html"), &page);
        spec.push_str(&format!("  - /{number}.html\n"));
    }
    write("specs/all.yml", &spec);
    let run = async |update: bool| {
        let (endpoint, counts) = proxy(browser.endpoint.clone()).await;
        let config =
            format!("site: {{dir: site}}\njobs: 1\nbrowser: {{endpoint: \"{endpoint}\"}}\n");
        write("ariasnap.yml", &config);
        test(folder.path(), update).await;
        counts.lock().unwrap().clone()
    };
    run(true).await;
    run(false).await
}

async fn test(folder: &Path, update: bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ariasnap"));
    command
        .arg("test")
        .args(update.then_some("--update"))
        .current_dir(folder)
        .env_remove("CI");
    let ended = tokio::task::spawn_blocking(move || Running::start(&mut command).end(DEADLINE))
        .await
        .unwrap();
    assert_eq!(
        ended.code,
        Some(0),
        "{}{}",
        String::from_utf8_lossy(&ended.stdout),
        String::from_utf8_lossy(&ended.stderr)
    );
}

async fn a_page_that_matches_is_captured_once_and_asked_little() {
    let browser = Elsewhere::start();
    let (few, many) = (
        counted(&browser, 4, 10).await,
        counted(&browser, 12, 10).await,
    );
    assert_eq!((few.captures, many.captures), (4, 12), "{many:#?}");
    // What one more page costs, without what a run costs once.
    let more: BTreeMap<&str, f64> = many
        .commands
        .iter()
        .map(|(method, count)| {
            let before = few.commands.get(method).copied().unwrap_or_default();
            (method.as_str(), (*count as f64 - before as f64) / 8.0)
        })
        .collect();
    let per_page = (many.all() - few.all()) as f64 / 8.0;
    // Four more than with a context for each page: what the page left is looked for, its tab is closed, and
    // the next one is resumed. All are answered at once; a new context with its process is not. Two are for
    // the page's clock, which ticks on a busy machine.
    assert!(
        per_page <= 24.0,
        "{per_page} commands for each page: {more:#?}"
    );
    let once = few.all() as f64 - 4.0 * per_page;
    assert!(once <= 16.0, "{once} commands for each run: {few:#?}");
}

async fn larger_pages_ask_no_more_and_answer_in_proportion() {
    let browser = Elsewhere::start();
    let (small, large) = (
        counted(&browser, 2, 1_000).await,
        counted(&browser, 2, 10_000).await,
    );
    // The page's clock ticks while a page is waited for: more often on a busy machine.
    const TICKS: usize = 20;
    assert!(large.all() <= small.all() + TICKS, "{small:#?}\n{large:#?}");
    assert_eq!(large.captures, 2);
    // Two elements and three texts for each item: numbers, no text twice.
    let per_element = |counts: &Counts, items: usize| counts.captured_bytes / 2 / (2 * items);
    assert!(
        per_element(&large, 10_000) <= 20,
        "{} bytes",
        per_element(&large, 10_000)
    );
    assert!(per_element(&large, 10_000) <= per_element(&small, 1_000) + 2);
}
