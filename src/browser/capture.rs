//! Captures the facts of a page's documents, with one call per frame.

mod frames;
mod shadow;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::devtools::CallError;
use super::page::{Page, PageError};
use super::world::{Element, World};
use crate::dom::{Attribute, CaptureFacts, Facts, FramePlace, NodeId, Shadow};

/// The collector: a function of [`CollectorOptions`]. A document keeps it, compiled and optimised, for its
/// next capture.
pub const COLLECTOR: &str = concat!(
    // A symbol, because a window has a property for the name of each of its elements.
    "(...given) => (globalThis[Symbol.for('ariasnap.collect')] ??= (",
    include_str!("capture.js"),
    ")(",
    include_str!("capture/pseudo_targets.js"),
    "))(...given)"
);

/// Selects elements that may take their name from content. It decides only when the collector asks for a
/// style, which can change Chromium's layout; the rules for names are in `aria::name`.
/// <https://www.w3.org/TR/accname-1.2/#comp_name_from_content>
const NAMED_BY_CONTENT: &str =
    "[role], a, button, h1, h2, h3, h4, h5, h6, label, legend, summary, td, th, tr";

/// Which facts to capture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Whether boxes have an area, pointer styles, and the documents of frames.
    pub layout: bool,
    /// The rectangle of every element.
    pub rects: bool,
}

/// The collector's parameters.
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
    pub fn new(options: CaptureOptions) -> CollectorOptions {
        CollectorOptions {
            attributes: Attribute::ALL.iter().map(|one| one.as_str()).collect(),
            // Their text is source code, which may be long.
            opaque: ["SCRIPT", "STYLE", "NOSCRIPT"],
            // Passwords never leave the page.
            password_mask: "[masked]",
            named_by_content: NAMED_BY_CONTENT,
            sizes: options.layout,
            rects: options.rects,
        }
    }
}

/// The facts of a page and its elements.
#[derive(Debug)]
pub struct Live {
    pub facts: CaptureFacts,
    pub elements: LiveElements,
}

/// Finds the page's elements for the nodes of a capture.
#[derive(Debug, Clone)]
pub struct LiveElements {
    /// One for each captured document.
    pub(super) worlds: Vec<World>,
    /// The document and the element that hold each document, as in the facts.
    pub(super) owners: Vec<Option<(usize, NodeId)>>,
}

impl LiveElements {
    /// Returns the element of a node, by the index of its document; `None` where it left the page.
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

    /// Returns the elements that a selector finds in a document, or inside one of its elements, also in open
    /// shadow roots; `None` where the selector is not valid.
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

/// Returns the element of an index of the last capture.
const FIND: &str = "index => {
  const node = (globalThis.ariasnapNodes ?? [])[index];
  return node?.isConnected ? node : null;
}";

/// Returns the elements of a selector, as indexes of the last capture.
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
    /// Captures the page's document and, with layout, its frames.
    pub async fn capture(&self, options: CaptureOptions) -> Result<CaptureFacts, PageError> {
        self.capture_with(options, Shadow::Open).await
    }

    /// As [`Page::capture`], also with closed shadow roots.
    pub async fn capture_with(
        &self,
        options: CaptureOptions,
        shadow: Shadow,
    ) -> Result<CaptureFacts, PageError> {
        Ok(self.capture_live(options, shadow).await?.facts)
    }

    /// As [`Page::capture_with`], with the page's elements.
    pub async fn capture_live(
        &self,
        options: CaptureOptions,
        shadow: Shadow,
    ) -> Result<Live, PageError> {
        let (main_frame, sequence) = {
            let state = self.state.borrow();
            (state.main_frame.clone(), state.main_sequence)
        };
        let world = World::of_frame(&self.session, &main_frame).await?;
        let place = FramePlace {
            sequence,
            owner: None,
        };
        let facts = collect(&world, options, shadow).await?;
        let main = frames::Captured {
            place,
            facts,
            world,
        };
        let captured = if options.layout {
            frames::with_frames(main, (options, shadow), &self.state).await
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
        elements: LiveElements { worlds, owners },
    }
}

async fn collect(
    world: &World,
    options: CaptureOptions,
    shadow: Shadow,
) -> Result<Facts, CallError> {
    let mut arguments = vec![json!({"value": CollectorOptions::new(options)})];
    if shadow == Shadow::All {
        let roots = shadow::closed_roots(world).await?;
        arguments.extend(roots.into_iter().map(|root| json!({"objectId": root})));
    }
    world.evaluate(COLLECTOR, arguments.into()).await
}
