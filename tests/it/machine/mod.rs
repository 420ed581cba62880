//! What tests need of the machine that they run on.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "each test uses its part, and says by failing what is missing"
)]

pub mod dialogue;
#[cfg(target_os = "linux")]
pub mod elsewhere;
#[cfg(target_os = "linux")]
pub mod group;
pub mod process;

use std::path::PathBuf;

use ariasnap::internals::browser::find::Search;
use ariasnap::internals::browser::platform::Platform;

/// The browser's own binary; without one, a test fails here.
pub fn browser() -> PathBuf {
    let home = std::env::home_dir();
    let cache = home.as_ref().map(|home| home.join(".cache"));
    let search = Search::new(
        Platform::current(),
        home.as_deref(),
        cache.as_deref(),
        |name| std::env::var_os(name),
    );
    match search.find() {
        Ok(found) => found.path,
        Err(error) => panic!("{error}\n`cargo run -- browser install` installs one"),
    }
}
