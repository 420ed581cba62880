//! Values of the environment come into no tree and no message.

use super::{Failure, RunError, Setting};
use crate::aria::{Child, Tree};
use crate::spec::Secrets;

/// Takes the secrets out of a tree.
pub(super) fn mask_tree(tree: &mut Tree, secrets: &Secrets) {
    if !secrets.is_empty() {
        mask_children(&mut tree.children, secrets);
    }
}

fn mask_children(children: &mut [Child], secrets: &Secrets) {
    for child in children {
        match child {
            Child::Text(text) => *text = secrets.mask(text),
            Child::Node(node) => {
                node.name = secrets.mask(&node.name);
                for property in &mut node.properties {
                    property.value = secrets.mask(&property.value);
                }
                mask_children(&mut node.children, secrets);
            }
        }
    }
}

/// Whether a tree shows a secret.
pub(super) fn has_secrets(tree: &Tree, secrets: &Secrets) -> bool {
    let shows = |text: &str| secrets.mask(text) != text;
    !secrets.is_empty() && shows_any(&tree.children, &shows)
}

fn shows_any(children: &[Child], shows: &impl Fn(&str) -> bool) -> bool {
    children.iter().any(|child| match child {
        Child::Text(text) => shows(text),
        Child::Node(node) => {
            let mut values = node.properties.iter().map(|property| &property.value);
            shows(&node.name)
                || values.any(|value| shows(value))
                || shows_any(&node.children, shows)
        }
    })
}

/// Why there is no verdict, without secrets.
pub(super) fn told(error: &RunError, setting: &Setting<'_>) -> Failure {
    let message = error.message(&setting.browser.called());
    Failure {
        message: setting.secrets.mask(&message),
        fault: error.fault(),
    }
}
