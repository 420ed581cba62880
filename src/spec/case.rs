//! From the documents of a spec file to cases.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Config;
use super::collection::{self, Entry};
use super::settings::{CASE_ROWS, SHARED_ROWS, Settings, SnapshotKey, WHOLE_PAGE};
use super::table;
use super::value::{Allowed, Timeout, Viewport};
use super::yaml::{self, Kind, Node};
use crate::aria::{Additions, Shape};
use crate::baseline::BaselinePath;
use crate::compare::Match;
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
    /// The size of the window.
    pub viewport: Viewport,
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
    /// Where its baseline stands.
    pub baseline: BaselinePath,
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
        let mut settings = config.defaults.clone();
        let tables = [CASE_ROWS, SHARED_ROWS];
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
    let pattern = |target| case(&config.root, spec, place, target, settings);
    collection::entries(named, config, pattern)
}

fn case(
    root: &Path,
    spec: &Path,
    place: Place,
    target: Target,
    settings: Settings,
) -> Result<Case, Box<Located>> {
    let requested = settings.snapshots.unwrap_or_else(|| {
        vec![SnapshotKey {
            name: Spanned {
                value: WHOLE_PAGE.to_owned(),
                place: place.clone(),
            },
            locator: None,
        }]
    });
    let name = settings.name;
    let snapshots = requested
        .into_iter()
        .map(|SnapshotKey { name: key, locator }| {
            let case = name.as_ref().map(|name| name.value.as_str());
            let baseline = BaselinePath::new(spec, case, &key.value).map_err(|why| {
                let title = format!("{} cannot be the path of a spec: {why}", spec.display());
                Box::new(Located::new(title, place.clone()))
            })?;
            Ok(SnapshotRequest {
                name: key,
                locator,
                baseline,
            })
        })
        .collect::<Result<_, Box<Located>>>()?;
    Ok(Case {
        spec: spec.to_owned(),
        // The place of a named case is where its name stands.
        place: name.as_ref().map_or(place, |name| name.place.clone()),
        name: name.map(|name| name.value),
        page: None,
        target,
        snapshots,
        viewport: settings.viewport,
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
        let key = baseline.as_str().to_lowercase();
        let Some((first, first_place)) = owners.get(&key) else {
            owners.insert(key, (baseline, place));
            continue;
        };
        let title = if *first == baseline {
            format!("two snapshots have the baseline {baseline}")
        } else {
            format!(
                "the baselines {first} and {baseline} differ only in case, which not every file \
                 system keeps apart"
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
