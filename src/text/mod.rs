//! Where text becomes output. Names, addresses and messages come from pages, from specs and from file
//! names, so each text is escaped for the reader that it goes to: a terminal, a log, XML, Markdown.
//!
//! A [`Text`] is what may be printed. It is built by `put!` from a literal format and
//! arguments, and every argument that is not itself such a text is escaped. There is no other way to
//! make one, so that no place can forget it.

mod characters;
mod log;
pub mod markdown;
pub mod terminal;
mod xml;

use std::fmt::{self, Display, Write as _};
use std::marker::PhantomData;
use std::ops::Deref;

pub(crate) use characters::is_control;
pub use characters::{lines, one_line};
pub use log::without_marks;
pub use markdown::Markdown;
pub use terminal::Terminal;
pub use xml::{json, xml};

/// Who reads a text.
pub trait Reader {
    /// Returns a text of others as this reader is to see it: as text, in one line.
    fn escape(text: &str) -> String;
}

/// A text that its reader takes as it is meant: what others wrote is escaped in it.
pub struct Text<R> {
    text: String,
    reader: PhantomData<R>,
}

/// What can stand in a [`Text`].
pub trait Shown<R> {
    /// Returns it as the reader is to see it.
    fn shown(&self) -> String;
}

impl<R: Reader, T: Display + ?Sized> Shown<R> for T {
    fn shown(&self) -> String {
        R::escape(&self.to_string())
    }
}

// It has no `Display`, which is what keeps it from being escaped twice, and from other outputs.
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

    /// Adds a text behind it.
    pub fn push(&mut self, other: &Text<R>) {
        self.text.push_str(&other.text);
    }

    /// Shortens it to so many bytes, where a character ends there.
    pub fn truncate(&mut self, length: usize) {
        if self.text.is_char_boundary(length) {
            self.text.truncate(length);
        }
    }

    /// Adds what `put!` formatted: a literal with arguments that are escaped.
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

/// Adds to a [`Text`]: a literal format, and arguments that are escaped for its reader. Arguments are
/// written behind the format; names inside the braces are refused, since they would not be escaped.
macro_rules! put {
    ($to:expr, $format:literal $(, $argument:expr)* $(,)?) => {{
        let formatted = ::std::format!(
            ::std::concat!($format)
            $(, $to.argument(&$argument))*
        );
        $to.push_formatted(::std::format_args!("{}", formatted));
    }};
}

/// Makes a text for a terminal, as `put!` adds to one.
macro_rules! terminal {
    ($format:literal $(, $argument:expr)* $(,)?) => {{
        let mut text = $crate::text::Terminal::new();
        put!(text, $format $(, $argument)*);
        text
    }};
}

/// Makes a text of Markdown, as `put!` adds to one.
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
