//! `${NAME}` in specs: values of the environment, which come into no file and no message.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Case;
use crate::error::{Located, Spanned};

/// What stands in place of a secret.
const MASK: &str = crate::compare::mask::PLACEHOLDER;

/// A value of fewer characters is hidden only where it stands as a word of its own.
const SHORT: usize = 4;

/// The variables that specs ask for, and their values wherever they turn up.
#[derive(Default, Clone)]
pub struct Secrets {
    values: BTreeMap<String, String>,
    /// All forms of the values, the longest first.
    hidden: Vec<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.keys()).finish()
    }
}

impl Secrets {
    /// Looks up every variable that the cases ask for.
    ///
    /// # Errors
    /// The places of those that are not set.
    pub fn new<'c>(
        cases: impl IntoIterator<Item = &'c Case>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Secrets, Vec<Located>> {
        let mut secrets = Secrets::default();
        let mut missing: Vec<Located> = Vec::new();
        for text in cases.into_iter().flat_map(texts) {
            for (span, name) in references(&text.value) {
                if let Some(value) = variable(name) {
                    secrets.add(name, value);
                    continue;
                }
                let found = &text.value[span];
                let title = format!("the environment has no variable `{name}`");
                let problem = Located::new(title, place_of(text, found))
                    .with_help(format!("set it, as in `{name}=... ariasnap test`"));
                if !missing.contains(&problem) {
                    missing.push(problem);
                }
            }
        }
        if missing.is_empty() {
            Ok(secrets)
        } else {
            Err(missing)
        }
    }

    fn add(&mut self, name: &str, value: String) {
        let normal = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let percent = encoded.replace('+', "%20");
        // <https://html.spec.whatwg.org/multipage/parsing.html#escapingString>
        let text = value.replace('&', "&amp;").replace('\u{a0}', "&nbsp;");
        let text = text.replace('<', "&lt;").replace('>', "&gt;");
        let attribute = text.replace('"', "&quot;");
        for form in [value.clone(), normal, encoded, percent, text, attribute] {
            if !form.trim().is_empty() && !self.hidden.contains(&form) {
                self.hidden.push(form);
            }
        }
        self.hidden
            .sort_by(|one, two| two.len().cmp(&one.len()).then_with(|| one.cmp(two)));
        self.values.insert(name.to_owned(), value);
    }

    /// The text with every `${NAME}` replaced by its value.
    pub fn expand(&self, text: &str) -> String {
        let mut expanded = String::with_capacity(text.len());
        let mut at = 0;
        for (span, name) in references(text) {
            expanded.push_str(&text[at..span.start]);
            expanded.push_str(self.values.get(name).map_or("", String::as_str));
            at = span.end;
        }
        expanded.push_str(&text[at..]);
        expanded
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }

    /// The text with every secret replaced by `[masked]`.
    pub fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in &self.hidden {
            if masked.contains(secret.as_str()) {
                masked = replace(&masked, secret);
            }
        }
        masked
    }
}

fn replace(text: &str, secret: &str) -> String {
    let is_short = secret.chars().count() < SHORT;
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for (start, found) in text.match_indices(secret) {
        let end = start + found.len();
        let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_inside =
            touches(text[..start].chars().next_back()) || touches(text[end..].chars().next());
        if start < at || (is_short && is_inside) {
            continue;
        }
        masked.push_str(&text[at..start]);
        masked.push_str(MASK);
        at = end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// Where a part of a value stands in its file; the whole value where YAML wrote it otherwise.
fn place_of(text: &Spanned<String>, part: &str) -> crate::error::Place {
    let mut place = text.place.clone();
    let source = place.file.text.get(place.span.clone()).unwrap_or_default();
    if let Some(at) = source.find(part) {
        let start = place.span.start + at;
        place.span = start..start + part.len();
    }
    place
}

/// Returns whether a text asks for a variable.
pub(crate) fn has_reference(text: &str) -> bool {
    !references(text).is_empty()
}

/// Every `${NAME}` with the name in it.
pub(super) fn references(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|start| at + start) {
        at = start + 2;
        let Some(length) = text[at..].find('}') else {
            break;
        };
        let name = &text[at..at + length];
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            found.push((start..at + length + 1, name));
        }
    }
    found
}

pub(super) fn texts(case: &Case) -> Vec<&Spanned<String>> {
    let emulation = &case.emulation;
    let pairs = [
        &emulation.headers,
        &emulation.cookies,
        &emulation.local_storage,
    ];
    let mut texts: Vec<&Spanned<String>> = pairs.into_iter().flatten().map(|(_, v)| v).collect();
    if let Some(auth) = &emulation.basic_auth {
        texts.extend([&auth.user, &auth.password]);
    }
    texts.extend(case.steps.iter().flat_map(|step| step.action.texts()));
    texts
}

#[cfg(test)]
mod tests {
    use super::{Secrets, references};

    fn with(values: &[(&str, &str)]) -> Secrets {
        let mut secrets = Secrets::default();
        for (name, value) in values {
            secrets.add(name, (*value).to_owned());
        }
        secrets
    }

    #[test]
    fn only_names_are_references() {
        let names: Vec<&str> = references("${A}-${b_1} ${} ${1} ${a b} $A ${C")
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        assert_eq!(names, ["A", "b_1"]);
    }

    #[test]
    fn values_come_in_and_do_not_come_out() {
        let secrets = with(&[("T", "s3cr3t/ä b"), ("PIN", "42")]);
        assert_eq!(secrets.expand("Bearer ${T}!"), "Bearer s3cr3t/ä b!");
        assert_eq!(secrets.mask("is s3cr3t/ä b."), "is [masked].");
        assert_eq!(secrets.mask("/?t=s3cr3t%2F%C3%A4+b"), "/?t=[masked]");
        assert_eq!(secrets.mask("/?t=s3cr3t%2F%C3%A4%20b"), "/?t=[masked]");
        assert_eq!(secrets.mask("42 of 142"), "[masked] of 142");
        let marked = with(&[("T", "a<b>&\"c")]);
        let markup = "<p>a&lt;b&gt;&amp;\"c</p><a title=\"a&lt;b&gt;&amp;&quot;c\">";
        assert_eq!(marked.mask(markup), "<p>[masked]</p><a title=\"[masked]\">");
        assert_eq!(format!("{secrets:?}"), r#"["PIN", "T"]"#);
    }
}
