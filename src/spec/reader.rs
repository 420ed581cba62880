//! Reads a mapping by a table: which keys it has, what each of them expects, and how it is read.

use std::cell::RefCell;
use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::variables::Variables;
use super::yaml::{Entry, Kind, Node};
use crate::aria::Locator;
use crate::aria::notation::NotationError;
use crate::source::{Diagnostic, SourceText, Span, Spanned, nearest};

/// A key of a mapping that is read into a `T`.
pub(super) struct Key<T: 'static> {
    pub(super) name: &'static str,
    /// What the value should be, with an example: the advice of every error about it.
    pub(super) expects: &'static str,
    pub(super) read: fn(&mut T, Field<'_>) -> Result<(), Problem>,
}

/// Declares the keys of a mapping: a new key is a line here and a field of the target.
macro_rules! keys {
    ($(#[$doc:meta])* $table:ident: $target:ty { $($name:literal $expects:literal => $read:expr;)* }) => {
        $(#[$doc])*
        pub(super) const $table: &[$crate::spec::reader::Key<$target>] =
            &[$($crate::spec::reader::Key { name: $name, expects: $expects, read: $read }),*];
    };
}
pub(super) use keys;

/// A value that does not fit its key.
pub(super) struct Problem {
    message: String,
    span: Span,
    /// What to do, where the key does not say it.
    help: Option<String>,
}

impl Problem {
    pub(super) fn new(message: impl AsRef<str>, span: Span) -> Problem {
        Problem {
            message: visible(message.as_ref()),
            span,
            help: None,
        }
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Problem {
        self.help = Some(help.into());
        self
    }
}

/// A file that is read, and what comes to light meanwhile.
pub(super) struct Reader<'a> {
    pub(super) file: &'a SourceText,
    pub(super) variables: &'a Variables,
    pub(super) problems: RefCell<Vec<Diagnostic>>,
    /// Secrets in addresses: passwords, and variables in queries.
    pub(super) hidden: RefCell<Vec<String>>,
}

/// A value on its way into its key.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) reader: &'a Reader<'a>,
    pub(super) name: &'a str,
    expects: &'a str,
    pub(super) node: &'a Node,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a SourceText, variables: &'a Variables) -> Reader<'a> {
        Reader {
            file,
            variables,
            problems: RefCell::default(),
            hidden: RefCell::default(),
        }
    }

    pub(super) fn report(&self, problem: Diagnostic) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn count(&self) -> usize {
        self.problems.borrow().len()
    }

    /// Reads a mapping into `target`. `what` names the mapping in messages.
    pub(super) fn mapping<T>(
        &'a self,
        node: &'a Node,
        what: &str,
        tables: &[&[Key<T>]],
        target: &mut T,
    ) {
        let keys = || tables.iter().copied().flatten();
        let Kind::Map(entries) = &node.kind else {
            let message = format!("{what} must be a mapping, but this is {}", node.describe());
            let help = format!("its keys are {}", list(keys().map(|key| key.name)));
            let problem = Diagnostic::new(message, self.file.place(node.span));
            return self.report(problem.with_help(help));
        };
        for entry in entries {
            let Some(key) = keys().find(|key| key.name == entry.key) else {
                let names: Vec<_> = keys().map(|key| key.name).collect();
                self.report(self.unknown_key(entry, what, &names));
                continue;
            };
            let field = Field {
                reader: self,
                name: key.name,
                expects: key.expects,
                node: &entry.value,
            };
            if matches!(field.node.kind, Kind::Alias) {
                continue;
            }
            if let Err(problem) = (key.read)(target, field) {
                field.report(problem);
            }
        }
    }

    fn unknown_key(&self, entry: &Entry, what: &str, keys: &[&str]) -> Diagnostic {
        let help = match nearest(&entry.key.replace('_', "-"), keys) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("the keys of {what} are {}", list(keys.iter().copied())),
        };
        let message = format!("unknown key `{}` in {what}", visible(&entry.key));
        Diagnostic::new(message, self.file.place(entry.key_span)).with_help(help)
    }
}

/// Returns the text with its invisible characters written out, so that it stays one line of a message.
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
    let keys: Vec<String> = keys.map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

