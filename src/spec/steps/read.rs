//! The `steps` of a case, from YAML.

use std::path::PathBuf;

use globset::GlobBuilder;

use super::super::settings::{SnapshotKey, check_snapshot_name};
use super::super::table::{Field, Problem, Row, read as read_table, visible};
use super::super::value::{Timeout, check_page_url};
use super::super::yaml::{Entry, Kind, Node};
use super::{Action, Checking, Condition, Pointing, Step};
use crate::aria::Locator;
use crate::error::{Located, Spanned};

/// What `steps` should be.
pub(in super::super) const STEPS_EXPECTED: &str = "a list of steps, as in \
    `steps: [{click: button \"Menu\"}, {press: Escape}, {snapshot: closed}]`";

/// Steps as they are written, with the snapshots that they take: index of the step, and what.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Written {
    pub(in super::super) steps: Vec<Step>,
    pub(in super::super) snapshots: Vec<(usize, SnapshotKey)>,
}

/// Reads the value of `steps`; what is wrong with a step is added to the field's problems.
pub(in super::super) fn steps(field: &mut Field<'_>) -> Result<Written, Problem> {
    let Kind::List(items) = &field.node.kind else {
        let what = field.node.describe();
        return Err(field.wrong(format!("it must be a list, but this is {what}")));
    };
    let mut written = Written::default();
    for item in items {
        if let Kind::Scalar(text) = &item.kind {
            let key = text.split(':').next().unwrap_or_default();
            let title = format!("the step `{}` needs a value", visible(key));
            let problem = Located::new(title, field.file.place(item.span.clone()));
            let help = "as in `click: button \"Save\"`";
            field.problems.push(problem.with_help(help));
            continue;
        }
        read_table(
            field.file,
            item,
            "a step",
            &[ROWS],
            &mut written,
            field.problems,
        );
    }
    Ok(written)
}

impl Written {
    fn add(&mut self, field: &Field<'_>, action: Action) {
        let place = field.file.place(field.node.span.clone());
        self.steps.push(Step { action, place });
    }

    /// A step of which a mapping holds several: it stands where its node is named.
    fn add_at(&mut self, locator: &Spanned<Locator>, action: Action) {
        let place = locator.place.clone();
        self.steps.push(Step { action, place });
    }
}

macro_rules! on_node {
    ($key:literal, $example:literal, $action:expr) => {
        Row {
            key: $key,
            expects: concat!("the locator of a node, as in `", $key, ": ", $example, "`"),
            read: |written, field| {
                let locator = field.locator(field.node)?;
                written.add(field, $action(locator));
                Ok(())
            },
        }
    };
}

