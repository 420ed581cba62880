//! Browser contexts that one page uses after another.
//!
//! A new context with its renderer process costs more than most pages. So a context is kept when there is
//! evidence that its page left nothing behind that another page could find ([`Page::leave`]). Each page
//! still gets a tab of its own: with its own history, session storage, window name and emulation. Only the
//! renderer process and the HTTP cache are shared, as for a visitor who opens one page after another. The
//! cache never answers for a document, because no address is opened twice in a context.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::devtools::{CallError, Session};
use super::emulate::{PageSetup, Requests};
use super::launch::Browser;
use super::page::{Page, PageState};
use super::world::World;

/// A renderer process is renewed with its context after so many pages, so that memory stays flat.
const MOST_PAGES: u32 = 25;

/// How long the tab before may take to close. With one that hangs, its context is given up.
const CLOSING: Duration = Duration::from_secs(2);

/// What a page stored for its origin, and whether it used an interface that stores something elsewhere.
const TRACES: &str = include_str!("contexts/traces.js");

/// The contexts of a browser that no page uses at the moment.
#[derive(Debug, Default)]
pub(super) struct Contexts(Mutex<Vec<Context>>);

/// A browser context.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) id: String,
    requests: Requests,
    /// The addresses of the documents that were opened in it.
    documents: HashSet<String>,
    pages: u32,
    /// The tab of the page before. It is closed behind the next one: without a tab, the renderer process
    /// would end.
    before: Option<Tab>,
}

#[derive(Debug)]
struct Tab {
    id: String,
    state: watch::Receiver<PageState>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContextId {
    browser_context_id: String,
}

impl Contexts {
    fn lock(&self) -> MutexGuard<'_, Vec<Context>> {
        // A push or a removal that panics leaves nothing half-done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a context in which a page may open an address.
    fn take(&self, requests: &Requests, url: &str) -> Option<Context> {
        let mut kept = self.lock();
        let fits = |one: &Context| one.requests == *requests && !one.documents.contains(url);
        let at = kept.iter().position(fits)?;
        Some(kept.swap_remove(at))
    }
}

impl Context {
    pub(super) async fn create(
        browser: &Session,
        requests: &Requests,
    ) -> Result<Context, CallError> {
        let ContextId {
            browser_context_id: id,
        } = browser
            .call("Target.createBrowserContext", requests.context())
            .await?;
        Ok(Context {
            id,
            requests: requests.clone(),
            documents: HashSet::new(),
            pages: 0,
            before: None,
        })
    }

    /// Returns whether a page was open in it before.
    pub(super) fn is_used(&self) -> bool {
        self.pages > 0
    }

    /// Closes the tab before; returns whether it is closed.
    async fn close_before(&mut self, browser: &Session) -> bool {
        let Some(mut tab) = self.before.take() else {
            return true;
        };
        drop(browser.send("Target.closeTarget", json!({"targetId": tab.id})));
        let closed = tab.state.wait_for(|state| state.ended.is_some());
        tokio::time::timeout(CLOSING, closed).await.is_ok()
    }

    pub(super) async fn dispose(self, browser: &Session) {
        // The browser disposes of the context whether or not its answer is waited for.
        const DISPOSAL: Duration = Duration::from_secs(5);
        let browser = browser.with_deadline(DISPOSAL);
        let params = json!({"browserContextId": self.id});
        // A browser that is gone has no context either.
        let _ = browser.send("Target.disposeBrowserContext", params).await;
    }

    async fn has_cookies(&self, browser: &Session) -> Result<bool, CallError> {
        #[derive(Deserialize)]
        struct Cookies {
            cookies: Vec<serde::de::IgnoredAny>,
        }
        let params = json!({"browserContextId": self.id});
        let Cookies { cookies } = browser.call("Storage.getCookies", params).await?;
        Ok(!cookies.is_empty())
    }
}

impl Page {
    /// Opens an empty page for an address, in a context of another page if there is one.
    ///
    /// # Errors
    /// As [`Page::open_as`].
    pub async fn open_sharing(
        browser: &Browser,
        setup: &PageSetup,
        url: &str,
        deadline: Duration,
    ) -> Result<Page, CallError> {
        let session = browser.session();
        let Some(context) = browser.contexts.take(&setup.requests, url) else {
            return Page::open_as(&session, setup, deadline).await;
        };
        let mut page = Page::open_in(context, &session, setup, deadline).await?;
        // The page before may have set a cookie until its tab was closed.
        if page.context.close_before(&session).await && !page.context.has_cookies(&session).await? {
            return Ok(page);
        }
        page.close().await;
        Page::open_as(&session, setup, deadline).await
    }

    /// Returns whether the page may have found something that another page left.
    pub fn found_storage(&self) -> bool {
        self.found_storage
            .load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Returns whether another page was open in its context before.
    pub fn is_in_used_context(&self) -> bool {
        self.context.is_used()
    }

    /// Leaves the page. Its context is kept for another page if the page left nothing in it.
    pub async fn leave(mut self, browser: &Browser, url: &str) {
        if self.context.pages + 1 >= MOST_PAGES || !self.left_nothing().await {
            self.close().await;
            return;
        }
        let state = self.state.borrow();
        let response = state.response.as_ref().map(|response| response.url.clone());
        let documents = [Some(url.to_owned()), Some(state.main_url.clone()), response];
        let has_address = |url: &String| !url.is_empty() && url != "about:blank";
        let documents = documents.into_iter().flatten().filter(has_address);
        self.context.documents.extend(documents);
        self.context.pages += 1;
        let id = state.main_frame.clone();
        drop(state);
        self.context.before = Some(Tab {
            id,
            state: self.state,
        });
        browser.contexts.lock().push(self.context);
    }

    /// Returns whether there is evidence that nothing in the context can be found by another page.
    async fn left_nothing(&self) -> bool {
        let main_frame = {
            let state = self.state.borrow();
            // The storage of other frames, workers and windows is not looked at.
            if state.ended.is_some() || state.has_attached || state.frames.has_had_any() {
                return false;
            }
            state.main_frame.clone()
        };
        let left = async {
            let world = World::of_frame(&self.session, &main_frame).await?;
            let nothing = Value::Array(Vec::new());
            world.evaluate::<bool>(TRACES, nothing).await
        };
        let (left, has_cookies) = tokio::join!(left, self.context.has_cookies(&self.browser));
        matches!((left, has_cookies), (Ok(false), Ok(false)))
    }
}
