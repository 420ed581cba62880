//! Pages that share a browser context find nothing that another page left (`tests/isolation`), in any
//! order, and each page is the one that the server gives at that moment.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::routing::get;
use libtest_mimic::Trial;

use crate::harness;
use crate::server::TestServer;
use crate::server::slow::slow;
use crate::waiting::{cases, wrong};

pub(crate) fn tests() -> Vec<Trial> {
    let ways = [
        ("one_after_another", 1, false),
        ("in_another_order", 1, true),
        ("eight_at_a_time", 8, false),
    ];
    let mut tests: Vec<Trial> = ways
        .into_iter()
        .map(|(name, jobs, is_reversed)| {
            harness::case(module_path!(), name, move || {
                nothing_is_found(jobs, is_reversed)
            })
        })
        .collect();
    tests.push(harness::case(
        module_path!(),
        "documents_are_asked_for_anew",
        documents_are_asked_for_anew,
    ));
    tests.push(harness::case(
        module_path!(),
        "a_context_is_shared_where_nothing_is_left",
        a_context_is_shared_where_nothing_is_left,
    ));
    tests
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/isolation")
}

/// The pages that leave something.
fn leaving() -> Vec<String> {
    let entries = fs::read_dir(folder().join("leaves")).expect("there are pages");
    let mut pages: Vec<String> = entries
        .map(|entry| {
            let name = entry.expect("it can be read").file_name();
            format!("/leaves/{}", name.to_string_lossy())
        })
        .collect();
    pages.sort();
    // The server's cookie is for it alone.
    pages.push("/d?file=leaves/nothing.html&header=set-cookie:left=cookie;HttpOnly".to_owned());
    pages
}

fn server() -> TestServer {
    let cookies = async |headers: HeaderMap| {
        let cookies = headers.get(header::COOKIE);
        let cookies = cookies.map_or("", |cookies| cookies.to_str().unwrap_or("not a text"));
        cookies.to_owned()
    };
    TestServer::start(slow(&folder()).route("/cookies", get(cookies)))
}

/// A project with a case for each address and its text, in that order.
fn project(base: &str, defaults: &str, pages: &[(String, &str)]) -> tempfile::TempDir {
    let project = tempfile::tempdir().expect("a folder");
    let write = |path: String, text: &str| {
        let path = project.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    };
    write(
        "ariasnap.yml".to_owned(),
        &format!("site: {{url: \"{base}\"}}\ndefaults: {{shape: test, timeout: 60s{defaults}}}\n"),
    );
    let mut spec = String::new();
    for (at, (url, text)) in pages.iter().enumerate() {
        spec.push_str(&format!("---\nname: \"{at:03}\"\nurl: \"{url}\"\n"));
        write(
            format!("snapshots/pages/{at:03}/page.aria.yml"),
            &format!("- paragraph: {text}\n"),
        );
    }
    write("specs/pages.yml".to_owned(), &spec);
    project
}

/// Runs a project; a line for each snapshot that did not match.
fn run(project: &Path, jobs: u32) -> Result<(), String> {
    match wrong(&cases(project, jobs)?) {
        wrong if wrong.is_empty() => Ok(()),
        wrong => Err(wrong),
    }
}

fn nothing_is_found(jobs: u32, is_reversed: bool) -> Result<(), String> {
    let server = server();
    let mut leaving = leaving();
    if is_reversed {
        leaving.reverse();
    }
    let mut pages = Vec::new();
    for (at, url) in leaving.into_iter().enumerate() {
        // A page before it that leaves nothing, so that its context has been used.
        pages.push((format!("/finds-storage.html?before={at}"), "nothing"));
        pages.push((url, "done"));
        pages.push((format!("/finds-storage.html?after={at}"), "nothing"));
        pages.push((format!("/finds.html?after={at}"), "nothing"));
    }
    let project = project(server.base().as_str(), "", &pages);
    run(project.path(), jobs)
}

/// The server lets documents be kept, and answers each time with another one.
fn documents_are_asked_for_anew() -> Result<(), String> {
    let count = Arc::new(AtomicU32::new(0));
    let answer = async move || {
        let text = match count.fetch_add(1, Ordering::Relaxed) {
            0 => "the first",
            1 => "the second",
            _ => "a later one",
        };
        let page = format!("<!doctype html><html lang=en><title>T</title><p>{text}</p>");
        let headers = [
            (header::CONTENT_TYPE, "text/html"),
            (header::CACHE_CONTROL, "max-age=3600"),
        ];
        (headers, page).into_response()
    };
    let server = TestServer::start(axum::Router::new().route("/", get(answer)));
    let pages = [
        ("/".to_owned(), "the first"),
        ("/".to_owned(), "the second"),
    ];
    let project = project(server.base().as_str(), "", &pages);
    run(project.path(), 1)
}

/// A script that the server lets be kept is asked for once where pages share a context, and each time
/// with `isolation: case`.
fn a_context_is_shared_where_nothing_is_left() -> Result<(), String> {
    for (defaults, expected) in [("", 1), (", isolation: case", 4)] {
        let count = Arc::new(AtomicU32::new(0));
        let asked = Arc::clone(&count);
        let script = async move || {
            asked.fetch_add(1, Ordering::Relaxed);
            let headers = [
                (header::CONTENT_TYPE, "text/javascript"),
                (header::CACHE_CONTROL, "max-age=3600"),
            ];
            (headers, "document.querySelector('p').textContent = 'run'").into_response()
        };
        let page = async || {
            let page =
                "<!doctype html><html lang=en><title>T</title><p>-</p><script src=/s.js></script>";
            ([(header::CONTENT_TYPE, "text/html")], page).into_response()
        };
        let router = axum::Router::new()
            .route("/s.js", get(script))
            .fallback(page);
        let server = TestServer::start(router);
        let pages = ["/a", "/b", "/c", "/d"].map(|url| (url.to_owned(), "run"));
        let project = project(server.base().as_str(), defaults, &pages);
        run(project.path(), 1)?;
        let count = count.load(Ordering::Relaxed);
        if count != expected {
            return Err(format!("{defaults:?}: asked {count} times, not {expected}"));
        }
    }
    Ok(())
}
