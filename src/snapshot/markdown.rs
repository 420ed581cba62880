//! Snapshots inside Markdown, as Playwright's error context has them.

use std::ops::Range;

use crate::source::{Diagnostic, SourceText};

/// Whether a file is Markdown and not YAML: it starts with a heading or a fence. A YAML comment looks like
/// a heading, but YAML follows it and there is no fence.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for line in text.lines() {
        let line = line.trim_end();
        if line.starts_with("```") || line.starts_with("~~~") {
            return true;
        }
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // The first line after the comments or headings: YAML or prose.
        return !line.starts_with(['-', ' ', '[', '{'])
            && text
                .lines()
                .any(|line| line.starts_with("```") || line.starts_with("~~~"));
    }
    false
}

/// Finds the bytes between the fences.
pub(super) fn find_snapshot(file: &SourceText) -> Result<Range<usize>, Diagnostic> {
    let text = &*file.text;
    let mut under_heading = false;
    let mut fence: Option<(usize, &str, bool)> = None;
    let mut first_yaml = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r', ' ']);
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        if let Some((from, mark, is_yaml)) = fence {
            if content.starts_with(mark) && content.trim_start_matches(&mark[..1]).is_empty() {
                if is_yaml && under_heading {
                    return Ok(from..start);
                }
                if is_yaml {
                    first_yaml.get_or_insert(from..start);
                }
                fence = None;
            }
            continue;
        }
        let length = content.len() - content.trim_start_matches(['`', '~']).len();
        if length >= 3 && (content.starts_with("```") || content.starts_with("~~~")) {
            let language = content[length..].trim();
            let is_yaml = matches!(language.split(' ').next(), Some("yaml" | "yml"));
            fence = Some((at, &content[..length], is_yaml));
        } else if content.starts_with('#') {
            under_heading = content
                .trim_start_matches('#')
                .trim()
                .eq_ignore_ascii_case("page snapshot");
        }
    }
    if let Some((from, _, true)) = fence {
        let message = "the fence around the snapshot is not closed";
        return Err(Diagnostic::new(message, file.part(from..from))
            .with_help("close it with a line of ```"));
    }
    // Without the heading, the first snapshot of all.
    first_yaml.ok_or_else(|| {
        Diagnostic::new("Markdown without a snapshot", file.part(0..0))
            .with_help("put it in a ```yaml fence under the heading `# Page snapshot`")
    })
}
