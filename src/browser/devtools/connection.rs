//! A connection to a browser, and the sessions that it carries.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::net::unix::pipe::{Receiver, Sender};
use tokio::sync::{mpsc, oneshot};

use super::message::{CallError, Event, Incoming, Request};
use super::pipe;
use super::routes::{Answer, Routes};
use super::socket::{self, Socket};

/// A connection to a browser. Cheap to clone; all clones are the same connection.
#[derive(Debug, Clone)]
pub struct Connection {
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
    routes: Arc<Mutex<Routes>>,
}

/// The part of a connection for one target: a page, a frame in a process of its own, or the browser itself.
#[derive(Debug, Clone)]
pub struct Session {
    connection: Connection,
    id: Option<Arc<str>>,
    deadline: Duration,
}

impl Connection {
    /// Connects over a pipe.
    pub fn over_pipe(sender: Sender, receiver: Receiver) -> Connection {
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (arrived, messages) = mpsc::unbounded_channel();
        tokio::spawn(pipe::write_all(sender, queue));
        tokio::spawn(pipe::read_all(receiver, arrived));
        Connection::new(outgoing, messages)
    }

    /// Connects over a WebSocket.
    pub fn over_socket(socket: Socket) -> Connection {
        let (outgoing, queue) = mpsc::unbounded_channel();
        let (arrived, messages) = mpsc::unbounded_channel();
        let (sink, stream) = socket.split();
        tokio::spawn(socket::write_all(sink, queue));
        tokio::spawn(socket::read_all(stream, arrived));
        Connection::new(outgoing, messages)
    }

    fn new(
        outgoing: mpsc::UnboundedSender<Vec<u8>>,
        mut messages: mpsc::UnboundedReceiver<Vec<u8>>,
    ) -> Connection {
        let connection = Connection {
            outgoing,
            routes: Arc::default(),
        };
        let routes = Arc::clone(&connection.routes);
        // The connection closes when its last user drops it.
        let outgoing = connection.outgoing.downgrade();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                let stray = lock(&routes).deliver(message);
                if let (Some(stray), Some(outgoing)) = (stray, outgoing.upgrade()) {
                    let routes = Arc::clone(&routes);
                    Connection { outgoing, routes }.resume(&stray);
                }
            }
            lock(&routes).close();
        });
        connection
    }

    /// Treats the browser as gone.
    pub fn give_up(&self) {
        lock(&self.routes).close();
    }

    /// Returns whether the browser is gone.
    pub fn is_gone(&self) -> bool {
        lock(&self.routes).is_gone
    }

    /// Resumes a target that waits for us and belongs to no page of ours.
    fn resume(&self, session: &str) {
        let nothing = serde_json::json!({});
        drop(self.enqueue(Some(session), "Runtime.runIfWaitingForDebugger", nothing));
    }

    /// Returns the session of the browser itself.
    pub fn browser(&self, deadline: Duration) -> Session {
        Session {
            connection: self.clone(),
            id: None,
            deadline,
        }
    }

    /// Returns the session of a page in a browser context of its own, with its events from now on and those
    /// of all sessions that are attached from it or belong to its context.
    pub fn session(
        &self,
        id: &str,
        context: Option<&str>,
        deadline: Duration,
    ) -> (Session, mpsc::UnboundedReceiver<Event>) {
        let events = lock(&self.routes).listen(id, context);
        (self.attached_session(id, deadline), events)
    }

    /// Returns a session that was attached from another one, whose listener gets its events.
    pub fn attached_session(&self, id: &str, deadline: Duration) -> Session {
        Session {
            connection: self.clone(),
            id: Some(id.into()),
            deadline,
        }
    }

    fn enqueue(
        &self,
        session: Option<&str>,
        method: &str,
        params: impl Serialize,
    ) -> Result<(u64, oneshot::Receiver<Answer>), CallError> {
        let (id, answer) = lock(&self.routes).begin(session)?;
        let request = Request {
            id,
            method,
            params,
            session_id: session,
        };
        let message = serde_json::to_vec(&request).map_err(|error| unreadable(method, &error))?;
        let sent = self.outgoing.send(message);
        sent.map_err(|_| CallError::BrowserGone)?;
        Ok((id, answer))
    }
}

impl Session {
    /// Returns the same session with another deadline for its calls.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Session {
        Session {
            deadline,
            ..self.clone()
        }
    }

    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Returns the session's id; `None` for the browser itself.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Sends the call at once and returns what waits for its answer: calls can be sent in a row.
    pub fn call<R: for<'de> Deserialize<'de>>(
        &self,
        method: &'static str,
        params: impl Serialize,
    ) -> impl Future<Output = Result<R, CallError>> + Send + 'static {
        let sent = self.connection.enqueue(self.id.as_deref(), method, params);
        let connection = self.connection.clone();
        let deadline = self.deadline;
        async move {
            let (id, answer) = sent?;
            match tokio::time::timeout(deadline, answer).await {
                Ok(Ok(answer)) => read_answer(method, &answer?),
                Ok(Err(_)) => Err(CallError::BrowserGone),
                Err(_) => {
                    lock(&connection.routes).forget(id);
                    Err(CallError::Deadline {
                        method: method.to_owned(),
                        deadline,
                    })
                }
            }
        }
    }

    /// As [`Session::call`], for a call whose answer is empty.
    pub fn send(
        &self,
        method: &'static str,
        params: impl Serialize,
    ) -> impl Future<Output = Result<(), CallError>> + Send + 'static {
        let answer = self.call::<serde::de::IgnoredAny>(method, params);
        async move { answer.await.map(|_| ()) }
    }
}

fn read_answer<R: for<'de> Deserialize<'de>>(method: &str, message: &[u8]) -> Result<R, CallError> {
    let incoming: Incoming<'_> =
        serde_json::from_slice(message).map_err(|error| unreadable(method, &error))?;
    if let Some(refusal) = incoming.error {
        return Err(CallError::Refused {
            method: method.to_owned(),
            message: refusal.message,
        });
    }
    let result = incoming.result.map_or("{}", |result| result.get());
    serde_json::from_str(result).map_err(|error| unreadable(method, &error))
}

fn unreadable(method: &str, error: &serde_json::Error) -> CallError {
    CallError::Unreadable {
        method: method.to_owned(),
        reason: error.to_string(),
    }
}

/// No code that can panic runs under the lock, so a poisoned one holds nothing broken.
fn lock(routes: &Mutex<Routes>) -> MutexGuard<'_, Routes> {
    routes.lock().unwrap_or_else(PoisonError::into_inner)
}
