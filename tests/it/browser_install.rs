//! Installing a browser, from a server and on a `PATH` made for the test.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod download;
mod world;

use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    download::tests()
}
