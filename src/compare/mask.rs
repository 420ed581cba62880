//! Taking out of a tree what differs from one visit to the next, before it is compared or written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::aria::locator::{Advance, LocateError, Locator, Step};
use crate::aria::tree::PropertyName;
use crate::aria::{Child, Node, Tree};

/// What a snapshot shows in place of a masked value.
pub const PLACEHOLDER: &str = "[masked]";

/// Which part of the nodes that a locator finds is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The name, where there is one.
    Name,
    /// Every text inside, all the way down; the nodes inside stay.
    Text,
    /// Where the link leads.
    Url,
    /// All that is inside, however much it is.
    Children,
    /// Everything but the role.
    Node,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// The nodes; all that it finds.
    pub locator: Locator,
    /// What of them.
    pub part: Part,
}

/// The rules of a case.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    masks: Vec<Mask>,
    ignore: Vec<Locator>,
    /// Whether each of them found a node, the masks first; the same for all clones.
    matched: Arc<[AtomicBool]>,
}

/// Rules are equal when they are written equally.
impl PartialEq for Rules {
    fn eq(&self, other: &Rules) -> bool {
        self.masks == other.masks && self.ignore == other.ignore
    }
}

impl Eq for Rules {}

impl Rules {
    /// Rules that mask, and locators of nodes that are dropped with all that is inside.
    ///
    /// # Errors
    ///
    /// A locator with a CSS selector, which would find nothing and mask nothing.
    pub fn new(masks: Vec<Mask>, ignore: Vec<Locator>) -> Result<Rules, LocateError> {
        let has_css = |locator: &&Locator| {
            locator
                .steps()
                .iter()
                .any(|step| matches!(step, Step::Css(_)))
        };
        let mut locators = masks.iter().map(|mask| &mask.locator).chain(&ignore);
        if let Some(locator) = locators.find(has_css) {
            return Err(LocateError::Css {
                locator: locator.to_string(),
            });
        }
        let count = masks.len() + ignore.len();
        Ok(Rules {
            masks,
            ignore,
            matched: (0..count).map(|_| AtomicBool::new(false)).collect(),
        })
    }

    /// Returns the rules as specs write them, with whether each found a node in any tree so far.
    pub fn matched(&self) -> Vec<(String, bool)> {
        let masks = self.masks.iter().map(|mask| {
            let part = format!("{:?}", mask.part).to_lowercase();
            format!("mask: {{{}: {part}}}", mask.locator)
        });
        let ignored = self.ignore.iter();
        let all = masks.chain(ignored.map(|locator| format!("ignore: {locator}")));
        let matched = self.matched.iter().map(|one| one.load(Ordering::Relaxed));
        all.zip(matched).collect()
    }

    fn note(&self, rule: usize) {
        if let Some(matched) = self.matched.get(rule) {
            matched.store(true, Ordering::Relaxed);
        }
    }

    /// Applies the rules. Locators see the tree as it was before.
    pub fn apply(&self, tree: &mut Tree) {
        if self.masks.is_empty() && self.ignore.is_empty() {
            return;
        }
        let taken = vec![0; self.masks.len() + self.ignore.len()];
        self.children(&mut tree.children, &taken, false);
    }

    fn children(&self, children: &mut Vec<Child>, taken: &[usize], mask_text: bool) {
        children.retain_mut(|child| match child {
            Child::Text(text) => {
                if mask_text {
                    PLACEHOLDER.clone_into(text);
                }
                true
            }
            Child::Node(node) => self.keep(node, taken, mask_text),
        });
    }

