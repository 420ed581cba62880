//! The files of configuration and specs.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::steps::Action;
use super::variables::Variables;
use super::{Case, Config, Entry, Specs, parse_spec, shared_baselines};
use crate::baseline::{Escape, SUFFIX, stays_within};
use crate::regular_file::{self, Links};
use crate::source::{Diagnostic, SourceText, nearest};

/// The names of the configuration file, in the order of looking.
const CONFIG_NAMES: [&str; 2] = ["ariasnap.yml", "ariasnap.yaml"];

/// Why configuration or specs could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The files have errors: at least one, in the order of files and lines.
    #[error("{}", crate::source::render_all(.0, crate::source::Colour::Plain).trim_end())]
    Invalid(Vec<Diagnostic>),
    /// A file or folder could not be read. The message names it.
    #[error("cannot read {what}")]
    Read {
        /// What the file or folder is.
        what: &'static str,
        /// With the path.
        source: io::Error,
    },
    /// There is no folder of specs.
    #[error(
        "there is no specs folder {}; `ariasnap init` writes one for a site, or make it with a file \
         such as home.yml that holds `url: /`, or name another one with `specs:` in ariasnap.yml",
        .0.display()
    )]
    NoSpecs(PathBuf),
}

/// Returns the configuration file of a folder, or of the nearest of its parents that has one.
pub fn find_config(folder: &Path) -> Option<PathBuf> {
    folder
        .ancestors()
        .flat_map(|folder| CONFIG_NAMES.map(|name| folder.join(name)))
        .find(|file| file.is_file())
}

/// Returns the file that [`load_config`] reads; where there is none, those that it would read if they
/// were made in the folder.
pub fn configurations(folder: &Path, given: Option<&Path>) -> Vec<PathBuf> {
    match given {
        Some(file) => vec![folder.join(file)],
        None => match find_config(folder) {
            Some(file) => vec![file],
            None => CONFIG_NAMES.map(|name| folder.join(name)).to_vec(),
        },
    }
}

/// Loads the given configuration file, or the one found from the folder, or the defaults for the
/// folder otherwise. Messages show paths as seen from the folder.
///
/// # Errors
/// The file cannot be read, or is wrong.
pub fn load_config(
    folder: &Path,
    given: Option<&Path>,
    variables: &Variables,
) -> Result<Config, LoadError> {
    let (config, problems) = read_config(folder, given, variables, None)?;
    valid(config, problems)
}

/// As [`load_config`], with as much of a wrong file as can be read, and the address of a site in place of
/// the file's.
///
/// # Errors
/// The file cannot be read at all.
pub fn read_config(
    folder: &Path,
    given: Option<&Path>,
    variables: &Variables,
    url: Option<&str>,
) -> Result<(Config, Vec<Diagnostic>), LoadError> {
    let file = match given
        .map(|file| folder.join(file))
        .or_else(|| find_config(folder))
    {
        Some(file) => file,
        None => {
            let mut config = Config::without_file(folder).with_variables(variables.clone());
            let problem = url.and_then(|url| config.use_url(url).err());
            return Ok((config, problem.into_iter().collect()));
        }
    };
    let root = file.parent().unwrap_or(folder);
    Ok(match read(&file, "the configuration", folder)? {
        Ok(text) => Config::read(&text, root, variables, url),
        Err(problems) => (Config::without_file(root), problems),
    })
}

fn valid<T>(value: T, problems: Vec<Diagnostic>) -> Result<T, LoadError> {
    match problems.is_empty() {
        true => Ok(value),
        false => Err(LoadError::Invalid(problems)),
    }
}

/// Loads the cases whose pages are known without asking the site: [`load`] without collections.
///
/// # Errors
/// Those of [`load`].
pub fn load_cases(config: &Config, folder: &Path) -> Result<Vec<Case>, LoadError> {
    let specs = load(config, folder)?;
    let case = |entry| match entry {
        Entry::Case(case) => Some(*case),
        Entry::Collection(_) => None,
    };
    Ok(specs.entries.into_iter().filter_map(case).collect())
}

