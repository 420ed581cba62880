//! `${NAME}` and `${NAME:-default}` in specs and configuration.
//!
//! Variables of headers, cookies, credentials, storage and of what steps type are secrets: they are
//! replaced where they are used, and masked in everything that is written. All others are replaced while
//! the file is read.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Case;
use crate::source::{Diagnostic, Place, Spanned};

/// What replaces a secret.
const MASK: &str = crate::compare::mask::PLACEHOLDER;

/// A value of fewer characters is hidden only where it is a word of its own.
const SHORT: usize = 4;

/// The variables of the environment.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: Arc<BTreeMap<String, String>>,
    is_forbidden: bool,
}

/// A variable that is not set and has no default.
pub(super) struct Missing<'a> {
    /// With its braces.
    pub(super) text: &'a str,
    pub(super) name: &'a str,
    pub(super) is_forbidden: bool,
}

impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.values.keys()).finish()
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(values: I) -> Variables {
        Variables {
            values: Arc::new(values.into_iter().collect()),
            is_forbidden: false,
        }
    }
}

impl Variables {
    /// Makes every use of a variable an error.
    pub fn forbidden() -> Variables {
        Variables {
            is_forbidden: true,
            ..Variables::default()
        }
    }

    /// Replaces the variables of a text.
    pub(super) fn expand<'t>(&self, text: &'t str) -> Result<String, Missing<'t>> {
        replace_references(text, |reference| {
            let missing = || Missing {
                text: &text[reference.span.clone()],
                name: reference.name,
                is_forbidden: self.is_forbidden,
            };
            if self.is_forbidden {
                return Err(missing());
            }
            let value = self.values.get(reference.name).map(String::as_str);
            value.or(reference.default).ok_or_else(missing)
        })
    }

    /// Puts the variables of `text` back into a message about it, in place of their values.
    pub(super) fn hide(&self, text: &str, message: &str) -> String {
        let mut message = message.to_owned();
        for reference in references(text) {
            if let Some(value) = self
                .values
                .get(reference.name)
                .filter(|one| !one.is_empty())
            {
                message = message.replace(value, &text[reference.span]);
            }
        }
        message
    }

    /// Returns the values of variables that a text has in the query of its address.
    pub(super) fn in_query(&self, address: &str) -> Vec<String> {
        let query = address.find('?').unwrap_or(address.len());
        let inside = references(address)
            .into_iter()
            .filter(|reference| reference.span.start > query);
        inside
            .filter_map(|reference| self.values.get(reference.name).cloned())
            .collect()
    }
}

/// Secrets of addresses. They are not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(pub(super) Vec<String>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} hidden", self.0.len())
    }
}

/// The secrets of a run, and how they may be written.
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
    /// Looks up every variable that the cases need.
    ///
    /// # Errors
    /// The places of those that are not set and have no default.
    pub fn new<'c>(
        cases: impl IntoIterator<Item = &'c Case>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Secrets, Vec<Diagnostic>> {
        let mut secrets = Secrets::default();
        let mut missing: Vec<Diagnostic> = Vec::new();
        for case in cases {
            for value in &case.hidden.0 {
                secrets.hide(value);
            }
            for (key, text) in texts(case) {
                for reference in references(&text.value) {
                    let name = reference.name;
                    if let Some(value) = variable(name) {
                        secrets.hide(&value);
                        secrets.values.insert(name.to_owned(), value);
                    } else if reference.default.is_none() {
                        let message =
                            format!("`{key}` needs the variable `{name}`, which is not set");
                        let place = place_of(text, &text.value[reference.span]);
                        let help = format!(
                            "set it, as in `{name}=... ariasnap test`, or write a default: \
                             `${{{name}:-default}}`"
                        );
                        let problem = Diagnostic::new(message, place).with_help(help);
                        if !missing.contains(&problem) {
                            missing.push(problem);
                        }
                    }
                }
            }
        }
        match missing.is_empty() {
            true => Ok(secrets),
            false => Err(missing),
        }
    }

    fn hide(&mut self, value: &str) {
        let normal = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let percent = encoded.replace('+', "%20");
        // <https://html.spec.whatwg.org/multipage/parsing.html#escapingString>
        let text = value.replace('&', "&amp;").replace('\u{a0}', "&nbsp;");
        let text = text.replace('<', "&lt;").replace('>', "&gt;");
        let attribute = text.replace('"', "&quot;");
        for form in [value.to_owned(), normal, encoded, percent, text, attribute] {
            if !form.trim().is_empty() && !self.hidden.contains(&form) {
                self.hidden.push(form);
            }
        }
        self.hidden
            .sort_by(|one, two| two.len().cmp(&one.len()).then_with(|| one.cmp(two)));
    }

    /// Returns the text with every `${NAME}` replaced by its value.
    pub fn expand(&self, text: &str) -> String {
        let value = |reference: &Reference<'_>| -> Result<_, std::convert::Infallible> {
            let value = self.values.get(reference.name).map(String::as_str);
            Ok(value.or(reference.default).unwrap_or_default().to_owned())
        };
        replace_references(text, value).unwrap_or_default()
    }

    /// Returns whether the text has no variable.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }

    /// Returns the text with every secret replaced by `[masked]`.
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

