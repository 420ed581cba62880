//! Routing: answers to the call that waits, events to the session that they are for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::{mpsc, oneshot};

use super::message::{CallError, Event, Incoming, Request};
use super::pipe;
use super::socket::{self, Socket};

type Answer = Result<Vec<u8>, CallError>;

/// A connection to a browser. Cheap to clone; all clones are the same connection.
#[derive(Debug, Clone)]
pub struct Connection {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    routes: Arc<Mutex<Routes>>,
}

#[derive(Debug, Default)]
struct Routes {
    last_id: u64,
    is_gone: bool,
    pending: HashMap<u64, Pending>,
    sessions: HashMap<Arc<str>, Route>,
    /// The sessions of pages by their browser contexts: shared workers belong to a context.
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

/// One target's part of a connection: a page, a frame of a process of its own, or the browser itself.
#[derive(Debug, Clone)]
pub struct Session {
    connection: Connection,
    id: Option<Arc<str>>,
    deadline: Duration,
}

impl Connection {
    /// Speaks over a pipe until it breaks.
    pub fn over_pipe(sender: Sender, receiver: Receiver) -> Connection {
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (arrived, messages) = mpsc::unbounded_channel();
        tokio::spawn(pipe::write_all(sender, queue));
        tokio::spawn(pipe::read_all(receiver, arrived));
        Connection::new(outgoing, messages)
    }

    /// Speaks over a WebSocket until it closes.
    pub fn over_socket(socket: Socket) -> Connection {
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (arrived, messages) = mpsc::unbounded_channel();
        let (sink, stream) = socket.split();
        tokio::spawn(socket::write_all(sink, queue));
        tokio::spawn(socket::read_all(stream, arrived));
        Connection::new(outgoing, messages)
    }

    /// Takes the browser for gone: it does not answer any more.
    pub fn give_up(&self) {
        lock(&self.routes).close();
    }

    fn new(
        outgoing: mpsc::UnboundedSender<Vec<u8>>,
        mut messages: mpsc::UnboundedReceiver<Vec<u8>>,
    ) -> Connection {
        let routes = Arc::new(Mutex::new(Routes::default()));
        let connection = Connection {
            outgoing,
            routes: Arc::clone(&routes),
        };
        // The connection closes when its last user drops it.
        let outgoing = connection.outgoing.downgrade();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                let stray = lock(&routes).deliver(message);
                if let (Some(stray), Some(outgoing)) = (stray, outgoing.upgrade()) {
                    let connection = Connection {
                        outgoing,
                        routes: Arc::clone(&routes),
                    };
                    connection.let_go(&stray);
                }
            }
            lock(&routes).close();
        });
        connection
    }

    /// Lets a target run that was stopped for us and belongs to no page of ours.
    fn let_go(&self, session: &str) {
        let nothing = serde_json::json!({});
        // Its answer is of no interest.
        drop(self.send(Some(session), "Runtime.runIfWaitingForDebugger", &nothing));
    }

    /// The session of the browser itself.
    pub fn browser(&self, deadline: Duration) -> Session {
        Session {
            connection: self.clone(),
            id: None,
            deadline,
        }
    }

    /// The session of a page in a browser context of its own, with the events that it gets from now on,
    /// and with those of all sessions that are attached from it or belong to its context.
    pub fn session(
        &self,
        id: &str,
        context: Option<&str>,
        deadline: Duration,
    ) -> (Session, mpsc::UnboundedReceiver<Event>) {
        let (sender, events) = mpsc::unbounded_channel();
        let route = Route {
            listener: sender,
            parent: None,
            is_crashed: false,
        };
        let mut routes = lock(&self.routes);
        routes.sessions.insert(id.into(), route);
        if let Some(context) = context {
            routes.contexts.insert(context.to_owned(), id.into());
        }
        drop(routes);
        (self.attached_session(id, deadline), events)
    }

    /// A session that was attached from another one, whose listener gets its events.
    pub fn attached_session(&self, id: &str, deadline: Duration) -> Session {
        Session {
            connection: self.clone(),
            id: Some(id.into()),
            deadline,
        }
    }

    /// Whether the browser is gone.
    pub fn is_gone(&self) -> bool {
        lock(&self.routes).is_gone
    }

    fn send<P: Serialize>(
        &self,
        session: Option<&str>,
        method: &str,
        params: P,
    ) -> Result<(u64, oneshot::Receiver<Answer>), CallError> {
        let (sender, answer) = oneshot::channel();
        let id = {
            let mut routes = lock(&self.routes);
            if routes.is_gone {
                return Err(CallError::BrowserGone);
            }
            let route = session.and_then(|session| routes.sessions.get(session));
            if route.is_some_and(|route| route.is_crashed) {
                return Err(CallError::Crashed);
            }
            routes.last_id += 1;
            let id = routes.last_id;
            let pending = Pending {
                session: session.map(str::to_owned),
                answer: sender,
            };
            routes.pending.insert(id, pending);
            id
        };
        let request = Request {
            id,
            method,
            params,
            session_id: session,
        };
        let message = serde_json::to_vec(&request).map_err(|error| CallError::Unreadable {
            method: method.to_owned(),
            reason: error.to_string(),
        })?;
        self.outgoing
            .send(message)
            .map_err(|_| CallError::BrowserGone)?;
        Ok((id, answer))
    }
}

