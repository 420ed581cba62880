//! What goes over the wire, read leniently: fields that nobody asks for may come and go.

use std::sync::Arc;
use std::time::Duration;

use super::super::words::{doing, whole_seconds, words};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A call on its way to the browser.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a, P: Serialize> {
    pub(super) id: u64,
    pub(super) method: &'a str,
    pub(super) params: P,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_id: Option<&'a str>,
}

/// An answer or an event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Incoming<'a> {
    pub(super) id: Option<u64>,
    #[serde(borrow)]
    pub(super) method: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) session_id: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) params: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) result: Option<&'a RawValue>,
    pub(super) error: Option<Refusal>,
}

/// Why the browser refused a call.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Refusal {
    pub(super) message: String,
}

/// Something that happened in the browser.
#[derive(Debug)]
pub struct Event {
    /// Such as `Page.loadEventFired`.
    pub method: String,
    /// Where it happened: the session that is listened to, or one that was attached below it.
    pub session: Arc<str>,
    params: Option<Box<RawValue>>,
}

impl Event {
    pub(super) fn new(method: String, session: Arc<str>, params: Option<Box<RawValue>>) -> Event {
        Event {
            method,
            session,
            params,
        }
    }

    /// The event's parameters, `None` where they are not of that form.
    pub fn params<T: for<'de> Deserialize<'de>>(&self) -> Option<T> {
        let text = self.params.as_ref().map_or("{}", |params| params.get());
        serde_json::from_str(text).ok()
    }
}

/// Why a call came to nothing.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// The browser said no.
    #[error("the browser refused to {}: {}", doing(method), words(message))]
    Refused {
        /// The protocol method.
        method: String,
        /// The browser's words.
        message: String,
    },
    /// No answer in time.
    #[error(
        "the page does not answer: to {} took longer than {} s; a script on it may run without end, or the \
         machine is too busy for `timeout`", doing(method), whole_seconds(*deadline)
    )]
    Deadline {
        /// The protocol method.
        method: String,
        /// How long was waited.
        deadline: Duration,
    },
    /// The page that was called crashed.
    #[error("the page crashed: its process in the browser died, for instance for want of memory")]
    Crashed,
    /// The page or frame that was called is gone.
    #[error("the page or one of its frames closed while it was looked at")]
    Detached,
    /// The browser is gone.
    #[error("the browser is gone: it crashed or was killed")]
    BrowserGone,
    /// An answer of another form than the protocol's.
    #[error(
        "the browser answered in a way that is not known when asked to {}: {reason}; is it too old?",
        doing(method)
    )]
    Unreadable {
        /// The protocol method.
        method: String,
        /// What does not fit.
        reason: String,
    },
}

/// How the browser says that a document went away while something was asked of it.
const DOCUMENT_LEFT: [&str; 4] = [
    "Inspected target navigated",
    "Cannot find context",
    "Execution context was destroyed",
    "No frame for given id",
];

impl CallError {
    /// Whether the document that was asked is gone; another may follow.
    pub fn is_of_document(&self) -> bool {
        match self {
            CallError::Refused { message, .. } => {
                DOCUMENT_LEFT.iter().any(|words| message.contains(words))
            }
            CallError::Deadline { .. }
            | CallError::Crashed
            | CallError::Detached
            | CallError::BrowserGone
            | CallError::Unreadable { .. } => false,
        }
    }
}