impl<'a> Field<'a> {
    fn report(&self, problem: Problem) {
        let help = match problem.help {
            Some(help) => help,
            None => format!("expected {}", self.expects),
        };
        let place = self.reader.file.place(problem.span);
        self.reader
            .report(Diagnostic::new(problem.message, place).with_help(help));
    }

    /// The value as a whole does not fit.
    pub(super) fn wrong(&self, why: impl Display) -> Problem {
        self.wrong_at(self.node, why)
    }

    /// A part of the value does not fit.
    pub(super) fn wrong_at(&self, node: &Node, why: impl Display) -> Problem {
        let why = match &node.kind {
            Kind::Scalar(text) => self.reader.variables.hide(text, &why.to_string()),
            _ => why.to_string(),
        };
        Problem::new(format!("`{}` is not valid: {why}", self.name), node.span)
    }

    pub(super) fn spanned<T>(&self, value: T, span: Span) -> Spanned<T> {
        let place = self.reader.file.place(span);
        Spanned { value, place }
    }

    /// Returns a single value as text: `name: 404` is the text `404`. Variables are replaced.
    pub(super) fn text(&self) -> Result<Spanned<String>, Problem> {
        self.text_of(self.node)
    }

    pub(super) fn text_of(&self, node: &Node) -> Result<Spanned<String>, Problem> {
        let mut text = self.raw_text(node)?;
        text.value = self.expanded(&text.value, node.span)?;
        if text.value.trim().is_empty() {
            return Err(self.wrong_at(node, "it is empty"));
        }
        Ok(text)
    }

    /// Returns a text in another language, in which `${NAME}` has a meaning of its own.
    pub(super) fn foreign(&self) -> Result<Spanned<String>, Problem> {
        let text = self.raw_text(self.node)?;
        match text.value.trim().is_empty() {
            true => Err(self.wrong("it is empty")),
            false => Ok(text),
        }
    }

    /// Returns a text as written, which may be empty: its variables are secrets, and are replaced where
    /// the text is used.
    pub(super) fn secret(&self, node: &Node) -> Result<Spanned<String>, Problem> {
        match &node.kind {
            Kind::Null => Ok(self.spanned(String::new(), node.span)),
            _ => self.raw_text(node),
        }
    }

    fn raw_text(&self, node: &Node) -> Result<Spanned<String>, Problem> {
        match &node.kind {
            Kind::Scalar(text) => Ok(self.spanned(text.clone(), node.span)),
            _ => Err(self.wrong_at(
                node,
                format!("it must be text, but this is {}", node.describe()),
            )),
        }
    }

    /// Returns the name that a key is.
    pub(super) fn key(&self, entry: &Entry) -> Result<Spanned<String>, Problem> {
        let name = self.expanded(&entry.key, entry.key_span)?;
        Ok(self.spanned(name, entry.key_span))
    }

    fn expanded(&self, text: &str, span: Span) -> Result<String, Problem> {
        let expanded = self.reader.variables.expand(text);
        expanded.map_err(|missing| {
            let written = span.slice(&self.reader.file.text);
            let span = match written.find(missing.text) {
                Some(at) => {
                    let start = span.start + at;
                    Span::locate(&self.reader.file.text, start, start + missing.text.len())
                }
                None => span,
            };
            let key = self.name;
            if missing.is_forbidden {
                return Problem::new("--untrusted reads no variables of the environment", span)
                    .with_help("write the value itself");
            }
            let message = format!(
                "`{key}` needs the variable `{}`, which is not set",
                missing.name
            );
            Problem::new(message, span)
                .with_help("set it in the environment, or write a default: `${NAME:-default}`")
        })
    }

    /// Returns a text, or a list of texts.
    pub(super) fn one_or_more(&self, node: &Node) -> Result<Vec<Spanned<String>>, Problem> {
        match &node.kind {
            Kind::List(items) if items.is_empty() => Err(self.wrong_at(node, "it is empty")),
            _ => Ok(self.each(node.items(), |item| self.text_of(item))),
        }
    }

