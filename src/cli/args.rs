//! The arguments.

mod page;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::reporter::Reporter;
use crate::compare::recurring::GroupPrefix;
use crate::run::shard::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use page::PageOptions;

/// Tests the accessibility tree of web pages against committed snapshots.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100, after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The configuration file [default: ariasnap.yml here or in a parent folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// When to use colours. `NO_COLOR` turns them off
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
Exit codes: 0 all snapshots match; 1 a snapshot differs or is new; 2 a usage, configuration or
spec error; 3 a page or the browser failed; 4 nothing ran; 130 interrupted.";

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Renders the pages of all specs and compares them with their baselines
    Test(TestOptions),
    /// Shows pending changes one by one, to accept or reject them
    Review(ReviewOptions),
    /// Makes pending snapshots the new baselines
    Accept(DecideOptions),
    /// Deletes pending snapshots
    Reject(DecideOptions),
    /// Lists pending snapshots and obsolete baselines
    Status(StatusOptions),
    /// Prints the snapshot of one page
    Snapshot(SnapshotOptions),
    /// Compares two snapshots
    Diff(DiffOptions),
    /// Merges two versions of a baseline by nodes, as git's merge driver
    Merge(ThreeWayOptions),
    /// Measures how long snapshots of pages take, phase by phase
    Bench(BenchOptions),
    /// Writes a configuration and specs for a site or a folder of HTML
    Init(InitOptions),
    /// Checks configuration, specs and baselines, without a browser
    Check(CheckOptions),
    /// Makes reports from saved results
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    /// Prints a completion script for a shell
    Completions {
        /// The shell to complete for
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Prints the manual page in roff
    Man,
    /// Finds, installs or diagnoses the browser
    Browser {
        #[command(subcommand)]
        command: BrowserCommand,
    },
}

/// The standard library says "number would be zero for non-zero type".
fn positive(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "expected a number from 1 up")
}

const FILTER_HELP: &str = "Which snapshots: part of `spec path/case name/snapshot name`, a glob for \
    all of it, or the path of a spec or baseline [default: all]";

const REPORTER_HELP: &str = "A report to make: terminal, html, junit, json, sarif, github or \
    markdown. Add =FILE to write a file. Can be given several times [default: terminal]";

#[derive(Debug, Args)]
pub(super) struct TestOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Writes baselines directly instead of pending snapshots
    #[arg(long, value_enum, value_name = "WHICH", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(super) update: Option<UpdateChoice>,

    #[arg(long = "reporter", value_name = "FORMAT[=FILE]", help = REPORTER_HELP)]
    pub(super) reporters: Vec<Reporter>,

    /// How many pages are open at once [default: `jobs` in ariasnap.yml]
    #[arg(long, short, value_name = "N", value_parser = positive)]
    pub(super) jobs: Option<NonZeroUsize>,

    /// Runs only cases that have this tag. Can be given several times: a case needs one of them
    #[arg(long = "tag", value_name = "TAG")]
    pub(super) tags: Vec<String>,

    /// Runs only the snapshots that failed in their last run
    #[arg(long)]
    pub(super) last_failed: bool,

    /// Lists the snapshots that would be tested, and runs nothing
    #[arg(long)]
    pub(super) list: bool,

    /// Tries a case again, up to N times, while it fails. If it passes then, it is flaky, and the run
    /// does not fail
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) retries: usize,

    /// Starts no further case after N snapshots failed
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(super) max_failures: Option<NonZeroUsize>,

    /// Runs one part of the cases, such as 3/8. With the same .ariasnap/history.json of an earlier run
    /// on all machines, the parts take about the same time
    #[arg(long, value_name = "N/OF")]
    pub(super) shard: Option<Shard>,

    /// Saves the result, pending snapshots and evidence to a folder, for `ariasnap report merge`
    #[arg(long, value_name = "DIR", conflicts_with = "update")]
    pub(super) save: Option<PathBuf>,

    /// Keeps running: tests again what a changed spec, baseline or file of the site affects. Enter
    /// tests everything, Ctrl-C quits
    #[arg(long, conflicts_with_all = ["last_failed", "list", "shard", "save", "pause"])]
    pub(super) watch: bool,

    /// Tests the site at this address, in place of `site` in ariasnap.yml
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,

    /// Runs specs that you do not trust: without commands, scripts, environment variables, paths
    /// outside the project, and requests to other origins
    #[arg(long, conflicts_with = "watch")]
    pub(super) untrusted: bool,

    /// Shows the browser's window. Needs a screen and a browser that has windows
    #[arg(long)]
    pub(super) headed: bool,

    /// Keeps each page open until you press Enter, one page at a time
    #[arg(long)]
    pub(super) pause: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum UpdateChoice {
    /// Changed and missing baselines
    All,
    /// Changed baselines
    Changed,
    /// Missing baselines
    Missing,
}

#[derive(Debug, Args)]
#[command(after_help = MERGE_HELP)]
pub(super) struct ThreeWayOptions {
    /// The common version, %O of git
    #[arg(value_name = "BASE")]
    pub(super) base: PathBuf,

    /// The version here, %A of git; the result is written into it
    #[arg(value_name = "OURS")]
    pub(super) ours: PathBuf,

    /// The other version, %B of git
    #[arg(value_name = "THEIRS")]
    pub(super) theirs: PathBuf,

    /// The name of the file in messages, %P of git
    #[arg(value_name = "NAME")]
    pub(super) name: Option<PathBuf>,
}

