//! The paths of baselines, which are always inside the snapshots folder.

use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The suffix of baseline files.
pub const SUFFIX: &str = ".aria.yml";

/// File systems allow 255 bytes for a name, and the suffixes of pending files and evidence need some.
const LONGEST_NAME: usize = 200;

/// The path of a baseline in the snapshots folder, without its suffix: `<spec path>/[<case
/// name>/]<snapshot name>`, with `/` on every system.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct BaselinePath(String);

impl BaselinePath {
    /// Returns the path for a snapshot. `spec` is relative to the specs folder.
    ///
    /// # Errors
    /// A name is not a valid file name on every system, or `spec` has components other than plain UTF-8.
    pub fn new(
        spec: &Path,
        case: Option<&str>,
        snapshot: &str,
    ) -> Result<BaselinePath, UnsafeName> {
        BaselinePath::of_page(spec, case, &[], snapshot)
    }

    /// Returns the path for a snapshot of a case with several pages; `page` are the folders between case and
    /// snapshot.
    ///
    /// # Errors
    /// The same as [`BaselinePath::new`].
    pub fn of_page(
        spec: &Path,
        case: Option<&str>,
        page: &[String],
        snapshot: &str,
    ) -> Result<BaselinePath, UnsafeName> {
        let mut parts = Vec::new();
        for component in spec.with_extension("").components() {
            match component {
                Component::Normal(part) => {
                    parts.push(part.to_str().ok_or(UnsafeName::NotUtf8)?.to_owned());
                }
                Component::CurDir => {}
                Component::Prefix(_) | Component::RootDir | Component::ParentDir => {
                    return Err(UnsafeName::Separator);
                }
            }
        }
        let page = page.iter().map(String::as_str);
        for name in case.into_iter().chain(page).chain([snapshot]) {
            check_name(name)?;
            parts.push(name.to_owned());
        }
        Ok(BaselinePath(parts.join("/")))
    }

