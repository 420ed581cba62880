//! FILTER arguments: which cases and snapshots a command is about.

use globset::{GlobBuilder, GlobMatcher};

/// One FILTER argument: a part of a path, or a glob for the whole of it.
#[derive(Debug, Clone)]
pub struct Filter {
    text: String,
    glob: Option<GlobMatcher>,
}

/// A FILTER that is no glob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the filter `{filter}` is not a glob: {reason}")]
pub struct BadFilter {
    /// As given.
    pub filter: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Filter {
    /// Reads an argument. `folders` are the specs and the snapshots folder as they stand in paths
    /// that users see: an argument that starts with one of them is meant from there, so that the
    /// path of a file can be given as it is.
    ///
    /// # Errors
    /// It has `*`, `?`, `[` or `{` and is no glob.
    pub fn new(argument: &str, folders: &[&str]) -> Result<Filter, BadFilter> {
        let argument = argument.replace('\\', "/");
        let argument = argument.trim_start_matches("./");
        let text = folders
            .iter()
            .find_map(|folder| {
                argument
                    .strip_prefix(folder.trim_matches('/'))?
                    .strip_prefix('/')
            })
            .unwrap_or(argument)
            .to_owned();
        let glob = if text.contains(['*', '?', '[', '{']) {
            let glob = GlobBuilder::new(&text).literal_separator(true).build();
            let glob = glob.map_err(|error| BadFilter {
                filter: text.clone(),
                reason: error.kind().to_string(),
            })?;
            Some(glob.compile_matcher())
        } else {
            None
        };
        Ok(Filter { text, glob })
    }

    /// Whether it means a path: of a spec relative to the specs folder, of a baseline relative to
    /// the snapshots folder, or of either without its suffix.
    pub fn matches(&self, path: &str) -> bool {
        match &self.glob {
            Some(glob) => glob.is_match(path),
            None => path.contains(&self.text),
        }
    }
}

/// Whether any filter means any of the paths; without filters, everything is meant.
pub fn any_matches(filters: &[Filter], paths: &[&str]) -> bool {
    filters.is_empty()
        || filters
            .iter()
            .any(|filter| paths.iter().any(|path| filter.matches(path)))
}

#[cfg(test)]
mod tests {
    use super::{Filter, any_matches};

    const PATHS: [&str; 3] = [
        "legal/compliance.yml",
        "legal/compliance/page",
        "legal/compliance/page.aria.yml",
    ];

    fn matches(argument: &str) -> bool {
        Filter::new(argument, &["specs", "tests/snapshots/"])
            .is_ok_and(|filter| any_matches(&[filter], &PATHS))
    }

    #[test]
    fn parts_and_globs_of_paths() {
        for argument in [
            "compliance",
            "legal/",
            "specs/legal/compliance.yml",
            "./specs/legal/compliance.yml",
            "tests/snapshots/legal/compliance/page.aria.yml",
            "legal/*.yml",
            "**/page",
            "legal/**",
            "specs/legal/*/page",
            "legal/{compliance,terms}.yml",
        ] {
            assert!(matches(argument), "{argument}");
        }
        for argument in ["terms", "*.yml", "snap", "page/x", "specs"] {
            assert!(!matches(argument), "{argument}");
        }
    }

    #[test]
    fn nothing_asked_is_everything() {
        assert!(any_matches(&[], &PATHS));
        assert!(Filter::new("a[", &[]).is_err());
    }
}
