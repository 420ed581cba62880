//! Where pages come from: projects under `tests/sources/` with the cases that their specs become; sites
//! that commands serve; `ariasnap init`, `check --source` and `test` as processes.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Html;

use crate::server::{self, Answer, TestServer, answers};
use ariasnap::internals::run::expand;
use ariasnap::internals::site::command::{StartError, StartOptions, Started};
use ariasnap::internals::site::{Server, Site, Trust};
use ariasnap::internals::spec::{self, SiteConfig, Target};
use libtest_mimic::Trial;
use url::Url;

use crate::archive::{self, Archive};
use crate::harness::{case, runtime};

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![
        async sites_without_end_are_bounded,
        async sitemaps_and_crawls_send_what_their_case_sends,
        async a_command_is_ended_with_all_it_started,
        async commands_that_serve_nothing_say_why,
        async a_port_in_use_is_told_or_reused,
        init_takes_a_folder,
        init_takes_a_url_with_a_sitemap,
        init_takes_a_url_without_a_sitemap,
        init_without_a_site_says_what_it_needs,
        a_snapshot_is_held_against_its_source,
        pages_of_a_started_site_are_tested_and_doubtful_ones_are_not,
    ];
    for archive in Archive::all(&archive::tests("sources")) {
        let name = archive.name().to_owned();
        list.push(case(module_path!(), &name, move || check(&archive)));
    }
    list
}

fn check(archive: &Archive) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    archive.unpack(folder.path());
    let found = runtime().block_on(cases(folder.path()));
    archive.expect("expected.txt", found)
}

/// The cases of a project, a line each, then the notes; or the error.
async fn cases(folder: &Path) -> String {
    let config = spec::load_config(
        folder,
        Some(&folder.join("ariasnap.yml")),
        &spec::Variables::default(),
    )
    .unwrap();
    let Some(SiteConfig::Dir { dir, .. }) = &config.site else {
        unreachable!("{folder:?}");
    };
    let site = Site::Dir(Server::start(dir, None).await.unwrap());
    let base = site.base().clone();
    let specs = spec::load(&config, folder).unwrap();
    let shown = |text: &str| text.replace(base.as_str(), "http://site/");
    match expand(
        specs,
        Some(&site),
        &spec::Secrets::default(),
        &Trust::Public,
    )
    .await
    {
        Err(error) => format!("{}\n", shown(&error.to_string())),
        Ok(expanded) => {
            let case = |case: &spec::Case| {
                let Target::Url(url) = &case.target else {
                    unreachable!("{case:?}");
                };
                let place = case.snapshots[0].baseline.as_str();
                assert_eq!(place, format!("{}/page", case.title()));
                let path = shown(&url.value).replace("http://site/", "/");
                format!("{} {path}\n", case.title())
            };
            let notes = expanded.notes.iter();
            let notes = notes.map(|note| format!("note: {}\n", shown(note)));
            expanded.cases.iter().map(case).chain(notes).collect()
        }
    }
}

async fn sites_without_end_are_bounded() {
    let server = TestServer::start(answers(|path| {
        let number: usize = path
            .trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap_or(0);
        let next = number + 1;
        if path.ends_with(".xml") {
            Answer::Xml(format!(
                "<sitemapindex><sitemap><loc>/map{next}.xml</loc></sitemap></sitemapindex>"
            ))
        } else {
            Answer::Html(format!("<!doctype html><a href=/page{next}>next</a>"))
        }
    }));
    let folder = tempfile::tempdir().unwrap();
    let expanded = async |text: &str| {
        let config = format!("site: {{url: \"{}\"}}\n", server.base());
        fs::write(folder.path().join("ariasnap.yml"), config).unwrap();
        fs::create_dir_all(folder.path().join("specs")).unwrap();
        fs::write(folder.path().join("specs/a.yml"), text).unwrap();
        let config = spec::load_config(folder.path(), None, &spec::Variables::default()).unwrap();
        let specs = spec::load(&config, folder.path()).unwrap();
        expand(
            specs,
            Some(&Site::Url(server.base())),
            &spec::Secrets::default(),
            &Trust::Public,
        )
        .await
    };
    let crawled = expanded("crawl: {start: /page0, depth: 50, limit: 7}\n")
        .await
        .unwrap();
    assert_eq!(crawled.cases.len(), 7);
    assert!(
        crawled.notes[0].contains("limit of 7"),
        "{:?}",
        crawled.notes
    );
    let endless = expanded("sitemap: /map0.xml\n").await.unwrap_err();
    assert!(
        endless.to_string().contains("indexes in one another"),
        "{endless}"
    );
}

