//! Secrets stay at home: the value of `${NAME}` goes to the site's own origin, and to those that the
//! case names as trusted.

use url::Url;

use super::visit::{Visit, complete};
use super::{RunError, Setting};
use crate::browser::devtools::CallError;
use crate::browser::world::Element;
use crate::source::Spanned;
use crate::spec::{Case, has_reference};

/// Returns the origins that secrets of a case may go to: that of the site, or of the case's own address
/// where there is no site, and the trusted ones.
pub(super) fn origins(case: &Case, url: &str, setting: &Setting<'_>) -> Vec<String> {
    let site = setting.site.and_then(|_| complete("/", setting.site).ok());
    let own = site.or_else(|| Url::parse(url).ok());
    let trusted = case.emulation.trusted_origins.iter();
    own.into_iter()
        .chain(trusted.filter_map(|one| Url::parse(&one.value).ok()))
        .map(|url| url.origin().ascii_serialization())
        .collect()
}

/// Makes sure that what is put on a page before it opens is not put on a foreign one.
///
/// # Errors
/// A value with a secret is for an origin that is not trusted.
pub(super) fn check(case: &Case, url: &str, setting: &Setting<'_>) -> Result<(), RunError> {
    let keys = &case.emulation;
    let auth = keys.basic_auth.iter();
    let auth = auth.flat_map(|auth| [&auth.user, &auth.password]);
    let pairs = keys.cookies.iter().chain(&keys.local_storage);
    let mut texts = pairs.map(|(_, value)| value).chain(auth);
    let Some(secret) = texts.find(|text| has_reference(&text.value)) else {
        return Ok(());
    };
    if url.is_empty() || is_trusted(url, &origins(case, url, setting)) {
        return Ok(());
    }
    Err(RunError::Secret {
        place: secret.place.to_string(),
        reason: refusal(url),
    })
}

fn is_trusted(url: &str, origins: &[String]) -> bool {
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    origin.is_ok_and(|origin| origins.contains(&origin))
}

fn refusal(url: &str) -> String {
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    let origin = origin.unwrap_or_else(|_| url.to_owned());
    format!(
        "a secret is for the site's own origin, and this page is of {origin}; if it may have it, add \
         `trusted-origins: [{origin}]`"
    )
}

impl Visit<'_> {
    /// Returns why texts may not be put into an element; `None` where they may. A frame can be of another
    /// origin than its page.
    ///
    /// # Errors
    /// The document of the element is gone.
    pub(super) async fn keeps_back(
        &self,
        texts: &[Spanned<String>],
        element: &Element,
    ) -> Result<Option<String>, CallError> {
        let Some(text) = texts.iter().find(|text| has_reference(&text.value)) else {
            return Ok(None);
        };
        Ok(self.keeps_back_from(text, &element.origin().await?))
    }

    /// Returns why a text may not go to that address; `None` where it may.
    pub(super) fn keeps_back_from(&self, text: &Spanned<String>, url: &str) -> Option<String> {
        // Markup of the spec itself has no origin.
        let is_markup = self.url.is_empty() && !url.starts_with("http");
        if is_markup || !has_reference(&text.value) {
            return None;
        }
        let origins = origins(self.case, &self.url, self.setting);
        (!is_trusted(url, &origins)).then(|| refusal(url))
    }
}
