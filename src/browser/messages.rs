//! The browser's messages and the protocol's methods in words for people who test pages.

use std::borrow::Cow;
use std::time::Duration;

/// Returns the purpose of a protocol method: "the browser refused to ...".
pub(super) fn purpose(method: &str) -> &'static str {
    match method {
        "Page.navigate" => "open the page",
        "Page.captureScreenshot" => "take a picture of the page",
        "Page.getFrameTree" | "Page.enable" => "list the page's frames",
        "Page.handleJavaScriptDialog" => "answer a dialog of the page",
        "Page.createIsolatedWorld" | "Page.addScriptToEvaluateOnNewDocument" => {
            "run ariasnap's script in the page"
        }
        "Runtime.evaluate"
        | "Runtime.callFunctionOn"
        | "Runtime.enable"
        | "Runtime.releaseObject" => "run a script in the page",
        "Target.createTarget" | "Target.createBrowserContext" => "open a tab",
        "Target.attachToTarget" | "Target.setAutoAttach" => "open a tab or frame",
        "Target.closeTarget" | "Target.disposeBrowserContext" => "close a tab",
        "Browser.getVersion" => "report its version",
        "Browser.close" => "end",
        method => match method.split('.').next() {
            Some("Input") => "click or type on the page",
            Some("DOM" | "DOMSnapshot" | "CSS") => "read the page's elements",
            Some("Accessibility") => "read its accessibility tree",
            Some("Network" | "Fetch" | "Storage") => "follow or change requests of the page",
            Some("Emulation") => "emulate what the spec asks for",
            Some("Page" | "Runtime") => "work with the page",
            Some(_) | None => "do what ariasnap asked",
        },
    }
}

/// Returns the browser's reason in words, with the network's code to look it up.
pub(super) fn in_words(reason: &str) -> Cow<'_, str> {
    let reason = reason.trim();
    let Some(code) = reason.strip_prefix("net::") else {
        return crate::text::one_line(reason);
    };
    let words = match code {
        "ERR_ABORTED" => {
            "the address starts a download, or the page went to another address before it loaded"
        }
        "ERR_CONNECTION_REFUSED" => "no server answers at that address",
        "ERR_CONNECTION_RESET" | "ERR_CONNECTION_CLOSED" | "ERR_EMPTY_RESPONSE" => {
            "the server closed the connection without an answer"
        }
        "ERR_CONNECTION_TIMED_OUT" | "ERR_TIMED_OUT" => "the server did not answer in time",
        "ERR_NAME_NOT_RESOLVED" => "no server is known under that name",
        "ERR_INTERNET_DISCONNECTED" | "ERR_ADDRESS_UNREACHABLE" | "ERR_NETWORK_CHANGED" => {
            "that address cannot be reached from this network"
        }
        "ERR_TOO_MANY_REDIRECTS" => "it redirects forever",
        "ERR_INVALID_URL" | "ERR_UNKNOWN_URL_SCHEME" | "ERR_DISALLOWED_URL_SCHEME" => {
            "browsers do not open such an address"
        }
        "ERR_UNSAFE_PORT" => "browsers refuse that port",
        "ERR_INVALID_AUTH_CREDENTIALS" => "the name or the password is wrong",
        "ERR_SSL_PROTOCOL_ERROR" | "ERR_SSL_VERSION_OR_CIPHER_MISMATCH" => {
            "the server does not support the HTTPS of browsers"
        }
        "ERR_BLOCKED_BY_CLIENT" | "ERR_BLOCKED_BY_ADMINISTRATOR" => {
            "the request is blocked, by `blocked-urls` or by --untrusted"
        }
        "ERR_FILE_NOT_FOUND" => "there is no such file",
        "ERR_INSUFFICIENT_RESOURCES" | "ERR_OUT_OF_MEMORY" => "the machine has not enough memory",
        code if code.starts_with("ERR_CERT") => {
            "its certificate is not trusted; `certificates: accept` or `certificates: ca.pem` in `site`, or \
             --certificates, trusts it"
        }
        _ => "the network failed",
    };
    format!("{words} ({})", crate::text::one_line(reason)).into()
}

/// Returns seconds, at least one, as a message shows them.
pub(super) fn whole_seconds(time: Duration) -> u64 {
    (time.as_millis() as u64).div_ceil(1_000).max(1)
}

#[cfg(test)]
mod tests {
    use super::{in_words, purpose, whole_seconds};
    use std::time::Duration;

    #[test]
    fn no_protocol_name_comes_into_a_message() {
        for method in [
            "Runtime.callFunctionOn",
            "Page.navigate",
            "Fetch.enable",
            "New.thing",
            "x",
        ] {
            assert!(!purpose(method).contains('.'), "{method}");
            assert!(!purpose(method).contains("Function"), "{method}");
        }
        assert_eq!(
            in_words("net::ERR_CONNECTION_REFUSED"),
            "no server answers at that address (net::ERR_CONNECTION_REFUSED)"
        );
        assert!(in_words("net::ERR_NEW").ends_with("(net::ERR_NEW)"));
        assert!(in_words("net::ERR_ABORTED").contains("download"));
        assert_eq!(whole_seconds(Duration::from_millis(19_999)), 20);
    }
}
