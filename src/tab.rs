//! Captures pages that a test drives with [`headless_chrome::Tab`].
//!
//! The calls use their own JSON types, because headless_chrome's generated types reject the answers of newer
//! browsers.

use std::fmt;

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::types::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::browser::capture::{COLLECTOR, CaptureOptions, CollectorOptions};
use crate::browser::world::Evaluated;
use crate::dom::{Capture, CaptureFacts, Facts, FactsError, FramePlace, NodeId};

/// Why a tab was not captured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureError {
    /// The browser refused a call or did not answer.
    #[error("{method}: {source}")]
    Call {
        /// The method of the DevTools protocol.
        method: &'static str,
        /// The error of headless_chrome.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The collector failed in the page.
    #[error("cannot read the content of the page: {0}")]
    Collector(String),
    /// The captured data is inconsistent.
    #[error(transparent)]
    Facts(#[from] FactsError),
}

/// Captures the page of a tab as it is now; the caller waits for the page before. Frames of another process
/// have no content.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use ariasnap::Shape;
///
/// let browser = headless_chrome::Browser::default()?;
/// let tab = browser.new_tab()?;
/// tab.navigate_to("https://example.com/")?.wait_until_navigated()?;
/// let capture = ariasnap::capture(&tab)?;
/// println!("{}", ariasnap::snapshot_of(&capture, Shape::Page));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`CaptureError`]
pub fn capture(tab: &Tab) -> Result<Capture, CaptureError> {
    // A page's target has the id of its main frame.
    let mut documents = vec![Captured::of_frame(tab, tab.get_target_id())?];
    let mut places = vec![FramePlace::default()];
    let mut at = 0;
    while at < documents.len() {
        for (index, element) in documents[at].facts.frames.clone().into_iter().enumerate() {
            let Some(frame) = frame_id(tab, documents[at].world, index)? else {
                continue;
            };
            // Numbered in page order, level by level, because a tab does not report earlier frames. A
            // frame that disappears, or is in another process, has no content.
            let sequence = u32::try_from(places.len()).unwrap_or(u32::MAX);
            if let Ok(captured) = Captured::of_frame(tab, &frame) {
                documents.push(captured);
                places.push(FramePlace {
                    sequence,
                    owner: Some((at, NodeId(element))),
                });
            }
        }
        at += 1;
    }
    let facts = documents.into_iter().map(|document| document.facts);
    Ok(Capture::from_facts(CaptureFacts {
        documents: places.into_iter().zip(facts).collect(),
    })?)
}

/// A document and its isolated world.
struct Captured {
    world: u64,
    facts: Facts,
}

impl Captured {
    fn of_frame(tab: &Tab, frame: &str) -> Result<Captured, CaptureError> {
        let world = call(
            tab,
            CreateIsolatedWorld {
                frame_id: frame,
                world_name: "ariasnap",
            },
        )?;
        let world = world.execution_context_id;
        let wanted = CaptureOptions {
            layout: true,
            rects: false,
        };
        let evaluated = call(
            tab,
            CallFunctionOn {
                function_declaration: COLLECTOR,
                execution_context_id: world,
                arguments: json!([{"value": CollectorOptions::new(wanted)}]),
                return_by_value: true,
            },
        )?;
        let facts = evaluated.into_value().map_err(CaptureError::Collector)?;
        Ok(Captured { world, facts })
    }
}

/// Returns the frame of an element, by its index among the frame elements of its document.
fn frame_id(tab: &Tab, world: u64, at: usize) -> Result<Option<String>, CaptureError> {
    let expression = format!("ariasnapFrameElements[{at}]");
    let handle = call(
        tab,
        Evaluate {
            expression,
            context_id: world,
        },
    )?;
    let Some(object_id) = handle.result.object_id else {
        return Ok(None);
    };
    let described = call(tab, DescribeNode { object_id })?;
    Ok(described.node.frame_id)
}

fn call<C, R>(tab: &Tab, method: C) -> Result<R, CaptureError>
where
    C: Method<ReturnObject = Answer<R>> + Serialize,
    R: DeserializeOwned,
{
    match tab.call_method(method) {
        Ok(Answer(answer)) => Ok(answer),
        Err(source) => Err(CaptureError::Call {
            method: C::NAME,
            source: source.into(),
        }),
    }
}

/// An answer with a short `Debug`, because headless_chrome formats every answer.
#[derive(Deserialize)]
#[serde(transparent)]
struct Answer<T>(T);

impl<T> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateIsolatedWorld<'a> {
    frame_id: &'a str,
    world_name: &'static str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct World {
    execution_context_id: u64,
}

impl Method for CreateIsolatedWorld<'_> {
    const NAME: &'static str = "Page.createIsolatedWorld";
    type ReturnObject = Answer<World>;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CallFunctionOn {
    function_declaration: &'static str,
    execution_context_id: u64,
    arguments: serde_json::Value,
    return_by_value: bool,
}

impl Method for CallFunctionOn {
    const NAME: &'static str = "Runtime.callFunctionOn";
    type ReturnObject = Answer<Evaluated<Facts>>;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Evaluate {
    expression: String,
    context_id: u64,
}

#[derive(Deserialize)]
struct Handle {
    result: RemoteObject,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RemoteObject {
    object_id: Option<String>,
}

impl Method for Evaluate {
    const NAME: &'static str = "Runtime.evaluate";
    type ReturnObject = Answer<Handle>;
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DescribeNode {
    object_id: String,
}

#[derive(Deserialize)]
struct Described {
    node: DescribedNode,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribedNode {
    frame_id: Option<String>,
}

impl Method for DescribeNode {
    const NAME: &'static str = "DOM.describeNode";
    type ReturnObject = Answer<Described>;
}
