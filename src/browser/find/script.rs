//! The browser behind a start script.
//!
//! Debian's `chromium-headless-shell` is a script that stays as the browser's parent: a signal to it does
//! not reach the browser, so its program is taken instead. Ubuntu's `chromium-browser` is a script that
//! fails without the snap, so it is refused.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Unusable, executable};

/// Start scripts are short; browsers are not.
const LONGEST_SCRIPT: u64 = 64 * 1024;

/// Returns the file to execute in place of `path`, mostly `path` itself.
pub(super) fn behind(path: &Path) -> Result<PathBuf, Unusable> {
    let Some((target, is_all)) = read(path) else {
        return Ok(path.to_owned());
    };
    match executable(&target) {
        // A script of more than one line may set what the browser needs.
        Ok(()) if is_all => Ok(target),
        Ok(()) => Ok(path.to_owned()),
        Err(_) => Err(Unusable::Dangling { target }),
    }
}

/// Returns the program that a script starts on its last line, and whether it does nothing else.
fn read(path: &Path) -> Option<(PathBuf, bool)> {
    let mut text = String::new();
    let file = fs_err::File::open(path).ok()?;
    file.take(LONGEST_SCRIPT).read_to_string(&mut text).ok()?;
    let script = text.strip_prefix("#!")?;
    let commands: Vec<&str> = script
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let last = commands.last()?;
    let command = last.strip_suffix("\"$@\"")?.trim_end();
    let target = command.strip_prefix("exec ").unwrap_or(command);
    let is_plain = target.starts_with('/') && !target.contains([' ', '$', '"', '\'', '\\']);
    is_plain.then(|| (PathBuf::from(target), commands.len() == 1))
}
