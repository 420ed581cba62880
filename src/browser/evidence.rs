//! What a page shows of some of its elements: selector, markup, box; and a picture of all of it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::page::{Page, PageError};
use super::world::World;
use crate::dom::NodeId;

const DESCRIBE: &str = include_str!("evidence.js");

/// How far down pictures go: browsers draw no more than 16,384 pixels, and nobody looks at them.
const TALLEST: u32 = 12_000;

/// The markup that is kept of an element, in characters.
const LONGEST_MARKUP: usize = 600;

/// An element as it stands in the page.
#[derive(Debug, Clone, Deserialize)]
pub struct Described {
    /// A CSS selector that finds it.
    pub selector: String,
    /// Its markup, cut.
    pub html: String,
    /// `x`, `y`, `width`, `height` from the page's upper left corner; `None` where it has no box.
    pub rect: Option<[i32; 4]>,
}

/// A picture of a page, in JPEG: of what Chromium can write, WebP takes three times as long and PNG
/// twice the place.
#[derive(Debug)]
pub struct Shot {
    /// The file's content.
    pub bytes: Vec<u8>,
    /// Of what it shows, in CSS pixels; the picture may have fewer of its own.
    pub width: u32,
    /// Of the picture.
    pub height: u32,
    /// Of the page, of which the picture may show a part.
    pub page_height: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metrics {
    css_content_size: Size,
    css_layout_viewport: ClientSize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientSize {
    client_width: f64,
    client_height: f64,
}

#[derive(Deserialize)]
struct Size {
    width: f64,
    height: f64,
}

#[derive(Deserialize)]
struct Data {
    data: String,
}

impl Page {
    /// Describes elements of the page's own document, by their indexes in the last capture; `None`
    /// for those that are no longer there.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn describe(
        &self,
        elements: &[Option<NodeId>],
    ) -> Result<Vec<Option<Described>>, PageError> {
        if elements.iter().all(Option::is_none) {
            return Ok(vec![None; elements.len()]);
        }
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        let indexes: Vec<Option<u32>> = elements
            .iter()
            .map(|node| node.map(|node| node.0))
            .collect();
        let arguments = json!([{"value": indexes}, {"value": LONGEST_MARKUP}]);
        Ok(world.evaluate(DESCRIBE, arguments).await?)
    }

    /// A picture of the whole page, or of as much of it as browsers can draw.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn screenshot(&self) -> Result<Shot, PageError> {
        let metrics: Metrics = self
            .session
            .call("Page.getLayoutMetrics", json!({}))
            .await?;
        let page_width = pixels(
            metrics
                .css_content_size
                .width
                .max(metrics.css_layout_viewport.client_width),
        );
        let page_height = pixels(
            metrics
                .css_content_size
                .height
                .max(metrics.css_layout_viewport.client_height),
        );
        let (width, height) = (page_width.min(TALLEST), page_height.min(TALLEST));
        let data: Data = self
            .session
            .call(
                "Page.captureScreenshot",
                json!({
                    "format": "jpeg", "quality": 70, "optimizeForSpeed": true, "captureBeyondViewport": true,
                    "clip": {
                        "x": 0, "y": 0, "width": width, "height": height, "scale": sharpness(width, height),
                    },
                }),
            )
            .await?;
        let bytes = BASE64_STANDARD.decode(data.data).map_err(|error| {
            super::devtools::CallError::Refused {
                method: "Page.captureScreenshot".to_owned(),
                message: error.to_string(),
            }
        })?;
        Ok(Shot {
            bytes,
            width,
            height,
            page_height,
        })
    }
}

/// How many of its pixels a picture has for one of CSS, in each direction. Beside the changes of a
/// review there is room for half of a page's width, and a picture costs as much as it has pixels.
fn sharpness(width: u32, height: u32) -> f64 {
    const SHARP: f64 = 1_000_000.0;
    let pixels = f64::from(width) * f64::from(height);
    (SHARP / pixels).sqrt().clamp(0.5, 1.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a length in pixels, held within what the type takes"
)]
fn pixels(length: f64) -> u32 {
    length.ceil().clamp(1.0, f64::from(u32::MAX)) as u32
}
