//! Captures the documents of frames, level by level.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{CaptureOptions, Shadow, World, collect};
use crate::browser::devtools::CallError;
use crate::browser::frames::Frame;
use crate::browser::page::PageState;
use crate::dom::{Facts, FramePlace, NodeId};

/// How long a frame may take to answer. Then it is captured without content: its script may run forever,
/// and in a process of its own it does not block the page.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Captured {
    pub(super) place: FramePlace,
    pub(super) facts: Facts,
    pub(super) world: World,
}

/// Returns the document and those of its frames, breadth first. A frame that goes away has no document.
pub(super) async fn with_frames(
    main: Captured,
    options: (CaptureOptions, Shadow),
    state: &watch::Receiver<PageState>,
) -> Vec<Captured> {
    let mut documents = vec![main];
    let mut at = 0;
    while at < documents.len() {
        let running = start(&documents[at], at, options, state);
        for frame in running {
            if let Ok(Some(captured)) = frame.await {
                documents.push(captured);
            }
        }
        at += 1;
    }
    documents
}

/// Starts to capture all frames of a document at once.
fn start(
    owner: &Captured,
    index: usize,
    options: (CaptureOptions, Shadow),
    state: &watch::Receiver<PageState>,
) -> Vec<JoinHandle<Option<Captured>>> {
    let capture = |(at, element): (usize, &u32)| {
        let owner_world = owner.world.clone();
        let owner = (index, NodeId(*element));
        let state = state.clone();
        tokio::spawn(async move {
            let captured = capture_frame(&owner_world, at, owner, options, &state);
            tokio::time::timeout(PATIENCE, captured).await.ok()?
        })
    };
    owner.facts.frames.iter().enumerate().map(capture).collect()
}

async fn capture_frame(
    owner_world: &World,
    at: usize,
    owner: (usize, NodeId),
    options: (CaptureOptions, Shadow),
    state: &watch::Receiver<PageState>,
) -> Option<Captured> {
    let id = frame_id(owner_world, at).await.ok()??;
    let Frame {
        session, sequence, ..
    } = state.borrow().frames.find(&id)?.clone();
    let world = World::of_frame(&session, &id).await.ok()?;
    let facts = collect(&world, options.0, options.1).await.ok()?;
    let place = FramePlace {
        sequence,
        owner: Some(owner),
    };
    Some(Captured {
        place,
        facts,
        world,
    })
}

/// Returns the frame in an element, by the element's index among the frame elements of its document.
async fn frame_id(world: &World, at: usize) -> Result<Option<String>, CallError> {
    let expression = format!("ariasnapFrameElements[{at}]");
    let Some(object) = world.handle(&expression).await? else {
        return Ok(None);
    };
    let described: Described = world
        .session
        .call("DOM.describeNode", json!({"objectId": object}))
        .await?;
    Ok(described.node.frame_id)
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
