//! The files of a project that a run depends on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Touch;
use crate::spec::steps::Action;
use crate::spec::{Case, Config, SiteConfig};

/// Where the files are that a run depends on, and which of them it writes itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ground {
    /// The configuration, or where one would be found.
    pub configuration: Vec<PathBuf>,
    /// The folder of specs.
    pub specs: PathBuf,
    /// The folder of sessions.
    pub sessions: PathBuf,
    /// The folder of baselines.
    pub snapshots: PathBuf,
    /// The folder that is served, where the site is one.
    pub site: Option<PathBuf>,
    /// The file that is served in place of a missing one, relative to the folder.
    pub fallback: Option<PathBuf>,
    /// Files that cases read beside their specs: Markdown sources, uploads.
    pub inputs: BTreeSet<PathBuf>,
    /// What the run writes itself.
    pub reports: Vec<PathBuf>,
}

impl Ground {
    /// The files of a configuration and of its cases.
    pub fn of(config: &Config, cases: &[Case]) -> Ground {
        let (site, fallback) = match &config.site {
            Some(SiteConfig::Dir { dir, fallback, .. }) => (Some(dir.clone()), fallback.clone()),
            Some(SiteConfig::Url(_) | SiteConfig::Command(_)) | None => (None, None),
        };
        Ground {
            configuration: Vec::new(),
            specs: config.specs.clone(),
            sessions: config.sessions.clone(),
            snapshots: config.snapshots.clone(),
            site,
            fallback,
            inputs: cases.iter().flat_map(inputs).map(Path::to_owned).collect(),
            reports: Vec::new(),
        }
    }

    /// The folders whose files are watched, at whatever depth.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        [&self.specs, &self.sessions, &self.snapshots]
            .into_iter()
            .chain(&self.site)
            .map(PathBuf::as_path)
    }

    /// The files that are watched wherever they are.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let files = self.configuration.iter().chain(&self.inputs);
        files.map(PathBuf::as_path)
    }

    /// What a file that changed touches, or a folder that is gone; nothing where no case has to do
    /// with it, or the run itself wrote it.
    pub fn touches(&self, file: &Path) -> Vec<Touch> {
        if self.reports.iter().any(|report| report == file) {
            return Vec::new();
        }
        let mut touches: Vec<Touch> = self.place(file).into_iter().collect();
        if self.inputs.contains(file) {
            touches.push(Touch::Input(file.to_owned()));
        }
        touches
    }

    /// What a file is by its place. Folders may lie in each other: the narrower one counts.
    fn place(&self, file: &Path) -> Option<Touch> {
        if self.configuration.iter().any(|one| one == file) {
            return Some(Touch::All);
        }
        if let Ok(baseline) = file.strip_prefix(&self.snapshots) {
            return Touch::baseline(baseline);
        }
        if let Ok(session) = file.strip_prefix(&self.sessions) {
            return Touch::session(session);
        }
        if let Ok(spec) = file.strip_prefix(&self.specs) {
            return Touch::spec(spec);
        }
        let page = file.strip_prefix(self.site.as_ref()?).ok()?;
        Touch::page(page, self.fallback.as_deref())
    }
}

/// The files that a case reads beside its spec.
pub(super) fn inputs(case: &Case) -> impl Iterator<Item = &Path> {
    let uploads = case.steps.iter().filter_map(|step| match &step.action {
        Action::Upload(_, files) => Some(files),
        _ => None,
    });
    let sources = case.source.iter().map(|source| source.value.as_path());
    sources.chain(uploads.flatten().map(|file| file.value.as_path()))
}
