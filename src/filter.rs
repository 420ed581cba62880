//! FILTER arguments.

use std::collections::BTreeSet;

use globset::{GlobBuilder, GlobMatcher};

use crate::baseline::{BaselinePath, SUFFIX};

/// The FILTER arguments of a command; none means all snapshots.
#[derive(Debug, Clone, Default)]
pub struct Filters(Vec<Filter>);

#[derive(Debug, Clone)]
enum Filter {
    /// Part of the path of a snapshot.
    Part(String),
    /// The whole path.
    Glob(GlobMatcher),
    /// This one alone, with its variants.
    Whole(BaselinePath),
}

/// An invalid FILTER.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the filter `{filter}` is not a glob: {reason}")]
pub struct BadFilter {
    pub filter: String,
    pub reason: String,
}

impl Filters {
    /// Parses the arguments. Each is part of `<spec path>/<case name>/<snapshot name>`, a glob for all of
    /// it (`*` and `?` match `/` too), or the path of a spec, baseline or pending file. `folders` are the
    /// specs and snapshots folders as in such paths.
    ///
    /// # Errors
    /// An argument with `*`, `?`, `[` or `{` is not a valid glob.
    pub fn new(arguments: &[String], folders: &[&str]) -> Result<Filters, BadFilter> {
        arguments
            .iter()
            .map(|argument| Filter::new(argument, folders))
            .collect::<Result<_, _>>()
            .map(Filters)
    }

    /// Returns filters in which one that is the whole place of a snapshot means that snapshot alone, and its
    /// variants: what is decided is not to be more than what was named.
    pub fn or_whole(self, paths: &BTreeSet<BaselinePath>) -> Filters {
        let whole = |filter: Filter| {
            let text = match &filter {
                Filter::Part(part) => part.as_str(),
                Filter::Glob(glob) => glob.glob().glob(),
                Filter::Whole(path) => path.as_str(),
            };
            let path = paths.iter().find(|path| path.as_str() == text);
            path.cloned().map_or(filter, Filter::Whole)
        };
        Filters(self.0.into_iter().map(whole).collect())
    }

    /// Whether a filter matches the snapshot.
    pub fn matches(&self, path: &BaselinePath) -> bool {
        let matches = |filter: &Filter| match filter {
            Filter::Part(part) => path.as_str().contains(part.as_str()),
            Filter::Glob(glob) => glob.is_match(path.as_str()),
            Filter::Whole(whole) => whole == path || path.is_variant_of(whole),
        };
        self.0.is_empty() || self.0.iter().any(matches)
    }
}

/// Chooses pages by their addresses, from the first slash after the host.
#[derive(Debug, Clone, Default)]
pub struct PageGlobs {
    include: Vec<GlobMatcher>,
    exclude: Vec<GlobMatcher>,
}

/// Compares the texts of the globs.
impl PartialEq for PageGlobs {
    fn eq(&self, other: &PageGlobs) -> bool {
        let written = |globs: &[GlobMatcher]| -> Vec<String> {
            globs.iter().map(|glob| glob.glob().to_string()).collect()
        };
        written(&self.include) == written(&other.include)
            && written(&self.exclude) == written(&other.exclude)
    }
}

impl Eq for PageGlobs {}

impl PageGlobs {
    /// Adds a glob of pages to include; `*` and `?` match `/` too.
    ///
    /// # Errors
    /// The text is not a valid glob.
    pub fn include(&mut self, glob: &str) -> Result<(), String> {
        self.include.push(compile(glob)?);
        Ok(())
    }

    /// Adds a glob of pages to exclude, even if another glob includes them.
    ///
    /// # Errors
    /// The text is not a valid glob.
    pub fn exclude(&mut self, glob: &str) -> Result<(), String> {
        self.exclude.push(compile(glob)?);
        Ok(())
    }

