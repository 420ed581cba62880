//! From the documents of a spec file to cases.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Config;
use super::collection::{self, Entry, Patterns};
use super::emulation::{EMULATION_ROWS, Emulation};
use super::references;
use super::settings::{CASE_ROWS, SHARED_ROWS, Settings, SnapshotKey, WHOLE_PAGE};
use super::state::{STATE_ROWS, VARIABLE_ROWS};
use super::steps::Step;
use super::table;
use super::value::{Allowed, Animations, Dialogs, Scroll, Settle, Timeout};
use super::yaml::{self, Kind, Node};
use crate::aria::{Additions, Shape};
use crate::baseline::BaselinePath;
use crate::compare::Match;
use crate::compare::mask::Rules;
use crate::dom::Shadow;
use crate::error::{Located, Place, SourceText, Spanned};

/// A page in a state, and the snapshots to take of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The spec file, relative to the specs folder.
    pub spec: PathBuf,
    /// What tells it from the other cases of the file.
    pub name: Option<String>,
    /// The name of its page, where the case is one of many of a `pages`, `sitemap` or `crawl`.
    pub page: Option<String>,
    /// Where it starts.
    pub place: Place,
    /// The page.
    pub target: Target,
    /// At least one.
    pub snapshots: Vec<SnapshotRequest>,
    /// Which of the case's variants it is; `None` for the case itself.
    pub variant: Option<String>,
    /// As what, where and when the page is opened.
    pub emulation: Emulation,
    /// The session in which the page is opened.
    pub session: Option<Spanned<String>>,
    /// What is done to the page.
    pub steps: Vec<Step>,
    /// What happens to its dialogs.
    pub dialogs: Dialogs,
    /// What it is when it does not come to rest.
    pub settle: Settle,
    /// What happens to its animations.
    pub animations: Animations,
    /// Whether it is scrolled before it is captured.
    pub scroll: Scroll,
    /// What of it is masked and left out.
    pub rules: Rules,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// How long the page may take until it is settled.
    pub timeout: Timeout,
    /// The form of the snapshots.
    pub shape: Shape,
    /// How they are compared.
    pub matching: Match,
    /// The locator of the part of the page that `page` shows.
    pub root: Option<Spanned<String>>,
    /// What the snapshots tell beyond what the reference does.
    pub additions: Additions,
    /// Which shadow trees they show.
    pub shadow: Shadow,
    /// What may come in place of an ordinary page.
    pub allow: Vec<Allowed>,
    /// The Markdown that the page is made from.
    pub source: Option<Spanned<PathBuf>>,
}

impl Case {
    /// The path of the spec without its extension, with the names of the case and of its page
    /// behind it where it has them.
    pub fn title(&self) -> String {
        let mut title = self.spec.with_extension("").display().to_string();
        for name in self.name.iter().chain(&self.page) {
            title.push('/');
            title.push_str(name);
        }
        if let Some(variant) = &self.variant {
            title.push('@');
            title.push_str(variant);
        }
        title
    }

    /// Where to point at for something about one of its snapshots: never at the defaults that all
    /// cases share, nor at what the pages of one case share.
    pub fn place_of<'a>(&'a self, snapshot: &'a SnapshotRequest) -> &'a Place {
        let is_own = self.page.is_none();
        if is_own && snapshot.name.place.file.path == self.place.file.path {
            &snapshot.name.place
        } else {
            &self.place
        }
    }
}

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An `http(s)` URL, or a reference that the site completes.
    Url(Spanned<String>),
    /// Markup.
    Html(Spanned<String>),
}

/// A snapshot to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotRequest {
    /// Its name.
    pub name: Spanned<String>,
    /// The part of the page, as written; `None` for the whole.
    pub locator: Option<Spanned<String>>,
    /// Where its baseline stands. A variant's own is `<snapshot>@<variant>`.
    pub baseline: BaselinePath,
    /// For a variant, the baseline that holds as long as it has none of its own.
    pub shared: Option<BaselinePath>,
    /// The step that takes it; `None` where it is taken after all of them.
    pub step: Option<usize>,
}

/// Reads the text of the spec file `spec`, a path relative to the specs folder.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub fn parse_spec(
    file: &SourceText,
    spec: &Path,
    config: &Config,
) -> Result<Vec<Entry>, Vec<Located>> {
    let mut problems = Vec::new();
    let documents = yaml::documents(file, &mut problems).map_err(|error| vec![error])?;
    if documents.is_empty() {
        problems.push(empty("the spec is empty", file.place(0..0)));
    }
    let mut entries = Vec::new();
    for document in &documents {
        if matches!(document.kind, Kind::Null) {
            let place = file.place(document.span.clone());
            problems.push(if documents.len() == 1 {
                empty("the spec is empty", place)
            } else {
                Located::new("this document of the spec is empty", place)
                    .with_help("remove its `---`, or name a page, as in `url: /about/`")
            });
            continue;
        }
        let before = problems.len();
        problems.extend(references::unread(file, document));
        let mut settings = config.defaults.clone();
        let tables = [
            CASE_ROWS,
            SHARED_ROWS,
            EMULATION_ROWS,
            VARIABLE_ROWS,
            STATE_ROWS,
        ];
        let what = "a case";
        table::read(file, document, what, &tables, &mut settings, &mut problems);
        if problems.len() > before {
            continue;
        }
        match read_case(file, document, spec, config, settings) {
            Ok(of_document) => entries.extend(of_document),
            Err(problem) => problems.push(*problem),
        }
    }
    super::in_order(problems).map(|()| entries)
}

