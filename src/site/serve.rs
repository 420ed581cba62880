//! A folder as a web site on a free port of the loopback interface, in the way of the hosts of
//! static sites: `index.html`, addresses without `.html`, `404.html`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower_http::services::ServeDir;
use url::Url;

/// A running server. It stops listening when it is dropped.
#[derive(Debug)]
pub struct Server {
    base: Url,
    /// Closes when the server is dropped, which ends it.
    _running: oneshot::Sender<()>,
}

/// Why a folder cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The folder is missing, or is none.
    #[error(
        "the site's folder {} does not exist; build the site first, or correct `dir`",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// The file for paths that have none is missing.
    #[error("the site's `fallback` {} does not exist", .0.display())]
    NoFallback(PathBuf),
    /// There is no port to listen on.
    #[error("cannot listen on the loopback interface")]
    Listen(#[source] io::Error),
}

struct Folder {
    files: ServeDir,
    /// The path of the file that is served for paths that have none, from the root of the site.
    fallback: Option<String>,
}

impl Server {
    /// Serves `dir`. `fallback` is a file of it that is served in place of missing pages, for sites
    /// whose pages are made by script. To be called in a tokio runtime, which must go on running.
    ///
    /// # Errors
    /// The folder or the fallback does not exist, or no port is free.
    pub async fn start(dir: &Path, fallback: Option<&Path>) -> Result<Server, ServeError> {
        if !dir.is_dir() {
            return Err(ServeError::NoFolder(dir.to_owned()));
        }
        let fallback = fallback
            .map(|file| path_of_fallback(dir, file))
            .transpose()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(ServeError::Listen)?;
        let address = listener.local_addr().map_err(ServeError::Listen)?;
        let folder = Arc::new(Folder {
            files: ServeDir::new(dir).redirect_to_trailing_slash(true),
            fallback,
        });
        let (running, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(respond).with_state(folder);
        tokio::spawn(async move {
            let stop = async move {
                // Nothing is ever sent: the sender's end is the message.
                let _ = stopped.await;
            };
            axum::serve(listener, router)
                .with_graceful_shutdown(stop)
                .await
        });
        Ok(Server {
            base: base_url(address)?,
            _running: running,
        })
    }

    /// The address of the root of the site, such as `http://127.0.0.1:40001/`.
    pub fn base(&self) -> &Url {
        &self.base
    }
}

fn base_url(address: SocketAddr) -> Result<Url, ServeError> {
    Url::parse(&format!("http://{address}/"))
        .map_err(|error| ServeError::Listen(io::Error::other(error)))
}

/// The address of the fallback, which is a file of the folder.
fn path_of_fallback(dir: &Path, file: &Path) -> Result<String, ServeError> {
    let missing = || ServeError::NoFallback(dir.join(file));
    let plain = file.components().all(|part| {
        matches!(
            part,
            std::path::Component::Normal(_) | std::path::Component::CurDir
        )
    });
    if !plain || !dir.join(file).is_file() {
        return Err(missing());
    }
    let mut url = Url::parse("http://localhost/").map_err(|_| missing())?;
    url.set_path(&file.to_string_lossy().replace('\\', "/"));
    Ok(url.path().to_owned())
}

/// What of a request decides the answer. Ranges and dates do not: what is asked for comes whole.
#[derive(Clone)]
struct Asked {
    method: Method,
    query: Option<String>,
    /// The version that the browser already has.
    known: Option<HeaderValue>,
}

async fn respond(
    State(folder): State<Arc<Folder>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked {
        method,
        query: uri.query().map(str::to_owned),
        known: headers.get(header::IF_NONE_MATCH).cloned(),
    };
    let mut response = folder.page(&asked, uri.path()).await;
    let headers = response.headers_mut();
    // A page is always the one on the disk: the browser asks each time, and by the entity tag,
    // since dates cannot tell apart two edits within a second.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.remove(header::LAST_MODIFIED);
    headers.remove(header::ACCEPT_RANGES);
    name_charset(headers);
    response
}

impl Folder {
    /// The file of that address; else the one with `.html`; else the fallback; else `404.html`.
    async fn page(&self, asked: &Asked, path: &str) -> Response {
        if !matches!(asked.method, Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
        }
        let plain = self.file(asked, path).await;
        let missing = match plain.status() {
            StatusCode::NOT_FOUND => true,
            // A folder. `/about` with both `about.html` and a folder `about` is the page, unless
            // the folder has a page of its own.
            StatusCode::TEMPORARY_REDIRECT => {
                let index = self.file(asked, &format!("{path}/index.html")).await;
                index.status() == StatusCode::NOT_FOUND
            }
            _ => false,
        };
        if !missing {
            return plain;
        }
        if !path.ends_with('/') {
            let page = self.file(asked, &format!("{path}.html")).await;
            if page.status() != StatusCode::NOT_FOUND {
                return page;
            }
        }
        match &self.fallback {
            Some(fallback) if is_page(path) => self.file(asked, fallback).await,
            _ => self.not_found(asked).await,
        }
    }

    async fn not_found(&self, asked: &Asked) -> Response {
        let asked = Asked {
            known: None,
            ..asked.clone()
        };
        let mut page = self.file(&asked, "/404.html").await;
        if page.status() == StatusCode::NOT_FOUND {
            return (StatusCode::NOT_FOUND, "Not found\n").into_response();
        }
        *page.status_mut() = StatusCode::NOT_FOUND;
        page
    }

    /// What the folder has at that path. Decoding, `..`, folders and types of content are
    /// tower-http's.
    async fn file(&self, asked: &Asked, path: &str) -> Response {
        let uri = match &asked.query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        let mut request = Request::builder().method(&asked.method).uri(uri);
        if let Some(known) = &asked.known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let Ok(request) = request.body(Body::empty()) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        match self.files.clone().try_call(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) => status_of(&error).into_response(),
        }
    }
}

fn status_of(error: &io::Error) -> StatusCode {
    match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::InvalidFilename => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Whether an address may be one of a site's own routes: a missing script or image is missing, and
/// markup in its place would hide that.
fn is_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    !name.contains('.') || name.ends_with(".html")
}

/// Hosts of static sites send text as UTF-8; without it a page that does not name its own encoding
/// would be read as windows-1252.
fn name_charset(headers: &mut HeaderMap) {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return;
    };
    let is_text = kind.starts_with("text/") && !kind.contains("charset");
    if is_text && let Ok(value) = HeaderValue::from_str(&format!("{kind}; charset=utf-8")) {
        headers.insert(header::CONTENT_TYPE, value);
    }
}
