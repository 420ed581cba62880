//! Reads the `steps` of a case.

use std::path::PathBuf;

use globset::GlobBuilder;

use super::super::pages::address;
use super::super::reader::{Field, Problem, keys, visible};
use super::super::settings::{SnapshotKey, check_snapshot_name, named_parts};
use super::super::value::Timeout;
use super::super::yaml::{Kind, Node};
use super::{Action, Checking, Condition, Pointing, Step};
use crate::aria::Locator;
use crate::source::{Diagnostic, Span, Spanned};

/// Steps, with the snapshots that they take: index of the step, and what.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Written {
    pub(in super::super) steps: Vec<Step>,
    pub(in super::super) snapshots: Vec<(usize, SnapshotKey)>,
}

/// Reads the value of `steps`.
pub(in super::super) fn steps(field: Field<'_>) -> Result<Written, Problem> {
    let Kind::List(items) = &field.node.kind else {
        let what = field.node.describe();
        return Err(field.wrong(format!("it must be a list, but this is {what}")));
    };
    let mut written = Written::default();
    for item in items {
        if let Kind::Scalar(text) = &item.kind {
            let key = visible(text.split(':').next().unwrap_or_default());
            let message = format!("the step `{key}` needs a value");
            let problem = Diagnostic::new(message, field.reader.file.place(item.span));
            let help = "as in `click: button \"Save\"`";
            field.reader.report(problem.with_help(help));
            continue;
        }
        field.reader.mapping(item, "a step", &[STEPS], &mut written);
    }
    Ok(written)
}

impl Written {
    fn add(&mut self, field: Field<'_>, span: Span, action: Action) {
        let place = field.reader.file.place(span);
        self.steps.push(Step { action, place });
    }

    /// A step whose value is a locator.
    fn on(
        &mut self,
        field: Field<'_>,
        action: impl FnOnce(Spanned<Locator>) -> Action,
    ) -> Result<(), Problem> {
        let locator = field.locator(field.node)?;
        self.add(field, field.node.span, action(locator));
        Ok(())
    }

    /// Steps whose values are locators, each with what is done there.
    fn with<V>(
        &mut self,
        field: Field<'_>,
        value: impl Fn(&Node) -> Result<V, Problem>,
        action: impl Fn(Spanned<Locator>, V) -> Action,
    ) -> Result<(), Problem> {
        let steps = field.each(field.entries()?, |entry| {
            let locator = field.key_locator(entry)?;
            Ok((entry.key_span, action(locator, value(&entry.value)?)))
        });
        for (span, step) in steps {
            self.add(field, span, step);
        }
        Ok(())
    }
}

keys! {
    /// What a step can be.
    STEPS: Written {
        "click" "the locator of a node, as in `click: button \"Save\"`"
            => |to, field| to.on(field, |node| Action::Point(Pointing::Click, node));
        "double-click" "the locator of a node, as in `double-click: cell \"Name\"`"
            => |to, field| to.on(field, |node| Action::Point(Pointing::DoubleClick, node));
        "hover" "the locator of a node, as in `hover: link \"Docs\"`"
            => |to, field| to.on(field, |node| Action::Point(Pointing::Hover, node));
        "focus" "the locator of a node, as in `focus: textbox \"Name\"`"
            => |to, field| to.on(field, Action::Focus);
        "check" "the locator of a node, as in `check: checkbox \"I agree\"`"
            => |to, field| to.on(field, |node| Action::Check(Checking::Check, node));
        "uncheck" "the locator of a node, as in `uncheck: checkbox \"I agree\"`"
            => |to, field| to.on(field, |node| Action::Check(Checking::Uncheck, node));
        "scroll-to" "the locator of a node, as in `scroll-to: contentinfo`"
            => |to, field| to.on(field, Action::ScrollTo);
        "fill" "fields with what to type, as in `fill: {textbox \"Name\": Ada}`"
            => |to, field| to.with(field, |node| field.secret(node), Action::Fill);
        "press" "keys, as in `press: Enter`, `press: [Tab, Shift+Tab, Control+a]` or `press: {textbox \"Name\": Enter}`"
            => |to, field| match &field.node.kind {
                Kind::Map(_) => to.with(field, |node| keys(field, node), |node, keys| Action::Press(Some(node), keys)),
                _ => keys(field, field.node).map(|keys| to.add(field, field.node.span, Action::Press(None, keys))),
            };
        "select" "lists with the names of their options, as in `select: {combobox \"Country\": Chile}`"
            => |to, field| to.with(field, |node| options(field, node), Action::Select);
        "upload" "file choosers with files beside the spec, as in `upload: {button \"File\": files/a.pdf}`"
            => |to, field| to.with(field, |node| files(field, node), Action::Upload);
        "wait-for" "what to wait for, as in `wait-for: listbox`, `wait-for: {text: \"12 results\"}`, `wait-for: {gone: progressbar}`, `wait-for: {url: \"**/done\"}` or `wait-for: {time: 500ms}`"
            => |to, field| condition(field).map(|one| to.add(field, field.node.span, Action::WaitFor(one)));
        "goto" "the address of a page, as in `goto: /about/`"
            => |to, field| goto(field).map(|url| to.add(field, field.node.span, Action::Goto(url)));
        "evaluate" "a script, as in `evaluate: document.body.dataset.theme = \"dark\"`"
            => |to, field| field.foreign().map(|script| to.add(field, field.node.span, Action::Evaluate(script)));
        "snapshot" "a name, as in `snapshot: results`, or a name with a locator, as in `snapshot: {results: listbox}`"
            => |to, field| {
                for key in snapshot(field)? {
                    to.snapshots.push((to.steps.len(), key.clone()));
                    to.add(field, field.node.span, Action::Snapshot(key.name));
                }
                Ok(())
            };
    }
}

