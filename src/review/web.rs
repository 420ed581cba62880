//! The review in a browser: a page on loopback that no other user or site can read or use.
//!
//! Other pages in the same browser can send requests here, and can make a name of theirs point at
//! this address. So every request has to bring a token that only the printed address holds, and
//! those that come from elsewhere or under another name are refused before anything is looked at.

mod guard;

use std::collections::HashMap;
use std::net::SocketAddr;
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
use super::decide::{Choice, Part, Target};
use super::session::{Action, Event};
use crate::baseline::BaselinePath;
use crate::compare::recurring::GroupId;
use crate::report::html::{self, Live, Pictures};
use crate::review::pile::{self, Item};

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
    address: SocketAddr,
    token: String,
    finished: Notify,
}

/// Why a review could not be served.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// No port on loopback, or the connection broke.
    #[error("cannot serve the review on 127.0.0.1")]
    Io(#[from] std::io::Error),
    /// The system gives no random numbers.
    #[error("the system has no random numbers for the token: {0}")]
    Random(String),
}

impl Web {
    /// Takes a free port on loopback.
    ///
    /// # Errors
    /// [`WebError`]
    pub async fn bind(review: Review) -> Result<Web, WebError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let desk = Desk {
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

    /// Returns a page that leads to the review. In a file that only its owner can read, it opens the
    /// review without the token on a command line, which every user of the machine can see.
    pub fn door(&self) -> String {
        let url = self.url();
        format!(
            "<!doctype html><title>ariasnap review</title>\
             <meta http-equiv=refresh content=\"0; url={url}enter\">\
             <a href=\"{url}enter\">ariasnap review</a>"
        )
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
        .route("/{token}/enter", get(enter))
        .route("/{token}/state", get(state))
        .route("/{token}/shot/{*path}", get(shot))
        .route("/{token}/decide", post(decide))
        .route("/{token}/undo", post(undo))
        .route("/{token}/finish", post(finish))
        .layer(axum::middleware::from_fn_with_state(
            desk.clone(),
            guard::guard,
        ))
        .with_state(desk)
}

/// Leads to the page from within: a browser says of a page that another one leads to where it comes from.
async fn enter() -> Html<&'static str> {
    Html("<!doctype html><title>ariasnap</title><meta http-equiv=refresh content=\"0; url=./\">")
}

async fn page(State(desk): Shared) -> Response {
    let made = tokio::task::block_in_place(|| {
        let mut review = desk.lock();
        // A page that is loaded again shows what is pending by now.
        review.refresh();
        let items = review.session.items();
        let result = pile::as_result(review.store(), items);
        let shown = items.iter();
        let shown = shown
            .filter_map(|item| Some((item.path.clone(), item.shown?)))
            .collect();
        let live = Live {
            token: &desk.token,
            shown: &shown,
        };
        html::page(&result, &pictures(items), Some(live))
    });
    match made {
        Ok(page) => Html(page).into_response(),
        Err(error) => failed(&error),
    }
}

/// The pictures' addresses: the places of their snapshots, and the texts that they belong to, so that
/// a browser does not show an old one.
fn pictures(items: &[Item]) -> Pictures {
    let address = |item: &Item| {
        let file = item.evidence.as_ref()?.screenshot.as_ref()?.file.clone();
        let mut url = url::Url::parse("http://localhost/shot/").ok()?;
        let parts = item.path.as_str().split('/');
        url.path_segments_mut().ok()?.pop_if_empty().extend(parts);
        url.set_query(Some(&item.shown?.to_string()));
        let address = url.as_str().strip_prefix("http://localhost/")?;
        Some((file, address.to_owned()))
    };
    items.iter().filter_map(address).collect()
}

/// The picture of a snapshot that is part of the review: no path comes from outside.
async fn shot(State(desk): Shared, Path((_, path)): Path<(String, BaselinePath)>) -> Response {
    let read = tokio::task::block_in_place(|| {
        let review = desk.lock();
        let mut items = review.session.items().iter();
        let item = items.find(|item| item.path == path)?;
        let screenshot = item.evidence.as_ref()?.screenshot.as_ref()?;
        review.store().picture(&path, screenshot).ok().flatten()
    });
    match read {
        Some(bytes) => ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn failed(error: &dyn std::error::Error) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

/// The state of the review.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Standing {
    message: String,
    problems: Vec<String>,
    pending: Vec<PendingItem>,
    can_undo: bool,
    /// What is another than was shown, and has to be shown anew.
    renewed: Vec<BaselinePath>,
    /// The fingerprints of what the action left of its snapshots.
    left: HashMap<BaselinePath, String>,
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
    /// The fingerprints of the pending snapshots that the page shows.
    shown: HashMap<BaselinePath, String>,
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
        let problems = match action {
            Action::Decide(_) => review.carry_out(&action),
            Action::Show | Action::Undo(_) | Action::Quit => Vec::new(),
        };
        let word = match decision.choice {
            Choice::Accept => "accepted",
            Choice::Reject => "rejected",
        };
        let left = review.session.items().len();
        let plural = if count == 1 { "" } else { "s" };
        let message = match (problems.len(), count) {
            (0, 0) => format!("nothing was {word}: nothing is pending"),
            (0, _) => format!("{count} snapshot{plural} {word}, {left} left"),
            (failed, _) => format!("{failed} of {count} snapshots could not be {word}"),
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

fn parts(review: &Review, decision: &Decision) -> Vec<Target> {
    let items = review.session.items().iter();
    let is_rest = decision.path.is_none() && decision.group.is_none();
    let is_meant = |path: &BaselinePath| decision.path.as_ref().is_none_or(|one| one == path);
    items
        .filter(|item| is_meant(&item.path))
        // The rest is the rest of what the page shows.
        .filter(|item| !is_rest || decision.shown.contains_key(&item.path))
        .filter(|item| match &decision.group {
            Some(group) => item.groups().contains(group),
            None => true,
        })
        .map(|item| {
            let part = match &decision.group {
                Some(group) => Part::Groups(vec![group.clone()]),
                None => Part::All,
            };
            let shown = decision.shown.get(&item.path);
            Target {
                path: item.path.clone(),
                part,
                shown: shown.and_then(|shown| shown.parse().ok()),
            }
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
            Action::Show | Action::Decide(_) | Action::Quit => "nothing to undo".to_owned(),
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
        renewed: review.renewed().to_vec(),
        left: review
            .left()
            .iter()
            .map(|(path, shown)| (path.clone(), shown.to_string()))
            .collect(),
    }
}
