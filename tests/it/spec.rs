//! Configuration and specs: every archive of `tests/spec/` holds a project and what comes of it, the
//! errors as users see them in `expected.txt` or the cases in `expected.json`.

use std::fs;
use std::path::Path;

use ariasnap::internals::source::{Colour, SourceText, Spanned, render_all};
use ariasnap::internals::spec::{
    Case, Collection, Config, Dialogs, Emulation, LoadError, PageSource, SiteConfig, Target,
    Variables, load_cases, load_config, parse_spec,
};
use libtest_mimic::Trial;
use proptest::prelude::{ProptestConfig, any, proptest};
use serde_json::{Value, json};

use crate::archive::{self, Archive};
use crate::harness::case;

pub(crate) fn tests() -> Vec<Trial> {
    let mut list = tests![
        the_configuration_is_that_of_the_nearest_folder,
        a_baseline_behind_a_link_out_of_the_folder_is_an_error,
        no_text_makes_the_reader_panic,
        no_text_of_yaml_makes_the_reader_panic,
    ];
    for archive in Archive::all(&archive::tests("spec")) {
        let name = archive.name().to_owned();
        list.push(case(module_path!(), &name, move || check(&archive)));
    }
    list
}

fn check(archive: &Archive) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    archive.unpack(folder.path());
    let (name, actual) = match load(folder.path()) {
        Ok(value) => (
            "expected.json",
            serde_json::to_string_pretty(&value).unwrap() + "\n",
        ),
        Err(LoadError::Invalid(errors)) => ("expected.txt", render_all(&errors, Colour::Plain)),
        Err(other) => ("expected.txt", other.to_string()),
    };
    archive.expect(name, actual)
}

fn load(folder: &Path) -> Result<Value, LoadError> {
    let own = folder.join("ariasnap.yml");
    let config = if own.exists() {
        load_config(folder, Some(&own), &variables())?
    } else {
        Config::without_file(folder).with_variables(variables())
    };
    let specs = ariasnap::internals::spec::load(&config, folder)?;
    let cases: Vec<_> = specs.cases().map(|case| case_value(case, folder)).collect();
    let collections: Vec<_> = specs.collections().map(collection_value).collect();
    let mut value = json!({"config": config_value(&config, folder), "cases": cases});
    if !collections.is_empty() {
        value["collections"] = collections.into();
    }
    Ok(value)
}

fn variables() -> Variables {
    let values = [
        ("BASE", "https://staging.example"),
        ("SIZE", "390x844"),
        ("PW", "s3cret"),
    ];
    let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
    values.into_iter().collect()
}

fn spanned<T: std::fmt::Display>(text: &Spanned<T>) -> String {
    format!("{} ({})", text.value, text.place)
}

fn collection_value(collection: &Collection) -> Value {
    let source = match &collection.source {
        PageSource::Sitemap { url, base } => {
            json!({"sitemap": url.value, "base": base.as_ref().map(url::Url::as_str)})
        }
        PageSource::Crawl { start, depth } => json!({"crawl": start.value, "depth": depth}),
    };
    let addresses = ["/", "/docs/a", "/docs/old/a", "/blog/b"];
    let wanted = addresses.iter().filter(|one| collection.globs.matches(one));
    let snapshots = collection.pattern.snapshots.iter();
    json!({
        "title": collection.title(),
        "source": source,
        "limit": collection.limit,
        "wanted": wanted.collect::<Vec<_>>(),
        "spec": collection.pattern.spec,
        "name": collection.pattern.name,
        "snapshots": snapshots.map(|one| &one.name.value).collect::<Vec<_>>(),
    })
}

fn config_value(config: &Config, folder: &Path) -> Value {
    let shown = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
    let site = config.site.as_ref().map(|site| match site {
        SiteConfig::Dir { dir, fallback, .. } => json!({"dir": shown(dir), "fallback": fallback}),
        SiteConfig::Url(url) => json!({"url": url.as_str()}),
        SiteConfig::Command(command) => json!({
            "command": command.command,
            "url": command.url.as_str(),
            "timeout": format!("{:?}", command.timeout.0),
            "reuse": command.reuse,
        }),
    });
    let endpoints: Vec<_> = config
        .browser
        .endpoints
        .iter()
        .map(url::Url::as_str)
        .collect();
    json!({
        "site": site,
        "specs": shown(&config.specs),
        "snapshots": shown(&config.snapshots),
        "jobs": format!("{:?}", config.jobs),
        "fail-on": format!("{:?}", config.fail_on),
        "browser": {
            "path": config.browser.path.as_deref().map(shown),
            "install": config.browser.install,
            "endpoint": endpoints,
        },
    })
}

