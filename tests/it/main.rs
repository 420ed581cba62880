//! All integration tests, in one program: every module of another program would be linked with all
//! dependencies once more. A test is a function that its module names in `tests()`, or a case: a file of
//! `tests/`, in the form that `archive.rs` describes.
//!
//! `cargo test --test it -- compare::` runs the tests of a module, `-- --list` lists all, and
//! `ARIASNAP_RECORD=1` writes what comes out into the cases, to be reviewed with `git diff`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so by failing"
)]

#[macro_use]
mod harness;
mod archive;
mod machine;
mod reference;
mod server;
mod session;
mod trees;

mod additions;
mod aria;
#[cfg(target_os = "linux")]
mod attacks;
mod browser_install;
mod cli;
mod compare;
mod compare_expressions;
mod compare_fuzz;
mod compare_merge;
mod compare_properties;
#[cfg(target_os = "linux")]
mod endpoints;
mod evidence;
mod frames;
#[cfg(feature = "headless_chrome")]
mod headless_chrome_tab;
mod isolation;
mod layers;
#[cfg(target_os = "linux")]
mod origins;
mod packaging;
mod pages;
#[cfg(target_os = "linux")]
mod processes;
mod readme;
mod report;
mod review;
mod review_in_browser;
mod review_web;
mod round_trip;
mod schemas;
mod screenshots;
mod serve;
#[cfg(target_os = "linux")]
mod shards;
mod source;
mod sources;
mod spec;
mod store;
mod supply_chain;
mod unseen;
mod waiting;
#[cfg(target_os = "linux")]
mod watch;
#[cfg(target_os = "linux")]
mod work;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    // A test of sites that commands start has this program as the command.
    if let Ok(port) = std::env::var(sources::PORT) {
        sources::serve_until_ended(&port);
    }
    let mut arguments = Arguments::from_args();
    if harness::is_recording() {
        // What several cases of one file write must not cross.
        arguments.test_threads = Some(1);
    }
    let conclusion = libtest_mimic::run(&arguments, tests());
    reference::end();
    pages::end();
    conclusion.exit_code()
}

/// The tests of all modules.
fn tests() -> Vec<Trial> {
    let modules = [
        additions::tests,
        aria::tests,
        browser_install::tests,
        cli::tests,
        compare::tests,
        compare_expressions::tests,
        compare_fuzz::tests,
        compare_merge::tests,
        compare_properties::tests,
        evidence::tests,
        frames::tests,
        isolation::tests,
        layers::tests,
        packaging::tests,
        pages::tests,
        readme::tests,
        report::tests,
        review::tests,
        review_in_browser::tests,
        review_web::tests,
        round_trip::tests,
        schemas::tests,
        screenshots::tests,
        serve::tests,
        source::tests,
        sources::tests,
        spec::tests,
        store::tests,
        supply_chain::tests,
        unseen::tests,
        waiting::tests,
    ];
    #[cfg(target_os = "linux")]
    let modules = modules.into_iter().chain([
        attacks::tests,
        endpoints::tests,
        origins::tests,
        processes::tests,
        shards::tests,
        watch::tests,
        work::tests,
    ]);
    #[cfg(feature = "headless_chrome")]
    let modules = modules
        .into_iter()
        .chain([headless_chrome_tab::tests as fn() -> Vec<Trial>]);
    modules.into_iter().flat_map(|tests| tests()).collect()
}
