//! The server of `tests/waiting`: its files, and the route `/d`, whose answers are as slow and as awkward
//! as the query says. `tests/waiting/README.md` describes the parameters.

use std::convert::Infallible;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures_util::stream::{self, StreamExt};

/// The files of a folder, and `/d`.
pub(crate) fn slow(folder: &Path) -> Router {
    Router::new()
        .route("/d", any(dynamic))
        .fallback(async |State(folder): State<Arc<PathBuf>>, uri: Uri| file(&folder, uri.path()))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(axum::middleware::map_response(with_headers))
        .with_state(Arc::new(folder.to_owned()))
}

async fn with_headers(mut response: Response) -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("service-worker-allowed"), "/"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in headers {
        let value = HeaderValue::from_static(value);
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

fn file(folder: &Path, path: &str) -> Response {
    match std::fs::read(folder.join(path.trim_start_matches('/'))) {
        Ok(content) => ([(header::CONTENT_TYPE, kind_of(path))], content).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, "not found").into_response(),
    }
}

fn kind_of(path: &str) -> &'static str {
    media_type(path.rsplit('.').next().unwrap_or_default()).unwrap_or("application/octet-stream")
}

fn media_type(name: &str) -> Option<&'static str> {
    Some(match name {
        "css" => "text/css",
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "text" | "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// The parameters of a request.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(uri: &Uri) -> Query {
        let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        Query(pairs.into_owned().collect())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let pairs = self.0.iter().filter(move |(key, _)| key == name);
        pairs.map(|(_, value)| value.as_str())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.all(name).last()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)
            .map(|text| text.parse().expect("a number in the query"))
    }
}

async fn dynamic(
    State(folder): State<Arc<PathBuf>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    uri: Uri,
    body: Bytes,
) -> Response {
    drop(body);
    let query = Query::of(&uri);
    let gap = Duration::from_millis(query.number("gap").unwrap_or(100));
    tokio::time::sleep(Duration::from_millis(
        query.number("ms").unwrap_or_default(),
    ))
    .await;
    if query.text("hold").is_some() {
        return pending().await;
    }
    if query.text("drop").is_some() {
        // The task of the connection ends, and the connection with it. Nothing is printed.
        std::panic::resume_unwind(Box::new("the connection is dropped"));
    }
    if let (Some(count), Ok(upgrade)) = (query.number("ws"), upgrade) {
        return upgrade.on_upgrade(move |socket| speak(socket, count, gap));
    }
    if let Some(count) = query.number("sse") {
        let numbers = stream::iter(1..).take(
            usize::try_from(count)
                .ok()
                .filter(|count| *count > 0)
                .unwrap_or(usize::MAX),
        );
        let events = numbers.then(move |number: u64| async move {
            if number > 1 {
                tokio::time::sleep(gap).await;
            }
            Ok::<_, Infallible>(format!("data: {number}\n\n"))
        });
        return (
            [(header::CONTENT_TYPE, "text/event-stream")],
            Body::from_stream(events),
        )
            .into_response();
    }
    let mut answer = plain(&folder, &query, gap);
    for extra in query.all("header") {
        let (name, value) = extra.split_once(':').expect("NAME:VALUE");
        let name: HeaderName = name.parse().expect("a header's name");
        answer
            .headers_mut()
            .insert(name, value.trim().parse().expect("a header's value"));
    }
    answer
}

fn plain(folder: &Path, query: &Query, gap: Duration) -> Response {
    let mut kind = "text/plain; charset=utf-8";
    let mut body = Bytes::from(query.text("body").unwrap_or_default().to_owned());
    if let Some(path) = query.text("file") {
        let Ok(content) = std::fs::read(folder.join(path.trim_start_matches('/'))) else {
            return (StatusCode::NOT_FOUND, "not found").into_response();
        };
        body = content.into();
        kind = kind_of(path);
    }
    let kind = match query.text("type") {
        Some(name) => media_type(name).unwrap_or(name).to_owned(),
        None => kind.to_owned(),
    };
    let status = u16::try_from(query.number("status").unwrap_or(200)).expect("a status");
    let status = StatusCode::from_u16(status).expect("a status");
    let body = match query.number("chunks") {
        Some(count) => chunks(&body, usize::try_from(count).expect("a count"), gap),
        None => Body::from(body),
    };
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

fn chunks(body: &Bytes, count: usize, gap: Duration) -> Body {
    let size = body.len().div_ceil(count).max(1);
    let parts: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let parts = stream::iter(parts.into_iter().enumerate()).then(move |(at, part)| async move {
        if at > 0 {
            tokio::time::sleep(gap).await;
        }
        Ok::<_, Infallible>(part)
    });
    Body::from_stream(parts)
}

async fn speak(mut socket: WebSocket, count: u64, gap: Duration) {
    for number in 1.. {
        tokio::time::sleep(gap).await;
        let is_gone = socket
            .send(Message::text(number.to_string()))
            .await
            .is_err();
        if is_gone || number == count {
            break;
        }
    }
    let _ = socket.send(Message::Close(None)).await;
}
