//! Values of the environment come into no tree and no message.

use super::{Failure, RunError, Setting};
use crate::aria::{Child, Tree};
use crate::spec::Secrets;

/// Takes the secrets out of a tree.
pub(super) fn mask_tree(tree: &mut Tree, secrets: &Secrets) {
    if secrets.is_empty() {
        return;
    }
    tree.edit(|child| match child {
        Child::Text(text) => *text = secrets.mask(text),
        Child::Node(node) => {
            node.name = secrets.mask(&node.name);
            for property in &mut node.properties {
                property.value = secrets.mask(&property.value);
            }
        }
    });
}

/// Whether a tree shows a secret.
pub(super) fn has_secrets(tree: &Tree, secrets: &Secrets) -> bool {
    if secrets.is_empty() {
        return false;
    }
    let shows = |text: &str| secrets.mask(text) != text;
    let has_text = |children: &[Child]| {
        let mut children = children.iter();
        children.any(|child| matches!(child, Child::Text(text) if shows(text)))
    };
    has_text(&tree.children)
        || tree.nodes().any(|node| {
            let mut values = node.properties.iter().map(|property| &property.value);
            shows(&node.name) || values.any(|value| shows(value)) || has_text(&node.children)
        })
}

/// Why there is no verdict, without secrets.
pub(super) fn failure(error: &RunError, setting: &Setting<'_>) -> Failure {
    let message = error.message(&setting.browser.called());
    Failure {
        message: setting.secrets.mask(&message),
        fault: error.fault(),
    }
}
