//! The file of a pending snapshot: a comment line with the fingerprint of the baseline it was compared
//! with, then the snapshot.

use super::Fingerprint;
use crate::baseline::BaselinePath;
use crate::source::{Diagnostic, SourceText};

const HEADER: &str = "# ariasnap: pending, compared with ";

/// A snapshot that waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub path: BaselinePath,
    /// The baseline that it was compared with.
    pub against: Fingerprint,
    /// The text that becomes the baseline.
    pub text: String,
}

impl Pending {
    /// Returns the fingerprint of its file, which covers the text and `against`.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.to_text().as_bytes())
    }

    pub(super) fn to_text(&self) -> String {
        format!("{HEADER}{}\n{}", self.against, self.text)
    }

    pub(super) fn parse(path: BaselinePath, file: &SourceText) -> Result<Pending, Diagnostic> {
        let (first, text) = file.text.split_once('\n').unwrap_or((&file.text, ""));
        let against = first
            .trim_end()
            .strip_prefix(HEADER)
            .and_then(|against| against.parse().ok())
            .ok_or_else(|| {
                Diagnostic::new(
                    "the first line does not name the baseline that this pending snapshot was \
                     compared with",
                    file.part(0..first.len()),
                )
                .with_help("run `ariasnap test` again, or delete it with `ariasnap reject`")
            })?;
        Ok(Pending {
            path,
            against,
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Pending};
    use crate::baseline::BaselinePath;
    use crate::source::SourceText;

    fn parse(text: &str) -> Result<(Fingerprint, String), String> {
        let path =
            BaselinePath::try_from("a/page".to_owned()).map_err(|error| error.to_string())?;
        Pending::parse(path, &SourceText::new("a/page.aria.yml.new", text))
            .map(|pending| (pending.against, pending.text))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn text_and_back() -> Result<(), crate::baseline::UnsafeName> {
        for against in [Fingerprint::None, Fingerprint::of(b"- main\n")] {
            for text in ["- main\n", "", "# mine\n- main: é\n"] {
                let pending = Pending {
                    path: BaselinePath::try_from("a/page".to_owned())?,
                    against,
                    text: text.to_owned(),
                };
                assert_eq!(parse(&pending.to_text()), Ok((against, text.to_owned())));
            }
        }
        Ok(())
    }

    #[test]
    fn a_file_without_its_first_line_is_not_guessed_at() {
        for text in [
            "",
            "- main\n",
            "# ariasnap: pending, compared with \n- main\n",
        ] {
            let error = parse(text).err().unwrap_or_default();
            assert!(
                error.starts_with("a/page.aria.yml.new:1:1: the first line"),
                "{error}"
            );
        }
    }
}
