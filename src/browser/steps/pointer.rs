//! The mouse and the finger, as events of the browser.

use serde_json::{Value, json};

use super::Point;
use crate::browser::devtools::CallError;
use crate::browser::emulate::Tapping;
use crate::browser::page::Page;

/// What is pressed at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Nothing: the pointer rests there.
    None,
    /// Once.
    Once,
    /// Twice.
    Twice,
}

impl Page {
    /// Moves the pointer there and presses, or taps.
    ///
    /// # Errors
    /// Where the page or the browser is gone.
    pub async fn point(&self, at: Point, press: Press) -> Result<(), CallError> {
        let count = match press {
            Press::None => 0,
            Press::Once => 1,
            Press::Twice => 2,
        };
        if self.tapping == Tapping::Touch && count > 0 {
            for _ in 0..count {
                self.touch("touchStart", &json!([{"x": at.x, "y": at.y}]))
                    .await?;
                self.touch("touchEnd", &json!([])).await?;
            }
            return Ok(());
        }
        self.mouse("mouseMoved", at, 0).await?;
        for clicks in 1..=count {
            self.mouse("mousePressed", at, clicks).await?;
            self.mouse("mouseReleased", at, clicks).await?;
        }
        Ok(())
    }

    async fn mouse(&self, kind: &str, at: Point, clicks: u32) -> Result<(), CallError> {
        let button = if clicks == 0 { "none" } else { "left" };
        let buttons = u32::from(kind == "mousePressed");
        self.session
            .tell(
                "Input.dispatchMouseEvent",
                json!({
                    "type": kind, "x": at.x, "y": at.y, "button": button, "buttons": buttons,
                    "clickCount": clicks, "pointerType": "mouse",
                }),
            )
            .await
    }

    async fn touch(&self, kind: &str, points: &Value) -> Result<(), CallError> {
        self.session
            .tell(
                "Input.dispatchTouchEvent",
                json!({"type": kind, "touchPoints": points}),
            )
            .await
    }
}