/// Loads all specs, in the order of the paths of their files. Messages show paths as seen from the
/// folder.
///
/// # Errors
/// There is no specs folder, a file cannot be read, or files are wrong: then everything that is.
pub fn load(config: &Config, folder: &Path) -> Result<Specs, LoadError> {
    let (specs, problems) = read_specs(config, folder)?;
    valid(specs, problems)
}

/// As [`load`], with the specs of the files that can be read.
///
/// # Errors
/// There is no specs folder, or a file cannot be read at all.
pub fn read_specs(config: &Config, folder: &Path) -> Result<(Specs, Vec<Diagnostic>), LoadError> {
    let mut specs = Specs::default();
    let mut problems = Vec::new();
    for spec in spec_files(config)? {
        let file = read(&config.specs.join(&spec), "a spec", folder)?;
        match file.and_then(|text| parse_spec(&text, &spec, config)) {
            Ok(parsed) => specs.entries.extend(parsed),
            Err(errors) => problems.extend(errors),
        }
    }
    problems.extend(shared_baselines(specs.cases()));
    for case in specs.entries.iter_mut().flat_map(Entry::patterns_mut) {
        let spec = case.spec.clone();
        problems.extend(resolve_files(case, &config.specs, &spec));
    }
    for case in specs.cases() {
        problems.extend(leaving(case, &config.snapshots)?);
    }
    match load_sessions(config, folder) {
        Ok(sessions) => problems.extend(missing_sessions(&specs, &sessions, config)),
        Err(LoadError::Invalid(errors)) => problems.extend(errors),
        Err(error) => return Err(error),
    }
    Ok((specs, super::sorted(problems)))
}

/// Loads the sessions by their names, which are those of their files.
///
/// # Errors
/// A file cannot be read, or files are wrong: then everything that is.
pub fn load_sessions(config: &Config, folder: &Path) -> Result<BTreeMap<String, Case>, LoadError> {
    let mut sessions = BTreeMap::new();
    let mut problems = Vec::new();
    if !config.sessions.is_dir() {
        return Ok(sessions);
    }
    for spec in yaml_files(&config.sessions, &config.snapshots)? {
        let file = read(&config.sessions.join(&spec), "a session", folder)?;
        // The path of its report, among those of specs.
        let place = Path::new(super::SESSIONS).join(&spec);
        let parsed = file.and_then(|text| parse_spec(&text, &place, config));
        match parsed {
            Ok(entries) => {
                problems.extend(entries.iter().filter_map(of_many_pages));
                let mut cases = entries.into_iter().filter_map(|entry| match entry {
                    Entry::Case(case) if case.variant.is_none() => Some(*case),
                    Entry::Case(_) | Entry::Collection(_) => None,
                });
                let (first, second) = (cases.next(), cases.next());
                if let Some(second) = second {
                    let problem = Diagnostic::new("a session is one case", second.place);
                    problems.push(problem.with_help("move the second one into a file of its own"));
                }
                if let Some(mut session) = first {
                    problems.extend(resolve_files(&mut session, &config.sessions, &spec));
                    problems.extend(within_session(&session));
                    let name = spec.with_extension("").to_string_lossy().replace('\\', "/");
                    sessions.insert(name, session);
                }
            }
            Err(errors) => problems.extend(errors),
        }
    }
    valid(sessions, problems)
}

fn of_many_pages(entry: &Entry) -> Option<Diagnostic> {
    let Entry::Collection(collection) = entry else {
        return None;
    };
    let problem = Diagnostic::new(
        "a session opens one page",
        collection.address().place.clone(),
    );
    Some(problem.with_help("name it, as in `url: /login/`"))
}

fn within_session(session: &Case) -> Option<Diagnostic> {
    let inner = session.session.as_ref()?;
    // Defaults can name the session that all cases share.
    if inner.place.file.path != session.place.file.path {
        return None;
    }
    let problem = Diagnostic::new(
        "a session cannot start in another session",
        inner.place.clone(),
    );
    Some(problem.with_help("remove `session` here"))
}

