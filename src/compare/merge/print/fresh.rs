//! Entries that are written anew.

use super::{Printer, Task};
use crate::compare::merge::header::{self, Property, property_line, test_text};
use crate::compare::merge::plan::Entity;
use crate::snapshot::quote;

impl Printer<'_> {
    /// An entry in lines of its own, whatever it looked like before.
    pub(super) fn fresh(&mut self, entity: Entity, indent: usize) {
        if let Some(value) = self.text_value(entity) {
            return self.line(indent, &format!("text: {value}"));
        }
        let header = header::of(self.plan, entity);
        let key = match (header.key, header.item) {
            (Some(key), _) => key,
            (None, Some(item)) => test_text(&item.test),
            (None, None) => return,
        };
        let key = quote::key(&key);
        let children = self.plan.children(entity).to_vec();
        let mode = header.item.and_then(|item| item.mode);
        let has_block = mode.is_some() || !header.properties.is_empty();
        if let [text] = children.as_slice()
            && !has_block
            && let Some(value) = self.text_value(*text)
        {
            return self.line(indent, &format!("{key}: {value}"));
        }
        let colon = if has_block || !children.is_empty() {
            ":"
        } else {
            ""
        };
        self.line(indent, &format!("{key}{colon}"));
        for property in &header.properties {
            let line = match property {
                Property::Kept(_, test) => property_line(test.name, &test.test.raw),
                Property::Changed(_, test, value) => property_line(test.name, value),
                Property::Added(name, value) => property_line(*name, value),
            };
            self.line(indent + 2, &line);
        }
        if let Some(directive) = mode {
            self.directive(directive.mode, indent + 2);
        }
        let tasks = children
            .into_iter()
            .map(|child| Task::Entry(child, indent + 2));
        self.then(tasks.collect());
    }
}
