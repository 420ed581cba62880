//! The files of a project, and which cases to run again when one of them changes: those of a spec, of a
//! baseline or of a page; else all.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use url::Url;

use crate::baseline::{BaselinePath, SUFFIX};
use crate::site::folder;
use crate::spec::steps::Action;
use crate::spec::{Case, Config, SiteConfig, SnapshotRequest, Target};

/// A baseline's file can also be Markdown.
const MARKDOWN: &str = ".md";

/// Where the files are that a run depends on, and which of them it writes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// The configuration, or where one would be found.
    pub configuration: Vec<PathBuf>,
    /// The folder of specs.
    pub specs: PathBuf,
    /// The folder of sessions.
    pub sessions: PathBuf,
    /// The folder of baselines.
    pub snapshots: PathBuf,
    /// The folder that is served.
    pub site: Option<PathBuf>,
    /// The file that is served in place of a missing one, relative to that folder.
    pub fallback: Option<PathBuf>,
    /// The path below which it is served.
    pub base: String,
    /// Files beside the specs that cases read: Markdown sources, uploads.
    pub inputs: BTreeSet<PathBuf>,
    /// What the run writes itself.
    pub reports: Vec<PathBuf>,
}

/// Which cases to run again. Paths are relative to their folder, and may be those of folders that were
/// removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rerun {
    /// All of them.
    All,
    /// Those of a spec.
    Spec(PathBuf),
    /// The one of a baseline.
    Baseline(PathBuf),
    /// Those of a page, which is served at these addresses.
    Page(Vec<String>),
}

impl Project {
    /// Returns the files of a configuration and of its cases.
    pub fn new(config: &Config, cases: &[Case]) -> Project {
        let mut project = Project::default();
        if let Some(SiteConfig::Dir {
            dir,
            fallback,
            base,
            ..
        }) = &config.site
        {
            project.site = Some(dir.clone());
            project.fallback.clone_from(fallback);
            project.base.clone_from(base);
        }
        Project {
            specs: config.specs.clone(),
            sessions: config.sessions.clone(),
            snapshots: config.snapshots.clone(),
            inputs: cases.iter().flat_map(inputs).collect(),
            ..project
        }
    }

    /// Returns the folders whose files are watched, however deep.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        [&self.specs, &self.sessions, &self.snapshots]
            .into_iter()
            .chain(&self.site)
            .map(PathBuf::as_path)
    }

    /// Returns the files that are watched wherever they are.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let files = self.configuration.iter().chain(&self.inputs);
        files.map(PathBuf::as_path)
    }

    /// Returns what to run again when a file changed or a folder was removed; `None` where no case
    /// depends on it, or the run itself wrote it.
    pub fn rerun(&self, file: &Path) -> Option<Rerun> {
        if self.reports.iter().any(|report| report == file) {
            return None;
        }
        if self.files().any(|one| one == file) {
            return Some(Rerun::All);
        }
        // Folders may lie in each other: the narrower one counts.
        if let Ok(baseline) = file.strip_prefix(&self.snapshots) {
            return is_baseline(baseline).then(|| Rerun::Baseline(baseline.to_owned()));
        }
        if let Ok(session) = file.strip_prefix(&self.sessions) {
            return is_spec(session).then_some(Rerun::All);
        }
        if let Ok(spec) = file.strip_prefix(&self.specs) {
            return is_spec(spec).then(|| Rerun::Spec(spec.to_owned()));
        }
        let page = file.strip_prefix(self.site.as_ref()?).ok()?;
        self.page(page)
    }

    fn page(&self, file: &Path) -> Option<Rerun> {
        let name = file.file_name()?.to_string_lossy();
        if is_hidden(file) || name.ends_with('~') {
            return None;
        }
        let is_html = name.ends_with(".html") || name.ends_with(".htm");
        if !is_html || self.fallback.as_deref() == Some(file) {
            return Some(Rerun::All);
        }
        let address = folder::address(&file.to_string_lossy().replace('\\', "/"));
        let below = format!("{}{}", self.base.trim_end_matches('/'), address);
        Some(Rerun::Page(addresses(&below)))
    }
}

