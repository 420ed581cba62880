//! From the documents of a spec file to cases.

use std::path::Path;

use super::Config;
use super::case::{Case, SnapshotRequest, Target};
use super::collection::{Collection, Entry, Patterns, of_list};
use super::pages::{Named, Source, subject_of};
use super::reader::Reader;
use super::settings::{CASE_KEYS, Settings, SnapshotKey, WHOLE_PAGE};
use super::yaml::{self, Kind, Node};
use crate::baseline::BaselinePath;
use crate::source::{Diagnostic, Place, SourceText, Spanned};

/// Reads the text of the spec file `spec`, a path relative to the specs folder.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn parse_spec(
    file: &SourceText,
    spec: &Path,
    config: &Config,
) -> Result<Vec<Entry>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let documents = yaml::documents(file, &mut problems).map_err(|error| vec![error])?;
    if documents.is_empty() {
        problems.push(empty(file.part(0..0)));
    }
    let mut entries = Vec::new();
    for document in &documents {
        if matches!(document.kind, Kind::Null) {
            let place = file.place(document.span);
            problems.push(if documents.len() == 1 {
                empty(place)
            } else {
                Diagnostic::new("this document of the spec is empty", place)
                    .with_help("remove its `---`, or name a page, as in `url: /about/`")
            });
            continue;
        }
        let reader = Reader::new(file, &config.variables);
        let mut settings = config.defaults.clone();
        reader.mapping(document, "a case", CASE_KEYS, &mut settings);
        let mut found = reader.problems.into_inner();
        settings.hidden.0.extend(reader.hidden.into_inner());
        // A key that cannot be read may have been the one that names the page.
        if found.is_empty() || !settings.subjects.is_empty() {
            let case = Document {
                file,
                spec,
                config,
                place: start_of(file, document),
            };
            match case.entries(settings) {
                Ok(of_document) => entries.extend(of_document),
                Err(problem) => found.push(*problem),
            }
        }
        problems.extend(found);
    }
    super::in_order(problems).map(|()| entries)
}

fn empty(place: Place) -> Diagnostic {
    Diagnostic::new("the spec is empty", place)
        .with_help("a case names its page, as in `url: /about/`")
}

fn start_of(file: &SourceText, document: &Node) -> Place {
    let first = match &document.kind {
        Kind::Map(entries) => entries.first().map(|entry| entry.key_span),
        _ => None,
    };
    file.place(first.unwrap_or(document.span))
}

struct Document<'a> {
    file: &'a SourceText,
    spec: &'a Path,
    config: &'a Config,
    place: Place,
}

impl Document<'_> {
    fn entries(&self, mut settings: Settings) -> Result<Vec<Entry>, Box<Diagnostic>> {
        let named = subject_of(&mut settings, self.config, &self.place)?;
        let boxed = |case| Entry::Case(Box::new(case));
        match named {
            Named::Page(target) => {
                let Patterns { own, variants } = self.patterns(&settings, &target)?;
                Ok(std::iter::once(own).chain(variants).map(boxed).collect())
            }
            Named::List(list) => {
                let Some(first) = list.first() else {
                    return Ok(Vec::new());
                };
                let patterns = self.patterns(&settings, &Target::Url(first.clone()))?;
                let cases = of_list(&patterns, &list, self.config.site.as_ref())?;
                Ok(cases.into_iter().map(boxed).collect())
            }
            Named::Source(Source {
                source,
                globs,
                limit,
            }) => {
                let target = Target::Url(source.address().clone());
                let Patterns { own, variants } = self.patterns(&settings, &target)?;
                Ok(vec![Entry::Collection(Box::new(Collection {
                    pattern: own,
                    variants,
                    source,
                    globs,
                    limit,
                }))])
            }
        }
    }

    fn patterns(&self, settings: &Settings, target: &Target) -> Result<Patterns, Box<Diagnostic>> {
        let varied = settings.variants.iter().map(|one| {
            let varied = one.over(settings, &self.config.variables);
            self.case(varied, target, Some(one.name.value.as_str()))
        });
        Ok(Patterns {
            own: self.case(settings.clone(), target, None)?,
            variants: varied.collect::<Result<_, _>>()?,
        })
    }

    fn case(
        &self,
        settings: Settings,
        target: &Target,
        variant: Option<&str>,
    ) -> Result<Case, Box<Diagnostic>> {
        let snapshots = self.snapshots(&settings, variant)?;
        let rules = settings.rules();
        let name = settings.name;
        let place = name.as_ref().map_or(&self.place, |name| &name.place);
        Ok(Case {
            spec: self.spec.to_owned(),
            place: place.clone(),
            name: name.map(|name| name.value),
            page: None,
            target: target.clone(),
            snapshots,
            variant: variant.map(str::to_owned),
            emulation: settings.emulation,
            session: settings.session,
            steps: settings.steps.steps,
            dialogs: settings.dialogs,
            settle: settings.settle,
            animations: settings.animations,
            isolation: settings.isolation,
            scroll: settings.scroll,
            rules,
            tags: settings.tags,
            timeout: settings.timeout,
            shape: settings.shape,
            matching: settings.matching,
            additions: settings.additions,
            shadow: settings.shadow,
            root: settings.root,
            allow: settings.allow,
            source: settings.source.map(|source| Spanned {
                value: self.config.root.join(source.value),
                place: source.place,
            }),
            hidden: settings.hidden,
        })
    }

    /// Returns the snapshots that steps take, and those that are taken after all steps: the whole page
    /// where nothing else is.
    fn snapshots(
        &self,
        settings: &Settings,
        variant: Option<&str>,
    ) -> Result<Vec<SnapshotRequest>, Box<Diagnostic>> {
        let by_steps = &settings.steps.snapshots;
        let at_the_end = match &settings.snapshots {
            Some(keys) => keys.clone(),
            None if by_steps.is_empty() => vec![SnapshotKey {
                name: Spanned {
                    value: WHOLE_PAGE.to_owned(),
                    place: self.place.clone(),
                },
                locator: None,
            }],
            None => Vec::new(),
        };
        let case = settings.name.as_ref().map(|name| name.value.as_str());
        let path = |name: &str| {
            BaselinePath::new(self.spec, case, name).map_err(|why| {
                let spec = self.spec.display();
                let message = format!("{spec} cannot be the path of a spec: {why}");
                Box::new(Diagnostic::new(message, self.file.part(0..0)))
            })
        };
        let by_steps = by_steps
            .iter()
            .map(|(step, key)| (Some(*step), key.clone()));
        by_steps
            .chain(at_the_end.into_iter().map(|key| (None, key)))
            .map(|(step, SnapshotKey { name, locator })| {
                let plain = path(&name.value)?;
                let (baseline, shared) = match variant {
                    Some(variant) => (path(&format!("{}@{variant}", name.value))?, Some(plain)),
                    None => (plain, None),
                };
                Ok(SnapshotRequest {
                    name,
                    locator,
                    baseline,
                    shared,
                    step,
                })
            })
            .collect()
    }
}
