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
pub(super) struct Place {
    browsers: Arc<Vec<Browser>>,
    /// Which of them was there first.
    at: usize,
    restarted: Mutex<Option<Arc<Browser>>>,
    deaths: AtomicU32,
}

/// A browser that stays until its last user is done.
pub(super) enum Current {
    First(Arc<Vec<Browser>>, usize),
    Restarted(Arc<Browser>),
}

impl Deref for Current {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        match self {
            Current::First(browsers, at) => &browsers[*at],
            Current::Restarted(browser) => browser,
        }
    }
}

impl Place {
    pub(super) fn of(browsers: Arc<Vec<Browser>>, at: usize) -> Place {
        Place {
            browsers,
            at,
            restarted: Mutex::new(None),
            deaths: AtomicU32::new(0),
        }
    }

    fn first(&self) -> &Browser {
        &self.browsers[self.at]
    }

    pub(super) async fn current(&self) -> Current {
        match &*self.restarted.lock().await {
            Some(browser) => Current::Restarted(Arc::clone(browser)),
            None => Current::First(Arc::clone(&self.browsers), self.at),
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
            None => self.first().connection.is_gone(),
        };
        if !is_gone {
            return true;
        }
        if self.deaths.fetch_add(1, Ordering::Relaxed) >= MOST_RESTARTS {
            return false;
        }
        match &*restarted {
            Some(browser) => browser.end_processes().await,
            None => self.first().end_processes().await,
        }
        match self.first().start_again().await {
            Some(Ok(browser)) => {
                *restarted = Some(Arc::new(browser));
                true
            }
            Some(Err(_)) | None => false,
        }
    }

    /// Ends the browser that was started last.
    pub(super) async fn close(&self) {
        let restarted = self.restarted.lock().await.take();
        if let Some(browser) = restarted.and_then(Arc::into_inner) {
            browser.close().await;
        }
    }
}
