//! Which requests are answered at all.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Desk;

/// The header that decisions have to bring beside the token in the address: a form or a link of
/// another page cannot send it.
const TOKEN: &str = "x-ariasnap-token";

pub(super) async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let refusal = refusal(
        request.method(),
        request.uri().path(),
        request.headers(),
        desk.address,
        &desk.token,
    );
    let mut response = match refusal {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    protect(response.headers_mut());
    response
}

/// Why a request is refused; `None` where it is not.
fn refusal(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    address: SocketAddr,
    token: &str,
) -> Option<(StatusCode, &'static str)> {
    let forbidden = |why| Some((StatusCode::FORBIDDEN, why));
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // Under another name, the owner of that name could read the page.
    let hosts = [address.to_string(), format!("localhost:{}", address.port())];
    let mut named = headers.get_all(header::HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| hosts.iter().any(|own| own == host)) else {
        return forbidden("the review does not answer to this host name\n");
    };
    if named.next().is_some() {
        return forbidden("one Host only\n");
    }
    if text(header::ORIGIN).is_some_and(|origin| origin != format!("http://{host}")) {
        return forbidden("requests from other pages are refused\n");
    }
    let site = text(HeaderName::from_static("sec-fetch-site"));
    // A file leads to this address alone, which does nothing but lead on.
    let is_door = *method == Method::GET && path.split('/').nth(2) == Some("enter");
    if !is_door && site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return forbidden("requests from other pages are refused\n");
    }
    let brought = path.split('/').nth(1).unwrap_or_default();
    if !is_same(brought, token) {
        return forbidden(
            "the token in the address is missing or wrong; open the address that `ariasnap review --web` printed\n",
        );
    }
    match *method {
        Method::GET => None,
        Method::POST => {
            let header = text(HeaderName::from_static(TOKEN)).unwrap_or_default();
            match is_same(header, token) {
                true => None,
                false => forbidden("the token is missing or wrong\n"),
            }
        }
        _ => Some((StatusCode::METHOD_NOT_ALLOWED, "GET and POST only\n")),
    }
}

/// Takes as long wherever the difference is.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one
            .bytes()
            .zip(other.bytes())
            .fold(0, |differences, (one, other)| differences | (one ^ other))
            == 0
}

fn protect(headers: &mut HeaderMap) {
    let all = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; \
             script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in all {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

    use super::refusal;

    const TOKEN: &str = "0123456789abcdef";

    fn status(method: &Method, path: &str, headers: &[(&'static str, &str)]) -> Option<StatusCode> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(value).unwrap_or_else(|error| panic!("{error}"));
            map.append(HeaderName::from_static(name), value);
        }
        let address = SocketAddr::from(([127, 0, 0, 1], 4000));
        refusal(method, path, &map, address, TOKEN).map(|(status, _)| status)
    }

    #[test]
    fn the_door_opens_from_a_file_with_the_token_alone() {
        let sent = [OWN, ("sec-fetch-site", "cross-site")];
        assert_eq!(status(&Method::GET, "/0123456789abcdef/enter", &sent), None);
        assert_eq!(
            status(&Method::GET, "/0123456789abcdeX/enter", &sent),
            REFUSED
        );
        assert_eq!(
            status(&Method::POST, "/0123456789abcdef/enter", &sent),
            REFUSED
        );
    }

    const OWN: (&str, &str) = ("host", "127.0.0.1:4000");
    const PAGE: &str = "/0123456789abcdef/";
    const REFUSED: Option<StatusCode> = Some(StatusCode::FORBIDDEN);

    #[test]
    fn the_printed_address_is_answered() {
        assert_eq!(status(&Method::GET, PAGE, &[OWN]), None);
        assert_eq!(
            status(&Method::GET, PAGE, &[("host", "localhost:4000")]),
            None
        );
        let sent = [
            OWN,
            ("origin", "http://127.0.0.1:4000"),
            ("sec-fetch-site", "same-origin"),
            ("x-ariasnap-token", TOKEN),
        ];
        assert_eq!(
            status(&Method::POST, "/0123456789abcdef/decide", &sent),
            None
        );
    }

    #[test]
    fn other_hosts_are_refused() {
        for host in [
            "evil.test:4000",
            "127.0.0.1",
            "127.0.0.1:4001",
            "localhost",
            "",
        ] {
            assert_eq!(
                status(&Method::GET, PAGE, &[("host", host)]),
                REFUSED,
                "{host}"
            );
        }
        assert_eq!(status(&Method::GET, PAGE, &[]), REFUSED);
        assert_eq!(
            status(&Method::GET, PAGE, &[OWN, ("host", "evil.test")]),
            REFUSED
        );
    }

    #[test]
    fn other_origins_are_refused() {
        for origin in [
            "http://evil.test",
            "null",
            "https://127.0.0.1:4000",
            "http://localhost:4000",
        ] {
            assert_eq!(
                status(&Method::GET, PAGE, &[OWN, ("origin", origin)]),
                REFUSED,
                "{origin}"
            );
        }
        for site in ["cross-site", "same-site"] {
            assert_eq!(
                status(&Method::GET, PAGE, &[OWN, ("sec-fetch-site", site)]),
                REFUSED
            );
        }
    }

    #[test]
    fn missing_and_wrong_tokens_are_refused() {
        for path in [
            "/",
            "/state",
            "/0123456789abcdeX/",
            "/0123456789abcdef0/",
            "//",
            "/../0123456789abcdef/",
        ] {
            assert_eq!(status(&Method::GET, path, &[OWN]), REFUSED, "{path}");
        }
        assert_eq!(status(&Method::POST, PAGE, &[OWN]), REFUSED);
        assert_eq!(
            status(&Method::POST, PAGE, &[OWN, ("x-ariasnap-token", "x")]),
            REFUSED
        );
    }

    #[test]
    fn other_methods_are_refused() {
        for method in [
            Method::PUT,
            Method::DELETE,
            Method::OPTIONS,
            Method::HEAD,
            Method::PATCH,
            Method::TRACE,
        ] {
            let answer = status(&method, PAGE, &[OWN, ("x-ariasnap-token", TOKEN)]);
            assert_eq!(answer, Some(StatusCode::METHOD_NOT_ALLOWED), "{method}");
        }
    }
}
