//! What a person does on a page: pointing, typing, choosing. Input events go through the browser, and an
//! element gets them once it is shown, enabled, still, and where the pointer hits it.

mod keys;
mod pointer;
mod ready;

use serde::Deserialize;
use serde_json::json;

use super::devtools::CallError;
use super::page::Page;
use super::world::{Element, Evaluated};

pub use pointer::Press;
pub use ready::{Needs, NotActionable, Point, Readiness};

/// Selects the text of a field, so that typing replaces it. A field without text, such as a colour, gets its
/// value at once.
const FILL: &str = include_str!("steps/fill.js");
const SELECT: &str = include_str!("steps/select.js");
const CHECKED: &str = include_str!("steps/checked.js");

/// Why a step does not work on an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepProblem {
    /// The element is of another kind: this one.
    Kind(String),
    /// There is no such option: these exist.
    Option(Vec<String>),
    /// The field refuses the text and has this value.
    Value(String),
}

#[derive(Deserialize)]
struct Filled {
    way: FillResult,
    what: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum FillResult {
    /// Its text is selected.
    Type,
    Done,
    Unfit,
    Refused,
}

#[derive(Deserialize)]
struct Selected {
    way: SelectResult,
    #[serde(default)]
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SelectResult {
    Done,
    Missing,
    Unfit,
}

#[derive(Deserialize)]
struct Checked {
    state: Option<bool>,
}

impl Element {
    /// Focuses it; `false` where it takes no focus.
    pub async fn focus(&self) -> Result<bool, CallError> {
        self.call(
            "function () { this.focus(); return this.getRootNode().activeElement === this; }",
            json!([]),
        )
        .await
    }

    /// Scrolls it into the middle of the window.
    pub async fn scroll_into_view(&self) -> Result<(), CallError> {
        let _: bool = self
            .call(
                "function () { this.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' }); return true; }",
                json!([]),
            )
            .await?;
        Ok(())
    }

    /// Returns whether it is checked; `None` where it cannot be checked.
    pub async fn checked(&self) -> Result<Option<bool>, CallError> {
        let checked: Checked = self.call(CHECKED, json!([])).await?;
        Ok(checked.state)
    }

    /// Selects exactly the options of these names in a native list.
    pub async fn select(&self, names: &[String]) -> Result<Result<(), StepProblem>, CallError> {
        let selected: Selected = self.call(SELECT, json!([{"value": names}])).await?;
        Ok(match selected.way {
            SelectResult::Done => Ok(()),
            SelectResult::Missing => Err(StepProblem::Option(selected.names)),
            SelectResult::Unfit => Err(StepProblem::Kind(selected.names.concat())),
        })
    }

    /// Gives files to a file field.
    pub async fn upload(&self, files: &[String]) -> Result<Result<(), StepProblem>, CallError> {
        let kind: Option<String> = self
            .call::<Kind>(
                "function () { return { kind: this instanceof HTMLInputElement && this.type === 'file' ? null : `<${this.localName}>` }; }",
                json!([]),
            )
            .await?
            .kind;
        if let Some(kind) = kind {
            return Ok(Err(StepProblem::Kind(kind)));
        }
        let params = json!({"files": files, "objectId": self.object});
        let session = &self.world.session;
        session.send("DOM.setFileInputFiles", params).await?;
        Ok(Ok(()))
    }

    /// Returns the origin of the element's document; `null` if it has none.
    pub async fn origin(&self) -> Result<String, CallError> {
        self.call("function () { return self.origin; }", json!([]))
            .await
    }

    /// Replaces the text of a field, as if typed. With `alone`, no other field gets the text, even if the
    /// focus moves.
    pub async fn fill(
        &self,
        text: &str,
        alone: bool,
    ) -> Result<Result<(), StepProblem>, CallError> {
        let arguments = json!([{"value": text}, {"value": alone && !text.is_empty()}]);
        let filled: Filled = self.call(FILL, arguments).await?;
        match filled.way {
            FillResult::Done => {}
            FillResult::Unfit => {
                return Ok(Err(StepProblem::Kind(filled.what.unwrap_or_default())));
            }
            FillResult::Refused => {
                return Ok(Err(StepProblem::Value(filled.what.unwrap_or_default())));
            }
            FillResult::Type if text.is_empty() => {
                if let Ok(delete) = crate::keyboard::parse("Delete") {
                    keys::press(&self.world.session, &delete).await?;
                }
            }
            FillResult::Type => {
                self.world
                    .session
                    .send("Input.insertText", json!({"text": text}))
                    .await?;
            }
        }
        Ok(Ok(()))
    }

    /// Presses a key in its document.
    pub async fn press(&self, stroke: &crate::keyboard::Stroke) -> Result<(), CallError> {
        keys::press(&self.world.session, stroke).await
    }
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Page {
    /// Presses a key at the focus.
    pub async fn press(&self, stroke: &crate::keyboard::Stroke) -> Result<(), CallError> {
        keys::press(&self.session, stroke).await
    }

    /// Runs a script in the page's own world, and waits for a promise that it returns. An exception of the
    /// script is the inner error.
    pub async fn run_script(&self, script: &str) -> Result<Result<(), String>, CallError> {
        let params = json!({
            "expression": script, "awaitPromise": true, "userGesture": true,
            "replMode": false, "returnByValue": false,
        });
        let evaluated: Evaluated<serde::de::IgnoredAny> =
            self.session.call("Runtime.evaluate", params).await?;
        Ok(evaluated.thrown().map_or(Ok(()), Err))
    }
}
