//! The browser's own accessibility tree:
//! <https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/>

use serde::{Deserialize, Serialize};

use super::NodeId;

/// An element as the browser exposes it to assistive technology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxNode {
    #[allow(missing_docs, reason = "the type says it")]
    pub element: NodeId,
    /// The role in the browser's own words, such as `button` or `LabelText`.
    pub role: String,
    /// Its accessible name.
    pub name: String,
    /// The browser's reasons to leave it out, perhaps none; `None` where it is not left out.
    pub ignored: Option<Vec<String>>,
}
