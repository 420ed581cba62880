//! Doing to a page what a person does: pointing, typing, choosing. Real input events go through the
//! browser; a node is acted upon once it is shown, enabled, still, and what the pointer would hit.

mod keys;
mod pointer;
mod ready;

use serde::Deserialize;
use serde_json::json;

use super::devtools::CallError;
use super::page::Page;
use super::world::Element;

pub use pointer::Press;
pub use ready::{Needs, Obstacle, Point, Readiness};

/// Puts what a field holds into a selection, so that typing replaces it. A field that nobody types
/// into, such as that of a colour, gets its value at once.
const FILL: &str = include_str!("steps/fill.js");
const SELECT: &str = include_str!("steps/select.js");
const CHECKED: &str = include_str!("steps/checked.js");

/// What a step met that it cannot be done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// The element is of another kind: what it is.
    Kind(String),
    /// There is no such option: those that there are.
    Option(Vec<String>),
    /// The field does not take the text: what it holds then.
    Value(String),
}

#[derive(Deserialize)]
struct Filled {
    way: Way,
    what: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Way {
    /// What it held is selected.
    Type,
    /// It has the value.
    Done,
    Unfit,
    /// It did not take the value.
    Refused,
}

#[derive(Deserialize)]
struct Selected {
    way: Chosen,
    #[serde(default)]
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Chosen {
    Done,
    Missing,
    Unfit,
}

#[derive(Deserialize)]
struct Checked {
    state: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluated {
    exception_details: Option<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    text: String,
    exception: Option<Thrown>,
}

#[derive(Deserialize)]
struct Thrown {
    description: Option<String>,
}

impl Element {
    /// Gives it the keyboard's focus; `false` where it takes none.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn focus(&self) -> Result<bool, CallError> {
        self.call(
            "function () { this.focus(); return this.getRootNode().activeElement === this; }",
            json!([]),
        )
        .await
    }

    /// Scrolls it into the middle of what is seen.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn scroll_into_view(&self) -> Result<(), CallError> {
        let _: bool = self
            .call(
                "function () { this.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' }); return true; }",
                json!([]),
            )
            .await?;
        Ok(())
    }

    /// Whether it is checked; `None` where it is nothing that can be.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn checked(&self) -> Result<Option<bool>, CallError> {
        let checked: Checked = self.call(CHECKED, json!([])).await?;
        Ok(checked.state)
    }

    /// Selects the options of these names in a native list, and no others.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn select(&self, names: &[String]) -> Result<Result<(), Unfit>, CallError> {
        let selected: Selected = self.call(SELECT, json!([{"value": names}])).await?;
        Ok(match selected.way {
            Chosen::Done => Ok(()),
            Chosen::Missing => Err(Unfit::Option(selected.names)),
            Chosen::Unfit => Err(Unfit::Kind(selected.names.concat())),
        })
    }

    /// Gives files to a file chooser, or to that which a label or button is for.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn upload(&self, files: &[String]) -> Result<Result<(), Unfit>, CallError> {
        let kind: Option<String> = self
            .call::<Kind>(
                "function () { return { kind: this instanceof HTMLInputElement && this.type === 'file' ? null : `<${this.localName}>` }; }",
                json!([]),
            )
            .await?
            .kind;
        if let Some(kind) = kind {
            return Ok(Err(Unfit::Kind(kind)));
        }
        self.world
            .session
            .tell(
                "DOM.setFileInputFiles",
                json!({"files": files, "objectId": self.object}),
            )
            .await?;
        Ok(Ok(()))
    }

    /// Replaces what a field holds, as if typed.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn fill(&self, text: &str) -> Result<Result<(), Unfit>, CallError> {
        let filled: Filled = self.call(FILL, json!([{"value": text}])).await?;
        match filled.way {
            Way::Done => {}
            Way::Unfit => return Ok(Err(Unfit::Kind(filled.what.unwrap_or_default()))),
            Way::Refused => return Ok(Err(Unfit::Value(filled.what.unwrap_or_default()))),
            Way::Type if text.is_empty() => {
                if let Ok(delete) = crate::keyboard::parse("Delete") {
                    keys::press(&self.world.session, &delete).await?;
                }
            }
            Way::Type => {
                self.world
                    .session
                    .tell("Input.insertText", json!({"text": text}))
                    .await?;
            }
        }
        Ok(Ok(()))
    }

    /// Presses a key while it has the focus.
    ///
    /// # Errors
    /// Where its document is gone.
    pub async fn press(&self, stroke: &crate::keyboard::Stroke) -> Result<(), CallError> {
        keys::press(&self.world.session, stroke).await
    }
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Page {
    /// Presses a key wherever the focus is.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn press(&self, stroke: &crate::keyboard::Stroke) -> Result<(), CallError> {
        keys::press(&self.session, stroke).await
    }

    /// Runs a script in the page's own world, and waits for the promise that it may give; what it
    /// throws is the inner error.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn run_script(&self, script: &str) -> Result<Result<(), String>, CallError> {
        let evaluated: Evaluated = self
            .session
            .call(
                "Runtime.evaluate",
                json!({
                    "expression": script, "awaitPromise": true, "userGesture": true,
                    "replMode": false, "returnByValue": false,
                }),
            )
            .await?;
        Ok(match evaluated.exception_details {
            None => Ok(()),
            Some(thrown) => {
                let described = thrown.exception.and_then(|thrown| thrown.description);
                Err(described.unwrap_or(thrown.text))
            }
        })
    }
}