    /// Whether a page is chosen, by an address such as `/docs/a?b=c`. Without includes, all pages are
    /// included.
    pub fn matches(&self, address: &str) -> bool {
        let any = |globs: &[GlobMatcher]| globs.iter().any(|glob| glob.is_match(address));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}

fn compile(glob: &str) -> Result<GlobMatcher, String> {
    match GlobBuilder::new(glob).build() {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => Err(format!("`{glob}` is not a glob: {}", error.kind())),
    }
}

impl Filter {
    fn new(argument: &str, folders: &[&str]) -> Result<Filter, BadFilter> {
        let path = argument.replace('\\', "/");
        let path = path.trim_start_matches("./");
        let below = |folder: &&str| {
            let folder = folder.trim_start_matches("./").trim_end_matches('/');
            path.strip_prefix(folder)?.strip_prefix('/')
        };
        let path = folders.iter().find_map(below).unwrap_or(path);
        let is_glob = path.contains(['*', '?', '[', '{']);
        let text = without_suffix(path, is_glob);
        if !is_glob {
            return Ok(Filter::Part(text));
        }
        match GlobBuilder::new(&text).build() {
            Ok(glob) => Ok(Filter::Glob(glob.compile_matcher())),
            Err(error) => Err(BadFilter {
                filter: argument.to_owned(),
                reason: error.kind().to_string(),
            }),
        }
    }
}

/// Turns the path of a file into a filter. A spec matches all of its snapshots.
fn without_suffix(path: &str, is_glob: bool) -> String {
    let path = path.strip_suffix(".new").unwrap_or(path);
    if let Some(baseline) = path.strip_suffix(SUFFIX) {
        return baseline.to_owned();
    }
    match path.strip_suffix(".yml").or(path.strip_suffix(".yaml")) {
        Some(spec) if is_glob => format!("{spec}/*"),
        Some(spec) => format!("{spec}/"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Filters, PageGlobs};
    use crate::baseline::{BaselinePath, UnsafeName};

    fn matches(argument: &str) -> Result<bool, UnsafeName> {
        let path = BaselinePath::try_from("legal/compliance/search/page".to_owned())?;
        let filters = Filters::new(&[argument.to_owned()], &["specs", "./tests/snapshots/"]);
        Ok(filters.is_ok_and(|filters| filters.matches(&path)))
    }

    #[test]
    fn parts_globs_and_paths_of_files() -> Result<(), UnsafeName> {
        for argument in [
            "compliance",
            "legal/",
            "search/page",
            "compliance.yml",
            "specs/legal/compliance.yml",
            "./specs/legal/compliance.yml",
            "specs\\legal\\compliance.yml",
            "tests/snapshots/legal/compliance/search/page.aria.yml",
            "tests/snapshots/legal/compliance/search/page.aria.yml.new",
            "specs/legal/",
            "legal/*.yml",
            "legal/*",
            "*/page",
            "specs/legal/*/page",
            "legal/{compliance,terms}.yml",
            "legal/compl?ance/*",
        ] {
            assert!(matches(argument)?, "{argument}");
        }
        for argument in [
            "terms",
            "complianc.yml",
            "snapshots",
            "page/x",
            "specs",
            "*/search",
            "page.aria.yaml",
            "a[",
        ] {
            assert!(!matches(argument)?, "{argument}");
        }
        Ok(())
    }

    #[test]
    fn pages_are_chosen_by_their_addresses() -> Result<(), String> {
        let mut globs = PageGlobs::default();
        assert!(globs.matches("/"));
        globs.exclude("/docs/old/*")?;
        assert!(globs.matches("/blog/a") && !globs.matches("/docs/old/a/b"));
        globs.include("/docs/*")?;
        globs.include("*[?]print=1")?;
        assert!(globs.matches("/docs/a/b") && globs.matches("/x?print=1"));
        assert!(!globs.matches("/blog/a") && !globs.matches("/docs/old/a"));
        assert!(globs.include("{").is_err());
        Ok(())
    }

    #[test]
    fn nothing_asked_is_everything() -> Result<(), UnsafeName> {
        let path = BaselinePath::try_from("a/page".to_owned())?;
        assert!(Filters::default().matches(&path));
        let error = Filters::new(&["a[".to_owned()], &[]).err();
        assert!(error.is_some_and(|error| error.to_string().starts_with("the filter `a[`")));
        Ok(())
    }
}
