//! HTML inside Markdown.

use scraper::{ElementRef, Html, Selector};

use super::super::PartKind;
use super::super::fold::one_line;
use super::Part;

/// The parts of a block of HTML; all have the lines of the block.
pub(super) fn parts(html: &str, lines: (usize, usize)) -> Vec<Part> {
    const PARTS: &str = "h1, h2, h3, h4, h5, h6, p, li, th, summary, figcaption, a[href], img[alt]";
    select(html, PARTS, lines)
}

/// The images of a tag inside a line of text.
pub(super) fn images(html: &str, lines: (usize, usize)) -> Vec<Part> {
    if !html.starts_with("<img") {
        return Vec::new();
    }
    select(html, "img[alt]", lines)
}

fn select(html: &str, selector: &str, lines: (usize, usize)) -> Vec<Part> {
    let Ok(selector) = Selector::parse(selector) else {
        return Vec::new();
    };
    let fragment = Html::parse_fragment(html);
    let part = |element| {
        let (kind, text) = read(element)?;
        let text = one_line(&text);
        (!text.is_empty()).then_some(Part {
            kind,
            text,
            lines,
            owner: None,
            list: None,
        })
    };
    fragment.select(&selector).filter_map(part).collect()
}

fn read(element: ElementRef<'_>) -> Option<(PartKind, String)> {
    let text = || element.text().collect::<String>();
    Some(match element.value().name() {
        "img" => (PartKind::Image, element.attr("alt")?.to_owned()),
        "a" => {
            let target = element.attr("href").and_then(super::absolute);
            (PartKind::Link { target }, text())
        }
        "li" => (PartKind::ListItem, text()),
        "th" => (PartKind::TableHeader, text()),
        name => match name.strip_prefix('h').and_then(|level| level.parse().ok()) {
            Some(level) => (PartKind::Heading { level }, text()),
            None => (PartKind::Paragraph, text()),
        },
    })
}
