//! From JavaScript's syntax to that of `fancy-regex`.
//!
//! Most constructs mean the same in both. The others are translated, or refused if they are rare: octal
//! escapes, control letters, escapes without a meaning, references to later groups.

use std::ops::Range;

/// What is wrong, and where in the source.
pub(super) struct Mistake {
    pub(super) reason: String,
    pub(super) at: Range<usize>,
}

/// <https://tc39.es/ecma262/#prod-WhiteSpace> and line terminators.
const SPACE: &str =
    r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
const WORD: &str = "A-Za-z0-9_";

pub(super) fn translate(source: &str) -> Result<String, Mistake> {
    let translator = Translator {
        source,
        at: 0,
        out: String::with_capacity(source.len() * 2),
        groups: Vec::new(),
        open: Vec::new(),
        can_repeat: false,
    };
    translator.run()
}

struct Translator<'a> {
    source: &'a str,
    at: usize,
    out: String,
    /// The names of the capturing groups so far, empty for those without.
    groups: Vec<&'a str>,
    /// Where the open groups start.
    open: Vec<usize>,
    /// Whether a quantifier can follow.
    can_repeat: bool,
}

impl<'a> Translator<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn mistake(&self, start: usize, reason: impl Into<String>) -> Mistake {
        Mistake {
            reason: reason.into(),
            at: start..self.at,
        }
    }

    fn run(mut self) -> Result<String, Mistake> {
        let mut start = 0;
        while let Some(c) = self.next() {
            self.can_repeat = match c {
                '\\' => self.escape(start)?,
                '[' => self.class(start)?,
                '(' => self.group(start)?,
                ')' if self.open.pop().is_none() => {
                    return Err(self.mistake(start, "closing ) without an opening one"));
                }
                ')' => {
                    self.out.push(')');
                    true
                }
                '|' | '^' | '$' => {
                    self.out.push(c);
                    false
                }
                '.' => {
                    self.out.push_str(r"[^\n\r\x{2028}\x{2029}]");
                    true
                }
                '*' | '+' | '?' => self.quantifier(start)?,
                '{' if self.take_count(start)? => self.quantifier(start)?,
                _ => self.literal(c),
            };
            start = self.at;
        }
        match self.open.pop() {
            Some(start) => Err(self.mistake(start, "group without a closing )")),
            None => Ok(self.out),
        }
    }

    fn literal(&mut self, c: char) -> bool {
        if c.is_ascii_alphanumeric() || c == ' ' {
            self.out.push(c);
        } else {
            self.out.push_str(&hex(c));
        }
        true
    }

    /// Writes the quantifier that was just read.
    fn quantifier(&mut self, start: usize) -> Result<bool, Mistake> {
        let quantifier = &self.source[start..self.at];
        if !self.can_repeat {
            return Err(self.mistake(start, format!("nothing to repeat before {quantifier}")));
        }
        self.out.push_str(quantifier);
        if self.take("?") {
            self.out.push('?');
        }
        Ok(false)
    }

    /// Reads the rest of `{2}`, `{2,}` or `{2,3}`. Any other brace is a character.
    fn take_count(&mut self, start: usize) -> Result<bool, Mistake> {
        let Some(end) = self.rest().find('}') else {
            return Ok(false);
        };
        let inside = &self.rest()[..end];
        let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_count = !least.is_empty() && is_number(least) && is_number(most);
        if is_count {
            self.at += end + 1;
            let number = |text: &str| text.parse().unwrap_or(u64::MAX);
            if !most.is_empty() && number(most) < number(least) {
                return Err(self.mistake(start, "numbers out of order in a quantifier"));
            }
        }
        Ok(is_count)
    }

    fn group(&mut self, start: usize) -> Result<bool, Mistake> {
        self.open.push(start);
        self.out.push('(');
        for kind in ["?:", "?=", "?!", "?<=", "?<!", "?i:", "?-i:"] {
            if self.take(kind) {
                self.out.push_str(kind);
                return Ok(false);
            }
        }
        let mut name = "";
        if self.take("?<") {
            name = self.group_name(start)?;
            if self.groups.contains(&name) {
                return Err(self.mistake(start, "two groups of the same name"));
            }
        } else if self.take("?") {
            return Err(self.mistake(start, "an unknown kind of group"));
        }
        self.groups.push(name);
        Ok(false)
    }

    fn group_name(&mut self, start: usize) -> Result<&'a str, Mistake> {
        let name = self.rest().split_once('>').map_or("", |(name, _)| name);
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        if name.is_empty() || !name.chars().all(is_part) {
            return Err(self.mistake(start, "a group needs a name between < and >"));
        }
        self.at += name.len() + 1;
        Ok(name)
    }

    /// Translates an escape outside of a class, behind its backslash.
    fn escape(&mut self, start: usize) -> Result<bool, Mistake> {
        match self.next() {
            Some(c) if class_escape(c).is_some() => {
                let set = class_escape(c).unwrap_or_default();
                self.out.push_str(&set);
                Ok(true)
            }
            // Words are ASCII in JavaScript.
            Some('b') => {
                let boundary = format!("(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))");
                self.out.push_str(&boundary);
                Ok(false)
            }
            Some('B') => {
                let boundary = format!("(?:(?<=[{WORD}])(?=[{WORD}])|(?<![{WORD}])(?![{WORD}]))");
                self.out.push_str(&boundary);
                Ok(false)
            }
            Some('k') if self.take("<") => {
                let name = self.group_name(start)?;
                let index = self.groups.iter().position(|known| *known == name);
                self.backreference(start, index.map(|index| index + 1))
            }
            Some(digit @ '1'..='9') => {
                let more = self.rest().bytes().take_while(u8::is_ascii_digit).count();
                let digits = &self.source[self.at - digit.len_utf8()..self.at + more];
                self.at += more;
                let number = digits.parse().ok();
                self.backreference(start, number.filter(|number| *number <= self.groups.len()))
            }
            c => {
                let c = self.character_escape(start, c)?;
                Ok(self.literal(c))
            }
        }
    }

    /// In JavaScript, a group that did not take part is the empty string.
    fn backreference(&mut self, start: usize, number: Option<usize>) -> Result<bool, Mistake> {
        let Some(number) = number else {
            return Err(self.mistake(start, "there is no such group before this"));
        };
        self.out.push_str(&format!(r"(?({number})\{number}|)"));
        Ok(true)
    }

    /// Reads an escape for one character, behind `c`, the character after the backslash.
    fn character_escape(&mut self, start: usize, c: Option<char>) -> Result<char, Mistake> {
        let is_before_digit = self.rest().starts_with(|c: char| c.is_ascii_digit());
        match c {
            None => Err(self.mistake(start, "ends with a backslash")),
            Some('t') => Ok('\t'),
            Some('n') => Ok('\n'),
            Some('v') => Ok('\u{b}'),
            Some('f') => Ok('\u{c}'),
            Some('r') => Ok('\r'),
            Some('0') if !is_before_digit => Ok('\0'),
            Some('x') => {
                let code = self.hex_digits(start, 2)?;
                Ok(char::from_u32(code).unwrap_or_default())
            }
            Some('u') => self.unicode_escape(start),
            Some(c) if c.is_alphanumeric() => {
                Err(self.mistake(start, format!("the escape \\{c} is not supported")))
            }
            Some(c) => Ok(c),
        }
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Mistake> {
        let unit = self.hex_digits(start, 4)?;
        let units = if (0xd800..0xdc00).contains(&unit) && self.take("\\u") {
            vec![unit, self.hex_digits(start, 4)?]
        } else {
            vec![unit]
        };
        let units = units
            .into_iter()
            .filter_map(|unit| u16::try_from(unit).ok());
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => Ok(c),
            _ => {
                let reason = "half of a surrogate pair, which no text of a snapshot contains";
                Err(self.mistake(start, reason))
            }
        }
    }

    fn hex_digits(&mut self, start: usize, count: usize) -> Result<u32, Mistake> {
        let digits = self.rest().get(..count).unwrap_or_default();
        let is_hex = digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex {
            return Err(self.mistake(start, format!("{count} hexadecimal digits are missing")));
        }
        self.at += count;
        Ok(u32::from_str_radix(digits, 16).unwrap_or_default())
    }

    /// Translates a class, behind its `[`.
    fn class(&mut self, start: usize) -> Result<bool, Mistake> {
        let is_negated = self.take("^");
        let mut set = String::new();
        while let Some((member, is_character)) = self.class_member(start)? {
            set.push_str(&member);
            if self.rest().starts_with('-') && !self.rest().starts_with("-]") {
                self.next();
                let end = self.class_member(start)?;
                let Some((end, ends_with_character)) = end else {
                    break;
                };
                // Annex B: beside a class escape, the hyphen is a character.
                let is_range = is_character && ends_with_character;
                set.push_str(if is_range { "-" } else { r"\-" });
                set.push_str(&end);
            }
        }
        let set = match (set.is_empty(), is_negated) {
            (true, true) => r"[\x{0}-\x{10ffff}]".to_owned(),
            (true, false) => "(?!)".to_owned(),
            (false, true) => format!("[^{set}]"),
            (false, false) => format!("[{set}]"),
        };
        self.out.push_str(&set);
        Ok(true)
    }

    /// Reads the next member of a class, and whether it is one character. `None` at the closing bracket.
    fn class_member(&mut self, start: usize) -> Result<Option<(String, bool)>, Mistake> {
        let at = self.at;
        match self.next() {
            None => Err(self.mistake(start, "character class without a closing ]")),
            Some(']') => Ok(None),
            Some('\\') => match self.next() {
                Some('b') => Ok(Some((hex('\u{8}'), true))),
                Some(c) if class_escape(c).is_some() => {
                    Ok(Some((class_escape(c).unwrap_or_default(), false)))
                }
                c => Ok(Some((hex(self.character_escape(at, c)?), true))),
            },
            Some(c) => Ok(Some((hex(c), true))),
        }
    }
}

/// Translates `\d` and the like, to a class that can be a member of another class.
fn class_escape(letter: char) -> Option<String> {
    let set = match letter.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => WORD,
        's' => SPACE,
        _ => return None,
    };
    let negation = if letter.is_ascii_uppercase() { "^" } else { "" };
    Some(format!("[{negation}{set}]"))
}

/// Writes a character so that it means itself inside and outside of a class.
fn hex(c: char) -> String {
    format!(r"\x{{{:x}}}", u32::from(c))
}
