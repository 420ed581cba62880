//! Actionability: whether an element can be clicked or filled, and where.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::browser::capture::LiveElements;
use crate::browser::devtools::CallError;
use crate::browser::world::Element;
use crate::dom::NodeId;

const READY: &str = include_str!("ready.js");
const THROUGH: &str = include_str!("through.js");

/// What an action needs of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    pub enabled: bool,
    pub editable: bool,
    /// Whether the pointer has to hit it.
    pub hit: bool,
}

/// A point of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Whether an element is actionable.
#[derive(Debug, Clone, PartialEq)]
pub enum Readiness {
    /// It is, at this point.
    Ready(Point),
    /// It left the page.
    Gone,
    Not(NotActionable),
}

/// Why an element is not actionable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotActionable {
    /// It has no box.
    Hidden,
    /// It, or a fieldset around it, is disabled.
    Disabled,
    ReadOnly,
    Moving,
    /// No scrolling brings it into the window.
    Outside,
    Covered {
        /// The document of `chain`.
        document: usize,
        /// The elements that cover it, the innermost first.
        chain: Vec<NodeId>,
        /// The innermost as a start tag.
        tag: String,
    },
}

#[derive(Deserialize)]
struct Answer {
    state: State,
    #[serde(default)]
    x: f64,
    #[serde(default)]
    y: f64,
    #[serde(default)]
    chain: Vec<u32>,
    #[serde(default)]
    tag: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ready,
    Gone,
    Hidden,
    Disabled,
    ReadOnly,
    Moving,
    Outside,
    Covered,
}

impl Answer {
    fn readiness(self, document: usize) -> Readiness {
        Readiness::Not(match self.state {
            State::Ready => {
                return Readiness::Ready(Point {
                    x: self.x,
                    y: self.y,
                });
            }
            State::Gone => return Readiness::Gone,
            State::Hidden => NotActionable::Hidden,
            State::Disabled => NotActionable::Disabled,
            State::ReadOnly => NotActionable::ReadOnly,
            State::Moving => NotActionable::Moving,
            State::Outside => NotActionable::Outside,
            State::Covered => NotActionable::Covered {
                document,
                chain: self.chain.into_iter().map(NodeId).collect(),
                tag: self.tag,
            },
        })
    }
}

impl LiveElements {
    /// Waits, frame by frame, until an element is actionable, for `patience` at most. `document` is the index
    /// of its document.
    pub async fn ready(
        &self,
        document: usize,
        element: &Element,
        needs: Needs,
        patience: Duration,
    ) -> Result<Readiness, CallError> {
        let session = element
            .world
            .session
            .with_deadline(patience + Duration::from_secs(5));
        let mut patient = element.clone();
        patient.world.session = session;
        let options = json!([{"value": {
            "enabled": needs.enabled, "editable": needs.editable, "hit": needs.hit,
            "patience": patience.as_millis(),
        }}]);
        let answer: Answer = patient.call(READY, options).await?;
        let mut readiness = answer.readiness(document);
        if !needs.hit {
            return Ok(readiness);
        }
        // The pointer hits a point in a frame only where nothing covers the frame.
        let mut inner = document;
        while let Readiness::Ready(point) = readiness {
            let Some((outer, owner)) = self.owners.get(inner).copied().flatten() else {
                break;
            };
            let Some(owner) = self.element(outer, owner).await? else {
                return Ok(Readiness::Gone);
            };
            let point = json!([{"value": point.x}, {"value": point.y}]);
            let answer: Answer = owner.call(THROUGH, point).await?;
            readiness = answer.readiness(outer);
            inner = outer;
        }
        Ok(readiness)
    }
}
