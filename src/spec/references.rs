//! `${NAME}` where nothing reads it: it would be sent or looked for as it is written.

use super::secrets::references;
use super::yaml::{Kind, Node};
use crate::error::{Located, SourceText};

/// Keys whose values are read with variables.
const READ: [&str; 7] = [
    "headers",
    "cookies",
    "basic-auth",
    "local-storage",
    "fill",
    "select",
    "goto",
];

/// Keys whose values are texts of another language, in which `${NAME}` means something of its own.
const FOREIGN: [&str; 4] = ["html", "evaluate", "init-script", "command"];

/// Returns every `${NAME}` of a document at a place where variables are not read.
pub(super) fn unread(file: &SourceText, document: &Node) -> Vec<Located> {
    let mut problems = Vec::new();
    let mut open = vec![document];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::Null | Kind::Alias => {}
            Kind::Scalar(text) => check(file, text, node.span.clone(), &mut problems),
            Kind::List(items) => open.extend(items),
            Kind::Map(entries) => {
                for entry in entries {
                    let key = entry.key.as_str();
                    check(file, key, entry.key_span.clone(), &mut problems);
                    if !READ.contains(&key) && !FOREIGN.contains(&key) {
                        open.push(&entry.value);
                    } else if let Kind::Map(inner) = &entry.value.kind {
                        for entry in inner {
                            let span = entry.key_span.clone();
                            check(file, &entry.key, span, &mut problems);
                        }
                    }
                }
            }
        }
    }
    problems
}

fn check(file: &SourceText, text: &str, span: std::ops::Range<usize>, problems: &mut Vec<Located>) {
    // A backslash before it, as in a regular expression, takes its meaning away.
    let is_escaped = |at: usize| text[..at].ends_with('\\');
    let found = references(text);
    let Some((_, name)) = found.iter().find(|(span, _)| !is_escaped(span.start)) else {
        return;
    };
    let title = format!("`${{{name}}}` is not replaced here: it would stand for itself");
    problems.push(Located::new(title, file.place(span)).with_help(
        "variables are read in headers, cookies, basic-auth, local-storage, and in the texts of fill, \
         select and goto",
    ));
}
