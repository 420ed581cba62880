//! Installing a browser, against a server and package managers made for the test.
//!
//! The server is a real one on a free port, the archives are real zips, and the package managers are
//! scripts on a `PATH` of the test's own, run as the real ones would be.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

mod download;
mod packages;
mod world;

use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = download::tests();
    list.extend(packages::tests());
    list
}
