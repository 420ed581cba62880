//! The static server, asked over a plain socket, so that nothing puts the request in order first.

use std::path::Path;

use ariasnap::internals::site::{ServeError, Server, Site};
use libtest_mimic::Trial;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        async addresses_lead_to_files,
        async a_folder_is_redirected_to_its_slash,
        async nothing_outside_the_folder_is_served,
        async files_have_their_type_and_are_always_asked_for,
        async a_known_version_is_not_sent_again_and_a_changed_one_is,
        async head_is_get_without_the_body_and_nothing_else_is_allowed,
        async the_sites_own_404_page_keeps_the_status,
        async a_fallback_answers_for_pages_alone,
        async what_is_missing_is_said_at_the_start,
        async two_sites_have_their_own_ports_and_a_dropped_one_is_gone,
    ]
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

async fn ask(server: &Server, method: &str, target: &str, headers: &str) -> Answer {
    let port = server.base().port().unwrap();
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    socket.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

async fn get(server: &Server, target: &str) -> Answer {
    ask(server, "GET", target, "").await
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let outer = tempfile::tempdir().unwrap();
    std::fs::write(outer.path().join("secret.txt"), "secret").unwrap();
    for (path, text) in files {
        let file = outer.path().join("site").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    outer
}

async fn serve(outer: &TempDir, fallback: Option<&str>) -> Server {
    Server::start(&outer.path().join("site"), fallback.map(Path::new))
        .await
        .unwrap()
}

const FILES: &[(&str, &str)] = &[
    ("index.html", "home"),
    ("about.html", "about"),
    ("docs/index.html", "docs"),
    ("both.html", "both page"),
    ("both/index.html", "both folder"),
    ("guide.html", "guide page"),
    ("guide/first.html", "first"),
    ("v1.2/notes.html", "notes"),
    ("with space/ä.html", "umlaut"),
    ("style.css", "a{}"),
    ("script.js", "1"),
    ("data.json", "{}"),
    ("icon.svg", "<svg/>"),
    ("noextension", "bytes"),
    ("empty/file.txt", "text"),
];

async fn addresses_lead_to_files() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    for (target, status, body) in [
        ("/", 200, "home"),
        ("/index.html", 200, "home"),
        ("/?q=1", 200, "home"),
        ("/about", 200, "about"),
        ("/about?x=%2F..", 200, "about"),
        ("/about.html", 200, "about"),
        ("/about/", 404, "Not found\n"),
        ("/docs/", 200, "docs"),
        ("/both/", 200, "both folder"),
        ("/guide", 200, "guide page"),
        ("/guide/", 404, "Not found\n"),
        ("/guide/first", 200, "first"),
        ("/v1.2/notes", 200, "notes"),
        ("/with%20space/%C3%A4", 200, "umlaut"),
        ("/with%20space/%c3%a4.html", 200, "umlaut"),
        ("/noextension", 200, "bytes"),
        ("/empty/", 404, "Not found\n"),
        ("/empty", 404, "Not found\n"),
        ("/About", 404, "Not found\n"),
        ("/about.html/x", 404, "Not found\n"),
        ("/nowhere", 404, "Not found\n"),
    ] {
        let answer = get(&server, target).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (status, body),
            "{target}"
        );
    }
}

async fn a_folder_is_redirected_to_its_slash() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    for (target, location) in [
        ("/docs", "/docs/"),
        ("/docs?q=1", "/docs/?q=1"),
        ("/both", "/both/"),
    ] {
        let answer = get(&server, target).await;
        assert_eq!(answer.status, 307, "{target}");
        assert_eq!(answer.header("location"), Some(location), "{target}");
    }
}

async fn nothing_outside_the_folder_is_served() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    for target in [
        "/../secret.txt",
        "/docs/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "//../secret.txt",
        "/docs/..%00/secret.txt",
        "/%00",
        "/%ff",
        "/%",
    ] {
        let answer = get(&server, target).await;
        assert!(
            (400..500).contains(&answer.status) && !answer.body.contains("secret"),
            "{target}: {} {}",
            answer.status,
            answer.body
        );
    }
    let absolute = format!("/{}", outer.path().join("secret.txt").display());
    assert_eq!(get(&server, &absolute).await.status, 404);
}

