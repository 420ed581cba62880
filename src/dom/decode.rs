//! Decodes a document from the collector's arrays.

use std::collections::HashMap;

use super::{
    Attribute, AttributeName, Display, Document, Element, ElementFlags, Facts, FactsError,
    Namespace, Node, NodeData, NodeId, Pseudo, PseudoElement, Style, Tag, TagName, TextArea,
};

impl Document {
    /// Decodes a document.
    pub fn from_facts(facts: Facts) -> Result<Document, FactsError> {
        let url = facts.url.clone();
        decode(facts).map_err(|problem| FactsError { url, problem })
    }
}

fn decode(facts: Facts) -> Result<Document, &'static str> {
    let mut document = Document {
        url: facts.url,
        has_focus: facts.has_focus,
        is_quirky: facts.is_quirky,
        active: facts.active.map(NodeId),
        tags: facts.tags.iter().map(tag_name).collect(),
        styles: facts.styles.iter().map(style).collect(),
        strings: facts.strings,
        ..Document::default()
    };
    decode_nodes(&mut document, &facts.nodes)?;

    let check = NodeCheck(document.nodes.len());
    document.input_types = check.pairs(&facts.input_types)?;
    document.values = check.pairs(&facts.values)?;
    document.select_sizes = check.pairs(&facts.select_sizes)?;
    document.contents = check.pairs(&facts.contents)?;
    document.labels = check.lists(&facts.labels)?;
    document.assigned = check.lists(&facts.assigned)?;
    document.labelled_by = check.lists(&facts.labelled_by)?;
    if let Some(active) = document.active {
        check.node(active.0)?;
    }
    for (slot, nodes) in &document.assigned {
        for node in nodes {
            document.assigned_slot.insert(*node, *slot);
        }
    }
    for rect in facts.rects.chunks_exact(5) {
        let node = u32::try_from(rect[0]).map_err(|_| "a rectangle without a node")?;
        let side = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
        document.rects.insert(
            check.node(node)?,
            [side(rect[1]), side(rect[2]), side(rect[3]), side(rect[4])],
        );
    }
    decode_pseudos(&mut document, &facts.pseudos, &check)?;
    for late in &facts.late_texts {
        let text = check.node(*late)?;
        match &mut document.nodes[text.index()].data {
            NodeData::Text { area, .. } if *area == TextArea::AtOnce => *area = TextArea::Late,
            _ => return Err("a late box of a node without one"),
        }
    }
    index_ids(&mut document);
    Ok(document)
}

fn tag_name((name, namespace): &(String, u8)) -> TagName {
    let upper = name.to_uppercase();
    TagName {
        tag: Tag::from_upper(&upper),
        namespace: match namespace {
            0 => Namespace::Html,
            1 => Namespace::Svg,
            2 => Namespace::MathMl,
            _ => Namespace::Other,
        },
        is_upper: upper == *name,
    }
}

fn style(
    (display, visibility, cursor, pointer_events): &(String, String, String, String),
) -> Style {
    Style {
        display: if display.is_empty() {
            Display::Inline
        } else {
            Display::from_css(display)
        },
        visible: visibility == "visible",
        collapsed: visibility == "collapse",
        pointer: cursor == "pointer",
        pointer_events: pointer_events != "none",
    }
}

struct Stream<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl Stream<'_> {
    fn next(&mut self) -> Option<u32> {
        let mut value: Option<u32> = None;
        for byte in self.bytes.by_ref() {
            match byte {
                b'0'..=b'9' => {
                    let digit = u32::from(byte - b'0');
                    value = Some(value.unwrap_or(0).wrapping_mul(10).wrapping_add(digit));
                }
                _ => break,
            }
        }
        value
    }

    fn expect(&mut self) -> Result<u32, &'static str> {
        self.next().ok_or("the stream of nodes ends inside a node")
    }
}

/// A node whose children follow, and its last child so far.
struct Open {
    node: NodeId,
    last_child: Option<NodeId>,
    scope: NodeId,
}

fn decode_nodes(document: &mut Document, stream: &str) -> Result<(), &'static str> {
    const TEXT: u32 = 0;
    const ELEMENT: u32 = 1;
    const SHADOW_ROOT: u32 = 2;

    let mut names = AttributeNames::default();
    let mut stream = Stream {
        bytes: stream.as_bytes().iter(),
    };
    let node = |parent, data| Node {
        parent,
        first_child: None,
        next_sibling: None,
        data,
    };
    let open_node = |node, scope| Open {
        node,
        last_child: None,
        scope,
    };
    document
        .nodes
        .push(node(NodeId::DOCUMENT, NodeData::Document));
    let mut open = vec![open_node(NodeId::DOCUMENT, NodeId::DOCUMENT)];
    while let Some(head) = stream.next() {
        let depth = open
            .len()
            .checked_sub((head / 4) as usize)
            .ok_or("a node leaves more levels than there are")?;
        open.truncate(depth);
        let parent = open.last_mut().ok_or("a node is outside the document")?;
        let (parent_id, scope) = (parent.node, parent.scope);
        let id = NodeId(u32::try_from(document.nodes.len()).map_err(|_| "too many nodes")?);
        let kind = head % 4;
        if kind == SHADOW_ROOT {
            set_shadow_root(document, parent_id, id)?;
        } else {
            match parent.last_child.replace(id) {
                Some(sibling) => document.nodes[sibling.index()].next_sibling = Some(id),
                None => document.nodes[parent_id.index()].first_child = Some(id),
            }
        }
        let text = |string, area| NodeData::Text { string, area };
        let data = match kind {
            ELEMENT => decode_element(document, &mut names, &mut stream, scope)?,
            SHADOW_ROOT => NodeData::ShadowRoot,
            TEXT => text(stream.expect()?, TextArea::None),
            _ => text(stream.expect()?, TextArea::AtOnce),
        };
        document.nodes.push(node(parent_id, data));
        match kind {
            ELEMENT => open.push(open_node(id, scope)),
            SHADOW_ROOT => open.push(open_node(id, id)),
            _ => {}
        }
    }
    Ok(())
}

