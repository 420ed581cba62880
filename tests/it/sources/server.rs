//! A server of the test's own, on a port of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use url::Url;

/// What the server says to a request.
pub(crate) struct Answer {
    status: &'static str,
    header: String,
    body: String,
}

impl Answer {
    fn of(kind: &str, body: String) -> Answer {
        Answer {
            status: "200 OK",
            header: format!("Content-Type: {kind}"),
            body,
        }
    }

    pub(crate) fn html(body: String) -> Answer {
        Answer::of("text/html; charset=utf-8", body)
    }

    pub(crate) fn xml(body: String) -> Answer {
        Answer::of("application/xml", body)
    }

    pub(crate) fn text(body: String) -> Answer {
        Answer::of("text/plain", body)
    }

    pub(crate) fn missing() -> Answer {
        Answer {
            status: "404 Not Found",
            ..Answer::html("<!doctype html><h1>Not found</h1>".to_owned())
        }
    }

    pub(crate) fn redirect(to: &str) -> Answer {
        Answer {
            status: "302 Found",
            header: format!("Location: {to}"),
            body: String::new(),
        }
    }
}

/// Answers until the test's process ends.
pub(crate) struct TestServer {
    base: Url,
}

impl TestServer {
    pub(crate) fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> TestServer {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || serve(listener, answer));
        TestServer {
            base: Url::parse(&base).unwrap(),
        }
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }
}

/// Answers requests by their paths, for ever.
pub(crate) fn serve(
    listener: TcpListener,
    answer: impl Fn(&str) -> Answer + Send + Sync + 'static,
) {
    let answer = Arc::new(answer);
    for stream in listener.incoming().flatten() {
        let answer = Arc::clone(&answer);
        std::thread::spawn(move || respond(stream, answer.as_ref()));
    }
}

/// A connection that its client gave up is no matter.
fn respond(mut stream: TcpStream, answer: &dyn Fn(&str) -> Answer) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut request = String::new();
    reader.read_line(&mut request).ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    let path = request.split(' ').nth(1)?;
    let Answer {
        status,
        header,
        body,
    } = answer(path);
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{header}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .ok()
}
