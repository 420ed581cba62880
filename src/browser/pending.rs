//! What is on its way into a page, and will change it when it arrives.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::devtools::Event;

/// Nobody knows of a request whether it is slow or one that the server answers only when there is
/// something to tell. Past this time it is taken for the second.
const LONGEST: Duration = Duration::from_secs(3);

/// Things under way, each since when.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending(HashMap<String, Instant>);

impl Pending {
    pub(super) fn begin(&mut self, id: String) {
        self.0.insert(id, Instant::now());
    }

    pub(super) fn end(&mut self, id: &str) -> bool {
        self.0.remove(id).is_some()
    }

    /// How long it is at most until nothing is worth waiting for; `None` where nothing is.
    pub(super) fn worth_waiting(&self) -> Option<Duration> {
        self.0
            .values()
            .filter_map(|since| LONGEST.checked_sub(since.elapsed()))
            .max()
    }

    /// Takes in what happened to a request; `None` where that is of no interest.
    pub(super) fn apply(&mut self, event: &Event) -> Option<()> {
        match event.method.as_str() {
            "Network.requestWillBeSent" => {
                let request: Sent = event.params()?;
                if !request.kind.as_deref().is_some_and(changes_the_page) {
                    return None;
                }
                self.begin(request.request_id);
            }
            "Network.loadingFinished" | "Network.loadingFailed" => {
                let ended: Ended = event.params()?;
                if !self.end(&ended.request_id) {
                    return None;
                }
            }
            _ => return None,
        }
        Some(())
    }
}

/// Streams, such as media and event sources, never end; reports and prefetches change nothing.
/// <https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-ResourceType>
fn changes_the_page(kind: &str) -> bool {
    matches!(
        kind,
        "Stylesheet" | "Image" | "Font" | "Script" | "XHR" | "Fetch"
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    request_id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    request_id: String,
}
