//! What a page shows of some of its elements: selector, markup, box; and a picture of it.

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

/// What a picture shows of a page, over its whole width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it, or as much as browsers can draw.
    Whole,
    /// What is between two heights from the page's top, with what is around it, and no less than the
    /// window shows.
    Between(i32, i32),
}

/// What stands around the part that is asked for, in CSS pixels.
const AROUND: i32 = 200;

/// A picture of a page, in JPEG: of what Chromium can write, WebP takes three times as long and PNG
/// twice the place.
#[derive(Debug)]
pub struct Shot {
    /// The file's content.
    pub bytes: Vec<u8>,
    /// Where it begins below the page's top, in CSS pixels.
    pub top: u32,
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
    css_visual_viewport: Window,
}

#[derive(Deserialize)]
struct Size {
    width: f64,
    height: f64,
}

/// What the window shows of the page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Window {
    page_x: f64,
    page_y: f64,
    client_width: f64,
    client_height: f64,
    scale: f64,
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

    /// A picture of the page.
    ///
    /// # Errors
    /// [`PageError`]
    pub async fn screenshot(&self, part: Part) -> Result<Shot, PageError> {
        let metrics: Metrics = self
            .session
            .call("Page.getLayoutMetrics", json!({}))
            .await?;
        let clip = metrics.clip(part);
        let mut options = json!({"format": "jpeg", "quality": 70, "optimizeForSpeed": true});
        // The window is drawn already, pixel by pixel. Another part is laid out and drawn for the picture
        // alone, which costs more than what a sharp picture does.
        if !metrics.is_window(&clip) {
            options["captureBeyondViewport"] = true.into();
            options["clip"] = json!({
                "x": 0, "y": clip.top, "width": clip.width, "height": clip.height,
                "scale": sharpness(clip.width, clip.height),
            });
        }
        let data: Data = self.session.call("Page.captureScreenshot", options).await?;
        let bytes = BASE64_STANDARD.decode(data.data).map_err(|error| {
            super::devtools::CallError::Refused {
                method: "Page.captureScreenshot".to_owned(),
                message: error.to_string(),
            }
        })?;
        Ok(Shot {
            bytes,
            top: clip.top,
            width: clip.width,
            height: clip.height,
            page_height: metrics.page_height(),
        })
    }
}

/// A part of a page over its whole width, in CSS pixels.
struct Clip {
    top: u32,
    width: u32,
    height: u32,
}

impl Metrics {
    fn page_height(&self) -> u32 {
        let window = &self.css_visual_viewport;
        pixels(self.css_content_size.height.max(window.client_height))
    }

    fn clip(&self, part: Part) -> Clip {
        let window = &self.css_visual_viewport;
        let width = pixels(self.css_content_size.width.max(window.client_width));
        let page_height = self.page_height();
        let (top, bottom) = match part {
            Part::Whole => (0, page_height),
            Part::Between(top, bottom) if self.shows(top, bottom) => {
                // `pixels` gives no less than 1.
                let top = pixels(window.page_y + 1.0) - 1;
                (top, top + pixels(window.client_height))
            }
            Part::Between(top, bottom) => {
                let least = pixels(window.client_height).min(page_height);
                let within = |height: i32| u32::try_from(height).unwrap_or(0).min(page_height);
                let top = within(top.saturating_sub(AROUND)).min(page_height - least);
                let bottom = within(bottom.saturating_add(AROUND));
                (top, bottom.max(top + least))
            }
        };
        Clip {
            top,
            width: width.min(TALLEST),
            height: (bottom - top).min(TALLEST),
        }
    }

    fn shows(&self, top: i32, bottom: i32) -> bool {
        let window = &self.css_visual_viewport;
        f64::from(top) >= window.page_y && f64::from(bottom) <= window.page_y + window.client_height
    }

    /// Whether the window shows just that.
    fn is_window(&self, clip: &Clip) -> bool {
        let window = &self.css_visual_viewport;
        let same = |length: f64, other: u32| (length - f64::from(other)).abs() < 1.0;
        same(window.scale, 1)
            && same(window.page_x, 0)
            && same(window.page_y, clip.top)
            && same(window.client_width, clip.width)
            && same(window.client_height, clip.height)
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
