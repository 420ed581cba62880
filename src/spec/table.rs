//! Reading a mapping by a table: one row per key, with what is expected there and how it is taken.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::yaml::{Entry, Kind, Node};
use crate::aria::Locator;
use crate::error::{Located, SourceText, Spanned};

/// A key of a mapping that is read into a `T`.
pub(super) struct Row<T> {
    pub(super) key: &'static str,
    /// What the value should be, with an example: the advice of every error about it.
    pub(super) expects: &'static str,
    pub(super) read: fn(&mut T, &mut Field<'_>) -> Result<(), Problem>,
}

/// A value that does not fit its row.
pub(super) struct Problem {
    pub(super) title: String,
    pub(super) span: Range<usize>,
    /// What to do, where the row does not say it.
    pub(super) help: Option<&'static str>,
}

/// A value on its way into a row.
pub(super) struct Field<'a> {
    pub(super) file: &'a SourceText,
    pub(super) name: &'a str,
    pub(super) node: &'a Node,
    pub(super) problems: &'a mut Vec<Located>,
}

/// Reads a mapping into `target` by all rows of `tables`, and adds what is wrong to `problems`.
/// `what` is what the mapping is, for messages.
pub(super) fn read<T>(
    file: &SourceText,
    node: &Node,
    what: &str,
    tables: &[&[Row<T>]],
    target: &mut T,
    problems: &mut Vec<Located>,
) {
    let rows = || tables.iter().copied().flatten();
    let Kind::Map(entries) = &node.kind else {
        let keys = list(rows().map(|row| row.key));
        problems.push(
            Located::new(
                format!("{what} must be a mapping, but this is {}", node.describe()),
                file.place(node.span.clone()),
            )
            .with_help(format!("its keys are {keys}")),
        );
        return;
    };
    for entry in entries {
        let Some(row) = rows().find(|row| row.key == entry.key) else {
            let keys: Vec<_> = rows().map(|row| row.key).collect();
            problems.push(unknown_key(file, entry, what, &keys));
            continue;
        };
        let mut field = Field {
            file,
            name: row.key,
            node: &entry.value,
            problems,
        };
        if matches!(field.node.kind, Kind::Alias) {
            continue;
        }
        if let Err(problem) = (row.read)(target, &mut field) {
            let help = match problem.help {
                Some(help) => help.to_owned(),
                None => format!("expected {}", row.expects),
            };
            let problem = Located::new(problem.title, file.place(problem.span));
            problems.push(problem.with_help(help));
        }
    }
}

fn unknown_key(file: &SourceText, entry: &Entry, what: &str, keys: &[&str]) -> Located {
    let lower = entry.key.to_lowercase().replace('_', "-");
    let nearest = similar::get_close_matches(lower.as_str(), keys, 1, 0.6);
    let help = match nearest.first() {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the keys of {what} are {}", list(keys.iter().copied())),
    };
    Located::new(
        format!("unknown key `{}` in {what}", visible(&entry.key)),
        file.place(entry.key_span.clone()),
    )
    .with_help(help)
}

