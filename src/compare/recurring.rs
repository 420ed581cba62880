//! The same change in many snapshots is one group: reported once, decided once.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::change::{Change, Kind, Side};
use super::impact::{Impact, Rule};
use super::visible;

/// What all changes of a group have in common, as hexadecimal digits. The same in every run and on every
/// machine. People see the first eight; whatever decides compares all of them, since two changes with the
/// same eight are found in a second.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct GroupId(String);

/// 128 bits: no one can construct two changes with the same id.
const DIGITS: usize = 32;

/// How many digits people see and type.
const SHORT: usize = 8;

impl GroupId {
    /// The group that a change belongs to: its kinds, what was there and what is there now, and the
    /// landmark or named node around it. The place in a list differs from page to page, and is not
    /// part of it.
    pub fn of(change: &Change) -> GroupId {
        let mut hash = Sha256::new();
        let mut part = |text: &str| {
            // The length keeps parts apart.
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        part(change.kind.as_str());
        for kind in &change.also {
            part(kind.as_str());
        }
        part(change.within.as_deref().unwrap_or_default());
        if let Some(about) = &change.about {
            // The rows of a column are not the same on all pages.
            part(about);
            return GroupId::of_digest(&hash.finalize());
        }
        for side in [&change.old, &change.new] {
            match side {
                None => part("none"),
                Some(side) => {
                    part("some");
                    part(&side.text);
                    part(side.value.as_deref().unwrap_or_default());
                }
            }
        }
        GroupId::of_digest(&hash.finalize())
    }

    fn of_digest(digest: &[u8]) -> GroupId {
        let digits = digest.iter().take(DIGITS / 2);
        GroupId(digits.map(|byte| format!("{byte:02x}")).collect())
    }

    /// All digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits that people see.
    pub fn short(&self) -> &str {
        self.0.get(..SHORT).unwrap_or(&self.0)
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.short())
    }
}

/// A text that is no group's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no group: expected eight hexadecimal digits or more, as reports and `ariasnap status` show \
     them"
)]
pub struct NotAGroup(String);

/// Returns the hexadecimal digits that a text consists of.
fn digits(text: &str, length: impl Fn(usize) -> bool) -> Result<String, NotAGroup> {
    let text = text.trim().to_ascii_lowercase();
    match length(text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        true => Ok(text),
        false => Err(NotAGroup(text)),
    }
}

impl TryFrom<String> for GroupId {
    type Error = NotAGroup;

    fn try_from(text: String) -> Result<GroupId, NotAGroup> {
        digits(&text, |length| length == DIGITS).map(GroupId)
    }
}

/// The first digits of a group, as people type them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPrefix(String);

impl FromStr for GroupPrefix {
    type Err = NotAGroup;

    fn from_str(text: &str) -> Result<GroupPrefix, NotAGroup> {
        digits(text, |length| (SHORT..=DIGITS).contains(&length)).map(GroupPrefix)
    }
}

/// Digits that several groups begin with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the groups {} begin with `{prefix}`; write more digits of the one that is meant", ids.join(" and "))]
pub struct Ambiguous {
    prefix: String,
    ids: Vec<String>,
}

impl GroupPrefix {
    /// Returns the group that is meant; `None` where no group begins so.
    ///
    /// # Errors
    /// Several groups do.
    pub fn find<'a>(
        &self,
        groups: impl IntoIterator<Item = &'a GroupId>,
    ) -> Result<Option<GroupId>, Ambiguous> {
        let meant = groups.into_iter().filter(|id| id.0.starts_with(&self.0));
        let meant: BTreeSet<&GroupId> = meant.collect();
        match meant.len() {
            0 | 1 => Ok(meant.first().copied().cloned()),
            _ => Err(Ambiguous {
                prefix: self.0.clone(),
                ids: meant.into_iter().map(|id| id.0.clone()).collect(),
            }),
        }
    }
}

impl From<GroupId> for String {
    fn from(id: GroupId) -> String {
        id.0
    }
}

/// The same change, wherever it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Its name.
    pub id: GroupId,
    /// What its changes mean, at the gravest: the rest of a page can make the same change graver.
    pub impact: Impact,
    /// The row of the table of impacts that says so.
    pub rule: Rule,
    /// What happened, in words.
    pub sentence: String,
    /// The snapshots that have it, in the order in which they were given, each once.
    pub snapshots: Vec<usize>,
    /// How many times it occurs, which can be several times in a snapshot.
    pub occurrences: usize,
    /// One of them: a snapshot, and the place of the change among the snapshot's changes.
    pub example: (usize, usize),
}

