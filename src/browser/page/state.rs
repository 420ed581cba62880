//! What is known of a page: its events keep the state up to date.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use tokio::sync::{mpsc, watch};

use super::SessionId;
use crate::browser::devtools::{CallError, Event, Session};
use crate::browser::emulate::Answers;
use crate::browser::frames::{FrameTarget, Frames};
use crate::browser::settle::network::Activity;
use crate::browser::workers::{TargetKind, Workers};

/// What is known of a page.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct PageState {
    pub(in crate::browser) main_frame: String,
    pub(in crate::browser) frames: Frames,
    pub(in crate::browser) workers: Workers,
    pub(in crate::browser) main_sequence: u32,
    pub(in crate::browser) main_url: String,
    pub(in crate::browser) activity: Activity,
    pub(in crate::browser) response: Option<Response>,
    /// By frame id.
    pub(super) failed_frames: BTreeMap<String, FailedFrame>,
    pub(in crate::browser) ended: Option<CallError>,
    /// Whether it has had a frame in another process, a worker, or a window.
    pub(in crate::browser) has_attached: bool,
}

/// A frame that did not load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedFrame {
    pub url: String,
    pub reason: String,
}

/// The server's answer for a document.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The address after redirects.
    pub url: String,
    /// The HTTP status; 200 for files.
    pub status: u16,
}

/// Keeps the state up to date until the page is gone.
pub(super) async fn follow(
    session: Session,
    mut events: mpsc::UnboundedReceiver<Event>,
    state: Arc<watch::Sender<PageState>>,
    mut answers: Answers,
) {
    while let Some(event) = events.recv().await {
        if let Some((method, params)) = answers.to(&event) {
            // The event may be of a frame's session.
            let asking = session
                .connection()
                .attached_session(&event.session, session.deadline());
            tokio::spawn(asking.send(method, params));
        }
        let own = session.id() == Some(&event.session);
        state.send_if_modified(|state| {
            if own {
                state.apply(&event, &session).is_some()
            } else {
                let deadline = session.deadline();
                let other = session
                    .connection()
                    .attached_session(&event.session, deadline);
                state.apply_below(&event, &other).is_some()
            }
        });
    }
    let ended = if session.connection().is_gone() {
        CallError::BrowserGone
    } else {
        CallError::Detached
    };
    state.send_modify(|state| state.ended = Some(state.ended.take().unwrap_or(ended)));
}

impl PageState {
    /// Takes in an event of the page's own session; `None` where it changes nothing.
    fn apply(&mut self, event: &Event, session: &Session) -> Option<()> {
        match event.method.as_str() {
            "Page.frameNavigated" => self.frame_navigated(event.params::<FrameNavigated>()?.frame),
            "Network.responseReceived" => {
                let received = event.params::<ResponseReceived>()?;
                let is_document = received.kind == "Document"
                    && received.frame_id.as_ref() == Some(&self.main_frame);
                if is_document {
                    self.response = Some(received.response);
                } else if received.kind != "Document" {
                    return self.activity.apply(event, &self.main_frame);
                } else if received.response.status >= 400 {
                    let frame = received.frame_id?;
                    let failed = FailedFrame {
                        reason: format!("HTTP {}", received.response.status),
                        url: received.response.url,
                    };
                    self.failed_frames.insert(frame, failed);
                }
            }
            "Page.navigatedWithinDocument" => {
                let navigated = event.params::<WithinDocument>()?;
                if navigated.frame_id == self.main_frame {
                    self.main_url = navigated.url;
                }
            }
            "Inspector.targetCrashed" => self.ended = Some(CallError::Crashed),
            _ => {
                return self
                    .activity
                    .apply(event, &self.main_frame)
                    .or_else(|| self.apply_anywhere(event, session));
            }
        }
        Some(())
    }

    /// Takes in an event of the session of a frame in a process of its own, or of a worker.
    fn apply_below(&mut self, event: &Event, session: &Session) -> Option<()> {
        self.activity
            .apply_frame(event, &self.main_frame)
            .or_else(|| self.apply_anywhere(event, session))
    }

    fn apply_anywhere(&mut self, event: &Event, session: &Session) -> Option<()> {
        match event.method.as_str() {
            "Target.attachedToTarget" => {
                self.attached(event.params()?, session);
                return Some(());
            }
            "Target.detachedFromTarget" => {
                let detached: SessionId = event.params()?;
                if self.workers.ended(&detached.session_id) {
                    self.activity.session_ends(&detached.session_id);
                    return Some(());
                }
            }
            _ => {}
        }
        self.frames.apply(event, session, &mut self.activity)
    }

    fn attached(&mut self, attached: Attached, session: &Session) {
        let Attached {
            session_id,
            target_info: target,
        } = attached;
        let own = session
            .connection()
            .attached_session(&session_id, session.deadline());
        self.activity.count += 1;
        self.has_attached |= target.target_id != self.main_frame;
        match target.kind {
            TargetKind::Iframe => {
                let frame = FrameTarget {
                    target_id: target.target_id,
                    parent_frame_id: target.parent_frame_id,
                };
                self.frames.target_attached(frame, own);
                let frames = &self.frames;
                self.activity.keep_frames(|id| frames.find(id).is_some());
            }
            TargetKind::Worker | TargetKind::SharedWorker | TargetKind::ServiceWorker => {
                self.activity.worker_starts(&target.url);
                self.workers.attached(target.kind, target.url, own);
            }
            // Such as a worklet: it waits to be resumed.
            TargetKind::Other => drop(own.send("Runtime.runIfWaitingForDebugger", json!({}))),
        }
    }

    /// To Playwright's numbering, a page with another document is a new frame.
    fn frame_navigated(&mut self, frame: NavigatedFrame) {
        if frame.id != self.main_frame {
            self.child_navigated(frame);
            return;
        }
        let had_document = !self.main_url.is_empty() && self.main_url != "about:blank";
        if had_document && frame.url != self.main_url {
            self.main_sequence = self.frames.next_sequence();
        }
        self.main_url = frame.url;
        self.activity.new_document();
        self.workers.new_document();
    }

    /// Keeps whether the present document of a frame failed to load.
    fn child_navigated(&mut self, frame: NavigatedFrame) {
        if let Some(url) = frame.unreachable_url {
            let reason = "it cannot be reached".to_owned();
            self.failed_frames
                .insert(frame.id, FailedFrame { url, reason });
            return;
        }
        // The server's answer came before.
        let is_answered = self
            .failed_frames
            .get(&frame.id)
            .is_some_and(|failed| failed.url == frame.url);
        if !is_answered {
            self.failed_frames.remove(&frame.id);
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
    target_info: Target,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    target_id: String,
    #[serde(rename = "type")]
    kind: TargetKind,
    #[serde(default)]
    url: String,
    parent_frame_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WithinDocument {
    frame_id: String,
    url: String,
}

#[derive(Deserialize)]
struct FrameNavigated {
    frame: NavigatedFrame,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NavigatedFrame {
    id: String,
    url: String,
    /// The address that could not be loaded.
    unreachable_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseReceived {
    #[serde(rename = "type")]
    kind: String,
    frame_id: Option<String>,
    response: Response,
}
