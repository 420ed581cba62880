//! Scrolling through a page, for content that comes once it is seen.

use serde::Deserialize;
use serde_json::json;

use super::policy::POLICY;
use crate::browser::page::{Page, PageError};
use crate::browser::world::World;

const SCROLL: &str = include_str!("scroll.js");

/// Where a page is scrolled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScrollStep {
    /// On by a window's height.
    Next,
    /// Back to the beginning.
    Start,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scrolled {
    is_end: bool,
}

impl Page {
    /// Scrolls what scrolls the page; whether it is at its end.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn scroll(&self, step: ScrollStep) -> Result<bool, PageError> {
        let main_frame = self.state.borrow().main_frame.clone();
        let world = World::of_frame(&self.session, &main_frame).await?;
        let arguments = json!([{"value": step == ScrollStep::Start}]);
        let scrolled: Scrolled = world.evaluate(SCROLL, arguments).await?;
        Ok(scrolled.is_end)
    }
}

/// How many windows of a page are scrolled through. A list that is longer may be endless.
pub fn most_windows() -> u32 {
    POLICY.windows
}