/// The groups of the changes of several snapshots: the gravest first, then those in most
/// snapshots, then as they come.
pub fn groups<'a>(snapshots: impl IntoIterator<Item = &'a [Change]>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: HashMap<GroupId, usize> = HashMap::new();
    for (snapshot, changes) in snapshots.into_iter().enumerate() {
        for (index, change) in changes.iter().enumerate() {
            let id = GroupId::of(change);
            let at = *known.entry(id.clone()).or_insert_with(|| {
                groups.push(Group {
                    id,
                    impact: change.impact,
                    rule: change.rule,
                    sentence: sentence(change),
                    snapshots: Vec::new(),
                    occurrences: 0,
                    example: (snapshot, index),
                });
                groups.len() - 1
            });
            let group = &mut groups[at];
            group.occurrences += 1;
            if group.snapshots.last() != Some(&snapshot) {
                group.snapshots.push(snapshot);
            }
            if change.impact < group.impact {
                (group.impact, group.rule) = (change.impact, change.rule);
            }
        }
    }
    groups.sort_by_key(|group| (group.impact, std::cmp::Reverse(group.snapshots.len())));
    groups
}

/// What happened, in words: `navigation "Docs sidebar" gained link "Registries"`.
pub fn sentence(change: &Change) -> String {
    let within = change.within.as_deref().unwrap_or("the page");
    if change.missing {
        return missing(change);
    }
    let (old, new) = heads(change);
    let about = change.about.as_deref();
    match change.kind {
        Kind::Added => match about {
            Some(about) => format!("{within} gained {about}"),
            None => format!("{within} gained {new}{}", more(change.new.as_ref())),
        },
        Kind::Removed => match about {
            Some(about) => format!("{within} lost {about}"),
            None => format!("{within} lost {old}{}", more(change.old.as_ref())),
        },
        // A partial template names a node in fewer words than the page does.
        Kind::Moved if change.from.is_none() && !old.is_empty() => {
            moved(change, within, about.unwrap_or(&old))
        }
        Kind::Moved => moved(change, within, about.unwrap_or(&new)),
        Kind::Wrapped => format!("in {within}, {new} was put around existing content"),
        Kind::Unwrapped => format!("in {within}, a wrapping {old} was removed"),
        Kind::Property => match (&change.old, &change.new) {
            (Some(_), Some(_)) => format!("{within}: {old} is now {new}"),
            (None, _) => format!("{within} gained {new}"),
            (_, None) => format!("{within} lost {old}"),
        },
        Kind::Text => match [&change.old, &change.new].map(|side| side.as_ref()?.value.as_ref()) {
            [Some(old), Some(new)] => {
                let (old, new) = visible::around(old, new, LONGEST);
                format!("in {within}, text \"{old}\" is now \"{new}\"")
            }
            _ => format!("in {within}, {old} is now {new}"),
        },
        Kind::Name => {
            let is_empty = |side: &Option<Side>| {
                let value = side.as_ref().and_then(|side| side.value.as_deref());
                value.is_none_or(str::is_empty)
            };
            match (is_empty(&change.old), is_empty(&change.new)) {
                (false, true) => format!("in {within}, {old} lost its name"),
                (true, false) => format!("in {within}, {old} is now called {new}"),
                _ => format!("in {within}, {old} is now {new}"),
            }
        }
        Kind::Role | Kind::State => format!("in {within}, {old} is now {new}"),
    }
}

/// `list is before heading "T"`, `link "Home" moved from before link "Products" to after link "Blog"`.
fn moved(change: &Change, within: &str, what: &str) -> String {
    if change.about.is_some() && change.from.is_some() && !what.starts_with("column") {
        return format!("in {within}, {what} changed");
    }
    match (&change.from, &change.to) {
        (Some(from), Some(to)) => format!("in {within}, {what} moved from {from} to {to}"),
        (None, Some(to)) => {
            let is = if change.about.is_some() { "are" } else { "is" };
            match &change.within {
                Some(within) => format!("in {within}, {what} {is} {to}"),
                None => format!("{what} {is} {to}"),
            }
        }
        _ => format!("in {within}, {what} moved"),
    }
}

/// `link "Nope" not found; nearest: link "Home"`.
fn missing(change: &Change) -> String {
    let what = change.old.as_ref().map(|old| head(&old.text, LONGEST));
    let what = what.unwrap_or_default();
    let not_found = match &change.within {
        Some(within) => format!("in {within}, {what} not found"),
        None => format!("{what} not found"),
    };
    match &change.nearest {
        Some(nearest) => format!("{not_found}; nearest: {nearest}"),
        None => not_found,
    }
}

/// How long a text in a sentence is.
const LONGEST: usize = 100;

/// What both sides are called, cut around their difference and never the same twice.
fn heads(change: &Change) -> (String, String) {
    let (old, new) = match (&change.old, &change.new) {
        (Some(old), Some(new)) if change.kind != Kind::Moved => (old, new),
        (old, new) => {
            let short = |side: &Option<Side>| {
                side.as_ref()
                    .map(|side| head(&side.text, LONGEST))
                    .unwrap_or_default()
            };
            return (short(old), short(new));
        }
    };
    let whole = [old, new].map(|side| head(&side.text, usize::MAX));
    if whole[0] != whole[1] {
        return visible::around(&whole[0], &whole[1], LONGEST);
    }
    // What is left out of a sentence is all that differs.
    let first = |side: &Side| side.text.lines().next().unwrap_or_default().to_owned();
    visible::around(&first(old), &first(new), LONGEST)
}

