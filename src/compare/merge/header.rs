//! The line of a merged node and its properties: each part from the baseline or from the page.

use super::super::arena::Id;
use super::super::change::Kind;
use super::plan::{Entity, Plan};
use crate::aria::Node;
use crate::aria::notation::{NameTest, NodeTest, StateTests};
use crate::aria::tree::PropertyName;
use crate::compare::Match;
use crate::snapshot::template::{NodeItem, PropertyTest};
use crate::snapshot::{is_written_name, key_text, quote};

/// A node of the merged tree, ready to be written.
pub(super) struct Header<'a> {
    /// `Some` where the key is written anew, without YAML's quotes.
    pub(super) key: Option<String>,
    pub(super) item: Option<&'a NodeItem>,
    pub(super) properties: Vec<Property<'a>>,
}

/// A property of the merged tree.
pub(super) enum Property<'a> {
    /// As the baseline has it; which of the node's.
    Kept(usize, &'a PropertyTest),
    /// The baseline's line with another value.
    Changed(usize, &'a PropertyTest, &'a str),
    Added(PropertyName, &'a str),
}

impl Property<'_> {
    fn name(&self) -> PropertyName {
        match self {
            Property::Kept(_, test) | Property::Changed(_, test, _) => test.name,
            Property::Added(name, _) => *name,
        }
    }
}

/// What an entry of the merged tree is written with, without what is inside.
pub(super) fn of<'a>(plan: &Plan<'a>, entity: Entity) -> Header<'a> {
    let node = plan
        .new_of(entity)
        .and_then(|new| plan.diff.new.get(new).what.node());
    let item = match entity {
        Entity::Old(old) => plan.diff.old.get(old).what.item().map(|item| (old, item)),
        Entity::New(_) => None,
    };
    match (item, node) {
        (Some((old, item)), node) => Header {
            key: node
                .filter(|_| !plan.key(old).is_empty())
                .map(|node| merged_key(item, node, plan.key(old), plan.diff.matcher.mode)),
            item: Some(item),
            properties: properties(plan, old, item, node),
        },
        (None, node) => Header {
            key: node.map(key_text),
            item: None,
            properties: node
                .into_iter()
                .flat_map(|node| &node.properties)
                .map(|property| Property::Added(property.name, &property.value))
                .collect(),
        },
    }
}

fn properties<'a>(
    plan: &Plan<'a>,
    old: Id,
    item: &'a NodeItem,
    node: Option<&'a Node>,
) -> Vec<Property<'a>> {
    let mut properties = Vec::new();
    for (index, test) in item.properties.iter().enumerate() {
        if !plan.takes_property(old, test.name) {
            properties.push(Property::Kept(index, test));
        } else if let Some(value) = node.and_then(|node| node.property(test.name)) {
            properties.push(Property::Changed(index, test, value));
        }
    }
    // Behind the one that the page has before it: a line that goes and comes back is where it was.
    let mut place = 0;
    for property in node.into_iter().flat_map(|node| &node.properties) {
        let known = properties
            .iter()
            .position(|known| known.name() == property.name);
        if let Some(known) = known {
            place = known + 1;
        } else if plan.takes_property(old, property.name) {
            properties.insert(place, Property::Added(property.name, &property.value));
            place += 1;
        }
    }
    properties
}

pub(super) fn property_line(name: PropertyName, value: &str) -> String {
    format!("/{}: {}", name.as_str(), quote::value(value))
}

/// The key with the parts that were taken from the page.
fn merged_key(item: &NodeItem, node: &Node, kinds: &[Kind], mode: Match) -> String {
    let mut test = item.test.clone();
    for kind in kinds {
        match kind {
            Kind::Role => test.role = node.role,
            Kind::Name => {
                test.name = is_written_name(&node.name).then(|| NameTest::Text(node.name.clone()));
            }
            Kind::State => {
                test.states = match mode {
                    Match::Exact => StateTests {
                        reference: test.states.reference.take(),
                        ..StateTests::written_for(node)
                    },
                    Match::Contain => test.states.updated_to(node),
                }
            }
            _ => {}
        }
    }
    test_text(&test)
}

pub(super) fn test_text(test: &NodeTest) -> String {
    let mut text = test.role.to_string();
    match &test.name {
        None => {}
        Some(NameTest::Text(name)) => {
            text.push(' ');
            text.push_str(&quote::json_string(name));
        }
        Some(NameTest::Pattern(pattern)) => {
            text.push_str(&format!(" /{}/", pattern.source()));
        }
    }
    let states = test.states.to_string();
    if !states.is_empty() {
        text.push(' ');
        text.push_str(&states);
    }
    text
}
