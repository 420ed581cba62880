//! Closed shadow roots, which no script of the page can reach.

use serde::Deserialize;
use serde_json::json;

use super::World;
use crate::browser::devtools::CallError;
use crate::browser::world::DomNode;

/// Returns handles of the closed shadow roots of the world's document, in document order.
pub(super) async fn closed_roots(world: &World) -> Result<Vec<String>, CallError> {
    let Some(document) = world.dom_tree().await? else {
        return Ok(Vec::new());
    };
    let mut nodes = Vec::new();
    find_closed(&document, &mut nodes);
    // All calls are sent before the first answer is waited for.
    let resolving: Vec<_> = nodes
        .into_iter()
        .map(|node| {
            world.session.call::<Resolved>(
                "DOM.resolveNode",
                json!({"backendNodeId": node, "executionContextId": world.id}),
            )
        })
        .collect();
    let mut handles = Vec::with_capacity(resolving.len());
    for resolved in resolving {
        handles.extend(resolved.await?.object.object_id);
    }
    Ok(handles)
}

/// Skips the documents of frames, which are captured separately.
fn find_closed(node: &DomNode, found: &mut Vec<u64>) {
    for root in &node.shadow_roots {
        if root.shadow_root_type.as_deref() == Some("closed") {
            found.push(root.backend_node_id);
        }
        find_closed(root, found);
    }
    for child in &node.children {
        find_closed(child, found);
    }
}

#[derive(Deserialize)]
struct Resolved {
    object: RemoteObject,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoteObject {
    object_id: Option<String>,
}