/// What a side is called in a sentence: its first line, or the first named node in what has no name
/// itself, such as the link in a list item.
fn head(text: &str, longest: usize) -> String {
    let line = text.lines().nth(head_line(text)).unwrap_or_default();
    let line = line.trim_start().trim_start_matches("- ");
    let line = match text.contains('\n') {
        true => line.strip_suffix(':').unwrap_or(line),
        false => line,
    };
    // How the pointer looks says nothing about the change.
    let line = line.replace(" [cursor=pointer]", "");
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn head_line(text: &str) -> usize {
    let is_bare = |line: &str| line.ends_with(':') && !line.contains('"');
    if !text.lines().next().is_some_and(is_bare) {
        return 0;
    }
    let says_something = |line: &str| line.contains('"') || line.contains(": ");
    text.lines().position(says_something).unwrap_or(0)
}

/// How much more came or went with it.
fn more(side: Option<&Side>) -> String {
    let Some(side) = side else {
        return String::new();
    };
    // `/url` and its like are part of the node.
    let is_node = |line: &&str| !line.trim_start().starts_with("- /");
    let rest = side.text.lines().skip(head_line(&side.text) + 1);
    match rest.filter(is_node).count() {
        0 => String::new(),
        1 => " and 1 more line".to_owned(),
        lines => format!(" and {lines} more lines"),
    }
}

/// `on 412 pages`; nothing where it is one.
pub fn spread(snapshots: usize) -> String {
    if snapshots == 1 {
        String::new()
    } else {
        format!(" on {snapshots} pages")
    }
}

#[cfg(test)]
mod tests {
    use super::{GroupId, GroupPrefix, groups};
    use crate::compare::{Change, Match, compare};
    use crate::snapshot::read;

    fn changes(old: &str, new: &str) -> Vec<Change> {
        let read = |text: &str| read(text).unwrap_or_else(|errors| panic!("{errors:?}"));
        compare(&read(old), &read(new).to_tree(), Match::Exact)
            .unwrap_or_else(|error| panic!("{error}"))
    }

    fn page(name: &str, links: &[&str], button: &str) -> String {
        let links: String = links
            .iter()
            .map(|link| format!("    - listitem:\n      - link \"{link}\"\n"))
            .collect();
        format!(
            "- navigation \"Docs sidebar\":\n  - list:\n{links}- main:\n  - heading \"{name}\" [level=1]\n  - {button}\n"
        )
    }

    #[test]
    fn one_new_link_on_many_pages_is_one_group() {
        let of = |name: &str, others: &[&str], button| {
            let mut links = others.to_vec();
            let old = page(name, &links, "button \"Send\"");
            links.push("Registries");
            changes(&old, &page(name, &links, button))
        };
        let pages = [
            of("One", &["A", "B", "C"], "button \"Send\""),
            of("Two", &["A"], "button"),
            of("Three", &["A", "B"], "button \"Send\""),
        ];
        let groups = groups(pages.iter().map(Vec::as_slice));
        let described: Vec<_> = groups
            .iter()
            .map(|group| (group.sentence.as_str(), group.snapshots.as_slice()))
            .collect();
        assert_eq!(
            described,
            [
                ("in main, button \"Send\" lost its name", &[1][..]),
                (
                    "navigation \"Docs sidebar\" gained link \"Registries\"",
                    &[0, 1, 2][..]
                ),
            ]
        );
        // The name of a group is written into scripts: it is the same for ever.
        assert_eq!(groups[1].id.to_string(), "713ff2fa");
    }

    #[test]
    fn what_is_no_group_is_refused() {
        for text in ["", "0123456", "0123456g", &"0".repeat(33)] {
            assert!(text.parse::<GroupPrefix>().is_err(), "{text}");
        }
        let id = |text: &str| GroupId::try_from(text.repeat(4)).expect("digits");
        let (one, other) = (id("0123abcd"), id("0123abce"));
        let find = |text: &str| {
            let prefix = text.parse::<GroupPrefix>().expect("digits");
            prefix.find([&one, &one, &other])
        };
        assert_eq!(find("0123ABCD"), Ok(Some(one.clone())));
        assert_eq!(find("01234567"), Ok(None));
        let same = GroupId::try_from(format!("0123abcd{}", "0".repeat(24))).expect("digits");
        let prefix = "0123abcd".parse::<GroupPrefix>().expect("digits");
        let error = prefix.find([&one, &same]).expect_err("two begin so");
        assert!(error.to_string().contains(same.as_str()), "{error}");
        assert!(GroupId::try_from("0123abcd".to_owned()).is_err());
    }
}
