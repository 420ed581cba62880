//! JavaScript's regular expressions, as templates and locators have them, with a bound on their work.
//!
//! The syntax is that of `new RegExp(source)` without flags, Annex B included
//! (<https://tc39.es/ecma262/#sec-regular-expressions-patterns>). The one knowing difference: a
//! character beyond U+FFFF counts as one character, where JavaScript without the `u` flag counts two.

mod class;
mod translate;

use std::ops::Range;
use std::sync::Arc;

/// How often a match may go back and try again: some tens of milliseconds of work.
const BACKTRACK_LIMIT: usize = 200_000;
/// Bounds of what a pattern may compile to: bytes of automata, and steps of the backtracker.
const COMPILED_SIZE_LIMIT: usize = 4 << 20;
const PROGRAM_LIMIT: usize = 200_000;
/// Longer patterns than any person writes.
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
    /// What is wrong with it.
    pub reason: String,
    /// Which bytes of the source.
    pub at: Range<usize>,
    /// Whether JavaScript refuses it too. Otherwise only this program cannot use it.
    pub is_syntax: bool,
}

/// A match that was given up because the pattern goes back and forth too often on a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("regular expression /{pattern}/ takes too long on a text of {length} bytes")]
pub struct PatternTooSlow {
    /// The source between the slashes.
    pub pattern: String,
    /// Length of the text, in bytes.
    pub length: usize,
}

impl Pattern {
    /// Compiles the source between the slashes.
    pub fn new(source: &str) -> Result<Pattern, PatternError> {
        let error = |reason: String, at: Range<usize>, is_syntax: bool| PatternError {
            pattern: source.to_owned(),
            reason,
            at,
            is_syntax,
        };
        if source.len() > LONGEST {
            let reason = format!("longer than {LONGEST} bytes");
            return Err(error(reason, 0..source.len(), false));
        }
        let translated = translate::translate(source)
            .map_err(|mistake| error(mistake.reason, mistake.at, mistake.is_syntax))?;
        let regex = fancy_regex::RegexBuilder::new(&translated)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(COMPILED_SIZE_LIMIT)
            .max_prog_size(PROGRAM_LIMIT)
            .build()
            .map_err(|failure| error(reason_of(&failure), 0..source.len(), false))?;
        Ok(Pattern {
            source: source.into(),
            regex: Arc::new(regex),
        })
    }

    /// The source between the slashes.
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
    // The library's message quotes the translated pattern, which nobody wrote.
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
        // Pattern, a text that has it, a text that has not; verdicts of Node 22.
        for (pattern, with, without) in [
            (r"^\d+$", "42", "٤٢"),
            (r"^\w+$", "ab_1", "é"),
            (r"^[^]$", "\n", ""),
            (r"^[]|b$", "b", "a"),
            (r"^\cJ$", "\n", "J"),
            (r"^[\w-.]+$", "a-.", "a+"),
            (r"^\s$", "\u{feff}", "\u{85}"),
            (r"^.$", "\u{85}", "\u{2028}"),
            (r"a\/b", "a/b", "ab"),
            (r"(?<n>a)\k<n>", "aa", "ab"),
            (r"^\k$", "k", "\\k"),
            (r"\u0041\x42", "AB", "ab"),
            (r"^\u{2}$", "uu", "\u{2}"),
            (r"(?<=\$)\d+(?!\.)", "$42", "42"),
            (r"^a{,2}$", "a{,2}", "aa"),
            (r"^x{2}y{1,}z{0,1}$", "xxyz", "xy"),
            (r"^(?:a|(b))\1c$", "ac", "a"),
            (r"\bé", "aé", "é"),
            (r"^[&&--[]$", "[", "]"),
            (r"^]}$", "]}", "]"),
            (r"^[\b]$", "\u{8}", "b"),
            (r"^\101$", "A", "1"),
            (r"^\ud83d\ude00$", "😀", "x"),
            (r"^a$", "a", "a\n"),
            (r"(?i:A)b", "ab", "aB"),
            (r"^[\d-x]+$", "1-x", "w"),
            (r"^\p{2}$", "pp", "p{2}"),
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
            // Found out to be too slow, or answered without going back.
            assert_ne!(pattern.is_found_in(&text), Ok(true));
        }
    }
}
