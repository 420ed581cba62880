//! The roles of WAI-ARIA 1.2 that a snapshot can name.

use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($variant:ident $text:literal),* $(,)?) => {
        /// A role: <https://www.w3.org/TR/wai-aria-1.2/#role_definitions>, the abstract ones left out.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Role {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Role {
            /// Every role, in alphabetical order.
            pub const ALL: &'static [Role] = &[$(Role::$variant),*];

            /// The role as it is written in a snapshot.
            pub fn as_str(self) -> &'static str {
                match self { $(Role::$variant => $text,)* }
            }

            /// The role of a snapshot's key; `iframe` included, which no `role` attribute can give.
            pub fn from_snapshot(text: &str) -> Option<Role> {
                match text { $($text => Some(Role::$variant),)* _ => None }
            }
        }
    };
}

roles! {
    Alert "alert",
    AlertDialog "alertdialog",
    Application "application",
    Article "article",
    Banner "banner",
    Blockquote "blockquote",
    Button "button",
    Caption "caption",
    Cell "cell",
    Checkbox "checkbox",
    Code "code",
    ColumnHeader "columnheader",
    ComboBox "combobox",
    Complementary "complementary",
    ContentInfo "contentinfo",
    Definition "definition",
    Deletion "deletion",
    Dialog "dialog",
    Directory "directory",
    Document "document",
    Emphasis "emphasis",
    Feed "feed",
    Figure "figure",
    Form "form",
    Generic "generic",
    Grid "grid",
    GridCell "gridcell",
    Group "group",
    Heading "heading",
    Iframe "iframe",
    Img "img",
    Insertion "insertion",
    Link "link",
    List "list",
    ListBox "listbox",
    ListItem "listitem",
    Log "log",
    Main "main",
    Mark "mark",
    Marquee "marquee",
    Math "math",
    Menu "menu",
    MenuBar "menubar",
    MenuItem "menuitem",
    MenuItemCheckbox "menuitemcheckbox",
    MenuItemRadio "menuitemradio",
    Meter "meter",
    Navigation "navigation",
    None "none",
    Note "note",
    Option "option",
    Paragraph "paragraph",
    Presentation "presentation",
    ProgressBar "progressbar",
    Radio "radio",
    RadioGroup "radiogroup",
    Region "region",
    Row "row",
    RowGroup "rowgroup",
    RowHeader "rowheader",
    ScrollBar "scrollbar",
    Search "search",
    SearchBox "searchbox",
    Separator "separator",
    Slider "slider",
    SpinButton "spinbutton",
    Status "status",
    Strong "strong",
    Subscript "subscript",
    Superscript "superscript",
    Switch "switch",
    Tab "tab",
    Table "table",
    TabList "tablist",
    TabPanel "tabpanel",
    Term "term",
    TextBox "textbox",
    Time "time",
    Timer "timer",
    Toolbar "toolbar",
    Tooltip "tooltip",
    Tree "tree",
    TreeGrid "treegrid",
    TreeItem "treeitem",
}

impl Role {
    /// The role that a token of a `role` attribute names.
    ///
    /// `iframe` is no ARIA role: it stands for frame elements only.
    pub fn from_attribute_token(token: &str) -> Option<Role> {
        Role::from_snapshot(token).filter(|role| *role != Role::Iframe)
    }

    /// Whether the role takes its element out of the tree.
    /// <https://www.w3.org/TR/wai-aria-1.2/#presentation>
    pub fn is_presentational(self) -> bool {
        matches!(self, Role::None | Role::Presentation)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
