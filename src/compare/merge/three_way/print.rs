//! The merged baseline as text.

use super::{Id, Merge, OURS, THEIRS, three};
use crate::compare::merge::blocks::{Block, Part};

/// A key, and its merged text or both of its texts.
type MergedPart = (String, Result<String, (String, String)>);

impl<'a> Merge<'a> {
    pub(super) fn print(&mut self) -> Option<()> {
        let root = *self.ids.first()?;
        let front = self.part(root, |block| block.lead.as_str());
        self.out.push_str(&front.unwrap_or_default());
        let mut printed = 1;
        let children = self.children.remove(&root).unwrap_or_default();
        self.inside(root, 0);
        let mut open: Vec<(Id, usize)> = children.into_iter().rev().map(|id| (id, 0)).collect();
        while let Some((id, indent)) = open.pop() {
            printed += 1;
            let children = self.children.remove(&id).unwrap_or_default();
            if let [only] = children.as_slice()
                && let Some(value) = self.inline(id, *only)
            {
                printed += 1;
                self.key(id, indent, &format!(": {value}"));
                continue;
            }
            let has_more = !children.is_empty() || self.has_parts(id);
            self.key(id, indent, if has_more { ":" } else { "" });
            self.inside(id, indent + 2);
            open.extend(children.into_iter().rev().map(|id| (id, indent + 2)));
        }
        let tail = self.part(root, |block| block.tail.as_str());
        self.out.push_str(&tail.unwrap_or_default());
        // Two moves into each other would leave entries out.
        (printed == self.parents.len() + 1).then_some(())
    }

    /// The version of a part that was changed, or the only one; `None` where both changed it.
    fn part(&self, id: Id, of: impl Fn(&Block) -> &str) -> Option<String> {
        let text = |side: usize| id.sides[side].map(|at| of(self.block(side, at)));
        let base = id.base.map(|at| of(self.base(at)));
        let merged = three(base, text(OURS), text(THEIRS))?;
        Some(merged.unwrap_or_default().to_owned())
    }

    /// A text that can be behind its parent's key.
    fn inline(&self, parent: Id, id: Id) -> Option<String> {
        let is_inline = [OURS, THEIRS]
            .iter()
            .any(|side| id.sides[*side].is_some_and(|at| self.block(*side, at).is_inline));
        if !is_inline || self.has_parts(parent) {
            return None;
        }
        let value = self.part(id, |block| block.key.as_str())?;
        self.part(parent, |block| block.key.as_str())?;
        value.strip_prefix("text: ").map(str::to_owned)
    }

    fn has_parts(&self, id: Id) -> bool {
        !self.merged_parts(id).is_empty()
    }

    fn key(&mut self, id: Id, indent: usize, end: &str) {
        let lead = self.part(id, |block| block.lead.as_str());
        let lead = lead.unwrap_or_else(|| {
            // Comments of both sides stay.
            let of =
                |side: usize| id.sides[side].map_or("", |at| self.block(side, at).lead.as_str());
            format!("{}{}", of(OURS), of(THEIRS))
        });
        self.indented(&lead, indent);
        let of = |side: usize| {
            let block = id.sides[side].map(|at| self.block(side, at));
            block.map_or((String::new(), String::new()), |block| {
                (block.key.clone(), block.tail.clone())
            })
        };
        let (ours, theirs) = (of(OURS), of(THEIRS));
        let key = self.part(id, |block| block.key.as_str());
        let tail = self.part(id, |block| block.tail.as_str());
        match key {
            Some(key) => {
                let tail = tail.unwrap_or_else(|| ours.1.clone());
                self.indented(&format!("- {key}{end}{tail}\n"), indent);
            }
            None => {
                let line = |(key, tail): &(String, String)| {
                    format!("{}- {key}{end}{tail}\n", " ".repeat(indent))
                };
                self.conflict(&line(&ours), &line(&theirs));
            }
        }
    }

    /// Properties and the directive.
    fn inside(&mut self, id: Id, indent: usize) {
        for (_, part) in self.merged_parts(id) {
            match part {
                Ok(text) => self.indented(&text, indent),
                Err((ours, theirs)) => {
                    let pad = |text: &str| match text {
                        "" => String::new(),
                        text => format!("{}{text}", " ".repeat(indent)),
                    };
                    self.conflict(&pad(&ours), &pad(&theirs));
                }
            }
        }
    }

    fn merged_parts(&self, id: Id) -> Vec<MergedPart> {
        let parts =
            |block: Option<&'a Block>| block.map_or(&[][..], |block| block.parts.as_slice());
        let base = parts(id.base.map(|at| self.base(at)));
        let [ours, theirs] =
            [OURS, THEIRS].map(|side| parts(id.sides[side].map(|at| self.block(side, at))));
        let find = |parts: &'a [Part], name: &str| {
            let part = parts.iter().find(|part| part.name == name);
            part.map(|part| part.text.as_str())
        };
        let mut names: Vec<&str> = Vec::new();
        for part in ours.iter().chain(theirs) {
            if !names.contains(&part.name.as_str()) {
                names.push(&part.name);
            }
        }
        let is_both = id.sides.iter().all(Option::is_some);
        let mut merged = Vec::new();
        for name in names {
            let (before, ours, theirs) = (find(base, name), find(ours, name), find(theirs, name));
            let one = match is_both {
                true => three(Some(before), Some(ours), Some(theirs)).map(Option::flatten),
                false => Some(ours.or(theirs)),
            };
            match one {
                Some(Some(text)) => merged.push((name.to_owned(), Ok(text.to_owned()))),
                Some(None) => {}
                None => {
                    let text = |side: Option<&str>| side.unwrap_or_default().to_owned();
                    merged.push((name.to_owned(), Err((text(ours), text(theirs)))));
                }
            }
        }
        merged
    }

    fn conflict(&mut self, ours: &str, theirs: &str) {
        self.conflicts += 1;
        self.out.push_str(&conflict(ours, theirs));
    }

    fn indented(&mut self, text: &str, indent: usize) {
        for line in text.split_inclusive('\n') {
            if !line.trim().is_empty() {
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push_str(line);
        }
    }
}

/// As git writes it.
pub(super) fn conflict(ours: &str, theirs: &str) -> String {
    let line = |text: &str| match text.is_empty() || text.ends_with('\n') {
        true => text.to_owned(),
        false => format!("{text}\n"),
    };
    format!(
        "<<<<<<< ours\n{}=======\n{}>>>>>>> theirs\n",
        line(ours),
        line(theirs)
    )
}
