//! The palette of texts for terminals. Whoever prints strips the codes where there is no colour.

use anstyle::{AnsiColor, Style};

/// What is good.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is bad.
pub const BAD: Style = AnsiColor::Red.on_default();
/// What asks for attention.
pub const WARN: Style = AnsiColor::Yellow.on_default();
/// What is beside the point.
pub const DIM: Style = Style::new().dimmed();
/// What stands out.
pub const BOLD: Style = Style::new().bold();

pub use crate::text::terminal::paint;
