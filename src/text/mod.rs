//! Escapes text for output. Names, addresses and messages come from pages, specs and file names, so each text
//! is escaped for its reader: a terminal, a log, XML, Markdown.
//!
//! Only a [`Text`] can be printed. `put!` builds it from a literal format and arguments, and escapes every
//! argument that is not itself a [`Text`].

mod characters;
mod data;
mod log;
pub mod markdown;
mod shell;
pub mod terminal;

use std::fmt::{self, Display, Write as _};
use std::marker::PhantomData;
use std::ops::Deref;

pub(crate) use characters::is_control;
pub use characters::{lines, one_line};
pub use data::{Data, xml};
pub use log::Workflow;
pub use markdown::Markdown;
pub use shell::{end_of_options, shell};
pub use terminal::Terminal;

/// The reader of a text.
pub trait Reader {
    /// Escapes foreign text to one line.
    fn escape(text: &str) -> String;
}

/// A text with all foreign parts escaped for its reader.
pub struct Text<R> {
    text: String,
    reader: PhantomData<R>,
}

/// A value that can be put into a [`Text`].
pub trait Shown<R> {
    /// Returns its escaped text.
    fn shown(&self) -> String;
}

impl<R: Reader, T: Display + ?Sized> Shown<R> for T {
    fn shown(&self) -> String {
        R::escape(&self.to_string())
    }
}

// Without `Display`, it cannot be escaped twice or go to another output.
impl<R: Reader> Shown<R> for Text<R> {
    fn shown(&self) -> String {
        self.text.clone()
    }
}

impl<R: Reader> Shown<R> for &Text<R> {
    fn shown(&self) -> String {
        self.text.clone()
    }
}

impl<R> Text<R> {
    /// Returns an empty text.
    pub fn new() -> Text<R> {
        Text {
            text: String::new(),
            reader: PhantomData,
        }
    }

    /// Appends a text.
    pub fn push(&mut self, other: &Text<R>) {
        self.text.push_str(&other.text);
    }

    /// Shortens it to a number of bytes, if a character ends there.
    pub fn truncate(&mut self, length: usize) {
        if self.text.is_char_boundary(length) {
            self.text.truncate(length);
        }
    }

    /// Appends what `put!` formatted.
    #[doc(hidden)]
    pub fn push_formatted(&mut self, formatted: fmt::Arguments<'_>) {
        // Writing into a `String` cannot fail.
        let _ = self.text.write_fmt(formatted);
    }

    /// Returns the escaped text of an argument of `put!`.
    #[doc(hidden)]
    pub fn argument(&self, argument: &(impl Shown<R> + ?Sized)) -> String {
        argument.shown()
    }
}

/// Appends to a [`Text`]: a literal format, and arguments that are escaped. Names inside the braces are
/// refused, because they would not be escaped.
macro_rules! put {
    ($to:expr, $format:literal $(, $argument:expr)* $(,)?) => {{
        let formatted = ::std::format!(
            ::std::concat!($format)
            $(, $to.argument(&$argument))*
        );
        $to.push_formatted(::std::format_args!("{}", formatted));
    }};
}

/// Makes a text for a terminal, like `put!`.
macro_rules! terminal {
    ($format:literal $(, $argument:expr)* $(,)?) => {{
        let mut text = $crate::text::Terminal::new();
        put!(text, $format $(, $argument)*);
        text
    }};
}

/// Makes a Markdown text, like `put!`.
macro_rules! markdown {
    ($format:literal $(, $argument:expr)* $(,)?) => {{
        let mut text = $crate::text::Markdown::new();
        put!(text, $format $(, $argument)*);
        text
    }};
}

impl<R> Deref for Text<R> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl<R> Default for Text<R> {
    fn default() -> Text<R> {
        Text::new()
    }
}

impl<R> Clone for Text<R> {
    fn clone(&self) -> Text<R> {
        Text {
            text: self.text.clone(),
            reader: PhantomData,
        }
    }
}

impl<R> PartialEq for Text<R> {
    fn eq(&self, other: &Text<R>) -> bool {
        self.text == other.text
    }
}

impl<R> Eq for Text<R> {}

impl<R> fmt::Debug for Text<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests;
