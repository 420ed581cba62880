//! The arguments, as clap reads them.

use std::path::PathBuf;

use super::reporter::Reporter;
use crate::aria::{Additions, Shape};
use crate::compare::recurring::GroupId;
use crate::dom::Shadow;
use crate::run::shard::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tests the accessibility tree of web pages against committed snapshots.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The configuration file [default: ariasnap.yml here or in a folder above]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// When to use colours; NO_COLOR is heeded
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value = "auto"
    )]
    pub(super) color: ColorChoice,

    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes: 0 all match; 1 a snapshot differs or is new; 2 usage, configuration or spec error;
3 a page or the browser failed; 4 nothing ran.";

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Renders all specs, compares with the baselines, and reports
    Test(TestOptions),
    /// Goes through what is pending, one decision at a time
    Review(ReviewOptions),
    /// Takes pending snapshots as the new baselines
    Accept(DecideOptions),
    /// Drops pending snapshots
    Reject(DecideOptions),
    /// Tells what is pending, new and obsolete
    Status(StatusOptions),
    /// Prints the snapshot of one page
    Snapshot(SnapshotOptions),
    /// Shows what differs between two snapshots
    Diff(DiffOptions),
    /// Times the phases of snapshots of pages
    Bench(BenchOptions),
    /// Writes a configuration and specs from a sitemap, links or a folder of HTML
    Init(InitOptions),
    /// Validates configuration, specs and baselines, without a browser
    Check(CheckOptions),
    /// Makes reports of results that were kept
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Prints what a shell needs to complete commands
    Completions {
        /// Which shell
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Prints the manual page, as roff
    Man,
    /// Finds, installs or examines the browser
    Browser {
        #[command(subcommand)]
        command: BrowserCommand,
    },
}

const FILTER_HELP: &str = "Parts or globs of `spec path/case name/snapshot name`, or paths of specs \
    and baselines; all where there is none";

#[derive(Debug, Args)]
pub(super) struct TestOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Writes baselines at once instead of pending snapshots
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(super) update: Option<UpdateChoice>,

    /// Reports to make: terminal, html, junit, json, sarif, github, markdown; with =FILE into a file.
    /// Can be given several times [default: terminal]
    #[arg(long = "reporter", value_name = "FORMAT[=FILE]")]
    pub(super) reporters: Vec<Reporter>,

    /// How many pages are open at a time [default: `jobs` of the configuration]
    #[arg(long, short, value_name = "N")]
    pub(super) jobs: Option<std::num::NonZeroUsize>,

    /// Runs only cases with that tag of their `tags:`. Can be given several times: any of them
    #[arg(long = "tag", value_name = "TAG")]
    pub(super) tags: Vec<String>,

    /// Runs only what failed when it was last run here
    #[arg(long)]
    pub(super) last_failed: bool,

    /// Prints which snapshots would be looked at, a line each, and runs nothing
    #[arg(long)]
    pub(super) list: bool,

    /// Tries a case that does not pass N times more; what passes then is flaky, and does not fail
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) retries: usize,

    /// Begins no further case after N snapshots that fail
    #[arg(long, value_name = "N")]
    pub(super) max_failures: Option<std::num::NonZeroUsize>,

    /// Runs one part of several, as in 3/8. Parts take about as long as each other where
    /// .ariasnap/history.json of an earlier run is there, which has to be the same for all of them
    #[arg(long, value_name = "N/OF")]
    pub(super) shard: Option<Shard>,

    /// Keeps the result, with all that is pending and its evidence, in a folder for `ariasnap report
    /// merge`
    #[arg(long, value_name = "DIR", conflicts_with = "update")]
    pub(super) save: Option<PathBuf>,

    /// Stays, and runs again what a change of specs, baselines or the site's files touches; Enter runs all
    /// again, Ctrl-C ends it
    #[arg(long, conflicts_with_all = ["last_failed", "list", "shard", "save", "pause"])]
    pub(super) watch: bool,

    /// Runs the specs of somebody who is not trusted: no command, script, variable of the environment or
    /// path outside of the project, and no request but to the site's own origin
    #[arg(long, conflicts_with = "watch")]
    pub(super) untrusted: bool,

    /// Shows the browser's window; needs a browser that has one, and a screen
    #[arg(long)]
    pub(super) headed: bool,

    /// Waits for Enter before a page is closed; one page at a time
    #[arg(long)]
    pub(super) pause: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum UpdateChoice {
    /// Baselines that differ or are missing
    All,
    /// Baselines that differ
    Changed,
    /// Baselines that are missing
    Missing,
}

#[derive(Debug, Args)]
pub(super) struct ReviewOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// In a browser instead of the terminal
    #[arg(long)]
    pub(super) web: bool,

    /// With --web: prints the address and opens no browser
    #[arg(long, requires = "web")]
    pub(super) no_open: bool,
}

#[derive(Debug, Args)]
pub(super) struct DecideOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Everything that is pending
    #[arg(long, conflicts_with = "filters")]
    pub(super) all: bool,

    /// The changes of a group, wherever they are; other changes stay pending
    #[arg(long = "group", value_name = "ID", conflicts_with = "all")]
    pub(super) groups: Vec<GroupId>,
}

#[derive(Debug, Args)]
pub(super) struct StatusOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// As JSON: an object with `pending`, `new` and `obsolete`, arrays of places, and `groups`
    #[arg(long)]
    pub(super) json: bool,

    /// What has changes of that group
    #[arg(long = "group", value_name = "ID")]
    pub(super) groups: Vec<GroupId>,
}

