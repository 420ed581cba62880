//! Options for opening a page.

use crate::aria::{self, Additions, Request, Shape, TooDeep, Tree};
use crate::browser::capture::CaptureOptions;
use crate::dom::{Capture, Shadow};
use clap::{Args, ValueEnum};

/// How a page is opened, and what its snapshot includes.
#[derive(Debug, Args)]
pub(in crate::cli) struct PageOptions {
    /// Which nodes the snapshot includes
    #[arg(long, value_enum, value_name = "SHAPE", default_value = "page")]
    pub(in crate::cli) shape: ShapeChoice,

    /// Which attributes the snapshot includes. `all` adds what assistive technology also gets: states
    /// that the author set to false, [required], [current=page], /description, /value and others
    #[arg(long, value_enum, value_name = "WHICH", default_value = "plain")]
    pub(in crate::cli) attributes: AttributesChoice,

    /// Includes the content of frames in shape `test` too
    #[arg(long)]
    pub(in crate::cli) frames: bool,

    /// Which shadow trees the snapshot includes
    #[arg(long, value_enum, value_name = "WHICH", default_value = "open")]
    pub(in crate::cli) shadow: ShadowChoice,

    /// The size of the viewport
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1280x720")]
    pub(in crate::cli) viewport: crate::spec::Viewport,

    /// Which certificates are trusted besides those of public authorities: `accept` for all, or a file
    /// in the format PEM [default: `certificates` in ariasnap.yml, for pages of its site]
    #[arg(long, value_name = "accept|FILE")]
    pub(in crate::cli) certificates: Option<String>,

    /// The longest time to load the page and wait for it
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub(in crate::cli) timeout: crate::spec::Timeout,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum ShapeChoice {
    /// Everything exposed or visible, like Playwright's page snapshots
    Page,
    /// Exposed nodes with a role, like Playwright's toMatchAriaSnapshot
    Test,
    /// Like page, without repetition
    Compact,
}

impl From<ShapeChoice> for Shape {
    fn from(choice: ShapeChoice) -> Shape {
        match choice {
            ShapeChoice::Page => Shape::Page,
            ShapeChoice::Test => Shape::Test,
            ShapeChoice::Compact => Shape::Compact,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum AttributesChoice {
    /// Those in Playwright's snapshots
    Plain,
    /// All of them
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ShadowChoice {
    /// Open ones, like Playwright
    Open,
    /// Open and closed ones
    All,
}

impl From<ShadowChoice> for Shadow {
    fn from(choice: ShadowChoice) -> Shadow {
        match choice {
            ShadowChoice::Open => Shadow::Open,
            ShadowChoice::All => Shadow::All,
        }
    }
}

impl PageOptions {
    /// Returns what to capture for the snapshot.
    pub(in crate::cli) fn capture_options(&self, rects: bool) -> CaptureOptions {
        CaptureOptions {
            layout: Shape::from(self.shape) != Shape::Test || self.frames,
            rects,
        }
    }

    pub(in crate::cli) fn request(&self) -> Request {
        Request {
            shape: self.shape.into(),
            ..Request::default()
        }
    }

    pub(in crate::cli) fn tree(
        &self,
        capture: &Capture,
        request: Request,
    ) -> Result<Tree, TooDeep> {
        // Beyond Playwright's format.
        let additions = Additions {
            frames: self.frames,
            attributes: self.attributes == AttributesChoice::All,
        };
        aria::snapshot_with(capture, request, additions)
    }
}
