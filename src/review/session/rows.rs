//! The lines of a review: a group, or what a snapshot has for itself.

use std::collections::HashSet;

use super::Session;
use crate::baseline::BaselinePath;
use crate::compare::Impact;
use crate::compare::recurring::{self, Group, GroupId};
use crate::review::decide::Part;

/// Identifies a row, whatever is decided meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// The same change on several pages.
    Group(GroupId),
    /// What a snapshot has for itself.
    Snapshot(BaselinePath),
}

/// A line of the list: what is decided with one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Which.
    pub key: RowKey,
    /// In words.
    pub title: String,
    /// The gravest of its changes; `None` for a new snapshot.
    pub impact: Option<Impact>,
    /// The items it is about, with the groups of their changes; all of a new snapshot.
    pub members: Vec<(usize, Part)>,
    /// How many changes of each impact, in the order of [`Impact::ALL`].
    pub counts: [usize; 4],
}

impl Session {
    pub(super) fn all_rows(&self) -> Vec<Row> {
        let groups = recurring::groups(self.items.iter().map(|item| item.changes.as_slice()));
        let is_shared =
            |group: &&Group| group.snapshots.len() > 1 && !self.split.contains(&group.id);
        let shared: Vec<&Group> = groups.iter().filter(is_shared).collect();
        let ids: HashSet<&GroupId> = shared.iter().map(|group| &group.id).collect();
        let mut rows: Vec<Row> = shared.iter().map(|group| self.group_row(group)).collect();
        for (index, item) in self.items.iter().enumerate() {
            let own: Vec<GroupId> = item
                .groups()
                .into_iter()
                .filter(|id| !ids.contains(id))
                .collect();
            if own.is_empty() && !item.changes.is_empty() {
                continue;
            }
            // What is shown with all of its changes, or has none to choose from, is decided as a whole.
            let part = match own.len() == item.groups().len() {
                true => Part::All,
                false => Part::Groups(own),
            };
            rows.push(self.snapshot_row(index, part));
        }
        rows
    }

    fn group_row(&self, group: &Group) -> Row {
        let members: Vec<(usize, Part)> = group
            .snapshots
            .iter()
            .map(|item| (*item, Part::Groups(vec![group.id.clone()])))
            .collect();
        Row {
            key: RowKey::Group(group.id.clone()),
            title: format!("{} pages: {}", members.len(), group.sentence),
            impact: Some(group.impact),
            counts: self.counts(&members),
            members,
        }
    }

    fn snapshot_row(&self, index: usize, part: Part) -> Row {
        let item = &self.items[index];
        let members = vec![(index, part)];
        let counts = self.counts(&members);
        let what = match (&item.problem, item.is_new) {
            (Some(_), _) => " (cannot be decided)",
            (None, true) => " (new)",
            (None, false) => "",
        };
        let gravest = Impact::ALL
            .into_iter()
            .zip(counts)
            .find(|(_, count)| *count > 0);
        Row {
            key: RowKey::Snapshot(item.path.clone()),
            title: format!("{}{what}", item.path),
            impact: gravest.map(|(impact, _)| impact),
            counts,
            members,
        }
    }

    fn counts(&self, members: &[(usize, Part)]) -> [usize; 4] {
        let mut counts = [0; 4];
        for (item, part) in members {
            for (_, change) in self.changes(*item, part) {
                for (count, impact) in counts.iter_mut().zip(Impact::ALL) {
                    *count += usize::from(change.impact == impact);
                }
            }
        }
        counts
    }
}
