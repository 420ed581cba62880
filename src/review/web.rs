//! The review in a browser: a page on loopback that nobody else can read or use.
//!
//! Other pages in the same browser can send requests here, and can make a name of theirs point at
//! this address. So every request has to bring a token that only the printed address holds, and
//! those that come from elsewhere or under another name are refused before anything is looked at.

mod guard;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::Review;
use super::decide::{Choice, Part};
use super::session::{Action, Event};
use crate::baseline::BaselinePath;
use crate::compare::recurring::GroupId;
use crate::report::html::{self, Live, Pictures};
use crate::review::pile;

/// A review that is served.
#[derive(Debug)]
pub struct Web {
    listener: TcpListener,
    desk: Arc<Desk>,
}

/// What the handlers share.
#[derive(Debug)]
struct Desk {
    review: Mutex<Review>,
    /// The screenshots by their numbers: no path comes from outside.
    shots: Vec<PathBuf>,
    address: SocketAddr,
    token: String,
    finished: Notify,
}

/// Why a review could not be served.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No port on loopback, or the connection broke.
    #[error("the review cannot be served on 127.0.0.1")]
    Io(#[from] std::io::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for the token: {0}")]
    Random(String),
}

impl Web {
    /// Takes a free port on loopback.
    ///
    /// # Errors
    /// [`WebError`]
    pub async fn bind(review: Review) -> Result<Web, WebError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let evidence = review.session.items().iter().map(|item| &item.evidence);
        let shots = evidence
            .flatten()
            .filter_map(|evidence| Some(evidence.screenshot.as_ref()?.file.clone()));
        let desk = Desk {
            shots: shots.collect(),
            address: listener.local_addr()?,
            token: token()?,
            review: Mutex::new(review),
            finished: Notify::new(),
        };
        Ok(Web {
            listener,
            desk: Arc::new(desk),
        })
    }

    /// The address to open, with its token.
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.desk.address, self.desk.token)
    }

    /// Serves until the review is finished in the page, or `stop` comes.
    ///
    /// # Errors
    /// The listener breaks.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Ended, WebError> {
        let desk = self.desk.clone();
        let ended = async move {
            tokio::select! {
                () = desk.finished.notified() => {}
                () = stop => {}
            }
        };
        axum::serve(self.listener, router(self.desk.clone()))
            .with_graceful_shutdown(ended)
            .await?;
        let mut review = self.desk.lock();
        let tally = review.session.tally();
        let ended = Ended {
            accepted: tally.accepted,
            rejected: tally.rejected,
            left: review.session.items().len(),
        };
        // What is left behind is found and removed by the next run.
        let _ = review.finish();
        Ok(ended)
    }
}

/// How a review ended, in snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Taken.
    pub accepted: usize,
    /// Dropped.
    pub rejected: usize,
    /// Still pending.
    pub left: usize,
}

fn token() -> Result<String, WebError> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| WebError::Random(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, Review> {
        // Every decision is whole on the disk, whatever panicked after it.
        self.review.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Shared = State<Arc<Desk>>;

fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/state", get(state))
        .route("/{token}/shot/{number}", get(shot))
        .route("/{token}/decide", post(decide))
        .route("/{token}/undo", post(undo))
        .route("/{token}/finish", post(finish))
        .layer(axum::middleware::from_fn_with_state(
            desk.clone(),
            guard::guard,
        ))
        .with_state(desk)
}

async fn page(State(desk): Shared) -> Response {
    let pictures: Pictures = desk
        .shots
        .iter()
        .enumerate()
        .map(|(number, file)| (file.clone(), format!("shot/{number}")))
        .collect();
    let made = tokio::task::block_in_place(|| {
        let review = desk.lock();
        let result = pile::as_result(review.store(), review.session.items());
        let live = Live { token: &desk.token };
        html::page(&result, &pictures, Some(live))
    });
    match made {
        Ok(page) => Html(page).into_response(),
        Err(error) => failed(&error),
    }
}

async fn shot(State(desk): Shared, Path((_, number)): Path<(String, usize)>) -> Response {
    let Some(file) = desk.shots.get(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tokio::fs::read(file).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

/// How the review stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    message: String,
    problems: Vec<String>,
    pending: Vec<PendingItem>,
    can_undo: bool,
}

#[derive(Debug, Serialize)]
struct PendingItem {
    path: BaselinePath,
    groups: Vec<GroupId>,
}

/// A decision from the page: a group everywhere, a snapshot, a group's changes in one, or all.
#[derive(Debug, Deserialize)]
struct Decision {
    choice: Choice,
    path: Option<BaselinePath>,
    group: Option<GroupId>,
}

async fn state(State(desk): Shared) -> Json<Standing> {
    Json(standing(&desk.lock(), String::new(), Vec::new()))
}

async fn decide(State(desk): Shared, Json(decision): Json<Decision>) -> Json<Standing> {
    tokio::task::block_in_place(|| {
        let mut review = desk.lock();
        let parts = parts(&review, &decision);
        let count = parts.len();
        let action = review
            .session
            .choose(title(&decision), decision.choice, parts);
        let problems = review.carry_out(&action);
        let word = match decision.choice {
            Choice::Accept => "accepted",
            Choice::Reject => "rejected",
        };
        let left = review.session.items().len();
        let plural = if count == 1 { "" } else { "s" };
        let message = match problems.is_empty() {
            true => format!("{count} snapshot{plural} {word}, {left} left"),
            false => format!(
                "{} of {count} snapshots could not be {word}",
                problems.len()
            ),
        };
        Json(standing(&review, message, problems))
    })
}

fn title(decision: &Decision) -> String {
    match (&decision.path, &decision.group) {
        (Some(path), _) => path.to_string(),
        (None, Some(group)) => format!("group {group}"),
        (None, None) => "the rest".to_owned(),
    }
}

fn parts(review: &Review, decision: &Decision) -> Vec<(BaselinePath, Part)> {
    let items = review.session.items().iter();
    let is_meant = |path: &BaselinePath| decision.path.as_ref().is_none_or(|one| one == path);
    items
        .filter(|item| is_meant(&item.path))
        .filter(|item| match &decision.group {
            Some(group) => item.groups().contains(group),
            None => true,
        })
        .map(|item| {
            let part = match &decision.group {
                Some(group) => Part::Groups(vec![group.clone()]),
                None => Part::All,
            };
            (item.path.clone(), part)
        })
        .collect()
}

async fn undo(State(desk): Shared) -> Json<Standing> {
    tokio::task::block_in_place(|| {
        let mut review = desk.lock();
        let action = review.session.event(Event::Undo);
        let problems = review.carry_out(&action);
        let message = match action {
            Action::Undo(step) => format!("taken back: {}", step.title),
            Action::Show | Action::Decide(_) | Action::Quit => "nothing to take back".to_owned(),
        };
        Json(standing(&review, message, problems))
    })
}

async fn finish(State(desk): Shared) -> Json<Standing> {
    let standing = standing(&desk.lock(), "The review is over".to_owned(), Vec::new());
    desk.finished.notify_one();
    Json(standing)
}

fn standing(review: &Review, message: String, problems: Vec<String>) -> Standing {
    let pending = review.session.items().iter().map(|item| PendingItem {
        path: item.path.clone(),
        groups: item.groups(),
    });
    Standing {
        message,
        problems,
        pending: pending.collect(),
        can_undo: review.session.can_undo(),
    }
}