impl Session {
    /// Another deadline for calls of this handle.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Session {
        Session {
            deadline,
            ..self.clone()
        }
    }

    /// How long a call of this handle may take.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// The session's id; `None` for the browser's own.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The connection that carries the session.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Sends the call at once and returns what waits for its answer, so that calls can be sent in a row.
    pub fn call<R: for<'de> Deserialize<'de>>(
        &self,
        method: &'static str,
        params: impl Serialize,
    ) -> impl Future<Output = Result<R, CallError>> + Send + 'static {
        let sent = self.connection.send(self.id.as_deref(), method, params);
        let connection = self.connection.clone();
        let deadline = self.deadline;
        async move {
            let (id, answer) = sent?;
            let message = match tokio::time::timeout(deadline, answer).await {
                Ok(Ok(answer)) => answer?,
                Ok(Err(_)) => return Err(CallError::BrowserGone),
                Err(_) => {
                    lock(&connection.routes).pending.remove(&id);
                    return Err(CallError::Deadline {
                        method: method.to_owned(),
                        deadline,
                    });
                }
            };
            read_answer(method, &message)
        }
    }

    /// A call whose answer says nothing.
    pub fn tell(
        &self,
        method: &'static str,
        params: impl Serialize,
    ) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
        let answer = self.call::<serde::de::IgnoredAny>(method, params);
        async move { answer.await.map(|_| ()) }
    }
}

fn read_answer<R: for<'de> Deserialize<'de>>(method: &str, message: &[u8]) -> Result<R, CallError> {
    let unreadable = |error: serde_json::Error| CallError::Unreadable {
        method: method.to_owned(),
        reason: error.to_string(),
    };
    let incoming: Incoming<'_> = serde_json::from_slice(message).map_err(unreadable)?;
    if let Some(refusal) = incoming.error {
        return Err(CallError::Refused {
            method: method.to_owned(),
            message: refusal.message,
        });
    }
    let result = incoming.result.map_or("{}", |result| result.get());
    serde_json::from_str(result).map_err(unreadable)
}

impl Routes {
    /// Returns the session of a target that waits and belongs to no page.
    fn deliver(&mut self, message: Vec<u8>) -> Option<String> {
        let incoming = serde_json::from_slice::<Incoming<'_>>(&message).ok()?;
        if let Some(id) = incoming.id {
            if let Some(pending) = self.pending.remove(&id) {
                // A caller that gave up waiting wants no answer.
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
                    None => {
                        stray =
                            AttachedSession::from_params(incoming.params).map(|one| one.session_id)
                    }
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
            // A session whose page is closed listens no more.
            let _ = route
                .listener
                .send(Event::new(method.to_string(), session, params));
        }
        if method == "Target.detachedFromTarget"
            && let Some(detached) = AttachedSession::from_params(incoming.params)
        {
            self.detach(&detached.session_id);
        }
        stray
    }

    /// The page that a worker shared by a whole browser context belongs to.
    fn page_of_context(&self, params: Option<&RawValue>) -> Option<Arc<str>> {
        let attached = AttachedSession::from_params(params)?;
        let context = attached.target_info?.browser_context_id?;
        self.contexts.get(&context).cloned()
    }

    fn parent_of(&self, params: Option<&RawValue>) -> Option<Arc<str>> {
        let detached = AttachedSession::from_params(params)?;
        self.sessions
            .get(detached.session_id.as_str())?
            .parent
            .clone()
    }

    /// What is attached from a session that is listened to has the same listener, from its first
    /// event on.
    fn attach(&mut self, parent: &Arc<str>, params: Option<&RawValue>) {
        if let Some(route) = self.sessions.get(parent)
            && let Some(attached) = AttachedSession::from_params(params)
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

    /// A session ends together with those that were attached from it.
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

    fn close(&mut self) {
        self.is_gone = true;
        for (_, pending) in self.pending.drain() {
            let _ = pending.answer.send(Err(CallError::BrowserGone));
        }
        self.sessions.clear();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachedSession {
    session_id: String,
    target_info: Option<AttachedTarget>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachedTarget {
    browser_context_id: Option<String>,
}

impl AttachedSession {
    fn from_params(params: Option<&RawValue>) -> Option<AttachedSession> {
        serde_json::from_str(params?.get()).ok()
    }
}

/// No code that can panic runs under the lock, so a poisoned one holds nothing broken.
fn lock(routes: &Mutex<Routes>) -> MutexGuard<'_, Routes> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}
