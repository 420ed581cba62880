//! A page in a context of its own: opening, loading, and what happens in it meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::{mpsc, watch};

use super::devtools::{CallError, Event, Session};
use super::emulate::{Answers, Emulation, Tapping};
use super::frames::{FrameTarget, Frames, attach_automatically};
use super::settle::network::{Activity, Awaited, FailedRequest};
use super::workers::{TargetKind, Workers};

/// A page's window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            width: 1280,
            height: 720,
        }
    }
}

/// A page, closed with its context by [`Page::close`].
#[derive(Debug)]
pub struct Page {
    pub(super) session: Session,
    pub(super) browser: Session,
    pub(super) context: String,
    pub(super) state: watch::Receiver<PageState>,
    pub(super) state_sender: Arc<watch::Sender<PageState>>,
    /// How often the page was waited for; scripts of earlier waits end by it.
    pub(super) generation: std::sync::atomic::AtomicU32,
    pub(super) tapping: Tapping,
}

/// What the page has told so far.
#[derive(Debug, Clone, Default)]
pub(super) struct PageState {
    pub(super) main_frame: String,
    pub(super) frames: Frames,
    pub(super) workers: Workers,
    pub(super) main_sequence: u32,
    pub(super) main_url: String,
    pub(super) activity: Activity,
    response: Option<Response>,
    /// By the frames' ids.
    failed_frames: BTreeMap<String, FailedFrame>,
    pub(super) ended: Option<CallError>,
}

/// A frame that does not show what it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedFrame {
    /// Its address.
    pub url: String,
    /// What is known.
    pub reason: String,
}

/// The answer that the page's document came with.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The address after redirects.
    pub url: String,
    /// The HTTP status; 200 for files.
    pub status: u16,
}

