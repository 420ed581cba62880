//! Character classes: `[...]`, and the escapes that stand for one.

use super::translate::{Cursor, Mistake, escape};

/// JavaScript's `\s`: <https://tc39.es/ecma262/#prod-WhiteSpace> and line terminators.
const SPACE: &str = r"\x{9}-\x{d}\x{20}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
/// What is not in `SPACE`.
const NOT_SPACE: &str = r"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}";
const NOT_DIGIT: &str = r"\x{0}-\x{2f}\x{3a}-\x{10ffff}";
const NOT_WORD: &str = r"\x{0}-\x{2f}\x{3a}-\x{40}\x{5b}-\x{5e}\x{60}\x{7b}-\x{10ffff}";

/// The ranges of a class escape, to stand between brackets.
pub(super) fn of_escape(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "0-9",
        'D' => NOT_DIGIT,
        'w' => "A-Za-z0-9_",
        'W' => NOT_WORD,
        's' => SPACE,
        'S' => NOT_SPACE,
        _ => return None,
    })
}

enum Atom {
    Char(char),
    Set(&'static str),
}

/// Translates a class; the cursor stands behind its `[`.
pub(super) fn translate(cursor: &mut Cursor<'_>, out: &mut String) -> Result<(), Mistake> {
    let start = cursor.at.saturating_sub(1);
    let negated = cursor.take('^');
    let mut ranges = String::new();
    loop {
        let atom_start = cursor.at;
        let Some(atom) = atom(cursor, start)? else {
            break;
        };
        if !cursor.rest().starts_with('-') || cursor.rest().starts_with("-]") {
            push(&mut ranges, &atom);
            continue;
        }
        cursor.take('-');
        let Some(end) = self::atom(cursor, start)? else {
            break;
        };
        match (atom, end) {
            (Atom::Char(from), Atom::Char(to)) if from <= to => {
                ranges.push_str(&hex(from));
                ranges.push('-');
                ranges.push_str(&hex(to));
            }
            (Atom::Char(_), Atom::Char(_)) => {
                return Err(cursor.mistake("range out of order in a character class", atom_start));
            }
            // Annex B: beside a class escape the hyphen is itself.
            // https://tc39.es/ecma262/#sec-patterns-static-semantics-early-errors-annexb
            (from, to) => {
                push(&mut ranges, &from);
                push(&mut ranges, &Atom::Char('-'));
                push(&mut ranges, &to);
            }
        }
    }
    match (ranges.is_empty(), negated) {
        (true, true) => out.push_str(r"[\x{0}-\x{10ffff}]"),
        (true, false) => out.push_str("(?!)"),
        (false, true) => out.push_str(&format!("[^{ranges}]")),
        (false, false) => out.push_str(&format!("[{ranges}]")),
    }
    Ok(())
}

/// The next member; `None` behind the closing bracket.
fn atom(cursor: &mut Cursor<'_>, class_start: usize) -> Result<Option<Atom>, Mistake> {
    let start = cursor.at;
    match cursor.next() {
        None => Err(cursor.mistake("character class without a closing ]", class_start)),
        Some(']') => Ok(None),
        Some('\\') => {
            let Some(letter) = cursor.peek() else {
                return Err(cursor.mistake("ends with a backslash", start));
            };
            if let Some(set) = of_escape(letter) {
                cursor.next();
                return Ok(Some(Atom::Set(set)));
            }
            match letter {
                'b' => {
                    cursor.next();
                    Ok(Some(Atom::Char('\u{8}')))
                }
                '-' => {
                    cursor.next();
                    Ok(Some(Atom::Char('-')))
                }
                // Annex B lets digits and the underscore be control letters inside a class.
                'c' => Ok(Some(Atom::Char(control(cursor, true)))),
                _ => Ok(Some(Atom::Char(escape(cursor, start)?))),
            }
        }
        Some(c) => Ok(Some(Atom::Char(c))),
    }
}

/// The character of `\cX`; a plain backslash where no control letter follows. The cursor stands on the `c`.
pub(super) fn control(cursor: &mut Cursor<'_>, in_class: bool) -> char {
    let mut ahead = cursor.rest().chars();
    ahead.next();
    match ahead.next() {
        Some(letter)
            if letter.is_ascii_alphabetic()
                || (in_class && (letter.is_ascii_digit() || letter == '_')) =>
        {
            cursor.next();
            cursor.next();
            char::from((u32::from(letter) % 32) as u8)
        }
        _ => '\\',
    }
}

fn push(ranges: &mut String, atom: &Atom) {
    match atom {
        Atom::Char(c) => ranges.push_str(&hex(*c)),
        Atom::Set(set) => ranges.push_str(set),
    }
}

/// A character as an escape that means the same inside and outside of brackets.
pub(super) fn hex(c: char) -> String {
    format!(r"\x{{{:x}}}", u32::from(c))
}
