//! Reports: one file per format, each from a plain value to text.

pub mod changes;
pub mod style;
pub mod terminal;