fn case_value(case: &Case, folder: &Path) -> Value {
    assert!(
        case.place.file.path.starts_with("specs"),
        "{}",
        folder.display()
    );
    let (key, page) = match &case.target {
        Target::Url(url) => ("url", url),
        Target::Html(html) => ("html", html),
    };
    let snapshots: Vec<_> = case
        .snapshots
        .iter()
        .map(|snapshot| {
            let locator = snapshot.locator.as_ref().map(spanned);
            json!({"name": spanned(&snapshot.name), "locator": locator, "baseline": snapshot.baseline})
        })
        .collect();
    let mut value = json!({
        "spec": case.spec,
        "name": case.name,
        "at": case.place.to_string(),
        key: spanned(page),
        "snapshots": snapshots,
        "viewport": format!("{}x{}", case.emulation.viewport.width, case.emulation.viewport.height),
        "timeout": format!("{:?}", case.timeout.0),
        "shape": case.shape,
        "match": case.matching,
        "root": case.root.as_ref().map(spanned),
    });
    let steps = case
        .steps
        .iter()
        .map(|step| format!("{} ({})", step.action, step.place));
    let steps: Vec<String> = steps.collect();
    // What is not written is not told, so that the expectations of other keys stay short.
    let more = [
        ("page", json!(case.page)),
        ("variant", json!(case.variant)),
        ("session", json!(case.session.as_ref().map(spanned))),
        ("steps", json!(steps)),
        ("tags", json!(case.tags)),
        ("emulation", changed(&case.emulation, &as_plain(case))),
        ("dialogs", changed(&case.dialogs, &Dialogs::default())),
        ("rules", json!(sources(&format!("{:?}", case.rules)))),
    ];
    for (key, told) in more {
        if !(told.is_null() || told == json!([])) {
            value[key] = told;
        }
    }
    value
}

/// The size of the window is told apart.
fn as_plain(case: &Case) -> Emulation {
    Emulation {
        viewport: case.emulation.viewport,
        ..Emulation::default()
    }
}

/// The locators in what debugging shows.
fn sources(text: &str) -> Vec<&str> {
    let behind = text.split("source: \"").skip(1);
    behind
        .filter_map(|rest| rest.split("\" }").next())
        .collect()
}

/// A value that is not the default, as debugging shows it, without the texts of files.
fn changed<T: PartialEq + std::fmt::Debug>(value: &T, default: &T) -> Value {
    if value == default {
        return Value::Null;
    }
    let text = format!("{value:#?}");
    let mut lines = Vec::new();
    let mut hidden = None;
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        match hidden {
            Some(outer) if depth > outer => continue,
            Some(_) => hidden = None,
            None if line.trim() == "place: Place {" => {
                hidden = Some(depth);
                continue;
            }
            None => {
                lines.push(line.trim().to_owned());
                continue;
            }
        }
    }
    json!(lines.join(" "))
}

fn the_configuration_is_that_of_the_nearest_folder() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("project/docs/deep");
    fs::create_dir_all(&inner).unwrap();
    fs::write(
        outer.path().join("project/ariasnap.yml"),
        "specs: tests/pages\n",
    )
    .unwrap();
    let config = load_config(&inner, None, &variables()).unwrap();
    assert_eq!(config.specs, outer.path().join("project/tests/pages"));
    let nowhere = load_cases(&config, &inner).unwrap_err();
    assert!(matches!(nowhere, LoadError::NoSpecs(folder) if folder == config.specs));
    let missing = load_config(&inner, Some(Path::new("other.yml")), &variables()).unwrap_err();
    let LoadError::Read { source, .. } = missing else {
        unreachable!("{missing:?}");
    };
    assert!(source.to_string().contains("other.yml"), "{source}");
}

fn a_baseline_behind_a_link_out_of_the_folder_is_an_error() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for made in ["specs/in", "specs/out", "snapshots/real", "elsewhere"] {
        fs::create_dir_all(root.join(made)).unwrap();
    }
    for spec in ["specs/in/a.yml", "specs/out/a.yml"] {
        fs::write(root.join(spec), "html: <h1>x</h1>\n").unwrap();
    }
    symlink("real", root.join("snapshots/in")).unwrap();
    symlink("../elsewhere", root.join("snapshots/out")).unwrap();
    let errors = load_cases(&Config::without_file(root), root).unwrap_err();
    let LoadError::Invalid(errors) = errors else {
        unreachable!("{errors:?}");
    };
    let snapshots = root.join("snapshots");
    assert_eq!(
        render_all(&errors, Colour::Plain),
        format!(
            "\
error: the baseline leaves the snapshots folder: {0}/out is a symbolic link that leads out of {0}
 --> specs/out/a.yml:1:1
  |
1 | html: <h1>x</h1>
  | ^^^^
  |
  = help: replace the link by a folder, or give the case another name
",
            snapshots.display()
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    fn no_text_makes_the_reader_panic(bytes in any::<Vec<u8>>()) {
        read_anything(&bytes);
    }

    fn no_text_of_yaml_makes_the_reader_panic(
        text in "([a-z]{1,3}|url|html|name|snapshots|site|defaults|viewport|---|[:\\-\\[\\]{}\"'|>#&*!~?,%@`]|é| |\n|\n  |\t){0,40}"
    ) {
        read_anything(text.as_bytes());
    }
}

fn read_anything(bytes: &[u8]) {
    let parsed = SourceText::from_bytes("x.yml", bytes).map_err(|error| vec![error]);
    let config = Config::without_file(Path::new("/"));
    let errors = match &parsed {
        Ok(file) => [
            parse_spec(file, Path::new("x.yml"), &config).err(),
            Config::parse(file, Path::new("/"), &variables()).err(),
        ],
        Err(errors) => [Some(errors.clone()), None],
    };
    for errors in errors.into_iter().flatten() {
        assert!(render_all(&errors, Colour::Plain).contains("x.yml:"));
    }
}
