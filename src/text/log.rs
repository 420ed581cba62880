//! Lines that a CI system takes for commands when they come into its log.
//!
//! GitHub Actions reads `::name::` at the beginning of a line, white space before it left out, and
//! `##[name]` anywhere in it:
//! <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>. Azure Pipelines
//! reads `##vso[` and `##[`, TeamCity `##teamcity[`.

use super::characters::{code_point, one_line};
use super::{Reader, Text};

/// What the commands begin with that may begin anywhere in a line.
const MARKS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Whether a line may be a command itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// A command of ours.
    Command,
    /// Never.
    Text,
}

/// Returns the text with no line that a CI system would take for a command: the first character of
/// what begins one is written out.
pub(super) fn without_commands(text: &str) -> String {
    written_out(text, Line::Text)
}

fn written_out(text: &str, line: Line) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive('\n') {
        let mut done = 0;
        for at in commands(part, line) {
            out.push_str(&part[done..at]);
            // All of them begin with a character of one byte.
            done = at + 1;
            out.extend(part[at..done].chars().map(code_point));
        }
        out.push_str(&part[done..]);
    }
    out
}

/// Returns where commands begin in a line. Colours between their characters may be taken out before the
/// log gets them, so that they are looked for in what is left.
fn commands(line: &str, kind: Line) -> Vec<usize> {
    if !line.contains('#') && !line.contains(':') {
        return Vec::new();
    }
    let mut shown = String::with_capacity(line.len());
    let mut places = Vec::with_capacity(line.len());
    for part in anstream::adapter::strip_str(line) {
        let start = part.as_ptr().addr() - line.as_ptr().addr();
        places.extend(start..start + part.len());
        shown.push_str(part);
    }
    let mut found = Vec::new();
    let content = shown.trim();
    if kind == Line::Text && content.starts_with("::") && content[2..].contains("::") {
        found.push(shown.len() - shown.trim_start().len());
    }
    shown.make_ascii_lowercase();
    for mark in MARKS {
        found.extend(shown.match_indices(mark).map(|(at, _)| at));
    }
    found.sort_unstable();
    found
        .into_iter()
        .filter_map(|at| places.get(at).copied())
        .collect()
}

/// The runner of GitHub Actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForWorkflow;

/// Commands of workflows:
/// <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>
pub type Workflow = Text<ForWorkflow>;

impl Reader for ForWorkflow {
    /// Text that stays inside a property of a command.
    fn escape(text: &str) -> String {
        Workflow::message(text)
            .replace(':', "%3A")
            .replace(',', "%2C")
    }
}

impl Workflow {
    /// Returns the message of a command: what the runner would read is written as its code, other controls
    /// as code points.
    pub fn message(text: &str) -> Workflow {
        let kept = |c| matches!(c, '\r' | '\n');
        let lines = text.split_inclusive(kept).map(|line| {
            let (content, end) = line.split_at(line.trim_end_matches(kept).len());
            one_line(content).into_owned() + end
        });
        let text: String = lines.collect();
        // The runner shows the message in a line of its own, where other systems read it too.
        let text = written_out(&text, Line::Command)
            .replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A");
        let mut message = Workflow::new();
        message.text = text;
        message
    }
}
