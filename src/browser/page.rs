//! A page in a browser context of its own: opening, loading, closing.

mod state;

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;

use super::contexts::Context;
use super::devtools::{CallError, Session};
use super::emulate::{Answers, PageSetup};
use super::frames::{Frames, attach_automatically};
use super::settle::network::{Awaited, FailedRequest};
use super::workers::Workers;

pub(super) use state::PageState;
pub use state::{FailedFrame, Response};

pub use crate::emulation::Viewport;

/// A page, closed with its context by [`Page::close`].
#[derive(Debug)]
pub struct Page {
    pub(super) session: Session,
    pub(super) browser: Session,
    pub(super) context: Context,
    pub(super) state: watch::Receiver<PageState>,
    pub(super) state_sender: Arc<watch::Sender<PageState>>,
    /// How often the page was waited for; scripts of earlier waits end by it.
    pub(super) generation: std::sync::atomic::AtomicU32,
    /// Whether clicks are taps.
    pub(super) has_touch: bool,
    pub(super) found_storage: std::sync::atomic::AtomicBool,
}

/// Error while opening or reading a page.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PageError {
    #[error("{url} cannot be opened: {}", super::messages::in_words(reason))]
    Navigation {
        url: String,
        /// The browser's reason, such as `net::ERR_CONNECTION_REFUSED`.
        reason: String,
    },
    #[error("{url} answers with HTTP {status}")]
    HttpStatus { url: String, status: u16 },
    /// No load event in time.
    #[error("{url} did not load within {} s", deadline.as_secs_f32())]
    Timeout { url: String, deadline: Duration },
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Facts(#[from] crate::dom::FactsError),
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
    pub async fn open(
        browser: &Session,
        viewport: Viewport,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let setup = PageSetup {
            viewport,
            ..PageSetup::default()
        };
        Page::open_as(browser, &setup, deadline).await
    }

    /// As [`Page::open`], with a setup.
    pub async fn open_as(
        browser: &Session,
        setup: &PageSetup,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let context = Context::create(browser, &setup.requests).await?;
        Page::open_in(context, browser, setup, deadline).await
    }

    pub(super) async fn open_in(
        context: Context,
        browser: &Session,
        setup: &PageSetup,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let params = json!({"url": "about:blank", "browserContextId": context.id});
        let TargetId { target_id: target } = browser.call("Target.createTarget", params).await?;
        let params = json!({"targetId": target, "flatten": true});
        let SessionId { session_id } = browser.call("Target.attachToTarget", params).await?;
        let connection = browser.connection();
        let (session, events) = connection.session(&session_id, Some(&context.id), deadline);
        let calls = setup.calls_of_frames();
        let (sender, state) = watch::channel(PageState {
            // A page's target has the id of its main frame.
            main_frame: target,
            workers: Workers::new(&calls, setup.script_of_workers()),
            frames: Frames::new(calls),
            ..PageState::default()
        });
        let sender = Arc::new(sender);
        let answers = Answers::new(setup);
        let following = state::follow(session.clone(), events, Arc::clone(&sender), answers);
        tokio::spawn(following);
        prepare(browser, &session, setup, context.is_used()).await?;
        Ok(Page {
            session,
            browser: browser.clone(),
            context,
            state,
            state_sender: sender,
            generation: std::sync::atomic::AtomicU32::new(0),
            has_touch: setup.has_touch,
            found_storage: std::sync::atomic::AtomicBool::new(false),
        })
    }

    /// Goes to an address and waits for its load event. An HTTP error status is an error.
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
    pub async fn set_html(&mut self, html: &str, deadline: Duration) -> Result<(), PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let params = json!({"frameId": main_frame, "html": html});
        let filled = self.session.send("Page.setDocumentContent", params);
        filled.await?;
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

    /// Returns the requests of the page and its frames that failed.
    pub fn failed_requests(&self) -> Vec<FailedRequest> {
        self.state.borrow().activity.failed.clone()
    }

    /// Returns the address of the present document.
    pub fn url(&self) -> String {
        self.state.borrow().main_url.clone()
    }

    /// Returns the server's answer for the document; `None` for markup and the like.
    pub fn response(&self) -> Option<Response> {
        self.state.borrow().response.clone()
    }

    /// Returns the frames that could not be loaded, or answered with an HTTP error.
    pub fn failed_frames(&self) -> Vec<FailedFrame> {
        let state = self.state.borrow();
        let failures = state.failed_frames.iter();
        let present = failures.filter(|(id, _)| state.frames.find(id).is_some());
        present.map(|(_, failed)| failed.clone()).collect()
    }

    /// Closes the page and its context.
    pub async fn close(self) {
        self.context.dispose(&self.browser).await;
    }
}

/// Makes the page what `setup` says. All calls are sent before the first answer is waited for.
async fn prepare(
    browser: &Session,
    session: &Session,
    setup: &PageSetup,
    looks_for_storage: bool,
) -> Result<(), CallError> {
    let enabled = json!({"enabled": true});
    let answers = [
        session.send("Page.enable", json!({})),
        session.send("Network.enable", json!({})),
        session.send("Emulation.setFocusEmulationEnabled", enabled),
    ];
    let attaching = attach_automatically(session);
    let applying = setup.apply(looks_for_storage, browser, session);
    for answer in answers {
        answer.await?;
    }
    attaching.await?;
    applying.await
}

fn timeout(url: &str, deadline: Duration) -> PageError {
    PageError::Timeout {
        url: url.to_owned(),
        deadline,
    }
}
