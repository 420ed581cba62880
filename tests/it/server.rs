//! The tests' own HTTP server. What it answers are routes of axum, of which this module has some: the
//! files of a folder, pages with the faults that pages can have, an archive to download, and what a
//! function says.

pub(crate) mod encrypted;
pub(crate) mod slow;

use std::collections::HashSet;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Path as Segments, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use futures_util::stream::{self, StreamExt};
use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use url::Url;

use encrypted::Encrypted;

use crate::harness;

/// Listens on a port of its own until it is dropped.
pub(crate) struct TestServer {
    port: u16,
    runtime: Option<Runtime>,
}

impl TestServer {
    pub(crate) fn start(routes: Router) -> TestServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let runtime = harness::runtime();
        runtime.spawn(serve(listener, routes));
        TestServer {
            port,
            runtime: Some(runtime),
        }
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The same server as another origin.
    pub(crate) fn other_host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    pub(crate) fn base(&self) -> Url {
        Url::parse(&self.url("/")).expect("it is a URL")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // Answers that never come are not waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves in this process until it is ended.
pub(crate) fn serve_for_ever(port: u16, routes: Router) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free");
    harness::runtime().block_on(serve(listener, routes));
}

async fn serve(listener: TcpListener, routes: Router) {
    listener.set_nonblocking(true).expect("a socket of tokio");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket of tokio");
    axum::serve(listener, routes).await.expect("it serves");
}

fn html(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

fn redirect(to: String) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
}

/// The address of a path at this server's other origin.
fn elsewhere(headers: &HeaderMap, path: &str) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let (_, port) = host.and_then(|host| host.split_once(':')).expect("a port");
    format!("http://localhost:{port}{path}")
}

/// The files of a folder, and beside them:
///
/// - `/slow/<milliseconds>/<file>`: a file of the folder, late
/// - `/hold`: no answer, ever
/// - `/events`: one event, and then silence
/// - `/socket`: a websocket that says one word, and then nothing
/// - `/elsewhere`: leads to another host
/// - `/members`: leads to a login form
pub(crate) fn folder(folder: &Path) -> Router {
    let socket = async |upgrade: WebSocketUpgrade| {
        upgrade.on_upgrade(async |mut socket| {
            let _ = socket.send(Message::text("welcome")).await;
            let _ = socket.recv().await;
        })
    };
    let events = async || {
        let first = stream::iter([Ok::<_, io::Error>("data: first news\n\n")]);
        let body = Body::from_stream(first.chain(stream::pending()));
        ([(header::CONTENT_TYPE, "text/event-stream")], body)
    };
    Router::new()
        .route("/slow/{time}/{*file}", get(slow_file))
        .route("/hold", any(pending::<StatusCode>))
        .route("/events", get(events))
        .route("/socket", any(socket))
        .route(
            "/elsewhere",
            get(async |headers: HeaderMap| redirect(elsewhere(&headers, "/login-wall/login.html"))),
        )
        .route(
            "/members",
            get(async || redirect("/login-wall/login.html".to_owned())),
        )
        .fallback(async |State(folder): State<Arc<PathBuf>>, uri: Uri| {
            file(&folder.join(uri.path().trim_start_matches('/')))
        })
        .with_state(Arc::new(folder.to_owned()))
}

async fn slow_file(
    State(folder): State<Arc<PathBuf>>,
    Segments((time, name)): Segments<(u64, String)>,
) -> Response {
    tokio::time::sleep(Duration::from_millis(time)).await;
    file(&folder.join(name))
}

fn file(path: &Path) -> Response {
    let Ok(content) = std::fs::read(path) else {
        return (StatusCode::NOT_FOUND, "nothing here").into_response();
    };
    let kind = match path.extension().and_then(|kind| kind.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "text/plain",
    };
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

/// What a function says to the path of a request, with its query.
pub(crate) fn answers(answer: impl Fn(&str) -> Answer + Clone + Send + Sync + 'static) -> Router {
    Router::new().fallback(async move |uri: Uri| {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        answer(path).into_response()
    })
}

pub(crate) enum Answer {
    Html(String),
    Xml(String),
    Text(String),
    Missing,
    Redirect(&'static str),
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Answer::Html(text) => html(text),
            Answer::Xml(text) => {
                ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
            }
            Answer::Text(text) => text.into_response(),
            Answer::Missing => {
                let page = html("<!doctype html><h1>Not found</h1>".to_owned());
                (StatusCode::NOT_FOUND, page).into_response()
            }
            Answer::Redirect(to) => redirect(to.to_owned()),
        }
    }
}

/// What the server does with a request for an archive.
#[derive(Clone)]
pub(crate) enum Download {
    /// Sends the body with its length.
    Body(Vec<u8>),
    /// Announces the length and closes after so many bytes.
    Part(Vec<u8>, usize),
    /// Sends the body without a length, and more of it until the client hangs up.
    Endless(Vec<u8>),
    /// Answers with a status and nothing else.
    Status(u16),
    /// Announces a body and then says nothing until the client hangs up.
    Silence,
}

/// An archive at a path; everything else is an error of the client that no test expects.
pub(crate) fn download(path: &str, answer: Download, requests: Arc<AtomicUsize>) -> Router {
    let handler = async move || {
        requests.fetch_add(1, Ordering::SeqCst);
        answer.response()
    };
    Router::new()
        .route(path, get(handler))
        .fallback(async || StatusCode::IM_A_TEAPOT)
}

