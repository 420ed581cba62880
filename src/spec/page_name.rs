//! Names the pages of a collection after their addresses: the folders of their baselines.
//!
//! The name of a page is its path, without `index.html` and `.html`, decoded: `/guide/`,
//! `/guide.html` and `/guide/index.html` are all `guide`; the start page is `index`. A query or
//! fragment follows after `~`: `/search?q=a` is `search~q=a`. Pages of other hosts begin with the
//! host. Where a name cannot be a file name on every system, or differs from another by capital
//! letters alone, the first eight digits of the address's SHA-256 follow after a second `~`.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use url::{Origin, Url};

use super::pages::percent_decoded;
use crate::baseline::{SUFFIX, check_name};

/// Components may be longer, but paths have limits too.
const LONGEST: usize = 120;

/// Returns the names of pages, in their order, each made of one or more components of a path. `own` is the
/// site's origin.
pub(super) fn names(pages: &[Url], own: Option<&Origin>) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = pages.iter().map(|page| name(page, own)).collect();
    let mut spellings: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, name) in names.iter().enumerate() {
        let folded = name.join("/").to_lowercase();
        spellings.entry(folded).or_default().push(at);
    }
    for (folded, group) in spellings {
        let differs = |at: &usize| names[*at] != names[group[0]];
        if !group.iter().any(differs) {
            continue;
        }
        for at in group {
            if names[at].join("/") != folded {
                mark(&mut names[at], &pages[at]);
            }
        }
    }
    names
}

fn name(page: &Url, own: Option<&Origin>) -> Vec<String> {
    let mut parts = Vec::new();
    if own.is_some_and(|own| *own != page.origin()) {
        let port = page.port().map(|port| format!("-{port}"));
        let host = page.host_str().unwrap_or_default();
        parts.push(format!("{host}{}", port.unwrap_or_default()));
    }
    let host = parts.len();
    let segments = page.path_segments().into_iter().flatten();
    parts.extend(segments.filter(|part| !part.is_empty()).map(decoded));
    if !page.path().ends_with('/')
        && let Some(last) = parts.get(host..).and_then(<[String]>::last)
        && let Some(stem) = last.strip_suffix(".html").or(last.strip_suffix(".htm"))
    {
        let stem = stem.to_owned();
        parts.pop();
        if stem != "index" {
            parts.push(stem);
        }
    }
    if parts.len() == host {
        parts.push("index".to_owned());
    }
    if let (Some(last), behind) = (parts.last_mut(), &page[url::Position::AfterPath..])
        && !behind.is_empty()
    {
        *last = format!("{last}~{}", decoded(&behind[1..]));
    }
    let mut is_changed = false;
    for part in &mut parts {
        let safe = safe(part);
        is_changed |= safe != *part;
        *part = safe;
    }
    if is_changed {
        mark(&mut parts, page);
    }
    parts
}

/// Decodes a part of an address, unless that makes it something other than text.
fn decoded(text: &str) -> String {
    let read = percent_decoded(text);
    match read.contains(char::REPLACEMENT_CHARACTER) {
        true => text.to_owned(),
        false => read,
    }
}

fn safe(part: &str) -> String {
    let mut safe: String = part
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    if safe.len() > LONGEST {
        let mut end = LONGEST;
        while !safe.is_char_boundary(end) {
            end -= 1;
        }
        safe.truncate(end);
    }
    // The name of a baseline's file, or one of the others beside it.
    if safe.contains(SUFFIX) {
        safe = safe.replace(SUFFIX, "-aria-yml");
    }
    if check_name(&safe).is_err() {
        // Dots at either end, the names of devices.
        safe = format!("_{}_", safe.trim_matches(['.', ' ']));
    }
    safe
}

fn fits(c: char) -> bool {
    c == ' ' || check_name(&format!("a{c}a")).is_ok()
}

fn mark(parts: &mut [String], page: &Url) {
    let address = &page[url::Position::BeforePath..];
    let digest = Sha256::digest(address.as_bytes());
    if let Some(last) = parts.last_mut() {
        last.push('~');
        for byte in digest.iter().take(4) {
            last.push_str(&format!("{byte:02x}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::baseline::check_name;
    use url::{ParseError, Url};

    fn of(references: &[&str]) -> Result<Vec<String>, ParseError> {
        let site = Url::parse("http://site:1/")?;
        let pages: Result<Vec<Url>, _> = references.iter().map(|one| site.join(one)).collect();
        let names = names(&pages?, Some(&site.origin()));
        for part in names.iter().flatten() {
            assert_eq!(check_name(part), Ok(()), "{part}");
        }
        Ok(names.iter().map(|name| name.join("/")).collect())
    }

    #[test]
    fn names_follow_from_addresses() -> Result<(), ParseError> {
        for (reference, name) in [
            ("/", "index"),
            ("/index.html", "index"),
            ("/guide/", "guide"),
            ("/guide", "guide"),
            ("/guide.html", "guide"),
            ("/guide.htm", "guide"),
            ("/guide/index.html", "guide"),
            ("/guide//install/", "guide/install"),
            ("/v1.2/", "v1.2"),
            ("/a.html/", "a.html"),
            ("/caf%C3%A9/a%20b+c", "café/a b+c"),
            ("/search?q=a", "search~q=a"),
            ("/?page=2", "index~page=2"),
            ("/#start", "index~start"),
            ("https://other.example/a", "other.example/a"),
            ("https://other.example:8443/", "other.example-8443/index"),
        ] {
            assert_eq!(of(&[reference])?, [name], "{reference}");
        }
        Ok(())
    }

    #[test]
    fn names_that_files_cannot_have_are_marked() -> Result<(), ParseError> {
        for (reference, start) in [
            ("/a:b", "a-b~"),
            ("/search?q=a/b", "search~q=a-b~"),
            ("/search?to=http://x?", "search~to=http---x-~"),
            ("/con", "_con_~"),
            ("/.well-known/x", "_well-known_/x~"),
            ("/a%2Fb", "a-b~"),
            ("/%FF", "%FF~"),
            ("/x/page.aria.yml", "x/page-aria-yml~"),
            (
                &format!("/{}", "é".repeat(100)),
                &format!("{}~", "é".repeat(60)),
            ),
        ] {
            let name = of(&[reference])?.remove(0);
            if reference == "/%FF" {
                assert_eq!(name, "%FF");
                continue;
            }
            let rest = name.strip_prefix(start).map(str::len);
            assert_eq!(rest, Some(8), "{reference}: {name}");
        }
        Ok(())
    }

    #[test]
    fn names_that_differ_in_capital_letters_are_marked() -> Result<(), ParseError> {
        let one = of(&["/api/List", "/api/list", "/other"])?;
        let two = of(&["/other", "/api/list", "/api/List"])?;
        assert_eq!(one[1], "api/list");
        assert!(one[0].starts_with("api/List~"), "{one:?}");
        assert_eq!([&one[0], &one[1], &one[2]], [&two[2], &two[1], &two[0]]);
        assert_eq!(of(&["/A", "/a/"])?[0].len(), 10);
        assert_eq!(of(&["/A"])?, ["A"]);
        Ok(())
    }
}
