//! Which shadow trees a document's facts hold.

use serde::{Deserialize, Serialize};

/// Which shadow roots are looked into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shadow {
    /// Those that the page's own scripts can look into, as the reference does.
    #[default]
    Open,
    /// The closed ones as well, whose content assistive technology gets like any other.
    All,
}
