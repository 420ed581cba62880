//! The browser behind a start script.
//!
//! Some packages put a script on `PATH`. One that ends in `exec` becomes the browser. One that does
//! not, as Debian's `chromium-headless-shell`, stays as its parent, and who kills it leaves the browser
//! running. The binary is taken in its place where the script does nothing but start it.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Unusable, executable};

/// Start scripts are short; browsers are not.
const LONGEST_SCRIPT: u64 = 64 * 1024;

/// Scripts that start scripts are followed this far.
const DEEPEST: usize = 4;

/// What a script comes to in the end.
#[derive(Debug, PartialEq, Eq)]
enum Script {
    /// It turns into this program.
    Becomes(PathBuf),
    /// It does nothing but run this program as a child.
    Runs(PathBuf),
    /// More than this module wants to understand.
    Other,
}

/// The file to execute in place of `path`, mostly `path` itself.
pub(super) fn behind(path: &Path) -> Result<PathBuf, Unusable> {
    let mut file = path.to_owned();
    for _ in 0..DEEPEST {
        let Some(text) = script_text(&file) else {
            break;
        };
        match read(&text) {
            // The script itself is kept: it may set what the browser needs on the way.
            Script::Becomes(target) => {
                check(target)?;
                break;
            }
            Script::Runs(target) => file = check(target)?,
            Script::Other => break,
        }
    }
    Ok(file)
}

fn check(target: PathBuf) -> Result<PathBuf, Unusable> {
    match executable(&target) {
        Ok(()) => Ok(target),
        Err(_) => Err(Unusable::Dangling { target }),
    }
}

/// The text of a shell script of a sensible length.
fn script_text(path: &Path) -> Option<String> {
    let mut file = fs_err::File::open(path).ok()?;
    let mut mark = [0; 2];
    file.read_exact(&mut mark).ok()?;
    if mark != *b"#!" || file.metadata().ok()?.len() > LONGEST_SCRIPT {
        return None;
    }
    let mut text = String::new();
    file.take(LONGEST_SCRIPT).read_to_string(&mut text).ok()?;
    let shell = text
        .lines()
        .next()?
        .split([' ', '\t', '/'])
        .any(|word| matches!(word, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh"));
    shell.then_some(text)
}

/// `text` begins after the `#!`.
fn read(text: &str) -> Script {
    let commands: Vec<&str> = text
        .lines()
        .skip(1)
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("set -"))
        .collect();
    let Some(words) = commands.last().and_then(|line| words(line)) else {
        return Script::Other;
    };
    let (becomes, words) = match words.as_slice() {
        ["exec", "-a", _, rest @ ..] | ["exec", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    // Arguments of the script's own would be lost with it.
    let [target, "$@" | "${1+\"$@\"}"] = words else {
        return Script::Other;
    };
    if !Path::new(target).is_absolute() || target.contains(['$', '`', '*', '?', '~', '\\']) {
        return Script::Other;
    }
    match (becomes, commands.len()) {
        (true, _) => Script::Becomes(PathBuf::from(target)),
        (false, 1) => Script::Runs(PathBuf::from(target)),
        // What comes before may prepare something that the browser needs.
        (false, _) => Script::Other,
    }
}

/// The words of a simple command, quotes taken off; none where the line is more than that.
fn words(line: &str) -> Option<Vec<&str>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => {
                let end = rest[1..].find(first)? + 1;
                (&rest[1..end], &rest[end + 1..])
            }
            _ => {
                let end = rest.find([' ', '\t']).unwrap_or(rest.len());
                let word = &rest[..end];
                let plain = !word.contains([';', '|', '&', '<', '>', '(', ')', '`', '"', '\'']);
                if !plain && word != "${1+\"$@\"}" {
                    return None;
                }
                (word, &rest[end..])
            }
        };
        if !after.is_empty() && !after.starts_with([' ', '\t']) {
            return None;
        }
        words.push(word);
        rest = after.trim_start();
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(script: &str, expected: Script) {
        assert_eq!(read(script), expected, "{script}");
    }

    #[test]
    fn a_script_that_only_runs_the_browser_gives_the_browser() {
        // Debian's.
        reads(
            "/bin/sh -e\n\n/usr/lib/chromium/chromium-headless-shell \"$@\"\n",
            Script::Runs("/usr/lib/chromium/chromium-headless-shell".into()),
        );
        reads(
            "/bin/sh\n# starts it\n\"/opt/My Browser/chrome\" $@",
            Script::Runs("/opt/My Browser/chrome".into()),
        );
        reads(
            "/bin/sh\n/opt/chrome ${1+\"$@\"}",
            Script::Runs("/opt/chrome".into()),
        );
    }

    #[test]
    fn a_script_that_ends_in_exec_becomes_the_browser() {
        // Ubuntu's, shortened.
        reads(
            "/bin/sh\nif ! [ -x /snap/bin/chromium ]; then\n    echo 'no snap' >&2\n    exit 1\nfi\nexec /snap/bin/chromium \"$@\"",
            Script::Becomes("/snap/bin/chromium".into()),
        );
        reads(
            "/bin/bash\nexec -a \"$0\" '/opt/chrome' \"$@\"",
            Script::Becomes("/opt/chrome".into()),
        );
    }

    #[test]
    fn anything_else_is_left_alone() {
        for script in [
            "/bin/sh",
            "/bin/sh\nexport LD_LIBRARY_PATH=/opt/lib\n/opt/chrome \"$@\"",
            "/bin/sh\n/opt/chrome --no-sandbox \"$@\"",
            "/bin/sh\n/opt/chrome",
            "/bin/sh\n\"$HERE/chrome\" \"$@\"",
            "/bin/sh\n/opt/chrome \"$@\" 2>/dev/null",
            "/bin/sh\n/opt/chrome \"$@\" & wait",
            "/bin/sh\nchrome \"$@\"",
            "/bin/sh\n/opt/\"chrome\" \"$@\"",
            "/bin/sh\n/opt/chrome \"$@",
        ] {
            reads(script, Script::Other);
        }
    }
}
