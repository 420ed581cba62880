//! The text of a snapshot: written from a tree, read back as a template.

mod quote;
mod write;

pub use write::{Rendering, write};
