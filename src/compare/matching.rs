//! Whether one entry of a template matches one node or text, in each of the two modes.

use std::cell::RefCell;

use super::Match;
use crate::aria::Node;
use crate::aria::notation::{NameTest, NodeTest};
use crate::aria::pattern::{Pattern, PatternTooSlow};
use crate::aria::tree::PropertyName;
use crate::aria::white_space::normalize_white_space;
use crate::snapshot::is_written_name;
use crate::snapshot::template::{NodeItem, PropertyTest, TextTest};

/// Matches single entries, and remembers the first pattern that was too slow: after that one, none
/// is tried again.
pub(super) struct Matcher {
    pub(super) mode: Match,
    failed: RefCell<Option<PatternTooSlow>>,
}

impl Matcher {
    pub(super) fn new(mode: Match) -> Matcher {
        Matcher {
            mode,
            failed: RefCell::new(None),
        }
    }

    pub(super) fn finish<T>(self, result: T) -> Result<T, PatternTooSlow> {
        match self.failed.into_inner() {
            None => Ok(result),
            Some(failure) => Err(failure),
        }
    }

    fn finds(&self, pattern: &Pattern, text: &str) -> bool {
        if self.failed.borrow().is_some() {
            return false;
        }
        match pattern.is_found_in(text) {
            Ok(found) => found,
            Err(failure) => {
                *self.failed.borrow_mut() = Some(failure);
                false
            }
        }
    }

    /// Role, name and states.
    pub(super) fn key(&self, test: &NodeTest, node: &Node) -> bool {
        test.role == node.role && self.name(test, node) && self.states(test, node)
    }

    pub(super) fn states(&self, test: &NodeTest, node: &Node) -> bool {
        match self.mode {
            Match::Exact => test.states.are_all_of(node),
            Match::Contain => test.states.hold_for(node),
        }
    }

    pub(super) fn name(&self, test: &NodeTest, node: &Node) -> bool {
        match (&test.name, self.mode) {
            (None, Match::Contain) => true,
            // A name that is too long for a line is not written.
            (None, Match::Exact) => !is_written_name(&node.name),
            // In Playwright, a node without a name matches no name, not even `/.*/`.
            (Some(_), _) if node.name.is_empty() => false,
            (Some(NameTest::Text(text)), _) => {
                *text == node.name || *text == normalize_white_space(&node.name)
            }
            (Some(NameTest::Pattern(pattern)), _) => {
                self.finds(pattern, &node.name) || is_itself(pattern, &node.name)
            }
        }
    }

    pub(super) fn text(&self, test: &TextTest, text: &str) -> bool {
        match self.mode {
            Match::Exact => {
                test.is_literally(text)
                    || test
                        .pattern
                        .as_ref()
                        .is_some_and(|pattern| self.finds(pattern, text))
            }
            Match::Contain => self.value_as_playwright(test, Some(text)),
        }
    }

    /// The properties that both sides have or one lacks: `(name, test, value)` where they differ.
    pub(super) fn different_properties<'a>(
        &self,
        item: &'a NodeItem,
        node: &'a Node,
    ) -> Vec<(PropertyName, Option<&'a PropertyTest>, Option<&'a str>)> {
        let mut different = Vec::new();
        for property in &item.properties {
            let value = node.property(property.name);
            let matches = match self.mode {
                Match::Exact => value.is_some_and(|value| self.exact_property(property, value)),
                Match::Contain => match property.name {
                    // Playwright reads it, writes it, and does not compare it.
                    PropertyName::Placeholder => true,
                    _ => self.value_as_playwright(&property.test, value),
                },
            };
            if !matches {
                different.push((property.name, Some(property), value));
            }
        }
        if self.mode == Match::Exact {
            for property in &node.properties {
                if !item
                    .properties
                    .iter()
                    .any(|test| test.name == property.name)
                {
                    different.push((property.name, None, Some(property.value.as_str())));
                }
            }
        }
        different
    }

    /// The regular expression of a property, where it is one.
    ///
    /// A path such as `/docs/` looks like a regular expression. In a baseline, which holds what the
    /// page had, it is one only where it has something that no plain path has: otherwise
    /// `/docs/` would let `/help/docs/` pass.
    pub(super) fn property_pattern<'a>(&self, property: &'a PropertyTest) -> Option<&'a Pattern> {
        const SPECIAL: [char; 10] = ['\\', '^', '$', '*', '+', '?', '(', '[', '{', '|'];
        let is_path = |pattern: &&Pattern| {
            self.mode == Match::Exact
                && property.name == PropertyName::Url
                && !pattern.source().contains(SPECIAL)
        };
        property
            .test
            .pattern
            .as_ref()
            .filter(|pattern| !is_path(pattern))
    }

    fn exact_property(&self, property: &PropertyTest, value: &str) -> bool {
        property.test.is_literally(value)
            || self
                .property_pattern(property)
                .is_some_and(|pattern| self.finds(pattern, value))
    }

    /// An empty value matches anything; a missing one matches only that.
    fn value_as_playwright(&self, test: &TextTest, text: Option<&str>) -> bool {
        if test.normalized.is_empty() {
            return true;
        }
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return false;
        };
        text == test.normalized
            || text == test.raw
            || test
                .pattern
                .as_ref()
                .is_some_and(|pattern| self.finds(pattern, text))
    }
}

/// Whether the text is the pattern as it is written: the other side is a snapshot file too.
fn is_itself(pattern: &Pattern, text: &str) -> bool {
    text.strip_prefix('/')
        .and_then(|rest| rest.strip_suffix('/'))
        == Some(pattern.source())
}
