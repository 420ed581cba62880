//! What is wrong with a page that loaded: failed style sheets, scripts and requests, and exceptions that
//! no handler caught. A page with problems is compared, but never becomes a first baseline.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::browser::page::Page;
use crate::browser::settle::{FailedRequest, FailureReason, RequestKind, ScriptError};
use crate::spec::{Allowed, Secrets};

/// Something that is wrong with a page that loaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum Problem {
    /// A style sheet or script of the page's own site that failed.
    FailedResource {
        /// The HTTP method.
        method: String,
        /// The address.
        url: String,
        /// The status, or why there was no answer.
        reason: String,
    },
    /// An answer of 400 or above to a request of the page's scripts, or none.
    FailedRequest {
        /// The HTTP method.
        method: String,
        /// The address.
        url: String,
        /// The status, or why there was no answer.
        reason: String,
    },
    /// An exception that no handler caught.
    ScriptError {
        /// Its text.
        text: String,
        /// Address, line and column; empty where they are not known.
        place: String,
    },
}

impl Problem {
    /// What permits a first baseline of a page with such a problem.
    pub fn allowed_by(&self) -> Allowed {
        match self {
            Problem::FailedResource { .. } => Allowed::FailedResources,
            Problem::FailedRequest { .. } => Allowed::FailedRequests,
            Problem::ScriptError { .. } => Allowed::ScriptErrors,
        }
    }

    fn masked(self, secrets: &Secrets) -> Problem {
        let mask = |text: String| secrets.mask(&text);
        match self {
            Problem::FailedResource {
                method,
                url,
                reason,
            } => Problem::FailedResource {
                method,
                url: mask(url),
                reason,
            },
            Problem::FailedRequest {
                method,
                url,
                reason,
            } => Problem::FailedRequest {
                method,
                url: mask(url),
                reason,
            },
            Problem::ScriptError { text, place } => Problem::ScriptError {
                text: mask(text),
                place: mask(place),
            },
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::FailedResource {
                method,
                url,
                reason,
            }
            | Problem::FailedRequest {
                method,
                url,
                reason,
            } => write!(f, "{method} {url} {reason}"),
            Problem::ScriptError { text, place } if place.is_empty() => write!(f, "{text}"),
            Problem::ScriptError { text, place } => write!(f, "{text} ({place})"),
        }
    }
}

/// Returns what is wrong with a page so far.
pub(super) async fn problems(page: &Page, secrets: &Secrets) -> Vec<Problem> {
    let base = Url::parse(&page.url()).ok();
    let requests = page.failed_requests().into_iter();
    let requests = requests.filter_map(|failed| of_request(failed, base.as_ref()));
    let errors = page.script_errors().await.into_iter();
    let errors = errors.map(|error| of_error(error, base.as_ref()));
    let mut problems: Vec<Problem> = Vec::new();
    for problem in requests.chain(errors) {
        let problem = problem.masked(secrets);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems
}

fn of_request(failed: FailedRequest, base: Option<&Url>) -> Option<Problem> {
    let reason = match failed.reason {
        FailureReason::Status(status) => format!("answered {status}"),
        FailureReason::NoAnswer(reason) => format!("got no answer: {reason}"),
    };
    let url = shortened(&failed.url, base);
    let method = failed.method;
    match failed.kind {
        // A site that others bring in may fail without harm to this one.
        RequestKind::Resource if !is_of_site(&failed.url, base) => None,
        RequestKind::Resource => Some(Problem::FailedResource {
            method,
            url,
            reason,
        }),
        RequestKind::Data => Some(Problem::FailedRequest {
            method,
            url,
            reason,
        }),
        RequestKind::Picture => None,
    }
}

fn of_error(error: ScriptError, base: Option<&Url>) -> Problem {
    Problem::ScriptError {
        text: error.text,
        place: shortened(&error.place, base),
    }
}

/// Whether an address is of the page's host, or of one below or above it.
fn is_of_site(url: &str, base: Option<&Url>) -> bool {
    let host = Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let (Some(host), Some(own)) = (host, base.and_then(Url::host_str)) else {
        return true;
    };
    let is_below = |one: &str, other: &str| {
        one.strip_suffix(other)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_below(&host, own) || is_below(own, &host)
}

/// An address of the page's own origin without the origin, which may have a random port.
fn shortened(url: &str, base: Option<&Url>) -> String {
    let origin = base.map(|base| base.origin().ascii_serialization());
    let path = origin
        .as_deref()
        .and_then(|origin| url.strip_prefix(origin));
    match path {
        Some(path) if path.starts_with('/') => path.to_owned(),
        Some(_) | None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_of_site, shortened};
    use url::Url;

    #[test]
    fn hosts_of_one_site() {
        let base = Url::parse("https://www.example.com/a").ok();
        assert!(is_of_site("https://www.example.com/x.css", base.as_ref()));
        assert!(is_of_site(
            "https://static.www.example.com/x.css",
            base.as_ref()
        ));
        assert!(is_of_site("https://example.com/x.css", base.as_ref()));
        assert!(!is_of_site("https://notexample.com/x.css", base.as_ref()));
        assert!(!is_of_site("https://cdn.example.org/x.js", base.as_ref()));
    }

    #[test]
    fn addresses_of_the_own_origin_are_paths() {
        let base = Url::parse("http://127.0.0.1:4000/a/").ok();
        assert_eq!(
            shortened("http://127.0.0.1:4000/b.js:1:2", base.as_ref()),
            "/b.js:1:2"
        );
        assert_eq!(
            shortened("http://127.0.0.1:40001/b.js", base.as_ref()),
            "http://127.0.0.1:40001/b.js"
        );
    }
}
