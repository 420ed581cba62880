//! From JavaScript's syntax to that of `fancy-regex`: every construct is read and written anew, so
//! that nothing means something else by looking the same.

use std::ops::Range;

use super::class;

/// What is wrong, and where in the source.
pub(super) struct Mistake {
    pub(super) reason: String,
    pub(super) at: Range<usize>,
    /// Whether JavaScript refuses it too.
    pub(super) is_syntax: bool,
}

/// A place in the source that moves on.
pub(super) struct Cursor<'a> {
    source: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn take_str(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(super) fn mistake(&self, reason: impl Into<String>, start: usize) -> Mistake {
        Mistake {
            reason: reason.into(),
            at: start..self.at.max(start),
            is_syntax: true,
        }
    }

    /// As many hexadecimal digits as asked for, or nothing is taken.
    fn hex_digits(&mut self, count: usize) -> Option<u32> {
        let digits = self.rest().get(..count)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += count;
        u32::from_str_radix(digits, 16).ok()
    }
}

/// What the last thing written was, for the quantifier behind it.
#[derive(PartialEq)]
enum Last {
    Nothing,
    Atom,
    Quantified,
}

struct Groups {
    /// The names of the capturing groups, in order; `None` for those without.
    names: Vec<Option<String>>,
}

pub(super) fn translate(source: &str) -> Result<String, Mistake> {
    let groups = find_groups(source)?;
    let mut cursor = Cursor { source, at: 0 };
    let mut out = String::with_capacity(source.len() * 2);
    let mut open: Vec<usize> = Vec::new();
    let mut last = Last::Nothing;
    while let Some(c) = cursor.peek() {
        let start = cursor.at;
        cursor.next();
        last = match c {
            '\\' => escaped(&mut cursor, &groups, start, &mut out)?,
            '[' => {
                class::translate(&mut cursor, &mut out)?;
                Last::Atom
            }
            '(' => {
                open.push(start);
                group_start(&mut cursor, start, &mut out)?;
                Last::Nothing
            }
            ')' => {
                if open.pop().is_none() {
                    return Err(cursor.mistake("closing ) without an opening one", start));
                }
                out.push(')');
                Last::Atom
            }
            '|' => {
                out.push('|');
                Last::Nothing
            }
            '.' => {
                out.push_str(r"[^\n\r\x{2028}\x{2029}]");
                Last::Atom
            }
            '^' => {
                out.push_str(r"\A");
                Last::Nothing
            }
            '$' => {
                out.push_str(r"\z");
                Last::Nothing
            }
            '*' | '+' | '?' => {
                let quantifier = c.to_string();
                quantify(&mut cursor, &last, &quantifier, start, &mut out)?
            }
            '{' => match braces(&mut cursor, start)? {
                Some(quantifier) => quantify(&mut cursor, &last, &quantifier, start, &mut out)?,
                None => literal(c, &mut out),
            },
            _ => literal(c, &mut out),
        };
    }
    if let Some(start) = open.pop() {
        return Err(cursor.mistake("group without a closing )", start));
    }
    Ok(out)
}

fn literal(c: char, out: &mut String) -> Last {
    if c.is_ascii_alphanumeric() || c == ' ' {
        out.push(c);
    } else {
        out.push_str(&class::hex(c));
    }
    Last::Atom
}

fn quantify(
    cursor: &mut Cursor<'_>,
    last: &Last,
    quantifier: &str,
    start: usize,
    out: &mut String,
) -> Result<Last, Mistake> {
    if *last != Last::Atom {
        return Err(cursor.mistake(format!("nothing to repeat before {quantifier}"), start));
    }
    out.push_str(quantifier);
    if cursor.take('?') {
        out.push('?');
    }
    Ok(Last::Quantified)
}

