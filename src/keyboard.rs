//! Keys by their names: <https://www.w3.org/TR/uievents-key/>, on a US keyboard.

/// A key and its modifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stroke {
    /// In the order of writing.
    pub modifiers: Vec<Modifier>,
    pub key: Key,
}

/// A modifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modifier {
    /// Alt, Option
    Alt,
    /// Control
    Control,
    /// Command, the Windows key
    Meta,
    /// Shift
    Shift,
}

/// A key as a page sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.key`
    pub key: String,
    /// `KeyboardEvent.code`; empty for characters without a key.
    pub code: String,
    /// `KeyboardEvent.keyCode`
    pub key_code: u32,
    /// The text it types; empty for keys that type nothing.
    pub text: String,
}

impl Modifier {
    /// Returns the bit of the DevTools protocol.
    pub fn bit(self) -> u32 {
        match self {
            Modifier::Alt => 1,
            Modifier::Control => 2,
            Modifier::Meta => 4,
            Modifier::Shift => 8,
        }
    }

    /// Returns the modifier as a key.
    pub fn key(self) -> Key {
        let (name, code, key_code) = match self {
            Modifier::Alt => ("Alt", "AltLeft", 18),
            Modifier::Control => ("Control", "ControlLeft", 17),
            Modifier::Meta => ("Meta", "MetaLeft", 91),
            Modifier::Shift => ("Shift", "ShiftLeft", 16),
        };
        Key {
            key: name.to_owned(),
            code: code.to_owned(),
            key_code,
            text: String::new(),
        }
    }

    fn from_name(name: &str) -> Option<Modifier> {
        match name {
            "Alt" => Some(Modifier::Alt),
            "Control" | "Ctrl" => Some(Modifier::Control),
            "Meta" | "Cmd" => Some(Modifier::Meta),
            "Shift" => Some(Modifier::Shift),
            _ => None,
        }
    }
}

/// Name, `code`, `keyCode`, text.
const NAMED: &[(&str, &str, u32, &str)] = &[
    ("Backspace", "Backspace", 8, ""),
    ("Tab", "Tab", 9, ""),
    ("Enter", "Enter", 13, "\r"),
    ("Escape", "Escape", 27, ""),
    ("Space", "Space", 32, " "),
    ("PageUp", "PageUp", 33, ""),
    ("PageDown", "PageDown", 34, ""),
    ("End", "End", 35, ""),
    ("Home", "Home", 36, ""),
    ("ArrowLeft", "ArrowLeft", 37, ""),
    ("ArrowUp", "ArrowUp", 38, ""),
    ("ArrowRight", "ArrowRight", 39, ""),
    ("ArrowDown", "ArrowDown", 40, ""),
    ("Insert", "Insert", 45, ""),
    ("Delete", "Delete", 46, ""),
    ("ContextMenu", "ContextMenu", 93, ""),
    ("F1", "F1", 112, ""),
    ("F2", "F2", 113, ""),
    ("F3", "F3", 114, ""),
    ("F4", "F4", 115, ""),
    ("F5", "F5", 116, ""),
    ("F6", "F6", 117, ""),
    ("F7", "F7", 118, ""),
    ("F8", "F8", 119, ""),
    ("F9", "F9", 120, ""),
    ("F10", "F10", 121, ""),
    ("F11", "F11", 122, ""),
    ("F12", "F12", 123, ""),
];

/// Character, character with Shift, `code`, `keyCode`.
const PUNCTUATION: &[(char, char, &str, u32)] = &[
    ('`', '~', "Backquote", 192),
    ('-', '_', "Minus", 189),
    ('=', '+', "Equal", 187),
    ('[', '{', "BracketLeft", 219),
    (']', '}', "BracketRight", 221),
    ('\\', '|', "Backslash", 220),
    (';', ':', "Semicolon", 186),
    ('\'', '"', "Quote", 222),
    (',', '<', "Comma", 188),
    ('.', '>', "Period", 190),
    ('/', '?', "Slash", 191),
    ('1', '!', "Digit1", 49),
    ('2', '@', "Digit2", 50),
    ('3', '#', "Digit3", 51),
    ('4', '$', "Digit4", 52),
    ('5', '%', "Digit5", 53),
    ('6', '^', "Digit6", 54),
    ('7', '&', "Digit7", 55),
    ('8', '*', "Digit8", 56),
    ('9', '(', "Digit9", 57),
    ('0', ')', "Digit0", 48),
];

