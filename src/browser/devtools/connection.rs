//! Routing: answers to the call that waits, events to the session that they are for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::{mpsc, oneshot};

use super::message::{CallError, Event, Incoming, Request};
use super::pipe;

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
    sessions: HashMap<String, mpsc::UnboundedSender<Event>>,
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

    fn new(
        outgoing: mpsc::UnboundedSender<Vec<u8>>,
        mut messages: mpsc::UnboundedReceiver<Vec<u8>>,
    ) -> Connection {
        let routes = Arc::new(Mutex::new(Routes::default()));
        let connection = Connection {
            outgoing,
            routes: Arc::clone(&routes),
        };
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                lock(&routes).deliver(message);
            }
            lock(&routes).close();
        });
        connection
    }

    /// The session of the browser itself.
    pub fn browser(&self, deadline: Duration) -> Session {
        Session {
            connection: self.clone(),
            id: None,
            deadline,
        }
    }

    /// The session of that id, with the events that it gets from now on.
    pub fn session(
        &self,
        id: &str,
        deadline: Duration,
    ) -> (Session, mpsc::UnboundedReceiver<Event>) {
        let (sender, events) = mpsc::unbounded_channel();
        lock(&self.routes).sessions.insert(id.to_owned(), sender);
        let session = Session {
            connection: self.clone(),
            id: Some(id.into()),
            deadline,
        };
        (session, events)
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
    fn deliver(&mut self, message: Vec<u8>) {
        let Ok(incoming) = serde_json::from_slice::<Incoming<'_>>(&message) else {
            return;
        };
        if let Some(id) = incoming.id {
            if let Some(pending) = self.pending.remove(&id) {
                // A caller that gave up waiting wants no answer.
                let _ = pending.answer.send(Ok(message));
            }
            return;
        }
        let Some(method) = incoming.method else {
            return;
        };
        let session = incoming.session_id.map(std::borrow::Cow::into_owned);
        match method.as_ref() {
            "Inspector.targetCrashed" => self.fail_session(session.as_deref(), &CallError::Crashed),
            "Target.detachedFromTarget" => {
                let detached = incoming
                    .params
                    .and_then(|params| serde_json::from_str::<Detached>(params.get()).ok());
                if let Some(detached) = detached {
                    self.fail_session(Some(&detached.session_id), &CallError::Detached);
                    self.sessions.remove(&detached.session_id);
                }
            }
            _ => {}
        }
        let receiver = session.and_then(|session| self.sessions.get(&session));
        if let Some(receiver) = receiver {
            let params = incoming.params.map(ToOwned::to_owned);
            // A session whose page is closed listens no more.
            let _ = receiver.send(Event::new(method.into_owned(), params));
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
struct Detached {
    session_id: String,
}

/// No code that can panic runs under the lock, so a poisoned one holds nothing broken.
fn lock(routes: &Mutex<Routes>) -> MutexGuard<'_, Routes> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}
