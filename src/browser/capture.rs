//! One call per frame brings the facts of its document.

mod frames;
mod shadow;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::devtools::CallError;
use super::page::{Page, PageError};
use super::world::{Element, World};
use crate::dom::{Attribute, CaptureFacts, Facts, FramePlace, NodeId, Shadow};

/// The collector: a function of [`CollectorOptions`]. A document keeps it, with all that the browser
/// has learned about running it, for its next capture.
pub const COLLECTOR: &str = concat!(
    // No element has a symbol for its name: windows give their elements as properties.
    "(...given) => (globalThis[Symbol.for('ariasnap.collect')] ??= (",
    include_str!("capture.js"),
    ")(",
    include_str!("capture/pseudo_targets.js"),
    "))(...given)"
);

/// What may have a name that is taken from what is in it, as a selector. Only for the moment of a
/// question, which can change Chromium's layout: what the name is, `aria::name` says.
/// <https://www.w3.org/TR/accname-1.2/#comp_name_from_content>
const NAMED_BY_CONTENT: &str =
    "[role], a, button, h1, h2, h3, h4, h5, h6, label, legend, summary, td, th, tr";

/// Which facts are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether boxes have an area, what the pointer meets, and what stands in frames.
    pub layout: bool,
    /// The rectangle of every element.
    pub rects: bool,
}

/// What the collector is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CollectorOptions {
    attributes: Vec<&'static str>,
    opaque: [&'static str; 3],
    password_mask: &'static str,
    named_by_content: &'static str,
    sizes: bool,
    rects: bool,
}

impl CollectorOptions {
    /// For those facts.
    pub fn new(wanted: Wanted) -> CollectorOptions {
        CollectorOptions {
            attributes: Attribute::ALL.iter().map(|one| one.as_str()).collect(),
            // Their text is source, and may be long.
            opaque: ["SCRIPT", "STYLE", "NOSCRIPT"],
            // Never leaves the page: secrets must not come into files.
            password_mask: "[masked]",
            named_by_content: NAMED_BY_CONTENT,
            sizes: wanted.layout,
            rects: wanted.rects,
        }
    }
}

/// The facts of a page, and the way back from them to its elements.
#[derive(Debug)]
pub struct Live {
    /// The facts.
    pub facts: CaptureFacts,
    /// Where they come from, one for each document.
    pub origins: Origins,
}

/// Where captured documents come from: the way from their nodes to the page's elements.
#[derive(Debug, Clone)]
pub struct Origins {
    pub(super) worlds: Vec<World>,
    /// As in the facts: the document and the element that hold each.
    pub(super) owners: Vec<Option<(usize, NodeId)>>,
}

impl Origins {
    /// The element of a node of the document of that index, as long as it is in the page; `None`
    /// where it left it.
    ///
    /// # Errors
    /// Where the document is gone, or the browser.
    pub async fn element(
        &self,
        document: usize,
        node: NodeId,
    ) -> Result<Option<Element>, CallError> {
        let Some(world) = self.worlds.get(document) else {
            return Ok(None);
        };
        world.element(FIND, json!([{"value": node.0}])).await
    }

    /// The indexes of the elements that a selector finds in a document, or inside one of its
    /// elements, through open shadow roots; `None` where it is no selector.
    ///
    /// # Errors
    /// Where the document is gone, or the browser.
    pub async fn select(
        &self,
        document: usize,
        inside: Option<NodeId>,
        selector: &str,
    ) -> Result<Option<Vec<NodeId>>, CallError> {
        let Some(world) = self.worlds.get(document) else {
            return Ok(Some(Vec::new()));
        };
        let inside = inside.map_or(0, |node| node.0);
        let found: Found = world
            .evaluate(SELECT, json!([{"value": inside}, {"value": selector}]))
            .await?;
        let nodes = found
            .indexes
            .map(|list| list.into_iter().map(NodeId).collect());
        Ok(nodes)
    }
}

#[derive(Deserialize)]
struct Found {
    indexes: Option<Vec<u32>>,
}

/// The element of an index of the last capture.
const FIND: &str = "index => {
  const node = (globalThis.ariasnapNodes ?? [])[index];
  return node?.isConnected ? node : null;
}";

/// The elements of a selector, as indexes of the last capture.
const SELECT: &str = "(inside, selector) => {
  const nodes = globalThis.ariasnapNodes ?? [document];
  const indexes = new Map(nodes.map((node, index) => [node, index]));
  const scope = nodes[inside] ?? document;
  try { document.querySelector(selector); } catch { return { indexes: null }; }
  const found = [];
  const search = root => {
    for (const element of root.querySelectorAll(selector)) if (indexes.has(element)) found.push(indexes.get(element));
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) search(element.shadowRoot);
  };
  search(scope);
  if (scope.shadowRoot) search(scope.shadowRoot);
  return { indexes: found };
}";

impl Page {
    /// The facts of the page's document and, where layout is wanted, of its frames.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn capture(&self, wanted: Wanted) -> Result<CaptureFacts, PageError> {
        self.capture_with(wanted, Shadow::Open).await
    }

    /// As [`Page::capture`], with closed shadow roots where they are asked for.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn capture_with(
        &self,
        wanted: Wanted,
        shadow: Shadow,
    ) -> Result<CaptureFacts, PageError> {
        Ok(self.capture_live(wanted, shadow).await?.facts)
    }

    /// As [`Page::capture_with`], with the way back to the elements.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn capture_live(&self, wanted: Wanted, shadow: Shadow) -> Result<Live, PageError> {
        let (main_frame, sequence) = {
            let state = self.state.borrow();
            (state.main_frame.clone(), state.main_sequence)
        };
        let world = World::of_frame(&self.session, &main_frame).await?;
        let place = FramePlace {
            sequence,
            owner: None,
        };
        let facts = collect(&world, wanted, shadow).await?;
        let main = frames::Captured {
            place,
            facts,
            world,
        };
        let captured = if wanted.layout {
            frames::with_frames(main, (wanted, shadow), &self.state).await
        } else {
            vec![main]
        };
        Ok(live(captured))
    }
}

fn live(captured: Vec<frames::Captured>) -> Live {
    let mut documents = Vec::with_capacity(captured.len());
    let mut worlds = Vec::with_capacity(captured.len());
    let mut owners = Vec::with_capacity(captured.len());
    for one in captured {
        owners.push(one.place.owner);
        worlds.push(one.world);
        documents.push((one.place, one.facts));
    }
    Live {
        facts: CaptureFacts { documents },
        origins: Origins { worlds, owners },
    }
}

async fn collect(world: &World, wanted: Wanted, shadow: Shadow) -> Result<Facts, CallError> {
    let mut arguments = vec![json!({"value": CollectorOptions::new(wanted)})];
    if shadow == Shadow::All {
        let roots = shadow::closed_roots(world).await?;
        arguments.extend(roots.into_iter().map(|root| json!({"objectId": root})));
    }
    world.evaluate(COLLECTOR, arguments.into()).await
}
