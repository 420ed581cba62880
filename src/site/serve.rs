//! Serves a folder on a free port of the loopback interface, as hosts of static sites do: `index.html`,
//! addresses without `.html`, `404.html`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
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
    /// The folder is missing, or is not a folder.
    #[error(
        "the site's folder {} does not exist; build the site first, or correct `dir`",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// The fallback is missing.
    #[error("the site's `fallback` {} does not exist", .0.display())]
    NoFallback(PathBuf),
    /// No port is free.
    #[error("cannot listen on the loopback interface")]
    Listen(#[source] io::Error),
}

struct Folder {
    files: ServeDir,
    /// The path of the file that is served for paths that have none, from the root of the site.
    fallback: Option<String>,
    /// The path below which the files are, without a slash at its end.
    base: String,
}

impl Server {
    /// Serves `dir`. `fallback` is a file of it that is served in place of missing pages, for sites
    /// whose pages are made by script. To be called in a tokio runtime, which must go on running.
    ///
    /// # Errors
    /// The folder or the fallback does not exist, or no port is free.
    pub async fn start(dir: &Path, fallback: Option<&Path>) -> Result<Server, ServeError> {
        Server::start_at(dir, fallback, "/").await
    }

    /// As [`Server::start`], below the path that the site was built for: `/`, or `/handbook/`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_at(
        dir: &Path,
        fallback: Option<&Path>,
        base: &str,
    ) -> Result<Server, ServeError> {
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
            base: base.trim_end_matches('/').to_owned(),
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
            base: base_url(address, base)?,
            _running: running,
        })
    }

    /// Returns the address of the root of the site, such as `http://127.0.0.1:40001/`.
    pub fn base(&self) -> &Url {
        &self.base
    }
}

fn base_url(address: SocketAddr, base: &str) -> Result<Url, ServeError> {
    Url::parse(&format!("http://{address}{base}"))
        .map_err(|error| ServeError::Listen(io::Error::other(error)))
}

/// Returns the address of the fallback, which is a file of the folder.
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

/// The parts of a request that decide the answer. Ranges and dates do not: a file is sent whole.
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
    let mut response = match folder.below_base(uri.path()) {
        Some(path) => folder.page(&asked, path).await,
        None if folder.base == uri.path() => {
            Redirect::temporary(&format!("{}/", folder.base)).into_response()
        }
        None => folder.not_found(&asked).await,
    };
    let headers = response.headers_mut();
    // A page is always the one on the disk: the browser asks each time, and by the entity tag, since
    // two edits within a second have the same date.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.remove(header::LAST_MODIFIED);
    headers.remove(header::ACCEPT_RANGES);
    name_charset(headers);
    keep_base(headers, &folder.base);
    response
}

/// Redirects of the folder's files know nothing of the base.
fn keep_base(headers: &mut HeaderMap, base: &str) {
    let Some(path) = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
    else {
        return;
    };
    let is_below = path
        .strip_prefix(base)
        .is_some_and(|rest| rest.starts_with('/'));
    if !is_below && let Ok(value) = HeaderValue::from_str(&format!("{base}{path}")) {
        headers.insert(header::LOCATION, value);
    }
}

impl Folder {
    fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        let path = path.strip_prefix(&self.base)?;
        path.starts_with('/').then_some(path)
    }

    /// Returns the file of that address; else the one with `.html`; else the fallback; else `404.html`.
    async fn page(&self, asked: &Asked, path: &str) -> Response {
        if !matches!(asked.method, Method::GET | Method::HEAD) {
            let allow = [(header::ALLOW, "GET, HEAD")];
            return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
        }
        let plain = self.file(asked, path).await;
        let missing = match plain.status() {
            StatusCode::NOT_FOUND => true,
            // A folder. `/about` is `about.html` before a folder `about`, unless the folder has an
            // `index.html`.
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

    /// Returns what the folder has at that path. tower-http does the decoding, `..`, folders and types
    /// of content.
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

/// Returns whether an address may be one of a site's own routes: markup in place of a missing script or
/// image would hide that it is missing.
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
