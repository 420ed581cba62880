//! The browsers of a run. One of our own that dies is started again.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::Mutex;

use crate::browser::launch::Browser;

/// How often the browser may die while a page is open before the page gets an error.
pub(super) const MOST_DEATHS: u32 = 3;

/// How often in a row a browser is started again without a case that ended in between.
const MOST_RESTARTS: u32 = 6;

/// The place of a browser, and the one that is there now.
pub(super) struct Place<'a> {
    first: &'a Browser,
    restarted: Mutex<Option<Arc<Browser>>>,
    deaths: AtomicU32,
}

/// A browser that stays until its last user is done.
pub(super) enum Current<'a> {
    First(&'a Browser),
    Restarted(Arc<Browser>),
}

impl Deref for Current<'_> {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        match self {
            Current::First(browser) => browser,
            Current::Restarted(browser) => browser,
        }
    }
}

impl<'a> Place<'a> {
    pub(super) fn of(first: &'a Browser) -> Place<'a> {
        Place {
            first,
            restarted: Mutex::new(None),
            deaths: AtomicU32::new(0),
        }
    }

    pub(super) async fn current(&self) -> Current<'a> {
        match &*self.restarted.lock().await {
            Some(browser) => Current::Restarted(Arc::clone(browser)),
            None => Current::First(self.first),
        }
    }

    /// A case ended: the browser works.
    pub(super) fn works(&self) {
        self.deaths.store(0, Ordering::Relaxed);
    }

    /// Starts the browser again, unless that was done meanwhile; whether there is one now.
    pub(super) async fn restart(&self) -> bool {
        let mut restarted = self.restarted.lock().await;
        let is_gone = match &*restarted {
            Some(browser) => browser.connection.is_gone(),
            None => self.first.connection.is_gone(),
        };
        if !is_gone {
            return true;
        }
        if self.deaths.fetch_add(1, Ordering::Relaxed) >= MOST_RESTARTS {
            return false;
        }
        match &*restarted {
            Some(browser) => browser.end_processes().await,
            None => self.first.end_processes().await,
        }
        match self.first.start_again().await {
            Some(Ok(browser)) => {
                *restarted = Some(Arc::new(browser));
                true
            }
            Some(Err(_)) | None => false,
        }
    }

    /// Ends the browser that was started last.
    pub(super) async fn close(self) {
        if let Some(browser) = self.restarted.into_inner().and_then(Arc::into_inner) {
            browser.close().await;
        }
    }
}
