//! Writes results to standard output and everything else to standard error.

use std::io::{ErrorKind, IsTerminal as _, Write};
use std::sync::OnceLock;

use crate::report::style::{BAD, paint};
use crate::text::terminal::file;
use crate::text::{Data, Terminal};

/// Why a result could not be written.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints a result for people. A closed pipe, as with `head`, is not an error.
pub(super) fn result(text: &Terminal) {
    write(&mut anstream::stdout().lock(), &text.printed());
}

/// Prints a result for programs and files, byte for byte: the writer of [`result`] would strip control
/// characters. On a terminal they are escaped.
pub(super) fn data(text: &Data) {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() {
        write(&mut out, &file(text));
    } else {
        write(&mut out, text);
    }
}

fn write(out: &mut impl Write, text: &str) {
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        let _ = LOST.set(error.to_string());
    }
}

/// Returns why a result could not be written.
pub(super) fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// Prints a note.
pub(super) fn note(text: impl Into<Terminal>) {
    let text = text.into().printed();
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints an error.
pub(super) fn error(text: impl Into<Terminal>) {
    let text = text.into();
    // Errors with a place in a file already begin so.
    if text.plain().starts_with("error") {
        note(text);
    } else {
        note(terminal!("{}: {}", paint(BAD, "error"), text));
    }
}