async fn files_have_their_type_and_are_always_asked_for() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    for (target, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/about", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/script.js", "text/javascript; charset=utf-8"),
        ("/data.json", "application/json"),
        ("/icon.svg", "image/svg+xml"),
        ("/noextension", "application/octet-stream"),
    ] {
        let answer = get(&server, target).await;
        assert_eq!(answer.header("content-type"), Some(kind), "{target}");
        assert_eq!(answer.header("cache-control"), Some("no-cache"));
        assert_eq!(answer.header("last-modified"), None);
    }
}

async fn a_known_version_is_not_sent_again_and_a_changed_one_is() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    let first = get(&server, "/about").await;
    let condition = format!("If-None-Match: {}\r\n", first.header("etag").unwrap());
    let again = ask(&server, "GET", "/about", &condition).await;
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    std::fs::write(outer.path().join("site/about.html"), "ABOUT US").unwrap();
    let changed = ask(&server, "GET", "/about", &condition).await;
    assert_eq!((changed.status, changed.body.as_str()), (200, "ABOUT US"));
}

async fn head_is_get_without_the_body_and_nothing_else_is_allowed() {
    let outer = folder(FILES);
    let server = serve(&outer, None).await;
    let head = ask(&server, "HEAD", "/about", "").await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some("5"));
    let post = ask(&server, "POST", "/about", "Content-Length: 0\r\n").await;
    assert_eq!(post.status, 405);
    assert_eq!(post.header("allow"), Some("GET, HEAD"));
    let range = ask(&server, "GET", "/about", "Range: bytes=0-1\r\n").await;
    assert_eq!((range.status, range.body.as_str()), (200, "about"));
}

async fn the_sites_own_404_page_keeps_the_status() {
    let outer = folder(&[("index.html", "home"), ("404.html", "lost")]);
    let server = serve(&outer, None).await;
    for target in ["/nowhere", "/nowhere/", "/missing.js"] {
        let answer = ask(&server, "GET", target, "If-None-Match: *\r\n").await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (404, "lost"),
            "{target}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
}

async fn a_fallback_answers_for_pages_alone() {
    let outer = folder(&[
        ("index.html", "home"),
        ("app shell.html", "app"),
        ("404.html", "lost"),
    ]);
    let server = serve(&outer, Some("app shell.html")).await;
    for (target, status, body) in [
        ("/", 200, "home"),
        ("/users/7", 200, "app"),
        ("/users/7/?tab=1", 200, "app"),
        ("/gone.html", 200, "app"),
        ("/missing.js", 404, "lost"),
        ("/img/missing.png", 404, "lost"),
    ] {
        let answer = get(&server, target).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (status, body),
            "{target}"
        );
    }
}

async fn what_is_missing_is_said_at_the_start() {
    let outer = folder(FILES);
    let site = outer.path().join("site");
    let start = async |dir: &str, fallback: Option<&str>| {
        Server::start(&site.join(dir), fallback.map(Path::new)).await
    };
    assert!(matches!(
        start("nowhere", None).await,
        Err(ServeError::NoFolder(_))
    ));
    assert!(matches!(
        start("index.html", None).await,
        Err(ServeError::NoFolder(_))
    ));
    for fallback in ["nowhere.html", "../secret.txt", "docs", "/etc/passwd"] {
        let started = start("", Some(fallback)).await;
        assert!(
            matches!(started, Err(ServeError::NoFallback(_))),
            "{fallback}"
        );
    }
}

async fn two_sites_have_their_own_ports_and_a_dropped_one_is_gone() {
    let outer = folder(FILES);
    let first = serve(&outer, None).await;
    let second = serve(&outer, None).await;
    assert_ne!(first.base(), second.base());
    let port = first.base().port().unwrap();
    // A connection that nobody uses does not keep the server.
    let mut idle = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    assert_eq!(get(&first, "/").await.status, 200);
    drop(first);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.unwrap();
    let gone = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(10);
    tokio::time::timeout(limit, gone).await.unwrap();
    let site = Site::Dir(second);
    let page = site.resolve("/about").unwrap();
    assert_eq!(page.as_str(), format!("{}about", site.base()));
}
