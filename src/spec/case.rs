//! Cases: pages in a state, and the snapshots to take of them.

use std::collections::HashMap;
use std::path::PathBuf;

use super::emulation::Emulation;
use super::steps::Step;
use super::value::{Allowed, Animations, Dialogs, Isolation, Scroll, Settle, Timeout};
use super::variables::Hidden;
use crate::aria::{Additions, Locator, Shape};
use crate::baseline::BaselinePath;
use crate::compare::Match;
use crate::compare::mask::Rules;
use crate::dom::Shadow;
use crate::source::{Diagnostic, Place, Spanned};

/// A page in a state, and the snapshots to take of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The spec file, relative to the specs folder.
    pub spec: PathBuf,
    /// Distinguishes it from the other cases of the file.
    pub name: Option<String>,
    /// The name of its page, where the case is one of many of a `pages`, `sitemap` or `crawl`.
    pub page: Option<String>,
    /// The place in the spec.
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
    /// How dialogs are answered.
    pub dialogs: Dialogs,
    /// What happens where the page does not settle.
    pub settle: Settle,
    /// What happens to animations.
    pub animations: Animations,
    /// Which pages share its browser context.
    pub isolation: Isolation,
    /// Whether the page is scrolled first.
    pub scroll: Scroll,
    /// What of it is masked and left out.
    pub rules: Rules,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// How long the page may take to settle.
    pub timeout: Timeout,
    /// The form of the snapshots.
    pub shape: Shape,
    /// How snapshots are compared.
    pub matching: Match,
    /// The locator of the part of the page that `page` shows.
    pub root: Option<Spanned<Locator>>,
    /// What the snapshots hold beyond Playwright's.
    pub additions: Additions,
    /// Which shadow trees they show.
    pub shadow: Shadow,
    /// What may come in place of an ordinary page.
    pub allow: Vec<Allowed>,
    /// The Markdown that the page is made from.
    pub source: Option<Spanned<PathBuf>>,
    /// Passwords and other secrets of its addresses.
    pub hidden: Hidden,
}

impl Case {
    /// Returns the path of the spec without its extension, followed by the names of the case and of its
    /// page where it has them.
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

    /// Returns the address of its page; `None` for markup.
    pub fn address(&self) -> Option<&str> {
        match &self.target {
            Target::Url(url) => Some(&url.value),
            Target::Html(_) => None,
        }
    }

    /// Returns the place to point at for a problem of one of its snapshots: never the defaults that all
    /// cases share, nor what the pages of one case share.
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
    /// The part of the page; `None` for the whole.
    pub locator: Option<Spanned<Locator>>,
    /// The path of its baseline. A variant's own is `<snapshot>@<variant>`.
    pub baseline: BaselinePath,
    /// For a variant, the baseline that applies as long as it has none of its own.
    pub shared: Option<BaselinePath>,
    /// The step that takes it; `None` where it is taken after all of them.
    pub step: Option<usize>,
}

/// Returns the snapshots that would share a baseline, in the order of the cases.
pub fn shared_baselines<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Vec<Diagnostic> {
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
        let message = if *first == baseline {
            format!("two snapshots have the baseline {baseline}")
        } else {
            format!(
                "the baselines {first} and {baseline} differ only in case or in the way that accents \
                 are written, which not every file system keeps apart"
            )
        };
        problems.push(
            Diagnostic::new(message, place.clone())
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
