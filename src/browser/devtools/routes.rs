//! Routes every answer to the call that waits for it, and every event to the page that it belongs to.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use super::message::{CallError, Event, Incoming};

pub(super) type Answer = Result<Vec<u8>, CallError>;

#[derive(Debug, Default)]
pub(super) struct Routes {
    last_id: u64,
    pub(super) is_gone: bool,
    pending: HashMap<u64, Pending>,
    sessions: HashMap<Arc<str>, Route>,
    /// The sessions of pages by browser context: a shared worker belongs to a context.
    contexts: HashMap<String, Arc<str>>,
}

/// Where a session's events go.
#[derive(Debug)]
struct Route {
    listener: mpsc::UnboundedSender<Event>,
    /// The session that it was attached from, with which it ends.
    parent: Option<Arc<str>>,
    /// Its process is gone: calls would never be answered.
    is_crashed: bool,
}

#[derive(Debug)]
struct Pending {
    session: Option<String>,
    answer: oneshot::Sender<Answer>,
}

impl Routes {
    /// Returns the id of a new call and what receives its answer.
    pub(super) fn begin(
        &mut self,
        session: Option<&str>,
    ) -> Result<(u64, oneshot::Receiver<Answer>), CallError> {
        if self.is_gone {
            return Err(CallError::BrowserGone);
        }
        let route = session.and_then(|session| self.sessions.get(session));
        if route.is_some_and(|route| route.is_crashed) {
            return Err(CallError::Crashed);
        }
        let (sender, answer) = oneshot::channel();
        self.last_id += 1;
        let pending = Pending {
            session: session.map(str::to_owned),
            answer: sender,
        };
        self.pending.insert(self.last_id, pending);
        Ok((self.last_id, answer))
    }

    /// Forgets a call whose answer comes too late.
    pub(super) fn forget(&mut self, id: u64) {
        self.pending.remove(&id);
    }

    /// Returns the events of a page's session, of all sessions that are attached from it, and of its context.
    pub(super) fn listen(
        &mut self,
        session: &str,
        context: Option<&str>,
    ) -> mpsc::UnboundedReceiver<Event> {
        let (listener, events) = mpsc::unbounded_channel();
        let route = Route {
            listener,
            parent: None,
            is_crashed: false,
        };
        self.sessions.insert(session.into(), route);
        if let Some(context) = context {
            self.contexts.insert(context.to_owned(), session.into());
        }
        events
    }

    /// Delivers a message. Returns the session of a target that waits and belongs to no page.
    pub(super) fn deliver(&mut self, message: Vec<u8>) -> Option<String> {
        let incoming = serde_json::from_slice::<Incoming<'_>>(&message).ok()?;
        if let Some(id) = incoming.id {
            if let Some(pending) = self.pending.remove(&id) {
                // A caller that stopped waiting needs no answer.
                let _ = pending.answer.send(Ok(message));
            }
            return None;
        }
        let method = incoming.method?;
        let mut session: Option<Arc<str>> = incoming.session_id.map(|id| id.as_ref().into());
        let mut stray = None;
        match method.as_ref() {
            "Inspector.targetCrashed" => self.crash(session.as_deref()),
            "Target.attachedToTarget" => {
                session = session.or_else(|| self.page_of_context(incoming.params));
                match &session {
                    Some(parent) => self.attach(parent, incoming.params),
                    None => stray = Attached::read(incoming.params).filter(|one| one.is_waiting),
                }
            }
            "Target.detachedFromTarget" => {
                session = session.or_else(|| self.parent_of(incoming.params));
            }
            _ => {}
        }
        if let Some(session) = session
            && let Some(route) = self.sessions.get(&session)
        {
            let params = incoming.params.map(ToOwned::to_owned);
            let event = Event::new(method.to_string(), session, params);
            // A page that is closed does not listen.
            let _ = route.listener.send(event);
        }
        if method == "Target.detachedFromTarget"
            && let Some(detached) = Attached::read(incoming.params)
        {
            self.detach(&detached.session_id);
        }
        Some(stray?.session_id)
    }

    /// Returns the page that a worker of a browser context belongs to.
    fn page_of_context(&self, params: Option<&RawValue>) -> Option<Arc<str>> {
        let context = Attached::read(params)?.target_info?.browser_context_id?;
        self.contexts.get(&context).cloned()
    }

    fn parent_of(&self, params: Option<&RawValue>) -> Option<Arc<str>> {
        let detached = Attached::read(params)?;
        let route = self.sessions.get(detached.session_id.as_str())?;
        route.parent.clone()
    }

    /// Gives a session the listener of its parent, from its first event on.
    fn attach(&mut self, parent: &Arc<str>, params: Option<&RawValue>) {
        if let Some(route) = self.sessions.get(parent)
            && let Some(attached) = Attached::read(params)
        {
            let route = Route {
                listener: route.listener.clone(),
                parent: Some(Arc::clone(parent)),
                is_crashed: false,
            };
            self.sessions.insert(attached.session_id.into(), route);
        }
    }

    fn crash(&mut self, session: Option<&str>) {
        self.fail_session(session, &CallError::Crashed);
        if let Some(route) = session.and_then(|session| self.sessions.get_mut(session)) {
            route.is_crashed = true;
        }
    }

    /// Ends a session and those that were attached from it.
    fn detach(&mut self, session: &str) {
        self.fail_session(Some(session), &CallError::Detached);
        self.sessions.remove(session);
        self.contexts.retain(|_, page| **page != *session);
        let is_child = |route: &Route| route.parent.as_deref() == Some(session);
        let children: Vec<Arc<str>> = self
            .sessions
            .iter()
            .filter(|(_, route)| is_child(route))
            .map(|(id, _)| Arc::clone(id))
            .collect();
        for child in children {
            self.detach(&child);
        }
    }

    fn fail_session(&mut self, session: Option<&str>, error: &CallError) {
        let failed = self
            .pending
            .extract_if(|_, pending| pending.session.as_deref() == session);
        for (_, pending) in failed {
            let _ = pending.answer.send(Err(error.clone()));
        }
    }

    /// Fails all calls: the browser is gone.
    pub(super) fn close(&mut self) {
        self.is_gone = true;
        for (_, pending) in self.pending.drain() {
            let _ = pending.answer.send(Err(CallError::BrowserGone));
        }
        self.sessions.clear();
    }
}

/// The parameters of `Target.attachedToTarget` and `Target.detachedFromTarget`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attached {
    session_id: String,
    /// Whether the target waits until it is resumed. One that was attached by a call does not.
    #[serde(default, rename = "waitingForDebugger")]
    is_waiting: bool,
    target_info: Option<Target>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    browser_context_id: Option<String>,
}

impl Attached {
    fn read(params: Option<&RawValue>) -> Option<Attached> {
        serde_json::from_str(params?.get()).ok()
    }
}
