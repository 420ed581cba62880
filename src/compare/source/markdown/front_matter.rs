//! The title in the front matter.

use serde_yaml::Value;

use super::super::SourceError;

/// The title of a front matter with its line; `None` without a title, or if the front matter says not
/// to show it. `first_line` is the line after the fence.
pub(super) fn title(
    matter: &str,
    first_line: usize,
) -> Result<Option<(String, usize)>, SourceError> {
    let at = |key: &str| {
        let is_title = |line: &str| line.starts_with(key);
        first_line + matter.lines().position(is_title).unwrap_or_default()
    };
    if is_toml(matter) {
        let title = matter.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "title").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
        });
        return Ok(title.map(|title| (title, at("title"))));
    }
    let value: Value = serde_yaml::from_str(matter).map_err(|error| SourceError {
        line: first_line + error.location().map_or(0, |place| place.line() - 1),
        // The reader's own count of lines starts behind the fence.
        reason: error
            .to_string()
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned(),
    })?;
    // <https://docusaurus.io/docs/api/plugins/@docusaurus/plugin-content-docs#markdown-front-matter>
    if value.get("hide_title").and_then(Value::as_bool) == Some(true) {
        return Ok(None);
    }
    Ok(match value.get("title") {
        Some(Value::String(title)) if !title.trim().is_empty() => {
            Some((title.clone(), at("title")))
        }
        Some(Value::Number(number)) => Some((number.to_string(), at("title"))),
        _ => None,
    })
}

/// The first line that says something is `key = value`.
fn is_toml(matter: &str) -> bool {
    let mut lines = matter.lines().map(str::trim);
    let first = lines.find(|line| !(line.is_empty() || line.starts_with('#')));
    let Some((key, _)) = first.and_then(|line| line.split_once('=')) else {
        return false;
    };
    !key.contains(':')
}
