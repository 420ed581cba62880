//! Checks the selectors of `css=`, which only a browser can match: what it would refuse is an error of
//! the spec, not of the page.

use cssparser::{BasicParseErrorKind, ParseErrorKind};
use scraper::selector::Simple;
use selectors::parser::{ParseRelative, Parser, SelectorList, SelectorParseErrorKind};

/// Knows no pseudo-classes and pseudo-elements but those of the grammar: browsers have many more.
struct Grammar;

impl Parser<'_> for Grammar {
    type Impl = Simple;
    type Error = SelectorParseErrorKind;

    fn parse_slotted(&self) -> bool {
        true
    }

    fn parse_part(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_host(&self) -> bool {
        true
    }
}

/// Returns what is wrong with a selector.
pub(super) fn problem(selector: &str) -> Option<&'static str> {
    let mut input = cssparser::Parser::new(selector);
    let error = SelectorList::parse(&Grammar, &mut input, ParseRelative::No).err()?;
    Some(match error.kind {
        ParseErrorKind::Basic(BasicParseErrorKind::EndOfInput) => "it ends too early",
        ParseErrorKind::Basic(_) => "a character is not expected",
        ParseErrorKind::Custom(kind) => match kind {
            // It may be one that the browser knows.
            SelectorParseErrorKind::UnsupportedPseudoClassOrElement => return None,
            SelectorParseErrorKind::EmptySelector => "a selector is missing",
            SelectorParseErrorKind::DanglingCombinator => "nothing follows the combinator",
            SelectorParseErrorKind::ClassNeedsIdent => "a class needs a name",
            SelectorParseErrorKind::NoQualifiedNameInAttributeSelector
            | SelectorParseErrorKind::UnexpectedTokenInAttributeSelector
            | SelectorParseErrorKind::ExpectedBarInAttr
            | SelectorParseErrorKind::BadValueInAttr
            | SelectorParseErrorKind::InvalidQualNameInAttr => {
                "what is in brackets is not `name` or `name=\"value\"`"
            }
            _ => "it cannot be parsed",
        },
    })
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn selectors_of_browsers_are_valid() {
        for selector in [
            ".sidebar > details",
            "#a, [data-x='1' i] ~ b::before",
            "li:nth-child(2 of .x):not(:has(> a, b)):focus-visible",
            "::part(label)",
            ":host(.x) ::slotted(a)",
            "input:popover-open:user-invalid",
            ":is(h1, h2):where(.x)",
            "svg|a, *|*",
        ] {
            if selector.contains("svg|") {
                assert!(problem(selector).is_some(), "there are no prefixes");
            } else {
                assert_eq!(problem(selector), None, "{selector}");
            }
        }
    }

    #[test]
    fn others_are_not() {
        for (selector, expected) in [
            (".a >", "nothing follows the combinator"),
            ("a,,b", "a selector is missing"),
            ("..a", "a class needs a name"),
            ("[=x]", "brackets"),
            ("[a=]", "too early"),
            ("a:not(", "selector"),
            ("button \"Save\"", "not"),
            ("a{}", "not"),
            ("1a", ""),
        ] {
            let found = problem(selector);
            assert!(
                found.is_some_and(|one| one.contains(expected)),
                "{selector}: {found:?}"
            );
        }
    }
}
