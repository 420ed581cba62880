//! Whether the system has fonts. Without any, text has no size and pages no shape.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::browser::command;
use crate::browser::platform::{Platform, System, program_on};

/// The folders of fonts on Linux.
pub fn folders(home: Option<&std::path::Path>) -> Vec<PathBuf> {
    let mut folders = vec![
        PathBuf::from("/usr/share/fonts"),
        PathBuf::from("/usr/local/share/fonts"),
    ];
    if let Some(home) = home {
        folders.push(home.join(".local").join("share").join("fonts"));
        folders.push(home.join(".fonts"));
    }
    folders
}

/// Whether there is a font: `fc-list` names one, or, without `fc-list`, a folder holds one.
pub fn present(path: &[PathBuf], folders: &[PathBuf]) -> bool {
    match Platform::current().system {
        System::MacOs | System::Windows => return true,
        System::Linux => {}
    }
    if let Some(list) = program_on(path, "fc-list")
        && let Ok(ended) = command::run(&mut Command::new(list), Duration::from_secs(20))
        && ended.success
    {
        return !ended.output.trim().is_empty();
    }
    folders
        .iter()
        .flat_map(walkdir::WalkDir::new)
        .flatten()
        .any(|entry| {
            entry.path().extension().is_some_and(|extension| {
                ["ttf", "otf", "ttc", "pfb", "woff2"]
                    .iter()
                    .any(|font| extension.eq_ignore_ascii_case(font))
            })
        })
}
