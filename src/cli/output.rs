//! The one writer: results to standard output, everything else to standard error, colours only
//! where they are wanted.

use std::io::Write as _;

use ariasnap::report::style::{BAD, paint};

/// A result for people. A reader that went away, such as `head`, is no error.
pub(super) fn result(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// A result for programs and files, byte for byte: where there is no terminal, the writer of
/// [`result`] takes all control characters for colours.
pub(super) fn data(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// Something to know beside the result.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Why the command did not do its work.
pub(super) fn error(text: &str) {
    // Errors with a place in a file bring their own beginning.
    if text.starts_with("error") {
        note(text);
    } else {
        note(&format!("{}: {text}", paint(BAD, "error")));
    }
}