/// Why a page could not be brought to be looked at.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PageError {
    /// Refused connection, unknown host, and their like.
    #[error("{url} cannot be opened: {}", super::words::words(reason))]
    Navigation {
        /// What was to be opened.
        url: String,
        /// The browser's reason, such as `net::ERR_CONNECTION_REFUSED`.
        reason: String,
    },
    /// The server answered with an error.
    #[error("{url} answers with HTTP {status}")]
    HttpStatus {
        /// What was opened.
        url: String,
        /// The status.
        status: u16,
    },
    /// No load event in time.
    #[error("{url} did not load within {} s", deadline.as_secs_f32())]
    Timeout {
        /// What was opened.
        url: String,
        /// How long was waited.
        deadline: Duration,
    },
    /// The page or the browser went away, or the browser refused a call.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The facts that came back are not such.
    #[error(transparent)]
    Facts(#[from] crate::dom::FactsError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContextId {
    browser_context_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TargetId {
    target_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SessionId {
    session_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Navigated {
    error_text: Option<String>,
}

impl Page {
    /// Opens an empty page in a fresh context: no cookies, no storage, no cache shared with others.
    ///
    /// # Errors
    /// Where the browser does not answer or refuses.
    pub async fn open(
        browser: &Session,
        viewport: Viewport,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let emulation = Emulation {
            viewport,
            ..Emulation::default()
        };
        Page::open_as(browser, &emulation, deadline).await
    }

    /// As [`Page::open`], as somebody, somewhere, at some time.
    ///
    /// # Errors
    /// Where the browser does not answer or refuses.
    pub async fn open_as(
        browser: &Session,
        emulation: &Emulation,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let context: ContextId = browser
            .call(
                "Target.createBrowserContext",
                json!({"disposeOnDetach": true}),
            )
            .await?;
        let context = context.browser_context_id;
        let target: TargetId = browser
            .call(
                "Target.createTarget",
                json!({"url": "about:blank", "browserContextId": context}),
            )
            .await?;
        let attached: SessionId = browser
            .call(
                "Target.attachToTarget",
                json!({"targetId": target.target_id, "flatten": true}),
            )
            .await?;
        let connection = browser.connection();
        let (session, events) = connection.session(&attached.session_id, Some(&context), deadline);
        let calls = emulation.calls_of_frames();
        let (sender, state) = watch::channel(PageState {
            // A page's target has the id of its main frame.
            main_frame: target.target_id,
            workers: Workers::new(&calls, emulation.script_of_workers()),
            frames: Frames::new(calls),
            ..PageState::default()
        });
        let sender = Arc::new(sender);
        let answers = Answers::new(emulation);
        let following = follow(session.clone(), events, Arc::clone(&sender), answers);
        tokio::spawn(following);
        let prepared = [
            session.tell("Page.enable", json!({})),
            session.tell("Network.enable", json!({})),
            session.tell(
                "Emulation.setFocusEmulationEnabled",
                json!({"enabled": true}),
            ),
        ];
        let attaching = attach_automatically(&session);
        let emulated = emulation.apply(&session);
        for answer in prepared {
            answer.await?;
        }
        attaching.await?;
        emulated.await?;
        emulation.speak(&session).await?;
        Ok(Page {
            session,
            browser: browser.clone(),
            context,
            state,
            state_sender: sender,
            generation: std::sync::atomic::AtomicU32::new(0),
            tapping: emulation.tapping,
        })
    }

    /// Goes to an address and waits for its load event.
    ///
    /// # Errors
    /// [`PageError`]; an HTTP error status is one.
    pub async fn goto(&mut self, url: &str, deadline: Duration) -> Result<(), PageError> {
        let session = self.session.with_deadline(deadline);
        let answer: Navigated = match session.call("Page.navigate", json!({"url": url})).await {
            Err(CallError::Deadline { .. }) => return Err(timeout(url, deadline)),
            answer => answer?,
        };
        if let Some(reason) = answer.error_text {
            return Err(PageError::Navigation {
                url: url.to_owned(),
                reason,
            });
        }
        self.wait_for_load(url, deadline).await?;
        match self.response() {
            Some(response) if response.status >= 400 => Err(PageError::HttpStatus {
                url: response.url,
                status: response.status,
            }),
            _ => Ok(()),
        }
    }

    /// Fills the page with markup.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn set_html(&mut self, html: &str, deadline: Duration) -> Result<(), PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        self.session
            .tell(
                "Page.setDocumentContent",
                json!({"frameId": main_frame, "html": html}),
            )
            .await?;
        self.wait_for_load("the page of `html`", deadline).await
    }

    async fn wait_for_load(&mut self, url: &str, deadline: Duration) -> Result<(), PageError> {
        let limit = Instant::now() + deadline;
        loop {
            let awaited = {
                let state = self.state.borrow_and_update();
                if let Some(error) = &state.ended {
                    return Err(error.clone().into());
                }
                state.activity.load(Instant::now())
            };
            let until = match awaited {
                Awaited::Nothing => return Ok(()),
                Awaited::Document => limit,
                Awaited::Until(end) => end.min(limit),
            };
            match tokio::time::timeout_at(until.into(), self.state.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(CallError::BrowserGone.into()),
                Err(_) if Instant::now() >= limit => return Err(timeout(url, deadline)),
                Err(_) => {}
            }
        }
    }

    /// The requests of the page and its frames that failed.
    pub fn failed_requests(&self) -> Vec<FailedRequest> {
        self.state.borrow().activity.failed.clone()
    }

    /// The address of the document that is there now.
    pub fn url(&self) -> String {
        self.state.borrow().main_url.clone()
    }

    /// The answer that the document came with; `None` for markup and the like.
    pub fn response(&self) -> Option<Response> {
        self.state.borrow().response.clone()
    }

    /// Frames that could not be loaded, or came with an HTTP error.
    pub fn failed_frames(&self) -> Vec<FailedFrame> {
        let state = self.state.borrow();
        let is_there = |id: &str| state.frames.find(id).is_some();
        let failures = state.failed_frames.iter();
        let failures = failures.filter(|(id, _)| is_there(id));
        failures.map(|(_, failed)| failed.clone()).collect()
    }

    /// Closes the page and all that belongs to it.
    pub async fn close(self) {
        // What is asked for is done, whether or not it is waited for; one that hangs is not worth it.
        const PATIENCE: Duration = Duration::from_secs(5);
        // A browser that is gone has no context either.
        let _ = self
            .browser
            .with_deadline(PATIENCE)
            .tell(
                "Target.disposeBrowserContext",
                json!({"browserContextId": self.context}),
            )
            .await;
    }
}

fn timeout(url: &str, deadline: Duration) -> PageError {
    PageError::Timeout {
        url: url.to_owned(),
        deadline,
    }
}

/// Keeps the state up to date until the page is gone.
async fn follow(
    session: Session,
    mut events: mpsc::UnboundedReceiver<Event>,
    state: Arc<watch::Sender<PageState>>,
    mut answers: Answers,
) {
    while let Some(event) = events.recv().await {
        if let Some((method, params)) = answers.to(&event) {
            // The session that asks may be that of a frame.
            let asking = session
                .connection()
                .attached_session(&event.session, session.deadline());
            tokio::spawn(asking.tell(method, params));
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
    /// `None` where the event is of no interest.
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

    /// What happened in the session of a frame in a process of its own, or of a worker.
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
            // A worklet, for instance. It is stopped, and is let go.
            TargetKind::Other => drop(own.tell("Runtime.runIfWaitingForDebugger", json!({}))),
        }
    }

    /// The page that leaves a document for another is a new frame to the reference's numbering.
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

    /// Keeps what the document that a frame has now says of its loading.
    fn child_navigated(&mut self, frame: NavigatedFrame) {
        if let Some(url) = frame.unreachable_url {
            let reason = "it cannot be reached".to_owned();
            self.failed_frames
                .insert(frame.id, FailedFrame { url, reason });
            return;
        }
        // The answer with its status came before.
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
    /// Where it should have gone.
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
