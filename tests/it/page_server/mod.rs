//! A server whose answers are as awkward as those of the world.

mod sha1;

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves a folder, and beside it:
///
/// - `/slow/<milliseconds>/<file>`: a file of the folder, late
/// - `/hold`: no answer, ever
/// - `/events`: one event, and then silence
/// - `/socket`: a websocket that says one word, and then nothing
/// - `/elsewhere`: leads to another host
/// - `/members`: leads to a login form
pub(crate) struct PageServer {
    port: u16,
}

impl PageServer {
    pub(crate) async fn start(folder: &Path) -> PageServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let folder = folder.to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, folder.clone(), port));
            }
        });
        PageServer { port }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/", self.host())
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn other_host(&self) -> String {
        format!("localhost:{}", self.port)
    }
}

/// One request a connection; `None` where it breaks.
async fn answer(mut stream: TcpStream, folder: PathBuf, port: u16) -> Option<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1)?.split('?').next()?.to_owned();
    match path.as_str() {
        "/hold" => {
            let _ = stream.read(&mut [0; 1]).await;
        }
        "/events" => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
            send(&mut stream, head.as_bytes()).await?;
            send(&mut stream, b"data: first news\n\n").await?;
            let _ = stream.read(&mut [0; 1]).await;
        }
        "/socket" => {
            let key = request
                .lines()
                .find(|line| line.to_lowercase().starts_with("sec-websocket-key:"))?;
            let key = key.split_once(':')?.1.trim();
            let accept = sha1::accept(key);
            let head = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            send(&mut stream, head.as_bytes()).await?;
            // A final text frame: <https://www.rfc-editor.org/rfc/rfc6455#section-5.2>
            send(&mut stream, b"\x81\x07welcome").await?;
            let _ = stream.read(&mut [0; 1]).await;
        }
        "/elsewhere" => {
            let to = format!("http://localhost:{port}/login-wall/login.html");
            redirect(&mut stream, &to).await?;
        }
        "/members" => redirect(&mut stream, "/login-wall/login.html").await?,
        _ => file(&mut stream, &folder, &path).await?,
    }
    Some(())
}

async fn file(stream: &mut TcpStream, folder: &Path, path: &str) -> Option<()> {
    let mut path = path.trim_start_matches('/');
    if let Some(slow) = path.strip_prefix("slow/") {
        let (time, rest) = slow.split_once('/')?;
        tokio::time::sleep(Duration::from_millis(time.parse().ok()?)).await;
        path = rest;
    }
    let content = std::fs::read(folder.join(path));
    let kind = match path.rsplit('.').next()? {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        _ => "text/plain",
    };
    let (status, content) = match content {
        Ok(content) => ("200 OK", content),
        Err(_) => ("404 Not Found", b"nothing here".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    send(stream, head.as_bytes()).await?;
    send(stream, &content).await
}

async fn redirect(stream: &mut TcpStream, to: &str) -> Option<()> {
    let head = format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    send(stream, head.as_bytes()).await
}

async fn send(stream: &mut TcpStream, bytes: &[u8]) -> Option<()> {
    stream.write_all(bytes).await.ok()
}
