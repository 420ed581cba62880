//! All integration tests, in one program: every module of another program would be linked with all
//! dependencies once more.
//!
//! `cargo test --test it compare::` runs the tests of a module, `cargo test --test it -- --list` lists all.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

mod machine;
mod page_server;
mod reference;
mod session;
mod trees;

mod additions;
mod aria;
mod browser_install;
mod cli;
mod compare;
mod compare_fuzz;
mod compare_properties;
mod endpoints;
mod frames;
#[cfg(feature = "headless_chrome")]
mod headless_chrome_tab;
mod layers;
mod packaging;
mod pages;
mod processes;
mod readme;
mod report;
mod review;
mod review_in_browser;
mod review_web;
mod schemas;
mod screenshots;
mod serve;
mod shards;
mod source;
mod sources;
mod spec;
mod store;
mod watch;
mod work;
