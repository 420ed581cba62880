//! Notices of changed files.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use walkdir::WalkDir;

use super::Project;

/// How long no file may change before a change counts: editors and builds write in several steps.
const QUIET: Duration = Duration::from_millis(150);

/// How long to wait for that: a file that changes all the time does not keep a run from starting.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system does not watch files at all.
    #[error("the system does not report changed files")]
    Start(#[source] notify::Error),
    /// Its limit is reached.
    #[error(
        "the limit of watched files is reached: raise it, on Linux with \
         `sysctl fs.inotify.max_user_watches=524288`, or watch fewer"
    )]
    Limit,
    /// A folder cannot be watched.
    #[error("{} cannot be watched", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The error of the system.
        source: notify::Error,
    },
    /// The system stopped reporting.
    #[error("the system no longer reports changed files")]
    Ended,
}

/// What changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Files that are new, changed or removed, and folders that were removed.
    pub files: BTreeSet<PathBuf>,
    /// Events were lost: any file may have changed.
    pub is_all: bool,
}

/// Watches files.
pub struct Watcher {
    system: RecommendedWatcher,
    events: mpsc::UnboundedReceiver<notify::Result<Event>>,
    /// By the paths of events, which have no links in them.
    watched: BTreeMap<PathBuf, Watched>,
    project: Project,
}

/// A folder that is watched.
struct Watched {
    /// Its path as the project names it.
    named: PathBuf,
    mode: RecursiveMode,
    /// Device and inode: a folder that was made anew is another one.
    identity: (u64, u64),
}

impl Watcher {
    /// Starts without files to watch.
    ///
    /// # Errors
    /// The system does not watch files.
    pub fn start() -> Result<Watcher, WatchError> {
        let (sender, events) = mpsc::unbounded_channel();
        let handle = move |event: notify::Result<Event>| {
            // The site's server only reads the files.
            let is_access = event
                .as_ref()
                .is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
            if !is_access {
                let _ = sender.send(event);
            }
        };
        let system = notify::recommended_watcher(handle).map_err(WatchError::Start)?;
        Ok(Watcher {
            system,
            events,
            watched: BTreeMap::new(),
            project: Project::default(),
        })
    }

    /// Watches the files of this project, and no others from now on.
    ///
    /// # Errors
    /// A folder cannot be watched.
    pub fn follow(&mut self, project: Project) -> Result<(), WatchError> {
        self.project = project;
        self.renew()
    }

    /// Waits until files changed that cases depend on, and no file changes for a moment.
    ///
    /// # Errors
    /// A new folder cannot be watched, or the system stopped reporting.
    pub async fn changed(&mut self) -> Result<Changed, WatchError> {
        loop {
            let events = self.batch().await?;
            // New folders are watched before they are read: a change in between is reported twice.
            self.renew()?;
            let mut changed = self.read(events);
            changed
                .files
                .retain(|file| self.project.rerun(file).is_some());
            if changed.is_all || !changed.files.is_empty() {
                return Ok(changed);
            }
        }
    }

    /// Waits for an event, and for those that follow until a moment without any.
    async fn batch(&mut self) -> Result<Vec<notify::Result<Event>>, WatchError> {
        let mut events = vec![self.events.recv().await.ok_or(WatchError::Ended)?];
        let last = Instant::now() + PATIENCE;
        loop {
            let quiet = Instant::now() + QUIET;
            match timeout_at(quiet.min(last), self.events.recv()).await {
                Ok(Some(event)) => events.push(event),
                Ok(None) | Err(_) => return Ok(events),
            }
        }
    }

