//! Key events.

use serde_json::{Value, json};

use crate::browser::devtools::{CallError, Session};
use crate::keyboard::{Key, Stroke};

/// Presses and releases a key, with its modifiers.
pub(super) async fn press(session: &Session, stroke: &Stroke) -> Result<(), CallError> {
    let mut held = 0;
    for modifier in &stroke.modifiers {
        held |= modifier.bit();
        send(session, "rawKeyDown", &modifier.key(), held, None).await?;
    }
    // With Control or Meta a key is a command and types nothing.
    let types = held & 0b0110 == 0 && !stroke.key.text.is_empty();
    let (kind, text) = if types {
        ("keyDown", Some(stroke.key.text.as_str()))
    } else {
        ("rawKeyDown", None)
    };
    send(session, kind, &stroke.key, held, text).await?;
    send(session, "keyUp", &stroke.key, held, None).await?;
    for modifier in stroke.modifiers.iter().rev() {
        held &= !modifier.bit();
        send(session, "keyUp", &modifier.key(), held, None).await?;
    }
    Ok(())
}

async fn send(
    session: &Session,
    kind: &str,
    key: &Key,
    modifiers: u32,
    text: Option<&str>,
) -> Result<(), CallError> {
    let mut event = json!({
        "type": kind, "key": key.key, "code": key.code, "modifiers": modifiers,
        "windowsVirtualKeyCode": key.key_code,
    });
    if let Some(text) = text {
        event["text"] = Value::from(text);
        event["unmodifiedText"] = Value::from(text);
    }
    session.send("Input.dispatchKeyEvent", event).await
}