const MERGE_HELP: &str = "\
To use it in a repository:
  git config merge.ariasnap.driver 'ariasnap merge %O %A %B %P'
  echo '*.aria.yml merge=ariasnap' >> .gitattributes

Exit codes: 0 merged; 1 both sides changed the same node differently, with git's markers around it.";

#[derive(Debug, Args)]
pub(super) struct ReviewOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Reviews in a browser instead of the terminal
    #[arg(long)]
    pub(super) web: bool,

    /// With --web: prints the address and does not open a browser
    #[arg(long, requires = "web")]
    pub(super) no_open: bool,
}

#[derive(Debug, Args)]
pub(super) struct DecideOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// All pending snapshots
    #[arg(long, conflicts_with = "filters")]
    pub(super) all: bool,

    /// The changes of this group in all snapshots; other changes stay pending
    #[arg(long = "group", value_name = "ID", conflicts_with = "all")]
    pub(super) groups: Vec<GroupPrefix>,
}

#[derive(Debug, Args)]
pub(super) struct StatusOptions {
    #[arg(value_name = "FILTER", help = FILTER_HELP)]
    pub(super) filters: Vec<String>,

    /// Prints JSON, described by schemas/status.schema.json
    #[arg(long)]
    pub(super) json: bool,

    /// Only snapshots with changes of this group
    #[arg(long = "group", value_name = "ID")]
    pub(super) groups: Vec<GroupPrefix>,
}

#[derive(Debug, Args)]
pub(super) struct SnapshotOptions {
    /// A URL or an HTML file
    #[arg(value_name = "URL|FILE")]
    pub(super) target: String,

    #[command(flatten)]
    pub(super) page: PageOptions,

    /// Only this part of the page, such as `navigation "Main"`
    #[arg(long, value_name = "LOCATOR")]
    pub(super) root: Option<String>,

    /// Numbers the nodes. Shapes page and compact do so by default
    #[arg(long, overrides_with = "no_refs")]
    pub(super) refs: bool,

    /// Does not number the nodes
    #[arg(long, overrides_with = "refs")]
    pub(super) no_refs: bool,

    /// Adds positions and sizes: `[box=x,y,width,height]`
    #[arg(long)]
    pub(super) boxes: bool,

    /// How many levels below the top to include; 0 means all, as in Playwright [default: all]
    #[arg(long, value_name = "N")]
    pub(super) depth: Option<u32>,

    /// Prints the tree as JSON, described by schemas/snapshot.schema.json
    #[arg(long)]
    pub(super) json: bool,

    /// Prints where the browser's own accessibility tree has a different role or name instead. Exits
    /// with 1 if a difference has no known reason
    #[arg(long, conflicts_with_all = ["json", "boxes", "depth", "root", "refs", "no_refs"])]
    pub(super) against_browser: bool,

    /// Writes to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct DiffOptions {
    /// A snapshot file, a Markdown file with a snapshot, a URL, or REV:path in git
    pub(super) old: String,

    /// The same for the new side
    pub(super) new: String,

    /// The output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "terminal")]
    pub(super) format: DiffFormat,

    #[command(flatten)]
    pub(super) page: PageOptions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DiffFormat {
    /// For reading
    Terminal,
    /// For programs, described by schemas/diff.schema.json
    Json,
    /// For a comment on a pull request
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct BenchOptions {
    /// URLs or HTML files
    #[arg(value_name = "URL|FILE", required = true)]
    pub(super) targets: Vec<String>,

    /// How many snapshots to take of each page; the result is the median
    #[arg(long, value_name = "N", default_value = "10", value_parser = positive)]
    pub(super) repeat: NonZeroUsize,

    /// Prints JSON, described by schemas/bench.schema.json
    #[arg(long)]
    pub(super) json: bool,

    #[command(flatten)]
    pub(super) page: PageOptions,
}

#[derive(Debug, Args)]
pub(super) struct InitOptions {
    /// The address of the site, or the folder with its HTML [default: a folder such as build or dist]
    #[arg(value_name = "URL|DIR")]
    pub(super) target: Option<String>,

    /// Which certificates of the site are trusted besides those of public authorities: `accept` for all,
    /// or a file in the format PEM
    #[arg(long, value_name = "accept|FILE")]
    pub(super) certificates: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CheckOptions {
    /// Deletes baselines that no spec uses
    #[arg(long, conflicts_with = "source")]
    pub(super) prune: bool,

    /// Compares a snapshot with the Markdown source of its page, and checks nothing else
    #[arg(long, value_name = "MARKDOWN", requires = "snapshot")]
    pub(super) source: Option<PathBuf>,

    /// The snapshot to compare with the source
    #[arg(value_name = "SNAPSHOT", requires = "source")]
    pub(super) snapshot: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportCommand {
    /// Joins the parts of a run: makes one report, and puts all pending snapshots here for review
    Merge(MergeOptions),
}

#[derive(Debug, Args)]
pub(super) struct MergeOptions {
    /// Folders that `ariasnap test --save` wrote, or their parent folders
    #[arg(value_name = "DIR", required = true)]
    pub(super) folders: Vec<PathBuf>,

    #[arg(long = "reporter", value_name = "FORMAT[=FILE]", help = REPORTER_HELP)]
    pub(super) reporters: Vec<Reporter>,
}

#[derive(Debug, Subcommand)]
pub(super) enum BrowserCommand {
    /// Prints the path of the browser that ariasnap uses
    Path,
    /// Installs a browser for ariasnap
    Install,
    /// Explains why the browser does not start, and what to do
    Doctor,
}