const ROWS: &[Row<Written>] = &[
    on_node!("click", "button \"Save\"", |locator| Action::Point(
        Pointing::Click,
        locator
    )),
    on_node!("double-click", "cell \"Name\"", |locator| Action::Point(
        Pointing::DoubleClick,
        locator
    )),
    on_node!("hover", "link \"Docs\"", |locator| Action::Point(
        Pointing::Hover,
        locator
    )),
    on_node!("focus", "textbox \"Name\"", Action::Focus),
    on_node!("check", "checkbox \"I agree\"", |locator| Action::Check(
        Checking::Check,
        locator
    )),
    on_node!("uncheck", "checkbox \"I agree\"", |locator| Action::Check(
        Checking::Uncheck,
        locator
    )),
    on_node!("scroll-to", "contentinfo", Action::ScrollTo),
    Row {
        key: "fill",
        expects: "fields with what to type, as in `fill: {textbox \"Name\": Ada}`",
        read: |written, field| {
            for entry in field.entries()? {
                let locator = field.key_locator(entry)?;
                let text = field.any_text(&entry.value)?;
                written.add_at(&locator.clone(), Action::Fill(locator, text));
            }
            Ok(())
        },
    },
    Row {
        key: "press",
        expects: "keys, as in `press: Enter`, `press: [Tab, Shift+Tab, Control+a]` or \
                  `press: {textbox \"Name\": Enter}`",
        read: |written, field| {
            if let Kind::Map(entries) = &field.node.kind {
                for entry in entries {
                    let locator = field.key_locator(entry)?;
                    let keys = keys(field, &entry.value)?;
                    written.add_at(&locator.clone(), Action::Press(Some(locator), keys));
                }
                return Ok(());
            }
            let keys = keys(field, field.node)?;
            written.add(field, Action::Press(None, keys));
            Ok(())
        },
    },
    Row {
        key: "select",
        expects: "lists with the names of their options, as in `select: {combobox \"Country\": Chile}`",
        read: |written, field| {
            for entry in field.entries()? {
                let locator = field.key_locator(entry)?;
                let options = field.one_or_more(&entry.value)?;
                written.add_at(&locator.clone(), Action::Select(locator, options));
            }
            Ok(())
        },
    },
    Row {
        key: "upload",
        expects: "file choosers with files beside the spec, as in `upload: {button \"File\": files/a.pdf}`",
        read: |written, field| {
            for entry in field.entries()? {
                let locator = field.key_locator(entry)?;
                let files = field.one_or_more(&entry.value)?;
                let files = files.into_iter().map(|file| Spanned {
                    value: PathBuf::from(file.value),
                    place: file.place,
                });
                written.add_at(&locator.clone(), Action::Upload(locator, files.collect()));
            }
            Ok(())
        },
    },
    Row {
        key: "wait-for",
        expects: "what to wait for, as in `wait-for: listbox`, `wait-for: {gone: progressbar}`, \
                  `wait-for: {url: \"**/done\"}` or `wait-for: {time: 500ms}`",
        read: |written, field| {
            let condition = condition(field)?;
            written.add(field, Action::WaitFor(condition));
            Ok(())
        },
    },
    Row {
        key: "goto",
        expects: "the address of a page, as in `goto: /about/`",
        read: |written, field| {
            let url = field.text()?;
            check_page_url(&url.value).map_err(|why| field.wrong(why))?;
            written.add(field, Action::Goto(url));
            Ok(())
        },
    },
    Row {
        key: "evaluate",
        expects: "a script, as in `evaluate: document.body.dataset.theme = \"dark\"`",
        read: |written, field| {
            let script = field.text()?;
            written.add(field, Action::Evaluate(script));
            Ok(())
        },
    },
    Row {
        key: "snapshot",
        expects: "a name, as in `snapshot: results`, or a name with a locator, as in \
                  `snapshot: {results: listbox}`",
        read: |written, field| {
            for key in snapshot(field)? {
                check_snapshot_name(&key.name)?;
                written.snapshots.push((written.steps.len(), key.clone()));
                written.add(field, Action::Snapshot(key.name));
            }
            Ok(())
        },
    },
];

fn snapshot(field: &Field<'_>) -> Result<Vec<SnapshotKey>, Problem> {
    let Kind::Map(entries) = &field.node.kind else {
        return Ok(vec![SnapshotKey {
            name: field.text()?,
            locator: None,
        }]);
    };
    let key = |entry: &Entry| {
        Ok(SnapshotKey {
            name: Spanned {
                value: entry.key.clone(),
                place: field.file.place(entry.key_span.clone()),
            },
            locator: Some(field.text_of(&entry.value)?),
        })
    };
    entries.iter().map(key).collect()
}

fn keys(field: &Field<'_>, node: &Node) -> Result<Vec<Spanned<String>>, Problem> {
    let keys = field.one_or_more(node)?;
    for key in &keys {
        crate::keyboard::parse(&key.value).map_err(|why| Problem {
            title: format!("`press` is not valid: {why}"),
            span: key.place.span.clone(),
            help: None,
        })?;
    }
    Ok(keys)
}

fn condition(field: &Field<'_>) -> Result<Condition, Problem> {
    let Kind::Map(entries) = &field.node.kind else {
        return field.locator(field.node).map(Condition::There);
    };
    let [entry] = entries.as_slice() else {
        return Err(field.wrong("it must wait for one thing"));
    };
    match entry.key.as_str() {
        "gone" => field.locator(&entry.value).map(Condition::Gone),
        "url" => {
            let text = field.text_of(&entry.value)?;
            let glob = GlobBuilder::new(&text.value)
                .literal_separator(true)
                .build()
                .map_err(|error| field.wrong_at(&entry.value, error.kind()))?;
            Ok(Condition::Url(text, glob.compile_matcher()))
        }
        "time" => {
            let text = field.text_of(&entry.value)?.value;
            let time: Timeout = text
                .parse()
                .map_err(|error: String| field.wrong_at(&entry.value, error))?;
            Ok(Condition::Time(time.0))
        }
        // A locator is text, which YAML may take for a mapping: `wait-for: {listbox}`.
        other => Err(Problem {
            title: format!("`wait-for` is not valid: `{other}` is none of `gone`, `url`, `time`"),
            span: entry.key_span.clone(),
            help: None,
        }),
    }
}