/// Parses `Enter`, `a`, `Control+Shift+ArrowDown`.
///
/// # Errors
/// An unknown key, with the nearest name.
pub fn parse(text: &str) -> Result<Stroke, String> {
    let (held, key) = match text.strip_suffix('+') {
        // `+` itself, alone or after modifiers.
        Some(held) => (held.strip_suffix('+').unwrap_or(held), "+"),
        None => text.rsplit_once('+').unwrap_or(("", text)),
    };
    let modifiers = held
        .split('+')
        .filter(|name| !name.is_empty())
        .map(|name| {
            Modifier::from_name(name).ok_or_else(|| {
                format!(
                    "unknown modifier `{name}` in `{text}`; expected Alt, Control, Meta or Shift"
                )
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let shifted = modifiers.contains(&Modifier::Shift);
    let key = named(key)
        .or_else(|| character(key, shifted))
        .ok_or_else(|| unknown(key))?;
    Ok(Stroke { modifiers, key })
}

fn unknown(key: &str) -> String {
    let names: Vec<&str> = NAMED
        .iter()
        .map(|row| row.0)
        .chain(["Alt", "Control", "Meta", "Shift"])
        .collect();
    let near = similar::get_close_matches(key, &names, 1, 0.5);
    match near.first() {
        Some(near) => format!("unknown key `{key}`; did you mean `{near}`?"),
        None => format!(
            "unknown key `{key}`; expected a single character or one of {}",
            names.join(", ")
        ),
    }
}

fn named(name: &str) -> Option<Key> {
    if let Some(modifier) = Modifier::from_name(name) {
        return Some(modifier.key());
    }
    let (name, code, key_code, text) = NAMED.iter().find(|row| row.0 == name)?;
    let key = if *name == "Space" { " " } else { name };
    Some(Key {
        key: key.to_owned(),
        code: (*code).to_owned(),
        key_code: *key_code,
        text: (*text).to_owned(),
    })
}

fn character(text: &str, shifted: bool) -> Option<Key> {
    let mut characters = text.chars();
    let (Some(c), None) = (characters.next(), characters.next()) else {
        return None;
    };
    if c.is_control() {
        return None;
    }
    if c == ' ' {
        return named("Space");
    }
    let (shown, code, key_code) = if c.is_ascii_alphabetic() {
        let upper = c.to_ascii_uppercase();
        let shown = if shifted { upper } else { c };
        (shown, format!("Key{upper}"), u32::from(upper))
    } else {
        let row = PUNCTUATION.iter().find(|row| row.0 == c || row.1 == c);
        match row {
            Some((plain, above, code, key_code)) => {
                let shown = if shifted && c == *plain { *above } else { c };
                (shown, (*code).to_owned(), *key_code)
            }
            None => (c, String::new(), 0),
        }
    };
    Some(Key {
        key: shown.to_string(),
        code,
        key_code,
        text: shown.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Modifier, parse};

    fn read(text: &str) -> Result<(Vec<Modifier>, String, String, u32), String> {
        parse(text).map(|stroke| {
            let key = stroke.key;
            (stroke.modifiers, key.key, key.code, key.key_code)
        })
    }

    #[test]
    fn keys_by_name() {
        let plain = |key: &str, code: &str, number| {
            Ok((Vec::new(), key.to_owned(), code.to_owned(), number))
        };
        assert_eq!(read("Enter"), plain("Enter", "Enter", 13));
        assert_eq!(read("Space"), plain(" ", "Space", 32));
        assert_eq!(read("a"), plain("a", "KeyA", 65));
        assert_eq!(read("?"), plain("?", "Slash", 191));
        assert_eq!(read("+"), plain("+", "Equal", 187));
        assert_eq!(read("é"), plain("é", "", 0));
        assert_eq!(read("Shift"), plain("Shift", "ShiftLeft", 16));
        let both = vec![Modifier::Control, Modifier::Shift];
        assert_eq!(
            read("Control+Shift+a"),
            Ok((both, "A".to_owned(), "KeyA".to_owned(), 65))
        );
        let control = vec![Modifier::Control];
        assert_eq!(
            read("Control++"),
            Ok((control, "+".to_owned(), "Equal".to_owned(), 187))
        );
    }

    #[test]
    fn an_unknown_key_is_an_error_with_the_nearest() {
        let error = read("Entr").err().unwrap_or_default();
        assert_eq!(error, "unknown key `Entr`; did you mean `Enter`?");
        let error = read("Super+a").err().unwrap_or_default();
        assert!(error.contains("Alt, Control, Meta or Shift"), "{error}");
        assert!(read("").is_err());
    }
}
