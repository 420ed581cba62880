//! Finds the pages of a folder of HTML.

use std::io::Read as _;
use std::path::Path;

use walkdir::WalkDir;

/// Returns the addresses of a folder's pages as [`super::Server`] serves them, `/guide/` for
/// `guide/index.html`, in the order of their paths with the start page first. Left out: hidden
/// files, `404.html`, parts of pages, and pages that redirect to others.
///
/// # Errors
/// A folder or file cannot be read. The message names it.
pub fn pages(folder: &Path) -> Result<Vec<String>, std::io::Error> {
    let mut pages = Vec::new();
    let entries = WalkDir::new(folder).into_iter().filter_entry(|entry| {
        let name = entry.file_name().as_encoded_bytes();
        entry.depth() == 0 || !(name.starts_with(b".") || name == b"node_modules")
    });
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let is_html = path.extension().is_some_and(|ending| {
            ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")
        });
        if !is_html || !entry.file_type().is_file() || entry.file_name() == "404.html" {
            continue;
        }
        if let Ok(relative) = path.strip_prefix(folder)
            && let Some(relative) = relative.to_str()
            && is_page(path)?
        {
            pages.push(address(&relative.replace('\\', "/")));
        }
    }
    pages.sort();
    Ok(pages)
}

/// Returns the address of a file by its path from the folder.
pub(crate) fn address(relative: &str) -> String {
    let address = match relative.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => relative,
    };
    let mut url = url::Url::from_file_path("/").ok();
    match &mut url {
        // Spaces, `?` and `#` of file names.
        Some(url) => {
            url.set_path(&address.replace('%', "%25"));
            url.path().to_owned()
        }
        None => format!("/{address}"),
    }
}

fn is_page(file: &Path) -> Result<bool, std::io::Error> {
    const ENOUGH: u64 = 4096;
    let mut start = Vec::new();
    fs_err::File::open(file)?
        .take(ENOUGH)
        .read_to_end(&mut start)?;
    let start = String::from_utf8_lossy(&start).to_ascii_lowercase();
    let is_whole = ["<!doctype", "<html", "<title"]
        .iter()
        .any(|mark| start.contains(mark));
    let redirects = [
        "http-equiv=\"refresh\"",
        "http-equiv=refresh",
        "http-equiv='refresh'",
    ]
    .iter()
    .any(|mark| start.contains(mark));
    Ok(is_whole && !redirects)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn files_that_are_pages() -> Result<(), std::io::Error> {
        let folder = tempfile::tempdir()?;
        for (name, text) in [
            ("index.html", "<!DOCTYPE html><p>x"),
            ("a b/index.html", "<title>x</title>"),
            ("a b/c#1.htm", "<html>"),
            ("xindex.html", "<html>"),
            ("404.html", "<html>"),
            ("part.html", "<li>x</li>"),
            (
                "old.html",
                "<html><meta http-equiv=\"Refresh\" content=\"0;/\">",
            ),
            (".hidden/x.html", "<html>"),
            ("x.txt", "<html>"),
        ] {
            let file = folder.path().join(name);
            fs_err::create_dir_all(file.parent().unwrap_or(folder.path()))?;
            fs_err::write(file, text)?;
        }
        assert_eq!(
            pages(folder.path())?,
            ["/", "/a%20b/", "/a%20b/c%231.htm", "/xindex.html"]
        );
        Ok(())
    }
}
