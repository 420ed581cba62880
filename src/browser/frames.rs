//! The frames of a page, in its own process and in others, as the browser reports them.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Event, Session};
use super::settle::network::Activity;

/// The frames below a page's own.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames {
    list: Vec<Frame>,
    /// How many frames the page has had.
    count: u32,
    /// The first calls for a frame in a process of its own.
    calls: Arc<[(&'static str, Value)]>,
}

/// A frame below the page's own.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) id: String,
    parent: Option<String>,
    /// How many frames the page had before it.
    pub(super) sequence: u32,
    pub(super) session: Session,
}

/// A frame that got a process of its own.
#[derive(Debug)]
pub(super) struct FrameTarget {
    pub(super) target_id: String,
    pub(super) parent_frame_id: Option<String>,
}

/// Attaches to every frame that needs a process of its own and to every worker below a session. Each waits
/// until it is resumed, so that nothing in it is missed.
pub(super) fn attach_automatically(
    session: &Session,
) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
    session.send(
        "Target.setAutoAttach",
        json!({
            "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
            // Excluded targets stop too, and no call can resume them.
            "filter": [{"type": "page", "exclude": true}, {"type": "tab", "exclude": true}, {}],
        }),
    )
}

/// Prepares the session of a frame in a process of its own. The answers are not waited for: a frame that
/// goes away in the middle sends none.
fn prepare(session: &Session, calls: &[(&'static str, Value)]) {
    drop(session.send("Page.enable", json!({})));
    drop(session.send("Network.enable", json!({})));
    for (method, params) in calls {
        drop(session.send(method, params.clone()));
    }
    drop(attach_automatically(session));
    let enabled = json!({"enabled": true});
    drop(session.send("Emulation.setFocusEmulationEnabled", enabled));
    drop(session.send("Runtime.runIfWaitingForDebugger", json!({})));
}

impl Frames {
    /// `calls` open a frame in a process of its own like its page.
    pub(super) fn new(calls: Vec<(&'static str, Value)>) -> Frames {
        Frames {
            calls: calls.into(),
            ..Frames::default()
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Frame> {
        self.list.iter()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Frame> {
        self.list.iter().find(|frame| frame.id == id)
    }

    /// Returns whether the page has had a frame, or a document at another address.
    pub(super) fn has_had_any(&self) -> bool {
        self.count > 0
    }

    /// Returns the number of a new frame.
    pub(super) fn next_sequence(&mut self) -> u32 {
        self.count += 1;
        self.count
    }

    /// Takes in an event of a session of the page, and reports documents that come and go to `activity`;
    /// `None` where the event changes nothing.
    pub(super) fn apply(
        &mut self,
        event: &Event,
        session: &Session,
        activity: &mut Activity,
    ) -> Option<()> {
        match event.method.as_str() {
            "Page.frameAttached" => self.attached(event.params()?, session),
            "Page.frameDetached" => self.detached(&event.params()?, session),
            "Page.frameStartedLoading" => {
                let id = event.params::<FrameId>()?.frame_id;
                self.find(&id)?;
                activity.frame_starts(id);
            }
            "Page.frameStoppedLoading" => {
                activity.frame_ends(&event.params::<FrameId>()?.frame_id);
            }
            "Target.detachedFromTarget" => {
                let detached: Detached = event.params()?;
                self.end_session(&detached.session_id, activity);
                self.process_ended(&detached, session);
            }
            "Inspector.targetCrashed" => self.end_session(&event.session, activity),
            _ => return None,
        }
        activity.keep_frames(|id| self.find(id).is_some());
        Some(())
    }

    /// Ends the requests and documents of a process that is gone.
    fn end_session(&self, session: &str, activity: &mut Activity) {
        let is_its_own = |frame: &&Frame| frame.session.id() == Some(session);
        for frame in self.list.iter().filter(is_its_own) {
            activity.frame_ends(&frame.id);
        }
        activity.session_ends(session);
    }

    /// Takes in a frame that got a process of its own.
    pub(super) fn target_attached(&mut self, target: FrameTarget, own: Session) {
        prepare(&own, &self.calls);
        self.moved_out(target, own);
    }

    fn attached(&mut self, attached: FrameAttached, session: &Session) {
        let FrameAttached {
            frame_id: id,
            parent_frame_id,
        } = attached;
        if let Some(known) = self.list.iter_mut().find(|frame| frame.id == id) {
            // It is back from a process of its own, with another document.
            known.session = session.clone();
            self.remove_below(&id);
            return;
        }
        let sequence = self.next_sequence();
        self.list.push(Frame {
            id,
            parent: parent_frame_id,
            sequence,
            session: session.clone(),
        });
    }

    fn detached(&mut self, detached: &FrameDetached, session: &Session) {
        // A late event of the frame's former process.
        let is_elsewhere = |frame: &Frame| frame.session.id() != session.id();
        if self.find(&detached.frame_id).is_some_and(is_elsewhere) {
            return;
        }
        self.remove_below(&detached.frame_id);
        // A frame that moves to another process stays the same frame.
        if detached.reason.as_deref() != Some("swap") {
            self.remove(&detached.frame_id);
        }
    }

    fn moved_out(&mut self, target: FrameTarget, own: Session) {
        self.remove_below(&target.target_id);
        match self
            .list
            .iter_mut()
            .find(|frame| frame.id == target.target_id)
        {
            Some(frame) => frame.session = own,
            None => self.attached(
                FrameAttached {
                    frame_id: target.target_id,
                    parent_frame_id: target.parent_frame_id,
                },
                &own,
            ),
        }
    }

    /// Gives a frame the session of its parent: it moved back to its process, or is gone.
    fn process_ended(&mut self, detached: &Detached, parent: &Session) {
        let ended = self
            .list
            .iter_mut()
            .find(|frame| frame.session.id() == Some(&detached.session_id));
        if let Some(frame) = ended {
            frame.session = parent.clone();
        }
    }

    fn remove_below(&mut self, id: &str) {
        let is_below = |frame: &&Frame| frame.parent.as_deref() == Some(id);
        let below: Vec<String> = self
            .list
            .iter()
            .filter(is_below)
            .map(|frame| frame.id.clone())
            .collect();
        for child in below {
            self.remove_below(&child);
            self.remove(&child);
        }
    }

    fn remove(&mut self, id: &str) {
        self.list.retain(|frame| frame.id != id);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FrameId {
    frame_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FrameAttached {
    frame_id: String,
    parent_frame_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FrameDetached {
    frame_id: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detached {
    session_id: String,
}
