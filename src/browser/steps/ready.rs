//! Whether an element can be acted upon, and where.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::browser::capture::Origins;
use crate::browser::devtools::CallError;
use crate::browser::world::Element;
use crate::dom::NodeId;

const READY: &str = include_str!("ready.js");
const THROUGH: &str = include_str!("through.js");

/// What an action needs of its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// It takes input.
    pub enabled: bool,
    /// Its text can be changed.
    pub editable: bool,
    /// The pointer hits it.
    pub hit: bool,
}

/// A point of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Whether an element can be acted upon.
#[derive(Debug, Clone, PartialEq)]
pub enum Readiness {
    /// It can, here.
    Ready(Point),
    /// It left the page.
    Gone,
    /// It cannot.
    Not(Obstacle),
}

/// Why an element cannot be acted upon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// It has no box.
    Hidden,
    /// It, or a fieldset around it, is disabled.
    Disabled,
    /// It is read-only.
    ReadOnly,
    /// It does not stand still.
    Moving,
    /// It is where no scrolling brings it into the window.
    Outside,
    /// Something else lies over it.
    Covered {
        /// The elements that cover it, the innermost first: indexes in the document of that number.
        document: usize,
        /// See above.
        chain: Vec<NodeId>,
        /// The innermost as a start tag.
        tag: String,
    },
}

#[derive(Deserialize)]
struct Told {
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

impl Told {
    fn readiness(self, document: usize) -> Readiness {
        Readiness::Not(match self.state {
            State::Ready => {
                return Readiness::Ready(Point {
                    x: self.x,
                    y: self.y,
                });
            }
            State::Gone => return Readiness::Gone,
            State::Hidden => Obstacle::Hidden,
            State::Disabled => Obstacle::Disabled,
            State::ReadOnly => Obstacle::ReadOnly,
            State::Moving => Obstacle::Moving,
            State::Outside => Obstacle::Outside,
            State::Covered => Obstacle::Covered {
                document,
                chain: self.chain.into_iter().map(NodeId).collect(),
                tag: self.tag,
            },
        })
    }
}

impl Origins {
    /// Waits, frame by frame, until an element of the document of that index can be acted upon, as
    /// long as it is in the page and `patience` lasts.
    ///
    /// # Errors
    /// Where the document is gone, or the browser.
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
        let told: Told = patient.call(READY, options).await?;
        let mut readiness = told.readiness(document);
        if !needs.hit {
            return Ok(readiness);
        }
        // A point of a frame is one of the page as far as nothing lies over the frame.
        let mut inner = document;
        while let Readiness::Ready(point) = readiness {
            let Some((outer, owner)) = self.owners.get(inner).copied().flatten() else {
                break;
            };
            let Some(owner) = self.element(outer, owner).await? else {
                return Ok(Readiness::Gone);
            };
            let point = json!([{"value": point.x}, {"value": point.y}]);
            let told: Told = owner.call(THROUGH, point).await?;
            readiness = told.readiness(outer);
            inner = outer;
        }
        Ok(readiness)
    }
}
