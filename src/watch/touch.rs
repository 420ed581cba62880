//! From a file to the cases that it touches.

use std::path::{Component, Path, PathBuf};

use url::Url;

use super::ground::inputs;
use crate::baseline::{BaselinePath, SUFFIX};
use crate::site::folder;
use crate::spec::{Case, SnapshotRequest, Target};

/// What a baseline's file may end with beside [`SUFFIX`].
const MARKDOWN: &str = ".md";

/// What a file that changed is to cases. Paths are relative to their folder, and may be those of
/// folders that are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// To all of them.
    All,
    /// The spec of some.
    Spec(PathBuf),
    /// The session in which some start, without the file's ending.
    Session(PathBuf),
    /// The baseline of one.
    Baseline(PathBuf),
    /// The file of a page, with the addresses at which it is served.
    Page(Vec<String>),
    /// A file that any page of the site may use.
    Site,
    /// Read by some beside their specs.
    Input(PathBuf),
}

impl Touch {
    pub(super) fn baseline(relative: &Path) -> Option<Touch> {
        let name = relative.file_name()?.to_str()?;
        let is_own = relative.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            // Pending snapshots, their evidence, the lock and files that are being written.
            part.starts_with('.') || part.ends_with(".new") || part.ends_with(".evidence")
        });
        // Without an ending, a folder.
        let may_be = name.ends_with(SUFFIX) || name.ends_with(MARKDOWN) || !name.contains('.');
        (may_be && !is_own).then(|| Touch::Baseline(relative.to_owned()))
    }

    pub(super) fn session(relative: &Path) -> Option<Touch> {
        may_be_spec(relative).then(|| Touch::Session(relative.with_extension("")))
    }

    pub(super) fn spec(relative: &Path) -> Option<Touch> {
        may_be_spec(relative).then(|| Touch::Spec(relative.to_owned()))
    }

    pub(super) fn page(relative: &Path, fallback: Option<&Path>) -> Option<Touch> {
        let name = relative.file_name()?.to_string_lossy();
        if is_hidden(relative) || name.ends_with('~') {
            return None;
        }
        let is_html = relative.extension().is_some_and(|ending| {
            ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
        });
        // Both are served in the place of others.
        let is_of_many = name == "404.html" || fallback.is_some_and(|file| file == relative);
        if !is_html || is_of_many {
            return Some(Touch::Site);
        }
        let address = folder::address(&relative.to_string_lossy().replace('\\', "/"));
        Some(Touch::Page(addresses(&address)))
    }

    /// Whether each of the cases is touched. `site` is where the site's pages are. A case goes with
    /// its variants.
    pub fn touched(&self, cases: &[Case], site: Option<&Url>) -> Vec<bool> {
        let of = |is_touched: &dyn Fn(&Case) -> bool| -> Vec<bool> {
            cases.iter().map(is_touched).collect()
        };
        let mut touched = match self {
            Touch::All => of(&|_| true),
            Touch::Spec(spec) => of(&|case| case.spec.starts_with(spec)),
            Touch::Session(session) => of(&|case| {
                let name = case.session.as_ref();
                name.is_some_and(|name| Path::new(&name.value).starts_with(session))
            }),
            Touch::Baseline(file) => of(&|case| {
                let mut snapshots = case.snapshots.iter();
                snapshots.any(|snapshot| is_of(file, snapshot))
            }),
            Touch::Site => of(&|case| is_of_site(case, site)),
            Touch::Page(addresses) => {
                let opens = |case: &Case| {
                    let page = page(case, site);
                    page.is_some_and(|page| addresses.iter().any(|one| one == page.path()))
                };
                match cases.iter().any(opens) {
                    // Steps may lead to it.
                    true => of(&|case| opens(case) || may_go_on(case, site)),
                    // A part of others, such as what frames show.
                    false => of(&|case| is_of_site(case, site)),
                }
            }
            Touch::Input(file) => of(&|case| inputs(case).any(|one| one == file)),
        };
        with_variants(cases, &mut touched);
        touched
    }
}

/// A spec, or a folder of them.
fn may_be_spec(relative: &Path) -> bool {
    let is_yaml = match relative.extension() {
        Some(ending) => ending == "yml" || ending == "yaml",
        None => true,
    };
    let name = relative.to_string_lossy();
    is_yaml && !name.ends_with(SUFFIX) && !is_hidden(relative) && !name.is_empty()
}

fn is_hidden(relative: &Path) -> bool {
    relative.components().any(|part| match part {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}

/// The addresses at which the server has a page, of which `address` is one: `/guide/` is `/guide`
/// and `/guide/index.html`, `/about.html` is `/about`.
fn addresses(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    if let Some(folder) = address.strip_suffix('/') {
        all.extend([folder.to_owned(), format!("{address}index.html")]);
    } else if let Some(plain) = address.strip_suffix(".html") {
        all.push(plain.to_owned());
    }
    all
}

fn is_of(file: &Path, snapshot: &SnapshotRequest) -> bool {
    let has = |path: &BaselinePath| {
        [SUFFIX, MARKDOWN]
            .iter()
            .any(|suffix| path.file(suffix).starts_with(file))
    };
    has(&snapshot.baseline) || snapshot.shared.as_ref().is_some_and(has)
}

/// The address that a case opens, where that is one of the site.
fn page(case: &Case, site: Option<&Url>) -> Option<Url> {
    let site = site?;
    match &case.target {
        Target::Url(reference) => {
            let url = site.join(&reference.value).ok()?;
            (url.origin() == site.origin()).then_some(url)
        }
        Target::Html(_) => None,
    }
}

fn is_of_site(case: &Case, site: Option<&Url>) -> bool {
    page(case, site).is_some() || may_go_on(case, site)
}

/// Whether a case may come to other pages of the site than the one that it opens.
fn may_go_on(case: &Case, site: Option<&Url>) -> bool {
    site.is_some() && (!case.steps.is_empty() || case.session.is_some())
}

/// A variant is told by what it differs in from its case, and stands behind it.
fn with_variants(cases: &[Case], touched: &mut [bool]) {
    let mut at = 0;
    for group in crate::run::groups(cases) {
        let own = &mut touched[at..at + group.len()];
        let is_any = own.contains(&true);
        own.fill(is_any);
        at += group.len();
    }
}
