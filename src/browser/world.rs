//! Where our own scripts run: beside the page's, in a world whose globals the page cannot reach.

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Session};

const NAME: &str = "ariasnap";

/// A world of a document whose globals the page cannot reach.
#[derive(Debug, Clone)]
pub struct World {
    pub(super) session: Session,
    pub(super) id: u64,
}

/// An element of a document.
#[derive(Debug, Clone)]
pub struct Element {
    pub(super) world: World,
    pub(super) object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    execution_context_id: u64,
}

/// The answer to a call of a function in a page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evaluated<T> {
    result: Returned<T>,
    exception_details: Option<Exception>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Returned<T> {
    value: Option<T>,
    object_id: Option<String>,
}

#[derive(Deserialize)]
struct Exception {
    text: String,
    exception: Option<Thrown>,
}

#[derive(Deserialize)]
struct Thrown {
    description: Option<String>,
    value: Option<Value>,
}

impl<T> Evaluated<T> {
    /// What the function threw.
    fn thrown(&self) -> Option<String> {
        let exception = self.exception_details.as_ref()?;
        let thrown = exception.exception.as_ref();
        let described = thrown.and_then(|thrown| thrown.description.clone());
        let value = || thrown.and_then(|thrown| Some(thrown.value.as_ref()?.to_string()));
        Some(described.or_else(value).unwrap_or(exception.text.clone()))
    }

    /// What the function returned, or what it threw.
    pub(crate) fn into_value(self) -> Result<T, String> {
        if let Some(thrown) = self.thrown() {
            return Err(thrown);
        }
        self.result
            .value
            .ok_or_else(|| "nothing came back".to_owned())
    }
}

const METHOD: &str = "Runtime.callFunctionOn";

fn refused(message: String) -> CallError {
    CallError::Refused {
        method: METHOD.to_owned(),
        message,
    }
}

impl World {
    /// The world of the document that a frame has now.
    pub(super) async fn of_frame(session: &Session, frame: &str) -> Result<World, CallError> {
        let created: Created = session
            .call(
                "Page.createIsolatedWorld",
                json!({"frameId": frame, "worldName": NAME}),
            )
            .await?;
        Ok(World {
            session: session.clone(),
            id: created.execution_context_id,
        })
    }

    /// Calls a function, which may be asynchronous, and gives its value.
    pub(super) async fn evaluate<T: for<'de> Deserialize<'de>>(
        &self,
        function: &str,
        arguments: Value,
    ) -> Result<T, CallError> {
        let evaluated: Evaluated<T> = self
            .session
            .call(
                METHOD,
                json!({
                    "functionDeclaration": function,
                    "executionContextId": self.id,
                    "arguments": arguments,
                    "returnByValue": true,
                    "awaitPromise": true,
                }),
            )
            .await?;
        evaluated.into_value().map_err(refused)
    }

    /// A handle on what an expression gives; `None` where that is no object.
    pub(super) async fn handle(&self, expression: &str) -> Result<Option<String>, CallError> {
        let evaluated: Evaluated<Value> = self
            .session
            .call(
                "Runtime.evaluate",
                json!({"expression": expression, "contextId": self.id}),
            )
            .await?;
        Ok(evaluated.result.object_id)
    }

    /// The element that a function gives; `None` where it gives none.
    pub(super) async fn element(
        &self,
        function: &str,
        arguments: Value,
    ) -> Result<Option<Element>, CallError> {
        let evaluated: Evaluated<Value> = self
            .session
            .call(
                METHOD,
                json!({
                    "functionDeclaration": function,
                    "executionContextId": self.id,
                    "arguments": arguments,
                }),
            )
            .await?;
        if let Some(thrown) = evaluated.thrown() {
            return Err(refused(thrown));
        }
        Ok(evaluated.result.object_id.map(|object| Element {
            world: self.clone(),
            object,
        }))
    }
}

impl Element {
    /// Calls a function with the element as `this`.
    pub(super) async fn call<T: for<'de> Deserialize<'de>>(
        &self,
        function: &str,
        arguments: Value,
    ) -> Result<T, CallError> {
        let evaluated: Evaluated<T> = self
            .world
            .session
            .call(
                METHOD,
                json!({
                    "functionDeclaration": function,
                    "objectId": self.object,
                    "arguments": arguments,
                    "returnByValue": true,
                    "awaitPromise": true,
                }),
            )
            .await?;
        evaluated.into_value().map_err(refused)
    }
}
