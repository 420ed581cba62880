//! Sessions: a login is done once in a run, and what it leaves is given to every case that asks for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::case::is_lost;
use super::visit::{Purpose, Visit};
use super::{CaseReport, Outcome, RunError, Setting, SnapshotReport, masking};
use crate::browser::emulate::StorageState;
use crate::spec::Case;

/// The sessions of a run.
pub(super) struct Sessions {
    states: BTreeMap<String, OnceCell<Option<Arc<StorageState>>>>,
    failed: Mutex<Vec<CaseReport>>,
}

impl Sessions {
    pub(super) fn new<'a>(names: impl Iterator<Item = &'a String>) -> Sessions {
        Sessions {
            states: names.map(|name| (name.clone(), OnceCell::new())).collect(),
            failed: Mutex::new(Vec::new()),
        }
    }

    /// Returns the state that the session leaves. The first case that asks for it signs in.
    pub(super) async fn state(
        &self,
        name: &str,
        setting: &Setting<'_>,
    ) -> Result<Arc<StorageState>, RunError> {
        let failed = || RunError::Session {
            name: name.to_owned(),
        };
        let (Some(cell), Some(case)) = (self.states.get(name), setting.sessions.get(name)) else {
            return Err(failed());
        };
        let state = cell.get_or_try_init(|| async {
            match start(case, setting).await {
                Ok(state) => Ok(Some(Arc::new(state))),
                // Whoever comes next does it, in another browser.
                Err(_) if is_lost(setting).await => Err(failed()),
                Err(report) => {
                    let mut all = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
                    all.extend(report);
                    Ok(None)
                }
            }
        });
        state.await?.clone().ok_or_else(failed)
    }

    /// Takes the reports of those that failed.
    pub(super) fn take_failed(&self) -> Vec<CaseReport> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *failed)
    }
}

/// Does the login. The error is its report.
async fn start(case: &Case, setting: &Setting<'_>) -> Result<StorageState, Option<CaseReport>> {
    let started = std::time::Instant::now();
    let mut url = String::new();
    let done = async {
        let mut visit = Visit::open(case, setting, None, Purpose::SignIn).await?;
        url = visit.url.clone();
        let done = visit.log_in().await;
        visit.close().await;
        done
    }
    .await;
    done.map_err(|error| {
        let request = case.snapshots.first()?;
        Some(CaseReport {
            name: case.title(),
            spec: case.place.file.path.to_path_buf(),
            url: setting.secrets.mask(&url),
            snapshots: vec![SnapshotReport {
                path: request.baseline.clone(),
                outcome: Outcome::Failed(masking::failure(
                    &error.kept(setting.store, &request.baseline),
                    setting,
                )),
            }],
            problems: Vec::new(),
            waited: std::time::Duration::ZERO,
            notes: Vec::new(),
            elapsed: started.elapsed(),
        })
    })
}