fn snapshot(field: Field<'_>) -> Result<Vec<SnapshotKey>, Problem> {
    if let Kind::Map(_) = field.node.kind {
        return Ok(named_parts(field, field.node));
    }
    let name = field.text()?;
    check_snapshot_name(&name)?;
    Ok(vec![SnapshotKey {
        name,
        locator: None,
    }])
}

fn keys(field: Field<'_>, node: &Node) -> Result<Vec<Spanned<String>>, Problem> {
    let keys = field.one_or_more(node)?;
    for key in &keys {
        crate::keyboard::parse(&key.value)
            .map_err(|why| Problem::new(format!("`press` is not valid: {why}"), key.place.span))?;
    }
    Ok(keys)
}

fn options(field: Field<'_>, node: &Node) -> Result<Vec<Spanned<String>>, Problem> {
    match &node.kind {
        Kind::List(items) if items.is_empty() => Err(field.wrong_at(node, "it is empty")),
        _ => Ok(field.each(node.items(), |item| field.secret(item))),
    }
}

fn files(field: Field<'_>, node: &Node) -> Result<Vec<Spanned<PathBuf>>, Problem> {
    let files = field.one_or_more(node)?.into_iter().map(|file| Spanned {
        value: PathBuf::from(file.value),
        place: file.place,
    });
    Ok(files.collect())
}

/// Its variables are replaced where it is opened.
fn goto(field: Field<'_>) -> Result<Spanned<String>, Problem> {
    let url = field.secret(field.node)?;
    if !super::super::has_reference(&url.value) {
        address(field, field.node)?;
    }
    Ok(url)
}

fn condition(field: Field<'_>) -> Result<Condition, Problem> {
    let Kind::Map(entries) = &field.node.kind else {
        return field.locator(field.node).map(Condition::There);
    };
    let [entry] = entries.as_slice() else {
        return Err(field.wrong("it must wait for one thing"));
    };
    match entry.key.as_str() {
        "gone" => field.locator(&entry.value).map(Condition::Gone),
        "text" => field.text_of(&entry.value).map(Condition::Text),
        "url" => {
            let text = field.text_of(&entry.value)?;
            let glob = GlobBuilder::new(&text.value)
                .literal_separator(true)
                .build()
                .map_err(|error| field.wrong_at(&entry.value, error.kind()))?;
            Ok(Condition::Url(text, glob.compile_matcher()))
        }
        "time" => {
            let time: Timeout = field.parsed_from(&entry.value)?;
            Ok(Condition::Time(time.0))
        }
        other => {
            // YAML takes `status: 1 in cart` for a mapping.
            if let Kind::Scalar(_) = entry.value.kind {
                let text = field.text_of(&entry.value)?.value;
                let key = field.key(entry)?.value;
                if let Ok(locator) = Locator::parse(&format!("{key}: {text}")) {
                    return Ok(Condition::There(field.spanned(locator, entry.key_span)));
                }
            }
            let message = format!("unknown key `{other}` in `wait-for`");
            Err(Problem::new(message, entry.key_span))
        }
    }
}
