//! Values that specs name and the browser emulates.

use std::str::FromStr;

use serde::Serialize;

/// The size of a page's viewport in CSS pixels, written `1280x720`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the type says it")]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
}

impl Viewport {
    /// The largest side that the browser accepts.
    /// <https://chromedevtools.github.io/devtools-protocol/tot/Emulation/#method-setDeviceMetricsOverride>
    const LARGEST: u32 = 10_000_000;
}

impl Default for Viewport {
    fn default() -> Viewport {
        Viewport {
            width: 1280,
            height: 720,
        }
    }
}

impl FromStr for Viewport {
    type Err = String;

    fn from_str(text: &str) -> Result<Viewport, String> {
        let side = |text: &str| {
            let side: u32 = text.trim().parse().ok()?;
            (1..=Viewport::LARGEST).contains(&side).then_some(side)
        };
        let (width, height) = text
            .split_once(['x', '×'])
            .filter(|(width, height)| !width.is_empty() && !height.is_empty())
            .ok_or_else(|| format!("`{text}` is not WIDTHxHEIGHT"))?;
        match (side(width), side(height)) {
            (Some(width), Some(height)) => Ok(Viewport { width, height }),
            (None, _) => Err(format!("`{width}` is not a width in pixels")),
            (_, None) => Err(format!("`{height}` is not a height in pixels")),
        }
    }
}

/// The answer to the dialogs of a page: `alert`, `confirm`, `prompt`, `beforeunload`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Dialogs {
    /// OK; a prompt keeps its default text.
    #[default]
    Accept,
    /// Cancel.
    Dismiss,
    /// OK, with this text in prompts.
    Prompt(String),
}
