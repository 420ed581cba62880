//! Text in Markdown, as GitHub and GitLab show it in comments and summaries.

use super::characters::{code_point, is_control, is_noncharacter};
use super::log::without_commands;
use super::{Reader, Text};

/// A reader of Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForMarkdown;

/// Text of Markdown.
pub type Markdown = Text<ForMarkdown>;

impl Reader for ForMarkdown {
    /// Text that stays text in a paragraph, in a cell of a table, and in an element of HTML.
    fn escape(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut is_start = true;
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            match c {
                '\n' | '\r' | '\t' => out.push(' '),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '|' => {
                    out.push('\\');
                    out.push(c);
                }
                // A name such as `@team` would call people, `#12` refer to something.
                '@' => out.push_str("@\u{200b}"),
                '#' => out.push_str("&#35;"),
                // Two of them would begin and end a formula.
                '$' => out.push_str("&#36;"),
                // An address would become a link.
                ':' if rest.starts_with("//") || is_address(&out) => out.push_str("&#58;"),
                '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
                // Lists, headings and rules at the beginning of a line.
                '-' | '+' | '=' if is_start => {
                    out.push('\\');
                    out.push(c);
                }
                _ if is_control(c) || is_noncharacter(c) => out.push_str(&code_point(c)),
                _ => out.push(c),
            }
            is_start = is_start && c.is_whitespace();
        }
        out
    }
}

/// Returns whether a colon behind this would begin an address without slashes.
/// <https://github.github.com/gfm/#autolinks-extension->
fn is_address(before: &str) -> bool {
    let before = before.to_ascii_lowercase();
    before.ends_with("mailto") || before.ends_with("xmpp")
}

impl Markdown {
    /// Returns text in a span of code.
    pub fn code(text: &str) -> Markdown {
        let text = shown(text, &[]);
        let fence = "`".repeat(longest_run(&text) + 1);
        let is_at_edge = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
        let pad = if is_at_edge { " " } else { "" };
        let mut code = Markdown::new();
        // In a table a cell ends at a bar, in a span of code too.
        code.text = format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"));
        code
    }

    /// Returns lines in a block of code of that language.
    pub fn block(language: &'static str, lines: &str) -> Markdown {
        let lines = shown(lines, &['\n', '\t']);
        let fence = "`".repeat((longest_run(&lines) + 1).max(3));
        let mut block = Markdown::new();
        block.text = format!("{fence}{language}\n{lines}{fence}\n");
        block
    }

    /// Returns text in an element of HTML, where Markdown has no say.
    pub fn html(text: &str) -> Markdown {
        let text = shown(text, &[]);
        let mut html = Markdown::new();
        for (at, c) in text.char_indices() {
            match c {
                '&' => html.text.push_str("&amp;"),
                '<' => html.text.push_str("&lt;"),
                '>' => html.text.push_str("&gt;"),
                // What GitHub makes links of, here too.
                '@' => html.text.push_str("&#64;"),
                '#' => html.text.push_str("&#35;"),
                ':' if text[at + 1..].starts_with("//") => html.text.push_str("&#58;"),
                _ => html.text.push(c),
            }
        }
        html
    }
}

fn shown(text: &str, kept: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in without_commands(text).chars() {
        match !kept.contains(&c) && (is_control(c) || is_noncharacter(c)) {
            true => out.push_str(&code_point(c)),
            false => out.push(c),
        }
    }
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
