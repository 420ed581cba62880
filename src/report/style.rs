//! The colours of terminal texts. The command line strips them if colours are off.

use anstyle::{AnsiColor, Style};

/// Good.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Bad.
pub const BAD: Style = AnsiColor::Red.on_default();
/// Needs attention.
pub const WARN: Style = AnsiColor::Yellow.on_default();
/// Less important.
pub const DIM: Style = Style::new().dimmed();
/// Important.
pub const BOLD: Style = Style::new().bold();

pub use crate::text::terminal::paint;
