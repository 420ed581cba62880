//! Values of the environment come into no tree and no message.

use super::RunError;
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

/// The error without secrets.
pub(super) fn mask_error(error: RunError, secrets: &Secrets) -> RunError {
    if secrets.is_empty() {
        return error;
    }
    let message = error.to_string();
    let masked = secrets.mask(&message);
    if masked == message {
        return error;
    }
    RunError::Masked {
        is_in_files: error.is_in_files(),
        is_difference: error.is_difference(),
        message: masked,
    }
}
