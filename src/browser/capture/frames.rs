//! The documents of frames, level by level.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Shadow, Wanted, World, collect};
use crate::browser::devtools::CallError;
use crate::browser::frames::Frame;
use crate::browser::page::PageState;
use crate::dom::{Facts, FramePlace, NodeId};

/// A frame that does not answer in this time is shown without content: its script may run for ever,
/// and in a process of its own it does not hold up the page.
const PATIENCE: Duration = Duration::from_secs(5);

/// A document and the world that its facts come from.
pub(super) struct Captured {
    pub(super) place: FramePlace,
    pub(super) facts: Facts,
    pub(super) world: World,
}

/// The document with those of the frames in it, breadth first. A frame can go away at any moment,
/// and then has no document.
pub(super) async fn with_frames(
    main: Captured,
    wanted: (Wanted, Shadow),
    state: &watch::Receiver<PageState>,
) -> Vec<Captured> {
    let mut documents = vec![main];
    let mut at = 0;
    while at < documents.len() {
        let running = start(&documents[at], at, wanted, state);
        for frame in running {
            if let Ok(Some(captured)) = frame.await {
                documents.push(captured);
            }
        }
        at += 1;
    }
    documents
}

/// Starts all frames of a document at once.
fn start(
    owner: &Captured,
    index: usize,
    wanted: (Wanted, Shadow),
    state: &watch::Receiver<PageState>,
) -> Vec<JoinHandle<Option<Captured>>> {
    let capture = |(at, element): (usize, &u32)| {
        let owner_world = owner.world.clone();
        let owner = (index, NodeId(*element));
        let state = state.clone();
        tokio::spawn(async move {
            let captured = capture_frame(&owner_world, at, owner, wanted, &state);
            tokio::time::timeout(PATIENCE, captured).await.ok()?
        })
    };
    owner.facts.frames.iter().enumerate().map(capture).collect()
}

async fn capture_frame(
    owner_world: &World,
    at: usize,
    owner: (usize, NodeId),
    wanted: (Wanted, Shadow),
    state: &watch::Receiver<PageState>,
) -> Option<Captured> {
    let id = frame_id(owner_world, at).await.ok()??;
    let Frame {
        session, sequence, ..
    } = state.borrow().frames.find(&id)?.clone();
    let world = World::of_frame(&session, &id).await.ok()?;
    let facts = collect(&world, wanted.0, wanted.1).await.ok()?;
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

/// Which frame an element holds, by its place among the frame elements of its document.
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