async fn sitemaps_and_crawls_send_what_their_case_sends() {
    let routes = Router::new().fallback(async |uri: Uri, headers: HeaderMap| {
        let has = |name: &str, value: &str| {
            let sent = headers.get(name).and_then(|value| value.to_str().ok());
            sent == Some(value)
        };
        // ci:s3cret
        let is_known = has("authorization", "Basic Y2k6czNjcmV0");
        if !(is_known && has("cookie", "a=b") && has("x-token", "t0ken")) {
            return (StatusCode::UNAUTHORIZED, Html(String::new()));
        }
        (
            StatusCode::OK,
            Html(match uri.path() {
                "/map.txt" => format!("http://{}/in", headers["host"].to_str().unwrap()),
                _ => "<!doctype html><a href=/next>next</a>".to_owned(),
            }),
        )
    });
    let server = TestServer::start(routes);
    let folder = tempfile::tempdir().unwrap();
    let expanded = async |text: &str, password: &str| {
        let address = server.base().to_string();
        let address = address.replace("://", "://ci:${PW}@");
        let config = format!(
            "site: {{url: \"{address}\"}}\n\
             defaults: {{cookies: {{a: b}}, headers: {{X-Token: \"${{T}}\"}}}}\n"
        );
        fs::write(folder.path().join("ariasnap.yml"), config).unwrap();
        fs::create_dir_all(folder.path().join("specs")).unwrap();
        fs::write(folder.path().join("specs/a.yml"), text).unwrap();
        let variables = [("PW", password), ("T", "t0ken")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let config = spec::load_config(folder.path(), None, &variables.into_iter().collect());
        let config = config.unwrap();
        let Some(SiteConfig::Url(url)) = &config.site else {
            unreachable!("{config:?}");
        };
        assert_eq!(*url, server.base(), "without user name and password");
        let specs = spec::load(&config, folder.path()).unwrap();
        let patterns = specs.collections().map(|collection| &collection.pattern);
        let secrets = spec::Secrets::new(patterns, |_| Some("t0ken".to_owned())).unwrap();
        let shown = secrets.mask(&format!("a {password} and a t0ken"));
        assert_eq!(shown, "a [masked] and a [masked]");
        expand(
            specs,
            Some(&Site::Url(url.clone())),
            &secrets,
            &Trust::Public,
        )
        .await
    };
    let found = expanded("sitemap: /map.txt\n", "s3cret").await.unwrap();
    assert_eq!(found.cases.len(), 1);
    let found = expanded("crawl: /start\n", "s3cret").await.unwrap();
    assert_eq!(found.cases.len(), 2);
    let refused = expanded("sitemap: /map.txt\n", "s3cret!").await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("HTTP 401; `basic-auth:"), "{refused}");
    assert!(!refused.contains("s3cret"), "{refused}");
}

/// The variable that has this program serve instead of test.
pub(crate) const PORT: &str = "ARIASNAP_TEST_PORT";

/// Serves until it is ended: what the commands of started sites run.
pub(crate) fn serve_until_ended(port: &str) {
    let port = port.parse().expect("a port is a number");
    server::serve_for_ever(
        port,
        answers(|path| match path {
            "/sitemap.xml" => Answer::Xml(
                "<urlset><url><loc>https://docs.example/</loc></url>\
                 <url><loc>https://docs.example/about/</loc></url></urlset>"
                    .to_owned(),
            ),
            "/admin" => Answer::Redirect("/login?next=admin"),
            "/framed" => {
                Answer::Html("<!doctype html><h1>Framed</h1><iframe src=/none>".to_owned())
            }
            "/none" => Answer::Missing,
            _ => Answer::Html(format!(
                "<!doctype html><title>t</title><h1>Page {path}</h1>"
            )),
        }),
    );
}