/// The text with its invisible characters written out, so that it stays one line of a message.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn list<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    keys.map(|key| format!("`{key}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Field<'_> {
    /// The value does not fit, as a whole.
    pub(super) fn wrong(&self, why: impl Display) -> Problem {
        self.wrong_at(self.node, why)
    }

    /// A part of the value does not fit.
    pub(super) fn wrong_at(&self, node: &Node, why: impl Display) -> Problem {
        Problem {
            title: visible(&format!("`{}` is not valid: {why}", self.name)),
            span: node.span.clone(),
            help: None,
        }
    }

    /// Any single value, as it was written: `name: 404` is the text `404`.
    pub(super) fn text(&self) -> Result<Spanned<String>, Problem> {
        self.text_of(self.node)
    }

    pub(super) fn text_of(&self, node: &Node) -> Result<Spanned<String>, Problem> {
        let Kind::Scalar(text) = &node.kind else {
            let what = node.describe();
            return Err(self.wrong_at(node, format!("it must be text, but this is {what}")));
        };
        if text.trim().is_empty() {
            return Err(self.wrong_at(node, "it is empty"));
        }
        Ok(Spanned {
            value: text.clone(),
            place: self.file.place(node.span.clone()),
        })
    }

    /// As [`Field::text_of`], and may be empty.
    pub(super) fn any_text(&self, node: &Node) -> Result<Spanned<String>, Problem> {
        let empty = match &node.kind {
            Kind::Null => true,
            Kind::Scalar(text) => text.trim().is_empty(),
            Kind::List(_) | Kind::Map(_) | Kind::Alias => false,
        };
        if !empty {
            return self.text_of(node);
        }
        let value = match &node.kind {
            Kind::Scalar(text) => text.clone(),
            _ => String::new(),
        };
        let place = self.file.place(node.span.clone());
        Ok(Spanned { value, place })
    }

    /// A text, or a list of such.
    pub(super) fn one_or_more(&self, node: &Node) -> Result<Vec<Spanned<String>>, Problem> {
        match &node.kind {
            Kind::List(items) if items.is_empty() => Err(self.wrong_at(node, "it is empty")),
            Kind::List(items) => items.iter().map(|item| self.text_of(item)).collect(),
            _ => Ok(vec![self.text_of(node)?]),
        }
    }

    /// The entries of a mapping, at least one.
    pub(super) fn entries(&self) -> Result<&[Entry], Problem> {
        match &self.node.kind {
            Kind::Map(entries) if entries.is_empty() => Err(self.wrong("it is empty")),
            Kind::Map(entries) => Ok(entries),
            _ => {
                let what = self.node.describe();
                Err(self.wrong(format!("it must be a mapping, but this is {what}")))
            }
        }
    }

    /// A locator as a value.
    pub(super) fn locator(&self, node: &Node) -> Result<Spanned<Locator>, Problem> {
        let text = self.text_of(node)?;
        self.read_locator(&text.value, node.span.clone())
    }

    /// A locator as a key.
    pub(super) fn key_locator(&self, entry: &Entry) -> Result<Spanned<Locator>, Problem> {
        self.read_locator(&entry.key, entry.key_span.clone())
    }

    fn read_locator(&self, text: &str, span: Range<usize>) -> Result<Spanned<Locator>, Problem> {
        let value = Locator::parse(text).map_err(|error| {
            let help = error.help.map(|help| format!(": {help}"));
            let why = format!("{}{}", error.message, help.unwrap_or_default());
            Problem {
                title: visible(&format!("`{}` is not valid: {why}", self.name)),
                span: span.clone(),
                help: None,
            }
        })?;
        let place = self.file.place(span);
        Ok(Spanned { value, place })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Result<bool, Problem> {
        match self.text()?.value.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(self.wrong(format!("`{other}` is neither `true` nor `false`"))),
        }
    }

    /// A value that is written as text of its own form.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self) -> Result<T, Problem> {
        let text = self.text()?.value;
        text.parse().map_err(|error: T::Err| self.wrong(error))
    }

    /// One of the names of an enum that serde knows.
    pub(super) fn choice<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.choice_of(self.node)
    }

    pub(super) fn choice_of<T: DeserializeOwned>(&self, node: &Node) -> Result<T, Problem> {
        let text = self.text_of(node)?.value;
        serde_yaml::from_value(serde_yaml::Value::String(text.clone()))
            .map_err(|_| self.wrong_at(node, format!("`{text}` is none of its values")))
    }

    /// A mapping with keys of its own.
    pub(super) fn table<T>(&mut self, tables: &[&[Row<T>]], target: &mut T) {
        let what = format!("`{}`", self.name);
        read(self.file, self.node, &what, tables, target, self.problems);
    }
}
