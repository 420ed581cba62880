//! Lines that a CI system takes for commands when they come into its log.
//!
//! GitHub Actions reads `::name::` at the beginning of a line, white space before it left out, and
//! `##[name]` anywhere in it:
//! <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>. Azure Pipelines
//! reads `##vso[` and `##[`, TeamCity `##teamcity[`.

use super::characters::code_point;

/// What the commands begin with that may begin anywhere in a line.
const MARKS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// Returns the text with no line that a CI system would take for a command: the first character of
/// what begins one is written out.
pub(super) fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        push_line(&mut out, line);
    }
    out
}

fn push_line(out: &mut String, line: &str) {
    let mut line = line;
    let content = without_colours(line);
    let content = content.trim();
    if content.starts_with("::") && content[2..].contains("::") {
        // The colours before it stay.
        let at = line.find("::").unwrap_or_default();
        out.push_str(&line[..at]);
        out.push_str(&code_point(':'));
        line = &line[at + 1..];
    }
    push_without_marks(out, line);
}

/// Returns the text without a command that may begin anywhere in a line, for a line that is a command
/// itself.
pub fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_without_marks(&mut out, text);
    out
}

fn push_without_marks(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = first_mark(rest) {
        out.push_str(&rest[..at]);
        out.push_str(&code_point('#'));
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

fn first_mark(line: &str) -> Option<usize> {
    let lower = line.to_ascii_lowercase();
    MARKS.iter().filter_map(|mark| lower.find(mark)).min()
}

fn without_colours(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}
