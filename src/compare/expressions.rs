//! Which values of the page the template's regular expressions match.
//!
//! Pairing looks for equal names and texts. So that a value counts as equal to the expression that
//! matches it, wherever both are, each value of the page is assigned to one expression first: to the
//! one that matches the fewest values. A value that the template also has literally stays itself.

use std::collections::{HashMap, HashSet};

use super::arena::{Arena, What};
use super::matching::Matcher;
use crate::aria::Role;
use crate::aria::notation::NameTest;
use crate::aria::pattern::Pattern;
use crate::aria::tree::PropertyName;

/// What a value is: only values of the same part are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Name(Role),
    Text,
    Property(PropertyName),
}

/// How many values are tried against expressions in one comparison. Beyond it, expressions only
/// match in place. A bound of size: the answer is the same on every machine.
const BUDGET: usize = 300_000;

/// For each value of the page that an expression matches, the source of that expression.
pub(super) struct Expressions<'a> {
    of_template: HashSet<(Part, &'a str)>,
    of_page: HashMap<(Part, &'a str), &'a str>,
}

impl<'a> Expressions<'a> {
    pub(super) fn new(old: &Arena<'a>, new: &Arena<'a>, matcher: &Matcher) -> Expressions<'a> {
        let mut expressions = Expressions {
            of_template: HashSet::new(),
            of_page: HashMap::new(),
        };
        let mut literals: HashSet<(Part, &'a str)> = HashSet::new();
        let mut patterns: HashMap<Part, Vec<&'a Pattern>> = HashMap::new();
        for entry in &old.entries {
            for (part, value, pattern) in parts_of_template(entry.what, matcher) {
                match pattern {
                    None => {
                        literals.insert((part, value));
                    }
                    Some(pattern) => {
                        if expressions.of_template.insert((part, pattern.source())) {
                            patterns.entry(part).or_default().push(pattern);
                        }
                    }
                }
            }
        }
        if patterns.is_empty() {
            return expressions;
        }
        let mut values: Vec<(Part, &'a str)> = Vec::new();
        let mut seen: HashSet<(Part, &'a str)> = HashSet::new();
        for entry in &new.entries {
            for (part, value) in parts_of_page(entry.what) {
                let key = (part, value);
                let is_open = patterns.contains_key(&part) && !literals.contains(&key);
                if is_open && seen.insert(key) {
                    values.push(key);
                }
            }
        }
        expressions.assign(&patterns, values);
        expressions
    }

    fn assign(&mut self, patterns: &HashMap<Part, Vec<&'a Pattern>>, values: Vec<(Part, &'a str)>) {
        let mut budget = BUDGET;
        let mut matches: Vec<((Part, &'a str), Vec<usize>)> = Vec::new();
        let mut counts: HashMap<(Part, usize), usize> = HashMap::new();
        let mut too_slow: HashSet<(Part, usize)> = HashSet::new();
        for (part, value) in values {
            let patterns = patterns.get(&part).map_or(&[][..], Vec::as_slice);
            if patterns.len() > budget {
                break;
            }
            budget -= patterns.len();
            let mut found = Vec::new();
            for (index, pattern) in patterns.iter().enumerate() {
                if too_slow.contains(&(part, index)) {
                    continue;
                }
                // Too slow here says nothing about the place that the expression was written for.
                match pattern.is_found_in(value) {
                    Ok(true) => {
                        found.push(index);
                        *counts.entry((part, index)).or_default() += 1;
                    }
                    Ok(false) => {}
                    Err(_) => {
                        too_slow.insert((part, index));
                    }
                }
            }
            matches.push(((part, value), found));
        }
        for ((part, value), found) in matches {
            let fewest = found
                .into_iter()
                .min_by_key(|index| counts.get(&(part, *index)).copied().unwrap_or_default());
            let pattern = fewest.and_then(|index| patterns.get(&part)?.get(index));
            if let Some(pattern) = pattern {
                self.of_page.insert((part, value), pattern.source());
            }
        }
    }

    /// The source of the expression that an entry has at that part, or that matches its value.
    pub(super) fn of(&self, part: Part, what: What<'a>) -> Option<&'a str> {
        let source = match (part, what) {
            (Part::Name(_), What::NodeItem(item)) => match &item.test.name {
                Some(NameTest::Pattern(pattern)) => Some(pattern.source()),
                Some(NameTest::Text(_)) | None => None,
            },
            (Part::Text, What::TextItem(item)) => item.test.pattern.as_ref().map(Pattern::source),
            (Part::Property(name), What::NodeItem(item)) => item
                .properties
                .iter()
                .find(|property| property.name == name)
                .and_then(|property| property.test.pattern.as_ref())
                .map(Pattern::source),
            (_, What::Template(_) | What::TextItem(_) | What::NodeItem(_)) => None,
            (Part::Name(_), _) => return self.of_page.get(&(part, what.name())).copied(),
            (Part::Text, _) => return self.of_page.get(&(part, what.text())).copied(),
            (Part::Property(name), _) => {
                return self.of_page.get(&(part, what.property(name)?)).copied();
            }
        };
        source.filter(|source| self.of_template.contains(&(part, source)))
    }
}

/// The names, texts and properties of an entry of the template, with the expressions among them.
fn parts_of_template<'a>(
    what: What<'a>,
    matcher: &Matcher,
) -> Vec<(Part, &'a str, Option<&'a Pattern>)> {
    match what {
        What::TextItem(item) => vec![(
            Part::Text,
            item.test.raw.as_str(),
            item.test.pattern.as_ref(),
        )],
        What::NodeItem(item) => {
            let pattern = match &item.test.name {
                Some(NameTest::Pattern(pattern)) => Some(pattern),
                Some(NameTest::Text(_)) | None => None,
            };
            let name = (Part::Name(item.test.role), what.name(), pattern);
            let properties = item.properties.iter().map(|property| {
                (
                    Part::Property(property.name),
                    property.test.raw.as_str(),
                    matcher.property_pattern(property),
                )
            });
            std::iter::once(name).chain(properties).collect()
        }
        What::Template(_) | What::Page | What::Text(..) | What::Node(..) => Vec::new(),
    }
}

fn parts_of_page<'a>(what: What<'a>) -> Vec<(Part, &'a str)> {
    match what {
        What::Text(text, _) => vec![(Part::Text, text)],
        What::Node(node, _) => {
            // No expression matches a missing name.
            let name = (!node.name.is_empty()).then_some((Part::Name(node.role), what.name()));
            let properties = node.properties.iter();
            let properties = properties.map(|it| (Part::Property(it.name), it.value.as_str()));
            name.into_iter().chain(properties).collect()
        }
        What::Template(_) | What::Page | What::TextItem(_) | What::NodeItem(_) => Vec::new(),
    }
}
