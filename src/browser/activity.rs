//! What is on its way into a page and its frames: requests that scripts made, and documents.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::devtools::Event;

/// Nobody knows of what is open whether it is slow or stays open. Past this time it is taken for the
/// second: it is named, and no longer waited for.
pub(super) const LONG: Duration = Duration::from_secs(5);

/// An event stream or a websocket that says nothing for longer has nothing to say.
const SILENT: Duration = Duration::from_secs(1);

/// A page that asks the same thing more often asks for news, time and again: nobody waits for that.
const OFTEN: u32 = 3;

/// How soon something is looked at again that says nothing by itself.
const RECHECK: Duration = Duration::from_millis(100);

/// How long the load event of the page is waited for behind the end of the document itself.
const LATE: Duration = Duration::from_secs(3);

/// A request for another document that does not start in this time leads to a download, or nowhere.
const UNSTARTED: Duration = Duration::from_millis(500);

/// What is on its way into a page.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity {
    /// By their sessions and ids.
    requests: HashMap<(Arc<str>, String), Open>,
    /// How often the same was asked for.
    asked: HashMap<u64, u32>,
    /// Documents on their way into frames, by the frames' ids. Their requests do not tell: that of a
    /// frame which moves to another process begins in one session and ends in another.
    frames: HashMap<String, Open>,
    /// Requests and documents of frames that began or ended so far.
    pub(super) count: u64,
    requested: Option<Instant>,
    /// Another document was asked for and has not come.
    is_starting: bool,
    has_loaded: bool,
    parsed: Option<Instant>,
    /// Addresses of what stayed open.
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
        let open = self.requests.values().chain(self.frames.values());
        match requested
            .into_iter()
            .chain(load)
            .chain(open.map(Open::end))
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

    /// Moves what stays open out of the way.
    pub(super) fn give_up(&mut self, now: Instant) {
        let requests = self.requests.extract_if(|_, open| open.end() <= now);
        let frames = self.frames.extract_if(|_, open| open.end() <= now);
        let stayed = requests.map(|(_, open)| open);
        for Open { url, .. } in stayed.chain(frames.map(|(_, open)| open)) {
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
                    "Document" => {
                        self.frames.get_mut(&sent.frame_id?)?.url = sent.request.url;
                        return Some(());
                    }
                    "Fetch" | "XHR" | "Script" | "Stylesheet" => LONG,
                    "EventSource" => SILENT,
                    _ => return None,
                };
                if self.is_often(&sent.request) {
                    return None;
                }
                self.begin(&event.session, sent.request_id, sent.request.url, patience);
            }
            "Network.webSocketCreated" => {
                let created: Created = event.params()?;
                self.begin(&event.session, created.request_id, created.url, SILENT);
            }
            "Network.loadingFinished"
            | "Network.loadingFailed"
            | "Network.eventSourceMessageReceived"
            | "Network.webSocketFrameReceived"
            | "Network.webSocketClosed" => {
                let id = event.params::<Id>()?.request_id;
                self.requests.remove(&(event.session.clone(), id))?;
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

    /// As [`Activity::apply`], of the session of a frame in a process of its own.
    pub(super) fn apply_frame(&mut self, event: &Event, main_frame: &str) -> Option<()> {
        let is_of_interest =
            event.method.starts_with("Network.") || event.method == "Page.javascriptDialogOpening";
        if !is_of_interest {
            return None;
        }
        self.apply(event, main_frame)
    }

    /// A frame is about to get a document.
    pub(super) fn frame_starts(&mut self, id: String) {
        self.count += 1;
        self.frames.entry(id).or_insert(Open {
            url: "a frame".to_owned(),
            since: Instant::now(),
            patience: LONG,
        });
    }

    /// A frame has its document, or is gone.
    pub(super) fn frame_ends(&mut self, id: &str) {
        if self.frames.remove(id).is_some() {
            self.count += 1;
        }
    }

    /// Forgets frames that are gone.
    pub(super) fn keep_frames(&mut self, is_there: impl Fn(&str) -> bool) {
        let before = self.frames.len();
        self.frames.retain(|id, _| is_there(id));
        self.count += u64::from(self.frames.len() != before);
    }

    /// Nobody tells any more what becomes of the requests of a session.
    pub(super) fn session_ends(&mut self, session: &str) {
        self.requests.retain(|(of, _), _| **of != *session);
        self.count += 1;
    }

    /// Another document is there: what the one before asked for is of no interest.
    pub(super) fn new_document(&mut self) {
        self.requests.clear();
        self.asked.clear();
        self.frames.clear();
        self.requested = None;
        self.is_starting = false;
        self.has_loaded = false;
        self.parsed = None;
        self.count += 1;
    }

    fn is_often(&mut self, request: &Request) -> bool {
        let mut hasher = DefaultHasher::new();
        request.hash(&mut hasher);
        let times = self.asked.entry(hasher.finish()).or_default();
        *times += 1;
        *times > OFTEN
    }

    fn begin(&mut self, session: &Arc<str>, id: String, url: String, patience: Duration) {
        self.count += 1;
        // A redirect keeps the id, and the patience of the first request.
        let id = (Arc::clone(session), id);
        self.requests.entry(id).or_insert(Open {
            url,
            since: Instant::now(),
            patience,
        });
    }
}

impl Open {
    /// When it is taken for something that stays open.
    fn end(&self) -> Instant {
        self.since + self.patience
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

#[derive(Deserialize, Hash)]
#[serde(rename_all = "camelCase")]
struct Request {
    url: String,
    method: String,
    post_data: Option<String>,
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
