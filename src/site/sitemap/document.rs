//! Reads one file of a sitemap.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

/// The addresses of a file, as written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Document {
    /// Of pages.
    Pages(Vec<String>),
    /// Of other files.
    Index(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pages,
    Index,
}

/// Reads a file: XML, or text with an address a line.
/// <https://www.sitemaps.org/protocol.html#otherformats>
///
/// # Errors
/// Why it is not a sitemap.
pub(super) fn read(bytes: &[u8]) -> Result<Document, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        format!(
            "it is not UTF-8: byte {} is not part of a character",
            error.valid_up_to()
        )
    })?;
    let text = text.trim_start();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        return Ok(Document::Pages(lines.map(str::to_owned).collect()));
    }
    if !text.starts_with('<') {
        return Err("it is neither XML nor a list of addresses".to_owned());
    }
    Xml {
        reader: Reader::from_str(text),
        kind: None,
        path: Vec::new(),
        location: String::new(),
        locations: Vec::new(),
    }
    .read()
}

struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    kind: Option<Kind>,
    /// The names of the elements that are open, without prefixes.
    path: Vec<String>,
    location: String,
    locations: Vec<String>,
}

impl Xml<'_> {
    fn read(mut self) -> Result<Document, String> {
        loop {
            let event = self.reader.read_event().map_err(|error| {
                let at = self.reader.error_position();
                format!("it is not XML: {error} (byte {at})")
            })?;
            match event {
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    self.open(name)?;
                }
                Event::Empty(start) if self.path.is_empty() => {
                    let name = start.local_name().as_ref().to_owned();
                    self.open(name)?;
                    self.path.clear();
                }
                Event::End(_) => self.close(),
                Event::Text(text) if self.is_location() => {
                    self.location.push_str(&text.xml10_content());
                }
                Event::CData(text) if self.is_location() => {
                    self.location.push_str(&text.xml10_content());
                }
                Event::GeneralRef(reference) if self.is_location() => {
                    self.location.push_str(&resolved(&reference));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if !self.path.is_empty() {
            return Err("it is cut off".to_owned());
        }
        match self.kind {
            Some(Kind::Pages) => Ok(Document::Pages(self.locations)),
            Some(Kind::Index) => Ok(Document::Index(self.locations)),
            None => Err("it has no element".to_owned()),
        }
    }

    fn open(&mut self, name: String) -> Result<(), String> {
        if self.path.is_empty() && self.kind.is_none() {
            self.kind = match name.as_str() {
                "urlset" => Some(Kind::Pages),
                "sitemapindex" => Some(Kind::Index),
                _ => {
                    return Err(format!(
                        "its root is <{name}>, neither <urlset> nor <sitemapindex>"
                    ));
                }
            };
        }
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self) {
        if self.is_location() {
            let location = std::mem::take(&mut self.location);
            let location = location.trim();
            if !location.is_empty() {
                self.locations.push(location.to_owned());
            }
        }
        self.path.pop();
    }

    /// Images and videos of a page have locations as well.
    fn is_location(&self) -> bool {
        let [_, entry, location] = self.path.as_slice() else {
            return false;
        };
        location == "loc" && (entry == "url" || entry == "sitemap")
    }
}

/// Returns the text of a reference such as `&amp;`; an unknown one stays as it is written.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name = reference.xml10_content();
    match resolve_predefined_entity(&name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Document, read};

    fn pages(text: &str) -> Result<Vec<String>, String> {
        match read(text.as_bytes())? {
            Document::Pages(pages) => Ok(pages),
            Document::Index(files) => Err(format!("{files:?}")),
        }
    }

    #[test]
    fn addresses_in_every_form() {
        let xml = "\u{feff}<?xml version='1.0'?><s:urlset xmlns:s='x' xmlns:image='y'><!-- c -->\
            <s:url><s:loc>\n http://h/a?b=1&amp;c=&#50; </s:loc><image:image><image:loc>http://h/i.png\
            </image:loc></image:image></s:url><s:url><s:loc><![CDATA[http://h/b?c&d]]></s:loc></s:url>\
            <s:url><s:loc/></s:url></s:urlset>";
        let expected = ["http://h/a?b=1&c=2", "http://h/b?c&d"].map(str::to_owned);
        assert_eq!(pages(xml), Ok(expected.to_vec()));
        let expected = ["http://h/a", "http://h/b"].map(str::to_owned);
        assert_eq!(
            pages("http://h/a\r\n\r\nhttp://h/b\n"),
            Ok(expected.to_vec())
        );
        assert_eq!(pages("<urlset/>"), Ok(Vec::new()));
        let index = read(b"<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>");
        assert_eq!(index, Ok(Document::Index(vec!["/a.xml".to_owned()])));
    }

    #[test]
    fn what_is_not_a_sitemap_says_why() {
        for (text, reason) in [
            ("", "it is empty"),
            ("{}", "neither XML nor a list"),
            ("<rss></rss>", "its root is <rss>"),
            ("<urlset><url><loc>http://h/", "cut off"),
            ("<urlset><url></loc></url></urlset>", "not XML"),
            ("<?xml version='1.0'?>", "no element"),
        ] {
            let error = pages(text).err().unwrap_or_default();
            assert!(error.contains(reason), "{text}: {error}");
        }
        assert!(read(b"<urlset>\xff</urlset>").is_err());
    }
}
