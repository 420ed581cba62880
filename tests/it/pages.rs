//! Hard pages: every archive of `tests/pages/` holds a case (`case.yml`), the page it is about, and
//! what comes of it, the snapshot in `expected.yml` or the error in `expected.txt`. Run in the real
//! browser, against a server whose answers can be slow, stay open, or lead elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::server::{self, TestServer};
use ariasnap::internals::browser::find::Search;
use ariasnap::internals::browser::launch::{Browser, LaunchOptions};
use ariasnap::internals::browser::platform::Platform;
use ariasnap::internals::run::{self, CaseReport, Outcome, Patience, RunContext, Update};
use ariasnap::internals::site::Site;
use ariasnap::internals::source::SourceText;
use ariasnap::internals::spec::{Case, Config, Entry, FailOn, Secrets, SiteConfig, parse_spec};
use ariasnap::internals::store::Store;
use libtest_mimic::Trial;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::archive::{self, Archive};
use crate::harness::{self, Shared};

/// What all cases share: a browser, and a server of their files.
struct Shop {
    runtime: Runtime,
    browsers: Arc<Vec<Browser>>,
    server: TestServer,
    folder: TempDir,
}

static SHOP: Shared<Shop> = Shared::new();

/// Ends the browser.
pub(crate) fn end() {
    SHOP.end();
}

fn start() -> Shop {
    let folder = tempfile::tempdir().expect("a folder for all cases");
    for archive in archives() {
        archive.unpack(&folder.path().join(archive.name()));
    }
    let runtime = harness::runtime();
    let server = TestServer::start(server::folder(folder.path()));
    let browsers = Arc::new(vec![runtime.block_on(browser())]);
    Shop {
        runtime,
        browsers,
        server,
        folder,
    }
}

fn archives() -> Vec<Archive> {
    Archive::all(&archive::tests("pages"))
        .into_iter()
        .filter(|archive| archive.get("case.yml").is_some())
        .collect()
}

pub(crate) fn tests() -> Vec<Trial> {
    let cases = archives().into_iter().map(|archive| {
        let name = archive.name().to_owned();
        harness::case(module_path!(), &name, move || check(&archive))
    });
    cases.collect()
}

fn case(archive: &Archive, config: &Config) -> Case {
    let name = archive.name();
    let path = PathBuf::from(format!("{name}/case.yml"));
    let bytes = archive.get("case.yml").expect("the case can be read");
    let text = SourceText::from_bytes(&path, bytes).expect("the case is text");
    let entries = parse_spec(&text, Path::new(&format!("{name}.yml")), config);
    let mut entries = entries.unwrap_or_else(|errors| panic!("{errors:?}"));
    match (entries.pop(), entries.is_empty()) {
        (Some(Entry::Case(case)), true) => *case,
        _ => panic!("{name} is one case"),
    }
}

async fn browser() -> Browser {
    let home = std::env::home_dir();
    let search = Search::new(Platform::current(), home.as_deref(), None, |name| {
        std::env::var_os(name)
    });
    let found = search.find().expect("there is a browser");
    Browser::launch(&LaunchOptions {
        executable: found.path,
        headed: false,
        is_confined: false,
        deadline: Duration::from_secs(30),
    })
    .await
    .expect("the browser starts")
}

/// What came, in the form of the expected files.
fn told(report: &CaseReport, server: &TestServer, snapshots: &Path) -> (&'static str, String) {
    let mut names = "expected.yml";
    let mut text = String::new();
    for snapshot in &report.snapshots {
        match &snapshot.outcome {
            Outcome::New { pending, .. } => {
                let pending = fs::read_to_string(pending).expect("it is there");
                text += pending.split_once('\n').map_or("", |(_, rest)| rest);
            }
            Outcome::Failed(failure) => {
                names = "expected.txt";
                text += &format!("{}\n", failure.message);
            }
            other => panic!("{}: {other:?}", report.name),
        }
    }
    for note in &report.notes {
        text += &format!("# note: {note}\n");
    }
    let text = text
        .replace(&server.host(), "SITE")
        .replace(&server.other_host(), "OTHER")
        .replace(&snapshots.display().to_string(), "SNAPSHOTS");
    (names, without_times(&text))
}

/// `after 5.2 s` says `after TIME s`.
fn without_times(text: &str) -> String {
    let mut parts = text.split(" after ");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let time = if rest.len() < part.len() && rest.starts_with(" s") {
            "TIME"
        } else {
            &part[..part.len() - rest.len()]
        };
        whole += &format!(" after {time}{rest}");
    }
    whole
}

fn check(archive: &Archive) -> Result<(), String> {
    let shop = SHOP.get(start);
    let mut config = Config::without_file(shop.folder.path());
    let site = shop.server.base();
    config.site = Some(SiteConfig::Url(site.clone()));
    let snapshots = tempfile::tempdir().expect("there is room for snapshots");
    let context = RunContext {
        browsers: Arc::clone(&shop.browsers),
        site: Some(Arc::new(Site::Url(site))),
        store: Store::new(snapshots.path()),
        jobs: 1,
        update: Update::Never,
        fail_on: FailOn::Any,
        secrets: Secrets::default(),
        sessions: std::collections::BTreeMap::new(),
        pauses: None,
        patience: Patience::default(),
    };
    let cases = vec![case(archive, &config)];
    let (progress, _) = tokio::sync::mpsc::unbounded_channel();
    let run = run::run(cases, context, progress, std::future::pending());
    let result = shop.runtime.block_on(run);
    let (file, actual) = told(&result.cases[0], &shop.server, snapshots.path());
    archive.expect(file, actual)
}
