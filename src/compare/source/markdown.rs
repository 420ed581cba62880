//! The parts of a Markdown text that a reader of the page must meet.
//!
//! <https://spec.commonmark.org/0.31.2/>, with the tables, task lists and alerts of GitHub. Code
//! blocks, cells of tables, comments, footnotes and the fences of admonitions (`:::note`) are no
//! parts; links and images in cells are.

mod front_matter;
mod html;

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::fold::{fold, one_line};
use super::{PartKind, SourceError};

/// A part of the source.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    /// As a reader reads it, in one line.
    pub(super) text: String,
    /// First and last line, from 1.
    pub(super) lines: (usize, usize),
    /// The part that contains it: the paragraph of a link.
    pub(super) owner: Option<usize>,
    /// The list that it is an item of.
    pub(super) list: Option<usize>,
}

/// The parts in their order.
pub(super) fn parts(text: &str) -> Result<Vec<Part>, SourceError> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_GFM;
    let mut reader = Reader::new(text);
    for (event, span) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, span);
    }
    let mut parts = reader.parts;
    let Some((matter, at)) = reader.front_matter else {
        return Ok(parts);
    };
    let first_line = reader.lines.of(at);
    let title = front_matter::title(&matter, first_line)?;
    let has_own = parts
        .iter()
        .any(|part| part.kind == PartKind::Heading { level: 1 });
    if let Some((title, line)) = title
        && !has_own
    {
        for part in &mut parts {
            part.owner = part.owner.map(|owner| owner + 1);
        }
        let title = Part {
            kind: PartKind::Title,
            text: one_line(&title),
            lines: (line, line),
            owner: None,
            list: None,
        };
        parts.insert(0, title);
    }
    Ok(parts)
}

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn new(text: &str) -> Lines {
        let newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines(std::iter::once(0).chain(newlines).collect())
    }

    /// The line of a byte, from 1.
    fn of(&self, at: usize) -> usize {
        self.0.partition_point(|start| *start <= at)
    }

    fn of_span(&self, span: &Range<usize>) -> (usize, usize) {
        let last = span.end.saturating_sub(1).max(span.start);
        (self.of(span.start), self.of(last))
    }
}

