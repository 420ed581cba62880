//! Closed shadow roots, which no script of the page can reach.

use serde::Deserialize;
use serde_json::json;

use super::World;
use crate::browser::devtools::CallError;

/// Handles of the closed shadow roots of the world's document, in document order.
pub(super) async fn closed_roots(world: &World) -> Result<Vec<String>, CallError> {
    let Some(object) = world.handle("document").await? else {
        return Ok(Vec::new());
    };
    let described: Described = world
        .session
        .call(
            "DOM.describeNode",
            json!({"objectId": object, "depth": -1, "pierce": true}),
        )
        .await?;
    let mut nodes = Vec::new();
    find_closed(&described.node, &mut nodes);
    // All asked for at once, then answered one by one.
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

/// Documents of frames are captured by themselves.
fn find_closed(node: &Node, found: &mut Vec<u64>) {
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

#[derive(Deserialize)]
struct Described {
    node: Node,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    backend_node_id: u64,
    shadow_root_type: Option<String>,
    #[serde(default)]
    shadow_roots: Vec<Node>,
    #[serde(default)]
    children: Vec<Node>,
}