    /// Returns the items of a list that has at least one.
    pub(super) fn list(&self) -> Result<&'a [Node], Problem> {
        match &self.node.kind {
            Kind::List(items) if items.is_empty() => Err(self.wrong("it is empty")),
            Kind::List(items) => Ok(items),
            _ => Err(self.wrong(format!(
                "it must be a list, but this is {}",
                self.node.describe()
            ))),
        }
    }

    /// Returns the entries of a mapping that has at least one.
    pub(super) fn entries(&self) -> Result<&'a [Entry], Problem> {
        match &self.node.kind {
            Kind::Map(entries) if entries.is_empty() => Err(self.wrong("it is empty")),
            Kind::Map(entries) => Ok(entries),
            _ => {
                let what = self.node.describe();
                Err(self.wrong(format!("it must be a mapping, but this is {what}")))
            }
        }
    }

    /// Reads every one of `items`, and reports all problems, not the first alone.
    pub(super) fn each<I, T>(
        &self,
        items: impl IntoIterator<Item = I>,
        mut read: impl FnMut(I) -> Result<T, Problem>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for item in items {
            match read(item) {
                Ok(value) => values.push(value),
                Err(problem) => self.report(problem),
            }
        }
        values
    }

    /// Returns a locator that is a value.
    pub(super) fn locator(&self, node: &Node) -> Result<Spanned<Locator>, Problem> {
        let text = self.text_of(node)?.value;
        let locator = Locator::parse(&text);
        let value = locator.map_err(|error| with_own_help(self.wrong_at(node, &error), error))?;
        Ok(self.spanned(value, node.span))
    }

    /// Returns a locator that is a key.
    pub(super) fn key_locator(&self, entry: &Entry) -> Result<Spanned<Locator>, Problem> {
        let text = self.expanded(&entry.key, entry.key_span)?;
        let value = Locator::parse(&text).map_err(|error| {
            let why = self.reader.variables.hide(&entry.key, &error.message);
            let message = format!("`{}` is not valid: {why}", self.name);
            with_own_help(Problem::new(message, entry.key_span), error)
        })?;
        Ok(self.spanned(value, entry.key_span))
    }

    pub(super) fn flag(&self) -> Result<bool, Problem> {
        match self.text()?.value.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(self.wrong(format!("`{other}` is neither `true` nor `false`"))),
        }
    }

    /// Returns a value that is written as text of its own form.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&self) -> Result<T, Problem> {
        self.parsed_from(self.node)
    }

    pub(super) fn parsed_from<T: FromStr<Err: Display>>(&self, node: &Node) -> Result<T, Problem> {
        let text = self.text_of(node)?.value;
        text.parse()
            .map_err(|error: T::Err| self.wrong_at(node, error))
    }

    /// Returns one of the values of an enum that serde knows.
    pub(super) fn choice<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.choice_of(self.node)
    }

    pub(super) fn choice_of<T: DeserializeOwned>(&self, node: &Node) -> Result<T, Problem> {
        let text = self.text_of(node)?.value;
        serde_yaml::from_value(serde_yaml::Value::String(text.clone()))
            .map_err(|_| self.wrong_at(node, format!("unknown value `{text}`")))
    }

    pub(super) fn number<N: FromStr + PartialOrd + From<u8>>(
        &self,
        least: u8,
    ) -> Result<N, Problem> {
        let text = self.text()?.value;
        let number = text.parse().ok().filter(|number| *number >= N::from(least));
        number.ok_or_else(|| self.wrong(format!("`{text}` is not a number from {least}")))
    }

    /// Reads a mapping with keys of its own.
    pub(super) fn mapping<T>(&self, tables: &[&[Key<T>]], target: &mut T) {
        let what = format!("`{}`", self.name);
        self.reader.mapping(self.node, &what, tables, target);
    }

    /// As [`Field::mapping`]; whether all of it could be read.
    pub(super) fn is_mapped<T>(&self, tables: &[&[Key<T>]], target: &mut T) -> bool {
        let before = self.reader.count();
        self.mapping(tables, target);
        self.reader.count() == before
    }
}

fn with_own_help(problem: Problem, error: NotationError) -> Problem {
    match error.help {
        Some(help) => problem.with_help(help),
        None => problem,
    }
}
