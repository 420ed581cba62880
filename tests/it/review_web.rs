//! The review's server over real sockets: what is answered, and what is refused.

use std::fs;

use ariasnap::internals::baseline::BaselinePath;
use ariasnap::internals::review::Review;
use ariasnap::internals::review::web::{Ended, Web};
use ariasnap::internals::store::{Fingerprint, Store};
use libtest_mimic::Trial;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) fn tests() -> Vec<Trial> {
    tests![
        async decisions_come_into_files_and_can_be_taken_back,
        async what_comes_from_elsewhere_is_refused_and_changes_nothing,
    ]
}

struct Served {
    folder: tempfile::TempDir,
    host: String,
    token: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Ended>,
}

async fn serve() -> Served {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path());
    for place in ["a/page", "b/page"] {
        let path = BaselinePath::try_from(place.to_owned()).expect("a place");
        store
            .write_pending(&path, "- main: <b>new</b>\n", Fingerprint::None)
            .expect("pending");
    }
    let review = Review::new(store, |_| true).expect("a review");
    let web = Web::bind(review).await.expect("a port");
    let url = url::Url::parse(&web.url()).expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async move {
        let _ = stopped.await;
    };
    Served {
        folder,
        host: format!("127.0.0.1:{}", url.port().expect("a port")),
        token: url.path().trim_matches('/').to_owned(),
        stop,
        ended: tokio::spawn(async move { web.serve(stopped).await.expect("served") }),
    }
}

impl Served {
    /// The status and the body of the answer to a request, byte for byte as given.
    async fn send(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).await.expect("connected");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        let status = answer.get(9..12).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("{answer}")), answer)
    }

    async fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let host = &self.host;
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nhost: {host}\r\n{headers}connection: close\r\n\r\n"
        ))
        .await
    }

    async fn post(&self, what: &str, headers: &str, body: &str) -> (u16, String) {
        let (host, token) = (&self.host, &self.token);
        self.send(&format!(
            "POST /{token}/{what} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{headers}connection: close\r\n\r\n{body}",
            body.len()
        ))
        .await
    }

    fn own(&self) -> String {
        format!(
            "x-ariasnap-token: {}\r\norigin: http://{}\r\n",
            self.token, self.host
        )
    }
}

/// The body of the decision to accept `a/page` as it was put.
fn accept() -> String {
    let file = "# ariasnap: pending, compared with none\n- main: <b>new</b>\n";
    let shown = Fingerprint::of(file.as_bytes());
    format!(r#"{{"choice":"accept","path":"a/page","group":null,"shown":{{"a/page":"{shown}"}}}}"#)
}

async fn decisions_come_into_files_and_can_be_taken_back() {
    let served = serve().await;
    let baseline = served.folder.path().join("a/page.aria.yml");
    let (status, page) = served.get(&format!("/{}/", served.token), "").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("&lt;b&gt;new&lt;&#x2f;b&gt;"),
        "the text is text"
    );
    assert!(!page.contains("<b>new"), "the text is text");
    assert!(page.contains("content-security-policy: default-src 'none'"));
    let (status, answer) = served.post("decide", &served.own(), &accept()).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        fs::read_to_string(&baseline).expect("accepted"),
        "- main: <b>new</b>\n"
    );
    assert!(
        answer.contains(r#""pending":[{"path":"b/page""#),
        "{answer}"
    );
    let (_, answer) = served.post("undo", &served.own(), "{}").await;
    assert!(answer.contains("a/page"), "{answer}");
    assert!(!baseline.exists());
    served.post("decide", &served.own(), &accept()).await;
    assert_eq!(served.post("finish", &served.own(), "{}").await.0, 200);
    let ended = served.ended.await.expect("ended");
    assert_eq!((ended.accepted, ended.rejected, ended.left), (1, 0, 1));
    drop(served.stop);
}

async fn what_comes_from_elsewhere_is_refused_and_changes_nothing() {
    let served = serve().await;
    let (host, token) = (served.host.clone(), served.token.clone());
    let own = served.own();
    let page = format!("/{token}/");
    // Another name for this address: DNS rebinding.
    let rebound = format!("GET {page} HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n");
    assert_eq!(served.send(&rebound).await.0, 403);
    // Another page.
    assert_eq!(
        served.get(&page, "origin: http://evil.test\r\n").await.0,
        403
    );
    assert_eq!(
        served.get(&page, "sec-fetch-site: cross-site\r\n").await.0,
        403
    );
    let foreign = format!("x-ariasnap-token: {token}\r\norigin: http://evil.test\r\n");
    assert_eq!(served.post("decide", &foreign, &accept()).await.0, 403);
    // No token, or another.
    for path in ["/", "/state", "/0/", &format!("/{token}0/")] {
        assert_eq!(served.get(path, "").await.0, 403, "{path}");
    }
    assert_eq!(served.post("decide", "", &accept()).await.0, 403);
    // Other methods, also those that the address knows under another.
    let put = format!("PUT {page} HTTP/1.1\r\nhost: {host}\r\n{own}connection: close\r\n\r\n");
    assert_eq!(served.send(&put).await.0, 405);
    assert_eq!(served.get(&format!("{page}decide"), "").await.0, 405);
    assert_eq!(served.post("", &own, &accept()).await.0, 405);
    // Other files.
    for path in [
        "shot/0",
        "shot/../../etc/passwd",
        "shot/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "../ariasnap.yml",
        "shot/-1",
    ] {
        let (status, answer) = served.get(&format!("{page}{path}"), "").await;
        assert!(matches!(status, 400 | 403 | 404), "{path}: {answer}");
    }
    // A form of another page can send a body, but not as JSON.
    let accept = accept();
    let form = accept.len();
    let form = format!(
        "POST {page}decide HTTP/1.1\r\nhost: {host}\r\ncontent-type: text/plain\r\n{own}content-length: {form}\r\nconnection: close\r\n\r\n{accept}"
    );
    assert_eq!(served.send(&form).await.0, 415);
    let outside = r#"{"choice":"accept","path":"../../x","group":null,"shown":{}}"#;
    assert_eq!(served.post("decide", &own, outside).await.0, 422);
    served.stop.send(()).expect("stopped");
    let ended = served.ended.await.expect("ended");
    assert_eq!((ended.accepted, ended.left), (0, 2));
    assert!(!served.folder.path().join("a/page.aria.yml").exists());
}