/// A command that serves, in the background of its shell; and its address.
fn serving() -> (String, Url) {
    let port = {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let program = std::env::current_exe().unwrap();
    let command = format!("{PORT}={port} '{}' & wait", program.display());
    let url = Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    (command, url)
}

fn options(command: &str, url: &Url) -> StartOptions {
    StartOptions {
        command: command.to_owned(),
        folder: std::env::temp_dir(),
        url: url.clone(),
        patience: Duration::from_secs(60),
        reuse: false,
        trust: Trust::Public,
    }
}

/// Whether nobody listens any more, within the time that a killed process may take to go.
fn is_gone(url: &Url) -> bool {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(10) {
        if TcpStream::connect(("127.0.0.1", url.port().unwrap())).is_err() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

async fn a_command_is_ended_with_all_it_started() {
    let (command, url) = serving();
    let started = Started::start(&options(&command, &url)).await.unwrap();
    assert_eq!(started.base(), &url);
    assert!(TcpStream::connect(("127.0.0.1", url.port().unwrap())).is_ok());
    assert!(started.stop().await.is_none());
    assert!(is_gone(&url));

    let started = Started::start(&options(&command, &url)).await.unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        let _held = started;
        panic!("in the middle of a run");
    }));
    assert!(panicked.is_err());
    assert!(is_gone(&url));
}

async fn commands_that_serve_nothing_say_why() {
    let (_, url) = serving();
    let ended = options("echo one; echo two >&2; exit 3", &url);
    let error = Started::start(&ended).await.unwrap_err();
    let text = error.to_string();
    assert!(
        matches!(
            error,
            StartError::Ended {
                was_ready: false,
                ..
            }
        ),
        "{text}"
    );
    for part in [
        "exit status: 3",
        "\n  one",
        "\n  two",
        "before its site answered",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let silent = StartOptions {
        patience: Duration::from_millis(300),
        ..options("echo waiting; exec tail -f /dev/null", &url)
    };
    let error = Started::start(&silent).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, StartError::NoAnswer { .. }), "{text}");
    assert!(
        text.contains("\n  waiting") && text.contains("within 0.3 s"),
        "{text}"
    );
    let nowhere = StartOptions {
        folder: "/nowhere/at/all".into(),
        ..options("true", &url)
    };
    let error = Started::start(&nowhere).await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
}

