//! A client of the DevTools protocol: <https://chromedevtools.github.io/devtools-protocol/>
//!
//! A [`Connection`] to one browser carries any number of flat [`Session`]s. Every call has a
//! deadline; a crash or a detach fails that session's pending calls at once, the end of the browser
//! those of all.

mod connection;
mod message;
mod pipe;
mod routes;
mod socket;

pub use connection::{Connection, Session};
pub use message::{CallError, Event};
pub use pipe::{BrowserEnds, pipe_pair};
pub use socket::config as socket_config;
