//! The browser's own accessibility tree, as plain facts:
//! <https://chromedevtools.github.io/devtools-protocol/tot/Accessibility/>

use serde::{Deserialize, Serialize};

use super::NodeId;

/// What the browser gives to assistive technology for an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxNode {
    /// The element.
    pub element: NodeId,
    /// The browser's word for its role, such as `button` or `LabelText`.
    pub role: String,
    /// Its name.
    pub name: String,
    /// Why it is left out, in the browser's words; `None` where it is not. Empty where it does not say.
    pub ignored: Option<Vec<String>>,
}
