//! Mouse and touch events.

use serde_json::{Value, json};

use super::Point;
use crate::browser::devtools::CallError;
use crate::browser::page::Page;

/// How often the button is pressed at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    None,
    Once,
    Twice,
}

impl Page {
    /// Moves the pointer to a point and presses, or taps.
    pub async fn point(&self, at: Point, press: Press) -> Result<(), CallError> {
        let count = match press {
            Press::None => 0,
            Press::Once => 1,
            Press::Twice => 2,
        };
        if self.has_touch && count > 0 {
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
        let event = json!({
            "type": kind, "x": at.x, "y": at.y, "button": button, "buttons": buttons,
            "clickCount": clicks, "pointerType": "mouse",
        });
        self.session.send("Input.dispatchMouseEvent", event).await
    }

    async fn touch(&self, kind: &str, points: &Value) -> Result<(), CallError> {
        let event = json!({"type": kind, "touchPoints": points});
        self.session.send("Input.dispatchTouchEvent", event).await
    }
}
