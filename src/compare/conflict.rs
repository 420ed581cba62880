//! Git's conflict markers in a baseline.

/// A text with conflicts, taken apart into the versions of both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Byte range of the line with the first marker.
    pub range: std::ops::Range<usize>,
    /// The version above the `=======`: the one that `git checkout --ours` takes.
    pub ours: Version,
    /// The version below it.
    pub theirs: Version,
}

/// One side of a conflict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// What the marker calls it: `HEAD`, a branch, a commit.
    pub label: String,
    /// The whole text with this side of every conflict.
    pub text: String,
}

/// Where in a conflict a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Both,
    Ours,
    /// The common version, which `merge.conflictStyle` may show.
    Base,
    Theirs,
}

impl Conflict {
    /// `None` where the text has no whole conflict.
    pub fn find(text: &str) -> Option<Conflict> {
        let mut place = Place::Both;
        let mut first = None;
        let (mut ours, mut theirs) = (Version::default(), Version::default());
        let mut start = 0;
        for whole in text.split_inclusive('\n') {
            let line = whole.trim_end_matches(['\n', '\r']);
            let range = start..start + line.len();
            start += whole.len();
            match (place, marker(line)) {
                (Place::Both, Some(('<', label))) => {
                    first.get_or_insert(range);
                    label.clone_into(&mut ours.label);
                    place = Place::Ours;
                }
                (Place::Ours, Some(('|', _))) => place = Place::Base,
                (Place::Ours | Place::Base, Some(('=', ""))) => place = Place::Theirs,
                (Place::Theirs, Some(('>', label))) => {
                    label.clone_into(&mut theirs.label);
                    place = Place::Both;
                }
                (Place::Both, _) => {
                    ours.text.push_str(whole);
                    theirs.text.push_str(whole);
                }
                (Place::Ours, _) => ours.text.push_str(whole),
                (Place::Theirs, _) => theirs.text.push_str(whole),
                (Place::Base, _) => {}
            }
        }
        let range = first.filter(|_| place == Place::Both)?;
        Some(Conflict {
            range,
            ours,
            theirs,
        })
    }
}

/// A line of seven equal signs and what is behind them. Snapshots indent or quote such texts, and
/// git does not.
fn marker(line: &str) -> Option<(char, &str)> {
    let sign = line.chars().next().filter(|sign| "<|=>".contains(*sign))?;
    let rest = line.strip_prefix(sign.to_string().repeat(7).as_str())?;
    match rest.strip_prefix(' ') {
        Some(label) => Some((sign, label.trim())),
        None => rest.is_empty().then_some((sign, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::Conflict;

    #[test]
    fn both_sides_are_taken_apart() {
        let text = "- main:\n<<<<<<< HEAD\n  - text: a\n||||||| base\n  - text: o\n=======\n  - text: b\n>>>>>>> topic\n  - paragraph: =======\n";
        let conflict = Conflict::find(text).expect("a conflict");
        assert_eq!(&text[conflict.range], "<<<<<<< HEAD");
        assert_eq!(conflict.ours.label, "HEAD");
        assert_eq!(
            conflict.ours.text,
            "- main:\n  - text: a\n  - paragraph: =======\n"
        );
        assert_eq!(conflict.theirs.label, "topic");
        assert_eq!(
            conflict.theirs.text,
            "- main:\n  - text: b\n  - paragraph: =======\n"
        );
    }

    #[test]
    fn half_a_conflict_is_none() {
        for text in [
            "",
            "- text: a\n",
            "<<<<<<< HEAD\n- text: a\n",
            "=======\n",
            "  <<<<<<< HEAD\n=======\n>>>>>>> x\n",
        ] {
            assert_eq!(Conflict::find(text), None, "{text}");
        }
    }
}
