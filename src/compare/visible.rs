//! Making differences visible that the eye does not see: which words changed, characters without a
//! shape, and characters in the shape of others.

use serde::Serialize;

/// A stretch of two texts laid over each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Whose it is.
    pub of: Of,
    /// The text.
    pub text: String,
}

/// Whose a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// Both sides have it.
    Both,
    /// Only the baseline.
    Old,
    /// Only the page.
    New,
}

/// Longer texts are shown as two whole texts: the work grows with the square of their differences.
const LONGEST: usize = 20_000;

/// Two texts as one row of pieces, word by word. What is of both or old makes up the old text, what
/// is of both or new the new one.
pub fn words(old: &str, new: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |of: Of, text: &str| {
        if text.is_empty() {
            return;
        }
        match pieces.last_mut() {
            Some(last) if last.of == of => last.text.push_str(text),
            _ => pieces.push(Piece {
                of,
                text: text.to_owned(),
            }),
        }
    };
    if old.len() + new.len() > LONGEST {
        push(Of::Old, old);
        push(Of::New, new);
        return pieces;
    }
    for change in similar::TextDiff::from_unicode_words(old, new).iter_all_changes() {
        let of = match change.tag() {
            similar::ChangeTag::Equal => Of::Both,
            similar::ChangeTag::Delete => Of::Old,
            similar::ChangeTag::Insert => Of::New,
        };
        push(of, change.value());
    }
    pieces
}

/// How much of what both sides have stays before and behind a changed word.
const AROUND: usize = 60;
/// How much of a changed stretch stays.
const STRETCH: usize = 400;

/// The pieces, with long stretches cut: what both sides have, but for the words around a
/// difference; a difference itself, behind its beginning.
pub fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    let last = pieces.len().saturating_sub(1);
    let short = |(at, piece): (usize, Piece)| {
        let count = piece.text.chars().count();
        let front = |most: usize| piece.text.chars().take(most).collect::<String>();
        let back = |most: usize| piece.text.chars().skip(count - most).collect::<String>();
        let text = match (piece.of, at) {
            (Of::Both, 0) if last > 0 && count > AROUND => format!("…{}", back(AROUND)),
            (Of::Both, at) if at > 0 && at == last && count > AROUND => {
                format!("{}…", front(AROUND))
            }
            (Of::Both, _) if last > 0 && count > 2 * AROUND => {
                format!("{} … {}", front(AROUND), back(AROUND))
            }
            (Of::Old | Of::New, _) if count > STRETCH => format!("{}…", front(STRETCH)),
            _ => piece.text,
        };
        Piece { of: piece.of, text }
    };
    pieces.into_iter().enumerate().map(short).collect()
}

