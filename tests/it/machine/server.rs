//! A server with the faults that pages can have, and an address where there is none.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};

/// Runs until the test ends.
pub struct Server {
    port: u16,
    refused: u16,
    /// Keeps the port: bound, and nobody listens.
    _refusing: OwnedFd,
    hanging: Mutex<Receiver<TcpStream>>,
}

impl Server {
    pub fn start() -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, hanging) = channel();
        let asked = Arc::new(Mutex::new(HashSet::new()));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                let asked = Arc::clone(&asked);
                std::thread::spawn(move || answer(stream, port, &sender, &asked));
            }
        });
        let refusing = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&refusing, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = SocketAddrV4::try_from(getsockname(&refusing).unwrap()).unwrap();
        Server {
            port,
            refused: address.port(),
            _refusing: refusing,
            hanging: Mutex::new(hanging),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Waits until somebody asks for `/hang`.
    pub fn wait_for_hanging(&self, deadline: Duration) -> TcpStream {
        self.hanging
            .lock()
            .unwrap()
            .recv_timeout(deadline)
            .expect("a page is asked for")
    }

    fn placeholders(&self) -> [(String, &'static str); 3] {
        [
            (format!("http://127.0.0.1:{}", self.port), "[SERVER]"),
            (format!("http://localhost:{}", self.port), "[ELSEWHERE]"),
            (format!("http://127.0.0.1:{}", self.refused), "[REFUSED]"),
        ]
    }

    /// A text with its addresses in place of their placeholders.
    pub fn fill_in(&self, text: &[u8]) -> Vec<u8> {
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
    pub fn take_out(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (address, placeholder) in self.placeholders() {
            text = text.replace(&address, placeholder);
        }
        text
    }
}

fn answer(
    mut stream: TcpStream,
    port: u16,
    hanging: &Sender<TcpStream>,
    asked: &Mutex<HashSet<String>>,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut request = String::new();
    let _ = reader.read_line(&mut request);
    let is_header = |line: &Result<String, _>| line.as_ref().is_ok_and(|line| !line.is_empty());
    reader.lines().take_while(is_header).for_each(drop);
    let path = request.split(' ').nth(1).unwrap_or_default();
    if path == "/hang" || path.starts_with("/hang/") {
        // Open for as long as the test lasts.
        let _ = hanging.send(stream);
        return;
    }
    let is_first = asked.lock().unwrap().insert(path.to_owned());
    if is_first && path.starts_with("/hang-first/") {
        let _ = hanging.send(stream);
        return;
    }
    let mut heading = "Page";
    let (status, location) = match path {
        _ if path.starts_with("/late/") => {
            heading = if is_first { "Not yet" } else { "Page" };
            ("200", String::new())
        }
        _ if path.starts_with("/late-error/") => {
            (if is_first { "503" } else { "200" }, String::new())
        }
        "/elsewhere" => ("302", format!("http://localhost:{port}/page")),
        "/moved" => ("302", "/page".to_owned()),
        _ => (
            path.strip_prefix("/status/").unwrap_or("200"),
            String::new(),
        ),
    };
    let body = format!("<title>Page</title><main><h1>{heading} {status}</h1></main>");
    let _ = write!(
        stream,
        "HTTP/1.1 {status} Status\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
         Location: {location}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
}
