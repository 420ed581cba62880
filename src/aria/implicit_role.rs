//! The roles of elements without a `role` attribute: <https://www.w3.org/TR/html-aam-1.0/#html-element-role-mappings>

use super::Role;
use super::computed_role::{explicit_role, has_global_attribute};
use super::focus::has_tab_index;
use crate::dom::{Attribute, Document, ElementFlags, NodeId, Tag, ecmascript};

pub(super) fn implicit_role(document: &Document, element: NodeId) -> Option<Role> {
    let has = |attribute| document.has_attribute(element, attribute);
    let is_labelled = || has(Attribute::AriaLabel) || has(Attribute::AriaLabelledby);
    match document.tag(element) {
        Tag::A | Tag::Area => has(Attribute::Href).then_some(Role::Link),
        Tag::Article => Some(Role::Article),
        Tag::Aside => Some(Role::Complementary),
        Tag::BlockQuote => Some(Role::Blockquote),
        Tag::Button => Some(Role::Button),
        Tag::Caption => Some(Role::Caption),
        Tag::Code => Some(Role::Code),
        Tag::DataList => Some(Role::ListBox),
        Tag::Dd => Some(Role::Definition),
        Tag::Del => Some(Role::Deletion),
        Tag::Details | Tag::FieldSet | Tag::OptGroup => Some(Role::Group),
        Tag::Dfn | Tag::Dt => Some(Role::Term),
        Tag::Dialog => Some(Role::Dialog),
        Tag::Em => Some(Role::Emphasis),
        Tag::Figure => Some(Role::Figure),
        Tag::Footer => (!is_in_sectioning(document, element)).then_some(Role::ContentInfo),
        Tag::Form => is_labelled().then_some(Role::Form),
        Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => Some(Role::Heading),
        Tag::Header => (!is_in_sectioning(document, element)).then_some(Role::Banner),
        Tag::Hr => Some(Role::Separator),
        Tag::Html => Some(Role::Document),
        Tag::Img => Some(image_role(document, element)),
        Tag::Input => input_role(document, element),
        Tag::Ins => Some(Role::Insertion),
        Tag::Li => Some(Role::ListItem),
        Tag::Main => Some(Role::Main),
        Tag::Mark => Some(Role::Mark),
        Tag::Math => Some(Role::Math),
        Tag::Menu | Tag::Ol | Tag::Ul => Some(Role::List),
        Tag::Meter => Some(Role::Meter),
        Tag::Nav => Some(Role::Navigation),
        Tag::Option => Some(Role::Option),
        Tag::Output => Some(Role::Status),
        Tag::P => Some(Role::Paragraph),
        Tag::Progress => Some(Role::ProgressBar),
        Tag::Search => Some(Role::Search),
        Tag::Section => is_labelled().then_some(Role::Region),
        Tag::Select if is_list_box(document, element) => Some(Role::ListBox),
        Tag::Select => Some(Role::ComboBox),
        Tag::Strong => Some(Role::Strong),
        Tag::Sub => Some(Role::Subscript),
        Tag::Sup => Some(Role::Superscript),
        // SVG-AAM says graphics-document; browsers and Playwright say img.
        Tag::Svg => Some(Role::Img),
        Tag::Table => Some(Role::Table),
        Tag::TBody | Tag::TFoot | Tag::THead => Some(Role::RowGroup),
        Tag::Td => Some(data_cell_role(document, element)),
        Tag::TextArea => Some(Role::TextBox),
        Tag::Th => header_cell_role(document, element),
        Tag::Time => Some(Role::Time),
        Tag::Tr => Some(Role::Row),
        _ => None,
    }
}

/// Whether a header or footer belongs to a section and not to the page:
/// <https://www.w3.org/TR/html-aam-1.0/#el-footer>. As in Playwright, the element itself counts too.
fn is_in_sectioning(document: &Document, element: NodeId) -> bool {
    document.inclusive_ancestors(element).any(|ancestor| {
        match document.attribute(ancestor, Attribute::Role) {
            Some(role) => matches!(
                role,
                "article" | "complementary" | "main" | "navigation" | "region"
            ),
            None => matches!(
                document.tag(ancestor),
                Tag::Article | Tag::Aside | Tag::Main | Tag::Nav | Tag::Section
            ),
        }
    })
}

/// <https://www.w3.org/TR/html-aam-1.0/#el-img-empty-alt>
fn image_role(document: &Document, element: NodeId) -> Role {
    let is_decorative = document.attribute(element, Attribute::Alt) == Some("")
        && document
            .attribute(element, Attribute::Title)
            .is_none_or(str::is_empty)
        && !has_global_attribute(document, element, None)
        && !has_tab_index(document, element);
    if is_decorative {
        Role::Presentation
    } else {
        Role::Img
    }
}

