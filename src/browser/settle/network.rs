//! What is on its way into a page, its frames and its workers: requests and documents.

mod events;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use self::events::{
    Created, Dialog, Frame, Id, LoadingFailed, Request, Requested, ResponseReceived, Sent,
};

use super::policy::POLICY;
use crate::browser::devtools::Event;

/// What is on its way into a page.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct Activity {
    /// By their sessions and ids.
    requests: HashMap<(Arc<str>, String), Open>,
    /// What was asked for before.
    asked: HashSet<u64>,
    /// Documents on their way into frames, by the frames' ids. Their requests do not show that: that of
    /// a frame which moves to another process begins in one session and ends in another.
    frames: HashMap<String, Open>,
    /// The scripts of workers that run.
    workers: HashSet<String>,
    /// Everything that began, went on or ended so far.
    pub(in crate::browser) count: u64,
    requested: Option<Instant>,
    /// Another document was asked for and has not come.
    is_starting: bool,
    has_loaded: bool,
    parsed: Option<Instant>,
    /// Addresses of what stayed open.
    pub(in crate::browser) stayed_open: Vec<String>,
    /// Requests of the document that failed.
    pub(in crate::browser) failed: Vec<FailedRequest>,
    /// What the page's dialogs said.
    pub(in crate::browser) dialogs: Vec<String>,
}

/// A request that came to nothing, or to an error of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRequest {
    /// What was asked for.
    pub kind: RequestKind,
    /// The HTTP method.
    pub method: String,
    /// The address.
    pub url: String,
    /// The HTTP status or the browser's reason.
    pub reason: FailureReason,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureReason {
    /// The server answered with this status of 400 or above.
    Status(u16),
    /// There was no answer: the browser's reason, such as `net::ERR_CONNECTION_REFUSED`.
    NoAnswer(String),
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A style sheet or a script.
    Resource,
    /// `fetch` or `XMLHttpRequest`.
    Data,
    /// Fonts, images and media: the page is read without them.
    Picture,
}

#[derive(Debug, Clone)]
struct Open {
    kind: RequestKind,
    method: String,
    url: String,
    since: Instant,
    patience: Duration,
    /// Whether more of the same may follow for ever.
    may_be_endless: bool,
    /// Whether a script decides to read the answer, with `fetch`.
    by_fetch: bool,
    /// Whether the answer has come and scripts may read it. The hook counts those that wait for it; an
    /// answer that no script reads never ends.
    is_read_by_scripts: bool,
}

/// How long something is worth waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::browser) enum Awaited {
    Nothing,
    Until(Instant),
    /// Another document is loading, which has a deadline of its own.
    Document,
}

