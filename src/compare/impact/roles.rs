//! Roles by what their loss would mean.

use crate::aria::role::{Category, Role};

/// What a role is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Operated: a widget of <https://www.w3.org/TR/wai-aria-1.2/#widget_roles>
    Control,
    /// <https://www.w3.org/TR/wai-aria-1.2/#landmark_roles>
    Landmark,
    /// <https://www.w3.org/TR/wai-aria-1.2/#live_region_roles>
    Live,
    Heading,
    /// `columnheader`, `rowheader`
    HeaderCell,
    Image,
    /// Lists, tables, groups and what they are made of: announced, and ways to move about.
    Structure,
    /// Marks in running text, and what says nothing at all.
    Plain,
}

pub(super) fn use_of(role: Role) -> Use {
    match role {
        Role::Heading => Use::Heading,
        Role::ColumnHeader | Role::RowHeader => Use::HeaderCell,
        Role::Img => Use::Image,
        Role::ComboBox | Role::ListBox => Use::Control,
        Role::GridCell | Role::ProgressBar | Role::Separator | Role::TabPanel => Use::Structure,
        Role::Code
        | Role::Deletion
        | Role::Emphasis
        | Role::Generic
        | Role::Insertion
        | Role::Mark
        | Role::None
        | Role::Paragraph
        | Role::Presentation
        | Role::Strong
        | Role::Subscript
        | Role::Superscript
        | Role::Time => Use::Plain,
        _ => match role.category() {
            Category::Landmark => Use::Landmark,
            Category::Widget => Use::Control,
            Category::Live => Use::Live,
            Category::Composite | Category::Structure | Category::Window => Use::Structure,
        },
    }
}

/// Fields that are labelled by text beside them.
pub(super) fn is_field(role: Role) -> bool {
    matches!(
        role,
        Role::Checkbox
            | Role::ComboBox
            | Role::ListBox
            | Role::Radio
            | Role::SearchBox
            | Role::Slider
            | Role::SpinButton
            | Role::Switch
            | Role::TextBox
    )
}

/// Whose names are their content, so that a lost name is lost content.
pub(super) fn is_named_by_content(role: Role) -> bool {
    matches!(
        role,
        Role::Cell
            | Role::GridCell
            | Role::Row
            | Role::RowHeader
            | Role::ColumnHeader
            | Role::Tooltip
            | Role::ListItem
    )
}