impl Rerun {
    /// Returns which of the cases to run again; the variants of a case go with it. `site` is the address
    /// of the site.
    pub fn chosen(&self, cases: &[Case], site: Option<&Url>) -> Vec<bool> {
        let is_chosen = |case: &Case| match self {
            Rerun::All => true,
            Rerun::Spec(spec) => case.spec.starts_with(spec),
            Rerun::Baseline(file) => case.snapshots.iter().any(|one| is_of(file, one)),
            Rerun::Page(addresses) => opens(case, addresses, site),
        };
        let mut chosen: Vec<bool> = cases.iter().map(is_chosen).collect();
        if let Rerun::Page(_) = self {
            match chosen.contains(&true) {
                // Steps and sessions may lead to the page.
                true => {
                    for (case, chosen) in cases.iter().zip(&mut chosen) {
                        *chosen |= !case.steps.is_empty() || case.session.is_some();
                    }
                }
                // A page that no case opens may be in a frame, or be served in place of others.
                false => chosen.fill(true),
            }
        }
        let mut at = 0;
        for group in crate::run::groups(cases) {
            let own = &mut chosen[at..at + group.len()];
            let is_any = own.contains(&true);
            own.fill(is_any);
            at += group.len();
        }
        chosen
    }
}

/// Returns the files that a case reads beside its spec.
fn inputs(case: &Case) -> Vec<PathBuf> {
    let uploads = case.steps.iter().flat_map(|step| match &step.action {
        Action::Upload(_, files) => files.as_slice(),
        _ => &[],
    });
    let files = case.source.iter().chain(uploads);
    files.map(|file| file.value.clone()).collect()
}

/// A baseline, or a folder of them; not a pending snapshot, its evidence, the lock, or a file that is
/// being written.
fn is_baseline(relative: &Path) -> bool {
    let is_own = relative.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        part.starts_with('.') || part.ends_with(".new") || part.ends_with(".evidence")
    });
    let name = relative.file_name().unwrap_or_default().to_string_lossy();
    let may_be = name.ends_with(SUFFIX) || name.ends_with(MARKDOWN) || !name.contains('.');
    may_be && !is_own
}

/// A spec, or a folder of them.
fn is_spec(relative: &Path) -> bool {
    let is_yaml = match relative.extension() {
        Some(ending) => ending == "yml" || ending == "yaml",
        None => true,
    };
    let name = relative.to_string_lossy();
    is_yaml && !name.ends_with(SUFFIX) && !is_hidden(relative) && !name.is_empty()
}

fn is_hidden(relative: &Path) -> bool {
    relative.components().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

/// Returns the addresses at which the server has a page, of which `address` is one: `/guide/` is also
/// `/guide` and `/guide/index.html`, `/about.html` is also `/about`.
fn addresses(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    if let Some(folder) = address.strip_suffix('/') {
        all.extend([folder.to_owned(), format!("{address}index.html")]);
    } else if let Some(plain) = address.strip_suffix(".html") {
        all.push(plain.to_owned());
    }
    all
}

fn is_of(file: &Path, snapshot: &SnapshotRequest) -> bool {
    let has = |path: &BaselinePath| {
        let mut suffixes = [SUFFIX, MARKDOWN].iter();
        suffixes.any(|suffix| path.file(suffix).starts_with(file))
    };
    has(&snapshot.baseline) || snapshot.shared.as_ref().is_some_and(has)
}

/// Returns whether a case opens one of these addresses of the site.
fn opens(case: &Case, addresses: &[String], site: Option<&Url>) -> bool {
    let (Some(site), Target::Url(reference)) = (site, &case.target) else {
        return false;
    };
    site.join(&reference.value).is_ok_and(|url| {
        url.origin() == site.origin() && addresses.iter().any(|one| one == url.path())
    })
}