/// A block whose text is being read.
struct Block {
    kind: BlockKind,
    text: String,
    span: Option<Range<usize>>,
    inlines: Vec<(usize, Part)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockKind {
    Paragraph,
    Item {
        list: usize,
    },
    Heading(u32),
    TableHeader,
    /// Its text is no part.
    Cell,
}

/// A link or an image that is being read.
struct Inline {
    /// `None` for an image.
    target: Option<String>,
    text: String,
    span: Range<usize>,
}

/// An item of a list that is being read.
struct Item {
    list: usize,
    /// Whether its first paragraph is behind.
    has_begun: bool,
}

struct Reader {
    lines: Lines,
    parts: Vec<Part>,
    front_matter: Option<(String, usize)>,
    is_matter: bool,
    /// Code blocks and footnotes that are open.
    silent: usize,
    in_head: bool,
    items: Vec<Item>,
    open_lists: Vec<usize>,
    lists: usize,
    block: Option<Block>,
    inlines: Vec<Inline>,
    html: Option<(String, Range<usize>)>,
}

impl Reader {
    fn new(text: &str) -> Reader {
        Reader {
            lines: Lines::new(text),
            parts: Vec::new(),
            front_matter: None,
            is_matter: false,
            silent: 0,
            in_head: false,
            items: Vec::new(),
            open_lists: Vec::new(),
            lists: 0,
            block: None,
            inlines: Vec::new(),
            html: None,
        }
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.is_matter => {
                let (matter, _) = self
                    .front_matter
                    .get_or_insert_with(|| (String::new(), span.start));
                matter.push_str(&text);
            }
            Event::Text(text) | Event::Code(text) => self.text(&text, &span),
            Event::SoftBreak | Event::HardBreak => self.text("\n", &span),
            Event::Html(html) => match &mut self.html {
                Some((block, place)) => {
                    block.push_str(&html);
                    place.end = span.end;
                }
                None => self.html = Some((html.into_string(), span)),
            },
            Event::InlineHtml(html) => self.inline_html(&html, &span),
            Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::Rule
            | Event::InlineMath(_)
            | Event::DisplayMath(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, span: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                let kind = self.paragraph();
                self.open(kind);
            }
            Tag::Heading { level, .. } => {
                self.close();
                self.open(BlockKind::Heading(number(level)));
            }
            Tag::List(_) => {
                self.close();
                self.open_lists.push(self.lists);
                self.lists += 1;
            }
            Tag::Item => self.items.push(Item {
                list: self.open_lists.last().copied().unwrap_or_default(),
                has_begun: false,
            }),
            Tag::TableHead => self.in_head = true,
            Tag::TableCell => self.open(if self.in_head {
                BlockKind::TableHeader
            } else {
                BlockKind::Cell
            }),
            Tag::CodeBlock(_) | Tag::FootnoteDefinition(_) => {
                self.close();
                self.silent += 1;
            }
            Tag::MetadataBlock(_) => self.is_matter = true,
            Tag::Link { dest_url, .. } => self.inlines.push(Inline {
                target: Some(dest_url.into_string()),
                text: String::new(),
                span,
            }),
            Tag::Image { .. } => self.inlines.push(Inline {
                target: None,
                text: String::new(),
                span,
            }),
            Tag::BlockQuote(_) | Tag::Table(_) | Tag::HtmlBlock => self.close(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::TableCell => self.close(),
            TagEnd::Item => {
                self.close();
                self.items.pop();
            }
            TagEnd::List(_) => {
                self.open_lists.pop();
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::CodeBlock | TagEnd::FootnoteDefinition => {
                self.close();
                self.silent = self.silent.saturating_sub(1);
            }
            TagEnd::MetadataBlock(_) => self.is_matter = false,
            TagEnd::Link | TagEnd::Image => self.end_inline(),
            TagEnd::HtmlBlock => {
                if let Some((html, span)) = self.html.take()
                    && self.silent == 0
                {
                    let lines = self.lines.of_span(&span);
                    self.parts.extend(html::parts(&html, lines));
                }
            }
            _ => {}
        }
    }

    /// The kind of a paragraph that begins here.
    fn paragraph(&mut self) -> BlockKind {
        match self.items.last_mut() {
            Some(item) if !item.has_begun => {
                item.has_begun = true;
                BlockKind::Item { list: item.list }
            }
            _ => BlockKind::Paragraph,
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.block = Some(Block {
            kind,
            text: String::new(),
            span: None,
            inlines: Vec::new(),
        });
    }

    /// The block that text belongs to; items of tight lists have no paragraph of their own.
    fn block(&mut self, span: &Range<usize>) -> &mut Block {
        if self.block.is_none() {
            let kind = self.paragraph();
            self.open(kind);
        }
        let block = self.block.get_or_insert_with(|| Block {
            kind: BlockKind::Paragraph,
            text: String::new(),
            span: None,
            inlines: Vec::new(),
        });
        let whole = block.span.get_or_insert_with(|| span.clone());
        whole.end = whole.end.max(span.end);
        block
    }

    fn text(&mut self, text: &str, span: &Range<usize>) {
        if self.silent > 0 {
            return;
        }
        let mut in_image = false;
        for inline in self.inlines.iter_mut().rev() {
            in_image |= inline.target.is_none();
            inline.text.push_str(text);
        }
        let block = self.block(span);
        if !in_image {
            block.text.push_str(text);
        }
    }

    fn inline_html(&mut self, html: &str, span: &Range<usize>) {
        if self.silent > 0 {
            return;
        }
        if html.to_ascii_lowercase().starts_with("<br") {
            self.text("\n", span);
        }
        let lines = self.lines.of_span(span);
        for part in html::images(html, lines) {
            self.block(span).inlines.push((span.start, part));
        }
    }

    fn end_inline(&mut self) {
        let Some(inline) = self.inlines.pop() else {
            return;
        };
        let text = one_line(&inline.text);
        // An image without alternative is not for readers.
        if self.silent > 0 || text.is_empty() {
            return;
        }
        let part = Part {
            kind: match inline.target {
                Some(target) => PartKind::Link {
                    target: absolute(&target),
                },
                None => PartKind::Image,
            },
            text,
            lines: self.lines.of_span(&inline.span),
            owner: None,
            list: None,
        };
        let start = inline.span.start;
        self.block(&inline.span).inlines.push((start, part));
    }

    /// The block is read.
    fn close(&mut self) {
        let Some(mut block) = self.block.take() else {
            return;
        };
        let (kind, list) = match block.kind {
            BlockKind::Paragraph => (Some(PartKind::Paragraph), None),
            BlockKind::Item { list } => (Some(PartKind::ListItem), Some(list)),
            BlockKind::Heading(level) => (Some(PartKind::Heading { level }), None),
            BlockKind::TableHeader => (Some(PartKind::TableHeader), None),
            BlockKind::Cell => (None, None),
        };
        let text = one_line(&without_fences(&block.text));
        let mut owner = None;
        if let (Some(kind), Some(span)) = (kind, &block.span)
            && !fold(&text).is_empty()
        {
            owner = Some(self.parts.len());
            self.parts.push(Part {
                kind,
                text,
                lines: self.lines.of_span(span),
                owner: None,
                list,
            });
        }
        block.inlines.sort_by_key(|(start, _)| *start);
        let inlines = block.inlines.into_iter();
        self.parts
            .extend(inlines.map(|(_, part)| Part { owner, ..part }));
    }
}

/// <https://docusaurus.io/docs/markdown-features/admonitions>
fn without_fences(text: &str) -> String {
    if !text.contains(":::") {
        return text.to_owned();
    }
    let lines = text.lines();
    let lines = lines.filter(|line| !line.trim_start().starts_with(":::"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A target that a processor of Markdown has no reason to change.
fn absolute(target: &str) -> Option<String> {
    url::Url::parse(target).ok().map(String::from)
}

fn number(level: HeadingLevel) -> u32 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
