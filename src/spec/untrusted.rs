//! `--untrusted`: specs and configuration that may not run programs, read files of this machine, use its
//! secrets, or reach other servers.

use std::path::{Component, Path};

use url::Url;
use walkdir::WalkDir;

use super::steps::Action;
use super::variables::{has_reference, texts};
use super::{Case, Certificates, Collection, Config, PageSource, SiteConfig};

/// The folder of a project where runs leave what the next one reads.
const HISTORY: &str = ".ariasnap";

/// Returns everything that an untrusted project may not do, with what to do instead.
pub fn refused<'a>(
    config: &Config,
    cases: impl IntoIterator<Item = &'a Case>,
    collections: impl IntoIterator<Item = &'a Collection>,
) -> Vec<String> {
    let mut refused = of_config(config);
    for case in cases {
        of_case(case, config, &mut refused);
    }
    refused.extend(collections.into_iter().filter_map(of_collection));
    refused.dedup();
    refused
}

fn of_config(config: &Config) -> Vec<String> {
    let mut refused = Vec::new();
    match &config.site {
        Some(SiteConfig::Command(_)) => refused.push(
            "`site.command` runs a command; build the site in a job without rights, and serve the \
             folder with `site: {dir: ..}`"
                .to_owned(),
        ),
        Some(SiteConfig::Url(url)) => refused.push(format!(
            "`site.url` leads to {url}; serve the built folder with `site: {{dir: ..}}`"
        )),
        Some(SiteConfig::Dir { dir, .. }) if inside("site.dir", dir, config, &mut refused) => {
            links_out(dir, config, &mut refused);
        }
        Some(SiteConfig::Dir { .. }) | None => {}
    }
    if let Some(Certificates::File(file)) = &config.certificates {
        let key = format!("{}: `certificates`", file.place);
        inside(&key, &file.value, config, &mut refused);
    }
    if config.browser.path.is_some() {
        refused.push(
            "`browser.path` names a program to run; set ARIASNAP_BROWSER where ariasnap is started"
                .to_owned(),
        );
    }
    if !config.browser.endpoints.is_empty() {
        refused.push("`browser.endpoint` leads to a browser elsewhere; leave it out".to_owned());
    }
    for (key, folder) in [
        ("specs", &config.specs),
        ("sessions", &config.sessions),
        ("snapshots", &config.snapshots),
        (HISTORY, &config.root.join(HISTORY)),
    ] {
        let is_inside = inside(key, folder, config, &mut refused);
        if is_inside && matches!(key, "specs" | "sessions") {
            links_out(folder, config, &mut refused);
        }
    }
    refused
}

/// Returns why the pages of a collection may not be looked for: no browser asks for them, so nothing but this
/// keeps the request from another server.
fn of_collection(collection: &Collection) -> Option<String> {
    let (key, url) = match &collection.source {
        PageSource::Sitemap { url, .. } => ("sitemap", url),
        PageSource::Crawl { start, .. } => ("crawl", start),
    };
    let site = Url::parse("http://site.invalid/").ok()?;
    let leads_to = site.join(&url.value).map(|url| url.origin());
    let is_own = leads_to.is_ok_and(|origin| origin == site.origin());
    (!is_own).then(|| {
        format!(
            "{}: `{key}` leads to {}; write a path of the site",
            url.place, url.value
        )
    })
}

fn of_case(case: &Case, config: &Config, refused: &mut Vec<String>) {
    if let Some(script) = &case.emulation.init_script {
        refused.push(format!(
            "{}: `init-script` runs a script; leave it out",
            script.place
        ));
    }
    if let Some(origin) = case.emulation.trusted_origins.first() {
        refused.push(format!(
            "{}: `trusted-origins` leads to other servers; leave it out",
            origin.place
        ));
    }
    if let Some(source) = &case.source {
        let key = format!("{}: `source`", source.place);
        inside(&key, &source.value, config, refused);
    }
    for step in &case.steps {
        match &step.action {
            Action::Evaluate(script) => {
                refused.push(format!(
                    "{}: `evaluate` runs a script; leave it out",
                    script.place
                ));
            }
            Action::Upload(_, files) => {
                for file in files {
                    let key = format!("{}: `upload`", file.place);
                    inside(&key, &file.value, config, refused);
                }
            }
            Action::Point(..)
            | Action::Focus(_)
            | Action::Fill(..)
            | Action::Press(..)
            | Action::Check(..)
            | Action::Select(..)
            | Action::ScrollTo(_)
            | Action::WaitFor(_)
            | Action::Goto(_)
            | Action::Snapshot(_) => {}
        }
    }
    let mut texts = texts(case).into_iter();
    if let Some((key, secret)) = texts.find(|(_, text)| has_reference(&text.value)) {
        refused.push(format!(
            "{}: `{key}` reads a variable of the environment; write the value itself",
            secret.place
        ));
    }
}

/// Returns whether a path is below the folder of the configuration, and notes one that is not.
fn inside(key: &str, path: &Path, config: &Config, refused: &mut Vec<String>) -> bool {
    let is_inside = is_inside(&config.root, path);
    if !is_inside {
        refused.push(format!(
            "{key} leads out of the project: {}; name something inside it",
            path.display()
        ));
    }
    is_inside
}

/// Notes links in a folder that lead out of the project.
fn links_out(folder: &Path, config: &Config, refused: &mut Vec<String>) {
    let entries = WalkDir::new(folder).into_iter().flatten();
    for entry in entries.filter(walkdir::DirEntry::path_is_symlink) {
        if !is_inside(&config.root, entry.path()) {
            refused.push(format!(
                "{} is a link out of the project; replace it by what it leads to",
                entry.path().display()
            ));
        }
    }
}

fn is_inside(root: &Path, path: &Path) -> bool {
    let Ok(root) = std::fs::canonicalize(match root.as_os_str().is_empty() {
        true => Path::new("."),
        false => root,
    }) else {
        return false;
    };
    if let Ok(path) = std::fs::canonicalize(path) {
        return path.starts_with(&root);
    }
    // A file that does not exist yet must be inside; a link that leads nowhere may lead anywhere.
    let is_plain = !path.components().any(|part| part == Component::ParentDir);
    let mut known = path.ancestors().skip(1);
    is_plain
        && path.symlink_metadata().is_err()
        && known
            .find_map(|folder| std::fs::canonicalize(folder).ok())
            .is_some_and(|folder| folder.starts_with(&root))
}
