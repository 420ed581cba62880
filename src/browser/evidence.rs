//! Evidence of a change: selector, markup and box of elements, and a picture of the page.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::json;

use super::page::{Page, PageError};
use super::world::World;
use crate::dom::NodeId;

const DESCRIBE: &str = include_str!("evidence.js");

/// The tallest picture. Browsers draw at most 16,384 pixels.
const TALLEST: u32 = 12_000;

/// The longest markup of an element, in characters.
const LONGEST_MARKUP: usize = 600;

/// An element of the page.
#[derive(Debug, Clone, Deserialize)]
pub struct Described {
    /// A CSS selector that finds it.
    pub selector: String,
    /// Its markup, cut to its start.
    pub html: String,
    /// `x`, `y`, `width`, `height` from the page's upper left corner; `None` where it has no box.
    pub rect: Option<[i32; 4]>,
}

/// The part of a page in a picture, over its whole width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PagePart {
    /// As much as browsers can draw.
    Whole,
    /// Between two heights from the page's top, with a margin, and at least as much as the window shows.
    Between(i32, i32),
}

/// The margin above and below a part, in CSS pixels.
const MARGIN: i32 = 200;

/// A picture of a page, in JPEG: in Chromium, WebP takes three times as long and PNG twice the space. All
/// lengths are in CSS pixels of the page.
#[derive(Debug)]
pub struct PageImage {
    pub bytes: Vec<u8>,
    pub top: u32,
    pub width: u32,
    pub height: u32,
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
    /// Describes elements of the page's own document in the last capture; `None` for those that left it.
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

    /// Takes a picture of the page.
    pub async fn screenshot(&self, part: PagePart) -> Result<PageImage, PageError> {
        let metrics: Metrics = self
            .session
            .call("Page.getLayoutMetrics", json!({}))
            .await?;
        let clip = metrics.clip(part);
        let mut options = json!({"format": "jpeg", "quality": 70, "optimizeForSpeed": true});
        // The window is drawn already. Any other part is laid out and drawn only for the picture, which takes
        // longer than a sharp picture does.
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
        Ok(PageImage {
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

    fn clip(&self, part: PagePart) -> Clip {
        let window = &self.css_visual_viewport;
        let width = pixels(self.css_content_size.width.max(window.client_width));
        let page_height = self.page_height();
        let (top, bottom) = match part {
            PagePart::Whole => (0, page_height),
            PagePart::Between(top, bottom) if self.shows(top, bottom) => {
                // `pixels` gives no less than 1.
                let top = pixels(window.page_y + 1.0) - 1;
                (top, top + pixels(window.client_height))
            }
            PagePart::Between(top, bottom) => {
                let least = pixels(window.client_height).min(page_height);
                let within = |height: i32| u32::try_from(height).unwrap_or(0).min(page_height);
                let top = within(top.saturating_sub(MARGIN)).min(page_height - least);
                let bottom = within(bottom.saturating_add(MARGIN));
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

    /// Returns whether the window shows exactly that part.
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

/// Returns how many pixels a picture has for a CSS pixel, in each direction. A review shows it at half of the
/// page's width, and each pixel takes time.
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
