//! The failed tries before the one that passed, for people.

use super::changes;
use crate::run::Try;
use crate::text::Terminal;

/// Returns `passed at try 2`.
pub(super) fn summary(tries: &[Try]) -> String {
    format!("passed at try {}", tries.len() + 1)
}

/// Returns a paragraph for each try, indented.
pub(super) fn list(tries: &[Try]) -> Terminal {
    let mut text = Terminal::new();
    for (number, one) in (1..).zip(tries) {
        match one {
            Try::Changed { changes } => {
                let headline = changes::headline(changes);
                put!(
                    text,
                    "    try {}: {}\n{}",
                    number,
                    headline,
                    changes::list(changes)
                );
            }
            Try::Failed(failure) => {
                let indented = failure.message.replace('\n', "\n      ");
                put!(
                    text,
                    "    try {}: {}\n",
                    number,
                    Terminal::message(&indented)
                );
            }
        }
    }
    text
}
