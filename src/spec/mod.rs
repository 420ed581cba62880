//! Configuration and specs: what to snapshot, read from YAML with positions for every error.
//!
//! `parse` functions are pure and take a text; [`load_config`] and [`load_cases`] read files.

mod case;
mod collection;
mod config;
mod document;
mod emulation;
mod load;
mod page_name;
mod pages;
mod reader;
mod settings;
pub mod steps;
mod untrusted;
mod value;
mod variables;
mod yaml;

pub use case::{Case, SnapshotRequest, Target, shared_baselines};
pub use collection::{Collection, Entry, PageSource, Specs};
pub use config::{BrowserConfig, Certificates, Config, SiteConfig};
pub use document::parse_spec;
pub use emulation::{BasicAuth, ColorScheme, Emulation, ForcedColors, Media, ReducedMotion};
pub use load::{
    LoadError, configurations, load, load_cases, load_config, load_sessions, read_config,
    read_specs,
};
pub use settings::SESSIONS;
pub use steps::Step;
pub use untrusted::refused as untrusted;
pub use value::{
    Allowed, Animations, Dialogs, FailOn, Install, Isolation, Jobs, Scale, Scroll, Settle, Timeout,
    Viewport,
};
pub(crate) use variables::has_reference;
pub use variables::{Secrets, Variables};

use crate::source::Diagnostic;

/// Returns problems in the order of files and lines.
fn sorted(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort_by(|one, two| {
        let key =
            |problem: &Diagnostic| (problem.place.file.path.clone(), problem.place.span.start);
        key(one).cmp(&key(two))
    });
    problems
}

/// Returns the problems of one text in its order; `Ok` without problems.
fn in_order(problems: Vec<Diagnostic>) -> Result<(), Vec<Diagnostic>> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(sorted(problems)),
    }
}
