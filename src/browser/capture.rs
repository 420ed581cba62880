//! One call per frame brings the facts of its document.

mod frames;
mod shadow;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::devtools::{CallError, Session};
use super::page::{Page, PageError};
use crate::dom::{Attribute, CaptureFacts, Facts, FramePlace, Shadow};

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
struct CreatedWorld {
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

impl Page {
    /// Waits until fonts are there, nothing is on its way into the page and nothing changes any
    /// more; `false` where it never stands still.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn settle(&self, patience: Duration) -> Result<bool, PageError> {
        const QUIET: Duration = Duration::from_millis(100);
        let started = Instant::now();
        let main_frame = self.state.borrow().main_frame.clone();
        loop {
            let left = patience.saturating_sub(started.elapsed());
            let session = self.session.with_deadline(left + Duration::from_secs(5));
            let world = World::of_frame(&session, &main_frame).await?;
            let arguments = json!([
                {"value": QUIET.as_millis()},
                {"value": left.as_millis()},
            ]);
            let settled: Settled = evaluate(&world, SETTLE, arguments).await?;
            if !settled.settled || !self.has_waited(left).await {
                return Ok(settled.settled);
            }
        }
    }

    /// Waits for what is on its way; whether there was any.
    async fn has_waited(&self, patience: Duration) -> bool {
        let mut state = self.state.clone();
        let longest = state.borrow_and_update().worth_waiting();
        let Some(longest) = longest else {
            return false;
        };
        let arrived =
            state.wait_for(|state| state.worth_waiting().is_none() || state.ended.is_some());
        let waiting = tokio::time::timeout(longest.min(patience), arrived).await;
        !matches!(waiting, Ok(Ok(state)) if state.ended.is_some())
    }

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
        let documents = if wanted.layout {
            frames::with_frames(main, (wanted, shadow), &self.state).await
        } else {
            vec![(main.place, main.facts)]
        };
        Ok(CaptureFacts { documents })
    }
}

/// A world of a document whose globals the page cannot reach.
#[derive(Debug, Clone)]
pub(super) struct World {
    session: Session,
    id: u64,
}

impl World {
    pub(super) async fn of_frame(session: &Session, frame: &str) -> Result<World, CallError> {
        let created: CreatedWorld = session
            .call(
                "Page.createIsolatedWorld",
                json!({"frameId": frame, "worldName": WORLD}),
            )
            .await?;
        Ok(World {
            session: session.clone(),
            id: created.execution_context_id,
        })
    }
}

async fn collect(world: &World, wanted: Wanted, shadow: Shadow) -> Result<Facts, CallError> {
    let mut arguments = vec![json!({"value": CollectorOptions::new(wanted)})];
    if shadow == Shadow::All {
        let roots = shadow::closed_roots(world).await?;
        arguments.extend(roots.into_iter().map(|root| json!({"objectId": root})));
    }
    evaluate(world, COLLECTOR, arguments.into()).await
}

pub(super) async fn evaluate<T: for<'de> Deserialize<'de>>(
    world: &World,
    function: &str,
    arguments: serde_json::Value,
) -> Result<T, CallError> {
    const METHOD: &str = "Runtime.callFunctionOn";
    let evaluated: Evaluated<T> = world
        .session
        .call(
            METHOD,
            json!({
                "functionDeclaration": function,
                "executionContextId": world.id,
                "arguments": arguments,
                "returnByValue": true,
                "awaitPromise": true,
            }),
        )
        .await?;
    evaluated
        .into_value()
        .map_err(|message| CallError::Refused {
            method: METHOD.to_owned(),
            message,
        })
}

/// A handle on what an expression gives; `None` where that is no object.
pub(super) async fn evaluate_handle(
    world: &World,
    expression: &str,
) -> Result<Option<String>, CallError> {
    let handle: Handle = world
        .session
        .call(
            "Runtime.evaluate",
            json!({"expression": expression, "contextId": world.id}),
        )
        .await?;
    Ok(handle.result.object_id)
}

#[derive(Deserialize)]
struct Handle {
    result: RemoteObject,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoteObject {
    object_id: Option<String>,
}