    /// Returns the path for a file of the snapshots folder, `None` if it does not end with `suffix`.
    pub fn of_file(relative: &Path, suffix: &str) -> Option<BaselinePath> {
        let parts = relative
            .components()
            .map(|component| match component {
                Component::Normal(part) => part.to_str(),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()?
            .join("/");
        let stem = parts.strip_suffix(suffix)?;
        let name = stem.rsplit('/').next()?;
        (!name.is_empty()).then(|| BaselinePath(stem.to_owned()))
    }

    /// Returns text such as `legal-licenses/compliance/page`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the snapshot, the last component.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Returns whether this is a variant of that place: `a/page@dark` of `a/page`.
    pub fn is_variant_of(&self, case: &BaselinePath) -> bool {
        let rest = self.0.strip_prefix(case.as_str());
        rest.is_some_and(|rest| rest.starts_with('@') && !rest.contains('/'))
    }

    /// Returns the file with that suffix, relative to the snapshots folder.
    pub fn file(&self, suffix: &str) -> PathBuf {
        self.0
            .split('/')
            .collect::<PathBuf>()
            .with_file_name(format!("{}{suffix}", self.name()))
    }
}

impl fmt::Display for BaselinePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<BaselinePath> for String {
    fn from(path: BaselinePath) -> String {
        path.0
    }
}

impl TryFrom<String> for BaselinePath {
    type Error = UnsafeName;

    fn try_from(text: String) -> Result<BaselinePath, UnsafeName> {
        for part in text.split('/') {
            check_name(part)?;
        }
        Ok(BaselinePath(text))
    }
}

/// Why a name cannot be a file name on every system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsafeName {
    /// It is empty or only white space.
    #[error("it is empty")]
    Empty,
    /// It would be a hidden file or `..`.
    #[error("it starts with a dot")]
    LeadingDot,
    /// It would be another folder.
    #[error("it contains a path separator")]
    Separator,
    /// Windows refuses the character, or it is invisible.
    #[error("it contains {0:?}, which not every file system allows")]
    Character(char),
    /// Windows drops dots and spaces at the end, and spaces at the start are invisible.
    #[error("it starts or ends with a space, or ends with a dot")]
    Edge,
    /// It is the name of a device on Windows.
    #[error("Windows reserves it for a device")]
    Reserved,
    /// It has more than 200 bytes.
    #[error("it is longer than {LONGEST_NAME} bytes")]
    TooLong,
    /// The path is not text.
    #[error("it is not UTF-8")]
    NotUtf8,
}

/// Checks that a name is a valid file name on every system.
///
/// <https://learn.microsoft.com/windows/win32/fileio/naming-a-file> has the strictest rules.
///
/// # Errors
/// The first problem.
pub fn check_name(name: &str) -> Result<(), UnsafeName> {
    if name.trim().is_empty() {
        return Err(UnsafeName::Empty);
    }
    if name.contains(['/', '\\']) {
        return Err(UnsafeName::Separator);
    }
    if name.starts_with('.') {
        return Err(UnsafeName::LeadingDot);
    }
    let refused = |c: char| {
        crate::text::is_control(c) || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')
    };
    if let Some(c) = name.chars().find(|c| refused(*c)) {
        return Err(UnsafeName::Character(c));
    }
    if name.trim() != name || name.ends_with('.') {
        return Err(UnsafeName::Edge);
    }
    if is_device(name.split('.').next().unwrap_or_default()) {
        return Err(UnsafeName::Reserved);
    }
    if name.len() > LONGEST_NAME {
        return Err(UnsafeName::TooLong);
    }
    Ok(())
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Why a path is not inside a folder.
#[derive(Debug, thiserror::Error)]
pub enum Escape {
    /// A symbolic link in the path leads out of the folder, or nowhere.
    #[error("{} is a symbolic link that leads out of {}", link.display(), root.display())]
    Link { link: PathBuf, root: PathBuf },
    /// A part of the path cannot be read. The message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Checks that no symbolic link in the path of a file leads out of `root`. The file need not exist.
///
/// # Errors
/// A link leads out of `root` or nowhere, or a folder cannot be read.
pub fn stays_within(root: &Path, file: &Path) -> Result<(), Escape> {
    let mut path = root.to_owned();
    for component in file.components() {
        path.push(component);
        match fs_err::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => {
                let root_itself = fs_err::canonicalize(root)?;
                if !std::fs::canonicalize(&path).is_ok_and(|end| end.starts_with(&root_itself)) {
                    return Err(Escape::Link {
                        link: path,
                        root: root.to_owned(),
                    });
                }
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Escape::Io(error)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BaselinePath, SUFFIX, UnsafeName, check_name};
    use std::path::Path;

    #[test]
    fn names_are_safe_on_every_system() {
        for (name, reason) in [
            ("", UnsafeName::Empty),
            ("  ", UnsafeName::Empty),
            ("..", UnsafeName::LeadingDot),
            (".hidden", UnsafeName::LeadingDot),
            ("../../x", UnsafeName::Separator),
            ("a/b", UnsafeName::Separator),
            ("a\\b", UnsafeName::Separator),
            ("a:b", UnsafeName::Character(':')),
            ("a\nb", UnsafeName::Character('\n')),
            ("a\0", UnsafeName::Character('\0')),
            ("say \"x\"", UnsafeName::Character('"')),
            (" a", UnsafeName::Edge),
            ("a.", UnsafeName::Edge),
            ("con", UnsafeName::Reserved),
            ("Aux.page", UnsafeName::Reserved),
            ("lpt9", UnsafeName::Reserved),
            (&"é".repeat(101), UnsafeName::TooLong),
        ] {
            assert_eq!(check_name(name), Err(reason), "{name:?}");
        }
        for name in [
            "page",
            "search results",
            "lpt0",
            "console",
            "日本語",
            "v1.2",
            "-x",
        ] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn a_place_follows_from_spec_case_and_snapshot() {
        let spec = Path::new("legal/v1.2.yml");
        let path = BaselinePath::new(spec, Some("search"), "page");
        let path = path.as_ref().map(BaselinePath::as_str);
        assert_eq!(path, Ok("legal/v1.2/search/page"));
        let out = BaselinePath::new(Path::new("../a.yml"), None, "page");
        assert_eq!(out, Err(UnsafeName::Separator));
    }

    #[test]
    fn files_and_places_are_two_ways_of_one() {
        let file = Path::new("legal/v1.2/page.aria.yml");
        let path = BaselinePath::of_file(file, SUFFIX);
        assert_eq!(
            path.as_ref().map(BaselinePath::as_str),
            Some("legal/v1.2/page")
        );
        assert_eq!(path.map(|path| path.file(SUFFIX)), Some(file.to_owned()));
        assert_eq!(BaselinePath::of_file(Path::new("a/b.yml"), SUFFIX), None);
        assert_eq!(
            BaselinePath::of_file(Path::new("a/.aria.yml"), SUFFIX),
            None
        );
    }
}