/// How a page is opened, and what is told of it.
#[derive(Debug, Args)]
pub(super) struct PageOptions {
    /// Which nodes are shown
    #[arg(long, value_enum, value_name = "SHAPE", default_value = "page")]
    pub(super) shape: ShapeChoice,

    /// Tells all attributes that assistive technology is told of: states that are false by their author's
    /// will, [required], [current=page], /description, /value and so on
    #[arg(long, value_enum, value_name = "WHICH", default_value = "plain")]
    pub(super) attributes: AttributesChoice,

    /// Shows what stands in frames in shape `test` too
    #[arg(long)]
    pub(super) frames: bool,

    /// Shows closed shadow trees too
    #[arg(long, value_enum, value_name = "WHICH", default_value = "open")]
    pub(super) shadow: ShadowChoice,

    /// The size of the window
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "1280x720")]
    pub(super) viewport: crate::spec::Viewport,

    /// How long the page may take
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub(super) timeout: crate::spec::Timeout,
}

#[derive(Debug, Args)]
pub(super) struct SnapshotOptions {
    /// The address of a page, or a file
    #[arg(value_name = "URL|FILE")]
    pub(super) target: String,

    #[command(flatten)]
    pub(super) page: PageOptions,

    /// The part of the page that is shown: `navigation "Main"`
    #[arg(long, value_name = "LOCATOR")]
    pub(super) root: Option<String>,

    /// Numbers the nodes, as shapes page and compact do anyhow
    #[arg(long, overrides_with = "no_refs")]
    pub(super) refs: bool,

    /// Leaves the numbers out
    #[arg(long, overrides_with = "refs")]
    pub(super) no_refs: bool,

    /// Adds `[box=x,y,width,height]`
    #[arg(long)]
    pub(super) boxes: bool,

    /// How many levels of nodes are shown below the top; 0 is all, as in Playwright [default: all]
    #[arg(long, value_name = "N")]
    pub(super) depth: Option<u32>,

    /// The tree as JSON: an array of nodes {role, name, states.., ref, box, properties, children} and texts
    #[arg(long)]
    pub(super) json: bool,

    /// Shows instead where the browser's own accessibility tree has another role or name; the exit
    /// code is 1 where that has no known reason
    #[arg(long, conflicts_with_all = ["json", "boxes", "depth", "root", "refs", "no_refs"])]
    pub(super) against_browser: bool,

    /// Into a file instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ShapeChoice {
    /// Everything exposed or visible, as in Playwright's page snapshots
    Page,
    /// What toMatchAriaSnapshot compares
    Test,
    /// As page, without what repeats itself
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
pub(super) enum AttributesChoice {
    /// Those of Playwright's snapshots
    Plain,
    /// All
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShadowChoice {
    /// Open ones alone, as Playwright does
    Open,
    /// Closed ones as well
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
    /// What is told beyond what the reference does.
    pub(super) fn additions(&self) -> Additions {
        Additions {
            frames: self.frames,
            attributes: self.attributes == AttributesChoice::All,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DiffOptions {
    /// A snapshot file, Markdown with a snapshot, URL, or REV:path of git
    pub(super) old: String,

    /// Likewise
    pub(super) new: String,

    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "terminal")]
    pub(super) format: DiffFormat,

    #[command(flatten)]
    pub(super) page: PageOptions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    Terminal,
    /// An object with `changes`, an array of objects with kind, impact, path, old, new
    Json,
    /// For a comment on a pull request
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct BenchOptions {
    /// The addresses of pages, or files
    #[arg(value_name = "URL|FILE", required = true)]
    pub(super) targets: Vec<String>,

    /// How many snapshots are taken of each page; medians are shown
    #[arg(long, value_name = "N", default_value = "10")]
    pub(super) repeat: std::num::NonZeroUsize,

    /// As JSON: an array of {url, elements, phases: {open, settle, capture, rules, text}}, in milliseconds
    #[arg(long)]
    pub(super) json: bool,

    #[command(flatten)]
    pub(super) page: PageOptions,
}

#[derive(Debug, Args)]
pub(super) struct InitOptions {
    /// The address of the site, or the folder that it is built into [default: a usual one, such as build]
    #[arg(value_name = "URL|DIR")]
    pub(super) target: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// Removes baselines that no spec knows any more
    #[arg(long, conflicts_with = "source")]
    pub(super) prune: bool,

    /// Holds a snapshot against the Markdown that its page was made from, and nothing else
    #[arg(long, value_name = "MARKDOWN", requires = "snapshot")]
    pub(super) source: Option<PathBuf>,

    /// The snapshot to hold against the source
    #[arg(value_name = "SNAPSHOT", requires = "source")]
    pub(super) snapshot: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Joins the parts of a run: one report, and all that is pending here, to be reviewed
    Merge(MergeOptions),
}

#[derive(Debug, Args)]
pub(super) struct MergeOptions {
    /// Folders that `ariasnap test --save` wrote, or folders that hold such folders
    #[arg(value_name = "DIR", required = true)]
    pub(super) folders: Vec<PathBuf>,

    /// Reports to make: terminal, html, junit, json, sarif, github, markdown; with =FILE into a file.
    /// Can be given several times [default: terminal]
    #[arg(long = "reporter", value_name = "FORMAT[=FILE]")]
    pub(super) reporters: Vec<Reporter>,
}

#[derive(Debug, Subcommand)]
pub(super) enum BrowserCommand {
    /// Prints the path of the browser that is used
    Path,
    /// Installs a browser for ariasnap
    Install,
    /// Tells why the browser does not start, and what to do
    Doctor,
}