fn missing_sessions(
    specs: &Specs,
    sessions: &BTreeMap<String, Case>,
    config: &Config,
) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = Vec::new();
    let cases = specs.entries.iter().flat_map(Entry::patterns);
    for name in cases.filter_map(|case| case.session.as_ref()) {
        let is_known = |problem: &Diagnostic| problem.place == name.place;
        if sessions.contains_key(&name.value) || problems.iter().any(is_known) {
            continue;
        }
        let names: Vec<&str> = sessions.keys().map(String::as_str).collect();
        let help = match nearest(&name.value, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "write its steps into {}/{}.yml",
                config
                    .sessions
                    .strip_prefix(&config.root)
                    .unwrap_or(&config.sessions)
                    .display(),
                name.value
            ),
        };
        let message = format!("there is no session `{}`", name.value);
        problems.push(Diagnostic::new(message, name.place.clone()).with_help(help));
    }
    problems
}

/// Completes the paths of files that steps upload: they start at the folder of the spec, which is in
/// `folder`. Returns those that do not exist.
fn resolve_files(case: &mut Case, folder: &Path, spec: &Path) -> Vec<Diagnostic> {
    let beside = folder.join(spec);
    let beside = beside.parent().unwrap_or(folder);
    let mut problems = Vec::new();
    for step in &mut case.steps {
        let Action::Upload(_, files) = &mut step.action else {
            continue;
        };
        for file in files {
            let path = beside.join(&file.value);
            if !path.is_file() && case.variant.is_none() {
                let message = format!("there is no file {}", file.value.display());
                let help = "paths of files start at the folder of the spec";
                problems.push(Diagnostic::new(message, file.place.clone()).with_help(help));
            }
            file.value = path;
        }
    }
    problems
}

/// Reads a file under the path by which messages show it; bytes that are not text are an error like
/// those of its content.
fn read(
    file: &Path,
    what: &'static str,
    folder: &Path,
) -> Result<Result<SourceText, Vec<Diagnostic>>, LoadError> {
    let bytes = regular_file::read(file, regular_file::LONGEST, Links::Followed)
        .map_err(|source| LoadError::Read { what, source })?;
    let shown = file.strip_prefix(folder).unwrap_or(file);
    Ok(SourceText::from_bytes(shown, &bytes).map_err(|error| vec![error]))
}

/// Returns the spec files relative to the specs folder, sorted; without hidden files and baselines.
fn spec_files(config: &Config) -> Result<Vec<PathBuf>, LoadError> {
    if !config.specs.is_dir() {
        return Err(LoadError::NoSpecs(config.specs.clone()));
    }
    let mut files = yaml_files(&config.specs, &config.snapshots)?;
    files.retain(|file| !config.specs.join(file).starts_with(&config.sessions));
    Ok(files)
}

/// Returns the YAML files of a folder, relative to it, sorted.
fn yaml_files(folder: &Path, snapshots: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0 || !(is_hidden(entry) || entry.path() == snapshots)
        });
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| LoadError::Read {
            what: "the specs folder",
            source: error.into(),
        })?;
        // A FIFO or a device is refused when it is read; a folder may be called like a spec.
        if !entry.file_type().is_dir()
            && is_spec(entry.path())
            && let Ok(relative) = entry.path().strip_prefix(folder)
        {
            files.push(relative.to_owned());
        }
    }
    files.sort();
    Ok(files)
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn is_spec(path: &Path) -> bool {
    let yaml = path
        .extension()
        .is_some_and(|extension| extension == "yml" || extension == "yaml");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    yaml && !name.ends_with(SUFFIX)
}

/// Returns what is wrong with the path of a case's baselines.
fn leaving(case: &Case, snapshots: &Path) -> Result<Option<Diagnostic>, LoadError> {
    for snapshot in &case.snapshots {
        match stays_within(snapshots, &snapshot.baseline.file(SUFFIX)) {
            Ok(()) => {}
            Err(error @ Escape::Link { .. }) => {
                let message = format!("the baseline leaves the snapshots folder: {error}");
                return Ok(Some(
                    Diagnostic::new(message, case.place_of(snapshot).clone())
                        .with_help("replace the link by a folder, or give the case another name"),
                ));
            }
            Err(Escape::Io(source)) => {
                let what = "the snapshots folder";
                return Err(LoadError::Read { what, source });
            }
        }
    }
    Ok(None)
}