impl Activity {
    /// What that surely ends to wait for at this moment.
    pub(in crate::browser) fn awaited(&self, now: Instant) -> Awaited {
        let load = match self.load(now) {
            Awaited::Document => return Awaited::Document,
            Awaited::Until(end) => Some(end),
            Awaited::Nothing => None,
        };
        let requested = self.requested.map(|since| since + POLICY.unstarted);
        let open = self.requests.values().chain(self.frames.values());
        let open = open.filter(|open| open.is_awaited(now));
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

    /// The fonts, images and media on their way, by their sessions and ids.
    pub(in crate::browser) fn pictures(&self, now: Instant) -> HashSet<(Arc<str>, String)> {
        let awaited = self.requests.iter();
        let awaited =
            awaited.filter(|(_, open)| open.kind == RequestKind::Picture && open.is_awaited(now));
        awaited.map(|(id, _)| id.clone()).collect()
    }

    /// Whether something but fonts, images and media is on its way.
    pub(in crate::browser) fn awaits_content(&self, now: Instant) -> bool {
        let mut open = self.requests.values().chain(self.frames.values());
        self.load(now) != Awaited::Nothing
            || self
                .requested
                .is_some_and(|since| since + POLICY.unstarted > now)
            || open.any(|open| open.kind != RequestKind::Picture && open.is_awaited(now))
    }

    /// The addresses that are asked again and again, and streams that go on.
    pub(in crate::browser) fn repeated(&self, now: Instant) -> Vec<String> {
        let open = self.requests.values();
        let open = open.filter(|open| open.may_be_endless && open.end() > now);
        open.map(|open| open.url.clone()).collect()
    }

    /// The addresses of all that has not arrived.
    pub(in crate::browser) fn open(&self, now: Instant) -> Vec<String> {
        let open = self.requests.values().chain(self.frames.values());
        let open = open.filter(|open| open.end() > now);
        open.map(|open| open.url.clone()).collect()
    }

    /// What of the document itself to wait for.
    pub(in crate::browser) fn load(&self, now: Instant) -> Awaited {
        match (self.has_loaded, self.parsed) {
            _ if self.is_starting => Awaited::Document,
            (true, _) => Awaited::Nothing,
            (false, None) => Awaited::Document,
            // What is still missing is images, sound and moving pictures: no part of the tree.
            (false, Some(parsed)) if now >= parsed + POLICY.load && !self.holds_load_up(now) => {
                Awaited::Nothing
            }
            (false, Some(parsed)) => {
                Awaited::Until((parsed + POLICY.load).max(now + POLICY.recheck))
            }
        }
    }

    /// Whether something but images, sound and moving pictures is still missing.
    fn holds_load_up(&self, now: Instant) -> bool {
        let mut open = self.requests.values();
        open.any(|open| open.kind != RequestKind::Picture && open.end() > now)
    }

    /// Moves what stays open out of the way.
    pub(in crate::browser) fn give_up(&mut self, now: Instant) {
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
    pub(in crate::browser) fn apply(&mut self, event: &Event, main_frame: &str) -> Option<()> {
        match event.method.as_str() {
            "Network.requestWillBeSent" => return self.sent(event),
            "Network.webSocketCreated" => {
                let created: Created = event.params()?;
                let open = Open::new(RequestKind::Picture, "GET", created.url, POLICY.silent);
                self.begin(&event.session, created.request_id, open);
            }
            "Network.responseReceived" => return self.answered(event),
            "Network.dataReceived"
            | "Network.eventSourceMessageReceived"
            | "Network.webSocketFrameReceived" => {
                let id = event.params::<Id>()?.request_id;
                let open = self.requests.get_mut(&(event.session.clone(), id))?;
                open.since = Instant::now();
                if event.method != "Network.dataReceived" {
                    open.may_be_endless = true;
                }
                self.count += 1;
            }
            "Network.loadingFailed" => {
                let failed: LoadingFailed = event.params()?;
                let id = (event.session.clone(), failed.request_id);
                let open = self.requests.remove(&id)?;
                self.count += 1;
                if !failed.canceled && failed.blocked_reason.as_deref() != Some("inspector") {
                    self.fails(open, FailureReason::NoAnswer(failed.error_text));
                }
            }
            "Network.loadingFinished" | "Network.webSocketClosed" => {
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
    pub(in crate::browser) fn apply_frame(
        &mut self,
        event: &Event,
        main_frame: &str,
    ) -> Option<()> {
        let is_of_interest =
            event.method.starts_with("Network.") || event.method == "Page.javascriptDialogOpening";
        if !is_of_interest {
            return None;
        }
        self.apply(event, main_frame)
    }

    /// A frame is about to get a document.
    pub(in crate::browser) fn frame_starts(&mut self, id: String) {
        self.count += 1;
        let open = Open::new(
            RequestKind::Resource,
            "GET",
            "a frame".to_owned(),
            POLICY.request,
        );
        self.frames.entry(id).or_insert(open);
    }

    /// A frame has its document, or is gone.
    pub(in crate::browser) fn frame_ends(&mut self, id: &str) {
        if self.frames.remove(id).is_some() {
            self.count += 1;
        }
    }

    /// Forgets frames that are gone.
    pub(in crate::browser) fn keep_frames(&mut self, is_there: impl Fn(&str) -> bool) {
        let before = self.frames.len();
        self.frames.retain(|id, _| is_there(id));
        self.count += u64::from(self.frames.len() != before);
    }

    /// A worker has its script. Its request begins in the session of the page, which may report that
    /// later than the worker, and ends in none.
    pub(in crate::browser) fn worker_starts(&mut self, url: &str) {
        self.requests.retain(|_, open| open.url != url);
        self.workers.insert(url.to_owned());
        self.count += 1;
    }

    /// The browser no longer reports what becomes of the requests of a session.
    pub(in crate::browser) fn session_ends(&mut self, session: &str) {
        self.requests.retain(|(of, _), _| **of != *session);
        self.count += 1;
    }

    /// Another document is there: what the one before asked for is of no interest.
    pub(in crate::browser) fn new_document(&mut self) {
        self.requests.clear();
        self.asked.clear();
        self.workers.clear();
        self.frames.clear();
        self.failed.clear();
        self.requested = None;
        self.is_starting = false;
        self.has_loaded = false;
        self.parsed = None;
        self.count += 1;
    }

    fn sent(&mut self, event: &Event) -> Option<()> {
        let sent: Sent = event.params()?;
        let (kind, patience) = match sent.kind.as_deref()? {
            "Document" => {
                self.frames.get_mut(&sent.frame_id?)?.url = sent.request.url;
                return Some(());
            }
            "Fetch" | "XHR" => (RequestKind::Data, POLICY.request),
            "Script" if self.workers.contains(&sent.request.url) => return None,
            "Script" | "Stylesheet" => (RequestKind::Resource, POLICY.request),
            "Font" => (RequestKind::Picture, POLICY.request),
            "Image" => (RequestKind::Picture, POLICY.image),
            "EventSource" | "Media" => (RequestKind::Picture, POLICY.silent),
            _ => return None,
        };
        let mut hasher = DefaultHasher::new();
        sent.request.hash(&mut hasher);
        let Request { url, method, .. } = sent.request;
        let mut open = Open::new(kind, &method, url, patience);
        open.may_be_endless = !self.asked.insert(hasher.finish());
        open.by_fetch = sent.kind.as_deref() == Some("Fetch");
        self.begin(&event.session, sent.request_id, open);
        Some(())
    }

    /// An answer of known length ends. Another one may be a stream.
    fn answered(&mut self, event: &Event) -> Option<()> {
        let received: ResponseReceived = event.params()?;
        let id = (event.session.clone(), received.request_id);
        let open = self.requests.get_mut(&id)?;
        let is_length = |name: &String| name.eq_ignore_ascii_case("content-length");
        open.since = Instant::now();
        open.is_read_by_scripts = open.by_fetch;
        if open.kind == RequestKind::Data && !received.response.headers.keys().any(is_length) {
            open.may_be_endless = true;
            open.patience = POLICY.silent;
        }
        let failed = open.clone();
        self.count += 1;
        if received.response.status >= 400 {
            self.fails(failed, FailureReason::Status(received.response.status));
        }
        Some(())
    }

    fn fails(&mut self, open: Open, reason: FailureReason) {
        let failed = FailedRequest {
            kind: open.kind,
            method: open.method,
            url: open.url,
            reason,
        };
        if failed.kind != RequestKind::Picture && !self.failed.contains(&failed) {
            self.failed.push(failed);
        }
    }

    fn begin(&mut self, session: &Arc<str>, id: String, open: Open) {
        self.count += 1;
        // A redirect keeps the id, and the patience of the first request.
        self.requests
            .entry((Arc::clone(session), id))
            .or_insert(open);
    }
}

impl Open {
    fn new(kind: RequestKind, method: &str, url: String, patience: Duration) -> Open {
        Open {
            kind,
            method: method.to_owned(),
            url,
            since: Instant::now(),
            patience,
            may_be_endless: false,
            by_fetch: false,
            is_read_by_scripts: false,
        }
    }

    fn is_awaited(&self, now: Instant) -> bool {
        !self.may_be_endless && !self.is_read_by_scripts && self.end() > now
    }

    /// When it counts as something that stays open.
    fn end(&self) -> Instant {
        self.since + self.patience
    }
}