/// <https://www.w3.org/TR/html-aam-1.0/#el-input-text>
fn input_role(document: &Document, element: NodeId) -> Option<Role> {
    let kind = document.input_type(element);
    match kind {
        "email" | "search" | "tel" | "text" | "url" | "" => {
            let list = document
                .id_references(element, Attribute::List)
                .first()
                .copied();
            let suggests = list.is_some_and(|list| document.tag(list) == Tag::DataList);
            Some(match kind {
                _ if suggests => Role::ComboBox,
                "search" => Role::SearchBox,
                _ => Role::TextBox,
            })
        }
        "hidden" => None,
        "button" | "file" | "image" | "reset" | "submit" => Some(Role::Button),
        "checkbox" => Some(Role::Checkbox),
        "number" => Some(Role::SpinButton),
        "radio" => Some(Role::Radio),
        "range" => Some(Role::Slider),
        _ => Some(Role::TextBox),
    }
}

/// <https://www.w3.org/TR/html-aam-1.0/#el-select-listbox>
fn is_list_box(document: &Document, element: NodeId) -> bool {
    document.flags(element).has(ElementFlags::MULTIPLE) || document.select_size(element) > 1
}

fn closest_table(document: &Document, element: NodeId) -> Option<NodeId> {
    document
        .inclusive_ancestors(element)
        .find(|ancestor| document.tag(*ancestor) == Tag::Table)
}

/// <https://www.w3.org/TR/html-aam-1.0/#el-td-gridcell>
fn data_cell_role(document: &Document, element: NodeId) -> Role {
    let table = closest_table(document, element);
    match table.and_then(|table| explicit_role(document, table)) {
        Some(Role::Grid | Role::TreeGrid) => Role::GridCell,
        _ => Role::Cell,
    }
}

/// <https://www.w3.org/TR/html-aam-1.0/#el-th>
fn header_cell_role(document: &Document, element: NodeId) -> Option<Role> {
    match document.attribute(element, Attribute::Scope) {
        Some("col" | "colgroup") => return Some(Role::ColumnHeader),
        Some("row" | "rowgroup") => return Some(Role::RowHeader),
        _ => {}
    }
    let (previous, next) = element_siblings(document, element);
    if previous.is_none() && next.is_none() {
        let row = document
            .parent_element(element)
            .filter(|parent| document.tag(*parent) == Tag::Tr);
        let table = row.and_then(|row| closest_table(document, row));
        let is_only_cell = table.is_some_and(|table| has_at_most_one_row(document, table));
        return (!is_only_cell).then_some(Role::ColumnHeader);
    }
    let is_header = |cell: Option<NodeId>| cell.is_some_and(|cell| document.tag(cell) == Tag::Th);
    if is_header(previous) && is_header(next) {
        return Some(Role::ColumnHeader);
    }
    let is_data =
        |cell: Option<NodeId>| cell.is_some_and(|cell| is_filled_data_cell(document, cell));
    if is_data(previous) || is_data(next) {
        return Some(Role::RowHeader);
    }
    Some(Role::ColumnHeader)
}

fn element_siblings(document: &Document, element: NodeId) -> (Option<NodeId>, Option<NodeId>) {
    let mut previous = None;
    let mut siblings = document.child_elements(document.parent(element));
    for sibling in siblings.by_ref() {
        if sibling == element {
            break;
        }
        previous = Some(sibling);
    }
    (previous, siblings.next())
}

/// Counts as `table.rows` does: <https://html.spec.whatwg.org/multipage/tables.html#dom-table-rows>
fn has_at_most_one_row(document: &Document, table: NodeId) -> bool {
    let is_row = |node: &NodeId| document.tag(*node) == Tag::Tr;
    document
        .child_elements(table)
        .flat_map(|child| {
            let is_group = matches!(document.tag(child), Tag::THead | Tag::TBody | Tag::TFoot);
            let own = Some(child).filter(is_row);
            let grouped = is_group.then(|| document.child_elements(child).filter(is_row));
            own.into_iter().chain(grouped.into_iter().flatten())
        })
        .nth(1)
        .is_none()
}

fn is_filled_data_cell(document: &Document, cell: NodeId) -> bool {
    document.tag(cell) == Tag::Td
        && (document.child_elements(cell).next().is_some()
            || !ecmascript::trim(&document.text_content(cell)).is_empty())
}
