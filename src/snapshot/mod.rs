//! The text of a snapshot: written from a tree, read back as a template.

mod markdown;
mod parse;
mod quote;
mod scalar;
pub mod template;
mod write;
mod yaml;

pub use crate::source::{ParseError, Span};
pub use parse::{from_markdown, parse, read};
pub use template::Template;
pub(crate) use write::is_written_name;
pub use write::{Rendering, write};

#[cfg(test)]
mod tests;