    fn read(&self, events: Vec<notify::Result<Event>>) -> Changed {
        let mut changed = Changed::default();
        // Whether the first event of a path is that it is new.
        let mut paths: BTreeMap<PathBuf, bool> = BTreeMap::new();
        for event in events {
            let Ok(event) = event else {
                changed.is_all = true;
                continue;
            };
            changed.is_all |= event.need_rescan();
            let is_new = matches!(event.kind, EventKind::Create(_));
            let is_inside = matches!(
                event.kind,
                EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(_))
            );
            for path in event.paths {
                // Of a folder whose content is the same, only date or rights changed.
                if is_inside || !path.is_dir() {
                    paths.entry(path).or_insert(is_new);
                }
            }
        }
        for (path, was_new) in paths {
            match std::fs::symlink_metadata(&path) {
                Ok(entry) if entry.is_dir() => changed.files.extend(self.files_below(&path)),
                Ok(_) => changed.files.extend(self.named(&path)),
                // Editors make files for a moment.
                Err(_) if was_new => {}
                Err(_) => changed.files.extend(self.named(&path)),
            }
        }
        changed
    }

    fn files_below(&self, folder: &Path) -> Vec<PathBuf> {
        let entries = WalkDir::new(folder).into_iter().flatten();
        let files = entries.filter(|entry| !entry.file_type().is_dir());
        files.filter_map(|entry| self.named(entry.path())).collect()
    }

    /// The path of a file as the project names it.
    fn named(&self, path: &Path) -> Option<PathBuf> {
        path.ancestors().find_map(|folder| {
            let watched = self.watched.get(folder)?;
            let inner = path.strip_prefix(folder).ok()?;
            Some(watched.named.join(inner))
        })
    }

    /// Watches what is there now of what is to be watched.
    fn renew(&mut self) -> Result<(), WatchError> {
        let wanted = wanted(&self.project);
        let is_same = |path: &PathBuf, old: &Watched| {
            let new = wanted.get(path);
            new.is_some_and(|new| new.identity == old.identity && new.mode == old.mode)
        };
        let stale: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|(path, old)| !is_same(path, old))
            .map(|(path, _)| path.clone())
            .collect();
        for path in stale {
            self.watched.remove(&path);
            // The system itself forgets those that are gone.
            let _ = self.system.unwatch(&path);
        }
        for (path, new) in wanted {
            if self.watched.contains_key(&path) {
                continue;
            }
            match self.system.watch(&path, new.mode) {
                Ok(()) => {
                    self.watched.insert(path, new);
                }
                Err(error) => match error.kind {
                    notify::ErrorKind::MaxFilesWatch => return Err(WatchError::Limit),
                    // It was removed meanwhile; the folder around it reports that.
                    notify::ErrorKind::PathNotFound => {}
                    _ => {
                        return Err(WatchError::Folder {
                            folder: new.named,
                            source: error,
                        });
                    }
                },
            }
        }
        Ok(())
    }
}

/// The folders with all that is in them, and around each the nearest one that exists: it reports when
/// the folder is made, and made anew. Of files, the folder that they are in.
fn wanted(project: &Project) -> BTreeMap<PathBuf, Watched> {
    let mut wanted = BTreeMap::new();
    for folder in project.folders() {
        insert(&mut wanted, folder, RecursiveMode::Recursive);
    }
    let whole: Vec<PathBuf> = wanted.keys().cloned().collect();
    let around = project.folders().chain(project.files());
    let around = around.filter_map(|path| path.ancestors().skip(1).find(|one| one.is_dir()));
    for folder in around {
        insert(&mut wanted, folder, RecursiveMode::NonRecursive);
    }
    // A folder in another one is watched with it; asked for twice, it would be so less.
    wanted.retain(|path, _| {
        let mut outer = whole.iter();
        !outer.any(|one| one != path && path.starts_with(one))
    });
    wanted
}

fn insert(wanted: &mut BTreeMap<PathBuf, Watched>, folder: &Path, mode: RecursiveMode) {
    let Ok(path) = folder.canonicalize() else {
        return;
    };
    let Ok(metadata) = path.metadata() else {
        return;
    };
    // What is watched whole stays so.
    wanted.entry(path).or_insert_with(|| Watched {
        named: folder.to_owned(),
        mode,
        identity: (metadata.dev(), metadata.ino()),
    });
}
