//! The frames of a page, whichever process each of them runs in, as the browser tells of them.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Event, Session};
use super::settle::network::Activity;

/// The frames below a page's own.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames {
    list: Vec<Frame>,
    met: u32,
    /// What the session of a frame in a process of its own is told first.
    calls: Arc<[(&'static str, Value)]>,
}

/// A frame below the page's own.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) id: String,
    parent: Option<String>,
    /// How many frames the page had had before it.
    pub(super) sequence: u32,
    /// The session that reaches it.
    pub(super) session: Session,
}

/// A target of the browser that holds a frame.
#[derive(Debug)]
pub(super) struct FrameTarget {
    pub(super) target_id: String,
    pub(super) parent_frame_id: Option<String>,
}

/// Attaches to every frame that needs a process of its own and to every worker below a session. Each
/// is stopped until it is let go, so that nothing in it goes unseen.
pub(super) fn attach_automatically(
    session: &Session,
) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
    session.tell(
        "Target.setAutoAttach",
        json!({
            "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true,
            // What the filter excludes, the browser stops all the same, and no call lets it go on.
            "filter": [{"type": "page", "exclude": true}, {"type": "tab", "exclude": true}, {}],
        }),
    )
}

/// Prepares the session of a frame in a process of its own. The calls are sent in a row, and nobody
/// waits: a frame that goes away in the middle answers none of them.
fn welcome(session: &Session, calls: &[(&'static str, Value)]) {
    drop(session.tell("Page.enable", json!({})));
    drop(session.tell("Network.enable", json!({})));
    for (method, params) in calls {
        drop(session.tell(method, params.clone()));
    }
    drop(attach_automatically(session));
    drop(session.tell(
        "Emulation.setFocusEmulationEnabled",
        json!({"enabled": true}),
    ));
    drop(session.tell("Runtime.runIfWaitingForDebugger", json!({})));
}

impl Frames {
    /// None yet; `calls` are what makes each the same to its page as the page's own document.
    pub(super) fn new(calls: Vec<(&'static str, Value)>) -> Frames {
        Frames {
            calls: calls.into(),
            ..Frames::default()
        }
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Frame> {
        self.list.iter()
    }

    /// The frame of that id.
    pub(super) fn find(&self, id: &str) -> Option<&Frame> {
        self.list.iter().find(|frame| frame.id == id)
    }

    /// The number of the next frame.
    pub(super) fn next_sequence(&mut self) -> u32 {
        self.met += 1;
        self.met
    }

    /// Takes in what happened in a session of the page, and tells the activity of documents that
    /// come and go with it; `None` where that is of no interest.
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
                self.nothing_comes(&detached.session_id, activity);
                self.process_ended(&detached, session);
            }
            "Inspector.targetCrashed" => self.nothing_comes(&event.session, activity),
            _ => return None,
        }
        activity.keep_frames(|id| self.find(id).is_some());
        Some(())
    }

    /// The process of a session is gone, and all that it was about to do.
    fn nothing_comes(&self, session: &str, activity: &mut Activity) {
        let is_its_own = |frame: &&Frame| frame.session.id() == Some(session);
        for frame in self.list.iter().filter(is_its_own) {
            activity.frame_ends(&frame.id);
        }
        activity.session_ends(session);
    }

    /// A frame in a process of its own was attached to.
    pub(super) fn target_attached(&mut self, target: FrameTarget, own: Session) {
        welcome(&own, &self.calls);
        self.moved_out(target, own);
    }

    fn attached(&mut self, attached: FrameAttached, session: &Session) {
        let FrameAttached {
            frame_id: id,
            parent_frame_id,
        } = attached;
        if let Some(known) = self.list.iter_mut().find(|frame| frame.id == id) {
            // Back from a process of its own: the same frame, with another document.
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
        // Its former process tells late of a frame that has one of its own by now.
        let is_elsewhere = |frame: &Frame| frame.session.id() != session.id();
        if self.find(&detached.frame_id).is_some_and(is_elsewhere) {
            return;
        }
        self.remove_below(&detached.frame_id);
        // A frame that moves to another process is the same frame.
        if detached.reason.as_deref() != Some("swap") {
            self.remove(&detached.frame_id);
        }
    }

    /// A frame got a process of its own.
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

    /// Either the frame is gone, and nobody will ask for it, or it moved back to its parent's process.
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