fn empty(title: &str, place: Place) -> Located {
    Located::new(title, place).with_help("a case names its page, as in `url: /about/`")
}

fn read_case(
    file: &SourceText,
    document: &Node,
    spec: &Path,
    config: &Config,
    mut settings: Settings,
) -> Result<Vec<Entry>, Box<Located>> {
    let place = start_of(file, document);
    let named = collection::named(&mut settings, config, &place)?;
    let variants = std::mem::take(&mut settings.state.variants);
    let patterns = |target: Target| -> Result<Patterns, Box<Located>> {
        let case = |settings, variant| {
            let (place, target) = (place.clone(), target.clone());
            case(&config.root, spec, place, target, settings, variant)
        };
        let own = case(settings.clone(), None)?;
        let varied = variants
            .iter()
            .map(|one| case(one.over(&settings), Some(one.name.value.as_str())));
        Ok(Patterns {
            own,
            variants: varied.collect::<Result<_, _>>()?,
        })
    };
    collection::entries(named, config, patterns)
}

fn case(
    root: &Path,
    spec: &Path,
    place: Place,
    target: Target,
    settings: Settings,
    variant: Option<&str>,
) -> Result<Case, Box<Located>> {
    let snapshots = snapshots(&settings, spec, variant, &place)?;
    let rules = settings.state.rules();
    let name = settings.name;
    Ok(Case {
        spec: spec.to_owned(),
        // The place of a named case is where its name stands.
        place: name.as_ref().map_or(place, |name| name.place.clone()),
        name: name.map(|name| name.value),
        page: None,
        target,
        snapshots,
        variant: variant.map(str::to_owned),
        emulation: settings.emulation,
        session: settings.state.session,
        steps: settings.state.steps.steps,
        dialogs: settings.state.dialogs,
        settle: settings.state.settle,
        animations: settings.state.animations,
        scroll: settings.state.scroll,
        rules,
        tags: settings.state.tags,
        timeout: settings.timeout,
        shape: settings.shape,
        matching: settings.matching,
        additions: settings.additions,
        shadow: settings.shadow,
        root: settings.root,
        allow: settings.allow,
        source: settings.source.map(|source| Spanned {
            value: root.join(source.value),
            place: source.place,
        }),
    })
}

/// Those that steps take, and those that are taken after all steps: the whole page where nothing
/// else is.
fn snapshots(
    settings: &Settings,
    spec: &Path,
    variant: Option<&str>,
    place: &Place,
) -> Result<Vec<SnapshotRequest>, Box<Located>> {
    let by_steps = &settings.state.steps.snapshots;
    let whole_page = || SnapshotKey {
        name: Spanned {
            value: WHOLE_PAGE.to_owned(),
            place: place.clone(),
        },
        locator: None,
    };
    let at_the_end = match &settings.snapshots {
        Some(keys) => keys.clone(),
        None if by_steps.is_empty() => vec![whole_page()],
        None => Vec::new(),
    };
    let case = settings.name.as_ref().map(|name| name.value.as_str());
    let path = |name: &str| {
        BaselinePath::new(spec, case, name).map_err(|why| {
            let title = format!("{} cannot be the path of a spec: {why}", spec.display());
            Box::new(Located::new(title, place.clone()))
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

fn start_of(file: &SourceText, document: &Node) -> Place {
    match &document.kind {
        Kind::Map(entries) => entries.first().map(|entry| entry.key_span.clone()),
        _ => None,
    }
    .map_or_else(
        || file.place(document.span.clone()),
        |span| file.place(span),
    )
}

/// Snapshots that would share a baseline, in the order of the cases.
pub fn shared_baselines<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Vec<Located> {
    let mut owners: HashMap<String, (&BaselinePath, &Place)> = HashMap::new();
    let mut problems = Vec::new();
    let snapshots = cases
        .into_iter()
        .flat_map(|case| case.snapshots.iter().map(move |snapshot| (case, snapshot)));
    for (case, snapshot) in snapshots {
        let baseline = &snapshot.baseline;
        let place = case.place_of(snapshot);
        // Baselines are shared with systems whose file names have no case.
        let key = folded(baseline.as_str());
        let Some((first, first_place)) = owners.get(&key) else {
            owners.insert(key, (baseline, place));
            continue;
        };
        let title = if *first == baseline {
            format!("two snapshots have the baseline {baseline}")
        } else {
            format!(
                "the baselines {first} and {baseline} differ only in case or in the way that accents \
                 are written, which not every file system keeps apart"
            )
        };
        problems.push(
            Located::new(title, place.clone())
                .with_related((*first_place).clone(), "the other one")
                .with_help("give the case a `name:`, or the snapshot another name"),
        );
    }
    problems
}

/// Returns a name as file systems compare it that keep neither case nor Unicode normalisation apart.
fn folded(name: &str) -> String {
    // Upper case first: it writes out what lower case leaves as one letter.
    let folded = name.to_uppercase().to_lowercase();
    icu_normalizer::DecomposingNormalizerBorrowed::new_nfd()
        .normalize(&folded)
        .to_lowercase()
}
