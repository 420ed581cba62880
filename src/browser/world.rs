//! Isolated worlds, in which our own scripts run: the page cannot reach their globals.

use serde::Deserialize;
use serde_json::{Value, json};

use super::devtools::{CallError, Session};

const NAME: &str = "ariasnap";

/// The isolated world of a document.
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

/// A node of the browser's own tree.
/// <https://chromedevtools.github.io/devtools-protocol/tot/DOM/#type-Node>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DomNode {
    pub(super) backend_node_id: u64,
    pub(super) node_type: u32,
    pub(super) shadow_root_type: Option<String>,
    #[serde(default)]
    pub(super) shadow_roots: Vec<DomNode>,
    #[serde(default)]
    pub(super) children: Vec<DomNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    execution_context_id: u64,
}

/// The result of a script.
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
    /// Returns the exception.
    pub(super) fn thrown(&self) -> Option<String> {
        let exception = self.exception_details.as_ref()?;
        let thrown = exception.exception.as_ref();
        let described = thrown.and_then(|thrown| thrown.description.clone());
        let value = || thrown.and_then(|thrown| Some(thrown.value.as_ref()?.to_string()));
        Some(described.or_else(value).unwrap_or(exception.text.clone()))
    }

    /// Returns the script's value, or the exception.
    pub(crate) fn into_value(self) -> Result<T, String> {
        if let Some(thrown) = self.thrown() {
            return Err(thrown);
        }
        self.result
            .value
            .ok_or_else(|| "the script returned nothing".to_owned())
    }
}

const METHOD: &str = "Runtime.callFunctionOn";

fn refused(message: String) -> CallError {
    CallError::Refused {
        method: METHOD.to_owned(),
        message,
    }
}

/// Calls a function in a world or on an element: `target` names which. A function that is called for its value
/// may be asynchronous.
async fn call_function<T: for<'de> Deserialize<'de>>(
    session: &Session,
    target: (&str, Value),
    function: &str,
    arguments: Value,
    is_for_value: bool,
) -> Result<Evaluated<T>, CallError> {
    let mut params = json!({
        "functionDeclaration": function, "arguments": arguments,
        "returnByValue": is_for_value, "awaitPromise": is_for_value,
    });
    params[target.0] = target.1;
    session.call(METHOD, params).await
}

impl World {
    /// Returns the world of the present document of a frame.
    pub(super) async fn of_frame(session: &Session, frame: &str) -> Result<World, CallError> {
        let params = json!({"frameId": frame, "worldName": NAME});
        let created: Created = session.call("Page.createIsolatedWorld", params).await?;
        Ok(World {
            session: session.clone(),
            id: created.execution_context_id,
        })
    }

    fn target(&self) -> (&'static str, Value) {
        ("executionContextId", self.id.into())
    }

    /// Calls a function and returns its value.
    pub(super) async fn evaluate<T: for<'de> Deserialize<'de>>(
        &self,
        function: &str,
        arguments: Value,
    ) -> Result<T, CallError> {
        call_function(&self.session, self.target(), function, arguments, true)
            .await?
            .into_value()
            .map_err(refused)
    }

    /// Returns a handle on the value of an expression; `None` where that is no object.
    pub(super) async fn handle(&self, expression: &str) -> Result<Option<String>, CallError> {
        let params = json!({"expression": expression, "contextId": self.id});
        let evaluated: Evaluated<Value> = self.session.call("Runtime.evaluate", params).await?;
        Ok(evaluated.result.object_id)
    }

    /// Returns the browser's tree of the document, which shows closed shadow roots.
    pub(super) async fn dom_tree(&self) -> Result<Option<DomNode>, CallError> {
        #[derive(Deserialize)]
        struct Described {
            node: DomNode,
        }
        let Some(document) = self.handle("document").await? else {
            return Ok(None);
        };
        let params = json!({"objectId": document, "depth": -1, "pierce": true});
        let described: Described = self.session.call("DOM.describeNode", params).await?;
        Ok(Some(described.node))
    }

    /// Returns the element that a function returns.
    pub(super) async fn element(
        &self,
        function: &str,
        arguments: Value,
    ) -> Result<Option<Element>, CallError> {
        let evaluated: Evaluated<Value> =
            call_function(&self.session, self.target(), function, arguments, false).await?;
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
        let target = ("objectId", self.object.as_str().into());
        call_function(&self.world.session, target, function, arguments, true)
            .await?
            .into_value()
            .map_err(refused)
    }
}
