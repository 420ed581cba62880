//! JavaScript's regular expressions in templates and locators, with a limit on their work.
//!
//! The syntax is that of `new RegExp(source)` without flags
//! (<https://tc39.es/ecma262/#sec-regular-expressions-patterns>). A few rare constructs are refused. One
//! difference is deliberate: a character beyond U+FFFF is one character, not two as in JavaScript
//! without the `u` flag.

mod translate;

use std::ops::Range;
use std::sync::Arc;

/// How often a match can backtrack: some tens of milliseconds of work.
const BACKTRACK_LIMIT: usize = 200_000;
/// Limits on what a pattern compiles to: bytes of automata, and steps of the backtracker.
const COMPILED_SIZE_LIMIT: usize = 4 << 20;
const PROGRAM_LIMIT: usize = 200_000;
/// In bytes. No real pattern is as long.
const LONGEST: usize = 20_000;

/// A compiled regular expression.
#[derive(Clone)]
pub struct Pattern {
    source: Arc<str>,
    regex: Arc<fancy_regex::Regex>,
}

/// Why a regular expression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("regular expression /{pattern}/: {reason}")]
pub struct PatternError {
    /// The source between the slashes.
    pub pattern: String,
    /// What is wrong.
    pub reason: String,
    /// The bytes of the source that the reason is about.
    pub at: Range<usize>,
}

/// A pattern that backtracks too often on a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("regular expression /{pattern}/ takes too long on a text of {length} bytes")]
pub struct PatternTooSlow {
    /// The source between the slashes.
    pub pattern: String,
    /// The length of the text in bytes.
    pub length: usize,
}

impl Pattern {
    /// Compiles the source between the slashes.
    pub fn new(source: &str) -> Result<Pattern, PatternError> {
        let error = |reason: String, at: Range<usize>| PatternError {
            pattern: source.to_owned(),
            reason,
            at,
        };
        let whole = 0..source.len();
        if source.len() > LONGEST {
            return Err(error(format!("longer than {LONGEST} bytes"), whole));
        }
        let translated =
            translate::translate(source).map_err(|mistake| error(mistake.reason, mistake.at))?;
        let regex = fancy_regex::RegexBuilder::new(&translated)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(COMPILED_SIZE_LIMIT)
            .max_prog_size(PROGRAM_LIMIT)
            .build()
            .map_err(|failure| error(reason_of(&failure), whole))?;
        Ok(Pattern {
            source: source.into(),
            regex: Arc::new(regex),
        })
    }

    /// Returns the source between the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the pattern is found anywhere in the text.
    pub fn is_found_in(&self, text: &str) -> Result<bool, PatternTooSlow> {
        self.regex.is_match(text).map_err(|_| PatternTooSlow {
            pattern: self.source.to_string(),
            length: text.len(),
        })
    }
}

fn reason_of(failure: &fancy_regex::Error) -> String {
    // The library quotes the translated pattern, which the user has not seen.
    let text = failure.to_string();
    let last = text.lines().last().unwrap_or_default();
    match last.trim() {
        "" => "cannot be compiled".to_owned(),
        reason => format!("cannot be compiled ({reason})"),
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}/", self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn found(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern)
            .unwrap_or_else(|error| panic!("{error}"))
            .is_found_in(text)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn means_what_it_means_in_javascript() {
        // Pattern, a text with it, a text without it; Node 22 agrees.
        for (pattern, with, without) in [
            (r"^\d+$", "42", "٤٢"),
            (r"^\w+$", "ab_1", "é"),
            (r"^[^]$", "\n", ""),
            (r"^[]|b$", "b", "a"),
            (r"^[\w-.]+$", "a-.", "a+"),
            (r"^\s$", "\u{feff}", "\u{85}"),
            (r"^.$", "\u{85}", "\u{2028}"),
            (r"a\/b", "a/b", "ab"),
            (r"(?<n>a)\k<n>", "aa", "ab"),
            (r"\u0041\x42", "AB", "ab"),
            (r"(?<=\$)\d+(?!\.)", "$42", "42"),
            (r"^a{,2}$", "a{,2}", "aa"),
            (r"^x{2}y{1,}z{0,1}$", "xxyz", "xy"),
            (r"^(?:a|(b))\1c$", "ac", "a"),
            (r"\bé", "aé", "é"),
            (r"^[&&--[]$", "[", "]"),
            (r"^]}$", "]}", "]"),
            (r"^[\b]$", "\u{8}", "b"),
            (r"^\ud83d\ude00$", "😀", "x"),
            (r"^a$", "a", "a\n"),
            (r"(?i:A)b", "ab", "aB"),
            (r"^[\d-x]+$", "1-x", "w"),
        ] {
            assert!(found(pattern, with), "/{pattern}/ in {with:?}");
            assert!(!found(pattern, without), "/{pattern}/ not in {without:?}");
        }
    }

    #[test]
    fn says_which_pattern_is_wrong() {
        for pattern in [
            "(",
            ")",
            "a**",
            "*a",
            "[b-a]",
            "[a",
            "\\",
            "(?<a>x)(?<a>y)",
            "a{2,1}",
            "(?<n>a)\\k<m>",
            "\\ud800",
            "(?x)a",
            "a++",
            "a{2}{3}",
            r"\cJ",
            r"\101",
            r"\k",
            r"\1(a)",
            r"\u{2}",
            r"\p{2}",
            "(?:(?:a{1000}){1000}){1000}",
        ] {
            let error = Pattern::new(pattern).expect_err(pattern);
            assert_eq!(error.pattern, pattern);
        }
    }

    #[test]
    fn gives_up_instead_of_hanging() {
        let text = "a".repeat(60) + "!";
        for pattern in ["^(?=a)(a+)+$", r"^(a|a)*\1$", r"^(([a-z])+.)+\2[A-Z]$"] {
            let pattern = Pattern::new(pattern).unwrap_or_else(|error| panic!("{error}"));
            // Too slow, or answered without backtracking.
            assert_ne!(pattern.is_found_in(&text), Ok(true));
        }
    }
}
