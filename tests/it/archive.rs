//! Cases as text: the files of a folder in one file, in the format of Go's txtar
//! (<https://pkg.go.dev/golang.org/x/tools/txtar>): a comment, then every file behind a line
//! `-- NAME --`. A file that such a text cannot hold (one that is not text, or has no line feed at its
//! end) is in a folder beside the archive that has the archive's name.
//!
//! An archive is a case, or it has the cases of a subject, each in a folder of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness;

/// A file of tests, with the files that it holds in their order.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    path: PathBuf,
    name: String,
    pub(crate) comment: String,
    files: Vec<File>,
}

#[derive(Debug, Clone)]
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// The folder of some cases.
pub(crate) fn tests(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder)
}

impl Archive {
    /// Reads all archives of a folder, in the order of their names.
    pub(crate) fn all(folder: &Path) -> Vec<Archive> {
        let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|one| one == "txtar"))
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "no case in {}", folder.display());
        paths.iter().map(|path| Archive::read(path)).collect()
    }

    pub(crate) fn read(path: &Path) -> Archive {
        let bytes = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut archive = Archive::parse(path, &bytes);
        let beside = archive.beside();
        let files = files(&beside).into_iter();
        let files = files.map(|(name, bytes)| File { name, bytes });
        archive.files.extend(files);
        archive
    }

    fn parse(path: &Path, bytes: &[u8]) -> Archive {
        let mut comment = Vec::new();
        let mut files: Vec<File> = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            if let Some(name) = header(line) {
                files.push(File {
                    name: name.to_owned(),
                    bytes: Vec::new(),
                });
                continue;
            }
            let text = files
                .last_mut()
                .map_or(&mut comment, |file| &mut file.bytes);
            text.extend_from_slice(line);
        }
        let name = path.file_stem().and_then(|name| name.to_str());
        Archive {
            path: path.to_owned(),
            name: name.expect("an archive has a plain name").to_owned(),
            comment: String::from_utf8(comment).expect("a comment is text"),
            files,
        }
    }

    /// The folder of what the text cannot hold.
    fn beside(&self) -> PathBuf {
        self.path.with_extension("")
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let file = self.files.iter().find(|file| file.name == name)?;
        Some(&file.bytes)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let text = std::str::from_utf8(self.get(name)?);
        Some(text.unwrap_or_else(|e| panic!("{}: {name}: {e}", self.path.display())))
    }

    /// The files below a folder, by their paths from there.
    pub(crate) fn below(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let below = self.files.iter().filter_map(|file| {
            let name = file.name.strip_prefix(folder)?.strip_prefix('/')?;
            Some((name.to_owned(), file.bytes.clone()))
        });
        below.collect()
    }

    /// Returns the cases of an archive that holds several, each a folder of it.
    pub(crate) fn cases(&self) -> Vec<Archive> {
        let mut cases: Vec<Archive> = Vec::new();
        for file in &self.files {
            let folder = file.name.split_once('/');
            let (case, name) = folder.unwrap_or_else(|| panic!("{}: in no folder", file.name));
            let file = File {
                name: name.to_owned(),
                bytes: file.bytes.clone(),
            };
            match cases.iter_mut().find(|one| one.name == case) {
                Some(one) => one.files.push(file),
                None => cases.push(Archive {
                    path: self.path.clone(),
                    name: case.to_owned(),
                    comment: String::new(),
                    files: vec![file],
                }),
            }
        }
        cases
    }

    /// Writes all files into a folder.
    pub(crate) fn unpack(&self, folder: &Path) {
        for file in &self.files {
            let path = folder.join(&file.name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
            fs::write(path, &file.bytes).expect("a file is written");
        }
    }

    /// Takes a file with these bytes in, in place of one of its name, else behind the one named.
    pub(crate) fn put(&mut self, name: &str, bytes: Vec<u8>, behind: &str) {
        if let Some(file) = self.files.iter_mut().find(|file| file.name == name) {
            file.bytes = bytes;
            return;
        }
        let place = self.files.iter().rposition(|file| file.name == behind);
        let file = File {
            name: name.to_owned(),
            bytes,
        };
        let place = place.map_or(self.files.len(), |place| place + 1);
        self.files.insert(place, file);
    }

    /// Has these files below a folder, and no others.
    pub(crate) fn replace_below(&mut self, folder: &str, files: BTreeMap<String, Vec<u8>>) {
        let start = format!("{folder}/");
        self.files.retain(|file| !file.name.starts_with(&start));
        let files = files.into_iter().map(|(name, bytes)| File {
            name: format!("{start}{name}"),
            bytes,
        });
        self.files.extend(files);
    }

    /// Holds what comes out against a file of the case, or records it there.
    ///
    /// # Errors
    /// Where it differs.
    pub(crate) fn expect(&self, name: &str, actual: String) -> Result<(), String> {
        let expected = self.text(name).unwrap_or_default();
        if expected == actual {
            return Ok(());
        }
        if harness::is_recording() {
            let mut recorded = self.clone();
            recorded.put(name, actual.into_bytes(), "");
            recorded.save();
            return Ok(());
        }
        Err(format!(
            "{name}\n{}",
            harness::difference(expected, &actual)
        ))
    }

    /// Writes the archive to where it was read.
    pub(crate) fn save(&self) {
        let mut text = self.comment.clone().into_bytes();
        let beside = self.beside();
        if beside.exists() {
            fs::remove_dir_all(&beside).expect("the folder beside an archive is removed");
        }
        for file in &self.files {
            if fits(&file.bytes) {
                text.extend(format!("-- {} --\n", file.name).bytes());
                text.extend(&file.bytes);
            } else {
                let path = beside.join(&file.name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
                fs::write(path, &file.bytes).expect("a file is written");
            }
        }
        fs::write(&self.path, text).expect("an archive is written");
    }
}

/// The name in a line that begins a file.
fn header(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?;
    let name = line.strip_prefix("-- ")?.strip_suffix(" --\n")?;
    (!name.is_empty()).then_some(name)
}

/// Whether a file can be a part of a text.
fn fits(bytes: &[u8]) -> bool {
    let is_whole = bytes.is_empty() || bytes.ends_with(b"\n");
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
    is_whole && std::str::from_utf8(bytes).is_ok() && !lines.any(|line| header(line).is_some())
}

/// The files below a folder by their paths; none where there is no folder.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).expect("it is below");
            let bytes = fs::read(entry.path()).expect("a file can be read");
            (name.to_string_lossy().into_owned(), bytes)
        })
        .collect()
}
