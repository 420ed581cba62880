//! Connections to browsers at endpoints: every message of the protocol is one of a WebSocket.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio_tungstenite::tungstenite::{Message, protocol::WebSocketConfig};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An open connection to a browser.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Returns a configuration without limits: the facts of a large page are one long message.
pub fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None)
}

/// Writes queued messages until the queue or the connection closes.
pub(super) async fn write_all(
    mut socket: SplitSink<Socket, Message>,
    mut queue: UnboundedReceiver<Vec<u8>>,
) {
    while let Some(message) = queue.recv().await {
        // serde_json writes UTF-8.
        let Ok(text) = String::from_utf8(message) else {
            continue;
        };
        if socket.send(Message::text(text)).await.is_err() {
            return;
        }
    }
    // The browser then closes our pages.
    let _ = socket.close().await;
}

/// Passes on every message until the connection closes.
pub(super) async fn read_all(mut socket: SplitStream<Socket>, messages: UnboundedSender<Vec<u8>>) {
    while let Some(Ok(message)) = socket.next().await {
        let message = match message {
            Message::Text(text) => text.as_bytes().to_vec(),
            Message::Binary(bytes) => bytes.to_vec(),
            Message::Close(_) => return,
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
        };
        if messages.send(message).is_err() {
            return;
        }
    }
}
