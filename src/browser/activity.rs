//! What is on its way into a page: requests that its scripts made, and another document.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::devtools::Event;

/// A request that is open for longer is one that stays open: it is named, and no longer waited for.
pub(super) const LONG: Duration = Duration::from_secs(5);

/// An event stream or a websocket that says nothing for longer has nothing to say.
const SILENT: Duration = Duration::from_secs(1);

/// How soon something is looked at again that says nothing by itself.
const RECHECK: Duration = Duration::from_millis(100);

/// How long the load event is waited for behind the end of the document itself.
const LATE: Duration = Duration::from_secs(3);

/// A request for another document that does not start in this time leads to a download, or nowhere.
const UNSTARTED: Duration = Duration::from_millis(500);

/// What is on its way into a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity {
    requests: HashMap<String, Open>,
    /// Requests that began or ended so far.
    pub(super) count: u64,
    requested: Option<Instant>,
    /// Another document was asked for and has not come.
    is_starting: bool,
    has_loaded: bool,
    parsed: Option<Instant>,
    /// Addresses of requests that stayed open.
    pub(super) stayed_open: Vec<String>,
    /// What the page's dialogs said.
    pub(super) dialogs: Vec<String>,
}

#[derive(Debug, Clone)]
struct Open {
    url: String,
    since: Instant,
    patience: Duration,
}

/// How long something is worth waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    Nothing,
    Until(Instant),
    /// Another document is loading, which has a deadline of its own.
    Document,
}

impl Activity {
    /// What to wait for at this moment.
    pub(super) fn awaited(&self, now: Instant) -> Awaited {
        let load = match self.load(now) {
            Awaited::Document => return Awaited::Document,
            Awaited::Until(end) => Some(end),
            Awaited::Nothing => None,
        };
        let requested = self.requested.map(|since| since + UNSTARTED);
        let requests = self
            .requests
            .values()
            .map(|open| open.since + open.patience);
        match requested
            .into_iter()
            .chain(load)
            .chain(requests)
            .filter(|end| *end > now)
            .max()
        {
            Some(end) => Awaited::Until(end),
            None => Awaited::Nothing,
        }
    }

    /// What of the document itself to wait for.
    pub(super) fn load(&self, now: Instant) -> Awaited {
        match (self.has_loaded, self.parsed) {
            _ if self.is_starting => Awaited::Document,
            (true, _) => Awaited::Nothing,
            (false, None) => Awaited::Document,
            // What is still missing is images, sound and moving pictures: no part of the tree.
            (false, Some(parsed)) if now >= parsed + LATE && self.requests.is_empty() => {
                Awaited::Nothing
            }
            (false, Some(parsed)) => Awaited::Until((parsed + LATE).max(now + RECHECK)),
        }
    }

    /// Moves requests that stay open out of the way.
    pub(super) fn give_up(&mut self, now: Instant) {
        let stayed = self
            .requests
            .extract_if(|_, open| open.since + open.patience <= now);
        let urls: Vec<String> = stayed.map(|(_, open)| open.url).collect();
        for url in urls {
            if !self.stayed_open.contains(&url) {
                self.stayed_open.push(url);
            }
        }
    }

    /// `None` where the event is of no interest.
    pub(super) fn apply(&mut self, event: &Event, main_frame: &str) -> Option<()> {
        match event.method.as_str() {
            "Network.requestWillBeSent" => {
                let sent: Sent = event.params()?;
                let patience = match sent.kind.as_deref()? {
                    "Document" if sent.frame_id.as_deref() != Some(main_frame) => LONG,
                    "Fetch" | "XHR" | "Script" | "Stylesheet" => LONG,
                    "EventSource" => SILENT,
                    _ => return None,
                };
                self.begin(sent.request_id, sent.request.url, patience);
            }
            "Network.webSocketCreated" => {
                let created: Created = event.params()?;
                self.begin(created.request_id, created.url, SILENT);
            }
            "Network.loadingFinished"
            | "Network.loadingFailed"
            | "Network.eventSourceMessageReceived"
            | "Network.webSocketFrameReceived"
            | "Network.webSocketClosed" => {
                self.requests.remove(&event.params::<Id>()?.request_id)?;
                self.count += 1;
            }
            "Page.frameRequestedNavigation" => {
                let requested: Requested = event.params()?;
                if requested.frame_id != main_frame || requested.disposition != "currentTab" {
                    return None;
                }
                self.requested = Some(Instant::now());
            }
            "Page.frameStartedLoading" | "Page.frameStoppedLoading" => {
                if event.params::<Frame>()?.frame_id != main_frame {
                    return None;
                }
                self.requested = None;
                self.is_starting = event.method == "Page.frameStartedLoading";
            }
            "Page.domContentEventFired" => self.parsed = Some(Instant::now()),
            "Page.loadEventFired" => self.has_loaded = true,
            "Page.javascriptDialogOpening" => {
                self.dialogs.push(event.params::<Dialog>()?.message);
            }
            _ => return None,
        }
        Some(())
    }

    /// Another document is there: what the one before asked for is of no interest.
    pub(super) fn new_document(&mut self) {
        self.requests.clear();
        self.requested = None;
        self.is_starting = false;
        self.has_loaded = false;
        self.parsed = None;
        self.count += 1;
    }

    fn begin(&mut self, id: String, url: String, patience: Duration) {
        let since = Instant::now();
        self.count += 1;
        // A redirect keeps the id, and the patience of the first request.
        self.requests.entry(id).or_insert(Open {
            url,
            since,
            patience,
        });
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    request_id: String,
    request: Request,
    frame_id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    request_id: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Id {
    request_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Frame {
    frame_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requested {
    frame_id: String,
    disposition: String,
}

#[derive(Deserialize)]
struct Dialog {
    message: String,
}
