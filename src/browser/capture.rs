//! One call per frame brings the facts of its document.

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

use super::devtools::{CallError, Session};
use super::page::{Frame, Page, PageError};
use crate::dom::{Attribute, CaptureFacts, Facts, FramePlace, NodeId};

/// The collector: a function of [`CollectorOptions`].
pub const COLLECTOR: &str = include_str!("capture.js");

/// Waits inside the page until it stands still.
const SETTLE: &str = include_str!("settle.js");

const WORLD: &str = "ariasnap";

/// Which facts are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whether boxes have an area, and what stands in frames.
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
            sizes: wanted.layout,
            rects: wanted.rects,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct World {
    execution_context_id: u64,
}

/// The answer to a call of a function in a page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evaluated<T> {
    result: Value<T>,
    exception_details: Option<Exception>,
}

impl<T> Evaluated<T> {
    /// What the function returned, or what it threw.
    pub(crate) fn into_value(self) -> Result<T, String> {
        if let Some(exception) = self.exception_details {
            let thrown = exception.exception.and_then(|thrown| thrown.description);
            return Err(thrown.unwrap_or(exception.text));
        }
        self.result
            .value
            .ok_or_else(|| "nothing came back".to_owned())
    }
}

#[derive(Deserialize)]
struct Value<T> {
    value: Option<T>,
}

#[derive(Deserialize)]
struct Exception {
    text: String,
    exception: Option<Thrown>,
}

#[derive(Deserialize)]
struct Thrown {
    description: Option<String>,
}

#[derive(Deserialize)]
struct Settled {
    settled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoteObject {
    object_id: Option<String>,
}

#[derive(Deserialize)]
struct Handle {
    result: RemoteObject,
}

#[derive(Deserialize)]
struct Described {
    node: DescribedNode,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedNode {
    frame_id: Option<String>,
}

impl Page {
    /// Waits until fonts are there and nothing changes any more; `false` where it never does.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn settle(&self, patience: Duration) -> Result<bool, PageError> {
        const QUIET: Duration = Duration::from_millis(100);
        let main_frame = self.state.borrow().main_frame.clone();
        let world = isolated_world(&self.session, &main_frame).await?;
        let session = self
            .session
            .with_deadline(patience + Duration::from_secs(5));
        let arguments = json!([
            {"value": QUIET.as_millis()},
            {"value": patience.as_millis()},
        ]);
        let settled: Settled = evaluate(&session, world, SETTLE, arguments).await?;
        Ok(settled.settled)
    }

    /// The facts of the page's document and, where layout is wanted, of its frames.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn capture(&self, wanted: Wanted) -> Result<CaptureFacts, PageError> {
        let (main_frame, main_sequence, frames) = {
            let state = self.state.borrow();
            (
                state.main_frame.clone(),
                state.main_sequence,
                state.frames.clone(),
            )
        };
        let world = isolated_world(&self.session, &main_frame).await?;
        let place = FramePlace {
            sequence: main_sequence,
            owner: None,
        };
        let mut documents = vec![(place, collect(&self.session, world, wanted).await?)];
        if wanted.layout && !frames.is_empty() {
            let mut worlds = vec![world];
            let mut at = 0;
            while at < documents.len() {
                self.capture_frames(at, &frames, wanted, &mut documents, &mut worlds)
                    .await?;
                at += 1;
            }
        }
        Ok(CaptureFacts { documents })
    }

    /// Adds the documents of the frames that stand directly in one document.
    async fn capture_frames(
        &self,
        owner: usize,
        frames: &[Frame],
        wanted: Wanted,
        documents: &mut Vec<(FramePlace, Facts)>,
        worlds: &mut Vec<u64>,
    ) -> Result<(), PageError> {
        let elements = documents[owner].1.frames.clone();
        for (at, element) in elements.into_iter().enumerate() {
            let Some(frame) = self.frame_of(worlds[owner], at, frames).await? else {
                continue;
            };
            // A frame can go away at any moment, and then shows nothing.
            let Ok(world) = isolated_world(&self.session, &frame.id).await else {
                continue;
            };
            let Ok(facts) = collect(&self.session, world, wanted).await else {
                continue;
            };
            worlds.push(world);
            let place = FramePlace {
                sequence: frame.sequence,
                owner: Some((owner, NodeId(element))),
            };
            documents.push((place, facts));
        }
        Ok(())
    }

    /// Which frame an element holds, by its place among the frame elements of its document.
    async fn frame_of<'f>(
        &self,
        world: u64,
        at: usize,
        frames: &'f [Frame],
    ) -> Result<Option<&'f Frame>, PageError> {
        let handle: Handle = self
            .session
            .call(
                "Runtime.evaluate",
                json!({"expression": format!("ariasnapFrameElements[{at}]"), "contextId": world}),
            )
            .await?;
        let Some(object) = handle.result.object_id else {
            return Ok(None);
        };
        let described: Described = self
            .session
            .call("DOM.describeNode", json!({"objectId": object}))
            .await?;
        let id = described.node.frame_id;
        Ok(frames.iter().find(|frame| Some(&frame.id) == id.as_ref()))
    }
}

/// A world whose globals the page cannot reach.
async fn isolated_world(session: &Session, frame: &str) -> Result<u64, CallError> {
    let world: World = session
        .call(
            "Page.createIsolatedWorld",
            json!({"frameId": frame, "worldName": WORLD}),
        )
        .await?;
    Ok(world.execution_context_id)
}

async fn collect(session: &Session, world: u64, wanted: Wanted) -> Result<Facts, CallError> {
    let options = json!([{"value": CollectorOptions::new(wanted)}]);
    evaluate(session, world, COLLECTOR, options).await
}

async fn evaluate<T: for<'de> Deserialize<'de>>(
    session: &Session,
    world: u64,
    function: &str,
    arguments: serde_json::Value,
) -> Result<T, CallError> {
    const METHOD: &str = "Runtime.callFunctionOn";
    let evaluated: Evaluated<T> = session
        .call(
            METHOD,
            json!({
                "functionDeclaration": function,
                "executionContextId": world,
                "arguments": arguments,
                "returnByValue": true,
                "awaitPromise": true,
            }),
        )
        .await?;
    evaluated.into_value().map_err(|message| CallError::Refused {
        method: METHOD.to_owned(),
        message,
    })
}
