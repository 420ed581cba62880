//! Validates evidence. It may come from another machine, and it names files to read and addresses to open.

use std::path::{Component, Path};

use super::{Evidence, Record, Screenshot};

/// Of names, in bytes.
const LONGEST_TEXT: usize = 16 << 10;
/// Of HTML, in bytes.
const LONGEST_MARKUP: usize = 256 << 10;
/// Of addresses, in bytes. Browsers allow two million characters.
const LONGEST_ADDRESS: usize = 2 << 20;
/// In CSS pixels.
const LARGEST: u32 = 1_000_000;
/// More nodes than a snapshot can have changes.
const MOST_NODES: usize = 1_000_000;

/// The beginning of a JPEG file: <https://www.w3.org/Graphics/JPEG/itu-t81.pdf> B.1.1.3.
const JPEG: [u8; 3] = [0xff, 0xd8, 0xff];

impl Record {
    /// Returns the first problem of the record.
    pub(super) fn problem(&self) -> Option<String> {
        if self.changes.len() > MOST_NODES || self.rejected.len() > MOST_NODES {
            return Some("it has more changes than a page can have".to_owned());
        }
        if !self.changes.is_empty() && self.evidence.nodes.len() > self.changes.len() {
            return Some("it has more nodes than changes".to_owned());
        }
        self.evidence.problem()
    }
}

impl Evidence {
    /// Returns the first problem of the evidence.
    pub fn problem(&self) -> Option<String> {
        let texts = [("case", &self.case), ("browser", &self.browser)];
        if let Some((key, _)) = texts.iter().find(|(_, text)| text.len() > LONGEST_TEXT) {
            return Some(format!("`{key}` is longer than {LONGEST_TEXT} bytes"));
        }
        if !is_web_address(&self.url) {
            return Some(format!(
                "`url` is `{}`; only http and https addresses are allowed",
                shortened(&self.url)
            ));
        }
        if self.viewport.0 > LARGEST || self.viewport.1 > LARGEST {
            return Some(format!("`viewport` is larger than {LARGEST} pixels"));
        }
        if self.nodes.len() > MOST_NODES {
            return Some("`nodes` has more entries than a page can have".to_owned());
        }
        let mut nodes = self.nodes.iter().flatten();
        if nodes.any(|node| node.selector.len().max(node.html.len()) > LONGEST_MARKUP) {
            return Some(format!("a node is longer than {LONGEST_MARKUP} bytes"));
        }
        self.screenshot.as_ref().and_then(Screenshot::problem)
    }
}

impl Screenshot {
    fn problem(&self) -> Option<String> {
        if !is_plain_name(&self.file) {
            return Some(format!(
                "`screenshot` names `{}`; a picture is a plain file name such as `page.jpg`",
                shortened(&self.file.to_string_lossy())
            ));
        }
        let sizes = [self.top, self.width, self.height, self.page_height];
        (sizes.iter().max() > Some(&LARGEST))
            .then(|| format!("`screenshot` is larger than {LARGEST} pixels"))
    }
}

/// Whether an address may be opened: http, https, or empty.
pub fn is_web_address(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let is_web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    // Parsing would remove control characters and surrounding spaces.
    text.len() <= LONGEST_ADDRESS
        && !text.contains(|c: char| c.is_control())
        && text.trim() == text
        && url::Url::parse(text).is_ok_and(is_web)
}

/// Whether a path is the plain name of a picture.
fn is_plain_name(path: &Path) -> bool {
    let mut parts = path.components();
    let (Some(Component::Normal(name)), None) = (parts.next(), parts.next()) else {
        return false;
    };
    let is_plain = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        name.len() <= 64
            && name.chars().all(plain)
            && !name.starts_with('.')
            && (name.ends_with(".jpg") || name.ends_with(".jpeg"))
    };
    // `page.jpg/` has the same components.
    name.to_str().is_some_and(is_plain) && name == path.as_os_str()
}

/// Whether the bytes begin like a JPEG file.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&JPEG)
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 100;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_plain_name, is_web_address};
    use std::path::Path;

    #[test]
    fn a_picture_is_a_name_in_its_own_folder() {
        for name in ["page.jpg", "failure.jpeg", "a-b_1.jpg"] {
            assert!(is_plain_name(Path::new(name)), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "/",
            "../../../etc/passwd",
            "/etc/passwd",
            "a/page.jpg",
            "./page.jpg",
            "page.jpg/",
            "page.jpg/.",
            ".jpg",
            "page.png",
            "evidence.json",
            "pa\nge.jpg",
            "a\\page.jpg",
            "C:page.jpg",
            "pag\u{202e}e.jpg",
            "\u{0}.jpg",
        ] {
            assert!(!is_plain_name(Path::new(name)), "{name:?}");
        }
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        for url in ["", "http://127.0.0.1:3000/", "https://example.com/a?b#c"] {
            assert!(is_web_address(url), "{url}");
        }
        for url in [
            "file:///etc/passwd",
            "/etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "ms-msdt:/id",
            " https://example.com",
            "https://exa\nmple.com",
            "about:blank",
            "C:\\Windows",
            "vbscript:x",
            "--help",
            "https:",
            "\u{1b}]0;x\u{7}https://a",
        ] {
            assert!(!is_web_address(url), "{url:?}");
        }
    }
}