/// A counted quantifier as it stands, or `None` where the brace is a brace (Annex B).
fn braces(cursor: &mut Cursor<'_>, start: usize) -> Result<Option<String>, Mistake> {
    let Some(end) = cursor.rest().find('}') else {
        return Ok(None);
    };
    let inside = &cursor.rest()[..end];
    let (least, most) = match inside.split_once(',') {
        Some((least, most)) => (least, Some(most)),
        None => (inside, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if least.is_empty() || !digits(least) || !most.is_none_or(digits) {
        return Ok(None);
    }
    cursor.at += end + 1;
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    if let Some(most) = most.filter(|most| !most.is_empty())
        && number(most) < number(least)
    {
        return Err(cursor.mistake("numbers out of order in a quantifier", start));
    }
    Ok(Some(format!("{{{inside}}}")))
}

fn group_start(cursor: &mut Cursor<'_>, start: usize, out: &mut String) -> Result<(), Mistake> {
    for kind in ["?:", "?=", "?!", "?<=", "?<!", "?i:", "?-i:"] {
        if cursor.take_str(kind) {
            out.push('(');
            out.push_str(kind);
            return Ok(());
        }
    }
    if cursor.take_str("?<") {
        group_name(cursor, start)?;
    } else if cursor.take('?') {
        cursor.next();
        return Err(cursor.mistake("a kind of group that is not known", start));
    }
    out.push('(');
    Ok(())
}

/// Reads the name of a group up to its `>`.
fn group_name(cursor: &mut Cursor<'_>, start: usize) -> Result<String, Mistake> {
    let Some(end) = cursor.rest().find('>') else {
        return Err(cursor.mistake("group name without a closing >", start));
    };
    let name = cursor.rest()[..end].to_owned();
    cursor.at += end + 1;
    let valid = |(index, c): (usize, char)| {
        c == '_'
            || c == '$'
            || if index == 0 {
                c.is_alphabetic()
            } else {
                c.is_alphanumeric()
            }
    };
    if name.is_empty() || !name.chars().enumerate().all(valid) {
        return Err(cursor.mistake("not a name for a group", start));
    }
    Ok(name)
}

/// Counts the capturing groups ahead: what `\1` and `\k` mean depends on them.
fn find_groups(source: &str) -> Result<Groups, Mistake> {
    let mut cursor = Cursor { source, at: 0 };
    let mut names: Vec<Option<String>> = Vec::new();
    let mut in_class = false;
    while let Some(c) = cursor.next() {
        match c {
            '\\' => {
                cursor.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let start = cursor.at - 1;
                let named = cursor.rest().starts_with("?<")
                    && !cursor.rest().starts_with("?<=")
                    && !cursor.rest().starts_with("?<!");
                if named {
                    cursor.at += 2;
                    let name = group_name(&mut cursor, start)?;
                    if names.iter().flatten().any(|known| *known == name) {
                        return Err(cursor.mistake("two groups of the same name", start));
                    }
                    names.push(Some(name));
                } else if !cursor.rest().starts_with('?') {
                    names.push(None);
                }
            }
            _ => {}
        }
    }
    Ok(Groups { names })
}

/// An escape outside of a class; the cursor stands behind the backslash.
fn escaped(
    cursor: &mut Cursor<'_>,
    groups: &Groups,
    start: usize,
    out: &mut String,
) -> Result<Last, Mistake> {
    const WORD: &str = "[A-Za-z0-9_]";
    let Some(letter) = cursor.peek() else {
        return Err(cursor.mistake("ends with a backslash", start));
    };
    if let Some(set) = class::of_escape(letter) {
        cursor.next();
        out.push_str(&format!("[{set}]"));
        return Ok(Last::Atom);
    }
    match letter {
        'b' => {
            cursor.next();
            out.push_str(&format!("(?:(?<={WORD})(?!{WORD})|(?<!{WORD})(?={WORD}))"));
            return Ok(Last::Nothing);
        }
        'B' => {
            cursor.next();
            out.push_str(&format!("(?:(?<={WORD})(?={WORD})|(?<!{WORD})(?!{WORD}))"));
            return Ok(Last::Nothing);
        }
        'k' if groups.names.iter().any(Option::is_some) => {
            cursor.next();
            if !cursor.take('<') {
                return Err(cursor.mistake("\\k without the name of a group", start));
            }
            let name = group_name(cursor, start)?;
            let index = groups
                .names
                .iter()
                .position(|known| known.as_ref() == Some(&name));
            let Some(index) = index else {
                return Err(cursor.mistake(format!("there is no group {name}"), start));
            };
            backreference(index + 1, out);
            return Ok(Last::Atom);
        }
        '1'..='9' => {
            let digits = cursor.rest().bytes().take_while(u8::is_ascii_digit).count();
            let number = cursor.rest()[..digits]
                .parse::<usize>()
                .unwrap_or(usize::MAX);
            if number <= groups.names.len() {
                cursor.at += digits;
                backreference(number, out);
                return Ok(Last::Atom);
            }
        }
        'c' => {
            let c = class::control(cursor, false);
            return Ok(literal(c, out));
        }
        _ => {}
    }
    let c = escape(cursor, start)?;
    Ok(literal(c, out))
}

/// In JavaScript, a group that took no part is the empty string.
fn backreference(number: usize, out: &mut String) {
    out.push_str(&format!(r"(?({number})\{number}|)"));
}

/// An escape that stands for one character; the cursor stands behind the backslash.
pub(super) fn escape(cursor: &mut Cursor<'_>, start: usize) -> Result<char, Mistake> {
    let Some(letter) = cursor.next() else {
        return Err(cursor.mistake("ends with a backslash", start));
    };
    Ok(match letter {
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        '0'..='7' => legacy_octal(cursor, letter),
        'x' => cursor.hex_digits(2).and_then(char::from_u32).unwrap_or('x'),
        'u' => match cursor.hex_digits(4) {
            Some(unit) => from_unit(cursor, unit, start)?,
            None => 'u',
        },
        other => other,
    })
}

/// Annex B: up to three octal digits, at most `\377`.
fn legacy_octal(cursor: &mut Cursor<'_>, first: char) -> char {
    let mut value = first.to_digit(8).unwrap_or(0);
    while let Some(digit) = cursor.peek().and_then(|c| c.to_digit(8)) {
        if value * 8 + digit > 0o377 {
            break;
        }
        value = value * 8 + digit;
        cursor.next();
    }
    char::from_u32(value).unwrap_or('\0')
}

fn from_unit(cursor: &mut Cursor<'_>, unit: u32, start: usize) -> Result<char, Mistake> {
    if let Some(c) = char::from_u32(unit) {
        return Ok(c);
    }
    let low = cursor
        .take_str("\\u")
        .then(|| cursor.hex_digits(4))
        .flatten();
    match low {
        Some(low @ 0xdc00..=0xdfff) if unit < 0xdc00 => {
            let point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            Ok(char::from_u32(point).unwrap_or('\u{fffd}'))
        }
        _ => Err(Mistake {
            is_syntax: false,
            ..cursor.mistake(
                "half of a surrogate pair, which no text of a snapshot contains",
                start,
            )
        }),
    }
}
