//! The browser's own accessibility tree of a page's document.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;

use super::page::{Page, PageError};
use super::world::{DomNode, World};
use crate::dom::NodeId;
use crate::dom::Shadow;
use crate::dom::accessibility::AxNode;

#[derive(Deserialize)]
struct FullTree {
    nodes: Vec<Node>,
}

/// <https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/#type-AXNode>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    ignored: bool,
    #[serde(default)]
    ignored_reasons: Vec<Property>,
    role: Option<Value>,
    name: Option<Value>,
    #[serde(rename = "backendDOMNodeId")]
    backend_dom_node_id: Option<u64>,
}

#[derive(Deserialize)]
struct Property {
    name: String,
}

#[derive(Deserialize)]
struct Value {
    #[serde(default)]
    value: serde_json::Value,
}

impl Value {
    fn text(value: Option<Value>) -> String {
        match value.map(|value| value.value) {
            Some(serde_json::Value::String(text)) => text,
            _ => String::new(),
        }
    }
}

const ELEMENT: u32 = 1;

impl Page {
    /// Returns the browser's accessibility tree of the page's own document. `elements` are all elements of
    /// the last capture, in document order.
    pub async fn accessibility_tree(
        &self,
        elements: &[NodeId],
        shadow: Shadow,
    ) -> Result<Vec<AxNode>, PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        let mut handles = Vec::with_capacity(elements.len());
        if let Some(document) = world.dom_tree().await? {
            list_elements(&document, shadow, &mut handles);
        }
        let element_of: HashMap<u64, NodeId> =
            handles.into_iter().zip(elements.iter().copied()).collect();
        let params = json!({"frameId": main_frame});
        let tree: FullTree = self
            .session
            .call("Accessibility.getFullAXTree", params)
            .await?;
        let to_facts = |node: Node| {
            let element = *element_of.get(&node.backend_dom_node_id?)?;
            let reasons = node.ignored_reasons.into_iter().map(|reason| reason.name);
            Some(AxNode {
                element,
                ignored: node.ignored.then(|| reasons.collect()),
                role: Value::text(node.role),
                name: Value::text(node.name),
            })
        };
        Ok(tree.nodes.into_iter().filter_map(to_facts).collect())
    }
}

/// Lists elements in the collector's order: a shadow tree before the children of its host.
fn list_elements(node: &DomNode, shadow: Shadow, list: &mut Vec<u64>) {
    if node.node_type == ELEMENT {
        list.push(node.backend_node_id);
    }
    for root in &node.shadow_roots {
        let is_seen = match root.shadow_root_type.as_deref() {
            Some("open") => true,
            Some("closed") => shadow == Shadow::All,
            _ => false,
        };
        if is_seen {
            list_elements(root, shadow, list);
        }
    }
    for child in &node.children {
        list_elements(child, shadow, list);
    }
}
