//! The keys that say how a page is brought into the state to test, and what of it is compared.

use std::sync::Arc;

use super::emulation::EMULATION_ROWS;
use super::settings::Settings;
use super::steps::{STEPS_EXPECTED, Written, steps};
use super::table::{self, Field, Problem, Row};
use super::value::{Animations, Dialogs, Scroll, Settle};
use super::yaml::{Kind, Node};
use crate::aria::Locator;
use crate::baseline::check_name;
use crate::compare::mask::{Mask, Part, Rules};
use crate::error::{SourceText, Spanned};

/// The folder of sessions within that of specs, unless the configuration names another.
pub const SESSIONS: &str = "sessions";

/// How a page is brought into the state to test, and what of it is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) steps: Written,
    pub(super) dialogs: Dialogs,
    pub(super) settle: Settle,
    pub(super) animations: Animations,
    pub(super) scroll: Scroll,
    pub(super) masks: Vec<Mask>,
    pub(super) ignore: Vec<Locator>,
    pub(super) session: Option<Spanned<String>>,
    pub(super) variants: Vec<VariantKey>,
    pub(super) tags: Vec<String>,
}

impl State {
    /// What is masked and left out.
    pub(super) fn rules(&self) -> Rules {
        // Locators with selectors are refused where they are read.
        Rules::new(self.masks.clone(), self.ignore.clone()).unwrap_or_default()
    }
}

/// A variant as it is written: keys over those of its case.
#[derive(Debug, Clone)]
pub(super) struct VariantKey {
    pub(super) name: Spanned<String>,
    file: SourceText,
    keys: Arc<Node>,
}

impl VariantKey {
    /// The settings of a case in this variant.
    pub(super) fn over(&self, settings: &Settings) -> Settings {
        let mut varied = settings.clone();
        // What is wrong with the keys was told when they were read.
        let mut told = Vec::new();
        self.read(&mut varied, &mut told);
        varied
    }

    fn read(&self, settings: &mut Settings, problems: &mut Vec<crate::error::Located>) {
        let tables = [EMULATION_ROWS, VARIABLE_ROWS];
        table::read(
            &self.file,
            &self.keys,
            "a variant",
            &tables,
            settings,
            problems,
        );
    }
}

/// Keys of cases and defaults that variants can have too.
pub(super) const VARIABLE_ROWS: &[Row<Settings>] = &[
    Row {
        key: "dialogs",
        expects: "the answer to the page's dialogs: `accept`, `dismiss`, or `{prompt: text}`",
        read: |settings, field| {
            settings.state.dialogs = dialogs(field)?;
            Ok(())
        },
    },
    Row {
        key: "settle",
        expects: "what to do with a page that never comes to rest: `strict` (an error) or `relaxed`",
        read: |settings, field| {
            settings.state.settle = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "animations",
        expects: "whether animations are waited for or skipped: `run` or `stop`",
        read: |settings, field| {
            settings.state.animations = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "scroll",
        expects: "whether the page is scrolled to the end and back before it is captured: `none` or `through`",
        read: |settings, field| {
            settings.state.scroll = field.choice()?;
            Ok(())
        },
    },
    Row {
        key: "mask",
        expects: "locators with what to mask of their nodes (`name`, `text`, `url`, `children` or \
                  `node`), as in `mask: [{contentinfo: text}]`",
        read: |settings, field| {
            let masks = masks(field)?;
            settings.state.masks.extend(masks);
            Ok(())
        },
    },
    Row {
        key: "ignore",
        expects: "locators of nodes to leave out, as in `ignore: [region \"Advertisement\"]`",
        read: |settings, field| {
            for node in list(field) {
                let locator = without_css(field, field.locator(node)?)?;
                settings.state.ignore.push(locator);
            }
            Ok(())
        },
    },
];

/// Keys of cases and defaults alone.
pub(super) const STATE_ROWS: &[Row<Settings>] = &[
    Row {
        key: "steps",
        expects: STEPS_EXPECTED,
        read: |settings, field| {
            settings.state.steps = steps(field)?;
            Ok(())
        },
    },
    Row {
        key: "session",
        expects: "the name of a file in specs/sessions, as in `session: login`",
        read: |settings, field| {
            let name = field.text()?;
            check_name(&name.value).map_err(|why| field.wrong(why))?;
            settings.state.session = Some(name);
            Ok(())
        },
    },
    Row {
        key: "variants",
        expects: "names with the keys that differ, as in `variants: {mobile: {viewport: 390x844}}`",
        read: |settings, field| {
            let variants = variants(field)?;
            settings.state.variants.extend(variants);
            Ok(())
        },
    },
    Row {
        key: "tags",
        expects: "words to choose cases by, as in `tags: [smoke]`",
        read: |settings, field| {
            let tags = field.one_or_more(field.node)?;
            settings
                .state
                .tags
                .extend(tags.into_iter().map(|tag| tag.value));
            Ok(())
        },
    },
];

fn list<'f>(field: &Field<'f>) -> &'f [Node] {
    match &field.node.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(field.node),
    }
}

fn dialogs(field: &Field<'_>) -> Result<Dialogs, Problem> {
    match &field.node.kind {
        Kind::Map(entries) => match entries.as_slice() {
            [entry] if entry.key == "prompt" => {
                Ok(Dialogs::Prompt(field.any_text(&entry.value)?.value))
            }
            _ => Err(field.wrong("its one key is `prompt`")),
        },
        _ => match field.text()?.value.as_str() {
            "accept" => Ok(Dialogs::Accept),
            "dismiss" => Ok(Dialogs::Dismiss),
            other => Err(field.wrong(format!("`{other}` is none of its values"))),
        },
    }
}

fn masks(field: &Field<'_>) -> Result<Vec<Mask>, Problem> {
    let mut masks = Vec::new();
    for node in list(field) {
        let Kind::Map(entries) = &node.kind else {
            let locator = without_css(field, field.locator(node)?)?;
            let part = Part::Node;
            masks.push(Mask { locator, part });
            continue;
        };
        for entry in entries {
            let locator = without_css(field, field.key_locator(entry)?)?;
            let part = field.choice_of(&entry.value)?;
            masks.push(Mask { locator, part });
        }
    }
    Ok(masks)
}

fn without_css(field: &Field<'_>, locator: Spanned<Locator>) -> Result<Locator, Problem> {
    let rules = Rules::new(Vec::new(), vec![locator.value.clone()]);
    match rules {
        Ok(_) => Ok(locator.value),
        Err(error) => Err(Problem {
            title: format!("`{}` is not valid: {error}", field.name),
            span: locator.place.span,
            help: Some("name the node by its role and name, as in `contentinfo`"),
        }),
    }
}

fn variants(field: &mut Field<'_>) -> Result<Vec<VariantKey>, Problem> {
    let mut variants = Vec::new();
    for entry in field.entries()? {
        check_name(&entry.key).map_err(|why| Problem {
            title: format!("`{}` cannot be the name of a variant: {why}", entry.key),
            span: entry.key_span.clone(),
            help: Some("give it a name that can be a file on every system, as in `mobile`"),
        })?;
        variants.push(VariantKey {
            name: Spanned {
                value: entry.key.clone(),
                place: field.file.place(entry.key_span.clone()),
            },
            file: field.file.clone(),
            keys: Arc::new(entry.value.clone()),
        });
    }
    for variant in &variants {
        variant.read(&mut Settings::default(), field.problems);
    }
    Ok(variants)
}
