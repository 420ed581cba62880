//! The text of a snapshot: writing it from a tree, and reading it as a template.

mod markdown;
mod parse;
pub(crate) mod quote;
mod scalar;
mod suspect;
pub mod template;
mod to_tree;
mod write;

pub use crate::source::Diagnostic;
pub use parse::{parse, read};
pub use template::Template;
pub use write::{Rendering, write};
pub(crate) use write::{is_written_name, key_text};

#[cfg(test)]
mod tests;
