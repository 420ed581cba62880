//! Snapshots and assertions for tests of one's own, of a capture however it was made.

use std::fmt;

use crate::aria::pattern::PatternTooSlow;
use crate::aria::{self, Request, Shape, TooDeep};
use crate::compare::{self, Change, Match};
use crate::dom::Capture;
use crate::error::{Colour, Located, SourceText, render_all};
use crate::report::changes;
use crate::run::template;
use crate::snapshot::{self, Rendering};
use crate::terminal;

/// The snapshot of a page as text, in the form of baselines: no refs, no boxes.
///
/// For a page that is nested too deeply ([`TooDeep`]), the text is a comment that says so.
pub fn snapshot_of(capture: &Capture, shape: Shape) -> String {
    match tree(capture, shape) {
        Ok(tree) => snapshot::write(&tree, Rendering::default()),
        Err(error) => format!("# {error}\n"),
    }
}

/// Holds a page against an expected snapshot, which may hold regular expressions in place of names
/// and texts. `mode` tells whether it describes all of the page or a part; `shape`, which nodes the
/// page is taken to have.
///
/// # Errors
/// What differs, or what is wrong with the expected snapshot.
pub fn check_snapshot(
    capture: &Capture,
    expected: &str,
    shape: Shape,
    mode: Match,
) -> Result<(), Mismatch> {
    let file = SourceText::new("expected snapshot", expected);
    let template = template(&file).map_err(Mismatch::Unreadable)?;
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

/// Why a page is not as expected.
#[derive(Debug)]
pub enum Mismatch {
    /// It differs.
    Different(Vec<Change>),
    /// The expected snapshot is none.
    Unreadable(Vec<Located>),
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
            Mismatch::Unreadable(problems) => {
                f.write_str(render_all(problems, Colour::Plain).trim_end())
            }
            Mismatch::TooSlow(error) => error.fmt(f),
            Mismatch::TooDeep(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Mismatch {}

/// Asserts that a page is as its snapshot, which [insta](https://insta.rs) keeps: needs `insta` as a
/// dependency of the crate that uses it.
///
/// ```ignore
/// let capture = ariasnap::capture(&tab)?;
/// ariasnap::assert_aria_snapshot!(&capture);                       // in a file beside the test
/// ariasnap::assert_aria_snapshot!("signed in", &capture);          // under a name
/// ariasnap::assert_aria_snapshot!(&capture, @r#"- button "Save""#); // in the test itself
/// ```
///
/// The shape is [`Shape::Test`]: what is exposed to people, without what only styles a page. For
/// another shape, give [`snapshot_of`]'s text to `insta::assert_snapshot!`.
#[macro_export]
macro_rules! assert_aria_snapshot {
    ($capture:expr $(,)?) => {
        ::insta::assert_snapshot!($crate::snapshot_of($capture, $crate::aria::Shape::Test))
    };
    ($capture:expr, @$expected:literal $(,)?) => {
        ::insta::assert_snapshot!(
            $crate::snapshot_of($capture, $crate::aria::Shape::Test),
            @$expected
        )
    };
    ($name:expr, $capture:expr $(,)?) => {
        ::insta::assert_snapshot!(
            $name,
            $crate::snapshot_of($capture, $crate::aria::Shape::Test)
        )
    };
}