    /// Masks a node and what is inside; whether it stays in the tree.
    fn keep(&self, node: &mut Node, taken: &[usize], mut mask_text: bool) -> bool {
        let mut inside = taken.to_vec();
        let (masks, ignore) = inside.split_at_mut(self.masks.len());
        for (at, (locator, taken)) in self.ignore.iter().zip(ignore).enumerate() {
            match locator.advance(*taken, node) {
                Advance::Found => {
                    self.note(self.masks.len() + at);
                    return false;
                }
                Advance::Steps(steps) => *taken = steps,
            }
        }
        let mut parts = Vec::new();
        for (at, (mask, taken)) in self.masks.iter().zip(masks).enumerate() {
            match mask.locator.advance(*taken, node) {
                Advance::Found => {
                    self.note(at);
                    parts.push(mask.part);
                }
                Advance::Steps(steps) => *taken = steps,
            }
        }
        mask_text |= parts.contains(&Part::Text);
        self.children(&mut node.children, &inside, mask_text);
        for part in parts {
            mask(node, part);
        }
        true
    }
}

fn mask(node: &mut Node, part: Part) {
    match part {
        Part::Name => {
            if !node.name.is_empty() {
                PLACEHOLDER.clone_into(&mut node.name);
            }
        }
        // Done on the way down.
        Part::Text => {}
        Part::Url => {
            for property in &mut node.properties {
                if property.name == PropertyName::Url {
                    PLACEHOLDER.clone_into(&mut property.value);
                }
            }
        }
        Part::Children => node.children = vec![Child::Text(PLACEHOLDER.to_owned())],
        Part::Node => {
            let Node {
                role, rect, source, ..
            } = *node;
            let reference = node.reference.take();
            *node = Node {
                name: PLACEHOLDER.to_owned(),
                reference,
                rect,
                source,
                ..Node::new(role)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mask, Part, Rules};
    use crate::aria::tree::{Property, PropertyName};
    use crate::aria::{Child, Locator, Node, Role, Tree};
    use crate::snapshot::{Rendering, write};

    fn locator(text: &str) -> Locator {
        Locator::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn masked(masks: &[(&str, Part)], ignore: &[&str]) -> String {
        let mut link = Node::new(Role::Link);
        link.name = "12 new".to_owned();
        link.states.disabled = Some(true);
        link.properties.push(Property {
            name: PropertyName::Url,
            value: "/n?t=1".to_owned(),
        });
        link.children.push(Child::Text("12".to_owned()));
        let mut main = Node::new(Role::Main);
        main.children = vec![
            Child::Text("at 10:32".to_owned()),
            Child::Node(Box::new(link)),
        ];
        let mut tree = Tree {
            children: vec![Child::Node(Box::new(main))],
        };
        let masks = masks
            .iter()
            .map(|(text, part)| Mask {
                locator: locator(text),
                part: *part,
            })
            .collect();
        let ignore = ignore.iter().map(|text| locator(text)).collect();
        let rules = Rules::new(masks, ignore).unwrap_or_else(|error| panic!("{error}"));
        rules.apply(&mut tree);
        write(&tree, Rendering::default())
    }

    #[test]
    fn each_part_is_masked_alone() {
        let link = |name: &str, url: &str, text: &str| {
            format!(
                "- main:\n  - text: at 10:32\n  - link \"{name}\" [disabled]:\n    - /url: {url}\n    - text: {text}\n"
            )
        };
        let key = "link /new$/";
        for (part, expected) in [
            (Part::Name, link("[masked]", "/n?t=1", "\"12\"")),
            (Part::Text, link("12 new", "/n?t=1", "\"[masked]\"")),
            (Part::Url, link("12 new", "\"[masked]\"", "\"12\"")),
            (Part::Children, link("12 new", "/n?t=1", "\"[masked]\"")),
            (
                Part::Node,
                "- main:\n  - text: at 10:32\n  - link \"[masked]\"\n".to_owned(),
            ),
        ] {
            assert_eq!(masked(&[(key, part)], &[]), expected, "{part:?}");
        }
    }

    #[test]
    fn locators_see_what_is_not_yet_masked() {
        let text = masked(
            &[
                ("main", Part::Text),
                ("main >> link \"12 new\"", Part::Name),
            ],
            &[],
        );
        assert!(
            text.contains("text: \"[masked]\"") && text.contains("link \"[masked]\""),
            "{text}"
        );
        assert_eq!(masked(&[], &["main >> link"]), "- main: at 10:32\n");
        assert!(Rules::new(Vec::new(), vec![locator("css=.ad")]).is_err());
    }
}
