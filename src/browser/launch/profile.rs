//! The folders of browser profiles.

use crate::new_file::{self, HeldFolder};

/// Creates a folder for a profile, and removes the folders that killed runs left. A folder in use is locked,
/// which works across containers too.
pub(super) fn create() -> std::io::Result<HeldFolder> {
    remove_abandoned_profiles();
    let prefix = format!("{PROFILE_PREFIX}{}-", std::process::id());
    new_file::new_folder_in(&std::env::temp_dir(), &prefix)
}

const PROFILE_PREFIX: &str = "ariasnap-profile-";

fn remove_abandoned_profiles() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name
            .to_str()
            .is_some_and(|name| name.starts_with(PROFILE_PREFIX))
        {
            new_file::remove_abandoned(&entry.path());
        }
    }
}
