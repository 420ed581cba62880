//! The headers of a page's requests, and which requests are allowed.
//!
//! Headers may hold secrets, so they go only to named origins: every request pauses until it is checked,
//! redirects and sub-resources too.
//! <https://chromedevtools.github.io/devtools-protocol/tot/Fetch/>

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// Where nothing listens: port 0 cannot be taken.
const NO_PROXY: &str = "http://127.0.0.1:0";

/// Headers of a page's requests, and where they may go.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// Sent with every request to `origins`.
    pub headers: BTreeMap<String, String>,
    /// The site's own and those that the spec names, such as `https://example.com`.
    pub origins: Vec<String>,
    /// Whether requests to other origins fail.
    pub is_confined: bool,
}

impl std::fmt::Debug for Requests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Requests")
            .field("origins", &self.origins)
            .field("is_confined", &self.is_confined)
            .finish_non_exhaustive()
    }
}

/// A request that waits for [`Requests::answer`].
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paused {
    request_id: String,
    request: Request,
}

#[derive(Deserialize)]
struct Request {
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

impl Requests {
    /// Returns the parameters of the browser context of a page. What is confined has a proxy that does not
    /// exist for every server but its own: it stops what `Fetch` does not see, such as
    /// WebSockets, shared workers, other windows and speculative loading.
    pub(in crate::browser) fn context(&self) -> Value {
        let mut context = json!({"disposeOnDetach": true});
        if self.is_confined {
            let own = self.origins.iter().filter_map(|origin| {
                let url = Url::parse(origin).ok()?;
                Some(format!(
                    ";{}:{}",
                    url.host_str()?,
                    url.port_or_known_default()?
                ))
            });
            // Servers of this machine would go without a proxy otherwise.
            let bypass = format!("<-loopback>{}", own.collect::<String>());
            context["proxyServer"] = NO_PROXY.into();
            context["proxyBypassList"] = bypass.into();
        }
        context
    }

    /// Returns the parameters of `Fetch.enable`; `None` where no request has to pause.
    pub(super) fn to_pause(&self, has_auth: bool) -> Option<Value> {
        let has_headers = !self.headers.is_empty() && !self.origins.is_empty();
        if !has_headers && !has_auth && !self.is_confined {
            return None;
        }
        // Only the answer shows which server asks for a password.
        if has_auth || self.is_confined {
            return Some(json!({"handleAuthRequests": has_auth}));
        }
        let patterns = self.origins.iter();
        let patterns = patterns.map(|origin| json!({"urlPattern": format!("{origin}/*")}));
        Some(json!({"patterns": patterns.collect::<Vec<_>>()}))
    }

    /// Returns the call that continues a request, or fails it.
    pub(super) fn answer(&self, paused: Paused) -> (&'static str, Value) {
        let Paused {
            request_id,
            request,
        } = paused;
        let is_own = self.is_own(&request.url);
        if self.is_confined && !is_own && !is_local(&request.url) {
            let params = json!({"requestId": request_id, "errorReason": "BlockedByClient"});
            return ("Fetch.failRequest", params);
        }
        if !is_own || self.headers.is_empty() {
            return ("Fetch.continueRequest", json!({"requestId": request_id}));
        }
        let is_replaced = |name: &str| {
            self.headers
                .keys()
                .any(|own| own.eq_ignore_ascii_case(name))
        };
        let kept = request
            .headers
            .iter()
            .filter(|(name, _)| !is_replaced(name));
        let headers: Vec<Value> = kept
            .chain(&self.headers)
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        let params = json!({"requestId": request_id, "headers": headers});
        ("Fetch.continueRequest", params)
    }

    /// Returns whether an address belongs to one of the origins.
    fn is_own(&self, url: &str) -> bool {
        let origin = Url::parse(url).map(|url| url.origin());
        !is_local(url)
            && origin.is_ok_and(|origin| {
                origin.is_tuple() && self.origins.contains(&origin.ascii_serialization())
            })
    }
}

/// Returns whether an address needs no server: its content is in the page itself.
fn is_local(url: &str) -> bool {
    ["data:", "blob:", "about:"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

#[cfg(test)]
mod tests {
    use super::{Paused, Requests};
    use serde_json::json;

    fn answer(requests: &Requests, url: &str) -> String {
        let paused: Paused = serde_json::from_value(json!({
            "requestId": "1", "request": {"url": url, "headers": {"x-token": "page", "Accept": "*/*"}},
        }))
        .unwrap_or_else(|error| panic!("{error}"));
        let (method, params) = requests.answer(paused);
        format!("{method} {params}")
    }

    #[test]
    fn headers_go_only_to_named_origins() {
        let mut requests = Requests {
            headers: [("X-Token".to_owned(), "s3cret".to_owned())].into(),
            origins: vec!["http://a.test:8080".to_owned()],
            is_confined: false,
        };
        let own = answer(&requests, "http://a.test:8080/x?y");
        assert!(own.contains("s3cret") && own.contains("*/*"), "{own}");
        assert!(!own.contains("\"page\""), "{own}");
        for foreign in [
            "http://a.test/",
            "https://a.test:8080/",
            "http://a.test:8080@evil.test/",
            "http://a.test:8080.evil.test/",
            "http://evil.test/?http://a.test:8080/",
            "data:text/plain,x",
            "blob:http://a.test:8080/1",
        ] {
            let call = answer(&requests, foreign);
            assert_eq!(
                call, r#"Fetch.continueRequest {"requestId":"1"}"#,
                "{foreign}"
            );
        }
        requests.is_confined = true;
        assert!(answer(&requests, "http://evil.test/").starts_with("Fetch.failRequest"));
        assert!(answer(&requests, "file:///etc/passwd").starts_with("Fetch.failRequest"));
        assert!(answer(&requests, "data:text/plain,x").starts_with("Fetch.continueRequest"));
        assert!(answer(&requests, "http://a.test:8080/").contains("s3cret"));
    }

    #[test]
    fn no_request_pauses_without_need() {
        let mut requests = Requests::default();
        assert_eq!(requests.to_pause(false), None);
        requests.origins.push("http://a.test".to_owned());
        assert_eq!(requests.to_pause(false), None);
        requests.headers.insert("A".to_owned(), "b".to_owned());
        let paused = json!({"patterns": [{"urlPattern": "http://a.test/*"}]});
        assert_eq!(requests.to_pause(false), Some(paused));
    }
}
