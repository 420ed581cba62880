//! What the tries brought before the one that passed, for people.

use super::changes;
use crate::run::Try;

/// `passed at try 2`
pub(super) fn summary(tries: &[Try]) -> String {
    format!("passed at try {}", tries.len() + 1)
}

/// A paragraph for each try, every line indented.
pub(super) fn list(tries: &[Try]) -> String {
    let paragraph = |(at, one): (usize, &Try)| match one {
        Try::Changed { changes } => {
            let headline = changes::headline(changes);
            format!("    try {}: {headline}\n{}", at + 1, changes::list(changes))
        }
        Try::Failed(failure) => {
            let indented = failure.message.replace('\n', "\n      ");
            format!("    try {}: {indented}\n", at + 1)
        }
    };
    tries.iter().enumerate().map(paragraph).collect()
}
