//! Configuration and specs: what to snapshot, read from YAML with positions for every error.
//!
//! `parse` functions are pure and take a text; [`load_config`] and [`load_cases`] read files.

mod case;
mod collection;
mod config;
mod emulation;
mod load;
mod page_name;
mod references;
mod secrets;
mod settings;
mod state;
pub mod steps;
mod table;
mod untrusted;
mod value;
mod yaml;

pub use case::{Case, SnapshotRequest, Target, parse_spec, shared_baselines};
pub use collection::{Collection, Entry, PageSource, Specs};
pub use config::{BrowserConfig, Config, SiteConfig};
pub use emulation::{ColorScheme, Emulation, ForcedColors, Media, ReducedMotion};
pub use load::{LoadError, configurations, load, load_cases, load_config, load_sessions};
pub use secrets::Secrets;
pub(crate) use secrets::has_reference;
pub use state::SESSIONS;
pub use steps::Step;
pub use untrusted::refused as untrusted;
pub use value::{
    Allowed, Animations, Dialogs, FailOn, Install, Jobs, Scale, Scroll, Settle, Timeout, Viewport,
};

use crate::error::Located;

/// What is wrong with one text, in its order; `Ok` where that is nothing.
fn in_order(mut problems: Vec<Located>) -> Result<(), Vec<Located>> {
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort_by_key(|problem| problem.place.span.start);
    Err(problems)
}
