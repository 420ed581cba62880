//! What a change means for people who use assistive technology.

use serde::{Deserialize, Serialize};

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// Somebody loses something.
    Regression,
    /// Somebody gains something.
    Improvement,
    /// What the page says has changed.
    Content,
    /// How the page is put together has changed, nothing that anybody hears.
    Structure,
}

impl Impact {
    /// Every impact, the gravest first.
    pub const ALL: [Impact; 4] = [
        Impact::Regression,
        Impact::Improvement,
        Impact::Content,
        Impact::Structure,
    ];

    /// The impact as configuration and reports write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Impact::Regression => "regression",
            Impact::Improvement => "improvement",
            Impact::Content => "content",
            Impact::Structure => "structure",
        }
    }
}
