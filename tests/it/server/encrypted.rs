//! A server with HTTPS, whose certificate for `127.0.0.1` and `localhost` is one of a private authority.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Listens on a port of its own as long as the program runs.
pub(crate) struct Encrypted {
    port: u16,
}

impl Encrypted {
    pub(crate) fn start() -> Encrypted {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let certificate = CertificateDer::from_pem_slice(include_bytes!("certificate.pem"));
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("key.pem"));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let settings = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.expect("a certificate")],
                key.expect("a key"),
            )
            .expect("they belong together");
        let settings = Arc::new(settings);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let settings = Arc::clone(&settings);
                // A client that refuses the certificate ends the connection.
                std::thread::spawn(move || answer(stream, settings, port));
            }
        });
        Encrypted { port }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }
}

/// Answers one request, and closes the connection.
fn answer(stream: TcpStream, settings: Arc<ServerConfig>, port: u16) -> std::io::Result<()> {
    let connection = ServerConnection::new(settings).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => request.extend_from_slice(&buffer[..count]),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let (status, kind, body) = match path {
        "/" | "/about/" => (
            "200 OK",
            "text/html",
            format!(
                "<!doctype html><title>t</title><h1>Secure {path}</h1><a href=/about/>About</a>"
            ),
        ),
        "/sitemap.xml" => (
            "200 OK",
            "application/xml",
            format!("<urlset><url><loc>https://127.0.0.1:{port}/</loc></url></urlset>"),
        ),
        _ => ("404 Not Found", "text/plain", "nothing".to_owned()),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}
