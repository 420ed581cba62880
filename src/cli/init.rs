//! `ariasnap init`

use std::path::Path;

use crate::init::{self, Source};
use crate::report::style::{BOLD, paint};
use crate::site::certificates::Trust;
use url::Url;

use super::args::InitOptions;
use super::context::Context;
use super::exit::{Exit, Failure, chain};
use super::signals::{self, Polling};
use super::{browser, output};

/// The output folders of common site generators.
const USUAL_FOLDERS: &[&str] = &[
    "build",
    "dist",
    "_site",
    "public",
    "out",
    "site",
    "book",
    "docs/_build/html",
    "_build/html",
    "target/site",
];

pub(super) fn run(options: &InitOptions, context: &Context) -> Result<Exit, Failure> {
    let config = match &context.config {
        Some(file) => context.folder.join(file),
        None => context.folder.join("ariasnap.yml"),
    };
    let project = config.parent().unwrap_or(&context.folder);
    let spec = project.join("specs/pages.yml");
    let source = match &options.target {
        Some(target) => {
            let certificates = options.certificates.as_deref();
            source(target, certificates, project, context)?
        }
        None if options.certificates.is_some() => {
            return Err(Failure::usage("--certificates needs the URL of a site"));
        }
        None => usual_folder(project, context)?,
    };
    let _polling = Polling::begin();
    let runtime = browser::runtime()?;
    let plan = runtime.block_on(async {
        tokio::select! {
            plan = init::plan(&source) => Some(plan),
            () = signals::stopped() => None,
        }
    });
    runtime.shutdown_background();
    let Some(plan) = plan else {
        return Ok(Exit::Interrupted);
    };
    let plan = plan.map_err(failure)?;
    init::write(&plan, &config, &spec).map_err(failure)?;
    for note in &plan.notes {
        output::note(format!("note: {note}"));
    }
    let pages = if plan.pages == 1 { "page" } else { "pages" };
    output::result(&terminal!(
        "wrote {}\nwrote {}: {} {} from the {}\n\nNext: {}\n",
        context.shown(&config),
        context.shown(&spec),
        plan.pages,
        pages,
        plan.how,
        paint(BOLD, "ariasnap test"),
    ));
    Ok(Exit::AllMatch)
}

fn failure(error: init::InitError) -> Failure {
    match &error {
        init::InitError::Fetch(_) | init::InitError::Pages(_) => Failure::page(chain(&error)),
        init::InitError::NoPages(_) | init::InitError::Folder(_) | init::InitError::Exists(_) => {
            Failure::usage(error)
        }
    }
}

fn source(
    target: &str,
    certificates: Option<&str>,
    project: &Path,
    context: &Context,
) -> Result<Source, Failure> {
    let path = context.folder.join(target);
    if path.is_dir() && certificates.is_some() {
        return Err(Failure::usage(format!(
            "--certificates needs the URL of a site, but {target} is a folder"
        )));
    }
    if path.is_dir() {
        return Ok(folder(&path, project));
    }
    if path.exists() {
        return Err(Failure::usage(format!(
            "{target} is a file; name the folder that it is in, or a URL"
        )));
    }
    let url = super::page::address(target, context).map_err(|_| {
        Failure::usage(format!(
            "{target} is neither a folder nor a URL such as https://example.com/"
        ))
    })?;
    match Url::parse(&url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            of_url(url, certificates, project, context)
        }
        Ok(url) => Err(Failure::usage(format!(
            "{target} has the scheme `{}`; expected `https` or `http`",
            url.scheme()
        ))),
        Err(error) => Err(Failure::usage(format!("{target} is not a URL: {error}"))),
    }
}

fn of_url(
    url: Url,
    certificates: Option<&str>,
    project: &Path,
    context: &Context,
) -> Result<Source, Failure> {
    let trust = match certificates {
        Some(value) => super::page::given_trust(value, context)?,
        None => Trust::Public,
    };
    // Paths in a configuration start at its folder.
    let written = |value: &str| match value == "accept" || project == context.folder {
        true => value.to_owned(),
        false => context.folder.join(value).to_string_lossy().into_owned(),
    };
    Ok(Source::Url {
        url,
        trust,
        certificates: certificates.map(written),
    })
}

fn folder(path: &Path, project: &Path) -> Source {
    // Separators of configurations are those of all systems.
    let shown = path.strip_prefix(project).unwrap_or(path);
    let shown = shown.to_string_lossy().replace('\\', "/");
    Source::Folder {
        path: path.to_owned(),
        shown: if shown.is_empty() {
            ".".to_owned()
        } else {
            shown
        },
    }
}

fn usual_folder(project: &Path, context: &Context) -> Result<Source, Failure> {
    let found = USUAL_FOLDERS
        .iter()
        .map(|name| context.folder.join(name))
        .find(|folder| folder.join("index.html").is_file());
    match found {
        Some(path) => Ok(folder(&path, project)),
        None => Err(Failure::usage(format!(
            "name the site, as in `ariasnap init https://example.com/`, or the folder with its HTML \
             (none of these exists: {})",
            USUAL_FOLDERS.join(", ")
        ))),
    }
}
