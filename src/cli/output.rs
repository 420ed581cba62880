//! The one writer: results to standard output, everything else to standard error, colours only
//! where they are wanted.

use std::io::{ErrorKind, IsTerminal as _, Write};
use std::sync::OnceLock;

use crate::report::style::{BAD, paint};
use crate::text::Terminal;
use crate::text::terminal::file;

/// Why a result did not come to standard output.
static LOST: OnceLock<String> = OnceLock::new();

/// A result for people. A reader that went away, such as `head`, is no error.
pub(super) fn result(text: &Terminal) {
    write(&mut anstream::stdout().lock(), &text.printed());
}

/// A result for programs and files, byte for byte: where there is no terminal, the writer of
/// [`result`] takes all control characters for colours. On a terminal it is shown to a person.
pub(super) fn data(text: &str) {
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

/// Why a result was lost that nobody could be told, if one was.
pub(super) fn lost() -> Option<&'static str> {
    LOST.get().map(String::as_str)
}

/// Something to know beside the result.
pub(super) fn note(text: impl Into<Terminal>) {
    let text = text.into().printed();
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Why the command did not do its work.
pub(super) fn error(text: impl Into<Terminal>) {
    let text = text.into();
    // Errors with a place in a file bring their own beginning.
    if text.plain().starts_with("error") {
        note(text);
    } else {
        note(terminal!("{}: {}", paint(BAD, "error"), text));
    }
}