impl Download {
    fn response(&self) -> Response {
        let with_length = |length: usize, body: Body| {
            ([(header::CONTENT_LENGTH, length.to_string())], body).into_response()
        };
        match self {
            Download::Body(body) => body.clone().into_response(),
            Download::Part(body, sent) => {
                let start = Bytes::copy_from_slice(&body[..*sent]);
                let start = stream::iter([Ok(start)]);
                let end = stream::once(async {
                    // What came before is sent first.
                    tokio::task::yield_now().await;
                    Err(io::Error::other("the body breaks off"))
                });
                with_length(body.len(), Body::from_stream(start.chain(end)))
            }
            Download::Endless(body) => {
                let body = Bytes::copy_from_slice(body);
                let bodies = stream::repeat_with(move || Ok::<_, io::Error>(body.clone()));
                Body::from_stream(bodies).into_response()
            }
            Download::Status(status) => status_of(*status).into_response(),
            Download::Silence => {
                let nothing = stream::pending::<Result<Bytes, io::Error>>();
                with_length(100, Body::from_stream(nothing))
            }
        }
    }
}

fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).expect("a status has three digits")
}

/// A port that nobody listens on, kept so that nobody else takes it.
pub(crate) struct Refused {
    port: u16,
    _bound: OwnedFd,
}

impl Refused {
    pub(crate) fn bind() -> Refused {
        let bound = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
        bind(&bound, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = getsockname(&bound).expect("it is bound");
        let address = SocketAddrV4::try_from(address).expect("it is an address of IPv4");
        Refused {
            port: address.port(),
            _bound: bound,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// A server of pages with the faults that pages can have, and an address where there is no server:
///
/// - `/hang`, `/hang/X`: no answer until the test gives it
/// - `/hang-first/X`: likewise when it is first asked for
/// - `/late/X`: another heading when it is first asked for
/// - `/late-error/X`: an error when it is first asked for
/// - `/status/N`: that status
/// - `/elsewhere`: leads to another origin
/// - `/moved`: leads to another page
///
/// Everything else is a page with a heading.
pub(crate) struct Faults {
    server: TestServer,
    encrypted: Encrypted,
    refused: Refused,
    hanging: Mutex<Receiver<Hanging>>,
}

/// A request that hangs.
pub(crate) struct Hanging(oneshot::Sender<()>);

impl Hanging {
    /// Gives the answer, unless the client is gone.
    pub(crate) fn answer(self) {
        let _ = self.0.send(());
    }
}

impl Faults {
    pub(crate) fn start() -> Faults {
        let (sender, hanging) = channel();
        let asked = Arc::new(Mutex::new(HashSet::new()));
        let routes = Router::new().fallback(async move |uri: Uri, headers: HeaderMap| {
            let is_first = asked
                .lock()
                .expect("no test panics here")
                .insert(uri.clone());
            fault(uri.path(), is_first, &headers, &sender).await
        });
        Faults {
            server: TestServer::start(routes),
            encrypted: Encrypted::start(),
            refused: Refused::bind(),
            hanging: Mutex::new(hanging),
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Waits until somebody asks for a page that hangs.
    pub(crate) fn wait_for_hanging(&self, deadline: Duration) -> Hanging {
        let hanging = self.hanging.lock().expect("no test panics here");
        hanging.recv_timeout(deadline).expect("a page is asked for")
    }

    fn placeholders(&self) -> [(String, &'static str); 4] {
        [
            (format!("http://{}", self.server.host()), "[SERVER]"),
            (
                format!("http://{}", self.server.other_host()),
                "[ELSEWHERE]",
            ),
            (self.refused.url(), "[REFUSED]"),
            (self.encrypted.url(), "[ENCRYPTED]"),
        ]
    }

    /// A text with its addresses in place of their placeholders.
    pub(crate) fn fill_in(&self, text: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(text) else {
            return text.to_owned();
        };
        let mut text = text.to_owned();
        for (address, placeholder) in self.placeholders() {
            text = text.replace(placeholder, &address);
        }
        text.into_bytes()
    }

    /// A text with placeholders in place of its addresses.
    pub(crate) fn take_out(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (address, placeholder) in self.placeholders() {
            text = text.replace(&address, placeholder);
        }
        text
    }
}

async fn fault(
    path: &str,
    is_first: bool,
    headers: &HeaderMap,
    hanging: &Sender<Hanging>,
) -> Response {
    let path = path.strip_prefix('/').unwrap_or(path);
    let (kind, rest) = path.split_once('/').unwrap_or((path, ""));
    let mut heading = "Page";
    let mut status = 200;
    match kind {
        "hang" => wait(hanging).await,
        "hang-first" if is_first => wait(hanging).await,
        "late" if is_first => heading = "Not yet",
        "late-error" if is_first => status = 503,
        "status" => status = rest.parse().expect("`/status/N` has a number"),
        "elsewhere" => return redirect(elsewhere(headers, "/page")),
        "moved" => return redirect("/page".to_owned()),
        _ => {}
    }
    let page = html(format!(
        "<title>Page</title><main><h1>{heading} {status}</h1></main>"
    ));
    (status_of(status), page).into_response()
}

/// Waits until the test lets the answer go.
async fn wait(hanging: &Sender<Hanging>) {
    let (sender, receiver) = oneshot::channel();
    if hanging.send(Hanging(sender)).is_err() || receiver.await.is_err() {
        pending::<()>().await;
    }
}