async fn a_port_in_use_is_told_or_reused() {
    let server = TestServer::start(answers(|_| Answer::Html("<!doctype html>".to_owned())));
    let taken = options("exit 1", &server.base());
    let error = Started::start(&taken).await.unwrap_err();
    assert!(matches!(error, StartError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("`reuse: true`"), "{error}");
    let reused = StartOptions {
        reuse: true,
        ..taken
    };
    let site = Started::start(&reused).await.unwrap();
    assert_eq!(site.base(), &server.base());
    assert!(site.stop().await.is_none());
}

fn ariasnap(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ariasnap"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("CI")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

fn project() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn init_takes_a_folder() {
    let project = project();
    let build = project.path().join("build/guide");
    fs::create_dir_all(&build).unwrap();
    fs::write(build.join("../index.html"), "<!doctype html><h1>x</h1>").unwrap();
    fs::write(build.join("a: b.html"), "<!doctype html><h1>x</h1>").unwrap();
    let (output, text) = ariasnap(project.path(), &["init"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("Next: ariasnap test"), "{text}");
    let read = |name: &str| fs::read_to_string(project.path().join(name)).unwrap();
    assert!(read("ariasnap.yml").contains("site:\n  dir: build\n"));
    let spec = read("specs/pages.yml");
    assert!(
        spec.ends_with("pages:\n  - /\n  - \"/guide/a:%20b.html\"\n"),
        "{spec}"
    );
    let (output, text) = ariasnap(project.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("2 cases, 2 snapshots"), "{text}");
    // What is there stays.
    fs::remove_file(project.path().join("ariasnap.yml")).unwrap();
    let before = read("specs/pages.yml");
    let (output, text) = ariasnap(project.path(), &["init", "build"]);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("pages.yml exists already"), "{text}");
    assert!(!project.path().join("ariasnap.yml").exists());
    assert_eq!(read("specs/pages.yml"), before);
}

fn init_takes_a_url_with_a_sitemap() {
    let server = TestServer::start(answers(|path| match path {
        "/robots.txt" => Answer::Text("User-agent: *\nSitemap: /maps/all.xml\n".to_owned()),
        "/maps/all.xml" => {
            let page = |at| format!("<url><loc>https://docs.example/p/{at}</loc></url>");
            Answer::Xml(format!(
                "<urlset>{}</urlset>",
                (0..1000).map(page).collect::<String>()
            ))
        }
        _ => Answer::Html("<!doctype html><h1>x</h1>".to_owned()),
    }));
    let project = project();
    let (output, text) = ariasnap(project.path(), &["init", server.base().as_str()]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("1000 pages from the sitemap /maps/all.xml"),
        "{text}"
    );
    let spec = fs::read_to_string(project.path().join("specs/pages.yml")).unwrap();
    assert!(spec.contains("\nsitemap: /maps/all.xml\n"), "{spec}");
    let (output, text) = ariasnap(project.path(), &["check"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("its pages are known only while the site runs"),
        "{text}"
    );
}

fn init_takes_a_url_without_a_sitemap() {
    let server = TestServer::start(answers(|path| match path {
        "/" => Answer::Html("<!doctype html><a href=/a>a</a><a href='/b?c=1'>b</a>".to_owned()),
        "/a" | "/b?c=1" => Answer::Html("<!doctype html><h1>x</h1>".to_owned()),
        _ => Answer::Missing,
    }));
    let project = project();
    let (output, text) = ariasnap(project.path(), &["init", server.base().as_str()]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let spec = fs::read_to_string(project.path().join("specs/pages.yml")).unwrap();
    assert!(
        spec.ends_with("pages:\n  - /\n  - /a\n  - /b?c=1\n"),
        "{spec}"
    );
}

fn init_without_a_site_says_what_it_needs() {
    let project = project();
    for (arguments, part) in [
        (&["init"][..], "name the site"),
        (&["init", "nothing-here"], "neither a folder nor a URL"),
        (&["init", "."], "has no HTML pages"),
        (
            &["init", "ftp://example.com/"],
            "expected `https` or `http`",
        ),
    ] {
        let (output, text) = ariasnap(project.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(part), "{text}");
    }
    let (_, url) = serving();
    let (output, text) = ariasnap(project.path(), &["init", url.as_str()]);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("cannot be reached"), "{text}");
    assert_eq!(fs::read_dir(project.path()).unwrap().count(), 0);
}

fn a_snapshot_is_held_against_its_source() {
    let cases = tempfile::tempdir().unwrap();
    let unpacked = |name: &str| {
        let folder = cases.path().join(name);
        Archive::read(&archive::tests("source").join(format!("{name}.txtar"))).unpack(&folder);
        folder
    };
    let lost = unpacked("lost-list-of-configurations");
    let (output, text) = ariasnap(&lost, &["check", "--source", "source.md", "page.md"]);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("source.md: lines 67 to 75: list of 9 items"),
        "{text}"
    );
    let same = unpacked("smart-punctuation");
    let (output, text) = ariasnap(&same, &["check", "--source", "source.md", "page.yml"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let (output, text) = ariasnap(&same, &["check", "--source", "source.md"]);
    assert_eq!(output.status.code(), Some(2), "{text}");
}

fn pages_of_a_started_site_are_tested_and_doubtful_ones_are_not() {
    let project = project();
    let (command, url) = serving();
    let write = |name: &str, text: &str| {
        let file = project.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let site = serde_json::json!({"command": command, "url": url.as_str()});
    write("ariasnap.yml", &format!("site: {site}\n"));
    write("specs/pages.yml", "sitemap: /sitemap.xml\n");
    write("specs/source.yml", "url: /guide\nsource: guide.md\n");
    write("guide.md", "# Page /guide\n");
    let (output, text) = ariasnap(project.path(), &["test", "--update"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(is_gone(&url));
    for name in ["pages/index", "pages/about", "source"] {
        let baseline = project
            .path()
            .join(format!("snapshots/{name}/page.aria.yml"));
        assert!(baseline.exists(), "{name}: {text}");
    }
    let (_, known) = ariasnap(project.path(), &["status"]);
    assert!(known.contains("2 baselines may belong to it"), "{known}");

    for (spec, part) in [
        ("url: /admin\n", "set `allow: [login]`"),
        ("url: /framed\n", "/none (HTTP 404)"),
        ("url: /none\n", "set `allow: [http-error]`"),
    ] {
        write("specs/doubt.yml", spec);
        let (output, text) = ariasnap(project.path(), &["test", "doubt"]);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(text.contains(part), "{text}");
    }
    write("specs/doubt.yml", "url: /framed\nallow: failed-frames\n");
    let (output, text) = ariasnap(project.path(), &["test", "doubt", "--update"]);
    assert_eq!(output.status.code(), Some(0), "{text}");
    write("guide.md", "# Page /guide\n\nA lost paragraph.\n");
    let (output, text) = ariasnap(project.path(), &["test", "source"]);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("line 3: paragraph \"A lost paragraph.\" is missing"),
        "{text}"
    );
    assert!(is_gone(&url));
}
