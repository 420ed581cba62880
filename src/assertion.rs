//! Snapshots and assertions for a user's own Rust tests.

use std::fmt;

use crate::aria::pattern::PatternTooSlow;
use crate::aria::{self, Request, Shape, TooDeep};
use crate::compare::{self, Change, Match};
use crate::dom::Capture;
use crate::report::changes;
use crate::run::template;
use crate::snapshot::{self, Rendering};
use crate::source::{Colour, SourceText, render_all};

/// Returns the snapshot of a page as text, in the form of baselines: no refs, no boxes.
///
/// For a page that is nested too deeply (`TooDeep`), the text is a comment that says so.
pub fn snapshot_of(capture: &Capture, shape: Shape) -> String {
    match tree(capture, shape) {
        Ok(tree) => snapshot::write(&tree, Rendering::default()),
        Err(error) => format!("# {error}\n"),
    }
}

/// Compares a page with an expected snapshot, which may have regular expressions in place of names
/// and texts. `mode` says whether it describes all of the page or a part of it; `shape` says which
/// nodes of the page are compared.
///
/// # Errors
/// [`Mismatch`] lists the differences, or says what is wrong with the expected snapshot.
pub fn check_snapshot(
    capture: &Capture,
    expected: &str,
    shape: Shape,
    mode: Match,
) -> Result<(), Mismatch> {
    let file = SourceText::new("expected snapshot", expected);
    let template = template(&file).map_err(|problems| {
        Mismatch::Unreadable(render_all(&problems, Colour::Plain).trim_end().to_owned())
    })?;
    let changes = compare::compare(&template, &tree(capture, shape)?, mode)?;
    if changes.is_empty() {
        Ok(())
    } else {
        Err(Mismatch::Different(changes))
    }
}

fn tree(capture: &Capture, shape: Shape) -> Result<aria::Tree, TooDeep> {
    let request = Request {
        shape,
        ..Request::default()
    };
    aria::snapshot(capture, request)
}

/// Why a page does not match its expected snapshot.
///
/// `Debug` prints the same text as `Display`: it is what a test that returns a `Result` prints.
#[non_exhaustive]
pub enum Mismatch {
    /// The page differs.
    Different(Vec<Change>),
    /// The expected snapshot cannot be read; the text says where and why.
    Unreadable(String),
    /// A regular expression of the expected snapshot takes too long.
    TooSlow(PatternTooSlow),
    /// The page is nested too deeply for a snapshot.
    TooDeep(TooDeep),
}

impl From<TooDeep> for Mismatch {
    fn from(error: TooDeep) -> Mismatch {
        Mismatch::TooDeep(error)
    }
}

impl From<PatternTooSlow> for Mismatch {
    fn from(error: PatternTooSlow) -> Mismatch {
        Mismatch::TooSlow(error)
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mismatch::Different(changes) => {
                let text = terminal!(
                    "the page differs from the expected snapshot: {}\n{}",
                    changes::headline(changes),
                    changes::list(changes)
                );
                f.write_str(text.plain().trim_end())
            }
            Mismatch::Unreadable(problems) => f.write_str(problems),
            Mismatch::TooSlow(error) => error.fmt(f),
            Mismatch::TooDeep(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}

/// Asserts that a page matches its snapshot, which [insta](https://insta.rs) keeps. The calling crate
/// needs `insta` as a dependency.
///
/// ```ignore
/// let capture = ariasnap::capture(&tab)?;
/// ariasnap::assert_aria_snapshot!(&capture);                       // in a file beside the test
/// ariasnap::assert_aria_snapshot!("signed in", &capture);          // under a name
/// ariasnap::assert_aria_snapshot!(&capture, @r#"- button "Save""#); // in the test itself
/// ```
///
/// The shape is [`Shape::Test`]: exposed nodes with a role. For another shape, pass the text of
/// [`snapshot_of`] to `insta::assert_snapshot!`.
#[macro_export]
macro_rules! assert_aria_snapshot {
    ($capture:expr $(,)?) => {
        ::insta::assert_snapshot!($crate::snapshot_of($capture, $crate::Shape::Test))
    };
    ($capture:expr, @$expected:literal $(,)?) => {
        ::insta::assert_snapshot!(
            $crate::snapshot_of($capture, $crate::Shape::Test),
            @$expected
        )
    };
    ($name:expr, $capture:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $name,
            $crate::snapshot_of($capture, $crate::Shape::Test)
        )
    };
}

#[cfg(test)]
mod tests {
    use super::{Match, check_snapshot};
    use crate::Shape;
    use crate::dom::Capture;

    #[test]
    fn a_test_that_returns_the_error_prints_readable_text() {
        let check =
            |expected| check_snapshot(&Capture::default(), expected, Shape::Test, Match::Exact);
        let different = format!("{:?}", check("- button \"Save\"").unwrap_err());
        assert!(different.contains("- button \"Save\""), "{different}");
        assert!(!different.contains("Change"), "{different}");
        let unreadable = format!("{:?}", check("- heading [level=").unwrap_err());
        assert!(unreadable.contains("expected snapshot:1:"), "{unreadable}");
    }
}