/// The text with every character that has no shape of its own as its code point: `a⟨U+200B⟩b`.
///
/// Spaces other than the common one are such, and accents on a letter.
pub fn show(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) || is_combining(c) {
            shown.push_str(&code_point(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Two texts as [`show`] has them, and where they look the same even so, with the code points of
/// the letters that differ.
pub fn show_both(old: &str, new: &str) -> (String, String) {
    let (shown_old, shown_new) = (show(old), show(new));
    let looks_same = old != new && (shown_old == shown_new || skeleton(old) == skeleton(new));
    if !looks_same {
        return (shown_old, shown_new);
    }
    let (old_chars, new_chars): (Vec<char>, Vec<char>) =
        (old.chars().collect(), new.chars().collect());
    (mark(&old_chars, &new_chars), mark(&new_chars, &old_chars))
}

/// The text with the code point of each character that the other has not at that place.
fn mark(text: &[char], other: &[char]) -> String {
    let front = text.iter().zip(other).take_while(|(a, b)| a == b).count();
    let most = text.len().min(other.len()) - front;
    let back = text
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take(most)
        .take_while(|(a, b)| a == b)
        .count();
    let mut shown = String::new();
    for (index, c) in text.iter().enumerate() {
        let is_inside = index >= front && index < text.len() - back;
        let differs = is_inside && (text.len() != other.len() || other[index] != *c);
        match (
            is_invisible(*c) || is_combining(*c),
            differs && !c.is_ascii(),
        ) {
            (true, _) => shown.push_str(&code_point(*c)),
            (false, true) => {
                shown.push(*c);
                shown.push_str(&code_point(*c));
            }
            (false, false) => shown.push(*c),
        }
    }
    shown
}

/// How much of what both sides have is shown before their difference.
const LEAD: usize = 30;

/// Two texts that differ, each at most about `longest` characters: cut around their first
/// difference, so that they are never shown as the same text.
pub fn around(old: &str, new: &str, longest: usize) -> (String, String) {
    let is_long = |text: &str| text.chars().count() > longest;
    if !is_long(old) && !is_long(new) {
        return apart(old, new);
    }
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let same: Vec<char> = same.map(|(c, _)| c).collect();
    let start = same.len().saturating_sub(LEAD);
    // From the beginning of a word, where there is one.
    let word = same[start..].iter().position(|c| *c == ' ');
    let start = match (start, word) {
        (0, _) => 0,
        (start, Some(word)) if word + 1 < LEAD => start + word + 1,
        (start, _) => start,
    };
    let cut = |text: &str| {
        let part: String = text.chars().skip(start).take(longest).collect();
        let is_cut = text.chars().count() > start + longest;
        let (front, back) = (
            if start > 0 { "…" } else { "" },
            if is_cut { "…" } else { "" },
        );
        format!("{front}{part}{back}")
    };
    apart(&cut(old), &cut(new))
}

/// Both texts; with code points where they look the same.
fn apart(old: &str, new: &str) -> (String, String) {
    let looks_same = old != new && (show(old) == show(new) || skeleton(old) == skeleton(new));
    match looks_same {
        true => show_both(old, new),
        false => (old.to_owned(), new.to_owned()),
    }
}

fn code_point(c: char) -> String {
    format!("⟨U+{:04X}⟩", u32::from(c))
}

/// No shape of its own: controls, format characters, fillers, and spaces that are not the common one.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The common blocks of marks that combine with the letter before.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// What a text looks like: each character as the one whose shape it has.
/// After <https://www.unicode.org/reports/tr39/#Confusable_Detection>, the pairs that pages have.
fn skeleton(text: &str) -> String {
    text.chars()
        .filter(|c| (!is_invisible(*c) || c.is_whitespace()) && !is_combining(*c))
        .map(|c| match c {
            c if c.is_whitespace() => ' ',
            'А' | 'Α' => 'A',
            'В' | 'Β' => 'B',
            'С' | 'Ϲ' => 'C',
            'Е' | 'Ε' => 'E',
            'Н' | 'Η' => 'H',
            'І' | 'Ι' | 'l' | '|' | '1' => 'I',
            'Ј' => 'J',
            'К' | 'Κ' | 'K' => 'K',
            'М' | 'Μ' => 'M',
            'Ν' => 'N',
            'О' | 'Ο' | '0' => 'O',
            'Р' | 'Ρ' => 'P',
            'Ѕ' => 'S',
            'Т' | 'Τ' => 'T',
            'Х' | 'Χ' => 'X',
            'Υ' | 'Ү' => 'Y',
            'Ζ' => 'Z',
            'а' | 'α' => 'a',
            'с' | 'ϲ' => 'c',
            'ԁ' => 'd',
            'е' => 'e',
            'һ' => 'h',
            'і' | 'ι' => 'i',
            'ј' => 'j',
            'о' | 'ο' => 'o',
            'р' | 'ρ' => 'p',
            'ѕ' => 's',
            'υ' => 'u',
            'ν' | 'ѵ' => 'v',
            'ԝ' => 'w',
            'х' | 'χ' => 'x',
            'у' | 'γ' => 'y',
            '‐' | '‑' | '‒' | '–' | '—' | '−' | 'ー' => '-',
            '‘' | '’' | '′' | '`' | '´' | 'ʼ' => '\'',
            '“' | '”' | '″' => '"',
            '…' => '.',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21).unwrap_or(c),
            c => base(c),
        })
        .collect()
}

/// The letter under a composed accent, for the letters of Western European languages.
fn base(c: char) -> char {
    match c {
        'À'..='Å' => 'A',
        'à'..='å' => 'a',
        'Ç' => 'C',
        'ç' => 'c',
        'È'..='Ë' => 'E',
        'è'..='ë' => 'e',
        'Ì'..='Ï' => 'I',
        'ì'..='ï' => 'i',
        'Ñ' => 'N',
        'ñ' => 'n',
        'Ò'..='Ö' => 'O',
        'ò'..='ö' => 'o',
        'Ù'..='Ü' => 'U',
        'ù'..='ü' => 'u',
        'Ý' => 'Y',
        'ý' | 'ÿ' => 'y',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{Of, around, shortened, show, show_both, words};

    #[test]
    fn words_are_marked() {
        let pieces: Vec<(Of, String)> = words("Save the draft", "Save a draft now")
            .into_iter()
            .map(|piece| (piece.of, piece.text))
            .collect();
        let expected = [
            (Of::Both, "Save "),
            (Of::Old, "the"),
            (Of::New, "a"),
            (Of::Both, " draft"),
            (Of::New, " now"),
        ];
        assert_eq!(pieces, expected.map(|(of, text)| (of, text.to_owned())));
    }

    #[test]
    fn long_texts_are_cut_around_their_difference() {
        let long = "word ".repeat(100);
        let (old, new) = (format!("{long}red{long}"), format!("{long}blue{long}"));
        let (shown_old, shown_new) = around(&old, &new, 60);
        assert_ne!(shown_old, shown_new);
        assert!(
            shown_old.contains("red") && shown_old.starts_with('…'),
            "{shown_old}"
        );
        assert!(
            shown_new.contains("blue") && shown_new.ends_with('…'),
            "{shown_new}"
        );
        let pieces = shortened(words(
            &format!("{long} red {long}"),
            &format!("{long} blue {long}"),
        ));
        let length: usize = pieces.iter().map(|piece| piece.text.chars().count()).sum();
        assert!(length < 200, "{pieces:?}");
        assert!(pieces.iter().any(|piece| piece.text == "red"), "{pieces:?}");
        assert_eq!(around("a", "b", 60), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn what_has_no_shape_is_shown() {
        assert_eq!(show("a\u{200b}b\u{a0}c"), "a⟨U+200B⟩b⟨U+00A0⟩c");
        assert_eq!(show("plain text, é and 😀"), "plain text, é and 😀");
    }

    #[test]
    fn what_looks_the_same_is_told_apart() {
        for (old, new, shown_old, shown_new) in [
            ("Save", "Sаve", "Save", "Sа⟨U+0430⟩ve"),
            ("it's", "it’s", "it's", "it’⟨U+2019⟩s"),
            (
                "caf\u{e9}",
                "cafe\u{301}",
                "caf\u{e9}⟨U+00E9⟩",
                "cafe⟨U+0301⟩",
            ),
            ("a b", "a\u{a0}b", "a b", "a⟨U+00A0⟩b"),
            ("Save", "Load", "Save", "Load"),
        ] {
            assert_eq!(
                show_both(old, new),
                (shown_old.to_owned(), shown_new.to_owned())
            );
        }
    }
}
