//! Roles by what their loss would mean.

use crate::aria::Role;

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
        Role::Button
        | Role::Checkbox
        | Role::ComboBox
        | Role::Link
        | Role::ListBox
        | Role::MenuItem
        | Role::MenuItemCheckbox
        | Role::MenuItemRadio
        | Role::Option
        | Role::Radio
        | Role::ScrollBar
        | Role::SearchBox
        | Role::Slider
        | Role::SpinButton
        | Role::Switch
        | Role::Tab
        | Role::TextBox
        | Role::TreeItem => Use::Control,
        Role::Banner
        | Role::Complementary
        | Role::ContentInfo
        | Role::Form
        | Role::Main
        | Role::Navigation
        | Role::Region
        | Role::Search => Use::Landmark,
        Role::Alert | Role::Log | Role::Marquee | Role::Status | Role::Timer => Use::Live,
        Role::Heading => Use::Heading,
        Role::ColumnHeader | Role::RowHeader => Use::HeaderCell,
        Role::Img => Use::Image,
        Role::AlertDialog
        | Role::Application
        | Role::Article
        | Role::Blockquote
        | Role::Caption
        | Role::Cell
        | Role::Definition
        | Role::Dialog
        | Role::Directory
        | Role::Document
        | Role::Feed
        | Role::Figure
        | Role::Grid
        | Role::GridCell
        | Role::Group
        | Role::Iframe
        | Role::List
        | Role::ListItem
        | Role::Math
        | Role::Menu
        | Role::MenuBar
        | Role::Meter
        | Role::Note
        | Role::ProgressBar
        | Role::RadioGroup
        | Role::Row
        | Role::RowGroup
        | Role::Separator
        | Role::Table
        | Role::TabList
        | Role::TabPanel
        | Role::Term
        | Role::Toolbar
        | Role::Tooltip
        | Role::Tree
        | Role::TreeGrid => Use::Structure,
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
