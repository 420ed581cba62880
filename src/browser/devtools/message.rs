//! The messages of the protocol. Unknown fields are ignored.

use std::sync::Arc;
use std::time::Duration;

use super::super::messages::{in_words, purpose, whole_seconds};
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
    /// The page's session, or one that was attached from it.
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

    /// Returns the event's parameters; `None` where they have another form.
    pub fn params<T: for<'de> Deserialize<'de>>(&self) -> Option<T> {
        let text = self.params.as_ref().map_or("{}", |params| params.get());
        serde_json::from_str(text).ok()
    }
}

/// Error of a call to the browser.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    #[error("the browser refused to {}: {}", purpose(method), in_words(message))]
    Refused { method: String, message: String },
    #[error(
        "the page does not answer: it took longer than {} s to {}; a script may run forever, or the machine \
         is too busy for `timeout`", whole_seconds(*deadline), purpose(method)
    )]
    Deadline { method: String, deadline: Duration },
    #[error("the page crashed: its process in the browser ended, perhaps because memory ran out")]
    Crashed,
    #[error("the page or one of its frames closed while ariasnap read it")]
    Detached,
    #[error("the browser is gone: it crashed or was killed")]
    BrowserGone,
    #[error(
        "the browser was asked to {} and its answer cannot be read: {reason}; is it too old?",
        purpose(method)
    )]
    Unreadable { method: String, reason: String },
}

/// The browser's messages where a document went away during a call.
const DOCUMENT_LEFT: [&str; 4] = [
    "Inspected target navigated",
    "Cannot find context",
    "Execution context was destroyed",
    "No frame for given id",
];

impl CallError {
    /// Returns whether the called document is gone; another may follow.
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