/// Returns the place of a part of a value; of the whole value where YAML writes it otherwise.
fn place_of(text: &Spanned<String>, part: &str) -> Place {
    let Place { file, span } = &text.place;
    match span.slice(&file.text).find(part) {
        Some(at) => file.part(span.start + at..span.start + at + part.len()),
        None => text.place.clone(),
    }
}

/// `${NAME}` or `${NAME:-default}` in a text.
pub(super) struct Reference<'a> {
    pub(super) span: Range<usize>,
    pub(super) name: &'a str,
    pub(super) default: Option<&'a str>,
}

/// Returns whether a text asks for a variable.
pub(crate) fn has_reference(text: &str) -> bool {
    !references(text).is_empty()
}

/// Returns the references of a text. A backslash before one, as in a regular expression, takes its
/// meaning away.
pub(super) fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("${").map(|start| at + start) {
        at = start + 2;
        let Some(length) = text[at..].find('}') else {
            break;
        };
        let inside = &text[at..at + length];
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if starts_well && is_name && !text[..start].ends_with('\\') {
            found.push(Reference {
                span: start..at + length + 1,
                name,
                default,
            });
        }
    }
    found
}

fn replace_references<'t, V: AsRef<str>, E>(
    text: &'t str,
    mut value: impl FnMut(&Reference<'t>) -> Result<V, E>,
) -> Result<String, E> {
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    for reference in references(text) {
        replaced.push_str(&text[at..reference.span.start]);
        replaced.push_str(value(&reference)?.as_ref());
        at = reference.span.end;
    }
    replaced.push_str(&text[at..]);
    Ok(replaced)
}

/// Returns the texts of a case whose variables are secrets, with their keys.
pub(super) fn texts(case: &Case) -> Vec<(&'static str, &Spanned<String>)> {
    let emulation = &case.emulation;
    let pairs = [
        ("headers", &emulation.headers),
        ("cookies", &emulation.cookies),
        ("local-storage", &emulation.local_storage),
    ];
    let pairs = pairs
        .into_iter()
        .flat_map(|(key, pairs)| pairs.iter().map(move |(_, value)| (key, value)));
    let auth = emulation.basic_auth.iter();
    let auth = auth.flat_map(|auth| [("basic-auth", &auth.user), ("basic-auth", &auth.password)]);
    let steps = case.steps.iter().flat_map(|step| {
        let texts = step.action.texts().into_iter();
        texts.map(|text| (step.action.keyword(), text))
    });
    pairs.chain(auth).chain(steps).collect()
}

#[cfg(test)]
mod tests {
    use super::{Secrets, Variables, references};

    fn with(values: &[(&str, &str)]) -> Secrets {
        let mut secrets = Secrets::default();
        for (name, value) in values {
            secrets.hide(value);
            secrets
                .values
                .insert((*name).to_owned(), (*value).to_owned());
        }
        secrets
    }

    #[test]
    fn only_names_are_references() {
        let found = references("${A}-${b_1} ${} ${1} ${a b} $A \\${E} ${D:-x y} ${C");
        let names: Vec<_> = found.iter().map(|one| (one.name, one.default)).collect();
        assert_eq!(names, [("A", None), ("b_1", None), ("D", Some("x y"))]);
    }

    #[test]
    fn values_are_replaced_and_masked() {
        let secrets = with(&[("T", "s3cr3t/ä b"), ("PIN", "42")]);
        assert_eq!(secrets.expand("Bearer ${T}!"), "Bearer s3cr3t/ä b!");
        assert_eq!(secrets.expand("${PIN:-7}${NO:-7}${NO}"), "427");
        assert_eq!(secrets.mask("is s3cr3t/ä b."), "is [masked].");
        assert_eq!(secrets.mask("/?t=s3cr3t%2F%C3%A4+b"), "/?t=[masked]");
        assert_eq!(secrets.mask("/?t=s3cr3t%2F%C3%A4%20b"), "/?t=[masked]");
        assert_eq!(secrets.mask("42 of 142"), "[masked] of 142");
        let marked = with(&[("T", "a<b>&\"c")]);
        let markup = "<p>a&lt;b&gt;&amp;\"c</p><a title=\"a&lt;b&gt;&amp;&quot;c\">";
        assert_eq!(marked.mask(markup), "<p>[masked]</p><a title=\"[masked]\">");
        assert_eq!(format!("{secrets:?}"), r#"["PIN", "T"]"#);
    }

    #[test]
    fn messages_hide_what_variables_hold() {
        let variables: Variables = [("PW".to_owned(), "s3cret".to_owned())]
            .into_iter()
            .collect();
        assert_eq!(
            variables.expand("a ${PW}").ok().as_deref(),
            Some("a s3cret")
        );
        assert!(variables.expand("${NO}").is_err());
        assert!(Variables::forbidden().expand("${PW:-x}").is_err());
        assert_eq!(
            variables.hide("a ${PW}", "`a s3cret` is wrong"),
            "`a ${PW}` is wrong"
        );
        assert_eq!(variables.in_query("/${PW}?t=${PW}"), ["s3cret"]);
        assert_eq!(format!("{variables:?}"), r#"["PW"]"#);
    }
}