fn set_shadow_root(
    document: &mut Document,
    host: NodeId,
    root: NodeId,
) -> Result<(), &'static str> {
    let NodeData::Element { element } = document.nodes[host.index()].data else {
        return Err("a shadow root without a host");
    };
    document.elements[element as usize].shadow_root = Some(root);
    Ok(())
}

fn decode_element(
    document: &mut Document,
    names: &mut AttributeNames,
    stream: &mut Stream<'_>,
    scope: NodeId,
) -> Result<NodeData, &'static str> {
    let tag = stream.expect()?;
    let flags = ElementFlags(stream.expect()?);
    let style = stream.expect()?;
    let start = document.attributes.len();
    for _ in 0..stream.expect()? {
        let name = stream.expect()?;
        let value = stream.expect()?;
        let name = names.of(document, name);
        document.attributes.push((name, value));
    }
    let position = |at: usize| u32::try_from(at).map_err(|_| "too many attributes");
    let element = Element {
        tag,
        style,
        flags,
        attributes: position(start)?..position(document.attributes.len())?,
        shadow_root: None,
        scope,
    };
    let index = position(document.elements.len())?;
    document.elements.push(element);
    Ok(NodeData::Element { element: index })
}

#[derive(Default)]
struct AttributeNames(HashMap<u32, AttributeName>);

impl AttributeNames {
    fn of(&mut self, document: &Document, string: u32) -> AttributeName {
        *self.0.entry(string).or_insert_with(|| {
            Attribute::from_name(document.string(string))
                .map_or(AttributeName::Other(string), AttributeName::Known)
        })
    }
}

fn decode_pseudos(
    document: &mut Document,
    pseudos: &[u32],
    check: &NodeCheck,
) -> Result<(), &'static str> {
    for group in pseudos.chunks_exact(5) {
        let pseudo = if group[1] == 0 {
            Pseudo::Before
        } else {
            Pseudo::After
        };
        let element = PseudoElement {
            content: document.string(group[2]).to_owned(),
            display: Display::from_css(document.string(group[3])),
            hidden: document.string(group[4]) == "hidden",
        };
        document
            .pseudos
            .insert((check.node(group[0])?, pseudo), element);
    }
    Ok(())
}

fn index_ids(document: &mut Document) {
    let mut ids = HashMap::new();
    let mut strings = HashMap::new();
    let mut quirky_ids = HashMap::new();
    for node in document.ids() {
        let Some(element) = document.element(node) else {
            continue;
        };
        let range = element.attributes.start as usize..element.attributes.end as usize;
        for (name, value) in &document.attributes[range] {
            if *name == AttributeName::Known(Attribute::Id) {
                let text = document.string(*value);
                if text.is_empty() {
                    continue;
                }
                let value = *strings.entry(text.to_owned()).or_insert(*value);
                ids.entry((element.scope, value)).or_insert(node);
                if document.is_quirky {
                    let any_case = (element.scope, text.to_ascii_lowercase());
                    quirky_ids.entry(any_case).or_insert(node);
                }
            }
        }
    }
    document.ids = ids;
    document.string_ids = strings;
    document.quirky_ids = quirky_ids;
}

/// Checks numbers of nodes: how many there are.
struct NodeCheck(usize);

impl NodeCheck {
    fn node(&self, number: u32) -> Result<NodeId, &'static str> {
        if (number as usize) < self.0 {
            Ok(NodeId(number))
        } else {
            Err("a fact names a missing node")
        }
    }

    fn pairs(&self, flat: &[u32]) -> Result<HashMap<NodeId, u32>, &'static str> {
        flat.chunks_exact(2)
            .map(|pair| Ok((self.node(pair[0])?, pair[1])))
            .collect()
    }

    fn lists(&self, flat: &[u32]) -> Result<HashMap<NodeId, Vec<NodeId>>, &'static str> {
        let mut lists = HashMap::new();
        let mut rest = flat;
        while let [owner, count, tail @ ..] = rest {
            let (items, after) = tail
                .split_at_checked(*count as usize)
                .ok_or("a list of nodes is cut short")?;
            let items = items.iter().map(|item| self.node(*item));
            lists.insert(self.node(*owner)?, items.collect::<Result<_, _>>()?);
            rest = after;
        }
        Ok(lists)
    }
}
